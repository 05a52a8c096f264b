// The server's half of one connection of ZMTP 3 with CURVE (RFC 23, 25, 26), as bytes in and bytes
// out: no socket, no clock. All cryptography is libsodium's.
// There is no other mechanism and no way around it: nothing is read from a client that has not
// proved a key that `admits` accepts. Private to common/bus.
//
// The client may be a DEALER, a REQ or a ROUTER. A routing id that it chose is ignored: its key
// says who it is.
#pragma once

#include <stdbool.h>

#include "bus/listen/zmtp_frame.h"

struct lq_zmtp_server {
    uint8_t public_key[32], secret_key[32];
    bool (*admits)(void *self, const uint8_t key[32]); // asked once of a connection
    void *self;
    size_t part_limit; // bytes of a part of a message, after the handshake
};

enum lq_zmtp_state {
    LQ_ZMTP_GREETS,
    LQ_ZMTP_AWAITS_HELLO,
    LQ_ZMTP_AWAITS_INITIATE,
    LQ_ZMTP_OPEN,
    LQ_ZMTP_ENDED, // the client broke the protocol or is not admitted; send what is in `out`, close
};

struct lq_zmtp {
    enum lq_zmtp_state state;
    bool turned_away;                    // ENDED because the key is not admitted
    uint8_t key[32];                     // the client's, once it is proved
    uint8_t shared[32];                  // of both sides' keys of this connection
    uint64_t heard, said;                // the last nonce in each direction
    struct lq_zmtp_handshake *handshake; // what only the handshake needs
};

// Greets. All of these write what is to be sent to the end of `out`.
void lq_zmtp_begin(struct lq_zmtp *zmtp, struct lq_buffer *out);
void lq_zmtp_end(struct lq_zmtp *zmtp);

enum lq_zmtp_took {
    LQ_ZMTP_TOOK_NOTHING, // no whole frame is there yet, or the connection has ENDED
    LQ_ZMTP_TOOK_OTHER,   // a step of the handshake, a sign of life
    LQ_ZMTP_TOOK_PART,    // of a message
};

struct lq_zmtp_part {
    struct lq_span bytes; // borrowed from what was given
    bool more;            // more parts of the same message follow
};

// Takes the frame at the front of the bytes, which are decrypted in place; *used says how long it
// was.
enum lq_zmtp_took lq_zmtp_take(struct lq_zmtp *zmtp, const struct lq_zmtp_server *server,
                               uint8_t *bytes, size_t size, size_t *used, struct lq_buffer *out,
                               struct lq_zmtp_part *part);

// Adds a part of a message. Only while OPEN.
void lq_zmtp_put(struct lq_zmtp *zmtp, struct lq_buffer *out, struct lq_span bytes, bool more);
