// Terms, counted a second time. What an event does to the terms of its thing is worked out here from
// the fact and from what was before; the record must carry just that, to the last mark. A mark rings
// once, not before its time, not after the term has ended, and tells whom the policy names.
#include <stdio.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

// As in the law and in configs/policy.yaml, written down a second time.
static const int64_t SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 3600 * 1000LL,
                     DAY_MS = 24 * 3600 * 1000LL, COUNTY_MS = 8 * 3600 * 1000LL;
static const int64_t LIVE_WINDOW_MS = 24 * 3600 * 1000LL, PAPER_GRACE_MS = 3600 * 1000LL;
enum { SEIZURE_DAYS = 30, MARKS = 4 };
// A clock may jump ahead by a quarter of an hour (faults.c); a process sees that when it wakes
// next, as it does within two minutes.
enum { OVERDUE_MS = 15 * 60000 + 120000 };

#define TO(name) (1U << RULES__ADDRESSEE__##name)

static const struct term {
    const char *rule, *variant;
    int64_t unit_ms; // 0: days
    int32_t length;
    struct {
        int64_t offset_ms;
        unsigned to;
    } marks[MARKS];
    unsigned mark_count;
} terms[] = {
    {"SZ6",
     "",
     0,
     SEIZURE_DAYS,
     {{-72 * HOUR_MS, TO(OWNER)},
      {-24 * HOUR_MS, TO(OWNER) | TO(DESK_CHIEF)},
      {0, TO(OWNER) | TO(DESK_CHIEF) | TO(HEAD)},
      {24 * HOUR_MS, TO(COMMANDER)}},
     4},
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

static bool is_working_day(int32_t day)
{
    static const int holidays[][3] = {
        {2015, 101, 103},   {2015, 218, 224}, {2015, 404, 406}, {2015, 501, 503}, {2015, 620, 622},
        {2015, 903, 905},   {2015, 926, 927}, {2015, 1001, 1007}, {2016, 101, 103},
        {2016, 207, 213},   {2016, 402, 404}, {2016, 430, 430}, {2016, 501, 502}, {2016, 609, 611},
        {2016, 915, 917},   {2016, 1001, 1007}};
    static const int made_up[][3] = {{2015, 104, 104}, {2015, 215, 215},   {2015, 228, 228},
                                     {2015, 906, 906}, {2015, 1010, 1010}, {2016, 206, 206},
                                     {2016, 214, 214}, {2016, 612, 612},   {2016, 918, 918},
                                     {2016, 1008, 1009}};
    const int weekday = (day + 4) % 7; // 1 January 1970 was a Thursday; 0 is a Sunday
    if (is_listed(day, made_up, sizeof made_up / sizeof made_up[0]))
        return true;
    return weekday != 0 && weekday != 6 &&
           !is_listed(day, holidays, sizeof holidays / sizeof holidays[0]);
}

// The last working day up to that day; the day itself where the calendar ends.
static int32_t act_by_day(int32_t last)
{
    int32_t day = last;
    while (day >= day_of_date(2015, 1, 1) && day < day_of_date(2017, 1, 1) && !is_working_day(day))
        day--;
    return day < day_of_date(2015, 1, 1) || day >= day_of_date(2017, 1, 1) ? last : day;
}

static int64_t midnight_after(int32_t day)
{
    return ((int64_t)day + 1) * DAY_MS - COUNTY_MS;
}

// ---------------------------------------------------------------- counting

static bool is_paused(const Rules__Clock *c, int32_t day)
{
    for (size_t i = 0; i < c->n_pauses; i++)
        if (c->pauses[i]->from_day <= day && day <= c->pauses[i]->to_day)
            return true;
    return false;
}

static int32_t count_on(const Rules__Clock *c, int32_t day, int32_t days)
{
    while (days > 0)
        days -= !is_paused(c, ++day);
    return day;
}

static int64_t end_from(const Rules__Clock *c, int64_t start_ms)
{
    const struct term *t = term_of(c);
    if (t->unit_ms != 0)
        return start_ms + t->length * t->unit_ms;
    int32_t last = count_on(c, audit_day(start_ms), c->length != 0 ? c->length : t->length);
    for (size_t i = 0; i < c->n_extensions; i++) {
        const int32_t by = c->extensions[i]->number;
        last = count_on(c, last, by != 0 ? by : SEIZURE_DAYS);
    }
    return midnight_after(last);
}

// A mark before the end waits until what was promised, but not beyond the end.
static int64_t as_promised(const Rules__Clock *c, int64_t at_ms)
{
    if (at_ms >= c->due_ms || at_ms >= c->taken_until_ms)
        return at_ms;
    return c->taken_until_ms < c->due_ms ? c->taken_until_ms : c->due_ms;
}

static int64_t mark_at(const Rules__Clock *c, const struct term *t, int64_t offset_ms)
{
    const bool from_work = t->unit_ms == 0 && offset_ms < 0;
    const int64_t end_ms =
        from_work ? midnight_after(act_by_day(audit_day(c->due_ms - 1))) : c->due_ms;
    return as_promised(c, end_ms + offset_ms);
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

// What is past as the term is written rings no more, but for the end, which waits where it is
// entered from paper.
static void set_marks(struct audit *a, Rules__Clock *c, int64_t now_ms, bool paper)
{
    const struct term *t = term_of(c);
    c->marks = audit_alloc(a, MARKS * sizeof(Rules__Mark *));
    c->n_marks = 0;
    for (unsigned i = 0; i < t->mark_count; i++) {
        const int64_t offset_ms = t->marks[i].offset_ms;
        int64_t at_ms = mark_at(c, t, offset_ms);
        if (at_ms <= now_ms && offset_ms != 0)
            continue;
        if (at_ms <= now_ms && paper)
            at_ms = now_ms + PAPER_GRACE_MS;
        put_mark(a, c, at_ms, offset_ms, t->marks[i].to);
    }
}

static bool is_from_paper(const struct audit_fact *fact)
{
    return fact->r->on_behalf_of[0] != '\0' && fact->command != NULL &&
           (fact->command->roles & ROLE_BIT(CLERK)) != 0 &&
           fact->r->recorded_at_ms - fact->r->occurred_at_ms > LIVE_WINDOW_MS;
}

// The same end keeps its marks: what has been told is not told again.
static void count(struct audit *a, Rules__Clock *c, const struct audit_fact *fact)
{
    const int64_t before_ms = c->due_ms;
    c->due_ms = end_from(c, c->start_ms);
    c->arguable_due_ms = c->arguable_start_ms != 0 ? end_from(c, c->arguable_start_ms) : 0;
    if (c->due_ms != before_ms)
        set_marks(a, c, fact->r->recorded_at_ms, is_from_paper(fact));
}

// ---------------------------------------------------------------- the terms that there are

struct audit_clock {
    const Rules__Clock *row;
    const char *stream;
};

// What an event must carry.
struct carried {
    struct audit *a;
    const struct audit_stream *stream;
    const struct audit_fact *fact;
    Rules__Clock *rows[AUDIT_TEAMS + 1];
    size_t count;
};

static struct lq_span key_of(struct audit *a, const char *kind, const char *thing, const char *rule)
{
    const size_t size = strlen(kind) + strlen(thing) + strlen(rule) + 5;
    char *key = audit_alloc(a, size);
    snprintf(key, size, "%s/%s/%s/1", kind, thing, rule);
    return lq_span_text(key);
}

const Rules__Clock *audit_clock_of(struct audit *a, const char *kind, const char *thing,
                                   const char *rule)
{
    const struct audit_clock *clock = audit_find(&a->clocks, key_of(a, kind, thing, rule));
    return clock == NULL ? NULL : clock->row;
}

bool audit_clock_runs(const Rules__Clock *c)
{
    return c->stop_ms == 0;
}

static const Rules__Mark *next_mark(const Rules__Clock *c)
{
    const Rules__Mark *next = NULL;
    for (size_t i = 0; i < c->n_marks; i++)
        if (!c->marks[i]->rung && (next == NULL || c->marks[i]->at_ms < next->at_ms))
            next = c->marks[i];
    return next;
}

static Rules__Clock *carry(struct carried *k, const Rules__Clock *clock)
{
    Rules__Clock *copy = audit_alloc(k->a, sizeof *copy);
    *copy = *clock;
    copy->marks = audit_alloc(k->a, MARKS * sizeof(Rules__Mark *));
    for (size_t i = 0; i < clock->n_marks; i++) {
        copy->marks[i] = audit_alloc(k->a, sizeof(Rules__Mark));
        *copy->marks[i] = *clock->marks[i];
    }
    k->rows[k->count++] = copy;
    return copy;
}

static Rules__Clock *begin(struct carried *k, const char *kind, const char *thing,
                           const char *rule, const char *variant)
{
    AUDIT(audit_clock_of(k->a, kind, thing, rule) == NULL, "clock",
          "record %llu of %s starts the term %s of %s %s a second time", (number)k->fact->r->seq,
          k->stream->name, rule, kind, thing);
    Rules__Clock *c = audit_alloc(k->a, sizeof *c);
    rules__clock__init(c);
    c->kind = (char *)(uintptr_t)kind;
    c->number = (char *)(uintptr_t)thing;
    c->rule = (char *)(uintptr_t)rule;
    c->variant = (char *)(uintptr_t)variant;
    c->start = 1;
    c->start_ms = k->fact->r->occurred_at_ms;
    c->owner = (char *)(uintptr_t)k->fact->principal;
    k->rows[k->count++] = c;
    return c;
}

static void stop(struct carried *k, const char *kind, const char *thing, const char *rule,
                 int64_t at_ms)
{
    const Rules__Clock *clock = audit_clock_of(k->a, kind, thing, rule);
    if (clock != NULL && audit_clock_runs(clock))
        carry(k, clock)->stop_ms = at_ms;
}

static const Rules__Clock *running(struct carried *k, const char *kind, const char *thing,
                                   const char *rule)
{
    const Rules__Clock *clock = audit_clock_of(k->a, kind, thing, rule);
    AUDIT(clock != NULL && audit_clock_runs(clock), "clock",
          "record %llu of %s is about the term %s of %s %s, which does not run",
          (number)k->fact->r->seq, k->stream->name, rule, kind, thing);
    return clock;
}

// ---------------------------------------------------------------- what rings

static bool is_told(const Rules__ClockRang *rang, Rules__Addressee whom)
{
    for (size_t i = 0; i < rang->n_to; i++)
        if (rang->to[i] == whom)
            return true;
    return false;
}

struct badges {
    const char *of[2 * AUDIT_TEAMS + 8];
    size_t count;
};

static void add_badge(struct badges *badges, const char *badge)
{
    for (size_t i = 0; i < badges->count; i++)
        if (strcmp(badges->of[i], badge) == 0)
            return;
    if (badges->count < sizeof badges->of / sizeof badges->of[0])
        badges->of[badges->count++] = badge;
}

// The first, by badge, of those whom it asks for.
static const char *first_of(const struct audit_roster *roster, int64_t at_ms, const char *team,
                            uint32_t role, uint32_t rank)
{
    const char *first = NULL;
    for (const struct audit_entry *e = roster->people.first; e != NULL; e = e->next) {
        const char *badge = (const char *)e->key;
        const struct audit_person *p = audit_person_at(roster, badge, at_ms);
        if (p != NULL && strcmp(p->team, team) == 0 && (role == 0 || p->role == role) &&
            (rank == 0 || p->rank == rank) && (first == NULL || strcmp(badge, first) < 0))
            first = badge;
    }
    return first;
}

static void add_deputy(struct badges *badges, const struct audit_roster *roster, int64_t at_ms,
                       const char *team)
{
    const char *badge = first_of(roster, at_ms, team, 0, SHIFT__RANK__DEPUTY_LEAD);
    if (badge == NULL)
        badge = first_of(roster, at_ms, team, LQ__ROLE__LEAD, 0);
    if (badge != NULL)
        add_badge(badges, badge);
}

// Those of the group on duty; where there is none of it, all.
static void add_chiefs(struct badges *badges, const struct audit_roster *roster, int64_t at_ms)
{
    const struct audit_shift *shift = audit_on_duty(roster, at_ms);
    const size_t before = badges->count;
    for (int all = 0; all < 2 && badges->count == before; all++)
        for (const struct audit_entry *e = roster->people.first; e != NULL; e = e->next) {
            const struct audit_person *p = audit_person_at(roster, (const char *)e->key, at_ms);
            if (p != NULL && p->rank == SHIFT__RANK__DESK_CHIEF &&
                (all == 1 || (shift != NULL && strcmp(shift->group, p->group) == 0)))
                add_badge(badges, (const char *)e->key);
        }
}

static bool is_among(char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

// An order's mark names the teams that have not answered, and their deputies; another's its own.
static void check_people(const struct carried *k, const Rules__Clock *clock,
                         const Rules__ClockRang *rang)
{
    const struct audit_roster *roster = &k->stream->roster;
    const number seq = k->fact->r->seq;
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    struct badges badges = {.count = 0};
    struct audit_order *order = audit_find_text(&k->a->orders, clock->number);
    size_t silent = 0;
    for (size_t i = 0; order != NULL && i < order->team_count; i++) {
        if (order->teams[i].step != 0 || order->teams[i].declined)
            continue;
        silent++;
        AUDIT(is_among(rang->missing, rang->n_missing, order->teams[i].name), "timer",
              "record %llu of %s does not name team %s, which is silent", seq, k->stream->name,
              order->teams[i].name);
        if (is_told(rang, RULES__ADDRESSEE__DEPUTY))
            add_deputy(&badges, roster, at_ms, order->teams[i].name);
    }
    AUDIT(silent == rang->n_missing, "timer", "record %llu of %s names %zu silent teams of %zu", seq,
          k->stream->name, rang->n_missing, silent);
    if (is_told(rang, RULES__ADDRESSEE__DESK_CHIEF) && strcmp(k->stream->name, "dispatch") == 0)
        add_chiefs(&badges, roster, at_ms);
    AUDIT(badges.count == rang->n_badges, "timer",
          "record %llu of %s tells %zu people by name, not %zu", seq, k->stream->name,
          rang->n_badges, badges.count);
    for (size_t i = 0; i < badges.count; i++)
        AUDIT(is_among(rang->badges, rang->n_badges, badges.of[i]), "timer",
              "record %llu of %s does not tell %s", seq, k->stream->name, badges.of[i]);
}

static void rang(struct carried *k, const Rules__ClockRang *rang)
{
    const number seq = k->fact->r->seq;
    const Rules__Clock *clock = running(k, rang->kind, rang->number, rang->rule);
    AUDIT(strncmp(k->fact->r->timer, "clock/", 6) == 0, "timer",
          "record %llu of %s rings, and no timer has fired", seq, k->stream->name);
    const Rules__Mark *next = next_mark(clock);
    AUDIT(next != NULL && next->offset_ms == rang->offset_ms && rang->due_ms == clock->due_ms,
          "timer", "record %llu of %s rings a mark that is not the next of its term", seq,
          k->stream->name);
    AUDIT(k->fact->r->occurred_at_ms == next->at_ms && k->fact->r->recorded_at_ms >= next->at_ms,
          "timer", "record %llu of %s rings at %lld, the mark is at %lld", seq, k->stream->name,
          (long long)k->fact->r->occurred_at_ms, (long long)next->at_ms);
    AUDIT(rang->n_to == next->n_to &&
              memcmp(rang->to, next->to, next->n_to * sizeof *next->to) == 0,
          "timer", "record %llu of %s tells others than the policy names", seq, k->stream->name);
    AUDIT(strcmp(rang->owner, clock->owner) == 0, "timer",
          "record %llu of %s names another owner than the term has", seq, k->stream->name);
    check_people(k, clock, rang);
    Rules__Mark *mark = (Rules__Mark *)(uintptr_t)next_mark(carry(k, clock));
    mark->rung = true;
    mark->badges = rang->badges; // just looked at
    mark->n_badges = rang->n_badges;
}

// A timer fires for a mark that is due, of a term that runs, and for each once.
void audit_timer(struct audit *a, const struct audit_stream *stream, const Lq__Record *r)
{
    static const char stem[] = "clock/";
    if (strncmp(r->timer, stem, sizeof stem - 1) != 0)
        return;
    const struct audit_clock *clock = audit_find_text(&a->clocks, r->timer + sizeof stem - 1);
    AUDIT(clock != NULL && clock->stream == stream->name && audit_clock_runs(clock->row), "timer",
          "the timer %s fires, and no such term runs", r->timer);
    const Rules__Mark *next = next_mark(clock->row);
    AUDIT(next != NULL, "timer", "the timer %s fires, and all has been told", r->timer);
    AUDIT(next->at_ms <= r->recorded_at_ms, "timer", "the timer %s fires too early", r->timer);
}

void audit_overdue(struct audit *a, const struct audit_stream *stream, int64_t now_ms)
{
    for (const struct audit_entry *e = a->clocks.first; e != NULL; e = e->next) {
        const struct audit_clock *clock = e->value;
        const Rules__Mark *next = next_mark(clock->row);
        AUDIT(clock->stream != stream->name || !audit_clock_runs(clock->row) || next == NULL ||
                  next->at_ms + OVERDUE_MS > now_ms,
              "timer", "a mark of the term %s has come long ago, and nobody was told", e->key);
    }
}

// ---------------------------------------------------------------- promises, pauses, extensions

static void taken(struct carried *k, const Rules__ClockTaken *t)
{
    Rules__Clock *c = carry(k, running(k, t->kind, t->number, t->rule));
    AUDIT(strcmp(t->by, k->fact->principal) == 0 && t->until_ms > k->fact->r->occurred_at_ms,
          "clock", "record %llu of %s promises for somebody else, or for what is past",
          (number)k->fact->r->seq, k->stream->name);
    c->taken_by = t->by;
    c->taken_until_ms = t->until_ms;
    for (size_t i = 0; i < c->n_marks; i++)
        if (!c->marks[i]->rung)
            c->marks[i]->at_ms = as_promised(c, c->marks[i]->at_ms);
}

bool audit_pause_fits(const Rules__Clock *c, const char *cause, int32_t from_day, int32_t to_day,
                      const char *paper)
{
    return strcmp(c->rule, "SZ6") == 0 && strcmp(cause, "testing_term_notified") == 0 &&
           paper[0] != '\0' && from_day != 0 && from_day <= to_day &&
           from_day >= audit_day(c->start_ms) && from_day <= audit_day(c->due_ms - 1);
}

static void paused(struct carried *k, const Rules__ClockPaused *p)
{
    Rules__Clock *c = carry(k, running(k, p->kind, p->number, p->rule));
    AUDIT(audit_pause_fits(c, p->cause, p->from_day, p->to_day, p->paper), "clock",
          "record %llu of %s takes days out of the term %s of %s for no good cause",
          (number)k->fact->r->seq, k->stream->name, p->rule, p->number);
    Rules__Pause **pauses = audit_alloc(k->a, (c->n_pauses + 1) * sizeof *pauses);
    size_t kept = 0;
    for (size_t i = 0; i < c->n_pauses; i++)
        if (c->pauses[i]->from_day != p->from_day)
            pauses[kept++] = c->pauses[i];
    pauses[kept] = audit_alloc(k->a, sizeof **pauses);
    rules__pause__init(pauses[kept]);
    pauses[kept]->cause = p->cause;
    pauses[kept]->from_day = p->from_day;
    pauses[kept]->to_day = p->to_day;
    pauses[kept]->paper = p->paper;
    c->pauses = pauses;
    c->n_pauses = kept + 1;
    count(k->a, c, k->fact);
}

static void extended(struct carried *k, const Seizure__SealExtended *e)
{
    const Seizure__Command *command = (const void *)k->fact->command->body;
    Rules__Clock *c = carry(k, running(k, "item", e->item, "SZ6"));
    AUDIT(command->extend_seal->days >= 0 && command->extend_seal->days <= SEIZURE_DAYS, "seizure",
          "the extension of item %s is of %d days", e->item, command->extend_seal->days);
    Rules__Extension **list = audit_alloc(k->a, (c->n_extensions + 1) * sizeof *list);
    for (size_t i = 0; i < c->n_extensions; i++)
        list[i] = c->extensions[i];
    Rules__Extension *one = list[c->n_extensions] = audit_alloc(k->a, sizeof *one);
    rules__extension__init(one);
    one->rule = (char *)(uintptr_t)"SZ7";
    one->number = command->extend_seal->days;
    one->at_ms = k->fact->r->occurred_at_ms;
    one->by = (char *)(uintptr_t)k->fact->principal;
    one->paper = command->extend_seal->paper;
    c->extensions = list;
    c->n_extensions++;
    count(k->a, c, k->fact);
}

// ---------------------------------------------------------------- what facts do to terms

// It counts from the day in the decision; another may argue for the act.
static void sealed(struct carried *k, const Seizure__ItemTaken *item)
{
    Rules__Clock *c = begin(k, "item", item->number, "SZ6", "");
    AUDIT(item->decision_day <= audit_day(item->at_ms) && item->term_days >= 0 &&
              item->term_days <= SEIZURE_DAYS,
          "seizure", "item %s is sealed before the decision, or for %d days", item->number,
          item->term_days);
    if (item->decision_day != 0 && item->decision_day != audit_day(item->at_ms)) {
        c->arguable_start_ms = item->at_ms;
        c->start_ms = midnight_after(item->decision_day - 1);
    }
    c->length = item->term_days;
    count(k->a, c, k->fact);
}

static void by_seizure(struct carried *k, const Seizure__Event *e)
{
    if (e->body_case == SEIZURE__EVENT__BODY_ITEM_SEALED)
        sealed(k, e->item_sealed);
    if (e->body_case == SEIZURE__EVENT__BODY_SEAL_EXTENDED)
        extended(k, e->seal_extended);
    if (e->body_case == SEIZURE__EVENT__BODY_SEAL_RELEASED)
        stop(k, "item", e->seal_released->item, "SZ6", k->fact->r->occurred_at_ms);
    if (e->body_case == SEIZURE__EVENT__BODY_CLOCK_RANG)
        rang(k, e->clock_rang);
    if (e->body_case == SEIZURE__EVENT__BODY_CLOCK_TAKEN)
        taken(k, e->clock_taken);
    if (e->body_case == SEIZURE__EVENT__BODY_CLOCK_PAUSED)
        paused(k, e->clock_paused);
}

static const char *part(struct audit *a, const char *order, const char *team)
{
    const size_t size = strlen(order) + strlen(team) + 2;
    char *text = audit_alloc(a, size);
    snprintf(text, size, "%s/%s", order, team);
    return text;
}

static void issued(struct carried *k, const Dispatch__OrderIssued *o)
{
    if (!is_from_paper(k->fact))
        count(k->a,
              begin(k, "order", o->number, "OP-ACK",
                    o->priority == DISPATCH__PRIORITY__FLASH    ? "flash"
                    : o->priority == DISPATCH__PRIORITY__URGENT ? "urgent"
                                                                : "routine"),
              k->fact);
}

// With the last answer the order is answered, at the latest of all of them.
static void answered(struct carried *k, const char *number_)
{
    const struct audit_order *order = audit_find_text(&k->a->orders, number_);
    int64_t last_ms = 0;
    for (size_t i = 0; i < order->team_count; i++) {
        if (order->teams[i].answered_ms == 0)
            return;
        if (order->teams[i].answered_ms > last_ms)
            last_ms = order->teams[i].answered_ms;
    }
    stop(k, "order", number_, "OP-ACK", last_ms);
}

static void acknowledged(struct carried *k, const Dispatch__StepReported *e)
{
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    const struct audit_shift *shift = audit_on_duty(&k->stream->roster, at_ms);
    answered(k, e->order);
    if (is_from_paper(k->fact))
        return;
    Rules__Clock *c = begin(k, "assignment", part(k->a, e->order, e->team), "OP-DEPART",
                            shift != NULL && strcmp(shift->name, "night") == 0 ? "night" : "day");
    c->owner = e->team;
    count(k->a, c, k->fact);
}

static void by_dispatch(struct carried *k, const Dispatch__Event *e)
{
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_ISSUED)
        issued(k, e->order_issued);
    if (e->body_case == DISPATCH__EVENT__BODY_STEP_REPORTED &&
        e->step_reported->step == DISPATCH__STEP__ACKNOWLEDGED)
        acknowledged(k, e->step_reported);
    if (e->body_case == DISPATCH__EVENT__BODY_STEP_REPORTED &&
        e->step_reported->step == DISPATCH__STEP__DEPARTED)
        stop(k, "assignment", part(k->a, e->step_reported->order, e->step_reported->team),
             "OP-DEPART", at_ms);
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_DECLINED) {
        answered(k, e->order_declined->order);
        stop(k, "assignment", part(k->a, e->order_declined->order, e->order_declined->team),
             "OP-DEPART", at_ms);
    }
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_CANCELLED) {
        const struct audit_order *order = audit_find_text(&k->a->orders, e->order_cancelled->order);
        stop(k, "order", e->order_cancelled->order, "OP-ACK", at_ms);
        for (size_t i = 0; i < order->team_count; i++)
            stop(k, "assignment", part(k->a, e->order_cancelled->order, order->teams[i].name),
                 "OP-DEPART", at_ms);
    }
    if (e->body_case == DISPATCH__EVENT__BODY_CLOCK_RANG)
        rang(k, e->clock_rang);
    if (e->body_case == DISPATCH__EVENT__BODY_CLOCK_TAKEN)
        taken(k, e->clock_taken);
}

