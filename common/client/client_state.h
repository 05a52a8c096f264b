// What the files of the client share. Private to common/client.
#pragma once

#include "bus/worker/dealer.h"
#include "bus/worker/frames.h"
#include "client/client.h"

enum { LQ_STREAMS_KEPT = 32, LQ_RECORD_HASH = 32 };

// Of a stream, the highest position that was seen, and the hash of its record if that was told.
struct lq_seen {
    char stream[LQ_SERVICE_NAME];
    uint64_t seq;
    bool has_hash;
    uint8_t hash[LQ_RECORD_HASH];
};

struct lq_positions {
    unsigned count;
    struct lq_seen kept[LQ_STREAMS_KEPT];
};

// A hash that is empty is not known.
void lq_positions_note(struct lq_positions *seen, const char *stream, uint64_t seq,
                       struct lq_span hash);
const struct lq_seen *lq_positions_of(const struct lq_positions *seen, const char *stream);

// The positions as a request to that service tells them: with their hashes if the service is one
// that tells hashes itself, because an older one would refuse them. `out` and `pointers` have room
// for LQ_STREAMS_KEPT; everything points into `seen`.
size_t lq_positions_tell(struct lq_positions *seen, const char *service, Lq__Position *out,
                         Lq__Position **pointers);

// Notes the positions that a reply carries; its arena is used for reading an outcome.
void lq_positions_reply(struct lq_positions *seen, const char *service, const Lq__Reply *reply,
                        ProtobufCAllocator *allocator);

// A request that was sent, until its reply has been handed over.
struct lq_slot {
    enum { LQ_SLOT_FREE, LQ_SLOT_WAITING, LQ_SLOT_READY } state;
    uint64_t correlation;
    char service[LQ_SERVICE_NAME];
    uint8_t *request;
    size_t request_size;
    uint8_t *reply; // what to hand over; while waiting, the latest "try again"
    size_t reply_size;
    bool unanswered; // ready because the deadline passed
    uint64_t ready;  // order in which replies came
    int64_t send_ms, deadline_ms;
    uint32_t silence_ms, backoff_ms;
};

struct lq_slot *lq_slot_find(struct lq_slot slots[LQ_CLIENT_WINDOW], uint64_t correlation);
struct lq_slot *lq_slot_unused(struct lq_slot slots[LQ_CLIENT_WINDOW]);
struct lq_slot *lq_slot_first_ready(struct lq_slot slots[LQ_CLIENT_WINDOW]);
void lq_slot_keep_reply(struct lq_slot *slot, struct lq_span reply);
void lq_slot_clear(struct lq_slot *slot);

struct lq_client {
    struct lq_dealer *dealer;
    uint32_t silence_ms, deadline_ms;
    bool once;
    char endpoint[256];
    uint64_t last_correlation, last_ready;
    struct lq_slot slots[LQ_CLIENT_WINDOW];
    struct lq_positions seen;
    struct lq_arena arena;   // of the reply that was handed over
    struct lq_arena scratch; // of one that is looked at
};
