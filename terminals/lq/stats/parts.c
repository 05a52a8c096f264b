// Parts of figures: what they are called, which of them was asked for, and which there are.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "lq/show/words.h"
#include "lq/stats/stats.h"

// In the order of the enum.
static const struct {
    const char *key, *title, *zh;
} PARTS[] = {
    [STATS__BY__TOWNSHIP] = {"township", "TOWNSHIP", "乡镇"},
    [STATS__BY__MONTH] = {"month", "MONTH", "月份"},
    [STATS__BY__TEAM] = {"team", "TEAM", "组"},
    [STATS__BY__CIVIL_DAY] = {"day", "DAY", "日期"},
    [STATS__BY__WEEK] = {"week", "WEEK", "周"},
    [STATS__BY__DUTY_SHIFT] = {"shift", "SHIFT", "班次"},
    [STATS__BY__KIND] = {"kind", "KIND", "种类"},
    [STATS__BY__DEPARTMENT] = {"department", "DEPARTMENT", "部门"},
};
enum { PART_KINDS = sizeof PARTS / sizeof *PARTS };

const char *lq_stats_by_key(Stats__By by)
{
    return PARTS[by].key;
}

const char *lq_stats_by_title(Stats__By by)
{
    return lq_language() == LQ_CHINESE ? PARTS[by].zh : PARTS[by].title;
}

const char *lq_stats_by_word(Stats__By by)
{
    return lq_language() == LQ_CHINESE ? PARTS[by].zh : PARTS[by].key;
}

const char *lq_stats_part_title(struct lq_cli *cli, Stats__By by, const char *part)
{
    if (by == STATS__BY__DUTY_SHIFT || by == STATS__BY__DEPARTMENT)
        return lq_kind_shown("kind", part);
    if (by != STATS__BY__KIND)
        return part;
    if (lq_language() == LQ_CHINESE)
        return lq_tr_word(LQ_CHINESE, part);
    char *text = lq_arena_text(&cli->arena, part);
    for (char *at = text; *at != '\0'; at++)
        if (*at == '_')
            *at = ' ';
    return text;
}

int lq_stats_by(struct lq_cli *cli, Stats__By *by)
{
    const char *text = lq_given_text(cli, "--by");
    *by = STATS__BY__BY_NOTHING;
    if (text == NULL)
        return LQ_EXIT_DONE;
    for (int i = STATS__BY__TOWNSHIP; i < PART_KINDS; i++)
        if (strcmp(text, PARTS[i].key) == 0 || strcmp(text, PARTS[i].zh) == 0)
            *by = (Stats__By)i;
    int found;
    if (*by == STATS__BY__BY_NOTHING && lq_word_parse(&stats__by__descriptor, text, &found))
        *by = (Stats__By)found;
    if (*by != STATS__BY__BY_NOTHING)
        return LQ_EXIT_DONE;
    return lq_cli_usage(
        cli, "--by takes day, week, month, shift, township, team, department or kind, not \"%s\"",
        text);
}

// ---------------------------------------------------------------- periods

// "2015-W20", by ISO 8601: the fourth of January is always in the first week.
static bool read_week(const char *text, int32_t *first, int32_t *last)
{
    int year, week, read = 0;
    if (strlen(text) != 8 || sscanf(text, "%4d-%*1[Ww]%2d%n", &year, &week, &read) != 2 ||
        read != 8 || year < 1970 || week < 1 || week > 53)
        return false;
    const int32_t fourth = lq_day_from_date(year, 1, 4);
    const int32_t next = lq_day_from_date(year + 1, 1, 4);
    *first = fourth - lq_weekday(fourth) + 7 * (week - 1);
    *last = *first + 6;
    return *last < next - lq_weekday(next);
}

static bool read_month(const char *text, int32_t *first, int32_t *last)
{
    int year, month, read = 0;
    if (strlen(text) != 7 || sscanf(text, "%4d-%2d%n", &year, &month, &read) != 2 || read != 7 ||
        year < 1970 || month < 1 || month > 12)
        return false;
    *first = lq_day_from_date(year, month, 1);
    *last = lq_day_from_date(year + month / 12, month % 12 + 1, 1) - 1;
    return true;
}

static bool read_day(const char *text, int32_t *first, int32_t *last)
{
    const bool is_day = lq_cli_day(text, first);
    *last = *first;
    return is_day;
}

static bool read_period(const char *text, int32_t *first, int32_t *last)
{
    return read_week(text, first, last) || read_month(text, first, last) ||
           read_day(text, first, last);
}

bool lq_stats_period(const char *text, const struct stats_range *range, struct stats_range *out)
{
    *out = (struct stats_range){.as_of_ms = range->as_of_ms};
    if (*text == '\0') {
        out->to = range->from - 1;
        out->from = out->to - (range->to - range->from);
        return range->from > 0 && range->to >= range->from && out->from > 0;
    }
    const char *dots = strstr(text, "..");
    if (dots == NULL)
        return read_period(text, &out->from, &out->to);
    char first[LQ_TIME_TEXT];
    const size_t size = (size_t)(dots - text);
    int32_t none;
    if (size >= sizeof first)
        return false;
    memcpy(first, text, size);
    first[size] = '\0';
    return read_period(first, &out->from, &none) && read_period(dots + 2, &none, &out->to) &&
           out->from <= out->to;
}

