// Calendars as files (iCalendar, RFC 5545): the few lines that a person's shifts need.
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

struct lq_ics {
    struct lq_arena *arena;
    char *text;
    size_t size, room;
};

// An event; texts are UTF-8, and whatever they hold is escaped. The same uid is the same event, in
// a calendar that is read in again.
struct lq_ics_event {
    const char *uid, *summary, *description;
    int64_t from_ms, to_ms, made_ms;
};

struct lq_ics lq_ics_begin(struct lq_arena *arena, const char *name);
void lq_ics_add(struct lq_ics *ics, const struct lq_ics_event *event);
struct lq_span lq_ics_end(struct lq_ics *ics); // the whole file, in the arena
