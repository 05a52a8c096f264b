// A test bed for one service: the real host on a memory store, under a clock that the test moves,
// with every reply kept. The streams that the service follows are lists of events to which the test
// adds. After each turn that wrote records the
// service's `check` looks at its tables.
//
// What goes wrong in the bed itself (a turn that fails, a reply while the transaction is open)
// fails the running cmocka test. All memory is the bed's: replies live until lq_bed_forget.
#pragma once

#include "base/id.h"
#include "journal/engine.h"
#include "runtime/host.h"
#include "service/view.h"

enum { LQ_BED_STREAMS = 12 };

// A request of the host's own that went out and is not answered yet: a Fetch of another stream.
struct lq_bed_ask {
    bool out, waits; // until there is something to tell
    uint64_t correlation, after;
    size_t hash_size; // 0: it told no hash of record `after`
    uint8_t hash[LQ_HASH_SIZE];
};

struct lq_bed_stream {
    const char *name;
    const ProtobufCMessageDescriptor *event_type;
    Lq__Event **events; // events[i] has seq i + 1
    size_t count, room;
    uint64_t parted_after, history; // behind it the hashes are of another history; 0: of the first
    struct lq_bed_ask ask;
};

struct lq_bed_reply {
    struct lq_bed_reply *next;
    struct lq_span route, bytes;
    const Lq__Reply *reply;
};

struct lq_bed {
    const struct lq_service *service;
    struct lq_store *store;
    struct lq_host *host;
    struct lq_policy policy;
    int64_t now_ms;
    uint64_t journal_map_bytes; // of the next store; 0: no limit
    const char *journal_url;    // of the next store; NULL: memory

    bool fail_commit;     // the next commit fails, as a disk may
    uint64_t checked_tip; // `check` has seen the tables up to here
    bool keep_checks_off; // for runs that are only compared
    unsigned rebuilding;  // how often the host that started last told of making the tables again
    unsigned stop_at;     // the so many-th time it is told to stop; 0: never
    struct lq_store_engine engine;
    const struct lq_store_engine *real_engine;

    struct lq_view view; // over an open transaction of the store: see lq_bed_read
    struct lq_arena arena, view_arena, policy_arena, stream_arena;
    struct lq_bed_reply *replies, **last_reply;
    unsigned reply_count;
    struct lq_bed_stream streams[LQ_BED_STREAMS];
    unsigned stream_count;
    uint64_t next_correlation, next_id;
    struct lq_bed *next; // of all that are open
};

void lq_bed_open(struct lq_bed *bed, const struct lq_service *service, int64_t now_ms);
void lq_bed_close(struct lq_bed *bed);

// The process dies and starts anew: what is not committed is lost, and all that waits.
void lq_bed_crash(struct lq_bed *bed);

// The same, and another version of the service is started on the store. It must be one that can be
// opened again, or the version must have the same tables.
void lq_bed_upgrade(struct lq_bed *bed, const struct lq_service *service);
enum lq_status lq_bed_try_upgrade(struct lq_bed *bed, const struct lq_service *service);

// ---------------------------------------------------------------- asking

struct lq_bed_command {
    const char *actor;
    uint32_t roles;
    const char *on_behalf_of, *reason; // NULL: none
    int64_t occurred_ms;               // 0: now
    const ProtobufCMessage *body;      // a <service>.Command
    struct lq_id id;                   // zeros: the next one
    const struct lq_id *after;         // NULL: none
    const char *seen_stream;           // NULL: none
    uint64_t seen_seq;
    struct lq_span seen_hash; // empty: none
};

// A command on its way: to find its reply, and to send the same bytes again.
struct lq_bed_sent {
    uint64_t correlation;
    struct lq_id id;
    struct lq_span command; // the serialized lq.Command
};

// The bytes of a command, to be sent otherwise; it has no correlation yet.
struct lq_bed_sent lq_bed_make(struct lq_bed *bed, const struct lq_bed_command *command);

// Each of these queues a request for the next turn; the reply is found by the correlation.
struct lq_bed_sent lq_bed_send(struct lq_bed *bed, const struct lq_bed_command *command);
uint64_t lq_bed_send_bytes(struct lq_bed *bed, const char *actor, uint32_t roles,
                           struct lq_span command);
uint64_t lq_bed_query(struct lq_bed *bed, const char *actor, uint32_t roles,
                      const ProtobufCMessage *query); // NULL: the runtime's own
uint64_t lq_bed_fetch(struct lq_bed *bed, const char *actor, uint32_t roles, uint64_t after,
                      uint32_t max, uint32_t wait_ms);
