// Which service runs on which connection. A name belongs to one running instance at a time. Private
// to common/bus/broker.
#pragma once

#include "bus/broker/state.h"

// A registration came in; `key` is the connection's, "" on this machine.
void lq_broker_register(struct lq_broker *broker, struct lq_peer peer, const char *key,
                        struct lq_span body);
void lq_broker_refuse_unregistered(struct lq_broker *broker, struct lq_peer peer);

// The service has answered a ping, and so keeps its name.
void lq_broker_service_lives(struct lq_broker *broker, struct lq_route_service *service);

// The service is gone: everybody who waits for it is told at once.
void lq_broker_service_down(struct lq_broker *broker, struct lq_route_service *service,
                            const char *why);

// Is it registered? A service whose key has been revoked goes down here.
bool lq_broker_service_up(struct lq_broker *broker, struct lq_route_service *service);

// Asks every service whether it lives, and takes down those that do not or whose connection is
// closed.
void lq_broker_ping_services(struct lq_broker *broker);
