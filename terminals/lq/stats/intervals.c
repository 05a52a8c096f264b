// lq stats intervals: how long teams took to answer, depart, arrive and finish.
#include <stdio.h>

#include "base/time.h"
#include "dispatch.pb-c.h"
#include "lq/show/list.h"
#include "lq/show/words.h"
#include "lq/stats/stats.h"

static void add_part(struct lq_output *output, const void *row)
{
    const Dispatch__IntervalRow *one = row;
    lq_output_text(output, lq_kind_shown("kind", one->part));
}

// "0:42", "12:05", "1:02:05".
static void add_length(struct lq_output *output, uint64_t millis)
{
    const unsigned long long s = (millis + 500) / 1000, m = s / 60, h = m / 60;
    char text[LQ_TIME_TEXT];
    if (h > 0)
        snprintf(text, sizeof text, "%llu:%02llu:%02llu", h, m % 60, s % 60);
    else
        snprintf(text, sizeof text, "%llu:%02llu", m, s % 60);
    lq_output_text(output, text);
}

static void add_p50(struct lq_output *output, const void *row)
{
    add_length(output, ((const Dispatch__IntervalRow *)row)->p50_millis);
}

static void add_p90(struct lq_output *output, const void *row)
{
    add_length(output, ((const Dispatch__IntervalRow *)row)->p90_millis);
}

static void add_p99(struct lq_output *output, const void *row)
{
    add_length(output, ((const Dispatch__IntervalRow *)row)->p99_millis);
}

static const struct lq_column COLUMNS[] = {
    LQ_COLUMN("PART", "分组", NULL, .cell = add_part, .whole = true),
    LQ_COLUMN("INTERVAL", "时段", "interval", .whole = true),
    LQ_COLUMN("COUNT", "次数", "count", .right = true),
    LQ_COLUMN("P50", "中位", NULL, .cell = add_p50, .right = true),
    LQ_COLUMN("P90", "九成内", NULL, .cell = add_p90, .right = true),
    LQ_COLUMN("P99", "99% 内", NULL, .cell = add_p99, .right = true),
    {0},
};

int lq_stats_intervals(struct lq_cli *cli)
{
    Dispatch__AskIntervals ask = DISPATCH__ASK_INTERVALS__INIT;
    Dispatch__Query query = DISPATCH__QUERY__INIT;
    query.body_case = DISPATCH__QUERY__BODY_INTERVALS;
    query.intervals = &ask;
    lq_given_fill(cli, &ask.base);
    ProtobufCMessage *answer;
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = lq_cli_query(cli, "dispatch", &query.base, &dispatch__answer__descriptor, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Dispatch__IntervalsAnswer *told = ((const Dispatch__Answer *)answer)->intervals;
    struct lq_list_rows rows = {.rows = (void *)told->rows,
                                .count = told->n_rows,
                                .type = &dispatch__interval_row__descriptor};
    return lq_list_print(cli, &(struct lq_list){.columns = COLUMNS}, &rows);
}
