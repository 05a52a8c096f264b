// A whole Lianqin in one process and one thread: every service in the host that production runs, on
// a journal in memory; terminals, a bus and a network that loses, repeats, delays and reorders; a
// clock of its own. Everything follows from the seed.
//
// The tour: run.c (a seed's life), queue.c (what happens next), net.c (what the network does),
// bus.c, node.c (a service, its commits and crashes), terminal.c (who asks and repeats), work*.c
// (what people do), faults.c (what goes wrong), story.c (how it is told), and audit*.c, which know
// nothing of all this but the bytes on the wire and in the journals.
#pragma once

#include "base/arena.h"
#include "base/id.h"
#include "base/span.h"
#include "base/time.h"
#include "config/policy.h"
#include "law/law.h"
#include "runtime/host.h"
#include "sim/audit.h"
#include "sim/dice.h"

enum {
    SIM_NODES = 12,     // services
    SIM_TERMINALS = 28, // people with a terminal
    SIM_WAITING = 4096, // requests that the bus remembers; a power of two
};

enum sim_fault {
    SIM_LOSS = 1 << 0,    // messages are lost
    SIM_REPEAT = 1 << 1,  // messages come twice
    SIM_DELAY = 1 << 2,   // messages take seconds
    SIM_REORDER = 1 << 3, // messages overtake each other
    SIM_CUT = 1 << 4,     // a terminal's or a service's line is cut for a while
    SIM_CRASH = 1 << 5,   // services crash, on either side of a commit
    SIM_BUS = 1 << 6,     // the bus crashes and forgets its routes
    SIM_STALL = 1 << 7,   // a terminal does not read for a while
    SIM_CLOCK = 1 << 8,   // a service's clock jumps
    SIM_SLOW = 1 << 9,    // a disk takes seconds for a flush
    SIM_FAULTS = 10,
    SIM_ALL = (1 << SIM_FAULTS) - 1,
};

// The name of a fault ("loss", …), by its bit's index; NULL past the last.
const char *sim_fault_name(unsigned index);

struct sim_options {
    uint64_t seed;
    int64_t span_ms; // of simulated time
    uint32_t faults;
    bool story; // keep what happens, to be told if the run fails
    bool brief; // do not tell at all
};

struct sim;

// Whoever asks through the bus. A service that crashed and came back is another peer.
struct sim_peer {
    bool is_service;
    unsigned index;
    uint32_t life;
};

// What travels, or what is to happen later: the queue holds these.
struct sim_parcel {
    void (*arrive)(struct sim *s, struct sim_parcel *parcel); // frees nothing
    int64_t at_ms;
    uint64_t serial;
    struct sim_peer peer; // the asker
    unsigned node;        // the service that is asked
    uint32_t life;        // of that service, or of the bus
    uint64_t route;       // of the request at the bus
    uint64_t number;      // correlation, or which turn
    size_t size;
    uint8_t bytes[];
};

struct sim_queue {
    struct sim_parcel **heap;
    size_t count, room;
    uint64_t next_serial;
};

// A request that the bus has forwarded and not seen answered.
struct sim_waiting {
    uint64_t route; // 0: none
    struct sim_peer asker;
    uint64_t correlation;
    unsigned node;
};

struct sim_bus {
    bool up;
    uint32_t life;
    uint32_t registered[SIM_NODES]; // life of the service, 0: it is down
    struct sim_waiting waiting[SIM_WAITING];
    uint64_t next_route;
};

enum sim_doom { SIM_NO_DOOM, SIM_BEFORE_COMMIT, SIM_AFTER_COMMIT };

