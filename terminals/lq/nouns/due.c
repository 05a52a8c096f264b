// lq due, lq alerts: the terms of all services, and what of them is told to whoever asks.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/span.h"
#include "base/time.h"
#include "lq/cli/arguments.h"
#include "lq/cli/things.h"
#include "lq/nouns/due.h"
#include "lq/nouns/nouns.h"
#include "lq/show/list.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "rules.pb-c.h"
#include "service/service.h"
#include "shift.pb-c.h"

enum { SHOWN_USUALLY = 200, PAGE_MOST = 500 };

// ---------------------------------------------------------------- asking all services

struct question {
    const Rules__AskClocks *asked;
    size_t most; // of one service, and the rest of a page
};

static const ProtobufCMessage *page(struct lq_cli *cli, struct lq_asked *asked, const void *answer,
                                    const void *question)
{
    const struct question *q = question;
    const Rules__ClocksAnswer *told = answer;
    Rules__AskClocks *next = LQ_NEW(&cli->arena, Rules__AskClocks);
    *next = *q->asked;
    for (size_t i = 0; told != NULL && i < told->n_clocks; i++)
        lq_list_add(cli, &asked->rows, &told->clocks[i]->base);
    next->skip = (uint32_t)asked->rows.count;
    const bool more = told == NULL || (told->more && next->skip <= q->most);
    asked->rows.cut = told != NULL && told->more && !more;
    return more ? lq_pb_wrap(&cli->arena, asked->service->query_type, "clocks", &next->base) : NULL;
}

int lq_due_ask(struct lq_cli *cli, const struct lq_service *service, const Rules__AskClocks *all,
               size_t most, struct lq_list_rows *rows)
{
    const struct question q = {all, most};
    struct lq_asked asked = {.service = service, .rows = *rows};
    const ProtobufCMessage *query = page(cli, &asked, NULL, &q);
    while (query != NULL) {
        ProtobufCMessage *answer;
        const int code = lq_cli_query(cli, service->name, query, service->answer_type, &answer);
        if (code != LQ_EXIT_DONE)
            return code;
        query = page(cli, &asked, lq_pb_variant_message(answer), &q);
    }
    *rows = asked.rows;
    return LQ_EXIT_DONE;
}

int lq_due_ask_all(struct lq_cli *cli, const Rules__AskClocks *asked, size_t most,
                   struct lq_ask_all *ask)
{
    const struct question q = {asked, most};
    *ask = (struct lq_ask_all){.takes = lq_has_clocks, .page = page, .question = &q};
    const int code = lq_ask_all(cli, ask);
    ask->question = NULL; // it was ours
    return code;
}

// What is due first; what is not counted stands behind all that is.
static int by_end(const void *left, const void *right)
{
    const Rules__Clock *a = *(const Rules__Clock *const *)left,
                       *b = *(const Rules__Clock *const *)right;
    if ((a->due_ms == 0) != (b->due_ms == 0))
        return a->due_ms == 0 ? 1 : -1;
    if (a->due_ms != b->due_ms)
        return a->due_ms < b->due_ms ? -1 : 1;
    return strcmp(a->number, b->number);
}

// How many are shown; one more is asked for, to know whether there are.
static size_t most_shown(const struct lq_cli *cli)
{
    const int64_t given = lq_given_number(cli, "--limit");
    return given > 0 ? (size_t)given : SHOWN_USUALLY;
}

// *heard: somebody has answered, and what he told is shown though others have not.
static int gather(struct lq_cli *cli, const Rules__AskClocks *asked, struct lq_list_rows *rows,
                  bool *heard)
{
    struct lq_ask_all ask;
    const int code = lq_due_ask_all(cli, asked, most_shown(cli), &ask);
    *heard = ask.heard > 0;
    lq_asked_rows(cli, &ask, rows);
    if (rows->count > 0)
        qsort(rows->rows, rows->count, sizeof *rows->rows, by_end);
    rows->type = &rules__clock__descriptor;
    return code;
}

// ---------------------------------------------------------------- the table

// A term in days ends with its last day; one in hours at an instant.
static void add_day(struct lq_output *output, const Rules__Clock *clock, int64_t due_ms,
                    int32_t last_day)
{
    if (due_ms == 0)
        lq_output_none(output);
    else if (clock->in_days && lq_day_start_ms(last_day + 1) == due_ms)
        lq_output_day(output, last_day);
    else
        lq_output_minute(output, due_ms);
}

