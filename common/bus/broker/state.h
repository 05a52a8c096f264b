// The broker's memory, shared by the files of this room; who may change what is said in their
// headers. Private to common/bus/broker.
#pragma once

#include <limits.h>
#include <sys/stat.h>

#include "base/leap.h"
#include "bus/broker/broker.h"
#include "bus/broker/routes.h"
#include "bus/keyring/keyring.h"
#include "bus/listen/listener.h"
#include "bus/worker/pipe.h"

enum { LQ_ENDPOINTS_LIMIT = 8, LQ_PIPES_LIMIT = 128 };

// A connection from a service on this machine. Ids are never reused.
struct lq_broker_pipe {
    struct lq_pipe *pipe; // NULL: free
    uint64_t id;
};

struct lq_broker {
    struct lq_listener *listeners[LQ_PEER_KINDS]; // NULL: there is none
    uint64_t workers_gone;                        // connections of remote services that had ended
    int pipe_listener;
    struct lq_broker_pipe pipes[LQ_PIPES_LIMIT];
    uint64_t next_pipe_id;
    int stop_event, inotify, lock;

    char run_dir[PATH_MAX];
    char keyring_path[PATH_MAX];
    struct lq_keyring *keyring;
    struct stat keyring_stat; // of the file as last read, good or bad

    char endpoints[LQ_ENDPOINTS_LIMIT][LQ_ENDPOINT_TEXT];
    unsigned endpoint_count;
    char worker_endpoints[LQ_ENDPOINTS_LIMIT][LQ_ENDPOINT_TEXT];
    unsigned worker_endpoint_count;

    uint32_t ping_ms, lease_ms, takeover_ms, expire_ms;
    int64_t started_wall_ms;
    struct lq_leap leap;
    int64_t now_ms; // steady, read once in each step of the loop
    int64_t next_ping_ms;
    int64_t next_check_ms;
    int64_t next_report_ms;
    int64_t next_refusal_ms; // when a rejected key is worth a line in the log again

    struct lq_routes *routes;
    struct lq_broker_counters counters, reported;
};
