// What the bus itself answers: a Query with an empty body, with its Status; one whose body is a
// BusQuery. Private to common/bus/broker.
#pragma once

#include "bus/broker/forward.h"
#include "bus/wire.h"

void lq_broker_answer_itself(struct lq_broker *broker, const struct lq_asker *asker,
                             const struct lq_request_head *head);
