// What the parts of the host share. Only this folder includes it.
#pragma once

#include "runtime/host.h"

#include "base/bytes.h"
#include "base/id.h"
#include "runtime/following.h"
#include "service/decision.h"
#include "service/view.h"

// The runtime's own tables in the store; the service's follow.
enum {
    TABLE_DEDUPE,      // command id -> seq of the command's last record
    TABLE_CURSORS,     // stream -> how far it is followed (cursor.c)
    TABLE_TIMERS,      // due (8 bytes), name -> nothing
    TABLE_TIMER_NAMES, // name -> due
    TABLE_VERSION,     // "tables" -> which version made the others (version.c)
    TABLE_MARKS,       // stream, seq -> that it was followed so far (marks.c)
    TABLE_PARTINGS,    // stream, seq of ours -> Parting (parting.c)
    RUNTIME_TABLES,
};

enum { ACTOR_TEXT = 72 };

// A request that waits: for the batch, for a position, or for the next event.
struct waiting {
    struct waiting *next;
    int64_t since_ms; // steady; -1: not looked at yet
    char actor[ACTOR_TEXT];
    uint32_t roles;
    size_t route_size, size;
    uint8_t bytes[]; // route, request
};

struct queue {
    struct waiting *first, **last;
    unsigned count;
};

// A decoded request; lives in the step's arena. One of several commands is handled as if it had
// come alone, but that its reply is gathered.
struct asked {
    struct lq_caller caller;
    const Lq__Request *request;
    struct lq_span command;  // the bytes of the command that is being handled
    Lq__Outcomes *gathering; // NULL: a reply of its own
};

// A fetch that waits for events: what is left of it.
struct parked_fetch {
    struct parked_fetch *next;
    uint64_t correlation, after;
    uint32_t max, roles;
    bool unread;
    int64_t until_ms; // steady
    size_t route_size;
    char actor[ACTOR_TEXT];
    uint8_t route[];
};

// A record, decoded for fetches.
struct news_item {
    const Lq__Record *record;
    const void *event; // NULL: nothing that anybody could see
    size_t size;       // of the record's bytes
};

// The last records, decoded once for all fetches that wait for them.
struct news {
    struct lq_arena arena;
    uint64_t after; // items[i] is record after + 1 + i
    size_t count;   // 0: none are at hand
    struct news_item *items;
};

struct prepared_reply {
    struct prepared_reply *next;
    struct lq_span route, reply;
};

// An answer that tells what is not for everybody: it goes out when that is recorded (readings.c).
struct held_answer {
    struct held_answer *next;
    uint64_t correlation;
    char actor[ACTOR_TEXT];
    struct lq_span route, reply, event; // of the same piece of memory
    uint8_t bytes[];
};

// How fast the journal has grown.
struct lq_growth {
    uint64_t bytes; // a day
    unsigned days;  // 0: there is no telling yet
};

struct decided;

struct lq_host {
    const struct lq_service *service;
    const struct lq_table *tables[LQ_TABLES_MAX]; // the service's, in the order of the store's
    unsigned table_count;
    struct lq_store *store;
    struct lq_store *journal; // whose records are applied: the store, but where another is verified
    const struct lq_policy *policy;
    const struct lq_law *law;
    struct lq_host_io io;
    int64_t started_ms;

    struct lq_arena arena; // of the step
    struct lq_view view;
    enum lq_status fault; // sticky within a step: a table write that failed
    int64_t now_ms;       // of the step: wall time, for facts and timers
    int64_t steady_ms;    // of the step: never goes back, for how long something has waited
    int64_t clock_off_ms; // now_ms is not what it must be, but so much later; 0: it is right
    bool clock_confirmed; // since the shell asked
    int64_t recorded_ms;  // when the last record was written; 0: there is none

    struct lq_store_disk disk; // as it was at the beginning of the step
    int64_t held_until_ms;     // steady: no write before, since the last found no room; 0: none
    struct lq_growth growth;   // as it was at growth_ms
    int64_t growth_ms;         // steady; -1: not known yet

    uint64_t tip; // with tip_hash: of the open transaction, else of committed state
    uint8_t tip_hash[HASH_SIZE];
    bool writing; // a write transaction is open
    bool dirty;   // and something was written in it

