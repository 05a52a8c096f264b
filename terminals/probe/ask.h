// Asking cameras whether they answer: RTSP OPTIONS (RFC 2326, 7826), or a connection by TCP.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct probe_camera {
    const char *number, *address; // rtsp://HOST[:PORT]/PATH or tcp://HOST:PORT
    bool answers; // set by probe_ask: with any status, one that asks for a password too
};

enum { PROBE_CAMERAS_MOST = 500 };

// Asks all of them at once, and waits no longer than that for the last one. False: nothing could be
// asked (there is no memory).
bool probe_ask(struct probe_camera *cameras, size_t count, long timeout_ms);
