// The front door. Every frame is judged by the key of the connection that it came through, and
// that key is looked up for every frame: a key that was revoked a moment ago opens nothing, on
// open connections and for answers that are still on their way.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/assert.h"
#include "bus/broker/state.h"

// ---------------------------------------------------------------- replies

static void send_front(struct lq_broker *broker, struct lq_peer peer, struct lq_span reply)
{
    if (lq_door_put(broker->doors[LQ_BY_FRONT], peer.id, NULL, reply) != 0)
        broker->counters.dropped_replies++; // gone, or does not read: it will ask again
}

static void send_reply(struct lq_broker *broker, struct lq_peer peer, struct lq_span reply)
{
    if (peer.by == LQ_BY_FRONT)
        send_front(broker, peer, reply);
    else if (lq_broker_send_link(broker, peer, LQ_LINK_ANSWER, reply) != 0)
        broker->counters.dropped_replies++;
}

void lq_broker_refuse(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation,
                      Lq__Refusal__Why why, bool retry, const char *format, ...)
{
    char text[LQ_REFUSAL_TEXT];
    uint8_t buffer[LQ_REFUSAL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (why == LQ__REFUSAL__WHY__MALFORMED)
        broker->counters.malformed++;
    if (why == LQ__REFUSAL__WHY__UNAVAILABLE)
        broker->counters.unavailable++;
    if (why == LQ__REFUSAL__WHY__KEY_REVOKED)
        broker->counters.revoked++;
    send_reply(broker, peer, lq_refusal_pack(buffer, correlation, why, retry, "%s", text));
}

static void refuse_key(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation)
{
    lq_broker_refuse(broker, peer, correlation, LQ__REFUSAL__WHY__KEY_REVOKED, false,
                     "this key has been revoked");
}

void lq_broker_reply(struct lq_broker *broker, struct lq_peer peer, const char *key,
                     uint64_t correlation, struct lq_span reply)
{
    if (key[0] != '\0' && lq_broker_key(broker, key) == NULL)
        refuse_key(broker, peer, correlation);
    else if (reply.size == 0 || reply.size > LQ_REPLY_LIMIT)
        lq_broker_refuse(broker, peer, correlation, LQ__REFUSAL__WHY__UNAVAILABLE, false,
                         "the reply is larger than 1 MiB: ask for less at a time");
    else
        send_reply(broker, peer, reply);
}

// ---------------------------------------------------------------- the bus's own Status

static void answer_status(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation)
{
    char name[] = "bus", version[] = LQ_VERSION;
    Lq__Position positions[LQ_SERVICES_LIMIT], *follows[LQ_SERVICES_LIMIT];
    Lq__Status status = LQ__STATUS__INIT;
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++) {
        struct lq_route_service *service = lq_routes_service_at(broker->routes, i);
        if (!service->registered)
            continue;
        follows[status.n_follows] = &positions[status.n_follows];
        lq__position__init(follows[status.n_follows]);
        follows[status.n_follows++]->stream = service->name;
    }
    status.service = name;
    status.follows = follows;
    status.started_at_ms = broker->started_wall_ms;
    status.version = version;
    status.pid = (uint32_t)getpid();
    uint8_t body[LQ_SERVICES_LIMIT * 48 + 256], bytes[sizeof body + 64];
    LQ_ASSERT(lq__status__get_packed_size(&status) <= sizeof body);
    Lq__Position as_of = LQ__POSITION__INIT;
    as_of.stream = name;
    Lq__Answer answer = LQ__ANSWER__INIT;
    answer.as_of = &as_of;
    answer.body.data = body;
    answer.body.len = lq__status__pack(&status, body);
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.kind_case = LQ__REPLY__KIND_ANSWER;
    reply.answer = &answer;
    send_reply(broker, peer, lq_span(bytes, lq__reply__pack(&reply, bytes)));
}

// A Query whose body is empty is answered with a Status; the bus has nothing else to tell.
static void answer_myself(struct lq_broker *broker, struct lq_peer peer,
                          const struct lq_request_head *head)
{
    bool empty = head->kind == 5;
    struct lq_wire wire = {.rest = head->body};
    struct lq_wire_field field;
    while (lq_wire_next(&wire, &field))
        empty = empty && field.bytes.size == 0 && field.type == 2;
    if (empty && !wire.broken)
        answer_status(broker, peer, head->correlation);
    else
        lq_broker_refuse(broker, peer, head->correlation, LQ__REFUSAL__WHY__MALFORMED, false,
                         "the bus itself answers only a query with an empty body");
}

// ---------------------------------------------------------------- requests

static void refuse_unknown(struct lq_broker *broker, struct lq_peer peer,
                           const struct lq_request_head *head)
{
    char list[256] = "bus";
    size_t used = strlen(list);
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++) {
        const char *name = lq_routes_service_at(broker->routes, i)->name;
        if (used + 2 + strlen(name) < sizeof list)
            used += (size_t)sprintf(list + used, ", %s", name);
    }
    lq_broker_refuse(broker, peer, head->correlation, LQ__REFUSAL__WHY__NO_SUCH_SERVICE, false,
                     "there is no service \"%.*s\"; there are: %s", (int)head->service.size,
                     (const char *)head->service.data, list);
}

