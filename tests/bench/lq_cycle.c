// The dispatch cycle: the desk issues orders to two hundred teams, each of whose terminals has a
// Fetch parked; each acknowledges as soon as it sees its order; it ends when the desk has seen all
// acknowledgements through its own Fetch. An order may name 64 teams, so there are four of 50, sent
// at once.
//
// A terminal that keeps watching asks again at once and so is told of the others' answers too:
// two hundred times two hundred events. One that does not asks again in the next cycle, which is
// what the peers' terminals do, whose orders and answers are separate queues.
#include <stdlib.h>

#include "base/assert.h"
#include "dispatch.pb-c.h"
#include "pb/pb.h"
#include "stages.h"

enum { FETCH = 1, ANSWER = 2 }; // correlations

struct terminal {
    uint64_t after; // where to ask next
    uint64_t cycle; // the last that it acknowledged in
    bool fetching;
};

struct cycle {
    struct site *site;
    struct lq_arena arena; // of one message
    struct lq_arena facts; // of the cycle
    struct wire *wires[SITE_LEADS], *watch;
    struct terminal terminals[SITE_LEADS], desk;
    bool keeps_watching;
    uint64_t number;                // of the cycle
    const char *order[SITE_ORDERS]; // its orders' numbers, as they become known
    uint64_t order_seq[SITE_ORDERS];
    unsigned seen, answered; // acknowledgements: by the desk, by their senders
    uint64_t events;         // told to terminals, in all cycles
};

static void ask_events(struct cycle *c, struct wire *wire, struct terminal *terminal)
{
    lq_arena_reset(&c->arena);
    terminal->fetching = true;
    wire_send(wire, site_fetch(&c->arena, FETCH, "dispatch", terminal->after, 0, 30000));
}

static const Dispatch__Event *event_of(struct lq_arena *arena, const Lq__Event *event)
{
    const char *why = NULL;
    const Dispatch__Event *body =
        (const void *)lq_pb_decode_within(&LQ_PB_RECORD, arena, &dispatch__event__descriptor,
                                          lq_span(event->body.data, event->body.len), &why);
    LQ_ASSERT(body != NULL);
    return body;
}

// ---------------------------------------------------------------- the terminals

// Which of the cycle's orders the event is, if it is one. All terminals see the same events, so
// each is looked into once.
static void note_order(struct cycle *c, const Lq__Event *event)
{
    for (int i = 0; i < SITE_ORDERS; i++)
        if (c->order_seq[i] == event->seq)
            return;
    const Dispatch__Event *body = event_of(&c->facts, event);
    if (body->body_case != DISPATCH__EVENT__BODY_ORDER_ISSUED)
        return;
    const int first = atoi(body->order_issued->assignments[0]->team + 1);
    c->order[first / SITE_TEAMS] = body->order_issued->number;
    c->order_seq[first / SITE_TEAMS] = event->seq;
}

static void acknowledge(struct cycle *c, unsigned lead)
{
    Dispatch__ReportStep step = DISPATCH__REPORT_STEP__INIT;
    step.order = (char *)(uintptr_t)c->order[lead / SITE_TEAMS];
    step.team = lq_arena_format(&c->arena, "T%03u", lead);
    step.step = DISPATCH__STEP__ACKNOWLEDGED;
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_REPORT_STEP;
    command.report_step = &step;
    c->terminals[lead].cycle = c->number;
    wire_send(c->wires[lead], site_command(&c->arena, ANSWER, "dispatch", &command.base));
}

static bool looks_like_order(const Lq__Event *event)
{
    return event->body.len > 0 && event->body.data[0] == 0x0a; // order_issued is field 1
}

static void terminal_heard(struct wire *wire, struct lq_span message)
{
    struct cycle *c = wire_config(wire)->owner;
    const unsigned lead = (unsigned)wire_config(wire)->index;
    struct terminal *terminal = &c->terminals[lead];
    lq_arena_reset(&c->arena);
    const Lq__Reply *reply = site_reply(&c->arena, message);
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOME) {
        c->answered++;
        return;
    }
    if (reply->kind_case != LQ__REPLY__KIND_EVENTS)
        bench_die("terminal: %s", lq_pb_text(&c->arena, &reply->base));
    terminal->fetching = false;
    terminal->after = reply->events->next_after;
    c->events += reply->events->n_events;
    for (size_t i = 0; i < reply->events->n_events; i++)
        if (looks_like_order(reply->events->events[i]))
            note_order(c, reply->events->events[i]);
    const uint64_t order_seq = c->order_seq[lead / SITE_TEAMS];
    if (terminal->cycle < c->number && order_seq != 0 && order_seq <= terminal->after)
        acknowledge(c, lead);
    if (c->keeps_watching || terminal->cycle < c->number)
        ask_events(c, wire, terminal);
}

// ---------------------------------------------------------------- the desk

