// What came in, from clients and from services, to where it belongs. Private to common/bus/broker.
#pragma once

#include "bus/broker/state.h"

void lq_broker_serve_clients(struct lq_broker *broker);
void lq_broker_serve_workers(struct lq_broker *broker); // services on other hosts
void lq_broker_serve_pipe(struct lq_broker *broker, struct lq_broker_pipe *place);
