// What a link's messages travel on: a pipe to a bus on this machine, a ZeroMQ socket with CURVE to
// one elsewhere. Private to common/bus.
#pragma once

#include "bus/worker/link.h"

struct lq_line;

// Connects later. LQ_E_INPUT for an endpoint or keys that cannot be.
enum lq_status lq_line_open(const struct lq_link_config *config,
                            struct lq_line **line) LQ_MUST_CHECK;
void lq_line_close(struct lq_line *line); // NULL is fine

// Connects where there is no connection. False: nobody listens there. By tcp it is always true, and
// ZeroMQ connects when it can.
bool lq_line_connect(struct lq_line *line);
bool lq_line_is_connected(const struct lq_line *line);

zmq_pollitem_t lq_line_item(const struct lq_line *line);

bool lq_line_holds_message(const struct lq_line *line); // that polling does not show

// The next message; false if there is none. The body is borrowed until the next call.
bool lq_line_receive(struct lq_line *line, uint8_t *kind, struct lq_span *body);

// Whole or not at all: 0, EAGAIN or EHOSTUNREACH.
int lq_line_send(struct lq_line *line, enum lq_link_frame kind, struct lq_span body) LQ_MUST_CHECK;
