// lq stats --compare: what was counted beside what was published. A county publishes some of its
// figures and rounds a few ("over 5,200"), so the file holds only those, each with the words in
// which it was published; what was counted and not published stands there without a judgement.
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "config/yaml.h"
#include "lq/show/paragraph.h"
#include "lq/stats/stats.h"

struct published {
    int figure; // index into lq_stats_keys
    const char *kind, *count;
};

struct publication {
    const char *title;
    int32_t from, to;
    struct lq_yaml_list figures;
};

// ---------------------------------------------------------------- the file

static const char OVER[] = "over ";

static const char *digits_of(const char *text)
{
    return strncmp(text, OVER, sizeof OVER - 1) == 0 ? text + sizeof OVER - 1 : text;
}

static const char *check_count(const char *text)
{
    const char *digits = digits_of(text);
    const size_t size = strlen(digits);
    const bool whole = size > 0 && size < 16 && strspn(digits, "0123456789") == size;
    return whole ? NULL : "a whole number, or \"over\" and one (over 5200)";
}

static const struct lq_yaml_field FIGURE_FIELDS[] = {
    {"figure",
     true,
     offsetof(struct published, figure),
     {.kind = LQ_YAML_WORD, .words = lq_stats_keys}},
    {"kind", false, offsetof(struct published, kind), {.kind = LQ_YAML_TEXT}},
    {"count",
     true,
     offsetof(struct published, count),
     {.kind = LQ_YAML_TEXT, .check = check_count}},
    {0},
};

static const struct published BLANK = {.kind = ""};

static const struct lq_yaml_type ONE_FIGURE = {
    .kind = LQ_YAML_MAP,
    .fields = FIGURE_FIELDS,
    .size = sizeof(struct published),
    .blank = &BLANK,
};

static const struct lq_yaml_field FIELDS[] = {
    {"title", true, offsetof(struct publication, title), {.kind = LQ_YAML_TEXT}},
    {"from", true, offsetof(struct publication, from), {.kind = LQ_YAML_DAY}},
    {"to", true, offsetof(struct publication, to), {.kind = LQ_YAML_DAY}},
    {"figures",
     true,
     offsetof(struct publication, figures),
     {.kind = LQ_YAML_LIST, .items = &ONE_FIGURE}},
    {0},
};

// ---------------------------------------------------------------- comparing

struct comparison {
    struct lq_cli *cli;
    const struct publication *publication;
    const Stats__FiguresAnswer *counted;
    struct lq_output *output;
    unsigned missed;
};

static const struct published *find(const struct comparison *c, Stats__Figure figure,
                                    const char *kind)
{
    const struct published *all = c->publication->figures.items;
    for (size_t i = 0; i < c->publication->figures.count; i++)
        if (all[i].figure == (int)figure && strcmp(all[i].kind, kind) == 0)
            return &all[i];
    return NULL;
}

static bool is_counted(const struct comparison *c, const struct published *published)
{
    for (size_t i = 0; i < c->counted->n_counts; i++)
        if ((int)c->counted->counts[i]->figure == published->figure &&
            strcmp(c->counted->counts[i]->kind, published->kind) == 0)
            return true;
    return false;
}

static bool is_met(const struct published *published, int64_t counted)
{
    const int64_t number = strtoll(digits_of(published->count), NULL, 10);
    return digits_of(published->count) != published->count ? counted > number : counted == number;
}

static void add_match(struct comparison *c, bool met)
{
    if (c->cli->format == LQ_FORMAT_TABLE)
        lq_output_text(c->output, met ? "✓" : "✗");
    else
        lq_output_flag(c->output, met);
    c->missed += !met;
}

static void add_name(struct comparison *c, Stats__Figure figure, const char *kind)
{
    if (c->cli->format != LQ_FORMAT_TABLE) {
        lq_output_text(c->output, lq_stats_keys[figure]);
        lq_output_text(c->output, kind);
        return;
    }
    lq_output_text(c->output, lq_stats_title(c->cli, figure));
    lq_output_text(c->output, *kind != '\0' ? lq_stats_kind_title(c->cli, kind) + 2 : "");
}

static void add_line(struct comparison *c, Stats__Figure figure, const char *kind, int64_t counted,
                     const struct published *published)
{
    add_name(c, figure, kind);
    lq_output_number(c->output, counted);
    if (published == NULL) {
        lq_output_none(c->output);
        lq_output_none(c->output);
        return;
    }
    if (digits_of(published->count) == published->count)
        lq_output_number(c->output, strtoll(published->count, NULL, 10));
    else
        lq_output_text(c->output, published->count);
    add_match(c, is_met(published, counted));
}

// The lines of one figure: what was counted, then what was published and not counted at all.
static void add_figure(struct comparison *c, Stats__Figure figure)
{
    for (size_t i = 0; i < c->counted->n_counts; i++) {
        const Stats__Count *count = c->counted->counts[i];
        if (count->figure == figure)
            add_line(c, figure, count->kind, count->total, find(c, figure, count->kind));
    }
    const struct published *all = c->publication->figures.items;
    for (size_t i = 0; i < c->publication->figures.count; i++)
        if (all[i].figure == (int)figure && !is_counted(c, &all[i]))
            add_line(c, figure, all[i].kind, 0, &all[i]);
}

static int print_comparison(struct comparison *c, const struct stats_range *range)
{
    static const struct lq_column columns[] = {
        {.key = "figure", .title = "FIGURE", .zh = "指标", .whole = true},
        {.key = "kind", .title = "KIND", .zh = "种类", .whole = true},
        {.key = "counted", .title = "COUNTED", .zh = "统计", .right = true},
        {.key = "published", .title = "PUBLISHED", .zh = "公布", .right = true},
        {.key = "match", .title = "MATCH", .zh = "相符", .whole = true},
    };
    c->output = lq_output_new(columns, sizeof columns / sizeof *columns);
    for (int figure = STATS__FIGURE__OPERATIONS; lq_stats_keys[figure] != NULL; figure++)
        add_figure(c, (Stats__Figure)figure);
    if (c->cli->format == LQ_FORMAT_TABLE && !c->cli->quiet) {
        char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
        lq_paragraph(lq_tr("%s, %s to %s\n\n"), c->publication->title,
                     lq_format_day(range->from, from), lq_format_day(range->to, to));
    }
    const int code = lq_cli_print(c->cli, c->output);
    if (code != LQ_EXIT_DONE)
        return code;
    if (c->missed > 0)
        lq_cli_say("%u of %zu published figures are not met", c->missed,
                   c->publication->figures.count);
    return c->missed > 0 ? LQ_EXIT_REFUSED : LQ_EXIT_DONE;
}

int lq_stats_compare(struct lq_cli *cli, const char *path, const struct stats_range *range)
{
    struct publication publication = {0};
    if (lq_yaml_load_file(path, FIELDS, &publication, &cli->arena) != LQ_OK) {
        lq_cli_say("%s", lq_cli_fault_text());
        return LQ_EXIT_REFUSED;
    }
    const struct stats_range asked = {
        .from = range->from != 0 ? range->from : publication.from,
        .to = range->to != 0 ? range->to : publication.to,
    };
    struct comparison c = {.cli = cli, .publication = &publication};
    const int code = lq_stats_ask(cli, &asked, STATS__BY__BY_NOTHING, &c.counted);
    return code == LQ_EXIT_DONE ? print_comparison(&c, &asked) : code;
}
