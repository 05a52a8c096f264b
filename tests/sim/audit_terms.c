// Where a term ends and when it tells of itself, counted a second time: from the tables of the law
// and of configs/policy.yaml, written down once more, and a calendar of its own.
#include "sim/audit_parts.h"

// As in the law and in configs/policy.yaml, written down a second time.
static const int64_t SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 3600 * 1000LL,
                     DAY_MS = 24 * 3600 * 1000LL, COUNTY_MS = 8 * 3600 * 1000LL;
static const int64_t LIVE_WINDOW_MS = 24 * 3600 * 1000LL, PAPER_GRACE_MS = 3600 * 1000LL;
enum { SEIZURE_DAYS = 30, LIMIT_MONTHS = 3, MARKS = 4, WORKING = -1, MONTH = -2 };

#define TO(name) (1U << RULES__ADDRESSEE__##name)

#define MARKS_OF_DAYS                                                                              \
    {{-72 * HOUR_MS, TO(OWNER)},                                                                   \
     {-24 * HOUR_MS, TO(OWNER) | TO(DESK_CHIEF)},                                                  \
     {0, TO(OWNER) | TO(DESK_CHIEF) | TO(HEAD)},                                                   \
     {24 * HOUR_MS, TO(COMMANDER)}},                                                               \
        4
#define MARKS_OF_WAITING                                                                           \
    {{-72 * HOUR_MS, TO(OWNER)},                                                                   \
     {-24 * HOUR_MS, TO(OWNER) | TO(DESK_CHIEF)},                                                  \
     {0, TO(OWNER) | TO(DESK_CHIEF) | TO(HEAD)}},                                                  \
        3
#define MARKS_OF_HOURS                                                                             \
    {{-6 * HOUR_MS, TO(OWNER)},                                                                    \
     {-HOUR_MS, TO(OWNER)},                                                                        \
     {0, TO(OWNER) | TO(DESK_CHIEF) | TO(HEAD)}},                                                  \
        3

