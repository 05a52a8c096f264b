// Who has which shift in which week. Nothing of it is kept: whose week it is follows from any shift
// that is known, and what else the pattern says is said again, or as it mostly is.
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "lq/nouns/people.h"
#include "lq/nouns/rota.h"

const char *lq_rota_shift_name(const struct lq_rota_pattern *pattern, unsigned shift)
{
    static const char *const NAMES[][LQ_ROTA_SHIFTS] = {
        {"day"}, {"day", "night"}, {"day", "evening", "night"}};
    return NAMES[pattern->shift_count - 1][shift];
}

static unsigned index_of(const struct lq_rota_pattern *pattern, const char *group)
{
    unsigned i = 0;
    while (i + 1 < pattern->group_count && strcmp(pattern->groups[i], group) != 0)
        i++;
    return i;
}

bool lq_rota_is_group(const struct lq_rota_pattern *pattern, const char *group)
{
    return strcmp(pattern->groups[index_of(pattern, group)], group) == 0;
}

const char *lq_rota_groups_text(struct lq_cli *cli, const struct lq_rota_pattern *pattern)
{
    const char *text = "";
    for (unsigned i = 0; i < pattern->group_count; i++)
        text = lq_arena_format(&cli->arena, "%s%s%s", text, i > 0 ? lq_tr(", ") : "",
                               pattern->groups[i]);
    return text;
}

static int32_t week_start(const struct lq_rota_pattern *pattern, int32_t day)
{
    return day - (lq_weekday(day) - pattern->turn + 7) % 7;
}

const char *lq_rota_group(const struct lq_rota_pattern *pattern, const Shift__Shift *known,
                          int32_t day, unsigned shift)
{
    const int count = (int)pattern->group_count;
    const int weeks = (week_start(pattern, day) - week_start(pattern, known->date_day)) / 7 % count;
    unsigned of_known = 0;
    for (unsigned i = 0; i < pattern->shift_count; i++)
        if (strcmp(lq_rota_shift_name(pattern, i), known->name) == 0)
            of_known = i;
    const int turned = (int)index_of(pattern, known->group) - (int)of_known + weeks + (int)shift;
    return pattern->groups[(unsigned)(turned % count + 2 * count) % (unsigned)count];
}

// ---------------------------------------------------------------- reading it

// False: there are too many.
static bool add_group(struct lq_rota_pattern *pattern, const char *group)
{
    for (unsigned i = 0; i < pattern->group_count; i++)
        if (strcmp(pattern->groups[i], group) == 0)
            return true;
    if (pattern->group_count == LQ_ROTA_GROUPS)
        return false;
    pattern->groups[pattern->group_count++] = group;
    return true;
}

// Of the last shifts that are planned: as many as a week of a pattern has.
static void groups_of_rota(const struct lq_list_rows *planned, struct lq_rota_pattern *pattern)
{
    const size_t week = 7 * LQ_ROTA_SHIFTS;
    for (size_t i = planned->count > week ? planned->count - week : 0; i < planned->count; i++)
        add_group(pattern, ((const Shift__Shift *)(const void *)planned->rows[i])->group);
}

// Everybody's who has one; those of the rota first.
static int groups_of_roster(struct lq_cli *cli, struct lq_rota_pattern *pattern)
{
    const Shift__PeopleAnswer *page;
    const char *after = "";
    for (bool more = true; more;) {
        const int code = lq_people_page(cli, after, &page);
        if (code != LQ_EXIT_DONE)
            return code;
        for (size_t i = 0; i < page->n_people; i++)
            if (page->people[i]->group[0] != '\0' && page->people[i]->left_day == 0)
                add_group(pattern, page->people[i]->group);
        more = page->more && page->n_people > 0;
        after = more ? page->people[page->n_people - 1]->badge : "";
    }
    return LQ_EXIT_DONE;
}

