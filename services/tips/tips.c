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

static const struct lq_command_row commands[] = {
    {TIPS__COMMAND__BODY_RECORD_TIP, WHO_RECORDS, 0, tips_record_tip},
    {TIPS__COMMAND__BODY_VERIFY_TIP, WHO_RECORDS, 0, tips_verify_tip},
    {TIPS__COMMAND__BODY_REGISTER_VOLUNTEER, WHO_REGISTERS, 0, tips_register_volunteer},
    {0},
};

static const struct lq_event_row events[] = {
    {TIPS__EVENT__BODY_TIP_RECORDED, .keeps = &tips_tips},
    {TIPS__EVENT__BODY_TIP_VERIFIED, tips_tip_verified},
    {TIPS__EVENT__BODY_VOLUNTEER_REGISTERED, .keeps = &tips_volunteers},
    {0},
};

static const struct lq_query_row queries[] = {
    {TIPS__QUERY__BODY_TIPS, WHO_READS, .lists = &tips_tips},
    {TIPS__QUERY__BODY_VOLUNTEERS, LQ_ANYONE, .lists = &tips_volunteers},
    {0},
};

static const struct lq_table *const tables[] = {
    &tips_tips,
    &tips_volunteers,
    NULL,
};

static const struct lq_replica *const replicas[] = {
    &ledger_premises,
    NULL,
};

static bool may_see(struct lq_view *view, const void *event, const char *actor, uint32_t roles)
{
    const Tips__Event *heard = event;
    (void)view, (void)actor;
    const bool is_tip = heard->body_case == TIPS__EVENT__BODY_TIP_RECORDED ||
                        heard->body_case == TIPS__EVENT__BODY_TIP_VERIFIED;
    return !is_tip || (roles & WHO_READS) != 0;
}

const struct lq_service lq_service_tips = {
    LQ_SERVICE(tips),   .tables = tables,    .replicas = replicas,
    .visible = may_see, .check = tips_check,
};
