// The contract of the service: its messages, who may send them, its tables and its functions.
#include "seizure.h"

enum {
    FIELD = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER),
    CLOSERS = LQ_ROLE(LEAD) | LQ_ROLE(COMMANDER),
    HEADS = LQ_ROLE(HEAD) | LQ_ROLE(COMMANDER), // the latter from paper only
    OFFICE = LQ_ROLE(CLERK) | LQ_ROLE(DESK),    // enters what was reported on paper or by radio
    PAPERS = FIELD | HEADS,                     // who issues and serves papers
};

static const struct lq_command_row commands[] = {
    {SEIZURE__COMMAND__BODY_TAKE_ITEM, FIELD, OFFICE, seizure_take_item},
    {SEIZURE__COMMAND__BODY_EXTEND_SEAL, HEADS, LQ_ROLE(CLERK), seizure_extend_seal},
    {SEIZURE__COMMAND__BODY_RELEASE_SEAL, HEADS, LQ_ROLE(CLERK), seizure_release_seal},
    {SEIZURE__COMMAND__BODY_PROPOSE_ITEM, FIELD, OFFICE, seizure_propose_item},
    {SEIZURE__COMMAND__BODY_NOTE_FILING, LQ_ROLE(SERVICE), 0, seizure_note_filing},
    {SEIZURE__COMMAND__BODY_FORGET_FILING, LQ_ROLE(SERVICE), 0, seizure_forget_filing},
    {SEIZURE__COMMAND__BODY_TAKE_STEP, LQ_ANY_PERSON, OFFICE, lq_take_step},
    {SEIZURE__COMMAND__BODY_CLOSE_SITE, CLOSERS, OFFICE, seizure_close_site},
    {SEIZURE__COMMAND__BODY_CUT_POWER, CLOSERS | LQ_ROLE(OFFICER), OFFICE, seizure_cut_power},
    {SEIZURE__COMMAND__BODY_RING_CLOCK, LQ_ROLE(SERVICE), 0, lq_ring_clock},
    {SEIZURE__COMMAND__BODY_TAKE_CLOCK, LQ_ANY_PERSON, OFFICE, lq_take_clock},
    {SEIZURE__COMMAND__BODY_PAUSE_CLOCK, FIELD | LQ_ROLE(COMMANDER) | LQ_ROLE(HEAD), OFFICE,
     lq_pause_clock},
    {SEIZURE__COMMAND__BODY_RECOUNT_CLOCKS, LQ_ROLE(ADMIN), 0, lq_recount_clocks},
    {SEIZURE__COMMAND__BODY_ISSUE_PAPER, LQ_ANY_PERSON, OFFICE, lq_issue_paper},
    {SEIZURE__COMMAND__BODY_SERVE_PAPER, LQ_ANY_PERSON, OFFICE, lq_serve_paper},
    {SEIZURE__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, OFFICE, lq_attach},
    {SEIZURE__COMMAND__BODY_CORRECT, CLOSERS | PAPERS, OFFICE, lq_correct},
    {SEIZURE__COMMAND__BODY_VOID_RECORD, CLOSERS | PAPERS, OFFICE, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {SEIZURE__EVENT__BODY_ITEM_DISMANTLED, .keeps = &seizure_table_items},
    {SEIZURE__EVENT__BODY_ITEM_SEALED, seizure_item_sealed},
    {SEIZURE__EVENT__BODY_SEAL_EXTENDED, seizure_seal_extended},
    {SEIZURE__EVENT__BODY_SEAL_RELEASED, seizure_seal_released},
    {SEIZURE__EVENT__BODY_SEAL_LAPSED, seizure_seal_lapsed},
    {SEIZURE__EVENT__BODY_SITE_CLOSED, seizure_site_closed},
    {SEIZURE__EVENT__BODY_ITEM_PROPOSED, seizure_item_proposed},
    {SEIZURE__EVENT__BODY_FILING_NOTED, seizure_filing_noted},
    {SEIZURE__EVENT__BODY_FILING_FORGOTTEN, seizure_filing_forgotten},
    {SEIZURE__EVENT__BODY_POWER_CUT, .keeps = &seizure_table_power_cuts},
    {SEIZURE__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {SEIZURE__EVENT__BODY_CALLED, lq_called},
    {SEIZURE__EVENT__BODY_CLOCK_RANG, lq_clock_noted},
    {SEIZURE__EVENT__BODY_CLOCK_TAKEN, lq_clock_noted},
    {SEIZURE__EVENT__BODY_CLOCK_PAUSED, lq_clock_noted},
    {SEIZURE__EVENT__BODY_CLOCKS_RECOUNTED, lq_clock_noted},
    {SEIZURE__EVENT__BODY_PAPER_ISSUED, lq_paper_issued},
    {SEIZURE__EVENT__BODY_PAPER_SERVED, lq_paper_served},
    {SEIZURE__EVENT__BODY_ATTACHED, lq_attached},
    {SEIZURE__EVENT__BODY_CORRECTED, lq_corrected},
    {SEIZURE__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_timer_row timers[] = {
    {LQ_CLOCK_TIMER, lq_clock_due},
    {0},
};

static const struct lq_query_row queries[] = {
    {SEIZURE__QUERY__BODY_LIST, LQ_ANYONE, seizure_list_items},
    {SEIZURE__QUERY__BODY_SHOW, LQ_ANYONE, seizure_show_item},
    {SEIZURE__QUERY__BODY_CLOSURES, LQ_ANYONE, seizure_list_closures},
    {SEIZURE__QUERY__BODY_POWER_CUTS, LQ_ANYONE, seizure_list_power_cuts},
    {SEIZURE__QUERY__BODY_CLOCKS, LQ_ANYONE, lq_ask_clocks},
    {SEIZURE__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {SEIZURE__QUERY__BODY_DRAFT_PAPER, LQ_ANYONE, lq_draft_paper},
    {SEIZURE__QUERY__BODY_PAPER, LQ_ANYONE, lq_show_paper},
    {SEIZURE__QUERY__BODY_PAPERS, LQ_ANYONE, lq_list_papers},
    {SEIZURE__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_thing things[] = {
    {.kind = "item",
     .table = &seizure_table_items,
     .fields = "kind specification officer_1 officer_2 at_ms decision_day " SEIZURE_BASIS_FIELDS,
     .who = FIELD,
     .behalf = OFFICE,
     .check = seizure_check_item_correction,
     .changed = seizure_item_changed,
     .steps = &seizure_item_steps,
     .since = "at_ms",
     .stepped = seizure_item_stepped,
     .counted = "at_ms"},
    {.kind = "closure",
     .table = &seizure_table_closures,
     .fields = "at_ms " SEIZURE_BASIS_FIELDS,
     .who = CLOSERS,
     .behalf = OFFICE,
     .check = seizure_check_closure_correction,
     .counted = "at_ms"},
    {.kind = "power",
     .table = &seizure_table_power_cuts,
     .fields = "at_ms extent " SEIZURE_BASIS_FIELDS,
     .who = CLOSERS | LQ_ROLE(OFFICER),
     .behalf = OFFICE,
     .check = seizure_check_power_correction,
     .steps = &seizure_power_steps,
     .since = "at_ms"},
    LQ_PAPER_THING(PAPERS, OFFICE),
    {0},
};

static const struct lq_table *const tables[] = {
    &seizure_table_items,      &seizure_table_seals, &seizure_table_closures,
    &seizure_table_power_cuts, &seizure_table_held,  NULL,
};

static const struct lq_replica *const replicas[] = {
    &shift_roster, &dispatch_orders, &ledger_premises, &seizure_cases, &lq_bulletins, NULL,
};

extern const struct lq_service lq_service_seizure;

static void check(struct lq_view *view)
{
    seizure_check_items(view);
    seizure_check_seals(view);
    lq_steps_check(&lq_service_seizure, view);
    lq_clocks_check(view);
    lq_papers_check(view);
}

static const struct lq_steps *const steps[] = {
    &seizure_item_steps,
    &seizure_power_steps,
    NULL,
};

static const struct lq_at_premises at_premises[] = {
    {&seizure_table_items, "target"},
    {&seizure_table_closures, NULL},
    {&seizure_table_power_cuts, "target"},
    {0},
};

static const struct lq_paper_name paper_names[] = {
    {"person", lq_roster_name},
    {"premises", lq_premises_name},
    {0},
};

const struct lq_service lq_service_seizure = {
    LQ_SERVICE(seizure),
    .tables = tables,
    .timers = timers,
    .replicas = replicas,
    .follows = seizure_follows,
    .take_back = seizure_hear_parted,
    .steps = steps,
    .things = things,
    .at_premises = at_premises,
    .roles_of = lq_roster_roles_at,
    .clock_people = seizure_clock_people,
    .paper_names = paper_names,
    .check = check,
    .tables_version = 4,
};
