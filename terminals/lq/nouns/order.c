// lq order: orders to teams, their answers and how far they are.
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "client/ask.h"
#include "dispatch.pb-c.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/order.h"
#include "lq/nouns/people.h"
#include "lq/outbox/snapshot.h"
#include "lq/outbox/state.h"
#include "lq/show/entered.h"
#include "lq/show/next.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/pb.h"

// ---------------------------------------------------------------- what need not be typed

// The team of the person who reports.
int lq_order_find_team(struct lq_cli *cli, const char **team)
{
    const char *badge = cli->for_badge != NULL ? cli->for_badge : cli->as;
    const Shift__Person *person;
    *team = cli->later ? lq_remembered_team(cli, badge) : NULL; // what is kept needs no signal
    if (*team != NULL)
        return LQ_EXIT_DONE;
    const int code = lq_person_find_at(cli, badge, cli->at_ms, &person); // when it happened
    if (code != LQ_EXIT_DONE)
        return code;
    if (person == NULL || *person->team == '\0')
        return lq_cli_usage(cli, "which team? %s is in none", badge);
    *team = person->team;
    lq_remember_team(cli, badge, *team);
    return LQ_EXIT_DONE;
}

// --reason says why, too, unless it says why one person acts for another.
int lq_order_find_why(struct lq_cli *cli, const char **why)
{
    if (cli->reason != NULL && cli->for_badge == NULL)
        *why = cli->reason;
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- list

// How far a team is; what has not been answered stands out, what is done does not.
const char *lq_order_mark(Dispatch__Step step)
{
    switch (step) {
    case DISPATCH__STEP__ACKNOWLEDGED:
        return lq_tr(" ✓ack");
    case DISPATCH__STEP__DEPARTED:
        return lq_tr(" →moving");
    case DISPATCH__STEP__ON_SCENE:
        return lq_tr(" ●scene");
    case DISPATCH__STEP__FINISHED:
        return "■";
    case DISPATCH__STEP__STEP_UNSPECIFIED:
    case _DISPATCH__STEP_IS_INT_SIZE:
        break;
    }
    return " ?";
}

const char *lq_order_part_mark(const Dispatch__Assignment *a)
{
    if (a->step != DISPATCH__STEP__STEP_UNSPECIFIED)
        return lq_order_mark(a->step);
    return a->read_at_ms != 0        ? lq_tr(" ?read")
           : a->delivered_at_ms != 0 ? lq_tr(" ?delivered")
                                     : lq_order_mark(a->step);
}

void lq_order_tell_seen(struct lq_cli *cli, const char *order, const Dispatch__Assignment *a,
                        bool read)
{
    if (cli->client == NULL || strcmp(a->to, cli->as) != 0 ||
        a->step != DISPATCH__STEP__STEP_UNSPECIFIED || a->read_at_ms != 0 ||
        (!read && a->delivered_at_ms != 0))
        return;
    Dispatch__MarkSeen seen = DISPATCH__MARK_SEEN__INIT;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    struct lq_id id;
    seen.order = lq_unconst(order);
    seen.team = a->team;
    seen.read = read;
    command.body_case = DISPATCH__COMMAND__BODY_MARK_SEEN;
    command.mark_seen = &seen;
    const Lq__Command message = lq_client_command(&id, lq_pb_encode(&cli->arena, &command.base));
    lq_client_decide(cli->client, &cli->arena, "dispatch", &message);
}

static const char *mark(const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    if (a->declined_at_ms != 0)
        return lq_tr(" ✗declined");
    if (a->withdrawn_at_ms != 0)
        return lq_tr(" ✗withdrawn");
    return order->cancelled_at_ms != 0 && a->step == DISPATCH__STEP__STEP_UNSPECIFIED
               ? " -"
               : lq_order_part_mark(a);
}

bool lq_order_has_nobody(const Dispatch__Order *order)
{
    for (size_t i = 0; i < order->n_assignments; i++)
        if (order->assignments[i]->declined_at_ms == 0 &&
            order->assignments[i]->withdrawn_at_ms == 0)
            return false;
    return order->cancelled_at_ms == 0;
}

bool lq_order_waits(const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    return order->cancelled_at_ms == 0 && a->declined_at_ms == 0 && a->withdrawn_at_ms == 0 &&
           a->step == DISPATCH__STEP__STEP_UNSPECIFIED;
}

static void add_teams(struct lq_output *output, const void *row)
{
    const Dispatch__Order *order = row;
    char text[2048] = "";
    size_t used = 0;
    bool alert = lq_order_has_nobody(order);
    if (order->cancelled_at_ms != 0)
        used = (size_t)snprintf(text, sizeof text, "%s", lq_tr("(cancelled)"));
    else if (alert)
        used = (size_t)snprintf(text, sizeof text, "%s", lq_tr("NOBODY HAS IT:"));
    for (size_t i = 0; i < order->n_assignments && used < sizeof text - 1; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", used > 0 ? " " : "",
                                 a->team, mark(order, a));
        alert = alert || lq_order_waits(order, a);
    }
    lq_output_text(output, text);
    lq_output_mark(output, alert ? LQ_ALERT : LQ_PLAIN);
}

