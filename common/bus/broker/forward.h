// Requests to the services they name, and answers back to whoever asked. Private to
// common/bus/broker.
#pragma once

#include "bus/broker/state.h"

struct lq_caller {
    struct lq_peer peer;
    const char *key; // "" for a service on this machine
    const char *actor;
    uint32_t roles;
};

// Queues the request for its service, or refuses it to the caller.
void lq_broker_forward(struct lq_broker *broker, const struct lq_caller *caller,
                       struct lq_span request);

// Sends the service the requests that are queued for it, in one frame.
void lq_broker_send_requests(struct lq_broker *broker, struct lq_route_service *service);

// Passes a batch frame of the service's answers on.
void lq_broker_answer(struct lq_broker *broker, const struct lq_route_service *service,
                      struct lq_span batch);

// By the clock: gives up requests that were never answered.
void lq_broker_expire_requests(struct lq_broker *broker);
