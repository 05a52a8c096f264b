// Positions that are not of this history. A journal that was put back from a backup is shorter than
// those remember it who were not put back with it, or, once it has gone on, other: their positions
// would make them pass over what is recorded now. So a position carries its record's hash, and is
// refused (DIVERGED) where the journal has none or another there.
//
// A position beyond the tip is proof by itself: nobody hears of a record before it is durable.
#include "pb/pb.h"
#include "runtime/host_parts.h"

static bool is_hash(ProtobufCBinaryData hash)
{
    return hash.len == 0 || hash.len == HASH_SIZE;
}

static struct lq_span bytes_of(ProtobufCBinaryData data)
{
    return lq_span(data.data, data.len);
}

const uint8_t *lq_hash_at(struct lq_host *host, uint64_t seq)
{
    static const uint8_t before_the_first[HASH_SIZE];
    const uint8_t *hash;
    struct lq_span bytes;
    if (seq == host->tip)
        return host->tip_hash;
    if (seq == 0)
        return before_the_first;
    const enum lq_status status = lq_store_record(host->store, seq, &hash, &bytes);
    LQ_ASSERT(status == LQ_OK); // the journal has no gaps up to its tip
    return hash;
}

static bool has_other(struct lq_host *host, uint64_t seq, ProtobufCBinaryData hash)
{
    return hash.len > 0 && seq <= host->tip &&
           memcmp(lq_hash_at(host, seq), hash.data, HASH_SIZE) != 0;
}

static void refuse_beyond(struct lq_host *host, const struct asked *asked, uint64_t seq)
{
    lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__DIVERGED,
                     "the stream of %-s ends at record %llu, but record %llu of it has been seen: "
                     "its journal was put back from an older copy",
                     lq_service_said(host, host->service->name), (unsigned long long)host->tip,
                     (unsigned long long)seq);
}

static void refuse_other(struct lq_host *host, const struct asked *asked, uint64_t seq)
{
    lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__DIVERGED,
                     "record %llu of %-s is another one than has been seen: its journal was put "
                     "back from an older copy, and has gone on differently since",
                     (unsigned long long)seq, lq_service_said(host, host->service->name));
}

bool lq_fetch_diverges(struct lq_host *host, const struct asked *asked, const Lq__Fetch *fetch)
{
    if (fetch->after <= host->tip && fetch->after_hash.len == 0)
        return false;
    if (!is_hash(fetch->after_hash))
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                         "Fetch.after_hash must be empty or the 32 bytes of a record's hash");
    else if (fetch->after > host->tip)
        refuse_beyond(host, asked, fetch->after);
    else if (has_other(host, fetch->after, fetch->after_hash))
        refuse_other(host, asked, fetch->after);
    else
        return false;
    return true;
}

// ---------------------------------------------------------------- what a sender has seen

static bool is_own(const struct lq_host *host, const Lq__Position *seen)
{
    return strcmp(seen->stream, host->service->name) == 0;
}

// What a follower knows of another stream is its cursor, and whether it is stuck there.
static bool refused_by_follower(struct lq_host *host, const struct asked *asked,
                                const struct following *f, const Lq__Position *seen)
{
    if (seen->seq > f->cursor && f->halt.why != LQ__HALT__WHY__WHY_UNSPECIFIED) {
        lq_reply_refusal(host, asked,
                         f->halt.why == LQ__HALT__WHY__DIVERGED ? LQ__REFUSAL__WHY__DIVERGED
                                                                : LQ__REFUSAL__WHY__UNAVAILABLE,
                         "%s", f->halt.text);
        return true;
    }
    if (seen->seq != f->cursor || seen->hash.len == 0 || !f->hash.known ||
        lq_span_equal(bytes_of(seen->hash), lq_span(f->hash.bytes, HASH_SIZE)))
        return false;
    lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__DIVERGED,
                     "record %llu of %-s is another one for %-s than has been seen: one of their "
                     "journals was put back from an older copy",
                     (unsigned long long)seen->seq, lq_service_said(host, seen->stream),
                     lq_service_said(host, host->service->name));
    return true;
}

static bool refused_for(struct lq_host *host, const struct asked *asked, const Lq__Position *seen)
{
    if (!is_hash(seen->hash)) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                         "Position.hash must be empty or the 32 bytes of a record's hash");
        return true;
    }
    if (is_own(host, seen) && seen->seq > host->tip) {
        refuse_beyond(host, asked, seen->seq);
        return true;
    }
    for (unsigned i = 0; i < host->follow_count; i++)
        if (strcmp(seen->stream, host->following[i].stream.name) == 0)
            return refused_by_follower(host, asked, &host->following[i], seen);
    return false;
}

bool lq_seen_refused(struct lq_host *host, const struct asked *asked)
{
    for (size_t i = 0; i < asked->request->n_seen; i++)
        if (refused_for(host, asked, asked->request->seen[i]))
            return true;
    return false;
}

bool lq_seen_differs(struct lq_host *host, const struct asked *asked)
{
    for (size_t i = 0; i < asked->request->n_seen; i++) {
        const Lq__Position *seen = asked->request->seen[i];
        if (!is_own(host, seen) || !has_other(host, seen->seq, seen->hash))
            continue;
        refuse_other(host, asked, seen->seq);
        return true;
    }
    return false;
}
