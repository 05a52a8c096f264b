// A running Lianqin as the bench sees it: its bus, keys for the desk and two hundred leads, and the
// force that the orders of the bench go to.
#pragma once

#include "base/arena.h"
#include "base/id.h"
#include "bus/keyring/keys.h"
#include "envelope.pb-c.h"
#include "load.h"
#include "measure.h"
#include "wire.h"

enum { SITE_LEADS = 200, SITE_ORDERS = 4, SITE_TEAMS = SITE_LEADS / SITE_ORDERS };

struct site {
    const char *data;
    int port;
    struct wire_keys desk, leads[SITE_LEADS];
    struct lq_arena arena; // of one stage
    struct wire_loop *loop;
    struct wire *wire; // the desk's, for site_ask
    uint64_t correlation;
    const Lq__Reply *reply; // the latest to site_ask; NULL: none yet
};

// Makes keys, lets the bus know them, and connects the desk. Ends the program if the bus is not
// there.
void site_open(struct site *site, const char *data);
void site_close(struct site *site);

// Registers teams, leads, a shift and the target, unless an earlier stage has.
void site_prepare(struct site *site);

// A serialized Request with a Command, Query or Fetch in it, in the arena.
struct lq_span site_command(struct lq_arena *arena, uint64_t correlation, const char *service,
                            const ProtobufCMessage *body);

// The same of something that happened then, for a reason.
struct lq_span site_command_at(struct lq_arena *arena, uint64_t correlation, const char *service,
                               const ProtobufCMessage *body, int64_t occurred_at_ms,
                               const char *reason);
struct lq_span site_query(struct lq_arena *arena, uint64_t correlation, const char *service,
                          const ProtobufCMessage *body); // NULL: the runtime's own
struct lq_span site_fetch(struct lq_arena *arena, uint64_t correlation, const char *service,
                          uint64_t after, uint32_t max, uint32_t wait_ms);

// The desk asks and waits; NULL after ten seconds. The reply is in the arena.
const Lq__Reply *site_ask(struct site *site, struct lq_span request);

// The same, and the program ends if it is not an accepted outcome.
const Lq__Accepted *site_do(struct site *site, const char *service, const ProtobufCMessage *body);

// Whether a reply tells of an accepted command, by its bytes: decoding it would cost the generator
// as much as the service.
bool site_is_accepted(struct lq_span reply);

// Waits until the follower has seen all that stands in the stream now.
void site_wait_followed(struct site *site, const char *follower, const char *stream);

// The service's own Status; NULL if it does not answer.
const Lq__Status *site_status(struct site *site, const char *service);

const Lq__Reply *site_reply(struct lq_arena *arena, struct lq_span bytes);

// The command that the load is made of: one interview recorded.
struct lq_span site_interview(struct lq_arena *arena, uint64_t correlation);
