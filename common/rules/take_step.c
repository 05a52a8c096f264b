#include "rules/take_step.h"

#include <string.h>

#include "pb/build.h"
#include "pb/reflect.h"
#include "rules/papers.h"
#include "rules/step_terms.h"
#include "service/need.h"
#include "service/rows.h"
#include "service/trail.h"

// ---------------------------------------------------------------- which thing, in which state

static struct lq_verdict find_thing(struct lq_decision *d, const Rules__TakeStep *c,
                                    struct lq_taking *taking)
{
    taking->thing = lq_thing_named(d->service, c->kind);
    if (taking->thing == NULL || taking->thing->steps == NULL)
        return lq_reject(d, LQ_COMMON(THING_UNKNOWN), "%s records no %s that takes steps",
                         d->service->name, c->kind);
    taking->number = c->number;
    return lq_need_thing(d, taking->thing, c->number, &taking->row);
}

static const ProtobufCFieldDescriptor *state_field(const struct lq_thing *thing)
{
    const char *name = thing->steps->field != NULL ? thing->steps->field : "state";
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(lq_thing_type(thing), name);
    LQ_ASSERT(field != NULL && field->type == PROTOBUF_C_TYPE_ENUM);
    return field;
}

int lq_thing_state(const struct lq_thing *thing, const void *row)
{
    const ProtobufCFieldDescriptor *field = state_field(thing);
    return (int)lq_pb_integer_at(field->type, lq_pb_value(row, field, 0));
}

// ---------------------------------------------------------------- is there such a step, and whose

static bool fits(const struct lq_step *step, int state, const void *row)
{
    return step->from == state && step->command == LQ_BODY_TAKE_STEP && !step->past &&
           (step->when == NULL || step->when(row));
}

// As it is told: by its verb, or by the command of its own ("file_case").
static const char *step_said(struct lq_decision *d, const struct lq_step *step)
{
    return step->command == LQ_BODY_TAKE_STEP
               ? lq_word_of(d->arena, &rules__verb__descriptor, step->verb)
               : protobuf_c_message_descriptor_get_field(d->service->command_type, step->command)
                     ->name;
}

const char *lq_steps_possible(struct lq_decision *d, const struct lq_steps *steps, int state,
                              const void *row)
{
    const char *text = "";
    for (unsigned i = 0; i < steps->count; i++) {
        const struct lq_step *step = &steps->steps[i];
        const uint32_t who =
            step->who != 0 ? step->who : lq_command_row(d->service, step->command)->who;
        if (step->from == state && !step->past && (step->when == NULL || step->when(row)) &&
            (who & LQ_ANY_PERSON) != 0)
            text = lq_arena_format(d->arena, "%s%s%s (%s)", text, *text == '\0' ? "" : ", ",
                                   step_said(d, step), lq_roles_listed(d->arena, who));
    }
    return text;
}

static struct lq_verdict reject_impossible(struct lq_decision *d, const Rules__TakeStep *c,
                                           const struct lq_taking *taking, int state)
{
    const struct lq_steps *steps = taking->thing->steps;
    const char *verb = lq_word_of(d->arena, &rules__verb__descriptor, (int)c->verb);
    const char *is = lq_state_said(d->arena, steps, state);
    const char *possible = lq_steps_possible(d, steps, state, taking->row);
    if (*possible == '\0')
        return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                         "%-s is not possible: %-s %s is %-s, and no step leads on", verb, c->kind,
                         c->number, is);
    return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                     "%-s is not possible: %-s %s is %-s; possible now: %-s", verb, c->kind,
                     c->number, is, possible);
}

static struct lq_verdict find_step(struct lq_decision *d, const Rules__TakeStep *c,
                                   struct lq_taking *taking)
{
    const struct lq_steps *steps = taking->thing->steps;
    const int state = lq_thing_state(taking->thing, taking->row);
    if (c->verb == RULES__VERB__VERB_UNSPECIFIED)
        return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE), "which step does %-s %s take?", c->kind,
                         c->number);
    for (unsigned i = 0; i < steps->count; i++)
        if (fits(&steps->steps[i], state, taking->row) && steps->steps[i].verb == (int)c->verb) {
            taking->step = &steps->steps[i];
            return LQ_ACCEPT;
        }
    return reject_impossible(d, c, taking, state);
}

static struct lq_verdict need_theirs(struct lq_decision *d, const Rules__TakeStep *c,
                                     const struct lq_step *step)
{
    if (lq_is_theirs(d, step->who, step->behalf))
        return LQ_ACCEPT;
    const char *verb = lq_word_of(d->arena, &rules__verb__descriptor, step->verb);
    const char *who = lq_roles_text(d->arena, step->who);
    if (step->behalf == 0)
        return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                         "%-s of %-s %s is not for %s to take, but for: %-s", verb, c->kind,
                         c->number, d->facts->principal, who);
    return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                     "%-s of %-s %s is not for %s to take, but for: %-s; on behalf of one of "
                     "these, with a reason: %-s",
                     verb, c->kind, c->number, d->facts->principal, who,
                     lq_roles_text(d->arena, step->behalf));
}

