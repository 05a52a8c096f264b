// What a link's messages travel on: a pipe to a bus on this machine, a ZeroMQ socket with CURVE to
// one elsewhere. Private to common/bus.
#pragma once

#include "bus/worker/link.h"

struct lq_transport;

// Connects later. LQ_E_INPUT for an endpoint or keys that cannot be.
enum lq_status lq_transport_open(const struct lq_link_config *config,
                                 struct lq_transport **transport) LQ_MUST_CHECK;
void lq_transport_close(struct lq_transport *transport); // NULL is fine

// Connects if there is no connection. False: nobody listens there. For tcp it is always true, and
// ZeroMQ connects when it can.
bool lq_transport_connect(struct lq_transport *transport);
bool lq_transport_is_connected(const struct lq_transport *transport);

zmq_pollitem_t lq_transport_item(const struct lq_transport *transport);

bool lq_transport_holds_message(const struct lq_transport *transport); // that polling does not show

// The next message; false if there is none. The body is borrowed until the next call.
bool lq_transport_receive(struct lq_transport *transport, uint8_t *kind, struct lq_span *body);

// Whole or not at all: 0, EAGAIN or EHOSTUNREACH.
int lq_transport_send(struct lq_transport *transport, enum lq_frame_kind kind,
                      struct lq_span body) LQ_MUST_CHECK;
