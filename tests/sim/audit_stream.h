// What is known of a service's stream: its records, who has sent what to it, what it has followed;
// and what there is to say of a service.
#pragma once

#include <stdbool.h>

#include "envelope.pb-c.h"
#include "sim/audit_map.h"

enum { AUDIT_STREAMS = 12, AUDIT_HASH = 32, AUDIT_ID = 16 };

// A command, from the first time that it reached a service.
struct audit_command {
    const Lq__Command *sent; // NULL: the service's own
    const char *actor;
    uint32_t roles;
    struct lq_span bytes, after;  // of the Command; `after`: an id or empty
    const ProtobufCMessage *body; // NULL: does not decode
    bool decided, acknowledged;
    uint64_t seq;
    struct lq_span outcome;
};

// A command that a request names.
struct audit_named {
    struct audit_command *command; // NULL if it does not decode
    bool forged;                   // its id was used for something else
};

// A request that a service has and has not answered.
struct audit_asked {
    struct audit_asked *next;
    uint64_t route, correlation;
    const Lq__Request *request;
    const char *actor;
    uint32_t roles;
    int64_t since_ms;
    uint64_t arrival;             // its place in the service's queue
    struct audit_named *commands; // those that it asks for
    size_t command_count;
    uint64_t after; // of a fetch
    uint32_t max;
};

// Who may fetch an event: who sees what is for few sees all of the others.
enum audit_audience {
    AUDIT_FOR_ALL,
    AUDIT_FOR_READERS,
    AUDIT_FOR_INSPECTORS,
    AUDIT_FOR_SERVICES,
    AUDIT_AUDIENCES
};

struct audit_record {
    const Lq__Record *record;
    struct lq_span bytes;
    const ProtobufCMessage *event; // NULL: none
    enum audit_audience audience;  // who may fetch it
};

// What a stream's event must cause in one that follows it.
struct audit_due {
    uint64_t seq;
    uint64_t digest;
    struct audit_booking *booking; // stats only
};

struct audit_feed {
    struct audit_due *due;
    size_t head, count, room;
    uint64_t done; // seq of the last event that had its effect
    bool followed;
};

// What somebody was from then on, until the row behind it.
struct audit_person {
    int64_t from_ms;
    uint32_t role, rank;
    const char *team, *group;
    struct audit_person *earlier;
};

struct audit_shift {
    int64_t from_ms, to_ms;
    const char *group, *name;
};

// Who is who, as one stream's journal has it.
struct audit_roster {
    struct audit_map people; // badge -> audit_person *: the latest row
    struct audit_shift *shifts;
    size_t shift_count, shift_room;
};

struct audit_kind;

struct audit_stream {
    const char *name;
    unsigned node;
    const struct audit_kind *kind; // NULL: a service that the auditor knows nothing of
    struct audit_record *records;
    size_t count, room;
    uint8_t hash[AUDIT_HASH];
    struct audit_asked *asked;
    uint64_t arrived, taken;              // requests since the start; a turn takes a batch of them
    uint64_t last_event[AUDIT_AUDIENCES]; // that he may fetch who sees so much
    struct lq_span unfinished;            // id of a command whose outcome is still to come
    struct audit_reading *readings;       // recorded, and not told yet (audit_readings.c)
    struct audit_feed feeds[AUDIT_STREAMS]; // what it must make of others' events, by their node
    struct audit_map commands;              // id -> audit_command; an id belongs to one service
    struct audit_roster roster;
    struct audit_map premises; // number -> Lq premises as noted, audit_premises
    struct audit_map orders;   // number -> audit_order_note, as noted
};

// What the auditor knows of one service.
struct audit_fact {
    struct audit_stream *stream;
    const struct audit_record *record;
    const Lq__Record *r;
    const struct audit_command *command; // whose record it is; NULL: an idle timer
    const char *principal;               // whose act it is
    uint32_t principal_roles;            // as the roster says where somebody acts for him
    int64_t happened_ms;                 // as the sender said; now if he said nothing
};

// Is the event right, given what was before? Takes it into the model. `body` is the message of its
// kind.
typedef void audit_event(struct audit *a, const struct audit_fact *fact, const void *body);

struct audit_event_row {
    uint32_t kind;         // SERVICE__EVENT__BODY_…
    audit_event *happened; // NULL: nothing to look at here
};

struct audit_carried;

// What an event of one kind does to terms; looked at after it was taken into the model.
struct audit_term_row {
    uint32_t kind;
    void (*carries)(struct audit_carried *k, const void *body);
};

// A service.
struct audit_kind {
    const char *name;
    const ProtobufCMessageDescriptor *command, *event, *query, *answer;
    const struct audit_event_row *events; // one for each kind; ends with {0}
    // Is the answer what the model says? NULL: not looked at.
    void (*answered)(struct audit *a, struct audit_stream *stream, const void *query,
                     const void *answer, int64_t clock_ms);
    const struct audit_term_row *terms; // of the kinds that do something; NULL: not modelled
    const char *terms_of;               // only those of such things are modelled; NULL: all
};

extern const struct audit_kind audit_kinds[]; // ends with {0}