struct sim_node {
    struct sim *sim;
    const struct lq_service *service;
    unsigned index;
    struct lq_store *store;
    const struct lq_store_engine *real_engine;
    struct lq_store_engine *engine; // the real one, but for the commit
    struct lq_host *host;           // NULL: it is down
    uint32_t life;                  // 1, 2, … with each start
    int64_t skew_ms;                // of its clock
    int64_t busy_until_ms;          // the flush takes so long
    int64_t turn_at_ms;
    uint64_t turn_number;  // of the turn that is planned; earlier plans are void
    int64_t cut_until_ms;  // its line to the bus
    enum sim_doom doom;    // how the next turn that commits shall end
    unsigned doom_commits; // how many commits go well before that
    unsigned doom_answers; // how many answers still get out afterwards
    bool dead;             // in this turn: nothing becomes durable, nothing gets out
    bool committed;        // something, in this turn
    uint64_t check_at;     // how long the journal must be before its tables are checked again
};

struct sim_ask; // terminal.c

struct sim_terminal {
    unsigned index;
    const char *badge;
    uint32_t roles;
    struct sim_ask *asks; // open ones, latest first
    unsigned open;        // how many of them must be answered before it is quiet
    uint64_t next_correlation;
    uint64_t seen[SIM_NODES];                   // how far it knows each stream
    uint8_t seen_hash[SIM_NODES][LQ_HASH_SIZE]; // of the record there
    int64_t stalled_until_ms, cut_until_ms;
};

// How wild this seed is; drawn from the seed among the faults that were asked for.
struct sim_weather {
    uint32_t faults;
    unsigned loss, repeat, delay, crash, cut, bus, stall, clock, slow; // permille
    int64_t delay_ms;
};

struct sim_counts {
    uint64_t commands, accepted, rejected, refused, crashes, commits, messages, lost, repeated;
    uint64_t queries, fetches, bus_crashes, steps;
    uint64_t crashes_before, crashes_after; // of a commit
    uint64_t lull_ms;                       // of the simulated time, when nobody did anything
    uint64_t delayed, cuts, stalls, jumps, slow;
    uint64_t rebuilt; // tables made anew by a restart
};

struct sim {
    struct sim_options options;
    struct sim_dice net_dice, fault_dice, work_dice;
    struct sim_weather weather;
    bool calm; // no faults now
    int64_t start_ms, now_ms;
    struct sim_queue queue;
    struct sim_node nodes[SIM_NODES];
    unsigned node_count;
    struct sim_terminal terminals[SIM_TERMINALS];
    unsigned terminal_count;
    struct sim_bus bus;
    struct sim_work *work;
    struct audit *audit;
    struct lq_policy policy;
    const struct lq_law *law;
    struct lq_arena arena;   // of the run
    struct lq_arena scratch; // of a step
    uint64_t trace;
    struct sim_counts counts;
    bool over;
};

// ---------------------------------------------------------------- run.c

// Lives one seed from beginning to end. What is found wrong ends the process (sim_fail).
void sim_run(struct sim *s, const struct sim_options *options);
void sim_free(struct sim *s);

// ---------------------------------------------------------------- queue.c

// Plans what is to happen at that time; room for `size` bytes. Owned by the queue.
struct sim_parcel *sim_plan(struct sim *s, int64_t at_ms,
                            void (*arrive)(struct sim *, struct sim_parcel *), size_t size);
// Does the next thing; false if there is nothing.
bool sim_step(struct sim *s);
void sim_queue_free(struct sim_queue *queue);

// Folds a happening into the trace.
void sim_trace(struct sim *s, uint64_t what, struct lq_span bytes);

// ---------------------------------------------------------------- net.c

// Sends a copy of the parcel on its way; `line_cut` says that its line is cut now.
struct sim_letter {
    void (*arrive)(struct sim *s, struct sim_parcel *parcel);
    struct sim_peer peer;
    unsigned node;
    uint32_t life;
    uint64_t route, number;
    struct lq_span bytes;
    const char *what; // for the story
};
void sim_send(struct sim *s, const struct sim_letter *letter, int64_t leaves_ms);
bool sim_is_cut(const struct sim *s, struct sim_peer peer);
const char *sim_peer_name(const struct sim *s, struct sim_peer peer);

