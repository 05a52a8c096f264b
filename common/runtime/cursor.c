// The row that keeps how far a stream was followed. No replay gives it, so it must carry its own
// proof: a cursor that is ahead of the truth would pass over events without a trace. The row is the
// position, the hash that the stream's record has there, and a hash of the stream and these two.
// Rows of earlier versions have no hash of the record; nor has a row where nobody told it.
#include <sodium.h>

#include "runtime/host_parts.h"

enum { SEQ_SIZE = 8, PROOF_SIZE = 16, PLAIN_SIZE = SEQ_SIZE + PROOF_SIZE };

static void prove(struct lq_span stream, struct lq_span said, uint8_t out[PROOF_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, PROOF_SIZE);
    crypto_generichash_update(&state, stream.data, stream.size);
    crypto_generichash_update(&state, said.data, said.size);
    crypto_generichash_final(&state, out, PROOF_SIZE);
}

size_t lq_cursor_write(struct lq_span stream, uint64_t cursor, const struct known_hash *hash,
                       uint8_t out[CURSOR_SIZE])
{
    size_t said = SEQ_SIZE;
    lq_put_u64(out, cursor);
    if (hash->known) {
        memcpy(out + said, hash->bytes, HASH_SIZE);
        said += HASH_SIZE;
    }
    prove(stream, lq_span(out, said), out + said);
    return said + PROOF_SIZE;
}

bool lq_cursor_read(struct lq_span stream, struct lq_span row, uint64_t *cursor,
                    struct known_hash *hash)
{
    uint8_t expected[PROOF_SIZE];
    if (row.size != CURSOR_SIZE && row.size != PLAIN_SIZE)
        return false;
    const size_t said = row.size - PROOF_SIZE;
    prove(stream, lq_span(row.data, said), expected);
    if (memcmp(expected, row.data + said, PROOF_SIZE) != 0)
        return false;
    *cursor = lq_get_u64(row.data);
    hash->known = row.size == CURSOR_SIZE;
    if (hash->known)
        memcpy(hash->bytes, row.data + SEQ_SIZE, HASH_SIZE);
    return true;
}
