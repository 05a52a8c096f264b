// Requests to the services they name, and answers back to whoever asked. Private to
// common/bus/broker.
#pragma once

#include "bus/broker/state.h"

// Whose request it is, and which connection gets the answer. The caller has no route yet: that is
// made when the request is handed over.
struct lq_asker {
    struct lq_peer peer;
    const char *key; // "" for a service on this machine
    struct lq_caller caller;
};

// Queues the request for its service, or refuses it to the caller.
void lq_broker_forward(struct lq_broker *broker, const struct lq_asker *asker,
                       struct lq_span request);

// Sends the service the requests that are queued for it, in one frame.
void lq_broker_send_requests(struct lq_broker *broker, struct lq_route_service *service);

// Passes a batch frame of the service's answers on.
void lq_broker_answer(struct lq_broker *broker, const struct lq_route_service *service,
                      struct lq_span batch);

// By the clock: gives up requests that were never answered.
void lq_broker_expire_requests(struct lq_broker *broker);
