// The contract between a service and the runtime that hosts it.
//
// A service is a pure state machine: `decide` reads its own tables and the facts and produces
// events or one rejection; `apply` writes its own tables from an event, and nothing else. A
// service has no clock, no random numbers, no files, no sockets, no floating point: all that it
// may know comes in through this header. That is what makes the live system and the replay the
// same code. (The build refuses a service whose library uses more: cmake/LianqinPure.cmake.)
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/message.h"
#include "base/time.h"
#include "envelope.pb-c.h"
#include "service/roles.h"
#include "service/steps.h"
#include "service/tables.h"

struct lq_law;    // law/law.h: the terms that statutes set
struct lq_policy; // config/policy.h: what the county may choose
struct lq_thing;  // rules/things.h: what can be corrected and voided
struct lq_told;   // rules/reading.h: what an asker is told that is not for everybody
struct lq_service;
struct Rules__Clock; // rules.proto
struct Rules__ClockRang;

// ---------------------------------------------------------------- what a decision may know

struct lq_facts {
    int64_t now_ms;           // when the service received the command
    int64_t occurred_ms;      // when it happened, as the sender says; never after now_ms
    const char *actor;        // badge of the person whose key signed on
    uint32_t roles;           // that person's roles, LQ_ROLE(...) bits
    const char *principal;    // whose act it is: the person acted for, else the actor
    const char *on_behalf_of; // badge or ""
    const char *reason;       // or ""
    const struct lq_law *law;
    const struct lq_policy *policy;
};

// From this number on the members of <service>.Command, Event, Query and Answer are those of
// rules.proto, the same in every service.
enum { LQ_BODY_RULES = 39 };

// Where an event has terms: the member of <service>.Event beside its oneof, repeated rules.Clock.
enum { LQ_EVENT_CLOCKS = 50, LQ_CLOCKS_PER_EVENT = 64 };

// The course of one command through `decide`. The arena lives as long as the batch.
struct lq_decision {
    const struct lq_service *service;
    const struct lq_facts *facts;
    struct lq_view *view;
    struct lq_arena *arena;
    struct lq_emitted *emitted; // the runtime's

    // The terms that go with the next event, in one record with it (rules/clocks.h).
    const ProtobufCMessage *clocks[LQ_CLOCKS_PER_EVENT];
    unsigned clock_count;
};

// Rejections are values, not errors. LQ_ACCEPT is none.
struct lq_verdict {
    int code; // 0; a member of the service's Reject enum; or LQ_REJECT_COMMON and one of lq.Reject
    const struct lq_message *why;
};

#define LQ_ACCEPT ((struct lq_verdict){0})

// The code of a rejection that every service has alike: a member of the envelope's Reject enum, and
// so much more. lq_reject(d, LQ_COMMON(CHANGED_SINCE), …)
enum { LQ_REJECT_COMMON = 1000 };
#define LQ_COMMON(code) (LQ_REJECT_COMMON + (int)LQ__REJECT__##code)

