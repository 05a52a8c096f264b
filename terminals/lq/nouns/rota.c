// The rota: read, and continued by its pattern (rota_pattern.c).
#include "lq/nouns/rota.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "lq/show/words.h"

enum { PAGE_ROWS = 500, MOST_DAYS = 3660 };
static const int64_t MINUTE_MS = 60 * 1000LL, HOUR_MS = 3600 * 1000LL;

const struct lq_column lq_rota_columns[] = {
    LQ_COLUMN("NUMBER", "编号", "number", .whole = true),
    LQ_COLUMN("DAY", "日期", "date_day", .key = "day", .whole = true, .spare = true),
    LQ_COLUMN("SHIFT", "班次", "name", .key = "shift", .whole = true),
    LQ_COLUMN("GROUP", "班组", "group", .key = "group", .whole = true),
    LQ_COLUMN("STARTS", "开始", "starts_at_ms", .key = "starts_at", .whole = true),
    LQ_COLUMN("ENDS", "结束", "ends_at_ms", .key = "ends_at", .whole = true),
    {0},
};

// ---------------------------------------------------------------- reading

static int read_page(struct lq_cli *cli, Shift__Rota *asked, const Shift__RotaAnswer **page)
{
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_ROTA;
    query.rota = asked;
    ProtobufCMessage *message;
    const int code = lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &message);
    if (code == LQ_EXIT_DONE)
        *page = ((const Shift__Answer *)message)->rota;
    return code;
}

