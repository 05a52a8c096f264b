// The bus: the one way into the system. It checks keys, tells services who is asking, and carries
// requests to them by name and answers back. Nothing it holds outlives it: after a restart services
// register and clients ask again.
//
// From clients, each request is one frame, a serialized Request, and each reply is one frame, a
// Reply. Anything else (several frames, an empty delimiter before the request) is counted and
// refused with correlation 0.
#pragma once

#include <stdint.h>

#include "base/status.h"
#include "bus/keyring/keys.h"

struct lq_broker_config {
    const char *run_dir;     // made if missing: endpoint (see below), lock, link/ (0700)
    const char *keyring;     // the list of keys, bus/keyring/keyring.h; read again when it changes
    struct lq_key_pair keys; // the bus's own; clients know its public half
    const char *const *listen; // for clients, "tcp://127.0.0.1:7400"; port * or 0: any
    unsigned listen_count;
    const char *const
        *worker_listen; // for services on other hosts, by CURVE and a key of a service
    unsigned worker_listen_count;
    const char *const *services; // names to expect; asking for another: NO_SUCH_SERVICE
    unsigned service_count;

    int64_t clock_leap_ms; // by how much the clock may leap (base/leap.h); 0: by anything

    // 0: the usual
    uint32_t ping_ms;     // 500: services are asked whether they live
    uint32_t lease_ms;    // 5000: a service that says nothing for so long is down
    uint32_t takeover_ms; // 1000: how long the holder of a name has to defend it
    uint32_t expire_ms;   // 300000: an unanswered request is given up after that
    uint32_t connections; // of clients at once; as many as the process may open files
};

// What happened since the start.
struct lq_broker_counters {
    uint64_t requests;        // from clients
    uint64_t forwarded;       // to services
    uint64_t answered;        // by services
    uint64_t malformed;       // refused as such
    uint64_t revoked;         // refused because of their key
    uint64_t unavailable;     // refused because a service is down or full
    uint64_t dropped_frames;  // not of the form above
    uint64_t dropped_replies; // the asker is gone or does not read
    uint64_t late_answers;    // nobody waits for them any more
    uint64_t keys_turned_away;
};

struct lq_broker;

// Opens the listeners. LQ_E_INPUT for a bad key list or configuration, LQ_E_BUSY if another bus
// runs in this directory or an endpoint stays taken, LQ_E_IO. The configuration is copied. Raises
// the process's limit of open files to what is allowed.
//
// Writes the endpoints for clients, one a line, to <run_dir>/endpoint. Where the port is left open,
// the one in that file from an earlier run is tried first, so that clients find the bus again.
enum lq_status lq_broker_open(const struct lq_broker_config *config,
                              struct lq_broker **broker) LQ_MUST_CHECK;

// Serves until lq_broker_stop. A fault is something the bus cannot go on with.
enum lq_status lq_broker_run(struct lq_broker *broker) LQ_MUST_CHECK;

// Ends lq_broker_run, now or when it is called. From any thread or signal handler.
void lq_broker_stop(struct lq_broker *broker);

void lq_broker_close(struct lq_broker *broker); // NULL is fine; not while it runs

// The endpoints as bound, ports filled in. Borrowed from the broker.
const char *lq_broker_endpoint(const struct lq_broker *broker, unsigned index);
const char *lq_broker_worker_endpoint(const struct lq_broker *broker, unsigned index); // tcp

// To be read while the broker does not run.
const struct lq_broker_counters *lq_broker_counters(const struct lq_broker *broker);

// Where services on this machine connect: "unix://<run_dir>/link/bus". LQ_E_INPUT if that path is
// too long for a socket.
enum { LQ_PIPE_ENDPOINT_TEXT = 128 };
enum lq_status lq_pipe_endpoint(const char *run_dir,
                                char endpoint[LQ_PIPE_ENDPOINT_TEXT]) LQ_MUST_CHECK;
