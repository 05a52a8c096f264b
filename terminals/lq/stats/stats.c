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
#include "lq/show/show.h"
#include "lq/stats/stats.h"
#include "lq/show/words.h"

// ---------------------------------------------------------------- words

// What --by takes, and the header of its parts.
static const struct {
    const char *key, *title, *zh;
} PARTS[] = {
    [STATS__BY__TOWNSHIP] = {"township", "TOWNSHIP", "乡镇"},
    [STATS__BY__MONTH] = {"month", "MONTH", "月份"},
    [STATS__BY__TEAM] = {"team", "TEAM", "组"},
};

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
    const char *term = lq_tr_word(LQ_CHINESE, kind);
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

struct stats_range lq_stats_range(const struct lq_cli *cli)
{
    return (struct stats_range){day_of(cli, "--from"), day_of(cli, "--to")};
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
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_FIGURES;
    query.figures = &figures;
    ProtobufCMessage *answer;
    const int code = lq_cli_query(cli, "stats", &query.base, &stats__answer__descriptor, &answer);
    if (code == LQ_EXIT_DONE)
        *out = ((const Stats__Answer *)(const void *)answer)->figures;
    return code;
}

static int64_t sum(const Stats__FiguresAnswer *answer, Stats__Figure figure)
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
        row->kinds ? kinds_of(answer, figure) : json_integer(sum(answer, figure)));
}

static void set_operations_by(json_t *object, const Stats__FiguresAnswer *answer, Stats__By by)
{
    static const char *const KEYS[] = {
        [STATS__BY__TOWNSHIP] = "operations_by_township",
        [STATS__BY__MONTH] = "operations_by_month",
        [STATS__BY__TEAM] = "operations_by_team",
    };
    json_t *parts = json_object();
    for (size_t i = 0; i < answer->n_parts; i++)
        if (answer->parts[i]->figure == STATS__FIGURE__OPERATIONS)
            set(parts, answer->parts[i]->part, json_integer(answer->parts[i]->total));
    set(object, KEYS[by], parts);
}

