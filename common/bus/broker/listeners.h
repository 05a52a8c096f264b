// The listeners with CURVE: one for clients, one for services on other hosts. Private to
// common/bus/broker.
#pragma once

#include "bus/broker/state.h"

// Opens them and writes their endpoints to files in the run directory. LQ_E_INPUT, LQ_E_BUSY,
// LQ_E_IO.
enum lq_status lq_broker_open_listeners(struct lq_broker *broker,
                                        const struct lq_broker_config *config) LQ_MUST_CHECK;
void lq_broker_close_listeners(struct lq_broker *broker);

// At the end of each step of the loop: sends what is queued, ends handshakes that take too long,
// logs keys that were rejected.
void lq_broker_poll_listeners(struct lq_broker *broker);
