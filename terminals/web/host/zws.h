// ZWS 2.0 (RFC 45, and CURVE as libzmq adds it) to ZMTP 3 and back: the bytes of one browser's
// WebSocket messages, and those of its TCP connection to the bus. Bytes in, bytes out: no socket,
// no clock, no key. What is in a message is a sealed CURVE box; only its head is changed here.
//
// A WebSocket message is a FLAG byte and a body; a ZMTP frame is flags, a length and the same body.
// ZMTP begins with a greeting, ZWS has none: ours is sent, and the bus's is looked at and left out.
#pragma once

#include "base/buffer.h"

// The subprotocol: libzmq calls it ZWS2.0/CURVE, which is no token, so that no browser can say it.
#define ZWS_PROTOCOL "ZWS2.0-CURVE"

enum {
    ZWS_LAST = 0,    // FLAG: the last frame of a message
    ZWS_MORE = 1,    // more frames of the same message follow
    ZWS_COMMAND = 2, // a step of the handshake, a sign of life
};

// The largest message that is taken from a browser, in bytes: a request of the bus in its box.
enum { ZWS_MESSAGE_MOST = 64 * 1024 + 64 };

// Adds the greeting of a client that speaks CURVE.
void zws_greet(struct lq_buffer *to_bus);

// Adds the ZMTP frame of a message. False, and nothing is added, where the message is none: empty,
// longer than ZWS_MESSAGE_MOST, or with another FLAG.
bool zws_frame(struct lq_span message, struct lq_buffer *to_bus);

// Where the bytes that come from the bus stand. A zeroed one is at the start.
struct zws_reader {
    bool greeted, within; // the greeting is over; in the middle of a frame
    uint64_t left;        // bytes of the frame that are still to come
};

enum zws_read {
    ZWS_WAITS,  // there is nothing to be sent yet
    ZWS_PIECE,  // of a WebSocket message
    ZWS_BROKEN, // what sends this is no bus
};

struct zws_piece {
    size_t size;
    bool first, last; // of its message
};

// Takes the next piece of a message from the front of what came from the bus, at most `room` bytes
// (2 or more), and writes it to `out`. So a reply of a mebibyte is never held as a whole.
enum zws_read zws_read(struct zws_reader *reader, struct lq_buffer *from_bus, uint8_t *out,
                       size_t room, struct zws_piece *piece);
