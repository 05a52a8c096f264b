// What the files of the broker share. Private to common/bus.
#pragma once

#include <limits.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/time.h"
#include "bus/broker/broker.h"
#include "bus/broker/routes.h"
#include "bus/keyring/keyring.h"
#include "bus/listen/listener.h"
#include "bus/wire.h"
#include "bus/worker/frames.h"
#include "bus/worker/pipe.h"

enum { LQ_ENDPOINTS_LIMIT = 8, LQ_PIPES_LIMIT = 128 };

// A connection of the services' door on this machine. The number is never given twice.
struct lq_broker_pipe {
    struct lq_pipe *pipe; // NULL: free
    uint64_t id;
};

struct lq_broker {
    struct lq_door *doors[LQ_ENTRANCES]; // NULL: it has none
    uint64_t link_gone;                  // connections of services by tcp that had ended
    int listener;                        // for pipes
    struct lq_broker_pipe pipes[LQ_PIPES_LIMIT];
    uint64_t next_pipe_id;
    int stop_event, inotify, lock;

    char run_dir[PATH_MAX];
    char keyring_path[PATH_MAX];
    struct lq_keyring *keyring;
    struct stat keyring_seen; // of the file as last read, good or bad

    char endpoints[LQ_ENDPOINTS_LIMIT][LQ_ENDPOINT_TEXT];
    unsigned endpoint_count;
    char link_endpoints[LQ_ENDPOINTS_LIMIT][LQ_ENDPOINT_TEXT];
    unsigned link_endpoint_count;

    uint32_t ping_ms, lease_ms, takeover_ms, expire_ms;
    int64_t started_wall_ms;
    int64_t now_ms; // steady, once a turn of the loop
    int64_t next_ping_ms;
    int64_t next_check_ms;
    int64_t next_report_ms;
    int64_t next_refusal_ms; // when a key that was turned away is worth a line again

    struct lq_routes *routes;
    struct lq_broker_counters counters, reported;
};

// loop.c: reads the list of keys again if the system says that something happened to it. Costs
// one system call, and so is asked before every message.
void lq_broker_refresh_keyring(struct lq_broker *broker);

// The entry of a key that opens something; NULL if it is unknown or revoked.
const struct lq_key_entry *lq_broker_key(const struct lq_broker *broker, const char *key);

// listeners.c: the doors, then the addresses for others to read.
enum lq_status lq_broker_open_doors(struct lq_broker *broker,
                                    const struct lq_broker_config *config) LQ_MUST_CHECK;
void lq_broker_close_doors(struct lq_broker *broker);
void lq_broker_tend_doors(struct lq_broker *broker); // by the clock, and tells of those turned away
enum lq_status lq_broker_path(const struct lq_broker *broker, const char *name,
                              char path[PATH_MAX]) LQ_MUST_CHECK; // in the run directory

// forward.c
void lq_broker_serve_front(struct lq_broker *broker);

// Finds the service and forwards the request to it, or refuses it to the asker.
struct lq_asking {
    struct lq_peer peer;
    const char *key; // "" for a service on this machine
    const char *actor;
    uint32_t roles;
};
void lq_broker_forward(struct lq_broker *broker, const struct lq_asking *asking,
                       struct lq_span request);

// Sends the service the requests that are waiting to go with others.
void lq_broker_send_requests(struct lq_broker *broker, struct lq_route_service *service);

// Gives a reply to whoever asked, unless the key has been revoked since.
void lq_broker_reply(struct lq_broker *broker, struct lq_peer peer, const char *key,
                     uint64_t correlation, struct lq_span reply);
void lq_broker_refuse(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation,
                      Lq__Refusal__Why why, bool retry, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

// pipes.c: the services of this machine.
enum lq_status lq_broker_open_pipes(struct lq_broker *broker) LQ_MUST_CHECK;
void lq_broker_close_pipes(struct lq_broker *broker);
void lq_broker_accept_pipes(struct lq_broker *broker);
void lq_broker_serve_pipe(struct lq_broker *broker, struct lq_broker_pipe *pipe);
int lq_broker_send_pipe(struct lq_broker *broker, uint64_t id, enum lq_link_frame kind,
                        struct lq_span body) LQ_MUST_CHECK;

// services.c
bool lq_broker_opens_link(const struct lq_broker *broker, const char *key); // is it a service's?
void lq_broker_serve_link(struct lq_broker *broker);
int lq_broker_send_link(struct lq_broker *broker, struct lq_peer peer, enum lq_link_frame kind,
                        struct lq_span body) LQ_MUST_CHECK;

// What a service says; the key that it came in with, "" on this machine.
void lq_broker_hear_service(struct lq_broker *broker, struct lq_peer peer, const char *key,
                            uint8_t kind, struct lq_span body);

// The service is gone: whoever waits for it is told at once.
void lq_broker_service_down(struct lq_broker *broker, struct lq_route_service *service,
                            const char *why);
void lq_broker_ping_services(struct lq_broker *broker); // and notices those that are gone

// Is it there? A service whose key has been revoked is down from then on.
bool lq_broker_service_up(struct lq_broker *broker, struct lq_route_service *service);
