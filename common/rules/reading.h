// Reading is ruled, too (查阅): what is told of people is told to few, and to whom is recorded
// before he is told it (docs/decisions/0033).
//
// A service declares the fields of a thing by which people are known (lq_thing.personal), and which
// events have them (lq_event_row.of). Nothing else: whatever a handler puts into an answer, and
// whatever stands in an event, the runtime goes through before anybody is told (lq_tell_answer,
// lq_tell_event). A field that is not for the asker is emptied, and the message's `withheld` names
// it; one that is for him is noted in `told`, which the runtime records. A handler cannot tell
// without that, and a new one needs to do nothing. The same goes for what quotes such a thing:
// corrections, what was voided, the names of its files, papers about it.
//
// Services of this system are told all, and nothing of it is recorded: they do not read, they keep.
//
// A service with such things has the members 51 of rules.proto in its oneofs (Event, Query,
// Answer), with these handlers in its rows.
#pragma once

#include "rules/things.h"
#include "service/reading_tables.h"

// Of `readings`: only who inspects.
#define LQ_READING_READERS (LQ_ROLE(INSPECTOR))

lq_apply_fn lq_reading_recorded;
lq_query_fn lq_ask_readings;

// What one asker is told with one answer, or one page of events.
struct lq_told {
    const struct lq_service *service;
    struct lq_view *view;
    struct lq_arena *arena;
    const char *asker; // badge
    uint32_t roles;
    bool unread;           // nobody reads it: all that is personal is withheld
    Rules__ReadThing **of; // what he is told of, each once
    size_t count, room;
    uint64_t times;    // that something of them was told
    uint64_t withheld; // that something was not
};

// May he read what is personal of the thing of that kind and number? Nothing is noted.
bool lq_may_read(struct lq_view *view, const struct lq_thing *thing, const char *number,
                 const char *asker, uint32_t roles);

// Is the field one of the thing's personal ones?
bool lq_is_personal(const struct lq_thing *thing, const char *field);

// The row, or a copy in which the personal fields are empty: what may be made of it for the asker.
const void *lq_as_readable(struct lq_view *view, const struct lq_thing *thing, const char *number,
                           const void *row, const char *asker, uint32_t roles);

// Notes that the asker is told of it (copied).
void lq_tell_of(struct lq_told *told, const char *kind, const char *number);

// An answer's member, in the arena: what is not for the asker is taken out, what is for him noted.
void lq_tell_answer(struct lq_told *told, ProtobufCMessage *answer);

// An event's bytes as the asker may read them: the same, or others in the arena. `event` is what
// they say, and stays as it is; the actor and the principal of its record may read what they wrote.
struct lq_span lq_tell_event(struct lq_told *told, const ProtobufCMessage *event,
                             struct lq_span bytes, const char *actor, const char *on_behalf_of);

// May anybody with these roles see the event at all, as far as it is one of those of this header?
bool lq_reading_visible(const ProtobufCMessage *event, uint32_t roles);
