// The contract of the service: its messages, who may send them, its tables and its functions.
#include "shift/replica/rota.h"
#include "stats.h"

static const struct lq_command_row commands[] = {
    {STATS__COMMAND__BODY_BOOK, LQ_ROLE(SERVICE), 0, stats_book},
    {STATS__COMMAND__BODY_SETTLE_ORDER, LQ_ROLE(SERVICE), 0, stats_settle_order},
    {STATS__COMMAND__BODY_WITHDRAW_ORDER, LQ_ROLE(SERVICE), 0, stats_withdraw_order},
    {STATS__COMMAND__BODY_ADJUST, LQ_ROLE(SERVICE), 0, stats_adjust},
    {STATS__COMMAND__BODY_TAKE_BACK, LQ_ROLE(SERVICE), 0, stats_take_back},
    {0},
};

static const struct lq_event_row events[] = {
    {STATS__EVENT__BODY_BOOKED, stats_booked},
    {STATS__EVENT__BODY_ORDER_SETTLED, stats_order_settled},
    {STATS__EVENT__BODY_TAKEN_BACK, stats_taken_back},
    {0},
};

static const struct lq_query_row queries[] = {
    {STATS__QUERY__BODY_FIGURES, LQ_ANYONE, stats_query_figures},
    {STATS__QUERY__BODY_RECORDS, LQ_ANYONE, stats_query_records},
    {0},
};

static const struct lq_table *const tables[] = {
    &stats_table_entries,   &stats_table_series,  &stats_table_running, &stats_table_standing,
    &stats_table_unsettled, &stats_table_learned, &stats_table_names,   NULL,
};

static const struct lq_replica *const replicas[] = {&shift_rota, NULL};

const struct lq_service lq_service_stats = {
    LQ_SERVICE(stats),
    .tables = tables,
    .replicas = replicas,
    .follows = stats_follows,
    .take_back = stats_hear_parted,
    .check = stats_check,
};