static const struct term {
    const char *rule, *variant;
    int64_t unit_ms; // 0: days; WORKING: working days
    int32_t length;
    struct {
        int64_t offset_ms;
        unsigned to;
    } marks[MARKS];
    unsigned mark_count;
} terms[] = {
    {"SZ3", "", HOUR_MS, 24, MARKS_OF_HOURS},
    {"SZ6", "", 0, SEIZURE_DAYS, MARKS_OF_DAYS},
    {"SZ9", "", WORKING, 5, MARKS_OF_DAYS},
    {"SZ11", "", WORKING, 3, MARKS_OF_DAYS},
    {"SZ12", "", 0, 60, MARKS_OF_WAITING},
    {"SZ16", "", 0, 3, MARKS_OF_DAYS},
    {"SZ17", "", WORKING, 20, MARKS_OF_DAYS},
    {"SZ17b", "", WORKING, 20, MARKS_OF_DAYS},
    {"OP-SEAL", "", 0, 10, {{0, TO(OWNER)}, {72 * HOUR_MS, TO(DESK_CHIEF)}}, 2},
    {"TI1", "", 0, 15, MARKS_OF_DAYS},
    {"TI2", "", 0, 60, MARKS_OF_DAYS},
    {"TI4", "", 0, 30, MARKS_OF_WAITING},
    {"TI4b", "", 0, 30, MARKS_OF_DAYS},
    {"LP1", "", WORKING, 7, MARKS_OF_DAYS},
    {"LP2", "", MONTH, 3, MARKS_OF_DAYS},
    {"LP4", "", WORKING, 15, MARKS_OF_DAYS},
    {"LP4b", "", WORKING, 15, MARKS_OF_DAYS},
    {"LP5", "", 0, 30, MARKS_OF_DAYS},
    {"OP-MEETING", "", MONTH, 1, {{-72 * HOUR_MS, TO(OWNER)}, {0, TO(OWNER) | TO(COMMANDER)}}, 2},
    {"OP-TASK",
     "",
     0,
     1,
     {{-72 * HOUR_MS, TO(OWNER)}, {0, TO(OWNER) | TO(DESK_CHIEF)}, {72 * HOUR_MS, TO(COMMANDER)}},
     3},
    {"OP-BREACH", "", HOUR_MS, 24, {{0, TO(OWNER) | TO(DESK_CHIEF)}, {24 * HOUR_MS, TO(HEAD)}}, 2},
    {"OP-ACK",
     "flash",
     SECOND_MS,
     60,
     {{0, TO(DEPUTY)}, {60 * SECOND_MS, TO(DESK_CHIEF)}, {240 * SECOND_MS, TO(COMMANDER)}},
     3},
    {"OP-ACK",
     "urgent",
     MINUTE_MS,
     3,
     {{0, TO(DEPUTY)}, {3 * MINUTE_MS, TO(DESK_CHIEF)}, {12 * MINUTE_MS, TO(COMMANDER)}},
     3},
    {"OP-ACK",
     "routine",
     MINUTE_MS,
     15,
     {{0, TO(DEPUTY)}, {15 * MINUTE_MS, TO(DESK_CHIEF)}, {45 * MINUTE_MS, TO(COMMANDER)}},
     3},
    {"OP-RESEND",
     "flash",
     MINUTE_MS,
     1,
     {{0, TO(DESK)}, {60 * SECOND_MS, TO(DESK_CHIEF)}, {240 * SECOND_MS, TO(COMMANDER)}},
     3},
    {"OP-RESEND",
     "urgent",
     MINUTE_MS,
     3,
     {{0, TO(DESK)}, {3 * MINUTE_MS, TO(DESK_CHIEF)}, {12 * MINUTE_MS, TO(COMMANDER)}},
     3},
    {"OP-RESEND",
     "routine",
     MINUTE_MS,
     15,
     {{0, TO(DESK)}, {15 * MINUTE_MS, TO(DESK_CHIEF)}, {45 * MINUTE_MS, TO(COMMANDER)}},
     3},
    {"OP-CALL",
     "",
     SECOND_MS,
     120,
     {{0, TO(DESK) | TO(DESK_CHIEF)}, {240 * SECOND_MS, TO(COMMANDER)}},
     2},
    {"OP-VIDEO",
     "",
     MINUTE_MS,
     2,
     {{0, TO(OWNER)}, {10 * MINUTE_MS, TO(DESK)}, {60 * MINUTE_MS, TO(DESK_CHIEF)}},
     3},
    {"OP-HANDOVER", "", MINUTE_MS, 15, {{0, TO(DESK_CHIEF)}, {15 * MINUTE_MS, TO(COMMANDER)}}, 2},
    {"OP-DEPART", "day", MINUTE_MS, 5, {{0, TO(DESK)}, {5 * MINUTE_MS, TO(DESK_CHIEF)}}, 2},
    {"OP-DEPART", "night", MINUTE_MS, 10, {{0, TO(DESK)}, {10 * MINUTE_MS, TO(DESK_CHIEF)}}, 2},
};

static const struct term *term_of(const Rules__Clock *c)
{
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        if (strcmp(terms[i].rule, c->rule) == 0 && strcmp(terms[i].variant, c->variant) == 0)
            return &terms[i];
    sim_fail("clock", "there is a term %s %s, which nobody has set", c->rule, c->variant);
}

bool audit_term_in_days(const Rules__Clock *c)
{
    return term_of(c)->unit_ms <= 0;
}

bool audit_term_waits(const Rules__Clock *c)
{
    return strcmp(c->rule, "SZ12") == 0 || strcmp(c->rule, "TI4") == 0;
}

// ---------------------------------------------------------------- the calendar

static int32_t day_of_date(int year, int month, int day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const int leap_days = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return (year - 1970) * 365 + leap_days + before[month - 1] + (leap && month > 2) + day - 1;
}

static bool is_listed(int32_t day, const int (*ranges)[3], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const int year = ranges[i][0], from = ranges[i][1], to = ranges[i][2];
        if (day >= day_of_date(year, from / 100, from % 100) &&
            day <= day_of_date(year, to / 100, to % 100))
            return true;
    }
    return false;
}

static const int holidays[][3] = {
    {2015, 101, 103}, {2015, 218, 224}, {2015, 404, 406}, {2015, 501, 503},
    {2015, 620, 622}, {2015, 903, 905}, {2015, 926, 927}, {2015, 1001, 1007},
    {2016, 101, 103}, {2016, 207, 213}, {2016, 402, 404}, {2016, 430, 430},
    {2016, 501, 502}, {2016, 609, 611}, {2016, 915, 917}, {2016, 1001, 1007}};

