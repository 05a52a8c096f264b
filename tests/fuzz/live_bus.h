// A live bus for the targets that talk to one: the real broker in a thread, its listeners on the
// loopback and in a directory of its own, a service "echo" that answers everything with one byte,
// and an honest client who must be served whatever others do.
#pragma once

#include "bus/broker/broker.h"
#include "bus/worker/link.h"
#include "client/client.h"
#include "fuzz.h"

struct live_bus {
    struct lq_broker *broker;
    struct lq_key_pair bus, honest, fuzzer; // the last two are a desk's
    char link[LQ_PIPE_ENDPOINT_TEXT];       // where services on this machine connect
    int port;                               // for clients, on 127.0.0.1
    struct lq_client *client;               // the honest one
};

// Opens it for the life of the process.
struct live_bus *live_bus_open(void);

// The honest client asks the bus how it is, and must be told; now and then on a new connection.
void live_bus_require_alive(struct live_bus *live);
