// The contract between a service and the runtime that hosts it.
//
// A service is a pure state machine: `decide` reads its own tables and the facts and produces
// events or one rejection; `apply` writes its own tables from an event, and nothing else. A
// service has no clock, no random numbers, no files, no sockets, no floating point: all that it
// may know comes in through this header. That is what makes the live system, the replay and the
// simulator the same code. (tests/contract checks it for every service; the build
// refuses a service whose library uses more: cmake/LianqinPure.cmake.)
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/assert.h"
#include "base/time.h"
#include "envelope.pb-c.h"
#include "service/rules.h"
#include "service/tables.h"

struct lq_law; // law/law.h: the terms that statutes set

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
};

// The course of one command through `decide`. The arena lives as long as the batch.
struct lq_decision {
    const ProtobufCMessageDescriptor *event_type; // of this service
    const struct lq_facts *facts;
    struct lq_view *view;
    struct lq_arena *arena;
    struct lq_emitted *emitted; // the runtime's
};

// Rejections are values, not errors. LQ_ACCEPT is none.
struct lq_verdict {
    int code; // 0, or a member of the service's Reject enum
    const char *text;
};

#define LQ_ACCEPT ((struct lq_verdict){0})

// Says no, with words for the user: return lq_reject(d, CASEFILE__REJECT__CASE_CLOSED, "…", …);
struct lq_verdict lq_reject(struct lq_decision *d, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Emits an event (a <service>.Event); it is serialized at once. A command emits at most
// LQ_EVENTS_PER_COMMAND events of at most LQ_EVENT_BYTES; each happened at facts->occurred_ms
// unless said otherwise.
enum { LQ_EVENTS_PER_COMMAND = 256, LQ_EVENT_BYTES = 128 * 1024 };
void lq_emit(struct lq_decision *d, const ProtobufCMessage *event);
void lq_emit_at(struct lq_decision *d, int64_t occurred_ms, const ProtobufCMessage *event);

// Takes a note over as a fact: emits the event whose member of that name is the message
// ("person_noted"). The streams that are followed hold nothing that could not be kept; a note whose
// key is missing or longer than an identifier can only be a mistake, and is rejected with `code`.
struct lq_verdict lq_take_note(struct lq_decision *d, int code, const char *key, const char *member,
                               const ProtobufCMessage *message);

// The official number that the reply names (copied).
void lq_number(struct lq_decision *d, const char *number);

// ---------------------------------------------------------------- what an event carries

// What is known of a record besides its event.
struct lq_occurrence {
    const char *stream;
    uint64_t seq;
    int64_t recorded_ms;
    int64_t occurred_ms;
    const char *actor;
    const char *on_behalf_of;
    const char *reason;
};

// ---------------------------------------------------------------- commands to myself

// What `react` and `due` produce: commands that this service gives itself. They pass through
// `decide` as everybody's do, with the actor "@<service>" and the role SERVICE. Their ids derive
// from what caused them, so that a repeat has no second effect.
struct lq_follow_up {
    const ProtobufCMessageDescriptor *command_type; // of this service
    struct lq_view *view;
    struct lq_arena *arena;
    struct lq_orders *orders; // the runtime's
};

// Gives a command (a <service>.Command) that happened at occurred_ms.
void lq_command_self(struct lq_follow_up *f, int64_t occurred_ms, const ProtobufCMessage *command);

// Gives the command whose member of that name is the message ("note_person"): for what several
// services take over alike.
void lq_note_self(struct lq_follow_up *f, int64_t occurred_ms, const char *member,
                  const ProtobufCMessage *message);

// Another service's stream that this one follows. `react` sees each of its events once and in
// order.
struct lq_follow {
    const char *stream;
    const ProtobufCMessageDescriptor *event_type;
    void (*react)(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event);
};

// ---------------------------------------------------------------- questions

struct lq_reading {
    struct lq_view *view;   // a snapshot of committed state
    struct lq_arena *arena; // the answer may point into it
    const char *actor;
    uint32_t roles;
    int64_t now_ms;
    const struct lq_law *law;
};

// ---------------------------------------------------------------- the service

struct lq_service {
    const char *name;

    // Each of the first four is a message with one oneof named `body`, whose members are messages.
    const ProtobufCMessageDescriptor *command_type, *event_type, *query_type, *answer_type;
    const ProtobufCEnumDescriptor *reject_codes; // the service's rejections, by precedence

    const struct lq_rule *rules; // a row for every member of command and query; ends with {0}
    const struct lq_table *const *tables;
    unsigned table_count;
    const struct lq_follow *follows; // ends with {0}; NULL if it follows nobody

    struct lq_verdict (*decide)(struct lq_decision *d, const void *command);
    void (*apply)(struct lq_view *tables, const struct lq_occurrence *what, const void *event);
    void (*due)(struct lq_follow_up *f, int64_t due_ms, const char *timer); // NULL: no timers
    void (*query)(struct lq_reading *r, const void *query, void *answer);

    // May this person fetch this event? NULL: everybody on the bus may.
    bool (*visible)(struct lq_view *view, const void *event, const char *actor, uint32_t roles);

    // The roles that the person holds as far as this service knows; 0 for an unknown person.
    // Needed where a rule lets somebody act on behalf of another; NULL: nobody is asked.
    uint32_t (*roles_of)(struct lq_view *view, const char *badge);

    // Aborts if an invariant of the tables does not hold. Tests and the simulator call it after
    // every apply.
    void (*check)(struct lq_view *view);
};

// Services are typed; the contract's pointers are not. Each macro makes the one cast.
#define LQ_DECIDE(name, function, type)                                                            \
    static struct lq_verdict name(struct lq_decision *d, const void *command)                      \
    {                                                                                              \
        return function(d, (const type *)command);                                                 \
    }
#define LQ_APPLY(name, function, type)                                                             \
    static void name(struct lq_view *view, const struct lq_occurrence *what, const void *event)    \
    {                                                                                              \
        function(view, what, (const type *)event);                                                 \
    }
#define LQ_QUERY(name, function, query_type, answer_type)                                          \
    static void name(struct lq_reading *r, const void *query, void *answer)                        \
    {                                                                                              \
        function(r, (const query_type *)query, (answer_type *)answer);                             \
    }
#define LQ_REACT(name, function, type)                                                             \
    static void name(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)  \
    {                                                                                              \
        function(f, what, (const type *)event);                                                    \
    }
#define LQ_VISIBLE(name, function, type)                                                           \
    static bool name(struct lq_view *view, const void *event, const char *actor, uint32_t roles)   \
    {                                                                                              \
        return function(view, (const type *)event, actor, roles);                                  \
    }

// Every service that this build knows, in order of dependence; ends with NULL. Made by CMake from
// the lq_add_service lines.
extern const struct lq_service *const lq_services[];
const struct lq_service *lq_service_named(const char *name); // NULL if there is none