static void add_end(struct lq_output *output, const void *row)
{
    const Rules__Clock *clock = row;
    add_day(output, clock, clock->due_ms, clock->last_day);
    if (clock->status == RULES__CLOCK_STATUS__OVERDUE)
        lq_output_mark(output, LQ_ALERT);
}

static void add_act_by(struct lq_output *output, const void *row)
{
    const Rules__Clock *clock = row;
    if (clock->due_ms == 0 || clock->act_by_day == clock->last_day)
        lq_output_none(output);
    else
        lq_output_day(output, clock->act_by_day);
}

static void add_arguable(struct lq_output *output, const void *row)
{
    const Rules__Clock *clock = row;
    if (clock->arguable_due_ms == 0)
        lq_output_none(output);
    else
        add_day(output, clock, clock->arguable_due_ms, clock->arguable_last_day);
}

static void add_thing(struct lq_output *output, const void *row)
{
    const Rules__Clock *clock = row;
    lq_output_thing(output, clock->kind, clock->number);
}

// For how long something is, in the unit that says most: "3 d", "5 h", "12 min", "45 s".
static const char *length_of(struct lq_arena *arena, int64_t ms)
{
    const int64_t minutes = ms / 60000;
    if (minutes < 1)
        return lq_arena_format(arena, lq_tr("%lld s"), (long long)(ms / 1000));
    if (minutes >= 2 * 24 * 60)
        return lq_arena_format(arena, lq_tr("%lld d"), (long long)(minutes / (24 * 60)));
    if (minutes >= 2 * 60)
        return lq_arena_format(arena, lq_tr("%lld h"), (long long)(minutes / 60));
    return minutes >= 2 ? lq_arena_format(arena, lq_tr("%lld min"), (long long)minutes)
                        : lq_arena_format(arena, lq_tr("%lld s"), (long long)(ms / 1000));
}

static int64_t asked_of_ms; // the time that the list is of

static const char *word_of(int status)
{
    static char word[LQ_WORD_TEXT];
    return lq_word_shown(&rules__clock_status__descriptor, status, word);
}

static const char *status_of(struct lq_arena *arena, const Rules__Clock *clock)
{
    const char *word = word_of((int)clock->status);
    switch (clock->status) {
    case RULES__CLOCK_STATUS__OVERDUE:
        // A terminal whose clock is a little behind the service's would say less than nothing.
        return lq_arena_format(
            arena, "%s %s", word,
            length_of(arena, asked_of_ms > clock->due_ms ? asked_of_ms - clock->due_ms : 0));
    case RULES__CLOCK_STATUS__LATE:
        return lq_arena_format(arena, "%s %s", word,
                               length_of(arena, clock->stop_ms - clock->due_ms));
    case RULES__CLOCK_STATUS__NOT_COUNTED:
        if (clock->not_counted == RULES__NOT_COUNTED__CALENDAR_LACKS)
            return lq_arena_format(arena, lq_tr("calendar.yaml lists no %d"), clock->lacking_year);
        return clock->not_counted == RULES__NOT_COUNTED__FROM_PAPER ? lq_tr("from paper")
                                                                    : lq_tr("no such rule");
    default:
        return word;
    }
}

static void add_status(struct lq_output *output, const void *row)
{
    struct lq_arena arena = {0};
    const Rules__Clock *clock = row;
    lq_output_text(output, status_of(&arena, clock));
    if (clock->status == RULES__CLOCK_STATUS__OVERDUE)
        lq_output_mark(output, LQ_ALERT);
    lq_arena_free(&arena);
}

void lq_due_title(struct lq_output *output, const void *row)
{
    const Rules__Clock *clock = row;
    lq_output_text(output, lq_language() == LQ_CHINESE ? clock->title_zh : clock->title_en);
}

static const struct lq_column TERMS[] = {
    LQ_COLUMN("ENDS", "期满", NULL, .cell = add_end, .whole = true),
    LQ_COLUMN("ACT BY", "最后工作日", NULL, .cell = add_act_by, .whole = true, .spare = true),
    LQ_COLUMN("ARGUABLE", "有争议", NULL, .cell = add_arguable, .whole = true, .spare = true),
    LQ_COLUMN("OF", "事项", NULL, .cell = add_thing, .whole = true),
    LQ_COLUMN("RULE", "规定", "under", .whole = true, .spare = true), // the term says it in words
    LQ_COLUMN("STATUS", "状态", NULL, .cell = add_status, .whole = true),
    LQ_COLUMN("OWNER", "责任人", "owner", .whole = true),
    LQ_COLUMN("TERM", "期限", NULL, .cell = lq_due_title),
    {0},
};

