// The row that keeps how far a stream was followed. No replay gives it, so it must carry its own
// proof: a cursor that is ahead of the truth would pass over events without a trace. The row is the
// position and a hash of stream and position.
#include <sodium.h>

#include "runtime/host_parts.h"

void lq_cursor_write(struct lq_span stream, uint64_t cursor, uint8_t out[CURSOR_SIZE])
{
    crypto_generichash_state state;
    lq_put_u64(out, cursor);
    crypto_generichash_init(&state, NULL, 0, CURSOR_SIZE - 8);
    crypto_generichash_update(&state, stream.data, stream.size);
    crypto_generichash_update(&state, out, 8);
    crypto_generichash_final(&state, out + 8, CURSOR_SIZE - 8);
}

bool lq_cursor_read(struct lq_span stream, struct lq_span row, uint64_t *cursor)
{
    uint8_t expected[CURSOR_SIZE];
    if (row.size != CURSOR_SIZE)
        return false;
    lq_cursor_write(stream, lq_get_u64(row.data), expected);
    if (memcmp(expected, row.data, CURSOR_SIZE) != 0)
        return false;
    *cursor = lq_get_u64(row.data);
    return true;
}
