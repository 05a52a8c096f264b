// The same load for everybody: so many connections, one request each under way, the next one sent
// when its reply is there.
#pragma once

#include "measure.h"
#include "wire.h"

struct load {
    struct wire_config wire;      // kind, port; keys and index are filled in for each connection
    const struct wire_keys *keys; // keys[i] is connection i's; NULL: none
    unsigned clients;
    unsigned depth;      // requests under way on each; 0: one. With more, no latency is taken
    double seconds;      // how long, after a tenth of that to warm up
    uint64_t requests;   // and not more than so many; 0: no bound
    const char *opening; // a request that each connection begins with, and its reply is dropped
    struct lq_span (*request)(void *self, unsigned client); // borrowed until the next call
    bool (*check)(void *self, struct lq_span reply);        // false: the load fails
    void *self;
};

struct load_result {
    double rate;      // requests a second
    double generator; // CPU seconds that this program used for a second of load
    uint64_t requests;
    double seconds;
    struct samples latency;
    bool failed;
};

struct load_result load_run(const struct load *load);

// Tells the rate, the latencies and the generator's CPU; frees the samples.
void load_tell(const char *what, struct load_result *result);
