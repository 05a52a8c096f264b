// lq bulletin: the figures of a week as they were published, beside the week before and what is
// counted of them now.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "lq/cli/things.h"
#include "lq/nouns/nouns.h"
#include "lq/show/list.h"
#include "lq/show/next.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/text.h"
#include "lq/show/words.h"
#include "lq/stats/stats.h"

enum { NUMBER_TEXT = 32 };

// ---------------------------------------------------------------- asking

// The week before this one: the latest that is over.
static const char *last_week(struct lq_cli *cli)
{
    int year, month, of_month;
    const int32_t today = lq_day_of(lq_wall_ms());
    const int32_t thursday = today - lq_weekday(today) - 7 + 3;
    lq_day_to_date(thursday, &year, &month, &of_month);
    return lq_arena_format(&cli->arena, "%04d-W%02d", year,
                           (thursday - lq_day_from_date(year, 1, 1)) / 7 + 1);
}

static int ask(struct lq_cli *cli, const char *week, const char *number,
               const ProtobufCMessage **out)
{
    Stats__ShowBulletin show = STATS__SHOW_BULLETIN__INIT;
    Stats__Query query = STATS__QUERY__INIT;
    show.week = lq_unconst(week);
    show.number = lq_unconst(number);
    query.body_case = STATS__QUERY__BODY_BULLETIN;
    query.bulletin = &show;
    ProtobufCMessage *answer;
    const int code = lq_cli_query(cli, "stats", &query.base, &stats__answer__descriptor, &answer);
    *out = code == LQ_EXIT_DONE ? answer : NULL;
    return code;
}

// ---------------------------------------------------------------- for people

static void add_signed(struct lq_output *output, int64_t difference)
{
    char text[NUMBER_TEXT];
    snprintf(text, sizeof text, "%+lld", (long long)difference);
    lq_output_text(output, difference != 0 ? text : "");
    lq_output_mark(output, difference != 0 ? LQ_ALERT : LQ_PLAIN);
}

static void add_line(struct lq_output *output, const char *title, const Stats__BulletinLine *line)
{
    lq_output_text(output, title);
    lq_output_number(output, line->count);
    lq_output_number(output, line->before);
    lq_output_number(output, line->now);
    add_signed(output, line->now - line->count);
}

// A figure that has kinds: of all of them, and each below it.
static void add_figure(struct lq_cli *cli, struct lq_output *output,
                       const Stats__BulletinAnswer *told, Stats__Figure figure)
{
    Stats__BulletinLine sum = STATS__BULLETIN_LINE__INIT;
    for (size_t i = 0; i < told->n_lines; i++)
        if (told->lines[i]->figure == figure) {
            sum.count += told->lines[i]->count;
            sum.before += told->lines[i]->before;
            sum.now += told->lines[i]->now;
        }
    add_line(output, lq_stats_title(cli, figure), &sum);
    for (size_t i = 0; lq_stats_figure(figure)->kinds && i < told->n_lines; i++)
        if (told->lines[i]->figure == figure)
            add_line(output, lq_stats_kind_title(cli, told->lines[i]->kind), told->lines[i]);
}

static void print_head(struct lq_cli *cli, const Stats__Bulletin *b)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT], at[LQ_TIME_TEXT], state[LQ_WORD_TEXT];
    lq_paragraph(lq_tr("%s  week %s, %s to %s  %s\n"), b->number, b->week,
                 lq_format_day(b->from_day, from), lq_format_day(b->to_day, to),
                 lq_word_shown(&stats__bulletin_state__descriptor, (int)b->state, state));
    printf(lq_tr("published by %s at %s\n"), b->published_by,
           lq_format_local(b->published_at_ms, at));
    if (b->signed_at_ms != 0)
        printf(lq_tr("signed by %s at %s\n"), b->signed_by, lq_format_local(b->signed_at_ms, at));
    if (b->note[0] != '\0')
        lq_paragraph("%s", b->note);
    const char *streams = "";
    for (size_t i = 0; i < b->n_counted; i++)
        streams = lq_arena_format(&cli->arena, "%s%s%s#%llu", streams, i > 0 ? lq_tr(", ") : "",
                                  lq_service_shown(b->counted[i]->stream),
                                  (unsigned long long)b->counted[i]->seq);
    lq_paragraph(lq_tr("counted up to %s"), streams);
    putchar('\n');
}

static int print_table(struct lq_cli *cli, const Stats__BulletinAnswer *told)
{
    static const struct lq_column columns[] = {
        {.title = "FIGURE", .zh = "指标", .whole = true},
        {.title = "THIS WEEK", .zh = "本周", .right = true},
        {.title = "WEEK BEFORE", .zh = "上周", .right = true},
        {.title = "NOW", .zh = "现计", .right = true},
        {.title = "DIFFERENCE", .zh = "差额", .right = true},
    };
    if (!cli->quiet)
        print_head(cli, told->bulletin);
    struct lq_output *output = lq_output_new(columns, sizeof columns / sizeof *columns);
    for (int i = STATS__FIGURE__OPERATIONS; lq_stats_keys[i] != NULL; i++)
        add_figure(cli, output, told, (Stats__Figure)i);
    int code = lq_cli_print(cli, output);
    bool changed = false;
    for (size_t i = 0; i < told->n_lines; i++)
        changed = changed || told->lines[i]->now != told->lines[i]->count;
    if (code == LQ_EXIT_DONE && !cli->quiet && changed)
        lq_paragraph(
            lq_tr("\nWhat was recorded or corrected since stands under NOW; lq stats records "
                  "FIGURE --week %s\nshows each record.\n"),
            told->bulletin->week);
    return code;
}

