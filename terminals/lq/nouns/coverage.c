// lq ledger coverage: the hours of premises under rectification in which somebody of the pair was
// at the post, in which nobody was (each is named), and of which nothing was recorded.
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "ledger.pb-c.h"
#include "lq/nouns/nouns.h"
#include "lq/show/words.h"

enum { MINUTE_MS = 60000, DAY_CHARS = 10 };

// "5:30"; of a day and more, the hours.
static void add_hours(struct lq_output *output, int64_t ms, bool is_alert)
{
    char text[32];
    const long long minutes = (long long)(ms / MINUTE_MS);
    snprintf(text, sizeof text, "%lld:%02lld", minutes / 60, minutes % 60);
    lq_output_text(output, text);
    lq_output_mark(output, is_alert && ms > 0 ? LQ_ALERT : LQ_PLAIN);
}

static void add_covered(struct lq_output *output, const void *row)
{
    add_hours(output, ((const Ledger__Coverage *)row)->covered_ms, false);
}

static void add_uncovered(struct lq_output *output, const void *row)
{
    add_hours(output, ((const Ledger__Coverage *)row)->uncovered_ms, true);
}

static void add_unrecorded(struct lq_output *output, const void *row)
{
    add_hours(output, ((const Ledger__Coverage *)row)->unrecorded_ms, false);
}

// "07-21 10:00–14:30"; the end has its day where it is another.
static size_t put_span(char *text, size_t room, const Ledger__Hours *hours)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    lq_format_local(hours->from_ms, from);
    lq_format_local(hours->to_ms, to);
    const bool same = strncmp(from, to, DAY_CHARS) == 0;
    return (size_t)snprintf(text, room, "%.11s–%.*s", from + 5, same ? 5 : 11,
                            to + (same ? DAY_CHARS + 1 : 5));
}

static void add_when(struct lq_output *output, const void *row)
{
    const Ledger__Coverage *coverage = row;
    char text[64 * 40] = "";
    size_t used = 0;
    for (size_t i = 0; i < coverage->n_uncovered && used + 80 < sizeof text; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", i > 0 ? ", " : "");
        used += put_span(text + used, sizeof text - used, coverage->uncovered[i]);
    }
    if (used > 0)
        snprintf(text + used, sizeof text - used, " %s", lq_tr("nobody at the post"));
    lq_output_text(output, text);
    lq_output_mark(output, used > 0 ? LQ_ALERT : LQ_PLAIN);
}

const struct lq_column lq_coverage_columns[] = {
    LQ_COLUMN("NUMBER", "编号", "premises", .whole = true),
    LQ_COLUMN("NAME", "名称", "name", .tail = true),
    LQ_COLUMN("COVERED", "有人", NULL, .cell = add_covered, .right = true, .whole = true),
    LQ_COLUMN("NOBODY", "无人", NULL, .cell = add_uncovered, .right = true, .whole = true),
    LQ_COLUMN("UNKNOWN", "未登记", NULL, .cell = add_unrecorded, .right = true, .whole = true),
    LQ_COLUMN("WHEN NOBODY", "无人时段", NULL, .cell = add_when, .whole = true),
    {0},
};

// --on a day is from its start to its end.
void lq_coverage_complete(struct lq_cli *cli, ProtobufCMessage *message)
{
    Ledger__AskCoverage *asked = (void *)message;
    if (!lq_given(cli, "--on"))
        return;
    const int32_t day = (int32_t)lq_given_number(cli, "--on");
    asked->from_ms = lq_day_start_ms(day);
    asked->to_ms = lq_day_start_ms(day + 1);
}
