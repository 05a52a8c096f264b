// policy.yaml: what the county may choose and no law sets.
#pragma once

#include "base/arena.h"
#include "base/status.h"

struct lq_policy {
    const char *revision;
    int64_t future_tolerance_ms; // how far a sender's clock may be ahead of ours
    int64_t clock_leap_ms;       // by how much the clock may leap (base/leap.h); 0: by anything
    int64_t causal_wait_ms;      // how long a request waits for what its sender has seen
    int64_t batch_max;           // commands in one transaction
    int64_t fetch_max;           // events in one answer to a Fetch
    int64_t fetch_wait_max_ms;   // how long a Fetch may be parked
    int64_t
        journal_refuse_percent; // of the journal's largest size, above which commands are refused
};

// Reads the file over the defaults that are compiled in; `revision` must be given, every other key
// that is absent keeps its default. A NULL path gives the defaults alone. Texts live in the arena.
// LQ_E_MISSING if there is no such file, LQ_E_INPUT, LQ_E_IO.
LQ_MUST_CHECK enum lq_status lq_policy_load(const char *path, struct lq_arena *arena,
                                            struct lq_policy *out);
