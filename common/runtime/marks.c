// Marks: how far a followed stream had been followed at one time and another, with the hash that it
// had there, and our own last record then. If it turns out that its history is another one, they
// tell where the two part, and since when we have decided by what is gone. Like the cursors they
// are not in this journal, so each row proves itself.
//
// The latest are all kept. Of older ones the last of every EVERY records stays, so that a long
// stream does not cost a row a record; what lies between the mark and the parting is then taken
// back and followed again, which comes out the same.
#include <sodium.h>

#include "base/log.h"
#include "runtime/host_parts.h"

enum {
    SEQ_SIZE = 8,
    PROOF_SIZE = 16,
    SAID_SIZE = SEQ_SIZE + HASH_SIZE, // our own record, the hash of theirs
    ROW_SIZE = SAID_SIZE + PROOF_SIZE,
    RECENT = 512,
    EVERY = 64,
};

static struct lq_key key_of(const char *stream, uint64_t seq)
{
    return lq_key_then_number(lq_key_text(stream), seq);
}

static struct lq_span span_of(const struct lq_key *key)
{
    return lq_span(key->bytes, key->size);
}

static uint64_t seq_of(struct lq_span key)
{
    return lq_get_u64(key.data + key.size - SEQ_SIZE);
}

static void prove(struct lq_span key, const uint8_t said[SAID_SIZE], uint8_t out[PROOF_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, PROOF_SIZE);
    crypto_generichash_update(&state, key.data, key.size);
    crypto_generichash_update(&state, said, SAID_SIZE);
    crypto_generichash_final(&state, out, PROOF_SIZE);
}

bool lq_mark_proved(struct lq_span key, struct lq_span row)
{
    uint8_t expected[PROOF_SIZE];
    if (row.size != ROW_SIZE || key.size <= SEQ_SIZE)
        return false;
    prove(key, row.data, expected);
    return memcmp(expected, row.data + SAID_SIZE, PROOF_SIZE) == 0;
}

// The last row of the stream before the record, whatever it says.
static bool row_before(struct lq_host *host, const char *stream, uint64_t seq, struct lq_span *key,
                       struct lq_span *row)
{
    const struct lq_key prefix = lq_key_text(stream), before = key_of(stream, seq);
    return host->fault == LQ_OK &&
           lq_store_previous(host->store, TABLE_MARKS, span_of(&before), key, row) &&
           key->size == before.size && memcmp(key->data, prefix.bytes, prefix.size) == 0;
}

// One that was altered on disk is passed over: an earlier one does as well.
bool lq_mark_before(struct lq_host *host, const char *stream, uint64_t seq, struct mark *out)
{
    struct lq_span key, row;
    while (row_before(host, stream, seq, &key, &row)) {
        seq = seq_of(key);
        if (!lq_mark_proved(key, row))
            continue;
        *out = (struct mark){.seq = seq, .own = lq_get_u64(row.data), .hash.known = true};
        memcpy(out->hash.bytes, row.data + SEQ_SIZE, HASH_SIZE);
        return true;
    }
    return false;
}

// Each put takes at most one away: what was the last of its EVERY once, and is so no more.
static void thin_out(struct lq_host *host, const char *stream, uint64_t seq)
{
    struct lq_span key, row;
    if (seq <= RECENT || !row_before(host, stream, seq - RECENT, &key, &row))
        return;
    const uint64_t last = seq_of(key);
    if (!row_before(host, stream, last, &key, &row) || seq_of(key) / EVERY != last / EVERY)
        return;
    const struct lq_key surplus = key_of(stream, seq_of(key));
    lq_host_delete(host, TABLE_MARKS, span_of(&surplus));
}

void lq_mark_put(struct lq_host *host, const char *stream, const struct mark *mark)
{
    uint8_t row[ROW_SIZE];
    const struct lq_key key = key_of(stream, mark->seq);
    lq_put_u64(row, mark->own);
    memcpy(row + SEQ_SIZE, mark->hash.bytes, HASH_SIZE);
    prove(span_of(&key), row, row + SAID_SIZE);
    lq_host_put(host, TABLE_MARKS, span_of(&key), lq_span(row, sizeof row));
    thin_out(host, stream, mark->seq);
}

void lq_mark_drop_behind(struct lq_host *host, const char *stream, uint64_t seq)
{
    struct lq_span key, row;
    while (row_before(host, stream, UINT64_MAX, &key, &row) && seq_of(key) > seq) {
        const struct lq_key surplus = key_of(stream, seq_of(key));
        lq_host_delete(host, TABLE_MARKS, span_of(&surplus));
    }
}
