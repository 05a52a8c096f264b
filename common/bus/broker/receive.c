// Every message is judged by the key of its connection, and the key is looked up for every message:
// once it is revoked, nothing more is taken from connections that are open.
#include "bus/broker/receive.h"

#include <stdio.h>

#include "bus/broker/forward.h"
#include "bus/broker/keys.h"
#include "bus/broker/reply.h"
#include "bus/broker/services.h"

enum { PER_STEP = 512 }; // messages of one pipe

// ---------------------------------------------------------------- clients

// A client of another protocol is told so, or it would wait in vain.
static void refuse_form(struct lq_broker *broker, struct lq_peer peer)
{
    uint8_t buffer[LQ_REFUSAL_SIZE];
    broker->counters.dropped_frames++;
    lq_broker_send_reply(
        broker, peer,
        lq_refusal_encode(buffer, 0, LQ__REFUSAL__WHY__MALFORMED, false,
                          "a request is one frame, without an empty one before it"));
}

static void take_request(struct lq_broker *broker, const struct lq_listener_message *message)
{
    const struct lq_peer peer = {.kind = LQ_PEER_CLIENT, .id = message->from};
    if (!message->well_formed) {
        refuse_form(broker, peer);
        return;
    }
    broker->counters.requests++;
    const struct lq_key_entry *entry = lq_broker_key(broker, message->key);
    if (entry == NULL) {
        struct lq_request_head head;
        (void)lq_request_scan(message->body, &head);
        lq_broker_refuse_key(broker, peer, head.correlation);
        return;
    }
    const struct lq_asker asker = {.peer = peer,
                                   .key = entry->public_key,
                                   .caller = {.actor = entry->badge, .roles = entry->roles}};
    lq_broker_forward(broker, &asker, message->body);
}

void lq_broker_serve_clients(struct lq_broker *broker)
{
    struct lq_listener_message message;
    while (lq_listener_next(broker->listeners[LQ_PEER_CLIENT], &message)) {
        lq_broker_refresh_keys(broker);
        take_request(broker, &message);
    }
}

// ---------------------------------------------------------------- services on this machine

static void take_question(struct lq_broker *broker, struct lq_route_service *service,
                          struct lq_span request)
{
    char actor[LQ_SERVICE_NAME + 1];
    snprintf(actor, sizeof actor, "@%s", service->name);
    const struct lq_asker asker = {.peer = service->peer,
                                   .key = service->key,
                                   .caller = {.actor = actor, .roles = 1u << LQ__ROLE__SERVICE}};
    lq_broker_forward(broker, &asker, request);
}

static void take_from_service(struct lq_broker *broker, struct lq_peer peer, const char *key,
                              uint8_t kind, struct lq_span body)
{
    if (kind == LQ_FRAME_REGISTER) {
        lq_broker_register(broker, peer, key, body);
        return;
    }
    struct lq_route_service *service = lq_routes_registered(broker->routes, peer);
    if (service == NULL) {
        lq_broker_refuse_unregistered(broker, peer);
        return;
    }
    service->heard_ms = broker->now_ms;
    if (kind == LQ_FRAME_PING)
        lq_broker_service_lives(broker, service);
    else if (kind == LQ_FRAME_ANSWER)
        lq_broker_answer(broker, service, body);
    else if (kind == LQ_FRAME_REQUEST)
        take_question(broker, service, body);
    else
        broker->counters.dropped_frames++;
}

void lq_broker_serve_pipe(struct lq_broker *broker, struct lq_broker_pipe *place)
{
    const struct lq_peer peer = {.kind = LQ_PEER_PIPE, .id = place->id};
    uint8_t kind;
    struct lq_span body;
    for (unsigned i = 0; i < PER_STEP && lq_pipe_receive(place->pipe, &kind, &body); i++)
        take_from_service(broker, peer, "", kind, body);
    if (!lq_pipe_gone(place->pipe))
        return;
    lq_pipe_close(place->pipe);
    place->pipe = NULL;
    lq_broker_ping_services(broker); // finds out which one it was
}

// ---------------------------------------------------------------- services on other hosts

// The key of a message as the list has it; NULL if it is not a service's, or is revoked by now.
static const char *key_of(struct lq_broker *broker, struct lq_peer peer, const char *key)
{
    if (lq_broker_is_service_key(broker, key))
        return lq_broker_key(broker, key)->public_key;
    broker->counters.revoked++;
    struct lq_route_service *service = lq_routes_registered(broker->routes, peer);
    if (service != NULL)
        (void)lq_broker_service_up(broker, service); // takes it down
    return NULL;
}

static void take_message(struct lq_broker *broker, const struct lq_listener_message *message)
{
    const struct lq_peer peer = {.kind = LQ_PEER_WORKER, .id = message->from};
    if (!message->well_formed) {
        broker->counters.dropped_frames++;
        return;
    }
    const char *key = key_of(broker, peer, message->key);
    if (key != NULL)
        take_from_service(broker, peer, key, message->kind, message->body);
}

void lq_broker_serve_workers(struct lq_broker *broker)
{
    struct lq_listener *listener = broker->listeners[LQ_PEER_WORKER];
    struct lq_listener_message message;
    while (lq_listener_next(listener, &message))
        take_message(broker, &message);
    lq_listener_flush(listener);
    if (lq_listener_counters(listener)->gone == broker->workers_gone)
        return;
    broker->workers_gone = lq_listener_counters(listener)->gone;
    lq_broker_ping_services(broker); // finds out which one it was
}
