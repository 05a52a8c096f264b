// Replays a stream and holds the result against what is stored: the chain of hashes, the numbers,
// and every table that is made from the journal. What `lq verify` does.
#pragma once

#include "runtime/host.h"

struct lq_verified {
    uint64_t records;
    uint64_t events;
    bool other_version; // made the tables, which were therefore not compared; or nobody finished
    uint8_t tip_hash[LQ_HASH_SIZE];
};

// Holds how far the service has followed a stream (its cursor in `store`) against that stream's
// journal; both are only read. LQ_E_CORRUPT, and `differs`, if they are not of one history: the
// fault's text says what was found, and what to do.
LQ_MUST_CHECK enum lq_status lq_verify_followed(const struct lq_service *service,
                                                struct lq_store *store, const char *stream,
                                                struct lq_store *journal, bool *differs);

// Replays the whole of `store` (only read) into `scratch` (empty, same plan). LQ_E_CORRUPT with the
// words of what is wrong and where, LQ_OK if nothing is. `progress` may be NULL.
LQ_MUST_CHECK enum lq_status lq_verify(const struct lq_service *service, struct lq_store *store,
                                       struct lq_store *scratch, const struct lq_policy *policy,
                                       void (*progress)(void *self, uint64_t done, uint64_t of),
                                       void *self, struct lq_verified *out);
