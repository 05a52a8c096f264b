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

const struct lq_follow seizure_follows[] = {
    {.stream = "shift", .event_type = &shift__event__descriptor, .react = lq_roster_react},
    {.stream = "dispatch", .event_type = &dispatch__event__descriptor, .react = lq_order_react},
    {.stream = "ledger", .event_type = &ledger__event__descriptor, .react = lq_premises_react},
    {0},
};
