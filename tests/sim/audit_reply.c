// What may leave a service: one answer to each request, on its own route; the stored outcome, byte
// for byte; events without gaps that the asker may see; nothing that is not durable, and nothing
// older than what the asker has seen.
#include <stdlib.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

enum { SLACK_MS = 30000 };

// ---------------------------------------------------------------- requests

// Finds the command by its id, or remembers it; says whether the id was used for something else.
static struct audit_named take_command(struct audit *a, struct audit_stream *stream,
                                       const struct audit_asked *asked, struct lq_span bytes,
                                       struct lq_span after)
{
    const Lq__Command *sent = audit_decode(a, &lq__command__descriptor, bytes);
    if (sent == NULL || sent->id.len != AUDIT_ID)
        return (struct audit_named){0};
    struct audit_command *c = audit_find(&stream->commands, audit_bytes(sent->id));
    if (c == NULL) {
        c = audit_put(a, &stream->commands, sizeof *c, audit_bytes(sent->id));
        c->sent = sent;
        c->actor = asked->actor;
        c->roles = asked->roles;
        c->bytes = bytes;
        c->after = after;
        const bool fit = sent->id.data[6] >> 4 == 7 && sent->body.len > 0; // else it is malformed
        if (stream->kind != NULL && fit)
            c->body = audit_decode(a, stream->kind->command, audit_bytes(sent->body));
    }
    if (!lq_span_equal(c->after, after))
        c->after = (struct lq_span){0}; // it came without, or behind another one, too
    return (struct audit_named){c, strcmp(c->actor, asked->actor) != 0 ||
                                       !lq_span_equal(c->bytes, bytes)};
}

static bool permitted(const struct audit_stream *stream, const struct audit_command *c,
                      uint32_t roles)
{
    const bool for_other =
        c->sent->on_behalf_of[0] != '\0' && strcmp(c->sent->on_behalf_of, c->actor) != 0;
    return audit_may(stream->name, 4, c->body, roles, for_other);
}

// Or it is refused for good.
static bool will_be_decided(const struct audit_stream *stream, const struct audit_asked *asked,
                            const struct audit_named *named)
{
    const struct audit_command *c = named->command;
    return c != NULL && !named->forged && c->body != NULL && permitted(stream, c, asked->roles);
}

// What stands behind a command in the same request comes after it.
static void take_commands(struct audit *a, struct audit_stream *stream, struct audit_asked *asked)
{
    struct lq_span after = audit_bytes(asked->request->after);
    ProtobufCBinaryData command = asked->request->command;
    const Lq__Commands one = {.n_commands = 1, .commands = &command}, *commands = &one;
    if (asked->request->kind_case == LQ__REQUEST__KIND_COMMANDS)
        commands =
            audit_decode(a, &lq__commands__descriptor, audit_bytes(asked->request->commands));
    AUDIT(commands != NULL, "network", "Commands do not decode");
    asked->commands = audit_alloc(a, commands->n_commands * sizeof *asked->commands);
    for (size_t i = 0; i < commands->n_commands; i++) {
        const struct audit_named named =
            take_command(a, stream, asked, audit_bytes(commands->commands[i]), after);
        if (will_be_decided(stream, asked, &named))
            after = audit_bytes(named.command->sent->id);
        asked->commands[asked->command_count++] = named;
    }
}

void audit_asked(struct audit *a, unsigned node, uint64_t route, const char *actor, uint32_t roles,
                 struct lq_span request, int64_t now_ms)
{
    struct audit_stream *stream = &a->streams[node];
    struct audit_asked *asked = audit_alloc(a, sizeof *asked);
    asked->request = audit_decode(a, &lq__request__descriptor, audit_copy(a, request));
    AUDIT(asked->request != NULL, "network", "a request does not decode");
    asked->route = route;
    asked->correlation = asked->request->correlation;
    asked->actor = (const char *)audit_copy(a, lq_span_text(actor)).data;
    asked->roles = roles;
    asked->since_ms = now_ms;
    if (asked->request->kind_case == LQ__REQUEST__KIND_COMMAND ||
        asked->request->kind_case == LQ__REQUEST__KIND_COMMANDS)
        take_commands(a, stream, asked);
    stream->arrived += asked->command_count > 1 ? asked->command_count : 1;
    asked->arrival = stream->arrived;
    if (asked->request->kind_case == LQ__REQUEST__KIND_FETCH) {
        const Lq__Fetch *fetch =
            audit_decode(a, &lq__fetch__descriptor, audit_bytes(asked->request->fetch));
        asked->after = fetch->after;
        asked->max = fetch->max;
    }
    asked->next = stream->asked;
    stream->asked = asked;
}

