// A terminal, as common/client has it: it repeats with the same bytes after a silence and after a
// refusal that says "try again", tells with each request how far it knows the streams, and hears a
// reply at most once. It never gives up, so that every command comes to its end.
#include <stdlib.h>

#include "base/assert.h"
#include "pb/pb.h"
#include "sim/sim.h"

enum { SILENCE_MS = 2000, AGAIN_MS = 400, FOLLOW_WAIT_MS = 20000 };

struct sim_ask {
    struct sim_ask *next;
    uint64_t correlation;
    struct sim_request request; // but for its spans, which are not kept
    bool follows;               // a fetch that goes on for ever
    uint64_t plan;              // which repetition is planned; earlier plans are void
    size_t size;
    uint8_t bytes[]; // the serialized Request
};

// ---------------------------------------------------------------- asking

static void repeat(struct sim *s, struct sim_parcel *parcel);

static void plan_repeat(struct sim *s, const struct sim_terminal *t, struct sim_ask *ask,
                        int64_t in_ms)
{
    struct sim_parcel *parcel = sim_plan(s, s->now_ms + in_ms, repeat, 0);
    parcel->peer = (struct sim_peer){.index = t->index};
    parcel->number = ask->correlation;
    parcel->route = ++ask->plan;
}

static int64_t silence_ms(const struct sim_ask *ask)
{
    return SILENCE_MS + (int64_t)ask->request.wait_ms;
}

static void transmit(struct sim *s, const struct sim_terminal *t, struct sim_ask *ask)
{
    const struct sim_peer peer = {.index = t->index};
    sim_bus_ask(s, peer, ask->request.node, ask->correlation, lq_span(ask->bytes, ask->size),
                s->now_ms);
    plan_repeat(s, t, ask, silence_ms(ask));
}

static struct sim_ask **find(struct sim_terminal *t, uint64_t correlation)
{
    struct sim_ask **link = &t->asks;
    while (*link != NULL && (*link)->correlation != correlation)
        link = &(*link)->next;
    return link;
}

static void repeat(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_terminal *t = &s->terminals[parcel->peer.index];
    struct sim_ask *ask = *find(t, parcel->number);
    if (ask == NULL || ask->plan != parcel->route)
        return; // answered, or planned anew
    SIM_TELL(s, "%s asks %s again (%llu)", t->badge, s->nodes[ask->request.node].service->name,
             (unsigned long long)ask->correlation);
    transmit(s, t, ask);
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static size_t fill_seen(struct sim *s, const struct sim_terminal *t, Lq__Position *positions,
                        Lq__Position **pointers)
{
    size_t count = 0;
    for (unsigned i = 0; i < s->node_count; i++) {
        if (t->seen[i] == 0)
            continue;
        lq__position__init(&positions[count]);
        positions[count].stream = lq_unconst(s->nodes[i].service->name);
        positions[count].seq = t->seen[i];
        positions[count].hash = binary(lq_span(t->seen_hash[i], sizeof t->seen_hash[i]));
        pointers[count] = &positions[count];
        count++;
    }
    return count;
}

static struct lq_span pack_request(struct sim *s, const struct sim_terminal *t,
                                   const struct sim_request *r, uint64_t correlation)
{
    Lq__Position positions[SIM_NODES], *pointers[SIM_NODES];
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = correlation;
    request.service = lq_unconst(s->nodes[r->node].service->name);
    if (r->with_seen) {
        request.n_seen = fill_seen(s, t, positions, pointers);
        request.seen = pointers;
    }
    if (r->after != NULL)
        request.after = binary(lq_span(r->after->bytes, sizeof r->after->bytes));
    request.kind_case = (Lq__Request__KindCase)r->kind;
    request.command = binary(r->body); // the members of the oneof lie in one place
    return lq_pb_encode(&s->scratch, &request.base);
}

static void ask(struct sim *s, struct sim_terminal *t, const struct sim_request *r, bool follows)
{
    const uint64_t correlation = ++t->next_correlation;
    const struct lq_span bytes = pack_request(s, t, r, correlation);
    struct sim_ask *made = malloc(sizeof *made + bytes.size);
    LQ_ASSERT(made != NULL);
    *made = (struct sim_ask){.next = t->asks,
                             .correlation = correlation,
                             .request = *r,
                             .follows = follows,
                             .size = bytes.size};
    memcpy(made->bytes, bytes.data, bytes.size);
    t->asks = made;
    t->open += follows ? 0 : 1;
    s->counts.commands += r->kind == SIM_COMMAND ? 1 : r->commands;
    s->counts.queries += r->kind == SIM_QUERY;
    s->counts.fetches += r->kind == SIM_FETCH;
    transmit(s, t, made);
}

void sim_terminal_ask(struct sim *s, struct sim_terminal *t, const struct sim_request *request)
{
    ask(s, t, request, false);
}

static void fetch_on(struct sim *s, struct sim_terminal *t, unsigned node, uint64_t after)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = after;
    fetch.max = 7;
    fetch.wait_ms = FOLLOW_WAIT_MS;
    const struct sim_request request = {
        .node = node,
        .kind = SIM_FETCH,
        .body = lq_pb_encode(&s->scratch, &fetch.base),
        .wait_ms = FOLLOW_WAIT_MS,
    };
    ask(s, t, &request, true);
}

