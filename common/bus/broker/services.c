// The doors of the services. A name belongs to one running instance at a time. A newcomer gets it
// at once if the holder's connection has gone, after a moment if the holder does not answer, and
// not at all while the holder lives: two processes of one service started by mistake must not
// take turns.
#include <errno.h>
#include <stdio.h>

#include "base/assert.h"
#include "bus/broker/state.h"
#include "bus/keyring/roles.h"

int lq_broker_send_link(struct lq_broker *broker, struct lq_peer peer, enum lq_link_frame kind,
                        struct lq_span body)
{
    if (peer.by == LQ_BY_PIPE)
        return lq_broker_send_pipe(broker, peer.id, kind, body);
    const uint8_t byte = (uint8_t)kind;
    return lq_door_put(broker->doors[LQ_BY_LINK], peer.id, &byte, body); // sent with the turn
}

// Where this fails the service has gone or stalls; either shows in the next ping.
static void say(struct lq_broker *broker, struct lq_peer peer, enum lq_link_frame kind)
{
    (void)!lq_broker_send_link(broker, peer, kind, lq_span(NULL, 0));
}

static void tell(struct lq_broker *broker, struct lq_peer peer, enum lq_link_refusal code,
                 const char *text)
{
    char body[128];
    const int size = snprintf(body, sizeof body, "%c%s", code, text);
    (void)!lq_broker_send_link(broker, peer, LQ_LINK_REFUSED, lq_span(body, (size_t)size));
}

// ---------------------------------------------------------------- up and down

static void fail_waiting(struct lq_broker *broker, struct lq_waiting *waiting, const char *name)
{
    const struct lq_peer asker = waiting->asker;
    const uint64_t correlation = waiting->correlation;
    lq_routes_forget(broker->routes, waiting);
    lq_broker_refuse(broker, asker, correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                     "%s is not running; try again", name);
}

void lq_broker_service_down(struct lq_broker *broker, struct lq_route_service *service,
                            const char *why)
{
    if (!service->registered)
        return;
    lq_log_warn("%s is down: %s", service->name, why);
    service->registered = false;
    lq_bundle_empty(&service->requests);
    while (service->first != NULL)
        fail_waiting(broker, service->first, service->name);
}

bool lq_broker_opens_link(const struct lq_broker *broker, const char *key)
{
    const struct lq_key_entry *entry = lq_broker_key(broker, key);
    return entry != NULL && (entry->roles & lq_role_bit("service")) != 0;
}

bool lq_broker_service_up(struct lq_broker *broker, struct lq_route_service *service)
{
    if (service->registered && service->key[0] != '\0' &&
        !lq_broker_opens_link(broker, service->key))
        lq_broker_service_down(broker, service, "its key has been revoked");
    return service->registered;
}

static void install(struct lq_broker *broker, struct lq_route_service *service, struct lq_peer peer,
                    const uint8_t *instance, const char *key)
{
    service->registered = true;
    service->contested = false;
    service->peer = peer;
    service->heard_ms = broker->now_ms;
    memcpy(service->instance, instance, LQ_INSTANCE_SIZE);
    memcpy(service->key, key, strlen(key) + 1);
    lq_log_info("%s is up", service->name);
    say(broker, peer, LQ_LINK_REGISTER);
}

static void replace(struct lq_broker *broker, struct lq_route_service *service)
{
    const struct lq_peer old = service->peer, rival = service->rival;
    const bool same = memcmp(service->instance, service->rival_instance, LQ_INSTANCE_SIZE) == 0;
    lq_broker_service_down(broker, service, same ? "reconnecting" : "replaced by a new instance");
    if (!same)
        tell(broker, old, LQ_LINK_REPLACED, "another instance has taken your place");
    install(broker, service, rival, service->rival_instance, service->rival_key);
}

// ---------------------------------------------------------------- registration

// Asks it whether it lives. False: its connection has gone.
static bool reaches(struct lq_broker *broker, const struct lq_route_service *service)
{
    return lq_broker_send_link(broker, service->peer, LQ_LINK_PING, lq_span(NULL, 0)) !=
           EHOSTUNREACH;
}

// The name is held by another connection. The same process on a new connection takes it over at
// once; what was under way on the old connection may be lost, and is failed.
static void contest(struct lq_broker *broker, struct lq_route_service *service, struct lq_peer peer,
                    const uint8_t *instance, const char *key)
{
    if (service->contested && !lq_peer_equal(service->rival, peer))
        tell(broker, service->rival, LQ_LINK_TAKEN, "a newer instance wants the name");
    const bool again = service->contested && lq_peer_equal(service->rival, peer);
    service->rival = peer;
    memcpy(service->rival_instance, instance, LQ_INSTANCE_SIZE);
    memcpy(service->rival_key, key, strlen(key) + 1);
    if (memcmp(service->instance, instance, LQ_INSTANCE_SIZE) == 0 || !reaches(broker, service)) {
        replace(broker, service);
        return;
    }
    service->contested = true;
    if (!again)
        service->contest_ends_ms = broker->now_ms + broker->takeover_ms;
}