bool audit_is_public_holiday(int32_t day)
{
    return is_listed(day, holidays, sizeof holidays / sizeof holidays[0]);
}

static bool is_working_day(int32_t day)
{
    static const int made_up[][3] = {
        {2015, 104, 104}, {2015, 215, 215}, {2015, 228, 228}, {2015, 906, 906}, {2015, 1010, 1010},
        {2016, 206, 206}, {2016, 214, 214}, {2016, 612, 612}, {2016, 918, 918}, {2016, 1008, 1009}};
    const int weekday = (day + 4) % 7; // 1 January 1970 was a Thursday; 0 is a Sunday
    if (is_listed(day, made_up, sizeof made_up / sizeof made_up[0]))
        return true;
    return weekday != 0 && weekday != 6 && !audit_is_public_holiday(day);
}

// The last working day up to that day; the day itself where the calendar ends.
static int32_t working_day_up_to(int32_t last)
{
    int32_t day = last;
    while (day >= day_of_date(2015, 1, 1) && day < day_of_date(2017, 1, 1) && !is_working_day(day))
        day--;
    return day < day_of_date(2015, 1, 1) || day >= day_of_date(2017, 1, 1) ? last : day;
}

int64_t audit_midnight_after(int32_t day)
{
    return ((int64_t)day + 1) * DAY_MS - COUNTY_MS;
}

// ---------------------------------------------------------------- counting

bool audit_is_paused(const Rules__Clock *c, int32_t day)
{
    for (size_t i = 0; i < c->n_pauses; i++)
        if (c->pauses[i]->from_day <= day && day <= c->pauses[i]->to_day)
            return true;
    return false;
}

static int32_t count_on(const Rules__Clock *c, int32_t day, int32_t days)
{
    while (days > 0)
        days -= !audit_is_paused(c, ++day);
    return day;
}

// 0: it needs 2017, which the calendar does not list.
static int32_t count_working(int32_t day, int32_t days)
{
    while (days > 0) {
        if (++day >= day_of_date(2017, 1, 1))
            return 0;
        days -= is_working_day(day);
    }
    return day;
}

// The same day of the month so many later, or its last.
static int32_t months_later(int32_t day, int months)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1970, month = 1;
    while (day_of_date(year + 1, 1, 1) <= day)
        year++;
    while (month < 12 && day_of_date(year, month + 1, 1) <= day)
        month++;
    const int of_month = day - day_of_date(year, month, 1) + 1;
    year += (month - 1 + months) / 12;
    month = (month - 1 + months) % 12 + 1;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const int length = lengths[month - 1] + (leap && month == 2);
    return day_of_date(year, month, of_month < length ? of_month : length);
}

static int64_t end_from(const Rules__Clock *c, int64_t start_ms, bool argue)
{
    const struct term *t = term_of(c);
    if (c->set_due_ms != 0)
        return c->set_due_ms;
    if (t->unit_ms == MONTH) {
        int32_t last = months_later(audit_day(start_ms), c->length != 0 ? c->length : t->length);
        for (size_t i = 0; i < c->n_extensions; i++) {
            const int32_t by = c->extensions[i]->number;
            last = months_later(last, by != 0 ? by : LIMIT_MONTHS);
        }
        return audit_midnight_after(last);
    }
    if (t->unit_ms == WORKING || argue) {
        const int32_t last = count_working(audit_day(start_ms), t->length);
        return last != 0 ? audit_midnight_after(last) : 0;
    }
    if (t->unit_ms != 0)
        return start_ms + t->length * t->unit_ms;
    int32_t last = count_on(c, audit_day(start_ms), c->length != 0 ? c->length : t->length);
    for (size_t i = 0; i < c->n_extensions; i++) {
        const int32_t by = c->extensions[i]->number;
        last = count_on(c, last, by != 0 ? by : SEIZURE_DAYS);
    }
    return audit_midnight_after(last);
}

// A mark before the end waits until what was promised, but not beyond the end.
int64_t audit_as_promised(const Rules__Clock *c, int64_t at_ms)
{
    if (at_ms >= c->due_ms || at_ms >= c->taken_until_ms)
        return at_ms;
    return c->taken_until_ms < c->due_ms ? c->taken_until_ms : c->due_ms;
}

