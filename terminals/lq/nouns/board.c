// lq order board: what the desk must see at one look: who has the desk, what nobody has answered
// and since when, what waits for a decision, and which terms of the orders are over.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/time.h"
#include "dispatch.pb-c.h"
#include "lq/cli/things.h"
#include "lq/nouns/due.h"
#include "lq/nouns/handover.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/order.h"
#include "lq/show/list.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/words.h"

struct board {
    const Dispatch__HandoverFile *handover;
    struct lq_list_rows orders, calls, terms;
    unsigned silent; // teams that have not answered
};

static int64_t now_ms; // of the whole board

// ---------------------------------------------------------------- asking

static int ask_orders(struct lq_cli *cli, struct board *board)
{
    Dispatch__ListOrders list = DISPATCH__LIST_ORDERS__INIT;
    Dispatch__Query query = DISPATCH__QUERY__INIT;
    list.open = true;
    query.body_case = DISPATCH__QUERY__BODY_LIST;
    query.list = &list;
    return lq_list_gather(cli,
                          &(struct lq_list){.service = "dispatch",
                                            .query = &query.base,
                                            .answer = &dispatch__answer__descriptor,
                                            .order = lq_order_sort(&list.base)},
                          &board->orders);
}

static int ask_calls(struct lq_cli *cli, struct board *board)
{
    Dispatch__ListCalls list = DISPATCH__LIST_CALLS__INIT;
    Dispatch__Query query = DISPATCH__QUERY__INIT;
    list.open = true;
    query.body_case = DISPATCH__QUERY__BODY_CALLS;
    query.calls = &list;
    return lq_list_gather(cli,
                          &(struct lq_list){.service = "dispatch",
                                            .query = &query.base,
                                            .answer = &dispatch__answer__descriptor},
                          &board->calls);
}

static int ask_terms(struct lq_cli *cli, struct board *board)
{
    enum { TERMS_MOST = 100 };
    Rules__AskClocks asked = RULES__ASK_CLOCKS__INIT;
    asked.overdue = true;
    asked.limit = TERMS_MOST;
    return lq_due_ask(cli, lq_service_named("dispatch"), &asked, TERMS_MOST, &board->terms);
}

static unsigned count_silent(const struct board *board)
{
    unsigned silent = 0;
    for (size_t i = 0; i < board->orders.count; i++) {
        const Dispatch__Order *order = (const void *)board->orders.rows[i];
        for (size_t j = 0; j < order->n_assignments; j++)
            silent += lq_order_waits(order, order->assignments[j]);
    }
    return silent;
}

// ---------------------------------------------------------------- showing

// "2:05", "1:02:05": to the second, as long as it is not a matter of days.
static void add_since(char *text, size_t size, int64_t since_ms)
{
    const long long s = now_ms > since_ms ? (now_ms - since_ms) / 1000 : 0;
    const long long m = s / 60, h = m / 60;
    if (h >= 24)
        snprintf(text, size, lq_tr("%lldd"), h / 24);
    else if (h > 0)
        snprintf(text, size, "%lld:%02lld:%02lld", h, m % 60, s % 60);
    else
        snprintf(text, size, "%lld:%02lld", m, s % 60);
}

static void add_age(struct lq_output *output, const void *row)
{
    char text[LQ_TIME_TEXT];
    add_since(text, sizeof text, ((const Dispatch__Order *)row)->issued_at_ms);
    lq_output_text(output, text);
}

// Who is silent stands first, with since when.
static void add_teams(struct lq_output *output, const void *row)
{
    const Dispatch__Order *order = row;
    char text[2048] = "", age[LQ_TIME_TEXT];
    size_t used = 0;
    const bool nobody = lq_order_has_nobody(order);
    bool alert = nobody;
    if (nobody)
        used = (size_t)snprintf(text, sizeof text, "%s", lq_tr("NOBODY HAS IT:"));
    for (int silent = 1; silent >= 0; silent--)
        for (size_t i = 0; i < order->n_assignments && used < sizeof text - 1; i++) {
            const Dispatch__Assignment *a = order->assignments[i];
            if (lq_order_waits(order, a) != (silent == 1))
                continue;
            const bool gone = a->declined_at_ms != 0 || a->withdrawn_at_ms != 0;
            add_since(age, sizeof age, a->added_at_ms != 0 ? a->added_at_ms : order->issued_at_ms);
            used +=
                (size_t)snprintf(text + used, sizeof text - used, "%s%s%s%s", used > 0 ? " " : "",
                                 a->team, gone ? " ✗" : lq_order_part_mark(a), silent ? age : "");
            alert = alert || silent;
        }
    lq_output_text(output, text);
    lq_output_mark(output, alert ? LQ_ALERT : LQ_PLAIN);
}

