// The terms ("clocks") that statutes set, and the calendar by which they are counted. Pure data and
// arithmetic; config/law.h reads them from files.
//
// A deadline is one instant, `due_ms`: the first millisecond at which it is too late. An act is in
// time if acted_ms < due_ms. For a term in days, months or years that is the county's midnight that
// ends the last day; people are told that last day (lq_law_last_day).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct lq_law;

enum lq_clock_unit {
    LQ_UNIT_SECOND, // these three run through nights and holidays
    LQ_UNIT_MINUTE,
    LQ_UNIT_HOUR,
    LQ_UNIT_CALENDAR_DAY, // 日
    LQ_UNIT_WORKING_DAY,  // 工作日
    LQ_UNIT_MONTH,        // to the same day of the month, or its last where it has no such day
    LQ_UNIT_YEAR,
};

enum lq_clock_roll {
    LQ_ROLL_NONE,             // seizure and custody: ends on the day it ends
    LQ_ROLL_NEXT_WORKING_DAY, // a last day that is off gives way to the next working day
};

enum lq_clock_lapse {
    LQ_LAPSE_AUTOMATIC,  // the law itself ends the state
    LQ_LAPSE_DUTY_ONLY,  // somebody must act; nothing happens by itself
    LQ_LAPSE_RIGHT_LOST, // what could have been asked for no longer can
    LQ_LAPSE_NONE_STATED,
};

// How well the entry is founded; configs/law.yaml explains the letters.
enum lq_clock_confidence {
    LQ_CONFIDENCE_V,
    LQ_CONFIDENCE_V_STAR,
    LQ_CONFIDENCE_M,
    LQ_CONFIDENCE_U
};

// To whom a mark is told. (The words are those of Addressee in rules.proto, in this order.)
enum lq_addressee {
    LQ_TO_OWNER,      // whose duty the act is: a person, or the lead of a team
    LQ_TO_DEPUTY,     // who stands in for him
    LQ_TO_DESK_CHIEF, // of the shift on duty
    LQ_TO_DESK,
    LQ_TO_LIAISON,
    LQ_TO_HEAD,
    LQ_TO_COMMANDER,
};

// An instant at which a term that runs is told of: so long after its end, or before it. A mark
// before the end of a term in days counts back from the end of the day to act by
// (lq_law_act_by_day): nobody can act on a day off.
struct lq_clock_mark {
    int64_t offset_ms; // < 0: before
    const enum lq_addressee *to;
    size_t to_count;
};

struct lq_clock_marks {
    const struct lq_clock_mark *marks; // the earliest first
    size_t count;
};

// One entry of law.yaml, or of the terms of policy.yaml. All of it is owned by the law.
struct lq_clock {
    const char *id;      // "SZ6"
    const char *variant; // which of several terms of one id: "flash"; NULL: there is but one
    const char *title_zh, *title_en;
    int64_t number;
    enum lq_clock_unit unit;
    bool arguable;                    // the statute may mean another unit, which ends later
    enum lq_clock_unit arguable_unit; // that one
    const char *start_event, *stop_event;
    const char *const *pause_events;
    size_t pause_count;
    bool exclude_start_day; // the day of the event does not count
    enum lq_clock_roll roll;
    enum lq_clock_lapse lapse_effect;
    bool waiting; // its end opens what comes next, and nobody was late
    const char *instrument, *article;
    int32_t in_force_from, in_force_to; // days, both inclusive; INT32_MIN, INT32_MAX: open
    enum lq_clock_confidence confidence;
    bool enabled;
    struct lq_clock_marks marks; // its own; none: those that policy.yaml has for its unit
};

// Names the state of both files ("law-2015-07-16+cal-2015-2016"): what an event records beside the
// deadline that it computed.
const char *lq_law_revision(const struct lq_law *law);

// ---------------------------------------------------------------- clocks

// The statutes that set the term, as people cite them: 《行政强制法》第二十五条、《查封、扣押办法》
// 第十五条. In the arena.
const char *lq_law_cited(struct lq_arena *arena, const struct lq_clock *clock);

// The entry with the id that is in force on the county day of the instant, or NULL if there is none
// or it is disabled.
const struct lq_clock *lq_law_clock(const struct lq_law *law, const char *id, int64_t at_ms);

// Is it counted in whole days, months or years?
bool lq_clock_in_days(const struct lq_clock *clock);

// How long it always is, in milliseconds: of seconds to hours, and of calendar days, each of 24
// hours; 0: that depends on when it begins.
int64_t lq_clock_fixed_ms(const struct lq_clock *clock);

// Every entry in the file's order, enabled or not, for lists; NULL past the last.
const struct lq_clock *lq_law_clock_at(const struct lq_law *law, size_t index);

// Days that do not count: both inclusive. Pauses may overlap.
struct lq_pause {
    int32_t from_day, to_day;
};

// What a term was extended by (SZ7 on SZ6): it counts on from the last day up to then. number 0:
// the clock's.
struct lq_extension {
    const struct lq_clock *clock;
    int64_t number;
};

// A term that runs: from when, for how long, without which days.
struct lq_term {
    const struct lq_clock *clock;
    int64_t start_ms;
    int64_t number; // of the clock's unit, as it was chosen, at most the clock's; 0: the clock's
    const struct lq_pause *pauses;
    size_t pause_count;

    const struct lq_extension *extensions; // each follows on the one before
    size_t extension_count;

    bool argue; // count in the arguable unit
};

// Where it ends. A term that is counted by working days, or that rolls to one, needs a calendar of
// each year that it touches: a guess would be told as if it were known.
struct lq_term_end {
    int64_t due_ms; // 0: it cannot be counted
    int year;       // that the calendar lacks, then
};
struct lq_term_end lq_law_count(const struct lq_law *law, const struct lq_term *term);

// The last day on which one is in time, and the last working day up to it: 2015-07-16 and SZ6 give
// 2015-08-15, a Saturday, and 2015-08-14. Where the calendar does not list the year, the latter is
// the last day itself.
int32_t lq_law_last_day(int64_t due_ms);
int32_t lq_law_act_by_day(const struct lq_law *law, int64_t due_ms);

// ---------------------------------------------------------------- the calendar

// True if the calendar lists the year. For others only weekends are known to be off.
bool lq_calendar_knows(const struct lq_law *law, int year);

bool lq_is_working_day(const struct lq_law *law, int32_t day);
// One of the public holidays that the calendar lists; an ordinary weekend is none.
bool lq_is_public_holiday(const struct lq_law *law, int32_t day);

// The count-th working day after the day; the day itself for 0. count 0..100000.
int32_t lq_add_working_days(const struct lq_law *law, int32_t day, int32_t count);
