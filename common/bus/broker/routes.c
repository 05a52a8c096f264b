// A route is a serial number in this table, not the address of a connection: a service can answer
// each of its own requests once, and no others. A random epoch goes with the serial, so that an
// answer from before a restart of the bus matches nothing.
#include "bus/broker/routes.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/assert.h"

enum { BUCKETS = 16384 };

struct connection {
    struct lq_peer peer;
    unsigned waiting;
    struct connection *next;
};

struct lq_routes {
    uint8_t epoch[8];
    uint64_t next_serial;
    unsigned waiting_count;
    unsigned service_count;
    struct lq_route_service services[LQ_SERVICES_LIMIT];
    struct lq_waiting *waiting[BUCKETS];
    struct connection *connections[BUCKETS]; // of clients that wait for something
};

// ---------------------------------------------------------------- connections

bool lq_peer_equal(struct lq_peer a, struct lq_peer b)
{
    return a.id == b.id && a.kind == b.kind;
}

static struct connection **connection_slot(struct lq_routes *routes, struct lq_peer peer)
{
    struct connection **slot = &routes->connections[peer.id % BUCKETS]; // numbers are dense
    while (*slot != NULL && !lq_peer_equal((*slot)->peer, peer))
        slot = &(*slot)->next;
    return slot;
}

static bool charge(struct lq_routes *routes, struct lq_peer peer)
{
    if (peer.kind != LQ_PEER_CLIENT)
        return true; // services are trusted not to flood
    struct connection **slot = connection_slot(routes, peer);
    if (*slot == NULL) {
        *slot = calloc(1, sizeof **slot);
        LQ_ASSERT(*slot != NULL);
        (*slot)->peer = peer;
    }
    if ((*slot)->waiting >= LQ_WAITING_PER_CLIENT)
        return false;
    (*slot)->waiting++;
    return true;
}

static void discharge(struct lq_routes *routes, struct lq_peer peer)
{
    if (peer.kind != LQ_PEER_CLIENT)
        return;
    struct connection **slot = connection_slot(routes, peer), *connection = *slot;
    LQ_ASSERT(connection != NULL && connection->waiting > 0);
    if (--connection->waiting > 0)
        return;
    *slot = connection->next;
    free(connection);
}

// ---------------------------------------------------------------- services

struct lq_routes *lq_routes_new(void)
{
    struct lq_routes *routes = calloc(1, sizeof *routes);
    LQ_ASSERT(routes != NULL && sodium_init() >= 0);
    randombytes_buf(routes->epoch, sizeof routes->epoch);
    return routes;
}

void lq_routes_free(struct lq_routes *routes)
{
    if (routes == NULL)
        return;
    for (unsigned i = 0; i < routes->service_count; i++) {
        while (routes->services[i].first != NULL)
            lq_routes_forget(routes, routes->services[i].first);
        lq_batch_frame_free(&routes->services[i].requests);
    }
    free(routes);
}

struct lq_route_service *lq_routes_service(struct lq_routes *routes, struct lq_span name, bool add)
{
    for (unsigned i = 0; i < routes->service_count; i++)
        if (lq_span_equal(lq_span_text(routes->services[i].name), name))
            return &routes->services[i];
    if (!add || routes->service_count == LQ_SERVICES_LIMIT)
        return NULL;
    LQ_ASSERT(name.size < LQ_SERVICE_NAME);
    struct lq_route_service *service = &routes->services[routes->service_count++];
    memcpy(service->name, name.data, name.size);
    return service;
}

unsigned lq_routes_service_count(const struct lq_routes *routes)
{
    return routes->service_count;
}

struct lq_route_service *lq_routes_service_at(struct lq_routes *routes, unsigned index)
{
    LQ_ASSERT(index < routes->service_count);
    return &routes->services[index];
}

struct lq_route_service *lq_routes_registered(struct lq_routes *routes, struct lq_peer peer)
{
    for (unsigned i = 0; i < routes->service_count; i++)
        if (routes->services[i].registered && lq_peer_equal(routes->services[i].peer, peer))
            return &routes->services[i];
    return NULL;
}

// ---------------------------------------------------------------- waiting requests

static struct lq_waiting **waiting_slot(struct lq_routes *routes, uint64_t serial)
{
    struct lq_waiting **slot = &routes->waiting[serial % BUCKETS];
    while (*slot != NULL && (*slot)->serial != serial)
        slot = &(*slot)->next_in_bucket;
    return slot;
}

struct lq_waiting *lq_routes_wait(struct lq_routes *routes, struct lq_route_service *service,
                                  struct lq_peer asker, const char *key, uint64_t correlation,
                                  int64_t now_ms)
{
    if (routes->waiting_count == LQ_WAITING_LIMIT || !charge(routes, asker))
        return NULL;
    struct lq_waiting *waiting = calloc(1, sizeof *waiting);
    LQ_ASSERT(waiting != NULL && strlen(key) < sizeof waiting->key);
    waiting->serial = ++routes->next_serial;
    waiting->correlation = correlation;
    waiting->asker = asker;
    memcpy(waiting->key, key, strlen(key) + 1);
    waiting->since_ms = now_ms;
    waiting->service = service;
    waiting->before = service->last;
    *(service->last != NULL ? &service->last->after : &service->first) = waiting;
    service->last = waiting;
    *waiting_slot(routes, waiting->serial) = waiting;
    routes->waiting_count++;
    return waiting;
}

void lq_routes_route(const struct lq_routes *routes, const struct lq_waiting *waiting,
                     uint8_t route[LQ_ROUTE_SIZE])
{
    memcpy(route, routes->epoch, 8);
    memcpy(route + 8, &waiting->serial, 8);
}

struct lq_waiting *lq_routes_find(struct lq_routes *routes, const struct lq_route_service *service,
                                  struct lq_span route)
{
    uint64_t serial;
    if (route.size != LQ_ROUTE_SIZE || memcmp(route.data, routes->epoch, 8) != 0)
        return NULL;
    memcpy(&serial, route.data + 8, 8);
    struct lq_waiting *waiting = *waiting_slot(routes, serial);
    return waiting != NULL && waiting->service == service ? waiting : NULL;
}

void lq_routes_forget(struct lq_routes *routes, struct lq_waiting *waiting)
{
    struct lq_waiting **slot = waiting_slot(routes, waiting->serial);
    LQ_ASSERT(*slot == waiting);
    *slot = waiting->next_in_bucket;
    struct lq_route_service *service = waiting->service;
    *(waiting->before != NULL ? &waiting->before->after : &service->first) = waiting->after;
    *(waiting->after != NULL ? &waiting->after->before : &service->last) = waiting->before;
    routes->waiting_count--;
    discharge(routes, waiting->asker);
    free(waiting);
}
