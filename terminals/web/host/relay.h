// A relay: one browser's WebSocket at /bus and one TCP connection to the bus, and what waits
// between the two. It sees sealed boxes, and owns no key.
#pragma once

#include <libwebsockets.h>

#include "web/host/bus_address.h"
#include "web/host/zws.h"

enum {
    RELAY_WAITING_MOST = 64 * 1024, // bytes for one side, until the other is read no further
    RELAY_SILENCE_MS = 75 * 1000,   // of a browser, or of one that takes nothing
    RELAY_BROWSER_PIECE = 2048,     // bytes of a message as libwebsockets hands them over
    RELAY_WRITE_MOST = 16 * 1024,   // bytes in one write
};

struct relay {
    struct relay *next, **at; // among those of the host
    struct lws *web, *bus;    // bus: NULL where it is gone
    struct zws_reader reader;
    struct lq_buffer message; // of the browser, so far
    struct lq_buffer to_bus, to_web;
    int64_t heard_ms;        // when something last came from the browser
    int64_t moved_ms;        // when something last went to it, or nothing waited
    bool web_held, bus_held; // that side is read no further
    bool is_ending;          // CLOSE goes out, or has
};

// The WebSocket, and the connection to the bus, for libwebsockets.
int relay_web_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size);
int relay_bus_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size);

// Ends the relays whose browser has been silent for too long, and those that have been told that
// they broke the protocol. To be called every second.
void relay_look_around(struct relay *relays);

// Says to every browser that we go away, which is the host's is_ending.
void relay_end_all(struct relay *relays);