// "甲,乙": each must be somebody's, or nobody would be on duty.
static int groups_typed(struct lq_cli *cli, const char *typed, struct lq_rota_pattern *pattern)
{
    struct lq_rota_pattern roster = {0};
    const int code = groups_of_roster(cli, &roster);
    if (code != LQ_EXIT_DONE)
        return code;
    char *rest = lq_arena_text(&cli->arena, typed);
    static const char *const COMMAS[] = {"，", "、"};
    for (size_t i = 0; i < 2; i++)
        for (char *at; (at = strstr(rest, COMMAS[i])) != NULL;)
            memcpy(at, ",  ", strlen(COMMAS[i]));
    for (char *one; (one = strsep(&rest, ", ")) != NULL;) {
        if (*one == '\0')
            continue;
        if (roster.group_count == 0 || !lq_rota_is_group(&roster, one))
            return lq_cli_usage(cli, "nobody is of group %s; the roster has: %s", one,
                                lq_rota_groups_text(cli, &roster));
        if (!add_group(pattern, one))
            return lq_cli_usage(cli, "a rota has at most %d groups", LQ_ROTA_GROUPS);
    }
    return LQ_EXIT_DONE;
}

// "08:00,16:00,0:00" is no day: each start is later than the one before.
static bool starts_typed(const char *typed, struct lq_rota_pattern *pattern)
{
    int hour, minute, used = 0;
    pattern->shift_count = 0;
    for (const char *at = typed; *at != '\0'; at += used + (at[used] == ',')) {
        if (pattern->shift_count == LQ_ROTA_SHIFTS ||
            sscanf(at, "%2d:%2d%n", &hour, &minute, &used) != 2 || hour > 23 || minute > 59 ||
            hour < 0 || minute < 0 || (at[used] != ',' && at[used] != '\0'))
            return false;
        const int32_t start_min = hour * 60 + minute;
        if (pattern->shift_count > 0 && start_min <= pattern->starts_min[pattern->shift_count - 1])
            return false;
        pattern->starts_min[pattern->shift_count++] = start_min;
    }
    return pattern->shift_count > 0;
}

// The usual two, where the roster has no others: who is of them may be entered later, and is told of.
static void usual_groups(struct lq_rota_pattern *pattern)
{
    static const char *const USUAL[] = {"A", "B"};
    const unsigned on_roster = pattern->group_count;
    for (unsigned i = 0; i < on_roster; i++)
        if (strcmp(pattern->groups[i], USUAL[0]) != 0 && strcmp(pattern->groups[i], USUAL[1]) != 0)
            return;
    for (size_t i = 0; i < sizeof USUAL / sizeof *USUAL; i++)
        add_group(pattern, USUAL[i]);
    for (unsigned i = on_roster; i < pattern->group_count; i++)
        lq_cli_say("nobody is of group %s yet", pattern->groups[i]);
}

int lq_rota_read_pattern(struct lq_cli *cli, const struct lq_list_rows *planned,
                         struct lq_rota_pattern *pattern)
{
    const char *groups = lq_given_text(cli, "--groups"), *starts = lq_given_text(cli, "--starts");
    const int64_t turn = lq_given(cli, "--turn") ? lq_given_number(cli, "--turn") : 1;
    *pattern = (struct lq_rota_pattern){.turn = (int32_t)turn - 1};
    int code = LQ_EXIT_DONE;
    if (turn < 1 || turn > 7)
        return lq_cli_usage(cli, "--turn takes a weekday, 1 (Monday) to 7");
    if (!starts_typed(starts != NULL ? starts : "08:00,20:00", pattern))
        return lq_cli_usage(cli,
                            "--starts takes up to %d rising times of the day, such as "
                            "08:00,20:00, not \"%s\"",
                            LQ_ROTA_SHIFTS, starts);
    if (groups != NULL)
        code = groups_typed(cli, groups, pattern);
    else
        groups_of_rota(planned, pattern);
    if (code == LQ_EXIT_DONE && pattern->group_count < pattern->shift_count)
        code = groups_of_roster(cli, pattern);
    if (code == LQ_EXIT_DONE && groups == NULL && pattern->group_count < pattern->shift_count)
        usual_groups(pattern);
    if (code == LQ_EXIT_DONE && pattern->group_count < pattern->shift_count)
        return lq_cli_usage(cli,
                            "a rota of %u shifts a day needs as many groups; the roster has: "
                            "%s",
                            pattern->shift_count, lq_rota_groups_text(cli, pattern));
    if (code == LQ_EXIT_DONE && groups == NULL && pattern->group_count > 2)
        return lq_cli_usage(cli, "in which order do the groups follow each other? --groups %s",
                            lq_rota_groups_text(cli, pattern));
    return code;
}
