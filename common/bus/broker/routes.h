// Which service is registered where, and who waits for an answer from whom. Data only, no sockets.
// Private to common/bus.
#pragma once

#include <stdbool.h>

#include "bus/keyring/keys.h"
#include "bus/worker/batch_frame.h"
#include "bus/worker/frames.h"

// Services on this machine connect by pipes; services on other hosts and clients by listeners with
// CURVE.
enum lq_peer_kind { LQ_PEER_PIPE, LQ_PEER_WORKER, LQ_PEER_CLIENT, LQ_PEER_KINDS };

enum {
    LQ_SERVICES_LIMIT = 64,
    LQ_WAITING_LIMIT = 65536,   // requests not yet answered, all services together
    LQ_WAITING_PER_CLIENT = 32, // and of one connection of a client
    LQ_ROUTE_SIZE = 16,
};

// One connection: what it is, and its number among its kind.
struct lq_peer {
    uint64_t id;
    enum lq_peer_kind kind;
};

bool lq_peer_equal(struct lq_peer a, struct lq_peer b);

struct lq_waiting;

struct lq_route_service {
    char name[LQ_SERVICE_NAME];
    bool registered;
    struct lq_peer peer;
    uint8_t instance[LQ_INSTANCE_SIZE];
    char key[LQ_KEY_TEXT]; // the service's, if it is on another host; else ""
    int64_t heard_ms;      // steady time of its last frame

    // another instance that asks for the name, while the holder is pinged
    bool contested;
    struct lq_peer rival;
    uint8_t rival_instance[LQ_INSTANCE_SIZE];
    char rival_key[LQ_KEY_TEXT];
    int64_t contest_ends_ms;

    struct lq_waiting *first, *last; // requests waiting for it, oldest first
    struct lq_batch_frame requests;  // the newest of those, not sent yet
};

// A request that was forwarded and not yet answered.
struct lq_waiting {
    uint64_t serial;
    uint64_t correlation;
    struct lq_peer asker;
    char key[LQ_KEY_TEXT]; // the asker's, "" for services on this machine
    int64_t since_ms;
    struct lq_route_service *service;
    struct lq_waiting *before, *after; // of the same service
    struct lq_waiting *next_in_bucket;
};

struct lq_routes;

struct lq_routes *lq_routes_new(void);
void lq_routes_free(struct lq_routes *routes);

// The service of that name; added, as one that is down, if `add`. NULL if unknown or no room.
struct lq_route_service *lq_routes_service(struct lq_routes *routes, struct lq_span name, bool add);
unsigned lq_routes_service_count(const struct lq_routes *routes);
struct lq_route_service *lq_routes_service_at(struct lq_routes *routes, unsigned index);

// The service that is registered on that connection, or NULL.
struct lq_route_service *lq_routes_registered(struct lq_routes *routes, struct lq_peer peer);

// Remembers a request. NULL if the asker, or the bus, has too many waiting already.
struct lq_waiting *lq_routes_wait(struct lq_routes *routes, struct lq_route_service *service,
                                  struct lq_peer asker, const char *key, uint64_t correlation,
                                  int64_t now_ms);

// The route that a service returns with its answer, and the request it stands for: NULL if the
// route is not of this run of the bus, was answered, or was given to another service.
void lq_routes_route(const struct lq_routes *routes, const struct lq_waiting *waiting,
                     uint8_t route[LQ_ROUTE_SIZE]);
struct lq_waiting *lq_routes_find(struct lq_routes *routes, const struct lq_route_service *service,
                                  struct lq_span route);

void lq_routes_forget(struct lq_routes *routes, struct lq_waiting *waiting);