// Columns that no row has anything in are left out, so that the others have room.
static const struct lq_column *columns_for(struct lq_cli *cli, const struct lq_list_rows *rows)
{
    bool act_by = false, arguable = false;
    for (size_t i = 0; i < rows->count; i++) {
        const Rules__Clock *clock = (const void *)rows->rows[i];
        act_by = act_by || (clock->due_ms != 0 && clock->act_by_day != clock->last_day);
        arguable = arguable || clock->arguable_due_ms != 0;
    }
    struct lq_column *columns =
        LQ_NEW_ARRAY(&cli->arena, struct lq_column, sizeof TERMS / sizeof *TERMS);
    size_t count = 0;
    for (const struct lq_column *c = TERMS; c->title != NULL; c++)
        if ((c->cell != add_act_by || act_by) && (c->cell != add_arguable || arguable))
            columns[count++] = *c;
    return columns;
}

static int print(struct lq_cli *cli, struct lq_list_rows *rows)
{
    const size_t limit = most_shown(cli);
    if (rows->count > limit) {
        rows->count = limit;
        rows->cut = true;
    }
    return lq_list_print(cli, &(struct lq_list){.columns = columns_for(cli, rows)}, rows);
}

// ---------------------------------------------------------------- lq due

// "3d" or "3": so many days after today.
static bool read_within(struct lq_cli *cli, int32_t *day)
{
    const char *typed = lq_given_text(cli, "--within");
    if (typed == NULL)
        return true;
    char *end;
    const long days = strtol(typed, &end, 10);
    if (end == typed || (strcmp(end, "d") != 0 && strcmp(end, "天") != 0 && *end != '\0') ||
        days < 0 || days > 3660)
        return false;
    *day = lq_day_of(asked_of_ms) + (int32_t)days;
    return true;
}

static int run_due(struct lq_cli *cli)
{
    Rules__AskClocks asked = RULES__ASK_CLOCKS__INIT;
    const char *rule = lq_given_text(cli, "--rule");
    const size_t most = most_shown(cli) + 1; // one more, to know whether there are
    asked.limit = (uint32_t)(most < PAGE_MOST ? most : PAGE_MOST);
    asked.on_ms = lq_given_number(cli, "--on");
    asked_of_ms = asked.on_ms != 0 ? asked.on_ms : lq_wall_ms();
    asked.all = lq_given(cli, "--all");
    asked.overdue = lq_given(cli, "--overdue");
    asked.mine = lq_given(cli, "--mine");
    asked.not_counted = lq_given(cli, "--not-counted");
    asked.rule = lq_due_rule_typed(cli, rule != NULL ? rule : "");
    if (!read_within(cli, &asked.within_day))
        return lq_cli_usage(cli, "--within takes a number of days, as 3d, not \"%s\"",
                            lq_given_text(cli, "--within"));
    struct lq_list_rows rows = {0};
    bool heard;
    int code = gather(cli, &asked, &rows, &heard);
    if (code == LQ_EXIT_DONE && rows.count == 0 && *asked.rule != '\0')
        code = lq_due_rule_check(cli, asked.rule);
    heard = heard && (code == LQ_EXIT_DONE || rows.count > 0);
    const int printed = heard ? print(cli, &rows) : code;
    return code != LQ_EXIT_DONE ? code : printed;
}

// ---------------------------------------------------------------- lq alerts

// Is whoever asks on duty? Who belongs to no group always is.
static int ask_on_duty(struct lq_cli *cli, bool *on_duty)
{
    const struct lq_service *shift = lq_service_named("shift");
    Shift__People people = SHIFT__PEOPLE__INIT;
    people.badge = lq_unconst(cli->as);
    for (int i = 0; i < 2; i++) {
        ProtobufCMessage *answer;
        people.on_duty = i == 1;
        const int code = lq_cli_query(
            cli, "shift", lq_pb_wrap(&cli->arena, shift->query_type, "people", &people.base),
            shift->answer_type, &answer);
        if (code != LQ_EXIT_DONE)
            return code;
        const Shift__PeopleAnswer *found = (const void *)lq_pb_variant_message(answer);
        const char *group = found->n_people > 0 ? found->people[0]->group : "";
        *on_duty = i == 1 ? found->n_people > 0 : group[0] == '\0';
        if (*on_duty)
            return LQ_EXIT_DONE;
    }
    return LQ_EXIT_DONE;
}

