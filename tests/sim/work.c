// The course of a world: a prelude in which the force is registered; then bursts of work under
// faults, each followed by a calm in which everything that was asked must come to its answer and
// every follower must catch up, and by a lull, over which the clock jumps.
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "pb/pb.h"
#include "sim/work.h"

static const int64_t MINUTE_MS = 60000;
enum { QUIET_WITHIN_MS = 180000, CLOSING = 8 };

// ---------------------------------------------------------------- commands and questions

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static uint64_t keep_sent(struct sim *s, const struct sim_terminal *t, unsigned node,
                          struct lq_span command)
{
    struct sim_work *w = s->work;
    w->sent[w->sent_count % WORK_SENT] = (struct work_sent){
        .terminal = t->index, .node = node, .command = lq_arena_copy(&s->arena, command)};
    return ++w->sent_count;
}

void sim_work_answered(struct sim *s, uint64_t sent)
{
    if (sent + WORK_SENT > s->work->sent_count)
        s->work->sent[(sent - 1) % WORK_SENT].answered = true;
}

static struct lq_span make_command(struct sim *s, const ProtobufCMessage *body,
                                   const struct work_manner *m)
{
    const char *cause =
        lq_arena_format(&s->scratch, "command %llu of seed %llu",
                        (unsigned long long)++s->work->serial, (unsigned long long)s->options.seed);
    struct lq_id id = lq_id_derive(s->now_ms, lq_span_text(cause));
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = binary(lq_span(id.bytes, sizeof id.bytes));
    if (m->behalf != NULL)
        command.on_behalf_of = lq_unconst(m->behalf);
    if (m->reason != NULL)
        command.reason = lq_unconst(m->reason);
    command.occurred_at_ms = m->occurred_ms;
    command.body = binary(lq_pb_encode(&s->scratch, body));
    if (m->id != NULL)
        *m->id = id;
    return lq_pb_encode(&s->scratch, &command.base);
}

void work_send(struct sim *s, struct sim_terminal *t, const char *service,
               const ProtobufCMessage *body, const struct work_manner *manner)
{
    static const struct work_manner plain = {0};
    const struct work_manner *m = manner != NULL ? manner : &plain;
    struct sim_request request = {
        .node = sim_node_named(s, service),
        .kind = SIM_COMMAND,
        .body = make_command(s, body, m),
        .after = m->after,
        .with_seen = sim_chance(&s->work_dice, 850),
        .done = m->done,
        .tag = m->tag,
    };
    SIM_TELL(s, "%s sends %s: %s", t->badge, service, lq_pb_text(&s->scratch, body));
    request.sent = keep_sent(s, t, request.node, request.body);
    sim_terminal_ask(s, t, &request);
}

void work_send_commands(struct sim *s, struct sim_terminal *t, unsigned node,
                        const struct lq_span *commands, unsigned count, const struct lq_id *after)
{
    ProtobufCBinaryData bytes[WORK_TOGETHER];
    Lq__Commands message = LQ__COMMANDS__INIT;
    LQ_ASSERT(count > 0 && count <= WORK_TOGETHER);
    for (unsigned i = 0; i < count; i++)
        bytes[i] = binary(commands[i]);
    message.n_commands = count;
    message.commands = bytes;
    const struct sim_request request = {
        .node = node,
        .kind = SIM_COMMANDS,
        .body = lq_pb_encode(&s->scratch, &message.base),
        .after = after,
        .with_seen = sim_chance(&s->work_dice, 850),
        .commands = count,
    };
    sim_terminal_ask(s, t, &request);
}

void work_send_together(struct sim *s, struct sim_terminal *t, const char *service,
                        const ProtobufCMessage *body, unsigned count, const struct lq_id *after)
{
    struct lq_span commands[WORK_TOGETHER];
    static const struct work_manner plain = {0};
    LQ_ASSERT(count <= WORK_TOGETHER);
    for (unsigned i = 0; i < count; i++)
        commands[i] = make_command(s, body, &plain);
    SIM_TELL(s, "%s sends %s %u at once: %s", t->badge, service, count,
             lq_pb_text(&s->scratch, body));
    work_send_commands(s, t, sim_node_named(s, service), commands, count, after);
}

void work_ask(struct sim *s, struct sim_terminal *t, const char *service,
              const ProtobufCMessage *query)
{
    Lq__Query envelope = LQ__QUERY__INIT;
    envelope.body = binary(lq_pb_encode(&s->scratch, query));
    const struct sim_request request = {
        .node = sim_node_named(s, service),
        .kind = SIM_QUERY,
        .body = lq_pb_encode(&s->scratch, &envelope.base),
        .with_seen = true,
    };
    SIM_TELL(s, "%s asks %s: %s", t->badge, service, lq_pb_text(&s->scratch, query));
    sim_terminal_ask(s, t, &request);
}

// ---------------------------------------------------------------- bursts

static void settle(struct sim *s, struct sim_parcel *parcel);

static void act(struct sim *s, struct sim_parcel *parcel)
{
    (void)parcel;
    if (s->now_ms >= s->work->burst_ends_ms) {
        SIM_TELL(s, "--- the burst is over; everything is mended");
        sim_calm_down(s);
        s->work->quiet_by_ms = s->now_ms + QUIET_WITHIN_MS;
        s->work->closing = CLOSING;
        sim_plan(s, s->now_ms + 500, settle, 0);
        return;
    }
    work_act(s);
    sim_plan(s, s->now_ms + sim_between(&s->work_dice, 50, 2500), act, 0);
}