// ---------------------------------------------------------------- what the record carries

static struct lq_span packed(struct audit *a, const Rules__Clock *c)
{
    uint8_t *bytes = audit_alloc(a, rules__clock__get_packed_size(c) + 1);
    return lq_span(bytes, rules__clock__pack(c, bytes));
}

static void check_marks(const struct carried *k, const Rules__Clock *c, const Rules__Clock *told)
{
    const number seq = k->fact->r->seq;
    AUDIT(c->n_marks == told->n_marks, "clock",
          "record %llu of %s: the term %s of %s has %zu marks, not %zu", seq, k->stream->name,
          c->rule, c->number, told->n_marks, c->n_marks);
    for (size_t i = 0; i < c->n_marks; i++)
        AUDIT(c->marks[i]->at_ms == told->marks[i]->at_ms &&
                  c->marks[i]->rung == told->marks[i]->rung,
              "clock", "record %llu of %s: mark %zu of the term %s of %s is at %lld, not at %lld",
              seq, k->stream->name, i, c->rule, c->number, (long long)told->marks[i]->at_ms,
              (long long)c->marks[i]->at_ms);
}

static void check_row(const struct carried *k, Rules__Clock *c, const Rules__Clock *told)
{
    const number seq = k->fact->r->seq;
    AUDIT(told != NULL, "clock", "record %llu of %s does not carry the term %s of %s %s", seq,
          k->stream->name, c->rule, c->kind, c->number);
    AUDIT(told->revision[0] != '\0', "clock", "record %llu of %s counts by no revision", seq,
          k->stream->name);
    c->revision = told->revision;
    AUDIT(told->due_ms == c->due_ms && told->arguable_due_ms == c->arguable_due_ms, "clock",
          "record %llu of %s ends the term %s of %s at %lld (%lld); it ends at %lld (%lld)", seq,
          k->stream->name, c->rule, c->number, (long long)told->due_ms,
          (long long)told->arguable_due_ms, (long long)c->due_ms, (long long)c->arguable_due_ms);
    AUDIT(told->stop_ms == c->stop_ms, "clock",
          "record %llu of %s stops the term %s of %s at %lld, not at %lld", seq, k->stream->name,
          c->rule, c->number, (long long)told->stop_ms, (long long)c->stop_ms);
    check_marks(k, c, told);
    AUDIT(lq_span_equal(packed(k->a, c), packed(k->a, told)), "clock",
          "record %llu of %s carries the term %s of %s otherwise than it is", seq, k->stream->name,
          c->rule, c->number);
}