    struct queue queue;  // for the next step
    struct queue parked; // until a followed stream has caught up
    struct queue later;  // queries and fetches of this step, answered after the commit
    struct parked_fetch *fetches;
    struct news news;     // while parked fetches are looked at
    Lq__Event **gathered; // room for policy->fetch_max, used by one fetch at a time
    struct prepared_reply *replies, **last_reply; // of this step, sent after the commit
    struct held_answer *held, **last_held;
    size_t held_bytes;
    struct following following[LQ_STREAMS_MAX];
    unsigned follow_count;
    uint64_t next_correlation;
    struct lq_emitted emitted;
    struct lq_orders orders;
    const char *firing; // the timer whose command is being decided, or NULL
    struct lq_host_counts counts;
};

// ---------------------------------------------------------------- view.c

extern const struct lq_view_ops lq_host_view_ops; // self is the host
void lq_host_put(struct lq_host *host, unsigned table, struct lq_span key, struct lq_span value);
void lq_host_delete(struct lq_host *host, unsigned table, struct lq_span key);

// ---------------------------------------------------------------- facts.c

// What is rejected before the service is asked, whatever it is: on whose behalf, and when.
struct lq_verdict lq_facts_check(struct lq_host *host, const struct lq_command_row *row,
                                 const struct lq_facts *facts, int64_t said_to_occur_ms);

// ---------------------------------------------------------------- batch.c

// Opens the write transaction of the step if none is open.
LQ_MUST_CHECK enum lq_status lq_host_begin(struct lq_host *host);

// Decides a person's command, or several; the reply is prepared, to be sent after the commit.
LQ_MUST_CHECK enum lq_status lq_batch_request(struct lq_host *host, const struct asked *asked);

// Decides a command that the service gives itself.
LQ_MUST_CHECK enum lq_status lq_batch_self(struct lq_host *host, struct lq_id id,
                                           const struct lq_self_command *command);

// Records what a replica keeps of a followed stream's event.
LQ_MUST_CHECK enum lq_status lq_batch_note(struct lq_host *host, struct lq_id id,
                                           int64_t occurred_ms, const struct lq_replica *replica,
                                           const ProtobufCMessage *note);

// ---------------------------------------------------------------- facts.c

bool lq_acts_for_other(const struct asked *asked, const Lq__Command *envelope);
struct lq_facts lq_facts_of(struct lq_host *host, const struct asked *asked,
                            const Lq__Command *envelope);
struct lq_facts lq_facts_own(struct lq_host *host, int64_t occurred_ms);

// What holds for every service alike, before its own rules are asked.
struct lq_verdict lq_facts_check(struct lq_host *host, const struct lq_command_row *row,
                                 const struct lq_facts *facts, int64_t said_to_occur_ms);
struct lq_verdict lq_reject_by_runtime(struct lq_host *host, Lq__Reject code, const char *format,
                                       ...) __attribute__((format(printf, 3, 4)));

// ---------------------------------------------------------------- confirm.c

// True if the clock has leapt; then the command is refused.
bool lq_clock_refused(struct lq_host *host, const struct asked *asked);
Lq__ClockLeap *lq_clock_told(struct lq_host *host); // NULL: it is right

struct lq_verdict lq_clock_confirm(struct lq_host *host);

// ---------------------------------------------------------------- runtime_command.c

// Who may give a command to the runtime; NULL: there is none of that number.
const struct lq_command_row *lq_runtime_row(unsigned variant);
// Decides it, as the services decide theirs; false: it is refused, and nothing is recorded.
bool lq_runtime_decide(struct lq_host *host, const struct asked *asked,
                       const struct lq_facts *facts, const Lq__RuntimeCommand *command,
                       struct decided *decided);

// ---------------------------------------------------------------- record.c

// The way a command leaves its records: one for each event, the last with the outcome.
struct decided {
    struct lq_id id;
    uint8_t request_hash[HASH_SIZE];
    const struct lq_facts *facts;
    struct lq_verdict verdict;
    const Lq__RuntimeEvent *runtime; // NULL: the runtime itself has decided nothing
};

// Appends the records of a decided command, applies its events, and remembers the id. Gives the
// outcome's bytes (in the arena).
LQ_MUST_CHECK enum lq_status lq_record_decided(struct lq_host *host, const struct decided *decided,
                                               struct lq_span *outcome);

