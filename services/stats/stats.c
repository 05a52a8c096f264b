// The contract of the service: its messages, who may send them, its tables and its functions.
#include "stats.h"

static const struct lq_rule rules[] = {
    LQ_COMMAND_RULE(STATS__COMMAND__BODY_BOOK, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(STATS__COMMAND__BODY_SETTLE_ORDER, LQ_ROLE(SERVICE), 0),
    LQ_COMMAND_RULE(STATS__COMMAND__BODY_WITHDRAW_ORDER, LQ_ROLE(SERVICE), 0),
    LQ_QUERY_RULE(STATS__QUERY__BODY_FIGURES, LQ_ANYONE),
    LQ_QUERY_RULE(STATS__QUERY__BODY_RECORDS, LQ_ANYONE),
    {0},
};

static const struct lq_table *const tables[] = {
    &stats_table_entries, &stats_table_series,    &stats_table_running,
    &stats_table_counted, &stats_table_unsettled,
};

LQ_DECIDE(decide, stats_decide, Stats__Command)
LQ_APPLY(apply, stats_apply, Stats__Event)
LQ_QUERY(query, stats_query, Stats__Query, Stats__Answer)

const struct lq_service lq_service_stats = {
    .name = "stats",
    .command_type = &stats__command__descriptor,
    .event_type = &stats__event__descriptor,
    .query_type = &stats__query__descriptor,
    .answer_type = &stats__answer__descriptor,
    .reject_codes = &stats__reject__descriptor,
    .rules = rules,
    .tables = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .follows = stats_follows,
    .decide = decide,
    .apply = apply,
    .query = query,
    .check = stats_check,
};
