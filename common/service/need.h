// What the rules of several services ask alike. Each of these accepts, or rejects with the code
// that it is given; `what` names the thing for people.
#pragma once

#include "service/service.h"

// Returns a rejection to the caller of this function, or goes on.
#define LQ_TRY(verdict)                                                                            \
    do {                                                                                           \
        const struct lq_verdict verdict_ = (verdict);                                              \
        if (verdict_.code != 0)                                                                    \
            return verdict_;                                                                       \
    } while (0)

// Is the act for whose it is to do: has he one of the roles `who` as of then, and if another does
// it for him, that one a role of `behalf`?
bool lq_is_theirs(struct lq_decision *d, uint32_t who, uint32_t behalf);

// "commander, desk or lead"; "" for none; in the arena.
const char *lq_roles_text(struct lq_arena *arena, uint32_t roles);

// The same as a part of a list: "commander, desk, lead".
const char *lq_roles_listed(struct lq_arena *arena, uint32_t roles);

// A text that becomes part of a key: given, and at most LQ_PB_IDENTIFIER_BYTES long.
struct lq_verdict lq_need_key(struct lq_decision *d, int code, const char *what, const char *text);

// Those fields of the command are set ("meeting subject due_day"): texts are not empty, numbers not
// 0. All that are missing are named at once.
struct lq_verdict lq_need_fields(struct lq_decision *d, int code, const void *command,
                                 const char *fields);

// The table has a row of that number, or does not have it yet ("": the service will give one).
// For people it is called as the type of its rows.
struct lq_verdict lq_need_row(struct lq_decision *d, int code, const struct lq_table *table,
                              const char *number);
struct lq_verdict lq_need_new(struct lq_decision *d, int code, const struct lq_table *table,
                              const char *number);

// The premises of that number are in the ledger: `known` is what this service keeps of them, NULL
// where that is nothing.
struct lq_verdict lq_need_premises(struct lq_decision *d, int code, const char *number,
                                   const void *known);

// A quantity is no more than the county holds plausible: `most`, of that name below `limits` in
// policy.yaml. Rejects as QUANTITY_IMPLAUSIBLE, as the next do.
struct lq_verdict lq_need_plausible(struct lq_decision *d, const char *what, int64_t quantity,
                                    int64_t most, const char *limit);

// A day is no more days ahead of the act than that, and not before limits.earliest_day.
struct lq_verdict lq_need_plausible_day(struct lq_decision *d, const char *what, int32_t day,
                                        int64_t most, const char *limit);

// A place, in degrees × 10^7, is not one that lies in the county once its two numbers are swapped.
struct lq_verdict lq_need_not_swapped(struct lq_decision *d, int32_t lat_e7, int32_t lon_e7);

// A place lies in the county; 0, 0: none is given.
struct lq_verdict lq_need_in_county(struct lq_decision *d, int32_t lat_e7, int32_t lon_e7);

// No thing of that number was voided: its number stays used (service/voided.h). Part of
// lq_need_new, for rules that say in their own words what else is recorded.
struct lq_verdict lq_need_unvoided(struct lq_decision *d, int code, const struct lq_table *table,
                                   const char *number);

// The same as lq_need_key, and without spaces.
struct lq_verdict lq_need_identifier(struct lq_decision *d, int code, const char *what,
                                     const char *text);