// Says no, with a sentence for the user, in English: the terminals translate it (po/zh_CN.po).
// return lq_reject(d, CASEFILE__REJECT__CASE_CLOSED, "case %s is closed", …);
struct lq_verdict lq_reject(struct lq_decision *d, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct lq_verdict lq_vreject(struct lq_arena *arena, int code, const char *format,
                             va_list arguments) __attribute__((format(printf, 3, 0)));

// Emits an event: the member of <service>.Event with that number, set to the message
// (`lq_emit(d, OVERSIGHT__EVENT__BODY_MEETING_RECORDED, &meeting.base)`); it is serialized at once.
// A command emits at most LQ_EVENTS_PER_COMMAND events of at most LQ_EVENT_BYTES; each happened at
// facts->occurred_ms unless said otherwise.
enum { LQ_EVENTS_PER_COMMAND = 1024, LQ_EVENT_BYTES = 128 * 1024 };
void lq_emit(struct lq_decision *d, unsigned variant, const ProtobufCMessage *message);
void lq_emit_at(struct lq_decision *d, int64_t occurred_ms, unsigned variant,
                const ProtobufCMessage *message);

// The official number that the reply names (copied).
void lq_number(struct lq_decision *d, const char *number);

// ---------------------------------------------------------------- what an event carries

// What is known of a record besides its event.
struct lq_occurrence {
    const struct lq_service *service; // in `apply`: whose tables these are
    const char *stream;
    uint64_t seq;
    // Of a followed stream whose history parted from the one that was followed, behind that: this
    // service's record of it. A number beyond names another record than it did before. Else 0.
    uint64_t history;
    int64_t recorded_ms;
    int64_t occurred_ms;
    const char *actor;
    const char *on_behalf_of;
    const char *reason;
};

// Who entered what this event says, for a part of a row that has the member `entered` itself, and
// for a row that is to say it anew; the tables put it into new rows by themselves
// (service/trail.h). In `apply`, in its arena; NULL for what is kept of another's.
typedef struct Rules__Entered Rules__Entered;
Rules__Entered *lq_entered(struct lq_view *tables);

// How an event, or what is kept of another's, changes the tables.
typedef void lq_apply_fn(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event);

// ---------------------------------------------------------------- following others

// A replica: what a service keeps of another's stream, so that it can decide by it. The service
// that owns the stream declares what can be kept (services/shift/replica/roster.h), its followers
// name it in their contract, and the runtime does the rest: what `note` makes of an event is
// recorded in the follower's own journal, as the member `event` of its Event, and applied from
// there, so that a stream can be replayed alone (docs/decisions/0004).
//
// The owner may itself follow this service, so that its messages cannot be imported. Then the event
// type is one of the follower's own, and partial: members of the owner's Event under the same names
// and numbers, and of each the fields that are needed. Events of other members are skipped.
struct lq_replica {
    const char *stream;
    const ProtobufCMessageDescriptor *event_type; // of that stream
    bool partial;                                 // a part of it
    const char *event;                            // "person_noted"
    const struct lq_table *const *tables;         // that it is kept in; ends with NULL

    // What is to be kept of the stream's event, in the arena or borrowed from it; NULL: nothing.
    const ProtobufCMessage *(*note)(struct lq_arena *arena, const void *event);
    lq_apply_fn *apply; // the occurrence is that of the note in the follower's own stream
};

// What `react` and timers produce: commands that this service gives itself. They are decided as
// everybody's are, with the actor "@<service>" and the role SERVICE. Their ids derive from what
// caused them, so that a repeat has no second effect.
struct lq_follow_up {
    const ProtobufCMessageDescriptor *command_type; // of this service
    struct lq_view *view;
    struct lq_arena *arena;
    struct lq_orders *orders; // the runtime's
};

// Gives a command that happened at occurred_ms: the member of <service>.Command with that number.
void lq_command_self(struct lq_follow_up *f, int64_t occurred_ms, unsigned variant,
                     const ProtobufCMessage *message);

// One row an event of another's stream to which this service reacts with commands to itself. It
// sees each such event once and in order; the handler gets the member of the oneof.
typedef void lq_react_fn(struct lq_follow_up *f, const struct lq_occurrence *what,
                         const void *event);
struct lq_follow_row {
    const char *stream;
    const ProtobufCMessageDescriptor *event_type; // of that stream
    unsigned variant;
    lq_react_fn *react;
    bool partial; // the event type is one of this service's own: see struct lq_replica
};

// A followed stream has another history than was followed, behind a record that both have, and an
// administrator has accepted the one that it has now (docs/decisions/0027). The runtime puts the
// replicas back to what they were then, and follows on from there. What the service made by
// commands to itself it takes back by others, before that: the handler gets each event that it has
// recorded since then, the last first. It sees what it has taken back already, if the stream parts
// a second time.
struct lq_parting {
    const char *stream;
    uint64_t after; // the last record that both have
    int64_t at_ms;  // when it was accepted
};
typedef void lq_take_back_fn(struct lq_follow_up *f, const struct lq_parting *parting,
                             const struct lq_occurrence *what, const void *event);

// ---------------------------------------------------------------- questions

struct lq_reading {
    const struct lq_service *service;
    struct lq_view *view;   // a snapshot of committed state
    struct lq_arena *arena; // the answer may point into it
    const char *actor;
    uint32_t roles;
    int64_t now_ms;
    const struct lq_law *law;
    const struct lq_policy *policy;
    struct lq_next *next; // the runtime's
    struct lq_told *told; // NULL: the service has nothing that is not for everybody
};

// Tells with the answer which steps of the table the thing (or the part of it) called `of` may take
// in its state, and who may. `row` is what the table's conditions look at.
void lq_next(struct lq_reading *r, const struct lq_steps *steps, int state, const char *of,
             const void *row);

// ---------------------------------------------------------------- handlers

// Handlers get the member of the oneof that their row names, already decoded: a handler of
// record_meeting begins with `const Oversight__RecordMeeting *c = command;`.

typedef struct lq_verdict lq_decide_fn(struct lq_decision *d, const void *command);
typedef void lq_clock_people_fn(struct lq_decision *d, const struct Rules__Clock *clock,
                                struct Rules__ClockRang *rang);

// What papers call something by: how a form says so ("person officer_1"), and what it is called as
// of then; NULL: not known.
struct lq_paper_name {
    const char *as;
    const char *(*name)(struct lq_view *view, const char *number, int64_t at_ms);
};
typedef void lq_query_fn(struct lq_reading *r, const void *query, void *answer);
typedef void lq_timer_fn(struct lq_follow_up *f, int64_t due_ms, const char *name);

// One row a command: who may give it in his own name, who in the name of one who may (with a
// reason), and what decides it.
struct lq_command_row {
    unsigned variant; // the member's number in the oneof `body`
    uint32_t who, behalf;
    lq_decide_fn *decide;
};

// One row an event: how it changes the tables. A recorded fact cannot be refused. Where all that it
// does is to bring a thing into a table, the row names the table instead of a handler (lq_keep).
struct lq_event_row {
    unsigned variant;
    lq_apply_fn *apply;
    const struct lq_table *keeps;
    const char *of; // the kind of the thing whose personal fields the event has; NULL: it has none
};

// One row a query. The answer is the member of Answer that has the query's number; the runtime
// makes it, empty, and the handler fills it. A plain list of a table's rows names the table instead
// (service/list.h).
struct lq_query_row {
    unsigned variant;
    uint32_t who;
    lq_query_fn *answer;
    const struct lq_table *lists;
};

// One row for all timers whose names begin with the prefix; the handler gets the rest of the name
// (borrowed).
struct lq_timer_row {
    const char *prefix;
    lq_timer_fn *due;
};

// One row a table whose rows are parts of the rows of another: what is done with them is told as
// the other's, too (service/trail.h).
struct lq_part {
    const struct lq_table *table, *of;
    const char *by; // the field that names the other row; NULL: the first part of the key does
};

// One row a table whose rows are of premises (场所): all that was recorded of premises is found by
// it (service/trail.h). Not for what is part of such a row: that is found with it.
struct lq_at_premises {
    const struct lq_table *table;
    const char *field; // the one that names them; NULL: the first part of the key does
};

// ---------------------------------------------------------------- the service

struct lq_service {
    const char *name;

    // Each of the first four is a message with one oneof named `body`, whose members are messages.
    const ProtobufCMessageDescriptor *command_type, *event_type, *query_type, *answer_type;
    const ProtobufCEnumDescriptor *reject_codes; // the service's rejections

    // A row for every member of each oneof, but for the events of replicas. All end with {0}.
    const struct lq_command_row *commands;
    const struct lq_event_row *events;
    const struct lq_query_row *queries;
    const struct lq_timer_row *timers; // NULL: it sets none

    // Its tables, beside those that rows of events keep; ends with NULL; NULL: no others.
    const struct lq_table *const *tables;
    const struct lq_replica *const *replicas; // of others; ends with NULL; NULL: none
    const struct lq_follow_row *follows;      // ends with {0}; NULL: none
    lq_take_back_fn *take_back;               // who has rows of `follows` has it

    // Raised when `apply` makes other rows, keys or timers of the same events. That there is
    // another table, or that a row has another shape, the runtime sees by itself
    // (runtime/version.c).
    unsigned tables_version;

    const struct lq_steps *const *steps;      // of its entities; ends with NULL; NULL: none
    const struct lq_thing *things;            // that can be corrected; ends with {0}; NULL: none
    const struct lq_part *parts;              // ends with {0}; NULL: none
    const struct lq_at_premises *at_premises; // ends with {0}; NULL: none

    // May this person fetch this event? NULL: everybody on the bus may.
    bool (*visible)(struct lq_view *view, const void *event, const char *actor, uint32_t roles);

    // The roles that the person held then as far as this service knows; 0 for an unknown person.
    // Needed where a row lets somebody act on behalf of another; NULL: nobody is asked.
    uint32_t (*roles_of)(struct lq_view *view, const char *badge, int64_t at_ms);

    // To whom a mark of a term is told, by name, and who or what is still awaited; NULL: it knows
    // no names.
    lq_clock_people_fn *clock_people;

    // Kinds that have terms and are no things: "rota". Terms of all others are of things of that
    // kind, so that whoever sees one can name it. Ends with NULL; NULL: none.
    const char *const *clock_kinds;

    const struct lq_paper_name *paper_names; // ends with {0}; NULL: it knows no names

    // Aborts if an invariant of the tables does not hold.
    void (*check)(struct lq_view *view);
};

// The parts of the contract that are called the same everywhere: the service's messages, and the
// arrays `commands`, `events` and `queries` of the file.
#define LQ_SERVICE(service)                                                                        \
    .name = #service, .command_type = &service##__command__descriptor,                             \
    .event_type = &service##__event__descriptor, .query_type = &service##__query__descriptor,      \
    .answer_type = &service##__answer__descriptor, .reject_codes = &service##__reject__descriptor, \
    .commands = commands, .events = events, .queries = queries

// Have its events terms? Does it keep papers (rules/papers.h)?
bool lq_has_clocks(const struct lq_service *service);
bool lq_has_papers(const struct lq_service *service);

// The rows of a variant; NULL if there is none.
const struct lq_command_row *lq_command_row(const struct lq_service *service, unsigned variant);
const struct lq_event_row *lq_event_row(const struct lq_service *service, unsigned variant);
const struct lq_query_row *lq_query_row(const struct lq_service *service, unsigned variant);

// The streams that a service follows, for replicas or to react, each once; gives their number.
enum { LQ_STREAMS_MAX = 16, LQ_TABLES_MAX = 48 };
struct lq_stream {
    const char *name;
    const ProtobufCMessageDescriptor *event_type;
    bool partial; // of its events those that the type does not name are skipped
};
unsigned lq_service_streams(const struct lq_service *service,
                            struct lq_stream streams[LQ_STREAMS_MAX]);

// Its tables, and those of its replicas; gives their number.
unsigned lq_service_tables(const struct lq_service *service,
                           const struct lq_table *tables[LQ_TABLES_MAX]);

// What its rows are parts of; NULL: of nothing.
const struct lq_part *lq_part_of(const struct lq_service *service, const struct lq_table *table);

// Every service that this build knows, in order of dependence; ends with NULL. Made by CMake from
// the lq_add_service lines.
extern const struct lq_service *const lq_services[];
const struct lq_service *lq_service_named(const char *name); // NULL if there is none