int32_t audit_act_by_day(const Rules__Clock *c)
{
    const struct term *t = term_of(c);
    const int32_t last = audit_day(c->due_ms - 1), day = working_day_up_to(last);
    return t->unit_ms <= 0 && day >= audit_day(c->start_ms) ? day : last;
}

static int64_t mark_at(const Rules__Clock *c, const struct term *t, int64_t offset_ms)
{
    const int32_t act_by = working_day_up_to(audit_day(c->due_ms - 1));
    const bool from_work = t->unit_ms <= 0 && offset_ms < 0 && act_by > audit_day(c->start_ms);
    const int64_t end_ms = from_work ? audit_midnight_after(act_by) : c->due_ms;
    return audit_as_promised(c, end_ms + offset_ms);
}

static Rules__Mark *same_mark(Rules__Mark *const *marks, size_t n_marks, int64_t at_ms,
                              int64_t offset_ms)
{
    for (size_t i = 0; i < n_marks; i++)
        if (marks[i]->at_ms == at_ms && marks[i]->offset_ms == offset_ms)
            return marks[i];
    return NULL;
}

static void put_mark(struct audit *a, Rules__Clock *c, int64_t at_ms, int64_t offset_ms,
                     unsigned to)
{
    Rules__Mark *mark = audit_alloc(a, sizeof *mark);
    rules__mark__init(mark);
    mark->at_ms = at_ms;
    mark->offset_ms = offset_ms;
    mark->to = audit_alloc(a, 8 * sizeof *mark->to);
    for (unsigned who = 0; who < 8; who++)
        if ((to >> who & 1) != 0)
            mark->to[mark->n_to++] = (Rules__Addressee)who;
    c->marks[c->n_marks++] = mark;
}

// A mark that stays where it is stays what it is. What is past as the term is written rings no
// more, but for the end, which waits where it is entered from paper.
static void set_marks(struct audit *a, Rules__Clock *c, int64_t now_ms, bool paper)
{
    const struct term *t = term_of(c);
    Rules__Mark *const *before = c->marks;
    const size_t n_before = c->n_marks;
    c->marks = audit_alloc(a, MARKS * sizeof(Rules__Mark *));
    c->n_marks = 0;
    for (unsigned i = 0; i < t->mark_count; i++) {
        const int64_t offset_ms = t->marks[i].offset_ms;
        int64_t at_ms = mark_at(c, t, offset_ms);
        Rules__Mark *same = same_mark(before, n_before, at_ms, offset_ms);
        if (same != NULL) {
            c->marks[c->n_marks++] = same;
            continue;
        }
        if (at_ms <= now_ms && offset_ms != 0)
            continue;
        if (at_ms <= now_ms && paper)
            at_ms = now_ms + PAPER_GRACE_MS;
        put_mark(a, c, at_ms, offset_ms, t->marks[i].to);
    }
}

bool audit_is_from_paper(const struct audit_fact *fact)
{
    return fact->command != NULL && (fact->command->roles & ROLE_BIT(CLERK)) != 0 &&
           fact->r->recorded_at_ms - fact->r->occurred_at_ms > LIVE_WINDOW_MS;
}

// The same end keeps its marks: what has been told is not told again.
void audit_count_term(struct audit *a, Rules__Clock *c, const struct audit_fact *fact)
{
    const int64_t before_ms = c->due_ms;
    if (c->not_counted != RULES__NOT_COUNTED__COUNTED)
        return;
    c->waiting = audit_term_waits(c);
    c->due_ms = end_from(c, c->start_ms, false);
    c->arguable_due_ms = c->arguable_start_ms != 0 ? end_from(c, c->arguable_start_ms, false) : 0;
    if (strcmp(c->rule, "SZ16") == 0) // by working days, as another may read it
        c->arguable_due_ms = end_from(c, c->start_ms, true);
    if (c->due_ms == 0) {
        c->not_counted = RULES__NOT_COUNTED__CALENDAR_LACKS;
        c->lacking_year = 2017;
        return;
    }
    if (c->due_ms != before_ms)
        set_marks(a, c, fact->r->recorded_at_ms, audit_is_from_paper(fact));
}
