// The life of one service on a store on disk: the real host and the real LMDB, under commands that
// the dice make. The same seed gives the same life, down to the bytes that are written. Keeps what
// was acknowledged, so that a store can be asked later whether it still knows.
#pragma once

#include "crash/recorder.h"
#include "runtime/host.h"
#include "support/generate.h"

struct life_command {
    const char *actor;
    struct lq_span request;         // a serialized Request
    struct lq_span outcome;         // as acknowledged; no data: not acknowledged
    uint64_t correlation, position; // position: of the outcome
};

// A Fetch of another stream that the host has asked for and not got.
struct life_fetch {
    char stream[24];
    uint64_t correlation, after;
};

enum { LIFE_FETCHES = 8 };

struct life {
    const struct lq_service *service;
    struct lq_policy policy;
    struct lq_dice dice;
    struct lq_arena arena;
    int64_t now_ms;
    bool calm; // no weeks go by at once
    uint64_t map_bytes;
    struct lq_store *store;
    struct lq_host *host; // NULL: not open
    struct life_command *commands;
    unsigned count, room;
    unsigned acknowledged, refused, answered; // answered: queries
    struct life_fetch fetches[LIFE_FETCHES];
    uint64_t told;                               // the highest position that anybody was told of
    char last_refusal[256], last_rejection[256]; // texts; empty: none, or the last was accepted
    unsigned plant;
    const char *salt; // so that the commands of one life have other ids than those of another
};

// Bugs that can be planted, to see that the tests find them.
enum life_plant {
    LIFE_TELLS_EARLY = 1,    // acknowledges before the commit
    LIFE_IGNORES_FAILED = 2, // takes a failed commit for a good one
};

void life_init(struct life *life, const char *service, uint64_t seed);
void life_free(struct life *life);

// Opens the store in the directory, and the host on it, as a service does that starts.
LQ_MUST_CHECK enum lq_status life_open(struct life *life, const char *directory);
void life_close(struct life *life);

// Some commands in one turn; time passes. A fault is what the service would end with.
LQ_MUST_CHECK enum lq_status life_step(struct life *life);

// Sends everything again that was not acknowledged, in its order.
LQ_MUST_CHECK enum lq_status life_repeat_unanswered(struct life *life);

// Sends commands[first] … again, so many; NULL if each acknowledged outcome comes again with the
// same bytes, else what is wrong.
const char *life_check_repeats(struct life *life, unsigned first, unsigned count);

// Replays the open store (runtime/verify.h): NULL, or what is wrong.
const char *life_verify(struct life *life);

// One command that is told in words (support/message.h), in a turn of its own.
LQ_MUST_CHECK enum lq_status life_say(struct life *life, const char *command);

// A turn with nothing new, and one with a query of the service's state.
LQ_MUST_CHECK enum lq_status life_turn(struct life *life);
LQ_MUST_CHECK enum lq_status life_ask(struct life *life);

// Lets the host hear so many events of a stream that it follows, all that body, and turns. False
// if it has not asked for any.
bool life_hear(struct life *life, const char *stream, const ProtobufCMessage *event,
               unsigned count);

uint64_t life_tip(struct life *life);