// Appends the record of what somebody was told: an event that no command made.
LQ_MUST_CHECK enum lq_status lq_record_reading(struct lq_host *host, const char *reader,
                                               struct lq_span event);

// Appends the record of a timer that fired and had nothing to do.
LQ_MUST_CHECK enum lq_status lq_record_idle_timer(struct lq_host *host, const char *name);

// Does to the tables what the record says: its event, its command id, its timer. Used live and by
// replay alike.
LQ_MUST_CHECK enum lq_status lq_record_apply(struct lq_host *host, const Lq__Record *record);

// Has it an event of the service's, or one of the runtime's?
static inline bool lq_record_has_event(const Lq__Record *record)
{
    return record->event.len > 0 && !record->by_runtime;
}

// Its event, which it has, in the arena.
LQ_MUST_CHECK enum lq_status lq_record_event(struct lq_host *host, const Lq__Record *record,
                                             const ProtobufCMessage **event);
// Whose note the event is; NULL: it is none, but the service's own.
const struct lq_replica *lq_replica_of(const struct lq_service *service,
                                       const ProtobufCMessage *event);

// Is its event one that this version understands, if it has one?
LQ_MUST_CHECK enum lq_status lq_record_check_event(struct lq_host *host, const Lq__Record *record);

// hash(n) from hash(n-1) and the record's bytes.
void lq_record_hash(const uint8_t before[HASH_SIZE], struct lq_span record, uint8_t out[HASH_SIZE]);

// The last record of the command with that id, where its outcome and the hash of its request are;
// 0 if there was no such command.
uint64_t lq_remembered(struct lq_host *host, struct lq_id id);
void lq_remember(struct lq_host *host, struct lq_id id, uint64_t seq);

// The record's occurrence, as `apply` and `react` see it.
struct lq_occurrence lq_occurrence_of(const struct lq_service *service, const Lq__Record *record);

// ---------------------------------------------------------------- replay.c, rebuild.c, version.c

// How far a journal was read, from its beginning.
struct lq_replayed {
    uint64_t records, events, bytes;
    uint8_t tip_hash[HASH_SIZE];
};

// Is told after each commit of a replay; answers false to stop. NULL: nobody is.
struct replay_watch {
    bool (*tell)(void *self, uint64_t done, uint64_t of);
    void *self;
};

// Reads the next record, in a transaction of the store, and checks chain and number.
LQ_MUST_CHECK enum lq_status lq_replay_read(struct lq_host *host, struct lq_store *store,
                                            struct lq_replayed *at, const Lq__Record **record);

// Applies the records of `store` up to tip to the host's tables, and commits them.
LQ_MUST_CHECK enum lq_status lq_replay(struct lq_host *host, struct lq_store *store, uint64_t tip,
                                       struct replay_watch watch, struct lq_replayed *at);

// Commits what was written to the tables alone: no turn, nothing to be told.
LQ_MUST_CHECK enum lq_status lq_replay_commit(struct lq_host *host);

// Makes the tables of the host's store again from its journal. Outside a transaction.
LQ_MUST_CHECK enum lq_status lq_rebuild(struct lq_host *host);

// Who made the tables of the store; in a transaction.
enum version { VERSION_OURS, VERSION_OTHER, VERSION_ALTERED }; // other: or nobody to the end
enum version lq_version_of(const struct lq_service *service, struct lq_store *store);
void lq_version_put(struct lq_host *host); // says that we did

// ---------------------------------------------------------------- room.c

// Is there no room for commands: in the journal's map, on its disk, or because a write has just
// failed for want of it? People's commands stop at the limit; what the service does by itself goes
// on until the map is FULL_BEYOND percent fuller, or the disk has half as much free, so that
// following and timers keep up with what was accepted.
enum { FULL_BEYOND = 10 };
bool lq_host_is_full(const struct lq_host *host, int64_t beyond_percent);

// Looks at the disk; once a step, since others write there too.
void lq_room_look(struct lq_host *host);

// False if there is none for commands, and the refusal is prepared.
bool lq_has_room(struct lq_host *host, const struct asked *asked);

// The refusal that commands get now; NULL: there is room for them. In the arena.
Lq__Refusal *lq_room_refusal(struct lq_host *host);

// When to look again, where there is none: the disk has room again without anybody telling us.
int64_t lq_room_wake_ms(const struct lq_host *host, int64_t otherwise); // steady

