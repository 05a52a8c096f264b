// lq stats: the figures. For people a table in the order in which the county publishes them, the
// Chinese term beside the English; for programs one object whose keys never change, so that what
// was not counted is a 0 or an empty object and not an absence.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "lq/nouns/nouns.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/stats/stats.h"
#include "lq/show/words.h"

// ---------------------------------------------------------------- words

static char *spaced(struct lq_cli *cli, const char *word)
{
    char *text = lq_arena_text(&cli->arena, word);
    for (char *at = text; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    return text;
}

const char *lq_stats_title(struct lq_cli *cli, Stats__Figure figure)
{
    if (lq_language() == LQ_CHINESE)
        return lq_stats_figure(figure)->term;
    return lq_arena_format(&cli->arena, "%s %s", spaced(cli, lq_stats_keys[figure]),
                           lq_stats_figure(figure)->term);
}

const char *lq_stats_kind_title(struct lq_cli *cli, const char *kind)
{
    const char *term = lq_kind_chinese(kind);
    if (term == kind || lq_language() == LQ_CHINESE) // it has none, or needs no other
        return lq_arena_format(&cli->arena, "  %s", term == kind ? spaced(cli, kind) : term);
    return lq_arena_format(&cli->arena, "  %s %s", spaced(cli, kind), term);
}

// ---------------------------------------------------------------- asking

// A day of 0 would say that the end is open.
static int32_t day_of(const struct lq_cli *cli, const char *name)
{
    const int32_t day = (int32_t)lq_given_number(cli, name);
    return day > 0 || !lq_given(cli, name) ? day : -1;
}

int64_t lq_stats_as_of(const struct lq_cli *cli)
{
    const char *text = lq_given_text(cli, "--as-of");
    int32_t day;
    if (text == NULL)
        return 0;
    const int64_t at_ms = lq_given_number(cli, "--as-of"); // of a day the first instant after it
    return lq_cli_day(text, &day) ? at_ms - 1 : at_ms;
}

int lq_stats_range(struct lq_cli *cli, struct stats_range *range)
{
    *range = (struct stats_range){day_of(cli, "--from"), day_of(cli, "--to"), lq_stats_as_of(cli)};
    if (!lq_given(cli, "--on"))
        return LQ_EXIT_DONE;
    if (lq_given(cli, "--to"))
        return lq_cli_usage(cli, "--on names the last day that counts, as --to does: one of them");
    range->to = day_of(cli, "--on");
    return LQ_EXIT_DONE;
}

int lq_stats_ask(struct lq_cli *cli, const struct stats_range *range, Stats__By by,
                 const Stats__FiguresAnswer **out)
{
    if (range->from > 0 && range->to != 0 && range->to < range->from) {
        lq_cli_usage(cli, "the last day is before the first");
        return LQ_EXIT_USAGE;
    }
    Stats__Figures figures = STATS__FIGURES__INIT;
    figures.from_day = range->from;
    figures.to_day = range->to;
    figures.by = by;
    figures.as_of_ms = range->as_of_ms;
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_FIGURES;
    query.figures = &figures;
    ProtobufCMessage *answer;
    const int code = lq_cli_query(cli, "stats", &query.base, &stats__answer__descriptor, &answer);
    if (code == LQ_EXIT_DONE)
        *out = ((const Stats__Answer *)(const void *)answer)->figures;
    return code;
}

int64_t lq_stats_sum(const Stats__FiguresAnswer *answer, Stats__Figure figure)
{
    int64_t total = 0;
    for (size_t i = 0; i < answer->n_counts; i++)
        if (answer->counts[i]->figure == figure)
            total += answer->counts[i]->total;
    return total;
}

// ---------------------------------------------------------------- JSON

static void set(json_t *object, const char *key, json_t *value)
{
    LQ_ASSERT(value != NULL && json_object_set_new(object, key, value) == 0);
}

static json_t *kinds_of(const Stats__FiguresAnswer *answer, Stats__Figure figure)
{
    json_t *kinds = json_object();
    for (size_t i = 0; i < answer->n_counts; i++)
        if (answer->counts[i]->figure == figure)
            set(kinds, answer->counts[i]->kind, json_integer(answer->counts[i]->total));
    return kinds;
}

// The figure under its key, or as a member of its group.
static void set_figure(json_t *object, const Stats__FiguresAnswer *answer, Stats__Figure figure)
{
    const struct stats_figure *row = lq_stats_figure(figure);
    if (row->group != NULL && json_object_get(object, row->group) == NULL)
        set(object, row->group, json_object());
    set(row->group != NULL ? json_object_get(object, row->group) : object,
        row->member != NULL ? row->member : lq_stats_keys[figure],
        row->kinds ? kinds_of(answer, figure) : json_integer(lq_stats_sum(answer, figure)));
}

static void set_operations_by(struct lq_cli *cli, json_t *object,
                              const Stats__FiguresAnswer *answer, Stats__By by)
{
    json_t *parts = json_object();
    for (size_t i = 0; i < answer->n_parts; i++)
        if (answer->parts[i]->figure == STATS__FIGURE__OPERATIONS)
            set(parts, answer->parts[i]->part, json_integer(answer->parts[i]->total));
    set(object, lq_arena_format(&cli->arena, "operations_by_%s", lq_stats_by_key(by)), parts);
}

static int print_json(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by)
{
    json_t *object = json_object();
    LQ_ASSERT(object != NULL);
    for (int figure = STATS__FIGURE__OPERATIONS; lq_stats_keys[figure] != NULL; figure++)
        set_figure(object, answer, (Stats__Figure)figure);
    if (by != STATS__BY__BY_NOTHING && by != STATS__BY__KIND) // the kinds are there already
        set_operations_by(cli, object, answer, by);
    lq_print_json(object, false, stdout);
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- CSV

static void csv_row(struct lq_output *output, Stats__Figure figure, const char *kind,
                    const char *part, int64_t total)
{
    lq_output_word(output, &stats__figure__descriptor, (int)figure);
    lq_output_text(output, lq_kind_shown("kind", kind));
    if (part != NULL)
        lq_output_text(output, part);
    lq_output_number(output, total);
}

// Each row a total, or with --by each a part: what is added up is one or the other.
static int print_csv(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by)
{
    static const struct lq_column plain[] = {{.key = "figure", .zh = "指标"},
                                             {.key = "kind", .zh = "种类"},
                                             {.key = "count", .zh = "数量"}};
    const bool any = by != STATS__BY__BY_NOTHING;
    const struct lq_column parted[] = {
        plain[0],
        plain[1],
        {.key = any ? lq_stats_by_key(by) : "", .zh = any ? lq_stats_by_title(by) : ""},
        plain[2],
    };
    const bool with_parts = by != STATS__BY__BY_NOTHING && by != STATS__BY__KIND;
    struct lq_output *output = with_parts ? lq_output_new(parted, 4) : lq_output_new(plain, 3);
    for (size_t i = 0; !with_parts && i < answer->n_counts; i++) {
        const Stats__Count *count = answer->counts[i];
        if (by != STATS__BY__KIND || *count->kind != '\0')
            csv_row(output, count->figure, count->kind, NULL, count->total);
    }
    for (size_t i = 0; with_parts && i < answer->n_parts; i++) {
        const Stats__Part *part = answer->parts[i];
        csv_row(output, part->figure, part->kind, part->part, part->total);
    }
    return lq_cli_print(cli, output);
}

// ---------------------------------------------------------------- tables

static void add_figure(struct lq_cli *cli, struct lq_output *output,
                       const Stats__FiguresAnswer *answer, Stats__Figure figure)
{
    lq_output_text(output, lq_stats_title(cli, figure));
    lq_output_number(output, lq_stats_sum(answer, figure));
    for (size_t i = 0; lq_stats_figure(figure)->kinds && i < answer->n_counts; i++)
        if (answer->counts[i]->figure == figure) {
            lq_output_text(output, lq_stats_kind_title(cli, answer->counts[i]->kind));
            lq_output_number(output, answer->counts[i]->total);
        }
}

static int print_figures(struct lq_cli *cli, const Stats__FiguresAnswer *answer)
{
    static const struct lq_column columns[] = {
        {.key = "figure", .title = "FIGURE", .zh = "指标", .whole = true},
        {.key = "count", .title = "COUNT", .zh = "数量", .right = true},
    };
    struct lq_output *output = lq_output_new(columns, 2);
    for (unsigned i = 0; i < stats__figure__descriptor.n_values; i++) {
        const int figure = stats__figure__descriptor.values[i].value;
        if (figure != STATS__FIGURE__FIGURE_UNSPECIFIED)
            add_figure(cli, output, answer, (Stats__Figure)figure);
    }
    return lq_cli_print(cli, output);
}

// Why `lq ledger counts` may say otherwise: it has all enterprises, as they are now.
static void tell_of_ledger(const Stats__FiguresAnswer *answer, const struct stats_range *range)
{
    char day[LQ_TIME_TEXT], time[LQ_TIME_TEXT];
    if (range->as_of_ms != 0)
        lq_paragraph(
            lq_tr("\nAll of this as of what was recorded by %s; lq ledger counts is of now.\n"),
            lq_format_local(range->as_of_ms, time));
    else if (range->to != 0)
        lq_paragraph(lq_tr("\nThe ledger is as of the end of %s; lq ledger counts is of now.\n"),
                     lq_format_day(range->to, day));
    else if (lq_stats_sum(answer, STATS__FIGURE__LEDGER) > 0)
        lq_paragraph(lq_tr("\nThe ledger has the enterprises that have a status; lq ledger counts "
                           "also has those without one.\n"));
}

// ---------------------------------------------------------------- the command

static int print_answer(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by,
                        const struct stats_range *range)
{
    if (cli->format == LQ_FORMAT_JSON)
        return print_json(cli, answer, by);
    if (cli->format == LQ_FORMAT_CSV)
        return print_csv(cli, answer, by);
    if (by != STATS__BY__BY_NOTHING)
        return lq_stats_print_turned(cli, answer, by);
    const int code = print_figures(cli, answer);
    if (code == LQ_EXIT_DONE && !cli->quiet)
        tell_of_ledger(answer, range);
    return code;
}

// With a period, or "last" for the one of the same length before; else with a file of what was
// published.
static int compare(struct lq_cli *cli, const char *with, const struct stats_range *range)
{
    struct stats_range earlier;
    const bool before = strcmp(with, "last") == 0 || strcmp(with, "上期") == 0;
    if (lq_stats_period(before ? "" : with, range, &earlier))
        return lq_stats_beside(cli, range, &earlier);
    if (before)
        return lq_cli_usage(cli, "--compare last needs the days to compare: --from and --to");
    return lq_stats_compare(cli, with, range);
}

static int run_stats(struct lq_cli *cli)
{
    struct stats_range range;
    Stats__By by;
    const char *published = lq_given_text(cli, "--compare");
    if (lq_stats_range(cli, &range) != LQ_EXIT_DONE || lq_stats_by(cli, &by) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    if (published != NULL && by != STATS__BY__BY_NOTHING)
        return lq_cli_usage(cli, "--compare and --by do not go together");
    if (published != NULL)
        return compare(cli, published, &range);
    const Stats__FiguresAnswer *answer;
    const int code = lq_stats_ask(cli, &range, by, &answer);
    return code == LQ_EXIT_DONE ? print_answer(cli, answer, by, &range) : code;
}

static const struct lq_arg FIGURES[] = {
    LQ_OPTION("--from", "DATE", NULL, LQ_MAY, NULL, NULL, .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_MAY,
              "inclusive, in the county's time zone; the ledger is as of --to",
              "含首尾两日，按本县时区；台账以 --to 当日为准", .kind = LQ_DAY),
    LQ_STATS_AS_OF,
    LQ_OPTION("--by", "PART", NULL, LQ_SHOWN,
              "their parts: day, week, month, shift, township, team,\n"
              "                           department or kind",
              "分列：day 日、week 周、month 月份、shift 班次、township 乡镇、\n"
              "                           team 组、department 部门、kind 种类"),
    LQ_OPTION(
        "--compare", "PERIOD", NULL, LQ_MAY,
        "beside a day, week, month or range (2015-05, 2015-W20,\n"
        "                           2015-04-01..2015-04-15), or last, also without a value: as\n"
        "                           long, just before; or beside published figures\n"
        "                           (configs/xian/published.yaml); exit code 0 only if every\n"
        "                           one is met",
        "与某日、周、月或期间对照（2015-05、2015-W20、\n"
        "                           2015-04-01..2015-04-15），last（可省略）为紧接其前的\n"
        "                           同长期间；或与公布的数字对照\n"
        "                           （configs/xian/published.yaml），全部相符时退出码才为 0",
        .bare = "last"),
    {0},
};

static const struct lq_arg RECORDS[] = {
    LQ_POSITION("FIGURE", NULL, LQ_MUST),
    LQ_OPTION("--kind", "KIND", NULL, LQ_MAY, "of equipment, of sites; a status of the ledger",
              "设备或场所的种类；台账的状态"),
    LQ_OPTION("--from", "DATE", NULL, LQ_MAY, NULL, NULL, .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_MAY, "inclusive, in the county's time zone",
              "含首尾两日，按本县时区", .kind = LQ_DAY),
    LQ_STATS_AS_OF,
    LQ_OPTION("--township", "NAME", NULL, LQ_MAY, NULL, NULL),
    LQ_OPTION("--team", "TEAM", NULL, LQ_MAY, NULL, NULL),
    LQ_OPTION("--shift", "NAME", NULL, LQ_MAY, "day or night", "day 白班，night 夜班"),
    LQ_OPTION("--department", "NAME", NULL, LQ_MAY,
              "of who it was, at the time; unknown: where none is known",
              "行为人当时所在部门；unknown（未知）为部门不明的"),
    LQ_OPTION("--day", "DATE", NULL, LQ_MAY, NULL, NULL),
    LQ_OPTION("--week", "2015-W20", NULL, LQ_MAY, NULL, NULL),
    LQ_OPTION("--month", "2015-05", NULL, LQ_MAY, "only what stands in this part of --by",
              "只看 --by 表中这一格的"),
    {0},
};

static const struct lq_arg INTERVALS[] = {
    LQ_OPTION("--from", "DATE", "from_ms", LQ_MAY, NULL, NULL),
    LQ_OPTION("--to", "DATE", "to_ms", LQ_MAY, "orders issued in this time; a day to its end",
              "此间下达的指令；日期算到当日结束", .kind = LQ_INSTANT_END),
    LQ_OPTION("--by", "PART", "by", LQ_SHOWN, "priority, shift or team",
              "priority 等级、shift 班次或 team 组"),
    {0},
};

#define EXAMPLES                                                                                   \
    "\n  lq stats records person_times --from 2015-04-01 --to 2015-04-30\n"                        \
    "  lq stats records dismantled --kind cupola --township 郭庄镇 --month 2015-03\n"

const struct lq_verb lq_stats_verbs[] = {
    LQ_VERB("stats", "", "the campaign's figures (统计)", "统计数字", FIGURES, .help_column = 24,
            .run = run_stats),
    LQ_VERB("stats", "records", "the records behind a figure", "数字背后的记录", RECORDS,
            .help_column = 24, .notes = {EXAMPLES, EXAMPLES}, .run = lq_stats_records),
    LQ_VERB("stats", "intervals", "how long teams took: p50, p90, p99 by nearest rank",
            "各段用时：中位、九成内、99% 内（最近秩法）", INTERVALS, .service = "dispatch",
            .asks = LQ_QUERY, .variant = "intervals", .run = lq_stats_intervals),
    {0},
};
