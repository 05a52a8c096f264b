// Where the bus is, as seen from here.
#pragma once

#include <stdint.h>
#include <sys/socket.h>

#include "base/status.h"

struct bus_address {
    const char *given;   // tcp://HOST:PORT as somebody named it; NULL: as the bus wrote it, or else
    const char *written; // the file in which the bus of this data directory says where it listens
    const char *set;     // bus.listen of lianqin.yaml
    int64_t looked_ms;   // when it was last looked up
    struct sockaddr_storage at;
    socklen_t size; // 0: not known
};

// Opens a connection that is being made: a descriptor that does not block, or -1 and a fault's
// text.
int bus_connect(struct bus_address *bus);

// The endpoint that is used, for a log; valid until the next call.
const char *bus_endpoint(struct bus_address *bus);