uint64_t lq_bed_fetch_message(struct lq_bed *bed, const char *actor, uint32_t roles,
                              const Lq__Fetch *fetch);
uint64_t lq_bed_take(struct lq_bed *bed, const char *actor, uint32_t roles, Lq__Request *request);
void lq_bed_take_bytes(struct lq_bed *bed, const char *actor, uint32_t roles,
                       struct lq_span request);

struct lq_bed_reply *lq_bed_find(struct lq_bed *bed, uint64_t correlation); // latest; NULL: none
void lq_bed_forget(struct lq_bed *bed);

// A reply to a command, taken apart. Exactly one of accepted, code and refusal is set.
struct lq_bed_outcome {
    bool accepted, repeated;
    const char *code, *text;    // of a rejection; NULL
    const Lq__Refusal *refusal; // NULL
    const char *number;
    uint64_t seq;         // the position it names
    struct lq_span bytes; // of the Outcome
};
struct lq_bed_outcome lq_bed_outcome(struct lq_bed *bed, uint64_t correlation);

// Sends, turns, and gives the outcome.
struct lq_bed_outcome lq_bed_do(struct lq_bed *bed, const struct lq_bed_command *command);

// Fails unless the reply is a refusal for that reason.
void lq_bed_assert_refused(struct lq_bed *bed, uint64_t correlation, Lq__Refusal__Why why);

// ---------------------------------------------------------------- time

void lq_bed_turn(struct lq_bed *bed);
enum lq_status lq_bed_try_turn(struct lq_bed *bed);     // the fault is the caller's to look at
void lq_bed_settle(struct lq_bed *bed);                 // turns until nothing is wanted now
void lq_bed_advance(struct lq_bed *bed, int64_t to_ms); // moves the clock on, and settles

// ---------------------------------------------------------------- followed streams

// Adds an event to a stream that the service follows, and gives its seq. It is not heard before
// lq_bed_pump.
uint64_t lq_bed_feed(struct lq_bed *bed, const char *stream, int64_t occurred_ms,
                     const ProtobufCMessage *event);

// The same with an event written out ("person_registered {…}"), which happens and is heard now.
void lq_bed_tell(struct lq_bed *bed, const char *stream, const char *event);

// Answers what the host asks for as long as there is something to tell, turning each time.
void lq_bed_pump(struct lq_bed *bed);

// Answers the Fetch that is out for the stream with the events of first..last, whatever it asked
// for; does not turn.
void lq_bed_hear(struct lq_bed *bed, const char *stream, uint64_t first, uint64_t last);

// The stream's journal was put back from a copy that ends at this record, and goes on from there on
// another way: who fetches from behind it is refused (DIVERGED).
void lq_bed_part(struct lq_bed *bed, const char *stream, uint64_t after);

// The hash that record `seq` of a followed stream has, as the bed tells it of its first history.
void lq_bed_stream_hash(const char *stream, uint64_t seq, uint8_t out[LQ_HASH_SIZE]);
struct lq_bed_stream *lq_bed_stream(struct lq_bed *bed, const char *name); // NULL: not followed

// ---------------------------------------------------------------- looking

// The id in the store of a table of the service or of the runtime ("runtime.cursors").
unsigned lq_bed_table(const struct lq_bed *bed, const char *name);

// The service's tables in a read transaction, which lq_bed_end_read ends.
struct lq_view *lq_bed_read(struct lq_bed *bed);
void lq_bed_end_read(struct lq_bed *bed);

uint64_t lq_bed_tip(struct lq_bed *bed);

// The hash of a record of the bed's own journal.
void lq_bed_record_hash(struct lq_bed *bed, uint64_t seq, uint8_t out[LQ_HASH_SIZE]);

// The record, owned by the bed's arena.
const Lq__Record *lq_bed_record(struct lq_bed *bed, uint64_t seq);

// Its event, decoded, or NULL if it has none.
const ProtobufCMessage *lq_bed_event(struct lq_bed *bed, const Lq__Record *record);

bool lq_bed_has_timer(struct lq_bed *bed, int64_t due_ms);
bool lq_bed_first_timer(struct lq_bed *bed, int64_t *due_ms); // false: none is set

// A hash of the journal and of all tables but the cursors: equal digests, equal state.
struct lq_bed_digest {
    uint8_t bytes[LQ_HASH_SIZE];
};
struct lq_bed_digest lq_bed_digest(struct lq_bed *bed);
void lq_bed_assert_digest(struct lq_bed *bed, struct lq_bed_digest expected);

// Forgets how far other streams were followed, as a restored backup of the table would.
void lq_bed_lose_cursors(struct lq_bed *bed);