static void refuse_newest(struct lq_broker *broker, struct lq_route_service *service)
{
    const struct lq_waiting was = *service->last;
    lq_routes_forget(broker->routes, service->last);
    lq_broker_refuse(broker, was.asker, was.correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                     "%s is busy; try again", service->name);
}

void lq_broker_send_requests(struct lq_broker *broker, struct lq_route_service *service)
{
    unsigned count = service->requests.count;
    if (count == 0)
        return;
    const struct lq_span bundle = lq_bundle_bytes(&service->requests);
    const int problem = lq_broker_send_link(broker, service->peer, LQ_LINK_REQUEST, bundle);
    lq_bundle_empty(&service->requests);
    if (problem == 0)
        broker->counters.forwarded += count;
    else if (problem == EHOSTUNREACH)
        lq_broker_service_down(broker, service, "its connection has gone");
    else
        for (; count > 0 && service->last != NULL; count--)
            refuse_newest(broker, service);
}

static void add_request(struct lq_broker *broker, const struct lq_waiting *waiting,
                        const struct lq_asking *asking, struct lq_span request)
{
    char actor[LQ_BADGE_TEXT];
    snprintf(actor, sizeof actor, "%s", asking->actor);
    uint8_t route[LQ_ROUTE_SIZE], bytes[LQ_BADGE_TEXT + LQ_ROUTE_SIZE + 32];
    lq_routes_route(broker->routes, waiting, route);
    Lq__Stamp stamp = LQ__STAMP__INIT;
    stamp.route.data = route;
    stamp.route.len = sizeof route;
    stamp.actor = actor;
    stamp.roles = asking->roles;
    LQ_ASSERT(lq__stamp__get_packed_size(&stamp) <= sizeof bytes);
    struct lq_route_service *service = waiting->service;
    lq_bundle_add(&service->requests, lq_span(bytes, lq__stamp__pack(&stamp, bytes)), request);
    if (lq_bundle_is_full(&service->requests))
        lq_broker_send_requests(broker, service);
}

static void hand_over(struct lq_broker *broker, struct lq_route_service *service,
                      const struct lq_asking *asking, uint64_t correlation, struct lq_span request)
{
    struct lq_waiting *waiting = lq_routes_wait(broker->routes, service, asking->peer, asking->key,
                                                correlation, broker->now_ms);
    if (waiting == NULL) {
        lq_broker_refuse(broker, asking->peer, correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                         "too many requests are waiting for an answer; try again");
        return;
    }
    add_request(broker, waiting, asking, request);
}

void lq_broker_forward(struct lq_broker *broker, const struct lq_asking *asking,
                       struct lq_span request)
{
    struct lq_request_head head;
    const char *wrong = lq_request_scan(request, &head);
    if (wrong != NULL) {
        lq_broker_refuse(broker, asking->peer, head.correlation, LQ__REFUSAL__WHY__MALFORMED, false,
                         "%s", wrong);
        return;
    }
    if (lq_span_equal(head.service, lq_span_text("bus"))) {
        answer_myself(broker, asking->peer, &head);
        return;
    }
    struct lq_route_service *service = lq_routes_service(broker->routes, head.service, false);
    if (service == NULL)
        refuse_unknown(broker, asking->peer, &head);
    else if (!lq_broker_service_up(broker, service))
        lq_broker_refuse(broker, asking->peer, head.correlation, LQ__REFUSAL__WHY__UNAVAILABLE,
                         true, "%s is not running; try again", service->name);
    else
        hand_over(broker, service, asking, head.correlation, request);
}

// ---------------------------------------------------------------- the door

// Tells somebody who talks in another form than ours, so that he does not wait in vain.
static void refuse_form(struct lq_broker *broker, struct lq_peer peer)
{
    uint8_t buffer[LQ_REFUSAL_SIZE];
    broker->counters.dropped_frames++;
    send_front(broker, peer,
               lq_refusal_pack(buffer, 0, LQ__REFUSAL__WHY__MALFORMED, false,
                               "a request is one frame, without an empty one before it"));
}

static void take_request(struct lq_broker *broker, const struct lq_door_message *message)
{
    const struct lq_peer peer = {.by = LQ_BY_FRONT, .id = message->from};
    if (!message->well_formed) {
        refuse_form(broker, peer);
        return;
    }
    broker->counters.requests++;
    const struct lq_key_entry *entry = lq_broker_key(broker, message->key);
    if (entry == NULL) {
        struct lq_request_head head;
        (void)lq_request_scan(message->body, &head);
        refuse_key(broker, peer, head.correlation);
        return;
    }
    const struct lq_asking asking = {
        .peer = peer, .key = entry->public_key, .actor = entry->badge, .roles = entry->roles};
    lq_broker_forward(broker, &asking, message->body);
}

void lq_broker_serve_front(struct lq_broker *broker)
{
    struct lq_door_message message;
    while (lq_door_next(broker->doors[LQ_BY_FRONT], &message)) {
        lq_broker_refresh_keyring(broker);
        take_request(broker, &message);
    }
}
