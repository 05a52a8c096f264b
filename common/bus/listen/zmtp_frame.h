// What both halves of ZMTP 3 with CURVE have in common (RFC 23, 26): frames and nonces. The
// server's half is zmtp.c; clients use libzmq.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"

enum {
    LQ_ZMTP_GREETING = 64,
    LQ_ZMTP_FRAME_HEAD = 9, // at most
    LQ_ZMTP_MORE = 1,       // flags of a frame, and of the message in a CURVE box
    LQ_ZMTP_LONG = 2,
    LQ_ZMTP_COMMAND = 4,
    LQ_ZMTP_BOXED_COMMAND = 2, // flag in a CURVE box
    LQ_ZMTP_MESSAGE_HEAD = 16, // "\x07MESSAGE" and the nonce, before the box
};

// A nonce is a text of 8 or 16 characters, and what makes it new in the rest of the 24 bytes.
static inline void lq_zmtp_nonce(uint8_t nonce[24], const char *text, const uint8_t *rest)
{
    const size_t size = strlen(text);
    memcpy(nonce, text, size);
    memcpy(nonce + size, rest, 24 - size);
}

// Writes a frame's head and gives where its body goes.
static inline uint8_t *lq_zmtp_put_frame(struct lq_buffer *out, uint8_t flags, size_t size)
{
    uint8_t *at = lq_buffer_reserve(out, size + LQ_ZMTP_FRAME_HEAD);
    const size_t head = size > UINT8_MAX ? 9 : 2;
    if (head == 9) {
        at[0] = flags | LQ_ZMTP_LONG;
        lq_put_u64(at + 1, size);
    } else {
        at[0] = flags;
        at[1] = (uint8_t)size;
    }
    out->end += head + size;
    return at + head;
}

// The head of the frame at the front of `bytes`: how long it is itself, 0 if it is not whole yet.
static inline size_t lq_zmtp_get_head(struct lq_span bytes, uint64_t *body_size)
{
    const size_t head = bytes.size > 0 && (bytes.data[0] & LQ_ZMTP_LONG) != 0 ? 9 : 2;
    if (bytes.size < head)
        return 0;
    *body_size = head == 9 ? lq_get_u64(bytes.data + 1) : bytes.data[1];
    return head;
}
