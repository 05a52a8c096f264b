// A live bus for the targets that talk to one: the real broker in a thread, its doors on the
// loopback and in a directory of its own, a service "echo" that answers everything with one byte,
// and an honest client who must be served whatever others do.
#pragma once

#include "bus/broker/broker.h"
#include "bus/worker/link.h"
#include "client/client.h"
#include "fuzz.h"

struct door {
    struct lq_broker *broker;
    struct lq_key_pair bus, honest, fuzzer; // the last two are a desk's
    char link[LQ_LINK_ENDPOINT_TEXT];       // the services' door on this machine
    int port;                               // the front door's, on 127.0.0.1
    struct lq_client *client;               // the honest one
};

// Opens it for the life of the process.
struct door *door_open(void);

// The honest client asks the bus how it is, and must be told; now and then on a new connection.
void door_require_alive(struct door *door);