// The question has no place for "behind this shift", so a page begins with the day on which the
// last one ended, and what was read is passed over.
int lq_rota_read(struct lq_cli *cli, int32_t from, int32_t to, struct lq_list_rows *rows)
{
    Shift__Rota asked = SHIFT__ROTA__INIT;
    asked.from_day = from;
    asked.to_day = to;
    asked.limit = PAGE_ROWS;
    int64_t behind = INT64_MIN;
    for (bool more = true; more;) {
        const Shift__RotaAnswer *page;
        const int code = read_page(cli, &asked, &page);
        if (code != LQ_EXIT_DONE)
            return code;
        const size_t before = rows->count;
        for (size_t i = 0; i < page->n_shifts; i++) {
            if (page->shifts[i]->starts_at_ms <= behind)
                continue;
            behind = page->shifts[i]->starts_at_ms;
            asked.from_day = lq_day_of(behind);
            lq_list_add(cli, rows, &page->shifts[i]->base);
        }
        more = page->more && rows->count > before;
    }
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- planning

struct plan {
    struct lq_cli *cli;
    int32_t from, to;
    struct lq_rota_pattern pattern;
    const Shift__Shift *known;   // that the pattern is counted from
    struct lq_list_rows planned; // everything that is
    struct lq_list_rows made;    // what is planned now
    bool preview;                // only shown
};

// That shift itself, for whenever it was moved, or another at that time.
static bool is_planned(const struct plan *plan, const Shift__Shift *wanted)
{
    for (size_t i = plan->planned.count; i > 0; i--) {
        const Shift__Shift *shift = (const void *)plan->planned.rows[i - 1];
        if ((shift->date_day == wanted->date_day && strcmp(shift->name, wanted->name) == 0) ||
            (shift->starts_at_ms <= wanted->starts_at_ms &&
             shift->ends_at_ms > wanted->starts_at_ms))
            return true;
    }
    return false;
}

static Shift__Shift *shift_of(struct plan *plan, int32_t day, unsigned i)
{
    const struct lq_rota_pattern *pattern = &plan->pattern;
    const bool is_last = i + 1 == pattern->shift_count;
    const int32_t next_min = is_last ? pattern->starts_min[0] : pattern->starts_min[i + 1];
    Shift__Shift *shift = LQ_NEW(&plan->cli->arena, Shift__Shift);
    shift__shift__init(shift);
    shift->date_day = day;
    shift->name = lq_arena_text(&plan->cli->arena, lq_rota_shift_name(pattern, i));
    shift->group = lq_arena_text(&plan->cli->arena, lq_rota_group(pattern, plan->known, day, i));
    shift->starts_at_ms = lq_day_start_ms(day) + pattern->starts_min[i] * MINUTE_MS;
    shift->ends_at_ms = lq_day_start_ms(day + is_last) + next_min * MINUTE_MS;
    return shift;
}

static int plan_shift(struct plan *plan, Shift__Shift *shift)
{
    if (is_planned(plan, shift))
        return LQ_EXIT_DONE;
    lq_list_add(plan->cli, &plan->made, &shift->base);
    if (plan->preview)
        return LQ_EXIT_DONE;
    Shift__Command command = SHIFT__COMMAND__INIT;
    command.body_case = SHIFT__COMMAND__BODY_PLAN_SHIFT;
    command.plan_shift = shift;
    const bool says_it = !plan->cli->quiet && plan->cli->format != LQ_FORMAT_JSON;
    char text[LQ_TIME_TEXT];
    if (says_it) {
        printf("%s %s %s  ", lq_format_day(shift->date_day, text),
               lq_kind_shown("kind", shift->name), shift->group);
        fflush(stdout);
    }
    return lq_cli_command(plan->cli, "shift", &command.base);
}

static int plan_days(struct plan *plan)
{
    int code = LQ_EXIT_DONE;
    for (int32_t day = plan->from; day <= plan->to && code == LQ_EXIT_DONE; day++)
        for (unsigned i = 0; i < plan->pattern.shift_count && code == LQ_EXIT_DONE; i++)
            code = plan_shift(plan, shift_of(plan, day, i));
    return code;
}

// The pattern goes on from the last shift before the first day, else from the first one after it.
static const Shift__Shift *known_shift(const struct plan *plan)
{
    const Shift__Shift *known = NULL;
    for (size_t i = 0; i < plan->planned.count; i++) {
        const Shift__Shift *shift = (const void *)plan->planned.rows[i];
        if (known == NULL || plan->from == 0 || shift->date_day < plan->from)
            known = shift;
    }
    return known;
}

// By its date, and not by when it starts, for which a shift may have been moved.
static int32_t last_planned_day(const struct plan *plan)
{
    int32_t last = 0;
    for (size_t i = 0; i < plan->planned.count; i++) {
        const Shift__Shift *shift = (const void *)plan->planned.rows[i];
        last = shift->date_day > last ? shift->date_day : last;
    }
    return last;
}

// Goes on behind the last day that is planned: of that day itself a shift may have been moved, or
// cancelled on purpose. That all of it is planned is no mistake: who types it again is told.
static int check_days(struct plan *plan)
{
    const int32_t last = last_planned_day(plan);
    const bool goes_on = plan->from == 0 && last != 0;
    char day[LQ_TIME_TEXT];
    if (plan->from == 0)
        plan->from = goes_on ? last + 1 : lq_day_of(lq_wall_ms());
    if (goes_on && plan->to <= last) {
        lq_cli_say("the rota is planned up to %s already; --from DATE plans days before that",
                   lq_format_day(last, day));
        return LQ_EXIT_DONE;
    }
    if (plan->to < plan->from)
        return lq_cli_usage(plan->cli, "the last day is before the first");
    if (plan->to - plan->from > MOST_DAYS)
        return lq_cli_usage(plan->cli, "plan ten years at most");
    return LQ_EXIT_DONE;
}

// Where nothing is planned, it is as if the first group's day shift were known.
static int start_anew(struct plan *plan, const char *first, Shift__Shift *start)
{
    const char *groups = lq_rota_groups_text(plan->cli, &plan->pattern);
    if (first == NULL)
        return lq_cli_usage(plan->cli,
                            "nothing is planned yet: which group has the first day? --first, one "
                            "of %s",
                            groups);
    if (!lq_rota_is_group(&plan->pattern, first))
        return lq_cli_usage(plan->cli, "--first takes one of %s, not \"%s\"", groups, first);
    start->date_day = plan->from;
    start->group = lq_arena_text(&plan->cli->arena, first);
    start->name = lq_arena_text(&plan->cli->arena, lq_rota_shift_name(&plan->pattern, 0));
    plan->known = start;
    return LQ_EXIT_DONE;
}

static int find_start(struct plan *plan, const char *first, Shift__Shift *start)
{
    int code = lq_rota_read(plan->cli, 0, 0, &plan->planned);
    if (code == LQ_EXIT_DONE) {
        plan->known = known_shift(plan);
        code = check_days(plan);
    }
    if (code == LQ_EXIT_DONE)
        code = lq_rota_read_pattern(plan->cli, &plan->planned, &plan->pattern);
    if (code != LQ_EXIT_DONE)
        return code;
    if (plan->known == NULL)
        return start_anew(plan, first, start);
    if (lq_rota_is_group(&plan->pattern, plan->known->group))
        return LQ_EXIT_DONE;
    if (first != NULL)
        return start_anew(plan, first, start);
    return lq_cli_usage(plan->cli,
                        "the last shift is that of group %s, which is none of %s: which of these "
                        "goes on? --first",
                        plan->known->group, lq_rota_groups_text(plan->cli, &plan->pattern));
}

// ---------------------------------------------------------------- rest

static bool is_too_close(const Shift__Shift *before, const Shift__Shift *after)
{
    const int64_t rest_ms = after->starts_at_ms - before->ends_at_ms;
    return strcmp(before->group, after->group) == 0 && rest_ms >= 0 && rest_ms < 8 * HOUR_MS;
}

// Where the one begins as the other ends there is no rest at all: of two times that are the same
// nobody reads that.
static void warn(const Shift__Shift *before, const Shift__Shift *after)
{
    char from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    const int64_t rest_min = (after->starts_at_ms - before->ends_at_ms) / MINUTE_MS;
    if (rest_min == 0)
        lq_cli_say("group %s has no rest between two shifts: it is on duty for %lld hours, from "
                   "%.16s to %.16s",
                   after->group, (long long)((after->ends_at_ms - before->starts_at_ms) / HOUR_MS),
                   lq_format_local(before->starts_at_ms, from),
                   lq_format_local(after->ends_at_ms, to));
    else
        lq_cli_say("group %s rests only %lld h %lld min between two shifts, from %.16s to %.16s: "
                   "less than 8 hours",
                   after->group, (long long)(rest_min / 60), (long long)(rest_min % 60),
                   lq_format_local(before->ends_at_ms, from),
                   lq_format_local(after->starts_at_ms, to));
}

void lq_rota_warn(const struct lq_list_rows *planned, const struct lq_list_rows *made)
{
    for (size_t i = 0; i < made->count; i++) {
        const Shift__Shift *shift = (const void *)made->rows[i];
        for (size_t j = 0; j < planned->count + made->count; j++) {
            const bool is_made = j >= planned->count;
            const Shift__Shift *other = is_made ? (const void *)made->rows[j - planned->count]
                                                : (const void *)planned->rows[j];
            if (is_too_close(other, shift))
                warn(other, shift);
            else if (!is_made && is_too_close(shift, other))
                warn(shift, other);
        }
    }
}

static int finish(struct plan *plan)
{
    static const struct lq_list list = {.columns = lq_rota_columns};
    const int code = plan->preview ? lq_list_print(plan->cli, &list, &plan->made) : LQ_EXIT_DONE;
    lq_rota_warn(&plan->planned, &plan->made);
    return code;
}

static int run(struct lq_cli *cli, bool preview)
{
    struct plan plan = {.cli = cli,
                        .preview = preview,
                        .from = (int32_t)lq_given_number(cli, "--from"),
                        .to = (int32_t)lq_given_number(cli, "--to")};
    Shift__Shift start = SHIFT__SHIFT__INIT;
    const char *first = lq_given_text(cli, "--first");
    if (first != NULL && *first == '\0')
        first = NULL;
    if (cli->has_id)
        return lq_cli_usage(cli, "--id is for one command, and this plans many shifts: run it "
                                 "without, what is planned is passed over");
    cli->is_many = true;
    int code = find_start(&plan, first, &start);
    if (code == LQ_EXIT_DONE)
        code = plan_days(&plan);
    return code == LQ_EXIT_DONE ? finish(&plan) : code;
}

int lq_rota_plan(struct lq_cli *cli)
{
    return run(cli, false);
}

int lq_rota_preview(struct lq_cli *cli)
{
    return run(cli, true);
}