// ---------------------------------------------------------------- growth.c

// By the records of the last days, and what records take on average. In a read transaction.
struct lq_growth lq_growth_of(struct lq_host *host);

// ---------------------------------------------------------------- reply.c

// Makes a refusal, in the arena.
Lq__Refusal *lq_refusal_new(struct lq_host *host, Lq__Refusal__Why why, const char *format,
                            va_list arguments) __attribute__((format(printf, 3, 0)));
void lq_reply_refused(struct lq_host *host, const struct asked *asked, Lq__Refusal *refusal);

// Where `asked` gathers, these two add to what it gathers instead.
void lq_reply_outcome(struct lq_host *host, const struct asked *asked, struct lq_span outcome,
                      const uint8_t hash[HASH_SIZE], bool repeated); // of the outcome's record
// A service's name as a sentence tells it to people, where the format writes it %-s.
const char *lq_service_said(struct lq_host *host, const char *service);
void lq_reply_refusal(struct lq_host *host, const struct asked *asked, Lq__Refusal__Why why,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
void lq_reply_outcomes(struct lq_host *host, const struct asked *asked, Lq__Outcomes *outcomes);
void lq_reply_message(struct lq_host *host, struct lq_span route, Lq__Reply *reply);

// Sends what was prepared.
void lq_reply_flush(struct lq_host *host);

// ---------------------------------------------------------------- host.c

// Sends what was prepared and empties the step's arena.
void lq_host_say(struct lq_host *host);

// Commits the open write transaction, if there is one.
LQ_MUST_CHECK enum lq_status lq_host_commit(struct lq_host *host);

// ---------------------------------------------------------------- readings.c

struct lq_told;

// Sends the reply, as lq_reply_message does, or holds it back if something is told in it that is
// not for everybody: `what` was asked, and of events, from record `first` to `last` (else 0).
struct told_of {
    const char *what;
    uint64_t first, last;
};
void lq_reply_told(struct lq_host *host, struct lq_span route, Lq__Reply *reply,
                   const struct lq_told *told, struct told_of of);

// Are there so many that they should be recorded before more is answered?
bool lq_readings_many(const struct lq_host *host);

// Records who reads what is held, in one commit, and sends it; where nothing can be written, all
// that asked are refused. Outside a transaction. Does nothing where nothing is held.
LQ_MUST_CHECK enum lq_status lq_readings_record(struct lq_host *host);
void lq_readings_free(struct lq_host *host);

// ---------------------------------------------------------------- ask.c, fetch.c

void lq_ask_query(struct lq_host *host, const struct asked *asked);
void lq_fetch_start(struct lq_host *host, const struct asked *asked);
void lq_fetch_wake(struct lq_host *host); // after a commit, and when one has waited long enough
void lq_fetch_free(struct lq_host *host);
int64_t lq_fetch_wake_ms(const struct lq_host *host, int64_t otherwise); // steady

// ---------------------------------------------------------------- diverged.c

// The hash of a record up to the tip (of 0: zeros), until the next write. Within a transaction.
const uint8_t *lq_hash_at(struct lq_host *host, uint64_t seq);

// True if it was refused: the asker remembers another history than this journal has. The first of
// what a sender has seen says what is known without reading the journal; the second reads it, and
// is, as that of a fetch, asked within a transaction.
bool lq_seen_refused(struct lq_host *host, const struct asked *asked);
bool lq_seen_differs(struct lq_host *host, const struct asked *asked);
bool lq_fetch_diverges(struct lq_host *host, const struct asked *asked, const Lq__Fetch *fetch);

// ---------------------------------------------------------------- timers.c

LQ_MUST_CHECK enum lq_status lq_timers_work(struct lq_host *host);        // in the batch
int64_t lq_timers_wake_ms(const struct lq_host *host, int64_t otherwise); // wall
void lq_timer_put(struct lq_host *host, const char *name, int64_t due_ms);
void lq_timer_drop(struct lq_host *host, const char *name);

// ---------------------------------------------------------------- queue.c

void lq_queue_add(struct queue *queue, const struct lq_caller *caller, struct lq_span request);
void lq_queue_append(struct queue *queue, struct waiting *waiting);
struct waiting *lq_queue_take(struct queue *queue); // NULL: empty; the caller frees it
void lq_queue_free(struct queue *queue);
