// The contract of the service: its messages, who may send them, who may read what, its tables, whom
// it follows and its functions.
//
// Tips are the one thing on the bus that not everybody reads: the accused must not learn of a tip
// (Environmental Protection Law art. 57), and the officers of the teams come from his town.
#include "tips.h"

enum {
    WHO_RECORDS = LQ_ROLE(CLERK) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON),
    WHO_REGISTERS = LQ_ROLE(CLERK) | LQ_ROLE(DESK),
    // Who records it; a commander alone, once the bulletin of its week is signed.
    WHO_CORRECTS = WHO_RECORDS | LQ_ROLE(COMMANDER),
    WHO_READS = TIPS_READERS,
    BEHALF = LQ_ROLE(CLERK) | LQ_ROLE(DESK),
};

static const struct lq_command_row commands[] = {
    {TIPS__COMMAND__BODY_RECORD_TIP, WHO_RECORDS, 0, tips_record_tip},
    {TIPS__COMMAND__BODY_VERIFY_TIP, WHO_RECORDS, 0, tips_verify_tip},
    {TIPS__COMMAND__BODY_REGISTER_VOLUNTEER, WHO_REGISTERS, 0, tips_register_volunteer},
    {TIPS__COMMAND__BODY_TAKE_STEP, WHO_RECORDS | LQ_ROLE(HEAD), BEHALF, lq_take_step},
    {TIPS__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, lq_ring_clock},
    {TIPS__COMMAND__BODY_TAKE_CLOCK, WHO_READS, BEHALF, lq_take_clock},
    {TIPS__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, lq_recount_clocks},
    {TIPS__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {TIPS__COMMAND__BODY_CORRECT, WHO_CORRECTS, 0, lq_correct},
    {TIPS__COMMAND__BODY_VOID_RECORD, WHO_CORRECTS, 0, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {TIPS__EVENT__BODY_TIP_RECORDED, .keeps = &tips_tips, .of = "tip"},
    {TIPS__EVENT__BODY_TIP_VERIFIED, tips_tip_verified},
    {TIPS__EVENT__BODY_VOLUNTEER_REGISTERED, .keeps = &tips_volunteers},
    {TIPS__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {TIPS__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {TIPS__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {TIPS__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {TIPS__EVENT__BODY_ATTACHED, lq_attached},
    {TIPS__EVENT__BODY_CORRECTED, lq_corrected},
    {TIPS__EVENT__BODY_VOIDED, lq_voided_thing},
    {TIPS__EVENT__BODY_READING_RECORDED, lq_reading_recorded},
    {0},
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {0},
};

static const struct lq_query_row queries[] = {
    {TIPS__QUERY__BODY_TIPS, WHO_READS, .lists = &tips_tips},
    {TIPS__QUERY__BODY_VOLUNTEERS, LQ_ANYONE, .lists = &tips_volunteers},
    {TIPS__QUERY__BODY_CLOCKS, LQ_ANYONE, tips_ask_clocks},
    {TIPS__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {TIPS__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {TIPS__QUERY__BODY_READINGS, LQ_READING_READERS, lq_ask_readings},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "tip",
     .table = &tips_tips,
     .fields = "channel premises village department content verified reward_yuan received_at_ms "
               "duplicate_of",
     .who = WHO_RECORDS,
     .readers = WHO_READS,
     .personal = "content", // by what was said, who said it may be known
     .personal_to = WHO_READS,
     .counted = "received_at_ms",
     .check = tips_check_tip,
     .steps = &tips_tip_steps,
     .since = "received_at_ms",
     .stepped = tips_tip_stepped},
    {.kind = "volunteer",
     .table = &tips_volunteers,
     .fields = "name village",
     .who = WHO_REGISTERS,
     .check = tips_check_volunteer},
    {0},
};

static const struct lq_table *const tables[] = {
    &tips_tips,
    &tips_volunteers,
    NULL,
};

static const struct lq_replica *const replicas[] = {
    &ledger_premises,
    &shift_roster,
    &lq_bulletins,
    NULL,
};

static bool is_of_tip(const Tips__Event *heard)
{
    switch (heard->body_case) {
    case TIPS__EVENT__BODY_TIP_RECORDED:
    case TIPS__EVENT__BODY_TIP_VERIFIED:
        return true;
    case TIPS__EVENT__BODY_CORRECTED:
        return strcmp(heard->corrected->kind, "tip") == 0;
    case TIPS__EVENT__BODY_VOIDED:
        return strcmp(heard->voided->kind, "tip") == 0;
    case TIPS__EVENT__BODY_ATTACHED:
        return strcmp(heard->attached->kind, "tip") == 0;
    case TIPS__EVENT__BODY_STEP_TAKEN:
    case TIPS__EVENT__BODY_CLOCK_RANG: // only tips have terms
    case TIPS__EVENT__BODY_CLOCK_TAKEN:
    case TIPS__EVENT__BODY_CLOCKS_RECOUNTED:
        return true;
    case TIPS__EVENT__BODY_BULLETIN_NOTED:
    case TIPS__EVENT__BODY_PERSON_NOTED:
    case TIPS__EVENT__BODY_VOLUNTEER_REGISTERED:
    case TIPS__EVENT__BODY_PREMISES_NOTED:
    case TIPS__EVENT__BODY_READING_RECORDED: // the runtime's to say
    case TIPS__EVENT__BODY__NOT_SET:
    case _TIPS__EVENT__BODY__CASE_IS_INT_SIZE:
        return false;
    }
    LQ_UNREACHABLE();
}

static bool may_see(struct lq_view *view, const void *event, const char *actor, uint32_t roles)
{
    (void)view, (void)actor;
    return !is_of_tip(event) || (roles & WHO_READS) != 0;
}

static const struct lq_at_premises at_premises[] = {
    {&tips_tips, "premises"},
    {0},
};

static const struct lq_steps *const steps[] = {&tips_tip_steps, NULL};

extern const struct lq_service lq_service_tips; // below

static void check(struct lq_view *view)
{
    tips_check(view);
    lq_steps_check(&lq_service_tips, view);
    lq_clocks_check(view);
}

const struct lq_service lq_service_tips = {
    LQ_SERVICE(tips),
    .tables = tables,
    .timers = timers,
    .replicas = replicas,
    .steps = steps,
    .things = things,
    .at_premises = at_premises,
    .visible = may_see,
    .roles_of = lq_roster_roles_at,
    .clock_people = tips_clock_people,
    .check = check,
};