// Periods that are given together, or with --from and --to, mean the days that they share.
static int narrow(struct lq_cli *cli, Stats__Records *asked)
{
    static const struct {
        const char *option, *takes;
        bool (*read)(const char *text, int32_t *first, int32_t *last);
    } PERIODS[] = {
        {"--day", LQ_TR_LATER("a day (2015-03-06, today, yesterday, tomorrow)"), read_day},
        {"--week", LQ_TR_LATER("a week of a year (2015-W20)"), read_week},
        {"--month", LQ_TR_LATER("a month of a year (2015-05)"), read_month},
    };
    for (size_t i = 0; i < sizeof PERIODS / sizeof *PERIODS; i++) {
        const char *text = lq_given_text(cli, PERIODS[i].option);
        int32_t first = 0, last = 0;
        if (text == NULL)
            continue;
        if (!PERIODS[i].read(text, &first, &last))
            return lq_cli_usage(cli, "%s takes %s, not \"%s\"", PERIODS[i].option,
                                lq_tr(PERIODS[i].takes), text);
        asked->from_day = first > asked->from_day ? first : asked->from_day;
        asked->to_day = asked->to_day == 0 || last < asked->to_day ? last : asked->to_day;
    }
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- filters

static char *given(struct lq_cli *cli, const char *option)
{
    const char *text = lq_given_text(cli, option);
    return lq_arena_text(&cli->arena, text != NULL ? text : "");
}

int lq_stats_filters(struct lq_cli *cli, Stats__Records *asked)
{
    const char *figure = lq_stats_keys[asked->figure];
    asked->township = given(cli, "--township");
    asked->team = given(cli, "--team");
    asked->duty_shift = lq_arena_text(&cli->arena, lq_kind_typed("kind", given(cli, "--shift")));
    asked->department =
        lq_arena_text(&cli->arena, lq_kind_typed("kind", given(cli, "--department")));
    asked->kind = lq_arena_text(&cli->arena, lq_kind_typed("kind", given(cli, "--kind")));
    if (*asked->kind != '\0' && !lq_stats_figure(asked->figure)->kinds)
        return lq_cli_usage(cli, "%s has no kinds", figure);
    if (*asked->team != '\0' && !lq_stats_figure(asked->figure)->teams)
        return lq_cli_usage(cli, "%s is not counted by team; operations and person_times are",
                            figure);
    if (*asked->duty_shift != '\0' && asked->figure == STATS__FIGURE__LEDGER)
        return lq_cli_usage(cli, "the ledger is a state, and in no shift");
    return narrow(cli, asked);
}

// ---------------------------------------------------------------- which there are

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t lq_stats_part_names(struct lq_cli *cli, const Stats__FiguresAnswer *answer,
                           const char ***out)
{
    const char **names = LQ_NEW_ARRAY(&cli->arena, const char *, answer->n_parts + 1);
    size_t count = 0;
    for (size_t i = 0; i < answer->n_parts; i++)
        names[i] = answer->parts[i]->part;
    if (answer->n_parts > 0)
        qsort(names, answer->n_parts, sizeof *names, by_text);
    for (size_t i = 0; i < answer->n_parts; i++)
        if (count == 0 || strcmp(names[count - 1], names[i]) != 0)
            names[count++] = names[i];
    *out = names;
    return count;
}

static int check_part(struct lq_cli *cli, const char *option, Stats__By by, Stats__Figure figure,
                      const char *name)
{
    const struct stats_range all = {0};
    const Stats__FiguresAnswer *answer;
    if (*name == '\0')
        return LQ_EXIT_DONE;
    const int code = lq_stats_ask(cli, &all, by, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    Stats__FiguresAnswer of_figure = *answer;
    of_figure.n_parts = 0;
    of_figure.parts = LQ_NEW_ARRAY(&cli->arena, Stats__Part *, answer->n_parts + 1);
    for (size_t i = 0; i < answer->n_parts; i++)
        if (by != STATS__BY__KIND || answer->parts[i]->figure == figure)
            of_figure.parts[of_figure.n_parts++] = answer->parts[i];
    const char **names, *list = "";
    const size_t count = lq_stats_part_names(cli, &of_figure, &names);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return LQ_EXIT_DONE;
        list = lq_arena_format(&cli->arena, "%s%s%s", list, i > 0 ? lq_tr(", ") : "",
                               lq_stats_part_title(cli, by, names[i]));
    }
    return lq_cli_usage(cli, "%s: nothing is counted under \"%s\"; there is %s", option, name,
                        count > 0 ? list : lq_tr("nothing yet"));
}

int lq_stats_no_such_part(struct lq_cli *cli, const Stats__Records *asked)
{
    int code = check_part(cli, "--township", STATS__BY__TOWNSHIP, asked->figure, asked->township);
    if (code == LQ_EXIT_DONE)
        code = check_part(cli, "--team", STATS__BY__TEAM, asked->figure, asked->team);
    if (code == LQ_EXIT_DONE)
        code = check_part(cli, "--shift", STATS__BY__DUTY_SHIFT, asked->figure, asked->duty_shift);
    if (code == LQ_EXIT_DONE)
        code = check_part(cli, "--department", STATS__BY__DEPARTMENT, asked->figure,
                          asked->department);
    return code == LQ_EXIT_DONE
               ? check_part(cli, "--kind", STATS__BY__KIND, asked->figure, asked->kind)
               : code;
}
