// The host of one service: takes requests, lets the service decide, makes it durable, and only then
// answers. It has no socket, no clock and no thread of its own: bytes and the time come in as
// arguments and replies go out through two callbacks, so that a replay is this very code.
//
//     lq_host_take / lq_host_hear  (any number of times)   then   lq_host_step   and so on
//
// The tour: batch.c (a command's way), record.c (what the journal keeps), follow.c (other services'
// events), timers.c, fetch.c, ask.c (queries), room.c (a full
// journal or disk), view.c (tables on the store), rebuild.c (tables that
// another version made).
#pragma once

#include "base/span.h"
#include "base/status.h"
#include "bus/wire.h"
#include "config/policy.h"
#include "journal/store.h"
#include "service/service.h"

struct lq_host;

struct lq_host_io {
    void *self;
    // Sends a reply (a serialized Reply) back on the route that its request came by.
    void (*answer)(void *self, struct lq_span route, struct lq_span reply);
    // Sends a request of this service's own to the bus; the reply comes in by lq_host_hear. False
    // if it cannot be sent now: it is made again a little later.
    bool (*ask)(void *self, struct lq_span request);
    // Is told while lq_host_new makes the tables again from the journal: before the first record,
    // and then from time to time. False: stop, which is a fault. NULL: nobody is told.
    bool (*rebuilding)(void *self, uint64_t done, uint64_t of);
};

// The plan for lq_store_open: the runtime's tables and the service's. Names are borrowed from the
// service; `names` has room for LQ_STORE_TABLES.
void lq_host_plan(const struct lq_service *service, const char *names[LQ_STORE_TABLES],
                  struct lq_store_plan *plan);

// Starts the service on its store (borrowed, as is everything else). If another version made the
// store's tables, they are made again first (rebuild.c). LQ_E_CORRUPT if the journal's last record
// does not carry the hash that the record before asks for, or if such tables cannot be made of it;
// LQ_E_BUSY if `rebuilding` said to stop.
LQ_MUST_CHECK enum lq_status lq_host_new(const struct lq_service *service, struct lq_store *store,
                                         const struct lq_policy *policy, const struct lq_law *law,
                                         struct lq_host_io io, int64_t now_ms,
                                         struct lq_host **out);

// Ends it; what waits is not answered. (A terminal asks again.)
void lq_host_free(struct lq_host *host);

// Queues a request (a serialized Request) for the next step; everything is copied.
void lq_host_take(struct lq_host *host, const struct lq_caller *caller, struct lq_span request);

// Queues a reply to a request that went out through `ask`.
void lq_host_hear(struct lq_host *host, struct lq_span reply);

// The bus was restarted and has forgotten what this service asked: asks again in the next step.
void lq_host_reconnected(struct lq_host *host);

// One step: decides everything that is queued, at most a batch, commits once, answers. A fault
// means that the store can no longer be trusted: the process must end; nothing was answered.
LQ_MUST_CHECK enum lq_status lq_host_step(struct lq_host *host, int64_t now_ms);

// When the next step is wanted though nothing comes in: now_ms or earlier if at once.
int64_t lq_host_wake_ms(const struct lq_host *host, int64_t now_ms);

// Before a step: by how much the wall clock is off, as the shell has found (base/leap.h). As long
// as it is not 0, commands are refused with CLOCK_LEAPT, and neither timers nor followed streams
// have any effect; what is asked is answered.
void lq_host_clock_off(struct lq_host *host, int64_t by_ms);

// After a step: has an administrator said meanwhile that the clock is right? Once for each time.
bool lq_host_clock_confirmed(struct lq_host *host);

// When the last record was written; 0 if there is none.
int64_t lq_host_recorded_ms(const struct lq_host *host);

// The process before, or the host before on this store, could not write for want of room: this one
// writes nothing for 15 seconds, refuses commands meanwhile, and answers what is asked.
void lq_host_hold(struct lq_host *host);

// Counts since the start, for status lines.
struct lq_host_counts {
    uint64_t commands, accepted, rejected, repeated, refused, commits, queries, fetches;
};
struct lq_host_counts lq_host_counts(const struct lq_host *host);
