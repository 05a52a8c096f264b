// The contract of the service: its messages, who may send them, who may read what, its tables, whom
// it follows and its functions.
//
// Tips are the one thing on the bus that not everybody reads: the accused must not learn of a tip
// (Environmental Protection Law art. 57), and the officers of the teams come from his town.
#include "tips.h"

enum {
    WHO_RECORDS = LQ_ROLE(CLERK) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON),
    WHO_REGISTERS = LQ_ROLE(CLERK) | LQ_ROLE(DESK),
    WHO_READS = LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON) | LQ_ROLE(CLERK) |
                LQ_ROLE(INSPECTOR) | LQ_ROLE(SERVICE),
};

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(TIPS__COMMAND__BODY_RECORD_TIP, WHO_RECORDS, 0),
    LQ_COMMAND_RULE(TIPS__COMMAND__BODY_REGISTER_VOLUNTEER, WHO_REGISTERS, 0),
    LQ_COMMAND_RULE(TIPS__COMMAND__BODY_NOTE_PREMISES, LQ_ROLE(SERVICE), 0),
    LQ_QUERY_RULE(TIPS__QUERY__BODY_TIPS, WHO_READS),
    LQ_QUERY_RULE(TIPS__QUERY__BODY_VOLUNTEERS, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &tips_table_tips,
    &tips_table_volunteers,
    &lq_premises_notes,
};

static bool may_see(struct lq_view *view, const Tips__Event *event, const char *actor,
                    uint32_t roles)
{
    (void)view, (void)actor;
    return event->body_case != TIPS__EVENT__BODY_TIP_RECORDED || (roles & WHO_READS) != 0;
}

LQ_DECIDE(decide, tips_decide, Tips__Command)
LQ_APPLY(apply, tips_apply, Tips__Event)
LQ_QUERY(query, tips_query, Tips__Query, Tips__Answer)
LQ_VISIBLE(visible, may_see, Tips__Event)

static const struct lq_follow follows[] = {
    {.stream = "ledger", .event_type = &ledger__event__descriptor, .react = lq_premises_react},
    {0},
};

const struct lq_service lq_service_tips = {
    .name = "tips",
    .command_type = &tips__command__descriptor,
    .event_type = &tips__event__descriptor,
    .query_type = &tips__query__descriptor,
    .answer_type = &tips__answer__descriptor,
    .reject_codes = &tips__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .follows = follows,
    .decide = decide,
    .apply = apply,
    .query = query,
    .visible = visible,
    .check = tips_check,
};