// ---------------------------------------------------------------- when, and what it says

static struct lq_key key_of(const char *kind, const char *number)
{
    return lq_key_then_text(lq_key_text(kind), number);
}

const Rules__Step *lq_step_latest(struct lq_view *view, const char *kind, const char *number,
                                  int verb)
{
    struct lq_scan s = lq_scan_backwards(view, &lq_steps_taken, key_of(kind, number));
    while (lq_scan_next(&s)) {
        const Rules__Step *step = s.row;
        if (verb == 0 || (int)step->verb == verb)
            return step;
    }
    return NULL;
}

unsigned lq_step_count(struct lq_view *view, const char *kind, const char *number, int verb)
{
    unsigned count = 0;
    struct lq_scan s = lq_scan(view, &lq_steps_taken, key_of(kind, number));
    while (lq_scan_next(&s))
        count += (int)((const Rules__Step *)s.row)->verb == verb;
    return count;
}

Rules__Step **lq_steps_of(struct lq_reading *r, const char *kind, const char *number, size_t *count)
{
    struct lq_rows rows = lq_rows(r->arena, 0);
    for (struct lq_scan s = lq_scan(r->view, &lq_steps_taken, key_of(kind, number));
         lq_scan_next(&s);)
        if (!lq_rows_add(&rows, s.row))
            break;
    *count = rows.count;
    return (Rules__Step **)(void *)rows.rows;
}

static bool moved(const Rules__Step *step)
{
    return strcmp(step->from, step->to) != 0;
}

int64_t lq_step_since_ms(struct lq_view *view, const struct lq_thing *thing, const char *number,
                         const void *row)
{
    int64_t since_ms = INT64_MIN;
    struct lq_scan s = lq_scan_backwards(view, &lq_steps_taken, key_of(thing->kind, number));
    while (since_ms == INT64_MIN && lq_scan_next(&s))
        if (moved(s.row))
            since_ms = ((const Rules__Step *)s.row)->at_ms;
    const char *fields = thing->since, *name;
    while ((name = lq_step_word_next(lq_view_arena(view), &fields)) != NULL) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(lq_thing_type(thing), name);
        LQ_ASSERT(field != NULL);
        const int64_t at_ms = lq_pb_integer_at(field->type, lq_pb_value(row, field, 0));
        if (at_ms > since_ms)
            since_ms = at_ms;
    }
    return since_ms;
}

static struct lq_verdict need_in_order(struct lq_decision *d, const struct lq_taking *taking)
{
    int64_t since_ms = lq_step_since_ms(d->view, taking->thing, taking->number, taking->row);
    const Rules__Step *same =
        lq_step_latest(d->view, taking->thing->kind, taking->number, taking->step->verb);
    if (same != NULL && same->at_ms > since_ms)
        since_ms = same->at_ms;
    char now[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    if (d->facts->occurred_ms >= since_ms)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                     "this is dated %s, but what it rests on happened to %-s %s only at %s",
                     lq_format_local(d->facts->occurred_ms, now), taking->thing->kind,
                     taking->number, lq_format_local(since_ms, then));
}

struct lq_verdict lq_need_officers(struct lq_decision *d, const Rules__Act *act, const char *law)
{
    char at[LQ_TIME_TEXT];
    if (act->n_officers < 2 || strcmp(act->officers[0], act->officers[1]) == 0)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "two different officers must act, and be named (%-s)", law);
    for (size_t i = 0; i < act->n_officers; i++)
        if (d->service->roles_of != NULL &&
            (act->officers[i][0] == '\0' ||
             d->service->roles_of(d->view, act->officers[i], d->facts->occurred_ms) == 0))
            return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                             "officer %s is not on the roster of %s", act->officers[i],
                             lq_format_local(d->facts->occurred_ms, at));
    return LQ_ACCEPT;
}

static void emit(struct lq_decision *d, const struct lq_taking *taking)
{
    const struct lq_thing *thing = taking->thing;
    const int from = lq_thing_state(thing, taking->row);
    const int to = taking->step->to == LQ_STEP_STAYS ? from : taking->step->to;
    Rules__StepTaken taken = RULES__STEP_TAKEN__INIT;
    taken.kind = lq_unconst(thing->kind);
    taken.number = lq_unconst(taking->number);
    taken.verb = (Rules__Verb)taking->step->verb;
    taken.from = lq_unconst(protobuf_c_enum_descriptor_get_value(thing->steps->states, from)->name);
    taken.to = lq_unconst(protobuf_c_enum_descriptor_get_value(thing->steps->states, to)->name);
    taken.act = taking->act;
    lq_emit(d, LQ_BODY_TAKE_STEP, &taken.base);
    lq_number(d, taking->number);
}