// The line is short and the marks matter most: this year goes without saying.
static void add_issued(struct lq_output *output, const void *row)
{
    enum { YEAR = 5, DAY_AND_MINUTE = 16 }; // characters of "2015-" and "2015-03-06 13:14"
    char text[LQ_TIME_TEXT], now[LQ_TIME_TEXT];
    lq_format_local(((const Dispatch__Order *)row)->issued_at_ms, text);
    lq_format_local(lq_wall_ms(), now);
    text[DAY_AND_MINUTE] = '\0';
    lq_output_text(output, strncmp(text, now, YEAR) == 0 ? text + YEAR : text);
}

// How long ago it was issued: what waits longest must be seen to.
static void add_age(struct lq_output *output, const void *row)
{
    enum { MINUTE_MS = 60000, HOUR = 60, DAY = 24 * HOUR };
    const int64_t ago_ms = lq_wall_ms() - ((const Dispatch__Order *)row)->issued_at_ms;
    const long long minutes = ago_ms > 0 ? ago_ms / MINUTE_MS : 0;
    char text[LQ_TIME_TEXT];
    if (minutes < HOUR)
        snprintf(text, sizeof text, lq_tr("%lldm"), minutes);
    else if (minutes < DAY)
        snprintf(text, sizeof text, lq_tr("%lldh%02lld"), minutes / HOUR, minutes % HOUR);
    else
        snprintf(text, sizeof text, lq_tr("%lldd"), minutes / DAY);
    lq_output_text(output, text);
}

// 0: nobody has it; 1: somebody has not answered; 2: everybody has.
static int urgency(const Dispatch__Order *order)
{
    if (lq_order_has_nobody(order))
        return 0;
    for (size_t i = 0; i < order->n_assignments; i++)
        if (lq_order_waits(order, order->assignments[i]))
            return 1;
    return 2;
}

// What is not answered first, then by priority, then what was issued first.
static int by_urgency(const void *left, const void *right)
{
    const Dispatch__Order *a = *(const Dispatch__Order *const *)left,
                          *b = *(const Dispatch__Order *const *)right;
    if (urgency(a) != urgency(b))
        return urgency(a) - urgency(b);
    if (a->priority != b->priority)
        return (int)a->priority - (int)b->priority;
    return (a->issued_at_ms > b->issued_at_ms) - (a->issued_at_ms < b->issued_at_ms);
}

lq_compare_fn *lq_order_sort(const ProtobufCMessage *asked)
{
    return ((const Dispatch__ListOrders *)asked)->open ? by_urgency : NULL;
}

const struct lq_column lq_order_columns[] = {
    LQ_COLUMN("ORDER", "指令", "number", .whole = true),
    LQ_COLUMN("ISSUED", "下达", NULL, .cell = add_issued, .whole = true),
    LQ_COLUMN("AGE", "已过", NULL, .cell = add_age, .whole = true, .spare = true),
    LQ_COLUMN("PRIO", "等级", "priority", .whole = true),
    LQ_COLUMN("KIND", "任务", "kind", .spare = true),
    LQ_COLUMN("TARGET", "目标", "target", .whole = true),
    LQ_COLUMN("NAME", "名称", "target_name|kind", .tail = true),
    LQ_COLUMN("BY", "办理", "entered", .least = LQ_ENTERED_LEAST),
    LQ_COLUMN("TEAMS", "各组", NULL, .cell = add_teams, .whole = true),
    {0},
};

// Only open ones, where neither all nor a time were asked for.
void lq_order_complete_list(struct lq_cli *cli, ProtobufCMessage *message)
{
    Dispatch__ListOrders *asked = (Dispatch__ListOrders *)message;
    if (!lq_given(cli, "--all") && asked->from_ms == 0 && asked->to_ms == 0)
        asked->open = true;
}