void audit_crashed(struct audit *a, unsigned node)
{
    struct audit_stream *stream = &a->streams[node];
    stream->asked = NULL;
    stream->readings = NULL; // who was to be told was not
    stream->arrived = stream->taken = 0;
}

static struct audit_asked *take_asked(struct audit_stream *stream, uint64_t route)
{
    for (struct audit_asked **link = &stream->asked; *link != NULL; link = &(*link)->next)
        if ((*link)->route == route) {
            struct audit_asked *asked = *link;
            *link = asked->next;
            return asked;
        }
    sim_fail("route", "%s answers on a route on which nobody asks, or not any more", stream->name);
}

// ---------------------------------------------------------------- as of when

static void check_seen(struct audit *a, const struct audit_stream *stream,
                       const struct audit_asked *asked)
{
    for (size_t i = 0; i < asked->request->n_seen; i++) {
        const Lq__Position *seen = asked->request->seen[i];
        const struct audit_stream *other = audit_stream_named(a, seen->stream);
        AUDIT(other != stream || stream->count >= seen->seq, "seen",
              "%s answers %s from before record %llu, which he has seen", stream->name,
              asked->actor, (number)seen->seq);
        const struct audit_feed *feed = &stream->feeds[other->node];
        AUDIT(!feed->followed || feed->head == feed->count || feed->due[feed->head].seq > seen->seq,
              "seen",
              "%s answers %s, who has seen record %llu of %s, before it has followed record %llu",
              stream->name, asked->actor, (number)seen->seq, other->name,
              (number)feed->due[feed->head].seq);
    }
}

// ---------------------------------------------------------------- outcomes

static void check_outcome(struct audit *a, const struct audit_stream *stream,
                          const struct audit_asked *asked, const struct audit_named *named,
                          struct lq_span outcome, bool repeated)
{
    struct audit_command *c = named->command;
    AUDIT(c != NULL, "outcome", "%s decided what is no command", stream->name);
    AUDIT(!named->forged, "dedupe",
          "%s gave %s an outcome for an id that was used by somebody else or for other bytes",
          stream->name, asked->actor);
    AUDIT(c->decided, "durable", "%s acknowledged a command of %s that is not in its journal",
          stream->name, asked->actor);
    AUDIT(lq_span_equal(c->outcome, outcome), "outcome",
          "%s answered %s otherwise than record %llu says", stream->name, asked->actor,
          (number)c->seq);
    AUDIT(repeated || !c->acknowledged, "outcome",
          "%s calls an outcome new that it gave before (record %llu)", stream->name,
          (number)c->seq);
    c->acknowledged = true;
    if (!repeated)
        check_seen(a, stream, asked);
}

// ---------------------------------------------------------------- answers

static void check_answer(struct audit *a, struct audit_stream *stream,
                         const struct audit_asked *asked, const Lq__Answer *answer,
                         int64_t clock_ms)
{
    AUDIT(asked->request->kind_case == LQ__REQUEST__KIND_QUERY, "route",
          "%s answers what is no query", stream->name);
    AUDIT(answer->as_of != NULL && strcmp(answer->as_of->stream, stream->name) == 0, "answer",
          "an answer of %s does not say as of when", stream->name);
    AUDIT(answer->as_of->seq <= stream->count, "durable",
          "%s answers as of record %llu, but only %zu are durable", stream->name,
          (number)answer->as_of->seq, stream->count);
    check_seen(a, stream, asked);
    const Lq__Query *envelope =
        audit_decode(a, &lq__query__descriptor, audit_bytes(asked->request->query));
    if (stream->kind == NULL || envelope == NULL || envelope->body.len == 0)
        return;
    const void *query = audit_decode(a, stream->kind->query, audit_bytes(envelope->body));
    AUDIT(audit_may(stream->name, 5, query, asked->roles, false), "permission",
          "%s told %s what he may not read", stream->name, asked->actor);
    const void *body = audit_decode(a, stream->kind->answer, audit_bytes(answer->body));
    AUDIT(body != NULL, "answer", "an answer of %s does not decode", stream->name);
    a->asking = asked;
    audit_answer_told(a, stream, asked, body);
    if (stream->kind->answered != NULL && answer->as_of->seq == stream->count)
        stream->kind->answered(a, stream, query, body, clock_ms);
}

// ---------------------------------------------------------------- events

