// ledger: the premises, their supervisors, and how far their rectification has come. The parts of
// the service and how they meet; only this folder includes it. The tour: ledger.c (the contract),
// transitions.c (which step may follow which), decide.c (the rules), state.c (the tables), query.c
// (the answers). What services that follow the ledger keep of it is in follow/.
#pragma once

#include "ledger.pb-c.h"
#include "pb/limits.h"
#include "service/rows.h"
#include "service/service.h"

extern const struct lq_table ledger_table_premises; // number -> Entry
extern const struct lq_table ledger_table_steps;    // number, count from 0 -> StepTaken

// The county's own word for a status, as its files have it: "rectification_started". The text is
// static.
const char *ledger_status_word(Ledger__Status status);

// May an enterprise whose status is `from` be recorded as `to`?
bool ledger_may_follow(Ledger__Status from, Ledger__Status to);

// The words of all that may follow `from`, for a person to read ("inspected", "accepted or
// closed"), or "nothing". In the arena.
const char *ledger_what_may_follow(struct lq_arena *arena, Ledger__Status from);

// Empty, or too long to be a key.
bool ledger_unfit_number(const char *number);

void ledger_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn ledger_register_premises, ledger_assign_supervisor, ledger_record_step;
lq_apply_fn ledger_premises_registered, ledger_supervisor_assigned, ledger_status_changed;
lq_query_fn ledger_list_premises, ledger_show_premises, ledger_count_by_status;