// Each order of a list can be shown later on its own, with the participants that were seen last.
void lq_order_remember(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    enum { ORDERS_MOST = 100 };
    const Dispatch__OrdersAnswer *page = ((const Dispatch__Answer *)answer)->orders;
    for (size_t i = 0; i < page->n_orders && i < ORDERS_MOST; i++) {
        Dispatch__ShowOrder show = DISPATCH__SHOW_ORDER__INIT;
        Dispatch__Query query = DISPATCH__QUERY__INIT;
        show.number = page->orders[i]->number;
        query.body_case = DISPATCH__QUERY__BODY_SHOW;
        query.show = &show;
        const Dispatch__Answer *before = (const void *)lq_snapshot_get(
            cli, "dispatch", &query.base, &dispatch__answer__descriptor);
        Dispatch__OrderFile file = DISPATCH__ORDER_FILE__INIT;
        Dispatch__Answer shown = DISPATCH__ANSWER__INIT;
        if (before != NULL && before->body_case == DISPATCH__ANSWER__BODY_FILE)
            file = *before->file;
        file.order = page->orders[i];
        shown.body_case = DISPATCH__ANSWER__BODY_FILE;
        shown.file = &file;
        lq_snapshot_set(cli, "dispatch", &query.base, &shown.base);
    }
}

// ---------------------------------------------------------------- show

static const char *state(const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    const char *text = mark(order, a);
    return a->step == DISPATCH__STEP__FINISHED ? lq_tr("■done") : text + (*text == ' ');
}

// A team's times are on the order's day, or nearly: the date is told where it is another.
static void add_time(struct lq_output *output, int64_t at_ms, int64_t issued_at_ms)
{
    enum { YEAR = 5, DATE = 11 }; // characters of "2015-" and "2015-03-06 "
    char text[LQ_TIME_TEXT];
    if (at_ms == 0) {
        lq_output_none(output);
        return;
    }
    lq_format_local(at_ms, text);
    const bool same_day = lq_day_of(at_ms) == lq_day_of(issued_at_ms);
    lq_output_text(output, text + (same_day ? DATE : YEAR));
}

static int show_teams(struct lq_cli *cli, const Dispatch__Order *order)
{
    static const struct lq_column COLUMNS[] = {
        LQ_COLUMN("TEAM", "组", NULL, .key = "team", .whole = true),
        LQ_COLUMN("STATE", "状态", NULL, .key = "state", .whole = true),
        LQ_COLUMN("ACK", "签收", NULL, .key = "acknowledged_at", .whole = true),
        LQ_COLUMN("DEPARTED", "出发", NULL, .key = "departed_at", .whole = true),
        LQ_COLUMN("ON SCENE", "到场", NULL, .key = "on_scene_at", .whole = true),
        LQ_COLUMN("FINISHED", "完成", NULL, .key = "finished_at", .whole = true),
        LQ_COLUMN("DECLINED", "不能出动", NULL, .key = "declined_at", .whole = true),
        LQ_COLUMN("WHY", "原因", NULL, .key = "decline_reason"),
        LQ_COLUMN("BY", "报告人", NULL, .key = "last_by", .least = LQ_ENTERED_LEAST),
        LQ_COLUMN("RECORD", "记录", NULL, .key = "record", .whole = true, .spare = true),
    };
    struct lq_output *output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        lq_output_text(output, a->team);
        lq_output_text(output, state(order, a));
        lq_output_mark(output, lq_order_waits(order, a) ? LQ_ALERT : LQ_PLAIN);
        add_time(output, a->acknowledged_at_ms, order->issued_at_ms);
        add_time(output, a->departed_at_ms, order->issued_at_ms);
        add_time(output, a->on_scene_at_ms, order->issued_at_ms);
        add_time(output, a->finished_at_ms, order->issued_at_ms);
        add_time(output, a->declined_at_ms, order->issued_at_ms);
        lq_output_text(output, a->decline_reason);
        lq_entered_cells(cli, output, &a->base, a->last_by);
    }
    printf("\n%s\n", lq_tr("teams:"));
    return lq_cli_print(cli, output);
}

static int show(struct lq_cli *cli, Dispatch__OrderFile file)
{
    if (cli->format != LQ_FORMAT_TABLE)
        return lq_cli_show(cli, &file.base);
    lq_show_fields(cli, &file.base);
    int code = show_teams(cli, file.order);
    file.order = NULL; // what is left are the participants
    if (code == LQ_EXIT_DONE)
        code = lq_show_tables(cli, &file.base);
    if (code == LQ_EXIT_DONE)
        lq_next_show(cli);
    return code;
}

int lq_order_show(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    const Dispatch__OrderFile *file = (const void *)answer;
    const int code = show(cli, *file);
    // Last: what was told with the answer is gone with the next reply.
    for (size_t i = 0; file->order != NULL && i < file->order->n_assignments; i++)
        if (lq_order_waits(file->order, file->order->assignments[i]))
            lq_order_tell_seen(cli, file->order->number, file->order->assignments[i], true);
    return code;
}