void sim_terminal_follow(struct sim *s, struct sim_terminal *t, unsigned node)
{
    fetch_on(s, t, node, 0);
}

// ---------------------------------------------------------------- hearing

static void saw(struct sim *s, struct sim_terminal *t, const Lq__Position *position,
                ProtobufCBinaryData hash)
{
    if (position == NULL)
        return;
    const unsigned node = sim_node_named(s, position->stream);
    if (position->seq <= t->seen[node])
        return;
    LQ_ASSERT(hash.len == LQ_HASH_SIZE);
    t->seen[node] = position->seq;
    memcpy(t->seen_hash[node], hash.data, hash.len);
}

static struct sim_answered read_outcome(struct sim *s, struct sim_terminal *t,
                                        ProtobufCBinaryData bytes, ProtobufCBinaryData hash)
{
    const char *why = NULL;
    struct sim_answered a = {.number = ""};
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &s->scratch, &lq__outcome__descriptor, lq_span(bytes.data, bytes.len), &why);
    LQ_ASSERT(outcome != NULL);
    if (outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        saw(s, t, outcome->accepted->position, hash);
        s->counts.accepted++;
        a.accepted = true;
        a.number = outcome->accepted->number;
        a.seq = outcome->accepted->position->seq;
    } else {
        saw(s, t, outcome->rejected->position, hash);
        s->counts.rejected++;
        a.rejected = true;
    }
    return a;
}

static struct sim_answered read_outcomes(struct sim *s, struct sim_terminal *t,
                                         const Lq__Outcomes *outcomes)
{
    struct sim_answered last = {.refused = true, .number = ""};
    for (size_t i = 0; i < outcomes->n_outcomes; i++) {
        const Lq__CommandOutcome *one = outcomes->outcomes[i];
        if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
            last = read_outcome(s, t, one->outcome, one->position_hash);
        else
            s->counts.refused++;
    }
    return last;
}

static struct sim_answered read_reply(struct sim *s, struct sim_terminal *t, const Lq__Reply *reply)
{
    switch (reply->kind_case) {
    case LQ__REPLY__KIND_OUTCOMES:
        return read_outcomes(s, t, reply->outcomes);
    case LQ__REPLY__KIND_OUTCOME:
        return read_outcome(s, t, reply->outcome, reply->position_hash);
    case LQ__REPLY__KIND_ANSWER:
        if (reply->answer->as_of != NULL)
            saw(s, t, reply->answer->as_of, reply->answer->as_of->hash);
        return (struct sim_answered){.accepted = true, .number = ""};
    case LQ__REPLY__KIND_EVENTS:
        return (struct sim_answered){.accepted = true, .seq = reply->events->next_after};
    case LQ__REPLY__KIND_REFUSAL:
    case LQ__REPLY__KIND__NOT_SET:
    case _LQ__REPLY__KIND__CASE_IS_INT_SIZE:
        break;
    }
    s->counts.refused++;
    return (struct sim_answered){.refused = true, .number = ""};
}

static bool says_try_again(const Lq__Reply *reply)
{
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        return reply->refusal->retry;
    if (reply->kind_case != LQ__REPLY__KIND_OUTCOMES)
        return false;
    const Lq__CommandOutcome *last = reply->outcomes->outcomes[reply->outcomes->n_outcomes - 1];
    return last->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL && last->refusal->retry;
}

void sim_terminal_hear(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_terminal *t = &s->terminals[parcel->peer.index];
    struct sim_ask **link = find(t, parcel->number);
    struct sim_ask *ask = *link;
    if (s->now_ms < t->stalled_until_ms) {
        SIM_TELL(s, "  %s does not read: an answer is dropped", t->badge);
        return;
    }
    if (ask == NULL)
        return; // heard before
    const char *why = NULL;
    const Lq__Reply *reply =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &s->scratch, &lq__reply__descriptor,
                                          lq_span(parcel->bytes, parcel->size), &why);
    LQ_ASSERT(reply != NULL && reply->correlation == ask->correlation);
    if (says_try_again(reply)) {
        plan_repeat(s, t, ask, AGAIN_MS);
        return;
    }
    *link = ask->next;
    t->open -= ask->follows ? 0 : 1;
    const struct sim_answered answered = read_reply(s, t, reply);
    if (ask->request.sent != 0)
        sim_work_answered(s, ask->request.sent);
    if (ask->follows)
        fetch_on(s, t, ask->request.node, answered.seq);
    else if (ask->request.done != NULL)
        ask->request.done(s, t, ask->request.tag, &answered);
    free(ask);
}

bool sim_terminals_quiet(const struct sim *s)
{
    for (unsigned i = 0; i < s->terminal_count; i++)
        if (s->terminals[i].open > 0)
            return false;
    return true;
}

void sim_terminals_free(struct sim *s)
{
    for (unsigned i = 0; i < s->terminal_count; i++)
        for (struct sim_ask *a = s->terminals[i].asks, *next; a != NULL; a = next) {
            next = a->next;
            free(a);
        }
}
