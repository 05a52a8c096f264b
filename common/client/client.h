// How programs ask the services: the command line, screens. One connection to the bus, by CURVE.
// One thread owns it.
//
// A request is repeated, with the same bytes, after a silence and after a refusal that says "try
// again", until it is answered or its deadline has passed; so every request that was submitted
// ends in exactly one reply. (A command takes effect once however often it arrives.)
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/span.h"
#include "base/status.h"
#include "bus/keyring/keys.h"
#include "bus/worker/dealer.h"
#include "envelope.pb-c.h"

struct lq_client_config {
    const char *endpoint; // of the bus, for clients
    const char *bus_public_key;
    struct lq_key_pair keys; // whose requests these are
    void *context;           // ZeroMQ's, borrowed; NULL: one of its own
    uint32_t silence_ms;     // 0: 2000; repeat after that (a fetch: after its wait and that)
    uint32_t deadline_ms;    // 0: 10000; give up after that (a fetch: after its wait and that)
    bool once;               // hand refusals over at once, even those that say "try again"
};

enum { LQ_CLIENT_WINDOW = 32 }; // requests not yet answered at a time

// The members of Request's oneof.
enum lq_ask { LQ_ASK_COMMAND = 4, LQ_ASK_QUERY = 5, LQ_ASK_FETCH = 6, LQ_ASK_COMMANDS = 8 };

struct lq_client;

// LQ_E_INPUT for an endpoint or key that cannot be; that the bus is not there is no fault here.
enum lq_status lq_client_open(const struct lq_client_config *config,
                              struct lq_client **client) LQ_MUST_CHECK;
void lq_client_close(struct lq_client *client); // NULL is fine

// From now on it repeats, and gives up, as these say (0: the usual), and asks on where a refusal
// says "try again". On the same connection: to make another costs a handshake.
void lq_client_be_patient(struct lq_client *client, uint32_t silence_ms, uint32_t deadline_ms);

// ---------------------------------------------------------------- ask and wait

// Asks and waits for the reply. `body` is a serialized Command, Query or Fetch. The reply is
// borrowed until the next call that waits. LQ_E_UNREACHABLE if the deadline passed: the words say
// what the last refusal was, or how far the connection came. A command may have taken effect then;
// ask again with the same bytes. (Of several commands the last list of outcomes is the reply,
// though it may end with "try again".) LQ_E_BUSY and LQ_E_INPUT as for lq_client_submit.
enum lq_status lq_client_call(struct lq_client *client, const char *service, enum lq_ask kind,
                              struct lq_span body, const Lq__Reply **reply) LQ_MUST_CHECK;

// The same with a message of the envelope: an Lq__Command, Lq__Query or Lq__Fetch.
enum lq_status lq_client_call_message(struct lq_client *client, const char *service,
                                      const ProtobufCMessage *message,
                                      const Lq__Reply **reply) LQ_MUST_CHECK;

// ---------------------------------------------------------------- ask now, hear later

// Sends a request, and gives the number by which its reply is known. LQ_E_BUSY if the window is
// full, LQ_E_INPUT if the request is too large.
enum lq_status lq_client_submit(struct lq_client *client, const char *service, enum lq_ask kind,
                                struct lq_span body, uint64_t *correlation) LQ_MUST_CHECK;

// Submits several commands (a serialized Commands), to be decided one after the other, and none
// before another one of the same service has been (its id; empty: none). With config.once the reply
// is handed over even if the last of its outcomes is a refusal that says "try again".
enum lq_status lq_client_submit_commands(struct lq_client *client, const char *service,
                                         struct lq_span commands, struct lq_span after,
                                         uint64_t *correlation) LQ_MUST_CHECK;

// The next reply to a submitted request, waiting at most timeout_ms (0: not at all, -1: until
// there is one or nothing is outstanding). False if there is none. The reply is borrowed until the
// next call that waits. A request whose deadline passed gets a Refusal that says UNAVAILABLE.
bool lq_client_next(struct lq_client *client, int timeout_ms, const Lq__Reply **reply);

unsigned lq_client_outstanding(const struct lq_client *client);

// How far the connection came.
enum lq_dealer_state lq_client_state(const struct lq_client *client);

// For loops of one's own: poll the socket, asked for before each wait, for ZMQ_POLLIN, and call
// lq_client_next at lq_client_due_ms (steady time) at the latest.
void *lq_client_socket(struct lq_client *client);
int64_t lq_client_due_ms(const struct lq_client *client);

// ---------------------------------------------------------------- helpers

// A command with a new id. The body (a serialized <service>.Command) and the id are borrowed.
Lq__Command lq_client_command(struct lq_id *id, struct lq_span body);

// What this client has seen of a stream; sent along with every request, so that it reads what it
// wrote. Kept from replies; a caller adds what it knows from elsewhere.
uint64_t lq_client_position(const struct lq_client *client, const char *stream);
void lq_client_saw(struct lq_client *client, const char *stream, uint64_t seq);