static void take_registration(struct lq_broker *broker, struct lq_peer peer, const char *key,
                              struct lq_span body)
{
    struct lq_span name = {0};
    if (body.size > LQ_INSTANCE_SIZE)
        name = lq_span(body.data + LQ_INSTANCE_SIZE, body.size - LQ_INSTANCE_SIZE);
    if (!lq_service_name_valid(name) || lq_span_equal(name, lq_span_text("bus"))) {
        tell(broker, peer, LQ_LINK_BAD, "this is not a registration");
        return;
    }
    const uint8_t *instance = body.data;
    struct lq_route_service *service = lq_routes_service(broker->routes, name, true);
    struct lq_route_service *held = lq_routes_registered(broker->routes, peer);
    if (service == NULL || (held != NULL && held != service))
        tell(broker, peer, LQ_LINK_BAD, "too many services, or two on one connection");
    else if (held == NULL && service->registered)
        contest(broker, service, peer, instance, key);
    else if (held == NULL || memcmp(held->instance, instance, LQ_INSTANCE_SIZE) != 0) {
        lq_broker_service_down(broker, service, "it has begun anew");
        install(broker, service, peer, instance, key);
    } else {
        held->heard_ms = broker->now_ms; // it was out of breath for a while, or we were
        say(broker, peer, LQ_LINK_REGISTER);
    }
}

// ---------------------------------------------------------------- what services send

static void take_answer(struct lq_broker *broker, const struct lq_route_service *service,
                        struct lq_span route, struct lq_span reply)
{
    struct lq_waiting *waiting = lq_routes_find(broker->routes, service, route);
    if (waiting == NULL) {
        broker->counters.late_answers++;
        return;
    }
    const struct lq_waiting was = *waiting;
    lq_routes_forget(broker->routes, waiting);
    broker->counters.answered++;
    lq_broker_reply(broker, was.asker, was.key, was.correlation, reply);
}

static void take_answers(struct lq_broker *broker, const struct lq_route_service *service,
                         struct lq_span bundle)
{
    struct lq_span route, reply;
    while (lq_bundle_take(&bundle, &route, &reply))
        take_answer(broker, service, route, reply);
    if (bundle.size > 0)
        broker->counters.dropped_frames++;
}

static void take_question(struct lq_broker *broker, struct lq_route_service *service,
                          struct lq_span request)
{
    char actor[LQ_SERVICE_NAME + 1];
    snprintf(actor, sizeof actor, "@%s", service->name);
    const struct lq_asking asking = {.peer = service->peer,
                                     .key = service->key,
                                     .actor = actor,
                                     .roles = lq_role_bit("service")};
    lq_broker_forward(broker, &asking, request);
}

// It lives: whoever wanted its name does not get it.
static void defend(struct lq_broker *broker, struct lq_route_service *service)
{
    if (!service->contested)
        return;
    service->contested = false;
    tell(broker, service->rival, LQ_LINK_TAKEN, "another running instance has this name");
}

void lq_broker_hear_service(struct lq_broker *broker, struct lq_peer peer, const char *key,
                            uint8_t kind, struct lq_span body)
{
    if (kind == LQ_LINK_REGISTER) {
        take_registration(broker, peer, key, body);
        return;
    }
    struct lq_route_service *service = lq_routes_registered(broker->routes, peer);
    if (service == NULL) {
        tell(broker, peer, LQ_LINK_UNKNOWN, "register first");
        return;
    }
    service->heard_ms = broker->now_ms;
    if (kind == LQ_LINK_PING)
        defend(broker, service);
    else if (kind == LQ_LINK_ANSWER)
        take_answers(broker, service, body);
    else if (kind == LQ_LINK_REQUEST)
        take_question(broker, service, body);
    else
        broker->counters.dropped_frames++;
}

// ---------------------------------------------------------------- services of other hosts

// The key that a message came in with; NULL if nobody may come in with it any more.
static const char *key_of(struct lq_broker *broker, struct lq_peer peer, const char *key)
{
    if (lq_broker_opens_link(broker, key))
        return lq_broker_key(broker, key)->public_key;
    broker->counters.revoked++;
    struct lq_route_service *service = lq_routes_registered(broker->routes, peer);
    if (service != NULL)
        (void)lq_broker_service_up(broker, service); // notices
    return NULL;
}

static void take_message(struct lq_broker *broker, const struct lq_door_message *message)
{
    const struct lq_peer peer = {.by = LQ_BY_LINK, .id = message->from};
    if (!message->well_formed) {
        broker->counters.dropped_frames++;
        return;
    }
    const char *key = key_of(broker, peer, message->key);
    if (key != NULL)
        lq_broker_hear_service(broker, peer, key, message->kind, message->body);
}

void lq_broker_serve_link(struct lq_broker *broker)
{
    struct lq_door *door = broker->doors[LQ_BY_LINK];
    struct lq_door_message message;
    while (lq_door_next(door, &message))
        take_message(broker, &message);
    lq_door_flush(door);
    if (lq_door_counters(door)->gone == broker->link_gone)
        return;
    broker->link_gone = lq_door_counters(door)->gone;
    lq_broker_ping_services(broker); // notices which one it was
}

// ---------------------------------------------------------------- are they there?

static void ping(struct lq_broker *broker, struct lq_route_service *service)
{
    if (service->contested &&
        (!service->registered || broker->now_ms >= service->contest_ends_ms)) {
        replace(broker, service);
        return;
    }
    if (!service->registered)
        return;
    if (broker->now_ms - service->heard_ms > broker->lease_ms)
        lq_broker_service_down(broker, service, "it does not answer");
    else if (!reaches(broker, service))
        lq_broker_service_down(broker, service, "its connection has gone");
}

void lq_broker_ping_services(struct lq_broker *broker)
{
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++)
        ping(broker, lq_routes_service_at(broker->routes, i));
}
