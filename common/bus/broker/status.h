// What the bus itself answers: a Query with an empty body, with its Status. Private to
// common/bus/broker.
#pragma once

#include "bus/broker/state.h"
#include "bus/wire.h"

void lq_broker_answer_itself(struct lq_broker *broker, struct lq_peer peer,
                             const struct lq_request_head *head);