static void check_carried(struct carried *k, Rules__Clock *const *told, size_t count_told)
{
    AUDIT(k->count == count_told, "clock", "record %llu of %s carries %zu terms, not %zu",
          (number)k->fact->r->seq, k->stream->name, count_told, k->count);
    for (size_t i = 0; i < k->count; i++) {
        Rules__Clock *c = k->rows[i];
        const Rules__Clock *same = NULL;
        for (size_t t = 0; t < count_told; t++)
            if (strcmp(told[t]->kind, c->kind) == 0 && strcmp(told[t]->number, c->number) == 0 &&
                strcmp(told[t]->rule, c->rule) == 0)
                same = told[t];
        check_row(k, c, same);
        struct audit_clock *kept =
            audit_put(k->a, &k->a->clocks, sizeof *kept, key_of(k->a, c->kind, c->number, c->rule));
        *kept = (struct audit_clock){.row = c, .stream = k->stream->name};
    }
}

void audit_clocks(struct audit *a, const struct audit_stream *stream, const struct audit_fact *fact,
                  const ProtobufCMessage *event)
{
    struct carried k = {.a = a, .stream = stream, .fact = fact};
    if (event->descriptor == &seizure__event__descriptor) {
        const Seizure__Event *e = (const void *)event;
        by_seizure(&k, e);
        check_carried(&k, e->clocks, e->n_clocks);
    }
    if (event->descriptor == &dispatch__event__descriptor) {
        const Dispatch__Event *e = (const void *)event;
        by_dispatch(&k, e);
        check_carried(&k, e->clocks, e->n_clocks);
    }
}