static void begin_burst(struct sim *s, struct sim_parcel *parcel)
{
    (void)parcel;
    s->work->burst_ends_ms = s->now_ms + sim_between(&s->work_dice, 15000, 60000);
    SIM_TELL(s, "--- a burst of work begins");
    sim_stir_up(s);
    sim_plan(s, s->now_ms, act, 0);
}

// ---------------------------------------------------------------- quiet

// What closes a burst: figures, boards and terms, whose every number the auditor adds up again.
static void ask_closing(struct sim *s, unsigned which)
{
    if (which >= 6) {
        work_ask_all_clocks(s, which == 6 ? "seizure" : "dispatch");
        return;
    }
    struct sim_terminal *t = work_person(s, which % 2 == 0 ? "LIA" : "DESK1");
    Stats__Figures figures = STATS__FIGURES__INIT;
    Stats__Query q = STATS__QUERY__INIT;
    q.body_case = STATS__QUERY__BODY_FIGURES;
    q.figures = &figures;
    figures.by = which == 1   ? STATS__BY__TOWNSHIP
                 : which == 2 ? STATS__BY__TEAM
                 : which == 3 ? STATS__BY__DEPARTMENT
                              : 0;
    if (which == 3)
        figures.from_day = figures.to_day = lq_day_of(s->now_ms);
    if (which == 4)
        figures.to_day = lq_day_of(s->now_ms) - 1;
    if (which == 4)
        figures.as_of_ms = s->now_ms - LQ_DAY_MS / 8;
    Dispatch__ListOrders list = DISPATCH__LIST_ORDERS__INIT;
    Dispatch__Query board = DISPATCH__QUERY__INIT;
    board.body_case = DISPATCH__QUERY__BODY_LIST;
    board.list = &list;
    list.open = true;
    if (which == 5)
        work_ask(s, t, "dispatch", &board.base);
    else
        work_ask(s, t, "stats", &q.base);
}

// (Behind a slow flush there may wait what a terminal has sent once more and needs no longer.)
static bool is_quiet(struct sim *s)
{
    bool up = s->bus.up;
    for (unsigned i = 0; i < s->node_count; i++) {
        sim_node_restart_now(s, &s->nodes[i]);
        up = up && s->bus.registered[i] == s->nodes[i].life &&
             s->nodes[i].busy_until_ms <= s->now_ms;
    }
    return up && sim_terminals_quiet(s) && audit_behind(s->audit) == NULL;
}

static void check_stuck(struct sim *s)
{
    const char *behind = audit_behind(s->audit);
    if (s->now_ms <= s->work->quiet_by_ms)
        return;
    if (behind != NULL)
        sim_fail("catch up", "three minutes after the last fault, %s", behind);
    for (unsigned i = 0; i < s->terminal_count; i++)
        if (s->terminals[i].open > 0)
            sim_fail("answer", "three minutes after the last fault, %s still waits for %u answers",
                     s->terminals[i].badge, s->terminals[i].open);
}

static void begin_lull(struct sim *s)
{
    const uint64_t kind = sim_throw(&s->work_dice, 100); // a pause, a night, a holiday
    const int64_t lull_ms = kind >= 5   ? sim_between(&s->work_dice, 2, 30) * MINUTE_MS
                            : kind >= 2 ? sim_between(&s->work_dice, 6 * 60, 12 * 60) * MINUTE_MS
                                        : sim_between(&s->work_dice, 5, 40) * LQ_DAY_MS;
    for (unsigned i = 0; i < s->node_count; i++) {
        audit_quiet(s->audit, i, sim_node_clock(s, &s->nodes[i]));
        sim_node_check(&s->nodes[i]);
    }
    if (s->now_ms >= s->work->end_ms) {
        s->over = true;
        return;
    }
    s->work->opened = true;
    SIM_TELL(s, "--- all is quiet for %lld minutes", (long long)(lull_ms / MINUTE_MS));
    s->now_ms += lull_ms;
    if (kind < 2) { // a holiday is no part of the time that was asked for
        s->start_ms += lull_ms;
        s->work->end_ms += lull_ms;
    } else {
        s->counts.lull_ms += (uint64_t)lull_ms;
    }
    sim_plan(s, s->now_ms + 200, begin_burst, 0);
}

static void settle(struct sim *s, struct sim_parcel *parcel)
{
    (void)parcel;
    if (!is_quiet(s)) {
        check_stuck(s);
        sim_plan(s, s->now_ms + 500, settle, 0);
        return;
    }
    if (s->work->closing > 0) {
        ask_closing(s, --s->work->closing);
        sim_plan(s, s->now_ms + 50, settle, 0);
        return;
    }
    begin_lull(s);
}

// ---------------------------------------------------------------- the whole

void sim_work_open(struct sim *s)
{
    s->work = calloc(1, sizeof *s->work);
    LQ_ASSERT(s->work != NULL);
    s->work->end_ms = s->start_ms + s->options.span_ms;
    s->work->quiet_by_ms = s->now_ms + QUIET_WITHIN_MS;
    s->calm = true;
    work_register_force(s);
    sim_plan(s, s->now_ms + 500, settle, 0);
}

void sim_work_free(struct sim *s)
{
    free(s->work);
}
