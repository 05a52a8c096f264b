// An instance that asks for a name gets it at once if the holder's connection is closed, after
// takeover_ms if the holder does not answer, and not at all while the holder lives: two processes
// of one service started by mistake must not take the name from each other again and again.
#include "bus/broker/services.h"

#include <errno.h>
#include <stdio.h>

#include "base/log.h"
#include "bus/broker/keys.h"
#include "bus/broker/reply.h"

// A failure needs no handling: the next ping finds out.
static void say(struct lq_broker *broker, struct lq_peer peer, enum lq_frame_kind kind)
{
    (void)!lq_broker_send_worker(broker, peer, kind, lq_span(NULL, 0));
}

static void tell(struct lq_broker *broker, struct lq_peer peer, enum lq_register_refusal code,
                 const char *text)
{
    char body[128];
    const int size = snprintf(body, sizeof body, "%c%s", code, text);
    (void)!lq_broker_send_worker(broker, peer, LQ_FRAME_REFUSED, lq_span(body, (size_t)size));
}

// ---------------------------------------------------------------- up and down

void lq_broker_service_down(struct lq_broker *broker, struct lq_route_service *service,
                            const char *why)
{
    if (!service->registered)
        return;
    lq_log_warn("%s is down: %s", service->name, why);
    service->registered = false;
    lq_batch_frame_empty(&service->requests);
    while (service->first != NULL)
        lq_broker_fail_request(broker, service->first, "is not running");
}

bool lq_broker_service_up(struct lq_broker *broker, struct lq_route_service *service)
{
    if (service->registered && service->key[0] != '\0' &&
        !lq_broker_is_service_key(broker, service->key))
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
    say(broker, peer, LQ_FRAME_REGISTER);
}

static void replace(struct lq_broker *broker, struct lq_route_service *service)
{
    const struct lq_peer old = service->peer, rival = service->rival;
    const bool same = memcmp(service->instance, service->rival_instance, LQ_INSTANCE_SIZE) == 0;
    lq_broker_service_down(broker, service, same ? "reconnecting" : "replaced by a new instance");
    if (!same)
        tell(broker, old, LQ_REFUSED_REPLACED, "another instance has taken your place");
    install(broker, service, rival, service->rival_instance, service->rival_key);
}

// ---------------------------------------------------------------- registration

// Sends a ping. False: the connection is closed.
static bool reaches(struct lq_broker *broker, const struct lq_route_service *service)
{
    return lq_broker_send_worker(broker, service->peer, LQ_FRAME_PING, lq_span(NULL, 0)) !=
           EHOSTUNREACH;
}

// The name is held by another connection. The same process on a new connection takes it over at
// once; requests in flight on the old connection may be lost, so they fail.
static void contest(struct lq_broker *broker, struct lq_route_service *service, struct lq_peer peer,
                    const uint8_t *instance, const char *key)
{
    if (service->contested && !lq_peer_equal(service->rival, peer))
        tell(broker, service->rival, LQ_REFUSED_TAKEN, "a newer instance wants the name");
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

void lq_broker_register(struct lq_broker *broker, struct lq_peer peer, const char *key,
                        struct lq_span body)
{
    struct lq_span name = {0};
    if (body.size > LQ_INSTANCE_SIZE)
        name = lq_span(body.data + LQ_INSTANCE_SIZE, body.size - LQ_INSTANCE_SIZE);
    if (!lq_service_name_valid(name) || lq_span_equal(name, lq_span_text("bus"))) {
        tell(broker, peer, LQ_REFUSED_BAD, "this is not a registration");
        return;
    }
    const uint8_t *instance = body.data;
    struct lq_route_service *service = lq_routes_service(broker->routes, name, true);
    struct lq_route_service *held = lq_routes_registered(broker->routes, peer);
    if (service == NULL || (held != NULL && held != service))
        tell(broker, peer, LQ_REFUSED_BAD, "too many services, or two on one connection");
    else if (held == NULL && service->registered)
        contest(broker, service, peer, instance, key);
    else if (held == NULL || memcmp(held->instance, instance, LQ_INSTANCE_SIZE) != 0) {
        lq_broker_service_down(broker, service, "it has restarted");
        install(broker, service, peer, instance, key);
    } else {
        held->heard_ms = broker->now_ms; // it was silent for a while, or the bus was slow
        say(broker, peer, LQ_FRAME_REGISTER);
    }
}

void lq_broker_refuse_unregistered(struct lq_broker *broker, struct lq_peer peer)
{
    tell(broker, peer, LQ_REFUSED_UNKNOWN, "register first");
}

// ---------------------------------------------------------------- pings

void lq_broker_service_lives(struct lq_broker *broker, struct lq_route_service *service)
{
    if (!service->contested)
        return;
    service->contested = false;
    tell(broker, service->rival, LQ_REFUSED_TAKEN, "another running instance has this name");
}

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
        lq_broker_service_down(broker, service, "its connection is closed");
}

void lq_broker_ping_services(struct lq_broker *broker)
{
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++)
        ping(broker, lq_routes_service_at(broker->routes, i));
}