// The events that are told to fewest of those that he is told of.
static enum audit_audience audience_of(const struct audit_stream *stream, uint32_t roles)
{
    if ((roles & ROLE_BIT(SERVICE)) != 0)
        return AUDIT_FOR_SERVICES;
    const uint32_t of_money = ROLE_BIT(COMMANDER) | ROLE_BIT(HEAD) | ROLE_BIT(CLERK) |
                              ROLE_BIT(INSPECTOR) | ROLE_BIT(FINANCE);
    const uint32_t of_tips = ROLE_BIT(COMMANDER) | ROLE_BIT(DESK) | ROLE_BIT(LIAISON) |
                             ROLE_BIT(CLERK) | ROLE_BIT(INSPECTOR) | ROLE_BIT(HEAD);
    const uint32_t readers = strcmp(stream->name, "fund") == 0 ? of_money : of_tips;
    if ((roles & ROLE_BIT(INSPECTOR)) != 0)
        return AUDIT_FOR_INSPECTORS;
    return (roles & readers) != 0 ? AUDIT_FOR_READERS : AUDIT_FOR_ALL;
}

static void check_event(struct audit *a, const struct audit_stream *stream,
                        const struct audit_asked *asked, const struct audit_record *record,
                        const Lq__Event *event, struct audit_told *told)
{
    const Lq__Record *r = record->record;
    AUDIT(event->seq == r->seq, "fetch", "%s gives record %llu where record %llu comes next",
          stream->name, (number)event->seq, (number)r->seq);
    AUDIT(audit_event_told(a, asked, record, event, told) &&
              event->recorded_at_ms == r->recorded_at_ms &&
              event->occurred_at_ms == r->occurred_at_ms && strcmp(event->actor, r->actor) == 0 &&
              strcmp(event->on_behalf_of, r->on_behalf_of) == 0 &&
              strcmp(event->reason, r->reason) == 0,
          "fetch", "event %llu of %s is not what the record holds", (number)r->seq, stream->name);
}

static void check_events(struct audit *a, struct audit_stream *stream,
                         const struct audit_asked *asked, const Lq__Events *events)
{
    const uint32_t most = (uint32_t)a->policy.fetch_max;
    const uint32_t max = asked->max == 0 || asked->max > most ? most : asked->max;
    const enum audit_audience sees = audience_of(stream, asked->roles);
    struct audit_told told = {0};
    size_t given = 0;
    AUDIT(asked->request->kind_case == LQ__REQUEST__KIND_FETCH, "route",
          "%s answers with events what is no fetch", stream->name);
    AUDIT(events->tip <= stream->count && events->next_after <= stream->count, "durable",
          "%s tells of record %llu, but only %zu are durable", stream->name,
          (number)events->next_after, stream->count);
    AUDIT(events->next_after >= asked->after, "fetch", "%s sends %s back", stream->name,
          asked->actor);
    AUDIT(events->n_events <= max, "fetch", "%s gives %zu events, %u were asked for", stream->name,
          events->n_events, max);
    for (uint64_t seq = asked->after + 1; seq <= events->next_after; seq++) {
        const struct audit_record *record = &stream->records[seq - 1];
        if (record->record->event.len == 0 || record->audience > sees)
            continue;
        AUDIT(given < events->n_events, "fetch", "%s leaves out event %llu, asked by %s",
              stream->name, (number)seq, asked->actor);
        check_event(a, stream, asked, record, events->events[given++], &told);
    }
    AUDIT(given == events->n_events, "fetch",
          "%s gives %s events that he should not get, from %llu", stream->name, asked->actor,
          (number)events->events[given]->seq);
    audit_told(stream, asked, "events", &told);
}

// ---------------------------------------------------------------- refusals

static void check_refusal(const struct audit_stream *stream, const struct audit_asked *asked,
                          const struct audit_named *named, const Lq__Refusal *refusal)
{
    const struct audit_command *c = named->command;
    switch (refusal->why) {
    case LQ__REFUSAL__WHY__ID_REUSED:
        AUDIT(named->forged, "dedupe", "%s says that %s reused an id, and he did not", stream->name,
              asked->actor);
        return;
    case LQ__REFUSAL__WHY__NOT_PERMITTED:
        AUDIT(!will_be_decided(stream, asked, named), "permission",
              "%s does not let %s do what he may do", stream->name, asked->actor);
        return;
    case LQ__REFUSAL__WHY__MALFORMED:
        AUDIT(c == NULL || c->body == NULL, "refusal", "%s calls a command of %s malformed: %s",
              stream->name, asked->actor, refusal->text);
        return;
    case LQ__REFUSAL__WHY__UNAVAILABLE:
    case LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED:
    case LQ__REFUSAL__WHY__JOURNAL_FULL:
        AUDIT(refusal->retry, "refusal", "%s does not say that one may try again", stream->name);
        return;
    default:
        sim_fail("refusal", "%s refuses %s without ground: %s", stream->name, asked->actor,
                 refusal->text);
    }
}