static int print_json(const Stats__FiguresAnswer *answer, Stats__By by)
{
    json_t *object = json_object();
    LQ_ASSERT(object != NULL);
    for (int figure = STATS__FIGURE__OPERATIONS; lq_stats_keys[figure] != NULL; figure++)
        set_figure(object, answer, (Stats__Figure)figure);
    if (by != STATS__BY__BY_NOTHING)
        set_operations_by(object, answer, by);
    lq_print_json(object, false, stdout);
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- CSV

static void csv_row(struct lq_output *output, int figure, const char *kind, const char *part,
                    int64_t total)
{
    lq_output_word(output, &stats__figure__descriptor, figure);
    lq_output_text(output, kind);
    if (part != NULL)
        lq_output_text(output, part);
    lq_output_number(output, total);
}

// With --by a row without a part is the total.
static int print_csv(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by)
{
    static const struct lq_column plain[] = {
        {.key = "figure"},
        {.key = "kind"},
        {.key = "count"},
    };
    struct lq_column parted[] = {
        {.key = "figure"}, {.key = "kind"}, {.key = PARTS[by].key}, {.key = "count"}};
    const bool with_parts = by != STATS__BY__BY_NOTHING;
    struct lq_output *output = with_parts ? lq_output_new(parted, 4) : lq_output_new(plain, 3);
    for (size_t i = 0; i < answer->n_counts; i++) {
        const Stats__Count *count = answer->counts[i];
        csv_row(output, count->figure, count->kind, with_parts ? "" : NULL, count->total);
    }
    for (size_t i = 0; i < answer->n_parts; i++) {
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
    lq_output_number(output, sum(answer, figure));
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

static int64_t part_sum(const Stats__FiguresAnswer *answer, Stats__Figure figure, const char *part)
{
    int64_t total = 0;
    for (size_t i = 0; i < answer->n_parts; i++)
        if (answer->parts[i]->figure == figure &&
            (part == NULL || strcmp(answer->parts[i]->part, part) == 0))
            total += answer->parts[i]->total;
    return total;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The names of the parts, each once.
static size_t part_names(struct lq_cli *cli, const Stats__FiguresAnswer *answer, const char ***out)
{
    const char **names = LQ_NEW_ARRAY(&cli->arena, const char *, answer->n_parts + 1);
    size_t all = 0, count = 0;
    for (size_t i = 0; i < answer->n_parts; i++)
        if (answer->parts[i]->figure != STATS__FIGURE__LEDGER)
            names[all++] = answer->parts[i]->part;
    if (all > 0)
        qsort(names, all, sizeof *names, by_text);
    for (size_t i = 0; i < all; i++)
        if (count == 0 || strcmp(names[count - 1], names[i]) != 0)
            names[count++] = names[i];
    *out = names;
    return count;
}

static int print_parts(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by)
{
    // What is nowhere counted has no column.
    struct lq_column columns[STATS__FIGURE__LEDGER + 2] = {
        {.key = PARTS[by].key, .title = PARTS[by].title, .zh = PARTS[by].zh, .whole = true}};
    Stats__Figure figures[STATS__FIGURE__LEDGER + 1];
    size_t shown = 0;
    for (int i = STATS__FIGURE__OPERATIONS; lq_stats_keys[i] != NULL; i++) {
        const char *title = lq_stats_figure((Stats__Figure)i)->column;
        if (title == NULL || part_sum(answer, (Stats__Figure)i, NULL) == 0)
            continue;
        figures[shown++] = (Stats__Figure)i;
        columns[shown] = (struct lq_column){
            .title = title, .zh = lq_stats_figure((Stats__Figure)i)->term, .right = true};
    }
    const char **names;
    const size_t count = part_names(cli, answer, &names);
    struct lq_output *output = lq_output_new(columns, shown + 1);
    for (size_t i = 0; i < count; i++) {
        lq_output_text(output, names[i]);
        for (size_t j = 0; j < shown; j++)
            lq_output_number(output, part_sum(answer, figures[j], names[i]));
    }
    putchar('\n');
    return lq_cli_print(cli, output);
}

// ---------------------------------------------------------------- the command

static int find_by(struct lq_cli *cli, Stats__By *by)
{
    const char *text = lq_given_text(cli, "--by");
    if (text == NULL)
        return LQ_EXIT_DONE;
    for (int i = STATS__BY__TOWNSHIP; i <= STATS__BY__TEAM; i++)
        if (strcmp(text, PARTS[i].key) == 0 || strcmp(text, PARTS[i].zh) == 0)
            *by = (Stats__By)i;
    return *by != STATS__BY__BY_NOTHING
               ? LQ_EXIT_DONE
               : lq_cli_usage(cli, "--by takes township, month or team, not \"%s\"", text);
}

static int print_answer(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by)
{
    if (cli->format == LQ_FORMAT_JSON)
        return print_json(answer, by);
    if (cli->format == LQ_FORMAT_CSV)
        return print_csv(cli, answer, by);
    const int code = print_figures(cli, answer);
    return code == LQ_EXIT_DONE && by != STATS__BY__BY_NOTHING ? print_parts(cli, answer, by)
                                                               : code;
}

static int run_stats(struct lq_cli *cli)
{
    const struct stats_range range = lq_stats_range(cli);
    Stats__By by = STATS__BY__BY_NOTHING;
    const char *published = lq_given_text(cli, "--compare");
    if (find_by(cli, &by) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    if (published != NULL && by != STATS__BY__BY_NOTHING)
        return lq_cli_usage(cli, "--compare and --by do not go together");
    if (published != NULL)
        return lq_stats_compare(cli, published, &range);
    const Stats__FiguresAnswer *answer;
    const int code = lq_stats_ask(cli, &range, by, &answer);
    return code == LQ_EXIT_DONE ? print_answer(cli, answer, by) : code;
}

static const struct lq_arg FIGURES[] = {
    LQ_OPTION("--from", "DATE", NULL, LQ_MAY, NULL, NULL, .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_MAY,
              "inclusive, in the county's time zone; the ledger is as of --to",
              "含首尾两日，按本县时区；台账以 --to 当日为准", .kind = LQ_DAY),
    LQ_OPTION("--by", "township|month|team", NULL, LQ_MAY, "a second table with their parts",
              "另列分乡镇、分月或分组的表"),
    LQ_OPTION("--compare", "FILE", NULL, LQ_MAY,
              "beside published figures (configs/xian/published.yaml); exit code\n"
              "                           0 only if every one is met",
              "与公布的数字对照（configs/xian/published.yaml）；全部相符时退出码才为 0"),
    {0},
};

static const struct lq_arg RECORDS[] = {
    LQ_POSITION("FIGURE", NULL, LQ_MUST),
    LQ_OPTION("--kind", "KIND", NULL, LQ_MAY, "of equipment, of sites; a status of the ledger",
              "设备或场所的种类；台账的状态"),
    LQ_OPTION("--from", "DATE", NULL, LQ_MAY, NULL, NULL, .kind = LQ_DAY),
    LQ_OPTION("--to", "DATE", NULL, LQ_MAY, "inclusive, in the county's time zone",
              "含首尾两日，按本县时区", .kind = LQ_DAY),
    {0},
};

#define EXAMPLES                                                                                   \
    "\n  lq stats records person_times --from 2015-04-01 --to 2015-04-30\n"                        \
    "  lq stats records dismantled --kind cupola\n"

const struct lq_verb lq_stats_verbs[] = {
    LQ_VERB("stats", "", "the campaign's figures (统计)", "统计数字", FIGURES, .help_column = 24,
            .run = run_stats),
    LQ_VERB("stats", "records", "the records behind a figure", "数字背后的记录", RECORDS,
            .help_column = 24, .notes = {EXAMPLES, EXAMPLES}, .run = lq_stats_records),
    {0},
};