// ---------------------------------------------------------------- answers

static Rules__ClockStatus status_at(const Rules__Clock *c, int64_t at_ms)
{
    if (c->stop_ms != 0 && c->stop_ms <= at_ms)
        return c->stop_ms < c->due_ms ? RULES__CLOCK_STATUS__MET : RULES__CLOCK_STATUS__LATE;
    if (at_ms >= c->due_ms)
        return RULES__CLOCK_STATUS__OVERDUE;
    return is_paused(c, audit_day(at_ms)) ? RULES__CLOCK_STATUS__PAUSED
                                          : RULES__CLOCK_STATUS__RUNNING;
}

static bool is_asked_for(const Rules__AskClocks *q, const Rules__Clock *c, int64_t at_ms)
{
    const Rules__ClockStatus status = status_at(c, at_ms);
    const bool over = status == RULES__CLOCK_STATUS__MET || status == RULES__CLOCK_STATUS__LATE;
    const size_t stem = strlen(q->rule);
    return c->start_ms <= at_ms && (q->all || !over) &&
           (q->kind[0] != '\0' || q->all || audit_clock_runs(c)) &&
           (q->kind[0] == '\0' || strcmp(q->kind, c->kind) == 0) &&
           (q->number[0] == '\0' || strcmp(q->number, c->number) == 0) &&
           (stem == 0 || strncmp(q->rule, c->rule, stem) == 0) &&
           (!q->overdue || status == RULES__CLOCK_STATUS__OVERDUE) &&
           (q->within_day == 0 || audit_day(c->due_ms - 1) <= q->within_day);
}

