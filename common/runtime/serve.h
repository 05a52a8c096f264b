// The shell around a host: a store on disk, a link to the bus, a clock, and the loop that drains
// what waits, lets the host take its step, and goes back to sleep.
#pragma once

#include "bus/worker/link.h"
#include "config/policy.h"
#include "runtime/system.h"
#include "service/service.h"

struct lq_serve_config {
    const struct lq_service *service;
    const struct lq_system *system;
    const struct lq_policy *policy;
    const struct lq_law *law;
    const char *link;               // endpoint of the bus for services
    int64_t map_gib;                // the largest the journal may grow
    int stop_fd;                    // readable: stop
    const struct lq_key_pair *keys; // for a tcp link, else NULL
    const char *bus_public_key;
};

// Serves until stop_fd is readable (LQ_OK), or until something is wrong with the journal or the
// name is taken over by another instance (a fault: the process must end). Where a write finds no
// room it goes on reading, and refuses commands for a while; where opening the store finds none, it
// waits for it.
LQ_MUST_CHECK enum lq_status lq_serve(const struct lq_serve_config *config);
