// The things that a service records, as far as they can be corrected and voided (更正, 作废). Rows
// of the contract; everything that is done with them is in correct.h.
#pragma once

#include "rules.pb-c.h"
#include "service/service.h"

// What the rules ask of the thing as it would be; it differs from what it is. May set fields of
// `after` that follow from others (the township of other premises): they are recorded, too.
typedef struct lq_verdict lq_correct_check_fn(struct lq_decision *d, const char *number,
                                              const void *before, void *after);

// May the thing be taken out? What rests on it is named in the rejection: LQ_COMMON(STILL_NEEDED).
typedef struct lq_verdict lq_void_check_fn(struct lq_decision *d, const char *number,
                                           const void *thing);

// In `apply`: what else changes with it: indexes, timers, the thing it is part of. `after` is NULL
// where it is voided.
struct lq_thing;
typedef void lq_changed_fn(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                           const void *before, const void *after);

// In `apply`: what a step changes in the row besides its state (`row` is a copy, which is saved
// then), and in other tables.
typedef void lq_stepped_fn(struct lq_view *tables, const Rules__Step *step, void *row);

// At which instants the thing counts, in times; gives how many.
enum { LQ_COUNTED_MOST = 64 };
struct lq_thing;
typedef unsigned lq_counted_fn(struct lq_view *view, const struct lq_thing *thing,
                               const char *number, const void *row, int64_t times[LQ_COUNTED_MOST]);

typedef const ProtobufCMessage *lq_paper_source_fn(struct lq_view *view, const char *number,
                                                   const void *row, int64_t at_ms);

enum { LQ_THING_PARTS = 3 };
struct lq_thing {
    const char *kind; // as it is typed: "notice"

    // The table of its rows, whose key is the number's parts (separated by "/").
    const struct lq_table *table;
    unsigned parts; // 0: one

    // Where the row is not what is corrected, but has it within: its type, how it is found (any
    // number of that many parts that fit into a key may be asked for), and `changed` saves it.
    const ProtobufCMessageDescriptor *type;
    const void *(*find)(struct lq_view *view, const struct lq_thing *thing, const char *number);

    const char *fields; // that can be corrected: "premises due_day finding"; "": none

    // Who may correct and void it in his own name, who for somebody who may: as who records it.
    uint32_t who, behalf;
    uint32_t readers; // who may see it; 0: everybody

    // Fields of its message, and of events that are `of` it, by which people are known: "name".
    // They are told to these roles and to whoever entered the thing, and it is recorded to whom
    // (rules/reading.h). NULL: none.
    const char *personal;
    uint32_t personal_to;

    lq_correct_check_fn *check;   // NULL: nothing is asked
    lq_void_check_fn *check_void; // NULL: nothing is asked
    bool never_void;              // it can be corrected, and not voided
    lq_changed_fn *changed;       // NULL: nothing else changes

    // What belongs to it, beside its row, for papers about it (config/forms.h): a message of that
    // type, as of then; in the view's arena. NULL: the row is all. Not of things with personal
    // fields.
    const ProtobufCMessageDescriptor *paper_type;
    lq_paper_source_fn *paper_source;

    // When it counts, in the figures of which week: the fields that say so ("filed_at_ms
    // solved_at_ms"), or a function; NULL: it does not. Once the week's bulletin is signed, only a
    // commander corrects and voids it (rules/bulletins.h).
    const char *counted;
    lq_counted_fn *counted_at;

    // The steps that it takes by rules.TakeStep (rules/take_step.h); NULL: none.
    const struct lq_steps *steps;
    const char *since; // the fields that say from when on: "opened_at_ms filed_at_ms" (the latest
                       // that is set); NULL: from always
    lq_stepped_fn *stepped; // NULL: its state is all that changes
};

const struct lq_thing *lq_thing_named(const struct lq_service *service, const char *kind);

const ProtobufCMessageDescriptor *lq_thing_type(const struct lq_thing *thing);

// The number's parts as a key; false if one is missing or does not fit.
bool lq_thing_key(struct lq_arena *arena, const struct lq_thing *thing, const char *number,
                  struct lq_key *key);

// NULL: there is none of that number, or it was voided. Any number may be asked for.
const void *lq_thing_find(struct lq_view *view, const struct lq_thing *thing, const char *number);

// Rejects as THING_UNKNOWN or THING_VOID, or sets *row.
struct lq_verdict lq_need_thing(struct lq_decision *d, const struct lq_thing *thing,
                                const char *number, const void **row);

// A part of the number of a thing that there is: part 0 of "O0263/T02" is "O0263". In the arena.
const char *lq_thing_part(struct lq_view *view, const struct lq_thing *thing, const char *number,
                          unsigned part);

// The place in a history that the last part of a number names, counted from 1 ("X0003/2"); 0: it
// names none.
uint64_t lq_thing_place(struct lq_view *view, const struct lq_thing *thing, const char *number);

// Is the field one of those that can be corrected?
bool lq_thing_corrects(const struct lq_thing *thing, const char *field);

// The kinds that the service has, for people: "meeting, interview". In the arena.
const char *lq_thing_kinds(struct lq_arena *arena, const struct lq_service *service);

// In `apply`: the thing as it is from now on; NULL: it is taken out.
void lq_thing_save(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                   const void *before, const void *after);