static void check_told(struct audit *a, const struct audit_stream *stream,
                       const Rules__AskClocks *q, const Rules__Clock *told, int64_t at_ms)
{
    const Rules__Clock *c = audit_clock_of(a, told->kind, told->number, told->rule);
    AUDIT(c != NULL && is_asked_for(q, c, at_ms), "answer",
          "%s tells of the term %s of %s %s, which was not asked for", stream->name, told->rule,
          told->kind, told->number);
    AUDIT(told->status == status_at(c, at_ms) && told->due_ms == c->due_ms &&
              told->stop_ms == c->stop_ms,
          "answer", "%s says of the term %s of %s %s that it is %d, ends at %lld; it is %d, %lld",
          stream->name, told->rule, told->kind, told->number, (int)told->status,
          (long long)told->due_ms, (int)status_at(c, at_ms), (long long)c->due_ms);
    AUDIT(told->last_day == audit_day(c->due_ms - 1) &&
              told->act_by_day == act_by_day(told->last_day) && told->n_marks == c->n_marks,
          "answer", "%s tells of another last day of the term %s of %s %s", stream->name,
          told->rule, told->kind, told->number);
}

void audit_clocks_answer(struct audit *a, const struct audit_stream *stream,
                         const Rules__AskClocks *q, const Rules__ClocksAnswer *answer,
                         int64_t clock_ms)
{
    size_t asked = 0;
    if (q->mine)
        return;
    for (size_t i = 0; i < answer->n_clocks; i++)
        check_told(a, stream, q, answer->clocks[i], clock_ms);
    for (size_t i = 1; i < answer->n_clocks && !q->all && q->kind[0] == '\0'; i++)
        AUDIT(answer->clocks[i - 1]->due_ms <= answer->clocks[i]->due_ms, "answer",
              "%s tells of a term before one that ends earlier", stream->name);
    for (const struct audit_entry *e = a->clocks.first; e != NULL; e = e->next) {
        const struct audit_clock *clock = e->value;
        asked += clock->stream == stream->name && is_asked_for(q, clock->row, clock_ms);
    }
    AUDIT(answer->more || answer->n_clocks == asked, "answer",
          "%s tells of %zu terms; by its records there are %zu", stream->name, answer->n_clocks,
          asked);
}