// ---------------------------------------------------------------- for programs

static int print_csv(struct lq_cli *cli, const Stats__BulletinAnswer *told)
{
    static const struct lq_column columns[] = {
        {.key = "number", .zh = "期号"},     {.key = "week", .zh = "周"},
        {.key = "state", .zh = "状态"},      {.key = "figure", .zh = "指标"},
        {.key = "kind", .zh = "种类"},       {.key = "count", .zh = "本周"},
        {.key = "before", .zh = "上周"},     {.key = "now", .zh = "现计"},
        {.key = "difference", .zh = "差额"},
    };
    struct lq_output *output = lq_output_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < told->n_lines; i++) {
        const Stats__BulletinLine *line = told->lines[i];
        lq_output_text(output, told->bulletin->number);
        lq_output_text(output, told->bulletin->week);
        lq_output_word(output, &stats__bulletin_state__descriptor, (int)told->bulletin->state);
        lq_output_word(output, &stats__figure__descriptor, (int)line->figure);
        lq_output_text(output, lq_kind_shown("kind", line->kind));
        lq_output_number(output, line->count);
        lq_output_number(output, line->before);
        lq_output_number(output, line->now);
        lq_output_number(output, line->now - line->count);
    }
    return lq_cli_print(cli, output);
}

static int run_show(struct lq_cli *cli)
{
    const char *week = lq_given_text(cli, "--week"), *number = lq_given_text(cli, "NUMBER");
    const ProtobufCMessage *answer;
    if (week != NULL && number != NULL)
        return lq_cli_usage(cli, "a bulletin is named by its week or its number: one of them");
    if (week == NULL)
        week = last_week(cli);
    const int code = ask(cli, week, number != NULL ? lq_paper_number(cli, number) : "", &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Stats__BulletinAnswer *told = ((const Stats__Answer *)(const void *)answer)->bulletin;
    if (told->bulletin == NULL) {
        if (number != NULL)
            lq_cli_say("there is no bulletin %s (lq bulletin list lists them)", number);
        else
            lq_cli_say("week %s has no bulletin (lq bulletin list lists them)", week);
        return LQ_EXIT_REFUSED;
    }
    if (cli->format == LQ_FORMAT_CSV)
        return print_csv(cli, told);
    return cli->format == LQ_FORMAT_JSON ? lq_cli_show(cli, &told->base) : print_table(cli, told);
}

// ---------------------------------------------------------------- the verbs

static int by_number(const void *a, const void *b)
{
    const Stats__Bulletin *x = *(Stats__Bulletin *const *)a, *y = *(Stats__Bulletin *const *)b;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static lq_compare_fn *order(const ProtobufCMessage *asked)
{
    (void)asked;
    return by_number;
}

static const struct lq_column COLUMNS[] = {
    LQ_COLUMN("NUMBER", "期号", "number", .whole = true),
    LQ_COLUMN("WEEK", "周", "week", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("PUBLISHED", "编发", "published_at_ms", .whole = true),
    LQ_COLUMN("SIGNED BY", "签发人", "signed_by"),
    {0},
};

static const struct lq_arg SHOW[] = {
    LQ_POSITION("NUMBER", NULL, LQ_MAY),
    LQ_OPTION("--week", "2015-W20", NULL, LQ_SHOWN, "of that week (default: the last one)",
              "哪一周的（默认上周）", .kind = LQ_TEXT),
    {0},
};

static const struct lq_arg PUBLISH[] = {
    LQ_OPTION("--week", "2015-W20", "week", LQ_MUST, "the figures of which week", "哪一周的数字"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--state", "STATE", "state", LQ_SHOWN, "published, signed, refused or withdrawn",
              "published 待签发、signed 已签发、refused 已退回、withdrawn 已撤回"),
    LQ_LIMIT_OPTION,
    {0},
};

const struct lq_verb lq_bulletin_verbs[] = {
    LQ_VERB("bulletin", "", "a week's figures as published (周报)", "周报：一周的数字及其后的更正",
            SHOW, .run = run_show),
    LQ_VERB("bulletin", "publish", "freeze a week's figures in its bulletin", "编发一周的周报",
            PUBLISH, LQ_SENDS("stats", "publish_bulletin"),
            .needs = {"which week is to be published? --week 2015-W20",
                      "须指明编发哪一周的：--week 2015-W20"}),
    LQ_VERB("bulletin", "list", "all bulletins", "全部周报", LIST,
            LQ_ASKS_FOR("stats", "bulletins"), .columns = COLUMNS, .order = order),
    {0},
};
