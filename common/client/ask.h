// Asking a service in its own words: a <service>.Command or Query goes out, what comes back is
// read.
#pragma once

#include "client/client.h"

enum lq_heard {
    LQ_HEARD,          // an outcome, or an answer
    LQ_HEARD_REFUSAL,  // nothing was decided or answered
    LQ_HEARD_NOT_READ, // a reply that this program cannot read
    LQ_HEARD_NOTHING,  // a fault: nobody answered (LQ_E_UNREACHABLE), or it could not be sent
};

struct lq_hearing {
    enum lq_heard what;
    const Lq__Outcome *outcome; // of a command; it is accepted or rejected
    bool repeated;              // it was decided before
    ProtobufCMessage *answer;   // of a query: a <service>.Answer with its member set
    const Lq__Answer *told;     // what came with it, until the client waits again
    const Lq__Refusal *refusal; // until the client waits again
    const char *why;            // not read: why; NULL: it is of another kind
    enum lq_status status;      // nothing: the fault
};

// Both wait until the client's deadline; what was read lives in the arena.
struct lq_hearing lq_client_decide(struct lq_client *client, struct lq_arena *arena,
                                   const char *service, const Lq__Command *command);
struct lq_hearing lq_client_ask(struct lq_client *client, struct lq_arena *arena,
                                const char *service, const ProtobufCMessage *query,
                                const ProtobufCMessageDescriptor *answer_type);

// The same without waiting, for who asks several at a time: submits the question
// (lq_client_submit), and reads the reply that lq_client_next hands over. A question that nobody
// answered in time has a refusal.
enum lq_status lq_client_submit_query(struct lq_client *client, const char *service,
                                      const ProtobufCMessage *query,
                                      uint64_t *correlation) LQ_MUST_CHECK;
struct lq_hearing lq_client_read_answer(struct lq_arena *arena, const Lq__Reply *reply,
                                        const ProtobufCMessageDescriptor *answer_type);
