// The contract of the service: its messages, who may send them, its tables and its functions; and
// what it takes over from the streams that it follows.
#include "dispatch.h"

enum {
    ISSUERS = LQ_ROLE(DESK) | LQ_ROLE(COMMANDER),
    // A lead reports; when he phones in, the desk enters it in his name, and so does a clerk who
    // enters the paper records.
    LEADS = LQ_ROLE(LEAD),
    FOR_LEADS = LQ_ROLE(DESK) | LQ_ROLE(CLERK),
};

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_ISSUE_ORDER, ISSUERS, LQ_ROLE(CLERK)),
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_REPORT_STEP, LEADS, FOR_LEADS),
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_DECLINE_ORDER, LEADS, FOR_LEADS),
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_CANCEL_ORDER, ISSUERS, LQ_ROLE(CLERK)),
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT, LEADS | FOR_LEADS, LQ_ROLE(CLERK)),
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_NOTE_PERSON, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_NOTE_SHIFT, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(DISPATCH__COMMAND__BODY_NOTE_PREMISES, LQ_ROLE(SERVICE), 0),
    LQ_QUERY_RULE(DISPATCH__QUERY__BODY_LIST, LQ_ANYONE),
    LQ_QUERY_RULE(DISPATCH__QUERY__BODY_SHOW, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &dispatch_table_orders, &dispatch_table_addressed, &dispatch_table_assignments,
    &dispatch_table_open,   &dispatch_table_engaged,   &dispatch_table_participants,
    &dispatch_table_duty,   &lq_roster_people,         &lq_roster_teams,
    &lq_premises_notes,
};

// ---------------------------------------------------------------- following

static void follow_shift(struct lq_follow_up *f, const struct lq_occurrence *what,
                         const Shift__Event *event)
{
    if (event->body_case == SHIFT__EVENT__BODY_SHIFT_PLANNED)
        lq_note_self(f, what->occurred_ms, "note_shift", &event->shift_planned->base);
    else
        lq_roster_react(f, what, event);
}

LQ_REACT(react_to_shift, follow_shift, Shift__Event)

static const struct lq_follow follows[] = {
    {.stream = "shift", .event_type = &shift__event__descriptor, .react = react_to_shift},
    {.stream = "ledger", .event_type = &ledger__event__descriptor, .react = lq_premises_react},
    {0},
};

// ---------------------------------------------------------------- the service

LQ_DECIDE(decide, dispatch_decide, Dispatch__Command)
LQ_APPLY(apply, dispatch_apply, Dispatch__Event)
LQ_QUERY(query, dispatch_query, Dispatch__Query, Dispatch__Answer)

const struct lq_service lq_service_dispatch = {
    .name = "dispatch",
    .command_type = &dispatch__command__descriptor,
    .event_type = &dispatch__event__descriptor,
    .query_type = &dispatch__query__descriptor,
    .answer_type = &dispatch__answer__descriptor,
    .reject_codes = &dispatch__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .follows = follows,
    .decide = decide,
    .apply = apply,
    .query = query,
    .roles_of = lq_roster_roles,
    .check = dispatch_check,
};
