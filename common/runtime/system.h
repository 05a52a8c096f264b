// Where a system's things are, below its data directory, and how the first start makes them:
//
//     config/   lianqin.yaml law.yaml calendar.yaml policy.yaml (defaults, for an operator to edit)
//     keys/     bus.key bus.pub, authorized (the list of keys), <badge>.key of people here
//     links/    <service>/ @<service>.key bus.pub: what a host of that service has as keys/
//     run/      endpoint (where the bus listens), link/bus (its socket for services)
//     journal/  one directory a service
//
// Everything is readable by its owner only.
#pragma once

#include "base/arena.h"
#include "bus/keyring/keys.h"
#include "base/status.h"

struct lq_system {
    const char *data; // the data directory
    const char *config, *keys, *links, *run, *journal;
    const char *bus_key, *bus_public, *authorized;
};

// Names the paths; texts live in the arena. Touches nothing.
struct lq_system lq_system_at(struct lq_arena *arena, const char *data);

// Makes the directories, the default configuration, the bus's key and an empty list of keys where
// they are missing. What is there stays.
LQ_MUST_CHECK enum lq_status lq_system_prepare(const struct lq_system *system);

// The same for a host of services that reach their bus by tcp: no keys, those come from the bus.
LQ_MUST_CHECK enum lq_status lq_system_prepare_remote(const struct lq_system *system);

// A key for a badge: makes <keys>/<badge>.key and puts its public half into the list. If the file
// is there already, only sees to it that the list has it.
LQ_MUST_CHECK enum lq_status lq_system_issue_key(struct lq_arena *arena,
                                                 const struct lq_system *system, const char *badge,
                                                 uint32_t roles);

// What a service needs to reach the bus by tcp, and nothing else: makes links/<service>/, puts its
// key there, in the list too, and then the bus's public key. Whoever finds bus.pub there may rely
// on the key.
LQ_MUST_CHECK enum lq_status
lq_system_issue_link(struct lq_arena *arena, const struct lq_system *system, const char *service);

// The keys of the two who work before anybody is on the roster: "clerk" and "admin". One who was
// ever on the list gets no other key: who was revoked, or took the key elsewhere, meant it.
LQ_MUST_CHECK enum lq_status lq_system_issue_first_keys(struct lq_arena *arena,
                                                        const struct lq_system *system);

// The key of what measures the system, of the role that may ask least. As of the first keys.
#define LQ_METRICS_BADGE "metrics"
LQ_MUST_CHECK enum lq_status lq_system_issue_metrics_key(struct lq_arena *arena,
                                                         const struct lq_system *system);