static const struct lq_column ORDERS[] = {
    LQ_COLUMN("PRIO", "等级", "priority", .whole = true),
    LQ_COLUMN("AGE", "已过", NULL, .cell = add_age, .right = true),
    LQ_COLUMN("ORDER", "指令", "number", .whole = true),
    LQ_COLUMN("TARGET", "目标", "target_name", .tail = true),
    LQ_COLUMN("TEAMS", "各组", NULL, .cell = add_teams, .whole = true),
    {0},
};

// A service calls by a word of ours, a person in his own.
void lq_call_what(struct lq_output *output, const void *call)
{
    lq_output_text(output, lq_kind_shown("kind", ((const Dispatch__Call *)call)->what));
}

static void add_call_age(struct lq_output *output, const void *row)
{
    char text[LQ_TIME_TEXT];
    add_since(text, sizeof text, ((const Dispatch__Call *)row)->at_ms);
    lq_output_text(output, text);
    lq_output_mark(output, LQ_ALERT);
}

static const struct lq_column CALLS[] = {
    LQ_COLUMN("PRIO", "等级", "priority", .whole = true),
    LQ_COLUMN("AGE", "已过", NULL, .cell = add_call_age, .right = true),
    LQ_COLUMN("CALL", "呼叫", "number", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("ABOUT", "来源", "source_number", .whole = true),
    LQ_COLUMN("WHAT", "事由", NULL, .cell = lq_call_what),
    {0},
};

static void add_thing(struct lq_output *output, const void *row)
{
    const Rules__Clock *clock = row;
    lq_output_thing(output, clock->kind, clock->number);
}

static void add_over(struct lq_output *output, const void *row)
{
    char text[LQ_TIME_TEXT];
    add_since(text, sizeof text, ((const Rules__Clock *)row)->due_ms);
    lq_output_text(output, text);
    lq_output_mark(output, LQ_ALERT);
}

static const struct lq_column TERMS[] = {
    LQ_COLUMN("OVER BY", "已逾期", NULL, .cell = add_over, .right = true),
    LQ_COLUMN("OF", "事项", NULL, .cell = add_thing, .whole = true),
    LQ_COLUMN("TERM", "期限", NULL, .cell = lq_due_title),
    LQ_COLUMN("PROMISED BY", "承诺人", "taken_by", .whole = true),
    {0},
};

static void print_head(const struct board *board)
{
    char at[LQ_TIME_TEXT];
    const char *chief = board->handover->in_charge;
    lq_paragraph(lq_tr("%s  desk: %s  open orders %zu  not answered %u  calls %zu\n"),
                 lq_format_local(now_ms, at), chief[0] != '\0' ? chief : lq_tr("nobody has signed"),
                 board->orders.count, board->silent, board->calls.count);
    const Dispatch__Handover *handover = board->handover->handover;
    if (handover != NULL && handover->due_ms <= now_ms && handover->signed_at_ms == 0)
        lq_paragraph(lq_tr("shift %s is not handed over\n"), handover->number);
}

static int print_table(struct lq_cli *cli, const char *title, const struct lq_column *columns,
                       const struct lq_list_rows *rows)
{
    if (rows->count == 0)
        return LQ_EXIT_DONE;
    printf("\n%s\n", title);
    return lq_list_print(cli, &(struct lq_list){.columns = columns}, rows);
}

static int print_board(struct lq_cli *cli, const struct board *board)
{
    print_head(board);
    int code = print_table(cli, lq_tr("calls that wait:"), CALLS, &board->calls);
    if (code == LQ_EXIT_DONE)
        code = print_table(cli, lq_tr("terms that are over:"), TERMS, &board->terms);
    printf("\n%s\n", lq_tr("open orders:"));
    if (code == LQ_EXIT_DONE)
        code = lq_list_print(cli, &(struct lq_list){.columns = ORDERS}, &board->orders);
    return code;
}

// For programs the board is the open orders, as lq order list has them.
int lq_order_board(struct lq_cli *cli)
{
    struct board board = {0};
    now_ms = lq_wall_ms();
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = ask_orders(cli, &board);
    if (code == LQ_EXIT_DONE && cli->format != LQ_FORMAT_TABLE)
        return lq_list_print(cli, &(struct lq_list){.columns = lq_order_columns}, &board.orders);
    if (code == LQ_EXIT_DONE)
        code = ask_calls(cli, &board);
    if (code == LQ_EXIT_DONE)
        code = ask_terms(cli, &board);
    if (code == LQ_EXIT_DONE)
        code = lq_handover_ask(cli, NULL, &board.handover);
    board.silent = count_silent(&board);
    return code == LQ_EXIT_DONE ? print_board(cli, &board) : code;
}