static struct lq_verdict take(struct lq_decision *d, const Rules__TakeStep *c, bool by_paper)
{
    struct lq_taking taking = {.owner = d->facts->principal};
    taking.act = LQ_NEW(d->arena, Rules__Act);
    rules__act__init(taking.act);
    if (c->act != NULL)
        *taking.act = *c->act;
    LQ_TRY(find_thing(d, c, &taking));
    LQ_TRY(find_step(d, c, &taking));
    LQ_TRY(need_theirs(d, c, taking.step));
    LQ_TRY(need_in_order(d, &taking));
    if (taking.step->needs != NULL)
        LQ_TRY(lq_need_fields(d, LQ_COMMON(CONDITION_MISSING), taking.act, taking.step->needs));
    LQ_TRY(lq_step_need_choice(d, &taking));
    taking.act->paper_elsewhere = false;
    if (!by_paper) // else it is being served
        LQ_TRY(lq_need_paper_of_step(d, &taking));
    if (taking.step->rule != NULL)
        LQ_TRY(taking.step->rule(d, &taking));
    lq_step_move_clocks(d, &taking);
    emit(d, &taking);
    return LQ_ACCEPT;
}

struct lq_verdict lq_take_step(struct lq_decision *d, const void *command)
{
    return take(d, command, false);
}

struct lq_verdict lq_take_step_by_paper(struct lq_decision *d, const Rules__TakeStep *step)
{
    return take(d, step, true);
}

// ---------------------------------------------------------------- in `apply`

static const Rules__Step *keep_step(struct lq_view *tables, const struct lq_occurrence *what,
                                    const Rules__StepTaken *taken)
{
    struct lq_scan s =
        lq_scan_backwards(tables, &lq_steps_taken, key_of(taken->kind, taken->number));
    s.keys_only = true;
    uint64_t place = 1;
    if (lq_scan_next(&s)) {
        struct lq_key_reader last = {.key = &s.key, .at = s.key.size - 8u};
        place = lq_key_read_number(&last) + 1;
    }
    Rules__Step *row = LQ_NEW(lq_view_arena(tables), Rules__Step);
    rules__step__init(row);
    row->kind = taken->kind;
    row->number = taken->number;
    row->verb = taken->verb;
    row->from = taken->from;
    row->to = taken->to;
    row->act = taken->act;
    row->at_ms = what->occurred_ms;
    row->by = lq_unconst(what->on_behalf_of[0] != '\0' ? what->on_behalf_of : what->actor);
    lq_save(tables, &lq_steps_taken, lq_key_then_number(key_of(taken->kind, taken->number), place),
            &row->base);
    return row;
}

// The trail of the thing has the record whether its row changes or not: saved, it is marked.
void lq_step_taken(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__StepTaken *taken = event;
    const struct lq_thing *thing = lq_thing_named(what->service, taken->kind);
    LQ_ASSERT(thing != NULL && thing->steps != NULL);
    const void *before = lq_thing_find(tables, thing, taken->number);
    LQ_ASSERT(before != NULL && taken->act != NULL);
    const ProtobufCEnumValue *to =
        protobuf_c_enum_descriptor_get_value_by_name(thing->steps->states, taken->to);
    LQ_ASSERT(to != NULL);

    const ProtobufCMessageDescriptor *type = lq_thing_type(thing);
    ProtobufCMessage *after = lq_pb_new(lq_view_arena(tables), type);
    memcpy(after, before, type->sizeof_message);
    lq_pb_set_integer(after, state_field(thing), to->value);
    const Rules__Step *step = keep_step(tables, what, taken);
    if (thing->stepped != NULL)
        thing->stepped(tables, step, after);
    lq_thing_save(tables, thing, taken->number, before, after);
}

// Nothing changes; the thing that it is about tells of it.
void lq_called(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__Called *called = event;
    const struct lq_thing *thing = lq_thing_named(what->service, called->kind);
    struct lq_key key;
    if (thing != NULL && lq_thing_key(lq_view_arena(tables), thing, called->number, &key))
        lq_trail_mark(tables, thing->table, &key);
}

// ---------------------------------------------------------------- what always holds

static const struct lq_step *row_of(const struct lq_steps *steps, const Rules__Step *taken)
{
    const ProtobufCEnumValue *from =
        protobuf_c_enum_descriptor_get_value_by_name(steps->states, taken->from);
    const ProtobufCEnumValue *to =
        protobuf_c_enum_descriptor_get_value_by_name(steps->states, taken->to);
    for (unsigned i = 0; from != NULL && to != NULL && i < steps->count; i++) {
        const struct lq_step *step = &steps->steps[i];
        const int leads_to = step->to == LQ_STEP_STAYS ? step->from : step->to;
        if (step->verb == (int)taken->verb && step->from == from->value && leads_to == to->value)
            return step;
    }
    return NULL;
}

void lq_steps_check(const struct lq_service *service, struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &lq_steps_taken, lq_key_none()); lq_scan_next(&s);) {
        const Rules__Step *taken = s.row;
        const struct lq_thing *thing = lq_thing_named(service, taken->kind);
        LQ_ASSERT(thing != NULL && thing->steps != NULL && row_of(thing->steps, taken) != NULL);
    }
}