static bool names(const Rules__Mark *mark, const char *badge)
{
    for (size_t i = 0; i < mark->n_badges; i++)
        if (strcmp(mark->badges[i], badge) == 0)
            return true;
    return false;
}

// What is told to the desk is told to those who sit at it now.
static bool only_to_the_desk(const Rules__Clock *clock, const char *badge)
{
    for (size_t i = 0; i < clock->n_marks; i++)
        for (size_t j = 0; clock->marks[i]->rung && j < clock->marks[i]->n_to; j++)
            if (names(clock->marks[i], badge) ||
                (clock->marks[i]->to[j] != RULES__ADDRESSEE__DESK &&
                 clock->marks[i]->to[j] != RULES__ADDRESSEE__DESK_CHIEF))
                return false;
    return true;
}

static int run_alerts(struct lq_cli *cli)
{
    Rules__AskClocks asked = RULES__ASK_CLOCKS__INIT;
    struct lq_list_rows rows = {0}, kept = {0};
    bool on_duty = true, heard;
    asked.limit = PAGE_MOST;
    asked.alerts = true;
    asked_of_ms = lq_wall_ms();
    int code = gather(cli, &asked, &rows, &heard);
    if (!heard)
        return code;
    const int asked_duty = ask_on_duty(cli, &on_duty);
    code = code != LQ_EXIT_DONE ? code : asked_duty;
    for (size_t i = 0; i < rows.count; i++)
        if (on_duty || !only_to_the_desk((const void *)rows.rows[i], cli->as))
            lq_list_add(cli, &kept, rows.rows[i]);
    kept.cut = rows.cut;
    kept.type = rows.type;
    const int printed = print(cli, &kept);
    return code != LQ_EXIT_DONE ? code : printed;
}

// ---------------------------------------------------------------- the verbs

static const struct lq_arg DUE[] = {
    LQ_OPTION("--within", "DAYS", NULL, LQ_SHOWN, "whose last day is so many days off at most: 3d",
              "最后一日在今后若干天内：3d"),
    LQ_OPTION("--overdue", NULL, NULL, LQ_SHOWN, "only those that are over", "只看逾期的",
              .kind = LQ_FLAG),
    LQ_OPTION("--rule", "RULE", NULL, LQ_SHOWN,
              "of one rule: SZ6, OP-ACK; OP- for the county's own",
              "某一规定的：SZ6、OP-ACK；OP- 为本县自定的全部"),
    LQ_OPTION("--mine", NULL, NULL, LQ_SHOWN, "that are yours, or told to you",
              "由本人负责或已提醒本人的", .kind = LQ_FLAG),
    LQ_OPTION("--all", NULL, NULL, LQ_SHOWN, "those too that are met, late or void",
              "连同已完成和作废的", .kind = LQ_FLAG),
    LQ_OPTION("--not-counted", NULL, NULL, LQ_SHOWN,
              "only those that could not be counted, and why", "只看未计时的及其原因",
              .kind = LQ_FLAG),
    LQ_OPTION("--on", "TIME", NULL, LQ_SHOWN, "as they were then (default: now)",
              "当时的情况（默认现在）", .kind = LQ_INSTANT),
    LQ_OPTION("--limit", "N", NULL, LQ_MAY, "at most so many (default: 200)",
              "最多几行（默认 200）", .kind = LQ_NUMBER),
    {0},
};

static const struct lq_arg ALERTS[] = {
    LQ_OPTION("--limit", "N", NULL, LQ_MAY, "at most so many (default: 200)",
              "最多几行（默认 200）", .kind = LQ_NUMBER),
    {0},
};

#define ONE(_name, _en, _zh, _args, _run)                                                          \
    const struct lq_verb lq_##_name##_verbs[] = {                                                  \
        LQ_VERB(#_name, "", _en, _zh, _args, .run = _run), {0}}

ONE(due, "the terms that run: when they end, whose they are", "期限：何时期满、由谁负责", DUE,
    run_due);
ONE(alerts, "terms of which you have been reminded", "对本人的提醒", ALERTS, run_alerts);
