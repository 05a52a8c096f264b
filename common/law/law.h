// The terms ("clocks") that statutes set, and the calendar by which they are counted. Pure data and
// arithmetic; law/load.h reads them from files.
//
// A deadline is one instant, `due_ms`: the first millisecond at which it is too late. An act is in
// time if acted_ms < due_ms. For a term in days, months or years that is the county's midnight that
// ends the last day; people are told that last day (lq_law_last_day).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lq_law;

enum lq_clock_unit {
    LQ_UNIT_HOUR,         // runs minute by minute through nights and holidays
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

// One entry of law.yaml. All of it is owned by the law.
struct lq_clock {
    const char *id; // "SZ6"
    const char *title_zh, *title_en;
    int64_t number;
    enum lq_clock_unit unit;
    const char *start_event, *stop_event;
    const char *const *pause_events;
    size_t pause_count;
    bool exclude_start_day; // the day of the event does not count
    enum lq_clock_roll roll;
    enum lq_clock_lapse lapse_effect;
    const char *instrument, *article;
    int32_t in_force_from, in_force_to; // days, both inclusive; INT32_MIN, INT32_MAX: open
    enum lq_clock_confidence confidence;
    bool enabled;
};

// Names the state of both files ("law-2015-07-16+cal-2015-2016"): what an event records beside the
// deadline that it computed.
const char *lq_law_revision(const struct lq_law *law);

// ---------------------------------------------------------------- clocks

// The entry with the id that is in force on the county day of the instant, or NULL if there is none
// or it is disabled.
const struct lq_clock *lq_law_clock(const struct lq_law *law, const char *id, int64_t at_ms);

// Every entry in the file's order, enabled or not, for lists; NULL past the last.
const struct lq_clock *lq_law_clock_at(const struct lq_law *law, size_t index);

// The deadline of a term that starts at the instant.
int64_t lq_law_due_ms(const struct lq_law *law, const struct lq_clock *clock, int64_t start_ms);

// The same with days taken out of the count (testing time, SZ8): days of the clock's own kind,
// working days for a term in working days, else calendar days; rolling comes after. >= 0.
int64_t lq_law_due_paused_ms(const struct lq_law *law, const struct lq_clock *clock,
                             int64_t start_ms, int32_t paused_days);

// The deadline of a term that follows on another (SZ7 on SZ6): its first day is the day after the
// other's last, whatever exclude_start_day says. For hours: from the other's deadline.
int64_t lq_law_due_after_ms(const struct lq_law *law, const struct lq_clock *clock,
                            int64_t other_due_ms);

// The last day on which one is in time, and the last working day up to it: 2015-07-16 and SZ6 give
// 2015-08-15, a Saturday, and 2015-08-14.
int32_t lq_law_last_day(int64_t due_ms);
int32_t lq_law_act_by_day(const struct lq_law *law, int64_t due_ms);

// ---------------------------------------------------------------- the calendar

// True if the calendar lists the year. For others only weekends are known to be off.
bool lq_calendar_knows(const struct lq_law *law, int year);

bool lq_is_working_day(const struct lq_law *law, int32_t day);

// The count-th working day after the day; the day itself for 0. count 0..100000.
int32_t lq_add_working_days(const struct lq_law *law, int32_t day, int32_t count);