// ---------------------------------------------------------------- bus.c

void sim_bus_open(struct sim *s);
// A peer sends a request to a service; it leaves now.
void sim_bus_ask(struct sim *s, struct sim_peer asker, unsigned node, uint64_t correlation,
                 struct lq_span request, int64_t leaves_ms);
// A service answers.
void sim_bus_answer(struct sim *s, struct sim_node *node, uint64_t route, struct lq_span reply,
                    int64_t leaves_ms);
void sim_bus_register(struct sim *s, struct sim_node *node);
void sim_bus_lost(struct sim *s, struct sim_node *node); // its connection has gone
void sim_bus_crash(struct sim *s);

// ---------------------------------------------------------------- node.c

void sim_node_open(struct sim *s, struct sim_node *node, const struct lq_service *service);
void sim_node_close(struct sim_node *node);
void sim_node_crash(struct sim *s, struct sim_node *node, const char *why);
void sim_node_restart_now(struct sim *s, struct sim_node *node);
void sim_node_take(struct sim *s, struct sim_parcel *parcel); // a request arrives
void sim_node_hear(struct sim *s, struct sim_parcel *parcel); // a reply to its own request arrives
int64_t sim_node_clock(const struct sim *s, const struct sim_node *node);
void sim_node_check(struct sim_node *node);  // the service's own invariants
void sim_node_verify(struct sim_node *node); // replays the journal
unsigned sim_node_named(const struct sim *s, const char *service);

// ---------------------------------------------------------------- terminal.c

enum sim_kind { SIM_COMMAND = 4, SIM_QUERY = 5, SIM_FETCH = 6, SIM_COMMANDS = 8 };

// What became of a request. `body` is a serialized Outcome, <service>.Answer, or empty.
struct sim_answered {
    bool accepted, rejected, refused;
    const char *number; // of an accepted command
    uint64_t seq;
};

struct sim_request {
    unsigned node;
    enum sim_kind kind;
    struct lq_span body;       // a serialized Command, Commands, Query or Fetch
    const struct lq_id *after; // or NULL
    bool with_seen;
    uint32_t wait_ms; // of a fetch
    // Called once it is answered; may be NULL. The number is a tag of the caller's.
    void (*done)(struct sim *s, struct sim_terminal *t, unsigned tag, const struct sim_answered *a);
    unsigned tag;
    uint64_t sent;     // of a command of work.c: which; 0: not one of those
    unsigned commands; // of SIM_COMMANDS: how many
};
void sim_terminal_ask(struct sim *s, struct sim_terminal *t, const struct sim_request *request);
void sim_terminal_hear(struct sim *s, struct sim_parcel *parcel);
void sim_terminal_follow(struct sim *s, struct sim_terminal *t, unsigned node); // fetches for ever
void sim_terminals_free(struct sim *s);
bool sim_terminals_quiet(const struct sim *s);

// ---------------------------------------------------------------- work.c, faults.c

void sim_work_open(struct sim *s);
void sim_work_free(struct sim *s);
void sim_work_answered(struct sim *s, uint64_t sent);
void sim_weather_draw(struct sim *s);
void sim_faults_plan(struct sim *s); // of one burst of work
void sim_calm_down(struct sim *s);   // everything is mended, and nothing breaks until sim_stir_up
void sim_stir_up(struct sim *s);

// ---------------------------------------------------------------- story.c

// Adds a line to the story, if it is kept.
void sim_tell(struct sim *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define SIM_TELL(s, ...) ((s)->options.story ? sim_tell((s), __VA_ARGS__) : (void)0)

// The one message of a <service>.Command, Event … as text, for the story.
const char *sim_text(struct sim *s, const ProtobufCMessageDescriptor *type, struct lq_span bytes);

void sim_story_begin(struct sim *s); // whom sim_fail is about
