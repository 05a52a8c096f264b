// Listening at an endpoint of TCP. Private to common/bus.
#pragma once

#include "bus/listen/listener.h"

// See lq_listener_bind. The socket does not block. Connections that it accepts send small messages
// at once, and TCP notices when they are dead, since the bus sends nobody a heartbeat
// (docs/decisions/0012-no-heartbeats.md).
enum lq_status lq_tcp_listen(const char *endpoint, int *fd,
                             char bound[LQ_ENDPOINT_TEXT]) LQ_MUST_CHECK;
