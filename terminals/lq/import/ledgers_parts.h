// What the ledgers' files share, topic by topic: how a row's command is made. ledgers.c has the
// table that names them.
#pragma once

#include "lq/import/ledgers.h"
#include "service/tables.h"

// A message in the row's arena with its defaults set.
#define DEFINE_NEW(type, prefix)                                                                   \
    static type *new_##prefix(const struct ledger_row *row)                                        \
    {                                                                                              \
        type *message = LQ_NEW(row->arena, type);                                                  \
        prefix##__init(message);                                                                   \
        return message;                                                                            \
    }

static inline char *text(struct ledger_row *row, int i)
{
    return lq_row(field_text(row, i));
}

static inline char *optional(const struct ledger_row *row, int i)
{
    return lq_row(field_optional(row, i));
}

// Makes the command of a row; see struct ledger.
typedef const ProtobufCMessage *ledger_maker(struct ledger_row *row, struct ledger_act *act);

// ledgers_shift.c
ledger_maker ledger_make_person;
ledger_maker ledger_make_shift;

// ledgers_ledger.c
ledger_maker ledger_make_enterprise;
ledger_maker ledger_make_site;
ledger_maker ledger_make_supervisor;
ledger_maker ledger_make_enterprise_event;

// ledgers_dispatch.c
ledger_maker ledger_make_operation;
ledger_maker ledger_make_progress;
ledger_maker ledger_make_participant;

// ledgers_seizure.c
ledger_maker ledger_make_seizure;
ledger_maker ledger_make_seal_event;
ledger_maker ledger_make_shutdown;

// ledgers_casefile.c
ledger_maker ledger_make_notice;
ledger_maker ledger_make_case;
ledger_maker ledger_make_case_event;
ledger_maker ledger_make_suspect;
ledger_maker ledger_make_suspect_event;

// ledgers_public.c
ledger_maker ledger_make_tip;
ledger_maker ledger_make_volunteer;
ledger_maker ledger_make_meeting;
ledger_maker ledger_make_interview;