static void desk_heard(struct wire *wire, struct lq_span message)
{
    struct cycle *c = wire_config(wire)->owner;
    lq_arena_reset(&c->arena);
    const Lq__Reply *reply = site_reply(&c->arena, message);
    if (reply->kind_case != LQ__REPLY__KIND_EVENTS)
        bench_die("desk: %s", lq_pb_text(&c->arena, &reply->base));
    for (size_t i = 0; i < reply->events->n_events; i++)
        c->seen += event_of(&c->arena, reply->events->events[i])->body_case ==
                   DISPATCH__EVENT__BODY_STEP_REPORTED;
    c->desk.after = reply->events->next_after;
    ask_events(c, wire, &c->desk);
}

static void issue(struct cycle *c, int order)
{
    Dispatch__IssueOrder issue = DISPATCH__ISSUE_ORDER__INIT;
    issue.kind = (char[]){"raid"};
    issue.target = (char[]){"B001"};
    issue.priority = DISPATCH__PRIORITY__FLASH;
    issue.n_teams = SITE_TEAMS;
    issue.teams = LQ_NEW_ARRAY(&c->site->arena, char *, SITE_TEAMS);
    for (int i = 0; i < SITE_TEAMS; i++)
        issue.teams[i] = lq_arena_format(&c->site->arena, "T%03d", order * SITE_TEAMS + i);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_ISSUE_ORDER;
    command.issue_order = &issue;
    wire_send(c->site->wire,
              site_command(&c->site->arena, ++c->site->correlation, "dispatch", &command.base));
}

// Frees the teams for the next cycle.
static void cancel(struct cycle *c, const char *order)
{
    Dispatch__CancelOrder cancel = DISPATCH__CANCEL_ORDER__INIT;
    cancel.order = (char *)(uintptr_t)order;
    cancel.why = (char[]){"the bench is done with it"};
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_CANCEL_ORDER;
    command.cancel_order = &cancel;
    site_do(c->site, "dispatch", &command.base);
}

// ---------------------------------------------------------------- one cycle after the other

static void open_wires(struct cycle *c)
{
    struct wire_config config = {.kind = WIRE_ZMTP_CURVE, .port = c->site->port, .owner = c};
    for (unsigned i = 0; i < SITE_LEADS; i++) {
        config.index = i;
        config.heard = terminal_heard;
        config.keys = &c->site->leads[i];
        c->wires[i] = wire_open(c->site->loop, &config);
    }
    config.heard = desk_heard;
    config.keys = &c->site->desk;
    c->watch = wire_open(c->site->loop, &config);
    if (!wire_wait_ready(c->site->loop, 20))
        bench_die("not all terminals could connect");
}

// Everybody's fetch is parked at the end of the stream when this is over.
static void settle(struct cycle *c)
{
    const uint64_t tip = site_status(c->site, "dispatch")->tip->seq;
    for (unsigned i = 0; i < SITE_LEADS; i++)
        if (!c->terminals[i].fetching) {
            c->terminals[i].after = tip;
            ask_events(c, c->wires[i], &c->terminals[i]);
        }
    if (!c->desk.fetching) {
        c->desk.after = tip;
        ask_events(c, c->watch, &c->desk);
    }
    const double until = wire_now() + 0.03;
    while (wire_now() < until)
        wire_turn(c->site->loop, 5);
}

static double run_cycle(struct cycle *c)
{
    c->number++;
    c->seen = c->answered = 0;
    memset(c->order_seq, 0, sizeof c->order_seq);
    const double began = wire_now();
    for (int i = 0; i < SITE_ORDERS; i++)
        issue(c, i);
    while (c->seen < SITE_LEADS) {
        wire_turn(c->site->loop, 100);
        if (wire_now() > began + 20)
            bench_die("a cycle does not end: %u of %d acknowledgements", c->seen, SITE_LEADS);
    }
    const double took = wire_now() - began;
    while (c->answered < SITE_LEADS)
        wire_turn(c->site->loop, 100);
    for (int i = 0; i < SITE_ORDERS; i++)
        cancel(c, c->order[i]);
    lq_arena_reset(&c->site->arena);
    lq_arena_reset(&c->facts);
    return took;
}

void stage_cycle(struct site *site, unsigned cycles, bool keeps_watching)
{
    static struct cycle c; // too large for the stack
    c = (struct cycle){.site = site, .keeps_watching = keeps_watching};
    struct samples times = {0};
    site_prepare(site);
    open_wires(&c);
    const double cpu = cpu_of(0);
    double busy = 0;
    for (unsigned i = 0; i < cycles + 2; i++) {
        settle(&c);
        const double took = run_cycle(&c);
        if (i < 2)
            continue; // to warm up
        samples_add(&times, took);
        busy += took;
    }
    const char *what = keeps_watching ? "cycle_watching" : "cycle";
    tell(what, "events_each", (double)c.events / (cycles + 2));
    tell(what, "generator_cpu", (cpu_of(0) - cpu) / (busy > 0 ? busy : 1));
    tell_samples(what, &times);
    for (unsigned i = 0; i < SITE_LEADS; i++)
        wire_close(c.wires[i]);
    wire_close(c.watch);
    lq_arena_free(&c.arena);
    lq_arena_free(&c.facts);
}
