// The contract of the service: its messages, who may send them, its tables and its functions.
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/trail.h"
#include "shift/replica/roster.h"
#include "shift/replica/rota.h"
#include "stats.h"

enum { PUBLISHERS = LQ_ROLE(CLERK) | LQ_ROLE(COMMANDER) };

static const struct lq_command_row commands[] = {
    {STATS__COMMAND__BODY_BOOK, LQ_ROLE(SERVICE), 0, stats_book},
    {STATS__COMMAND__BODY_SETTLE_ORDER, LQ_ROLE(SERVICE), 0, stats_settle_order},
    {STATS__COMMAND__BODY_WITHDRAW_ORDER, LQ_ROLE(SERVICE), 0, stats_withdraw_order},
    {STATS__COMMAND__BODY_ADJUST, LQ_ROLE(SERVICE), 0, stats_adjust},
    {STATS__COMMAND__BODY_TAKE_BACK, LQ_ROLE(SERVICE), 0, stats_take_back},
    {STATS__COMMAND__BODY_PUBLISH_BULLETIN, LQ_ROLE(CLERK), 0, stats_publish_bulletin},
    {STATS__COMMAND__BODY_TAKE_STEP, PUBLISHERS, 0, lq_take_step},
    {STATS__COMMAND__BODY_ISSUE_PAPER, LQ_ANY_PERSON, 0, lq_issue_paper},
    {STATS__COMMAND__BODY_SERVE_PAPER, LQ_ANY_PERSON, 0, lq_serve_paper},
    {STATS__COMMAND__BODY_ATTACH, LQ_ANY_PERSON, 0, lq_attach},
    {STATS__COMMAND__BODY_VOID_RECORD, PUBLISHERS, 0, lq_void},
    {0},
};

static const struct lq_event_row events[] = {
    {STATS__EVENT__BODY_BOOKED, stats_booked},
    {STATS__EVENT__BODY_ORDER_SETTLED, stats_order_settled},
    {STATS__EVENT__BODY_TAKEN_BACK, stats_taken_back},
    {STATS__EVENT__BODY_BULLETIN_PUBLISHED, stats_bulletin_published},
    {STATS__EVENT__BODY_STEP_TAKEN, lq_step_taken},
    {STATS__EVENT__BODY_PAPER_ISSUED, lq_paper_issued},
    {STATS__EVENT__BODY_PAPER_SERVED, lq_paper_served},
    {STATS__EVENT__BODY_ATTACHED, lq_attached},
    {STATS__EVENT__BODY_VOIDED, lq_voided_thing},
    {0},
};

static const struct lq_query_row queries[] = {
    {STATS__QUERY__BODY_FIGURES, LQ_ANYONE, stats_query_figures},
    {STATS__QUERY__BODY_RECORDS, LQ_ANYONE, stats_query_records},
    {STATS__QUERY__BODY_BULLETINS, LQ_ANYONE, .lists = &stats_table_bulletins},
    {STATS__QUERY__BODY_BULLETIN, LQ_ANYONE, stats_query_bulletin},
    {STATS__QUERY__BODY_TRAIL, LQ_ANYONE, lq_show_trail},
    {STATS__QUERY__BODY_DRAFT_PAPER, LQ_ANYONE, lq_draft_paper},
    {STATS__QUERY__BODY_PAPER, LQ_ANYONE, lq_show_paper},
    {STATS__QUERY__BODY_PAPERS, LQ_ANYONE, lq_list_papers},
    {STATS__QUERY__BODY_THING, LQ_ANYONE, lq_show_thing},
    {0},
};

static const struct lq_table *const tables[] = {
    &stats_table_entries,   &stats_table_series,    &stats_table_running, &stats_table_standing,
    &stats_table_unsettled, &stats_table_learned,   &stats_table_names,   &stats_table_heard,
    &stats_table_weeks,     &stats_table_bulletins, &stats_table_places,  NULL,
};

static const struct lq_thing things[] = {
    {.kind = "bulletin",
     .table = &stats_table_bulletins,
     .fields = "",
     .never_void = true,
     .steps = &stats_bulletin_steps,
     .since = "published_at_ms",
     .stepped = stats_bulletin_stepped,
     .paper_type = &stats__bulletin_answer__descriptor,
     .paper_source = stats_bulletin_lines},
    LQ_PAPER_THING(PUBLISHERS, 0),
    {0},
};

static const struct lq_steps *const steps[] = {&stats_bulletin_steps, NULL};

static const struct lq_replica *const replicas[] = {&shift_roster, &shift_rota, NULL};

static const struct lq_paper_name paper_names[] = {{"person", lq_roster_name}, {0}};

const struct lq_service lq_service_stats = {
    LQ_SERVICE(stats),
    .tables = tables,
    .replicas = replicas,
    .follows = stats_follows,
    .take_back = stats_hear_parted,
    .steps = steps,
    .things = things,
    .paper_names = paper_names,
    .check = stats_check,
};
