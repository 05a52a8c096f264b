// What an input says on a pipe between bus and service: a byte that says how, then a message's kind
// and its body, or the pairs of a batch frame, or bytes that need be no message.
#pragma once

#include <errno.h>
#include <sys/socket.h>

#include "bus/worker/batch_frame.h"
#include "bus/worker/pipe.h"
#include "fuzz.h"

enum { PIPE_SAY_BODY, PIPE_SAY_BUNDLE, PIPE_SAY_RAW, PIPE_SAY_WAYS };

static inline void pipe_say(struct fuzz_input *input, struct lq_pipe *pipe)
{
    const unsigned flags = fuzz_byte(input), way = flags % PIPE_SAY_WAYS;
    if (way == PIPE_SAY_RAW) {
        const struct lq_span bytes = fuzz_piece(input);
        (void)!send(lq_pipe_item(pipe).fd, bytes.data, bytes.size, MSG_NOSIGNAL | MSG_DONTWAIT);
        return;
    }
    const uint8_t kind = fuzz_byte(input);
    struct lq_batch_frame batch = {0};
    struct lq_span body = way == PIPE_SAY_BODY ? fuzz_piece(input) : lq_span(NULL, 0);
    if (way == PIPE_SAY_BUNDLE) {
        for (unsigned pairs = 1 + flags / PIPE_SAY_WAYS % 8; pairs > 0; pairs--) {
            const struct lq_span first = fuzz_piece(input);
            lq_batch_frame_add(&batch, first, fuzz_piece(input));
        }
        body = lq_batch_frame_bytes(&batch);
    }
    const int problem = lq_pipe_send(pipe, kind, body);
    FUZZ_REQUIRE(problem == 0 || problem == EHOSTUNREACH);
    lq_batch_frame_free(&batch);
}
