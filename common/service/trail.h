// Who entered a row, and which records have changed it since. The tables see to both by themselves
// as `apply` saves (service/tables.c), for every table whose rows have the member `entered`; a
// service does nothing for it (docs/decisions/0026).
//
// A row that is saved without `entered` is new: it gets the actor and the record of the event that
// is applied, and keeps them. A row that has it is changed: the record is marked in the trail, as
// it is where a row is erased. What only follows another's stream has none of this: its own records
// are copies. (A whole that is saved anew without it says who did that; a part of it has told
// before. A command that is a row as it was read may bring it along: no event has it.)
#pragma once

#include "rules.pb-c.h"
#include "service/tables.h"

struct lq_occurrence;
struct lq_service;

// The number of the member `entered`, in every row that has it: its last.
enum { LQ_ENTERED = 60 };

// Every service has it that has things. The key: name of the table and first part of the key of the
// row that something belongs to; for a part of it, name of the part's table and the rest of its key
// (and again all of it, where a field says what it is part of); the record's number.
extern const struct lq_table lq_trail;

static inline bool lq_tells_entered(const ProtobufCMessageDescriptor *type)
{
    return type->n_fields > 0 && type->fields[type->n_fields - 1].id == LQ_ENTERED;
}

// What the row says of it; NULL: nothing, or its type has no such member.
const Rules__Entered *lq_entered_of(const void *row);

// The same without it, in what it holds, too: events do not have it. In the arena, or the message.
const void *lq_without_entered(struct lq_arena *arena, const void *message);

// For the tables: before these bytes of a row are put there. Gives the bytes to put: with who
// entered it where `row` (the row, or the event that it is kept of) does not say it.
struct lq_span lq_trail_save(struct lq_view *tables, const struct lq_table *table,
                             const struct lq_key *key, const ProtobufCMessage *row,
                             struct lq_span bytes);
void lq_trail_erase(struct lq_view *tables, const struct lq_table *table, const struct lq_key *key);

// Marks the record that is applied with a row that it is about and does not change.
void lq_trail_mark(struct lq_view *tables, const struct lq_table *table, const struct lq_key *key);

// What there is at which premises: the rows of the tables that the service says are of premises.
// Not what is voided is taken out, but what was moved to others by a correction. The key: the
// premises, the table's name, the row's key.
extern const struct lq_table lq_premises_things;

// For a correction: the row is of other premises now, perhaps.
void lq_trail_moved(struct lq_view *tables, const struct lq_table *table, const struct lq_key *key,
                    const void *before, const void *after);

// The beginning of the marks of a row of that table, and of all that is part of it.
struct lq_key lq_trail_key(const struct lq_service *service, const struct lq_table *table,
                           const struct lq_key *key);
