// Commands that the service gives itself: when a term ends, and when another service tells of a
// person, an order or a premises.
#include "seizure.h"

void seizure_due(struct lq_follow_up *f, int64_t due_ms, const char *timer)
{
    const size_t stem = strlen(SEIZURE_TIMER);
    LQ_ASSERT(strncmp(timer, SEIZURE_TIMER, stem) == 0);
    Seizure__ItemNumber item = SEIZURE__ITEM_NUMBER__INIT;
    item.number = lq_arena_text(f->arena, timer + stem);
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = SEIZURE__COMMAND__BODY_LAPSE_SEAL;
    command.lapse_seal = &item;
    lq_command_self(f, due_ms, &command.base);
}

static void on_shift(struct lq_follow_up *f, const struct lq_occurrence *what,
                     const Shift__Event *event)
{
    const Shift__Person *person = lq_roster_of(event);
    if (person == NULL)
        return;
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = SEIZURE__COMMAND__BODY_NOTE_PERSON;
    command.note_person = lq_row(person);
    lq_command_self(f, what->occurred_ms, &command.base);
}

static void on_dispatch(struct lq_follow_up *f, const struct lq_occurrence *what,
                        const Dispatch__Event *event)
{
    const Dispatch__OrderNote *order = lq_order_of(f->arena, event);
    if (order == NULL)
        return;
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = SEIZURE__COMMAND__BODY_NOTE_ORDER;
    command.note_order = lq_row(order);
    lq_command_self(f, what->occurred_ms, &command.base);
}

static void on_ledger(struct lq_follow_up *f, const struct lq_occurrence *what,
                      const Ledger__Event *event)
{
    const Ledger__PremisesNote *premises = lq_premises_of(f->arena, event);
    if (premises == NULL)
        return;
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = SEIZURE__COMMAND__BODY_NOTE_PREMISES;
    command.note_premises = lq_row(premises);
    lq_command_self(f, what->occurred_ms, &command.base);
}

LQ_REACT(react_to_shift, on_shift, Shift__Event)
LQ_REACT(react_to_dispatch, on_dispatch, Dispatch__Event)
LQ_REACT(react_to_ledger, on_ledger, Ledger__Event)

const struct lq_follow seizure_follows[] = {
    {"shift", &shift__event__descriptor, react_to_shift},
    {"dispatch", &dispatch__event__descriptor, react_to_dispatch},
    {"ledger", &ledger__event__descriptor, react_to_ledger},
    {0},
};
