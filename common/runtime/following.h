// The streams that a service follows: how far, which of them no further, and where their histories
// parted. Included by host_parts.h alone.
#pragma once

#include "base/id.h"
#include "runtime/host.h"

struct asked;
struct decided;

enum { HASH_SIZE = LQ_HASH_SIZE };

// The hash of a record of another stream, if it was told.
struct known_hash {
    bool known;
    uint8_t bytes[HASH_SIZE];
};

enum { HALT_TEXT = 1024 };

// Another service's stream, as far as it is followed.
struct place {
    uint64_t cursor;
    struct known_hash hash; // of the record there
};

// A place in a stream where it was followed up to, and our own last record then.
struct mark {
    uint64_t seq, own;
    struct known_hash hash; // known, but at 0
};

struct following {
    struct lq_stream stream;
    uint64_t cursor;        // everything up to here has had its effect
    struct known_hash hash; // of the record at `cursor`
    struct place named;     // of a stream that is read in part: the last event that was not skipped
    uint64_t stored_cursor; // what the cursors table says; never ahead of `cursor`
    bool stored_hash;       // whether it says the hash too
    struct {
        Lq__Halt__Why why;         // unspecified: it goes on
        bool until_restart;        // there is no use in asking again before
        struct lq_message message; // what was found, and what to do; its parts are in `parts`
        char parts[HALT_TEXT], text[HALT_TEXT];
    } halt;
    // Once it has diverged: where the histories part.
    struct {
        bool looking;   // the next fetch, or the one that is out, asks whether both have `mark`
        uint64_t below; // which is the last one before this record
        struct mark mark;
        bool known;   // that both have it
        uint64_t tip; // of the stream, as it was told then
    } parts;
    uint64_t history;      // our own record of its last parting; 0: it never did
    uint64_t behind_until; // it is followed anew up to here, and no command is taken before; 0: it
                           // is not

    uint64_t correlation;  // of the fetch that is out; 0: none is
    int64_t ask_again_ms;  // steady: when to stop waiting for it, or to ask next
    bool refused;          // the stream's service is down: ask a little later
    struct waiting *heard; // an Events reply to work through (bytes: the reply), or NULL
};

// ---------------------------------------------------------------- follow.c

enum { CURSOR_SIZE = 8 + HASH_SIZE + 16 };

// Gives the row's size.
size_t lq_cursor_write(struct lq_span stream, uint64_t cursor, const struct known_hash *hash,
                       uint8_t out[CURSOR_SIZE]);
// False: the row was altered.
bool lq_cursor_read(struct lq_span stream, struct lq_span row, uint64_t *cursor,
                    struct known_hash *hash);

// In the arena of the step: the n-th thing that came of what happened in another stream.
struct lq_id lq_follow_effect(struct lq_host *host, const struct lq_occurrence *what, unsigned n);

void lq_follow_open(struct lq_host *host);
void lq_follow_store(struct lq_host *host, struct following *f);   // how far, in the transaction
bool lq_follow_heard(struct lq_host *host, struct lq_span reply);  // queues it; false: not for us
LQ_MUST_CHECK enum lq_status lq_follow_work(struct lq_host *host); // in the batch
void lq_follow_ask(struct lq_host *host); // keeps one fetch out for each stream
void lq_follow_free(struct lq_host *host);
int64_t lq_follow_wake_ms(const struct lq_host *host, int64_t otherwise); // steady

// NULL if everything that was seen of followed streams has been reached, else which stream has not
// caught up.
const char *lq_follow_lagging(struct lq_host *host, const Lq__Request *request);

// ---------------------------------------------------------------- halt.c

bool lq_is_halted(const struct following *f);

// Stops following a stream, and says so once; requests and the other streams go on.
void lq_halt_diverged(struct lq_host *host, struct following *f, const char *found);
void lq_halt_for_upgrade(struct lq_host *host, struct following *f, uint64_t seq, const char *why);
void lq_halt_end(struct lq_host *host, struct following *f); // if it is halted

// Where a stream has diverged: which place to ask about next, outside of a transaction; and what
// came of it. False: the answer is to something else.
void lq_parts_choose(struct lq_host *host, struct following *f);
bool lq_parts_heard(struct lq_host *host, struct following *f, const Lq__Reply *reply);

// ---------------------------------------------------------------- marks.c

void lq_mark_put(struct lq_host *host, const char *stream, const struct mark *mark);
// The last one before the record; false: there is none. In a transaction.
bool lq_mark_before(struct lq_host *host, const char *stream, uint64_t seq, struct mark *out);
void lq_mark_drop_behind(struct lq_host *host, const char *stream, uint64_t seq);
bool lq_mark_proved(struct lq_span key, struct lq_span row); // false: it was altered

// ---------------------------------------------------------------- parting.c

// Decides accept_diverged. False: it is refused.
bool lq_parting_decide(struct lq_host *host, const struct asked *asked,
                       const struct lq_facts *facts, const Lq__AcceptDiverged *accept,
                       struct decided *decided);
// What comes of it once it is recorded: taking back, and following on from there.
LQ_MUST_CHECK enum lq_status lq_parting_follow(struct lq_host *host,
                                               const Lq__StreamParted *parted);
// Reads the record's runtime event, and does to the tables what it says.
LQ_MUST_CHECK enum lq_status lq_parting_check(struct lq_host *host, const Lq__Record *record,
                                              const Lq__StreamParted **out);
LQ_MUST_CHECK enum lq_status lq_parting_apply(struct lq_host *host, const Lq__Record *record);
void lq_parting_open(struct lq_host *host, struct following *f); // reads the last one
Lq__Parting **lq_partings(struct lq_host *host, size_t *count);  // all of them, in the arena
// True: a stream is being followed anew, and the command is refused.
bool lq_parting_refused(struct lq_host *host, const struct asked *asked);
