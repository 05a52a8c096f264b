// The auditor: an independent reading of what Lianqin promises. It sees what reaches a service,
// what leaves it and what its journal holds, and keeps a model of its own; it shares no code with
// the services or the runtime, only the messages of proto/ and the store's journal. Everything it
// finds ends in sim_fail with the name of the broken property.
//
// A new rule is a row in one of the tables: who may do what (audit_may.c), what an event means
// (audit_*_events), which terms it starts and ends (audit_*_terms), which rejections can be true
// (audit_reject.c), what follows from whose event (audit_follow.c), what counts (audit_stats.c).
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct audit;
struct lq_store;

struct audit_policy {
    int64_t batch_max, fetch_max, future_tolerance_ms, causal_wait_ms;
    bool paper_counts; // seizure's terms run for what comes in on paper
};

struct audit *audit_open(const struct audit_policy *policy);
void audit_free(struct audit *a);

// A service; `node` is the number that it goes by from now on, 0, 1, 2, …
void audit_service(struct audit *a, unsigned node, const char *name);

// A service starts, for the first time or after a crash.
void audit_started(struct audit *a, unsigned node, struct lq_store *store);
void audit_crashed(struct audit *a, unsigned node);

// A request reaches a service; the route is the bus's and never used twice.
void audit_asked(struct audit *a, unsigned node, uint64_t route, const char *actor, uint32_t roles,
                 struct lq_span request, int64_t now_ms);

// A service sends a request of its own.
void audit_asks(struct audit *a, unsigned node, struct lq_span request);

// A commit has become durable; the store's transaction is still open for reading. The clock is the
// service's own.
void audit_committed(struct audit *a, unsigned node, struct lq_store *store, int64_t clock_ms);

// A reply leaves a service.
void audit_answered(struct audit *a, unsigned node, uint64_t route, struct lq_span reply,
                    int64_t clock_ms);

// A turn has ended, with nothing gone wrong.
void audit_turned(struct audit *a, unsigned node, int64_t now_ms);

// Nobody waits any more: has every follower caught up? Until it has, the words of who has not.
const char *audit_behind(const struct audit *a);

// Nothing is under way at this service, whose clock says clock_ms: nothing may be overdue.
void audit_quiet(struct audit *a, unsigned node, int64_t clock_ms);

// The end: the whole journal is what was committed.
void audit_journal(struct audit *a, unsigned node, struct lq_store *store);

uint64_t audit_records(const struct audit *a);

// What people's commands came to, over all runs of this process: a line for each command of each
// service. False if one was never accepted or never rejected: then the workload does not try it.
bool audit_survey(void);

// The run has failed: tells the story and ends the process (story.c).
_Noreturn void sim_fail(const char *property, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
