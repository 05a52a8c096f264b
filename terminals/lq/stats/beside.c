// lq stats --compare PERIOD: the figures of a range beside those of an earlier one, with the
// difference and its share of the earlier, in tenths of a percent, rounded, without fractions of
// floating point. Of what was 0 before there is no share.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "lq/stats/stats.h"

enum { SHARE_TEXT = 40 };

struct beside {
    struct lq_cli *cli;
    const Stats__FiguresAnswer *now, *earlier;
    struct lq_output *output;
};

static int64_t total_of(const Stats__FiguresAnswer *answer, Stats__Figure figure, const char *kind)
{
    for (size_t i = 0; i < answer->n_counts; i++)
        if (answer->counts[i]->figure == figure && strcmp(answer->counts[i]->kind, kind) == 0)
            return answer->counts[i]->total;
    return 0;
}

// In thousandths of the earlier, half of one rounded away from 0. There must be an earlier.
static int64_t thousandths(int64_t difference, int64_t earlier)
{
    const int64_t base = llabs(earlier), size = (llabs(difference) * 2000 + base) / (base * 2);
    return (difference < 0) == (earlier < 0) ? size : -size;
}

// "+12.5%", "-100%"; "—" where there was nothing before.
static void add_share(struct lq_output *output, int64_t difference, int64_t earlier)
{
    char text[SHARE_TEXT] = "—";
    const int64_t share = earlier != 0 ? thousandths(difference, earlier) : 0;
    const long long size = llabs(share);
    const char *sign = share > 0 ? "+" : share < 0 ? "-" : "";
    if (earlier != 0 && size % 10 == 0)
        snprintf(text, sizeof text, "%s%lld%%", sign, size / 10);
    else if (earlier != 0)
        snprintf(text, sizeof text, "%s%lld.%lld%%", sign, size / 10, size % 10);
    lq_output_text(output, text);
}

static void add_numbers(struct beside *b, int64_t now, int64_t earlier)
{
    char text[SHARE_TEXT];
    const int64_t difference = now - earlier;
    lq_output_number(b->output, now);
    lq_output_number(b->output, earlier);
    if (b->cli->format == LQ_FORMAT_TABLE) {
        snprintf(text, sizeof text, "%s%lld", difference > 0 ? "+" : "", (long long)difference);
        lq_output_text(b->output, text);
        add_share(b->output, difference, earlier);
        return;
    }
    lq_output_number(b->output, difference);
    if (earlier != 0)
        lq_output_number(b->output, thousandths(difference, earlier));
    else
        lq_output_none(b->output);
}

static void add_kind(struct beside *b, Stats__Figure figure, const char *kind)
{
    if (b->cli->format == LQ_FORMAT_TABLE) {
        lq_output_text(b->output, lq_stats_kind_title(b->cli, kind));
    } else {
        lq_output_word(b->output, &stats__figure__descriptor, (int)figure);
        lq_output_text(b->output, lq_kind_shown("kind", kind));
    }
    add_numbers(b, total_of(b->now, figure, kind), total_of(b->earlier, figure, kind));
}

// Each kind that one of the two has.
static void add_kinds(struct beside *b, Stats__Figure figure)
{
    for (size_t i = 0; i < b->now->n_counts; i++)
        if (b->now->counts[i]->figure == figure)
            add_kind(b, figure, b->now->counts[i]->kind);
    for (size_t i = 0; i < b->earlier->n_counts; i++) {
        const Stats__Count *count = b->earlier->counts[i];
        if (count->figure == figure && total_of(b->now, figure, count->kind) == 0)
            add_kind(b, figure, count->kind);
    }
}

// For people the sum of the kinds before them; for programs each row is added up once.
static void add_figure(struct beside *b, Stats__Figure figure)
{
    const bool kinds = lq_stats_figure(figure)->kinds;
    if (b->cli->format == LQ_FORMAT_TABLE)
        lq_output_text(b->output, lq_stats_title(b->cli, figure));
    if (b->cli->format == LQ_FORMAT_TABLE)
        add_numbers(b, lq_stats_sum(b->now, figure), lq_stats_sum(b->earlier, figure));
    else if (!kinds)
        add_kind(b, figure, "");
    if (kinds)
        add_kinds(b, figure);
}

static int print(struct beside *b, const struct stats_range *range,
                 const struct stats_range *earlier)
{
    static const struct lq_column table[] = {
        {.title = "FIGURE", .zh = "指标", .whole = true},
        {.title = "COUNT", .zh = "数量", .right = true},
        {.title = "EARLIER", .zh = "对照期", .right = true},
        {.title = "DIFFERENCE", .zh = "差额", .right = true},
        {.title = "CHANGE", .zh = "增减", .right = true},
    };
    static const struct lq_column flat[] = {
        {.key = "figure", .zh = "指标"},     {.key = "kind", .zh = "种类"},
        {.key = "count", .zh = "数量"},      {.key = "earlier", .zh = "对照期"},
        {.key = "difference", .zh = "差额"}, {.key = "change_permille", .zh = "增减（千分比）"},
    };
    const bool people = b->cli->format == LQ_FORMAT_TABLE;
    b->output = people ? lq_output_new(table, sizeof table / sizeof *table)
                       : lq_output_new(flat, sizeof flat / sizeof *flat);
    for (int i = STATS__FIGURE__OPERATIONS; lq_stats_keys[i] != NULL; i++)
        add_figure(b, (Stats__Figure)i);
    char a[LQ_TIME_TEXT], z[LQ_TIME_TEXT], from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    if (people && !b->cli->quiet)
        lq_paragraph(lq_tr("%s to %s, beside %s to %s\n\n"),
                     range->from != 0 ? lq_format_day(range->from, a) : lq_tr("the beginning"),
                     range->to != 0 ? lq_format_day(range->to, z) : lq_tr("now"),
                     lq_format_day(earlier->from, from), lq_format_day(earlier->to, to));
    return lq_cli_print(b->cli, b->output);
}

int lq_stats_beside(struct lq_cli *cli, const struct stats_range *range,
                    const struct stats_range *earlier)
{
    struct beside b = {.cli = cli};
    int code = lq_stats_ask(cli, range, STATS__BY__BY_NOTHING, &b.now);
    if (code == LQ_EXIT_DONE)
        code = lq_stats_ask(cli, earlier, STATS__BY__BY_NOTHING, &b.earlier);
    return code == LQ_EXIT_DONE ? print(&b, range, earlier) : code;
}
