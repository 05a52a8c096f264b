// What the files of the client share. Private to common/client.
#pragma once

#include "bus/worker/dealer.h"
#include "bus/worker/frames.h"
#include "client/client.h"

enum { LQ_STREAMS_KEPT = 32 };

struct lq_positions {
    unsigned count;
    char streams[LQ_STREAMS_KEPT][LQ_SERVICE_NAME];
    uint64_t seqs[LQ_STREAMS_KEPT];
};

void lq_positions_note(struct lq_positions *seen, const char *stream, uint64_t seq);
uint64_t lq_positions_of(const struct lq_positions *seen, const char *stream);

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
