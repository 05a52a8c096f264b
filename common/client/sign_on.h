// Signing on to a system by its data directory: where its bus listens, what opens it, and whether
// anybody answers.
#pragma once

#include "client/client.h"
#include "service/service.h"

enum lq_sign_on {
    LQ_SIGNED_ON,
    LQ_SIGN_ON_NO_SYSTEM,    // there is no such directory
    LQ_SIGN_ON_NOT_RUNNING,  // its bus has not said where it listens
    LQ_SIGN_ON_NO_ANSWER,    // nobody answers there
    LQ_SIGN_ON_NO_HANDSHAKE, // somebody else listens there, or the bus's public key is another
    LQ_SIGN_ON_NOT_ADMITTED, // the key is unknown there, or revoked
};

// Where the system's bus listens, as it wrote it; in the arena.
enum lq_sign_on lq_sign_on_endpoint(struct lq_arena *arena, const char *data,
                                    const char **endpoint);

// Opens a connection with a key file and the system's own bus key. deadline_ms 0: as patient as the
// system's lianqin.yaml says. Faults as for lq_client_open, and those of the files.
LQ_MUST_CHECK enum lq_status lq_sign_on_open(struct lq_arena *arena, const char *data,
                                             const char *endpoint, const char *key, bool once,
                                             uint32_t deadline_ms, struct lq_client **out);

// Asks every service where it is, so that what is asked next is answered from no earlier state.
// Whoever answers at all, with a refusal too, shows that the bus does. Otherwise gives what stands
// in the way, and *why the client's words on it (in the arena).
enum lq_sign_on lq_sign_on_probe(struct lq_arena *arena, struct lq_client *client,
                                 const struct lq_service *const *services, uint32_t deadline_ms,
                                 const char **why);

// What was opened to probe goes on, as patient as the system's lianqin.yaml says. LQ_E_INPUT, LQ_E_IO
// of that file.
LQ_MUST_CHECK enum lq_status lq_sign_on_stay(struct lq_arena *arena, const char *data,
                                             struct lq_client *client);

// What stands in the way of a connection on which nobody answered.
enum lq_sign_on lq_sign_on_trouble(const struct lq_client *client);