// The command that a request is about, where it is about one.
static const struct audit_named *named_by(const struct audit_asked *asked)
{
    static const struct audit_named none = {0};
    return asked->command_count == 1 ? &asked->commands[0] : &none;
}

// One for each command, as if it had come alone; only "try again" ends them early.
static void check_outcomes(struct audit *a, const struct audit_stream *stream,
                           const struct audit_asked *asked, const Lq__Outcomes *outcomes)
{
    bool again = false;
    AUDIT(outcomes->n_outcomes <= asked->command_count, "outcome",
          "%s gives %s more outcomes than he has sent commands", stream->name, asked->actor);
    for (size_t i = 0; i < outcomes->n_outcomes; i++) {
        const Lq__CommandOutcome *one = outcomes->outcomes[i];
        AUDIT(!again, "outcome", "%s goes on behind what is to be sent again", stream->name);
        if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME) {
            check_outcome(a, stream, asked, &asked->commands[i], audit_bytes(one->outcome),
                          one->repeated_outcome);
        } else {
            AUDIT(one->refusal != NULL, "outcome", "%s gives an empty outcome", stream->name);
            check_refusal(stream, asked, &asked->commands[i], one->refusal);
            again = one->refusal->retry;
        }
    }
    AUDIT(again || outcomes->n_outcomes == asked->command_count, "outcome",
          "%s leaves out what %s asked for", stream->name, asked->actor);
}

void audit_answered(struct audit *a, unsigned node, uint64_t route, struct lq_span bytes,
                    int64_t clock_ms)
{
    struct audit_stream *stream = &a->streams[node];
    const struct audit_asked *asked = take_asked(stream, route);
    const Lq__Reply *reply = audit_decode(a, &lq__reply__descriptor, audit_copy(a, bytes));
    AUDIT(reply != NULL, "answer", "a reply of %s does not decode", stream->name);
    AUDIT(reply->correlation == asked->correlation, "route",
          "%s answers %s with the answer to another request", stream->name, asked->actor);
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOME)
        check_outcome(a, stream, asked, named_by(asked), audit_bytes(reply->outcome),
                      reply->repeated_outcome);
    else if (reply->kind_case == LQ__REPLY__KIND_OUTCOMES)
        check_outcomes(a, stream, asked, reply->outcomes);
    else if (reply->kind_case == LQ__REPLY__KIND_ANSWER)
        check_answer(a, stream, asked, reply->answer, clock_ms);
    else if (reply->kind_case == LQ__REPLY__KIND_EVENTS)
        check_events(a, stream, asked, reply->events);
    else if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        check_refusal(stream, asked, named_by(asked), reply->refusal);
    else
        sim_fail("answer", "%s gives an empty reply", stream->name);
}

// ---------------------------------------------------------------- what must have left

static bool has_news(const struct audit_stream *stream, const struct audit_asked *asked)
{
    if ((asked->roles & ROLE_BIT(SERVICE)) != 0)
        return stream->count > asked->after;
    return stream->last_event[audience_of(stream, asked->roles)] > asked->after;
}

void audit_turned(struct audit *a, unsigned node, int64_t now_ms)
{
    struct audit_stream *stream = &a->streams[node];
    stream->taken += (uint64_t)a->policy.batch_max;
    if (stream->taken > stream->arrived)
        stream->taken = stream->arrived;
    AUDIT(stream->readings == NULL, "reading", "%s has recorded what it has told nobody",
          stream->name);
    for (const struct audit_asked *asked = stream->asked; asked != NULL; asked = asked->next) {
        if (asked->request->kind_case == LQ__REQUEST__KIND_FETCH)
            AUDIT(!has_news(stream, asked) || asked->arrival > stream->taken, "wake",
                  "%s lets %s wait for the events after %llu, though there are some", stream->name,
                  asked->actor, (number)asked->after);
        else
            AUDIT(now_ms - asked->since_ms < a->policy.causal_wait_ms + SLACK_MS, "answer",
                  "%s has left a request of %s unanswered", stream->name, asked->actor);
    }
}
