// What goes out: frames to workers, replies and refusals to whoever asked. Private to
// common/bus/broker.
#pragma once

#include "bus/broker/state.h"
#include "bus/wire.h"
#include "bus/worker/frames.h"

// 0, EAGAIN (it does not read what it is sent) or EHOSTUNREACH (its connection is closed).
int lq_broker_send_worker(struct lq_broker *broker, struct lq_peer peer, enum lq_frame_kind kind,
                          struct lq_span body) LQ_MUST_CHECK;

// Sends a serialized Reply as it is; a client that is gone or does not read will ask again.
void lq_broker_send_reply(struct lq_broker *broker, struct lq_peer peer, struct lq_span reply);

// Sends a service's reply to the asker, unless the asker's key has been revoked since.
void lq_broker_reply(struct lq_broker *broker, struct lq_peer peer, const char *key,
                     uint64_t correlation, struct lq_span reply);

// A service's name as a sentence tells it to people, where the format writes it %-s.
enum { LQ_SERVICE_SAID = LQ_SERVICE_NAME + 1 };
const char *lq_broker_said(const struct lq_route_service *service, char text[LQ_SERVICE_SAID]);

void lq_broker_refuse(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation,
                      Lq__Refusal__Why why, bool retry, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void lq_broker_refuse_key(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation);

// Refuses a request that the service will not answer, and forgets it: "dispatch is busy; try
// again".
void lq_broker_fail_request(struct lq_broker *broker, struct lq_waiting *waiting, const char *why);
