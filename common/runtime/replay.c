// Reading a journal from its beginning, record by record, and doing to the tables what each says:
// by the same lq_record_apply that runs live. `lq verify` does it into an empty store beside the
// one that it looks at, and a host into its own when its tables are of another version (rebuild.c).
#include "pb/pb.h"
#include "runtime/host_parts.h"

// So many records, or bytes of them, before what they made is committed: what is not committed yet
// takes memory.
enum { RECORDS_A_COMMIT = 4096, BYTES_A_COMMIT = 8 << 20 };

enum lq_status lq_replay_read(struct lq_host *host, struct lq_store *store, struct lq_replayed *at,
                              const Lq__Record **record)
{
    const uint8_t *hash;
    struct lq_span bytes;
    uint8_t expected[HASH_SIZE];
    const char *why = NULL;
    const char *stream = host->service->name;
    const uint64_t seq = at->records + 1;
    enum lq_status status = lq_store_record(store, seq, &hash, &bytes);
    if (status != LQ_OK)
        return status;
    lq_record_hash(at->tip_hash, bytes, expected);
    if (memcmp(expected, hash, HASH_SIZE) != 0)
        return lq_fault(LQ_E_CORRUPT, "record %llu of %s: the chain of hashes is broken here",
                        (unsigned long long)seq, stream);
    memcpy(at->tip_hash, expected, HASH_SIZE);
    *record = (const void *)lq_pb_decode_within(&LQ_PB_RECORD, &host->arena,
                                                &lq__record__descriptor, bytes, &why);
    if (*record == NULL)
        return lq_fault(LQ_E_CORRUPT, "record %llu of %s does not decode: %s",
                        (unsigned long long)seq, stream, why);
    if ((*record)->seq != seq)
        return lq_fault(LQ_E_CORRUPT, "record %llu of %s says that it is record %llu",
                        (unsigned long long)seq, stream, (unsigned long long)(*record)->seq);
    at->records++;
    at->events += (*record)->event.len > 0;
    at->bytes += bytes.size;
    return LQ_OK;
}

enum lq_status lq_replay_commit(struct lq_host *host)
{
    host->writing = host->dirty = false;
    return host->fault != LQ_OK ? host->fault : lq_store_commit(host->store);
}

enum lq_status lq_replay(struct lq_host *host, struct lq_store *store, uint64_t tip,
                         struct replay_watch watch, struct lq_replayed *at)
{
    uint64_t records = 0, bytes = 0; // at the last commit
    host->journal = store;
    enum lq_status status = LQ_OK;
    while (status == LQ_OK && at->records < tip) {
        const Lq__Record *record;
        status = lq_host_begin(host);
        if (status == LQ_OK)
            status = lq_replay_read(host, store, at, &record);
        if (status == LQ_OK)
            status = lq_record_apply(host, record);
        lq_arena_reset(&host->arena);
        if (status != LQ_OK)
            return status;
        if (at->records < tip && at->records - records < RECORDS_A_COMMIT &&
            at->bytes - bytes < BYTES_A_COMMIT)
            continue;
        records = at->records;
        bytes = at->bytes;
        status = lq_replay_commit(host);
        if (status == LQ_OK && watch.tell != NULL && !watch.tell(watch.self, at->records, tip))
            status = lq_fault(LQ_E_BUSY, "%s was told to stop at record %llu of %llu",
                              host->service->name, (unsigned long long)at->records,
                              (unsigned long long)tip);
    }
    return status;
}
