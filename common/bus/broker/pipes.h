// The connections of the services on this machine. Private to common/bus/broker.
#pragma once

#include "bus/broker/state.h"
#include "bus/worker/frames.h"

enum lq_status lq_broker_open_pipes(struct lq_broker *broker) LQ_MUST_CHECK;
void lq_broker_close_pipes(struct lq_broker *broker);
void lq_broker_accept_pipes(struct lq_broker *broker);

// 0, EAGAIN or EHOSTUNREACH, as lq_pipe_send.
int lq_broker_send_pipe(struct lq_broker *broker, uint64_t id, enum lq_frame_kind kind,
                        struct lq_span body) LQ_MUST_CHECK;
