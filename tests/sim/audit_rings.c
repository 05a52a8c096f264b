// What a term tells of itself: a mark rings once, not before its time, not after the term has
// ended, not long after it has come, and tells whom the policy names.
#include "sim/audit_parts.h"

typedef unsigned long long number;

// A clock may jump ahead by a quarter of an hour (faults.c); a process sees that when it wakes
// next, as it does within two minutes.
enum { OVERDUE_MS = 15 * 60000 + 120000, DAY_MS = 24 * 3600000 };

const Rules__Mark *audit_next_mark(const Rules__Clock *c)
{
    const Rules__Mark *next = NULL;
    for (size_t i = 0; i < c->n_marks; i++)
        if (!c->marks[i]->rung && (next == NULL || c->marks[i]->at_ms < next->at_ms))
            next = c->marks[i];
    return next;
}

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

static unsigned add_chiefs_of(struct badges *badges, const struct audit_roster *roster,
                              int64_t at_ms, const char *group)
{
    unsigned found = 0;
    for (const struct audit_entry *e = roster->people.first; e != NULL; e = e->next) {
        const struct audit_person *p = audit_person_at(roster, (const char *)e->key, at_ms);
        if (p == NULL || p->rank != SHIFT__RANK__DESK_CHIEF ||
            (group != NULL && strcmp(group, p->group) != 0))
            continue;
        add_badge(badges, (const char *)e->key);
        found++;
    }
    return found;
}

// Those of the group on duty; where there is none of it, all.
static void add_chiefs(struct badges *badges, const struct audit_roster *roster, int64_t at_ms)
{
    const struct audit_shift *shift = audit_on_duty(roster, at_ms);
    if (shift == NULL || add_chiefs_of(badges, roster, at_ms, shift->group) == 0)
        add_chiefs_of(badges, roster, at_ms, NULL);
}

// Those of the shift that ends then, and of the next.
static void add_both_chiefs(struct badges *badges, const struct audit_roster *roster, int64_t at_ms,
                            int64_t ends_ms)
{
    const struct audit_shift *of = audit_shift_that_ends(roster, ends_ms);
    const struct audit_shift *next = audit_shift_behind(roster, of->from_ms);
    unsigned found = add_chiefs_of(badges, roster, at_ms, of->group);
    if (next != NULL)
        found += add_chiefs_of(badges, roster, at_ms, next->group);
    if (found == 0)
        add_chiefs_of(badges, roster, at_ms, NULL);
}

// The desk is still with whoever has signed for it within a day.
static void add_desk(const struct audit *a, struct badges *badges,
                     const struct audit_roster *roster, int64_t at_ms)
{
    if (a->desk.badge != NULL && at_ms >= a->desk.since_ms && at_ms - a->desk.since_ms < DAY_MS)
        add_badge(badges, a->desk.badge);
    add_chiefs(badges, roster, at_ms);
}

// Where the team has neither lead nor deputy, the chiefs must know.
static void add_deputy(const struct audit *a, struct badges *badges,
                       const struct audit_roster *roster, int64_t at_ms, const char *team)
{
    const char *badge = first_of(roster, at_ms, team, 0, SHIFT__RANK__DEPUTY_LEAD);
    if (badge == NULL)
        badge = first_of(roster, at_ms, team, LQ__ROLE__LEAD, 0);
    if (badge != NULL)
        add_badge(badges, badge);
    else
        add_desk(a, badges, roster, at_ms);
}

static bool is_among(char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

// Elsewhere it is a team, a pair; of the ledger's terms only those of decisions get here.
static bool owner_is_a_person(const char *service)
{
    static const char *const services[] = {"seizure", "tips", "oversight", "ledger"};
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (strcmp(services[i], service) == 0)
            return true;
    return false;
}

// An order's mark names the teams that have not answered, and their deputies; another's its own.
static void check_people(const struct audit_carried *k, const Rules__Clock *clock,
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
            add_deputy(k->a, &badges, roster, at_ms, order->teams[i].name);
    }
    const bool is_of_camera = strcmp(clock->kind, "channel") == 0; // it names whom nobody can tell
    AUDIT(is_of_camera || silent == rang->n_missing, "timer",
          "record %llu of %s names %zu silent teams of %zu", seq, k->stream->name, rang->n_missing,
          silent);
    if (is_told(rang, RULES__ADDRESSEE__OWNER) && owner_is_a_person(k->stream->name))
        add_badge(&badges, clock->owner); // of an item's term an officer, of a task who answers
    if (is_told(rang, RULES__ADDRESSEE__DESK_CHIEF)) {
        if (strcmp(clock->kind, "handover") == 0)
            add_both_chiefs(&badges, roster, at_ms, clock->start_ms);
        else if (strcmp(k->stream->name, "dispatch") == 0)
            add_desk(k->a, &badges, roster, at_ms);
        else // it knows of no shifts: all of them
            add_chiefs(&badges, roster, at_ms);
    }
    AUDIT(badges.count == rang->n_badges, "timer",
          "record %llu of %s (%s of %s) tells %zu people by name, not %zu", seq, k->stream->name,
          rang->rule, rang->number, rang->n_badges, badges.count);
    for (size_t i = 0; i < badges.count; i++)
        AUDIT(is_among(rang->badges, rang->n_badges, badges.of[i]), "timer",
              "record %llu of %s does not tell %s", seq, k->stream->name, badges.of[i]);
}

void audit_clock_rang(struct audit_carried *k, const void *body)
{
    const Rules__ClockRang *rang = body;
    const number seq = k->fact->r->seq;
    const Rules__Clock *clock = audit_running(k, rang->kind, rang->number, rang->rule);
    AUDIT(strncmp(k->fact->r->timer, "clock/", 6) == 0, "timer",
          "record %llu of %s rings, and no timer has fired", seq, k->stream->name);
    const Rules__Mark *next = audit_next_mark(clock);
    AUDIT(next != NULL && next->offset_ms == rang->offset_ms && rang->due_ms == clock->due_ms,
          "timer", "record %llu of %s rings a mark that is not the next of its term", seq,
          k->stream->name);
    AUDIT(k->fact->r->occurred_at_ms == next->at_ms && k->fact->r->recorded_at_ms >= next->at_ms,
          "timer", "record %llu of %s rings at %lld, the mark is at %lld", seq, k->stream->name,
          (long long)k->fact->r->occurred_at_ms, (long long)next->at_ms);
    // Nobody of a pair has a badge here: the desk is told.
    const bool is_of_pair = strcmp(clock->kind, "channel") == 0 && next->offset_ms == 0;
    AUDIT(rang->n_to == next->n_to + is_of_pair &&
              (!is_of_pair || rang->to[next->n_to] == RULES__ADDRESSEE__DESK) &&
              memcmp(rang->to, next->to, next->n_to * sizeof *next->to) == 0,
          "timer", "record %llu of %s tells others than the policy names", seq, k->stream->name);
    AUDIT(strcmp(rang->owner, clock->owner) == 0, "timer",
          "record %llu of %s names another owner than the term has", seq, k->stream->name);
    check_people(k, clock, rang);
    Rules__Mark *mark = (Rules__Mark *)(uintptr_t)audit_next_mark(audit_carry(k, clock));
    mark->rung = true;
    mark->to = rang->to; // just looked at, as the badges were
    mark->n_to = rang->n_to;
    mark->badges = rang->badges;
    mark->n_badges = rang->n_badges;
}

// A timer fires for a mark that is due, of a term that runs, and for each once.
void audit_timer(struct audit *a, const struct audit_stream *stream, const Lq__Record *r)
{
    static const char stem[] = "clock/";
    if (strncmp(r->timer, stem, sizeof stem - 1) != 0 || strcmp(stream->name, "casefile") == 0 ||
        strcmp(stream->name, "shift") == 0 || strncmp(r->timer, "clock/premises/", 15) == 0)
        return; // of casefile, shift and premises the terms themselves are not modelled
    const struct audit_clock *clock = audit_find_text(&a->clocks, r->timer + sizeof stem - 1);
    AUDIT(clock != NULL && clock->stream == stream->name && audit_clock_runs(clock->row), "timer",
          "the timer %s fires, and no such term runs", r->timer);
    const Rules__Mark *next = audit_next_mark(clock->row);
    AUDIT(next != NULL, "timer", "the timer %s fires, and all has been told", r->timer);
    AUDIT(next->at_ms <= r->recorded_at_ms, "timer", "the timer %s fires too early", r->timer);
}

void audit_overdue(struct audit *a, const struct audit_stream *stream, int64_t now_ms)
{
    audit_gateway_quiet(a, stream, now_ms);
    for (const struct audit_entry *e = a->clocks.first; e != NULL; e = e->next) {
        const struct audit_clock *clock = e->value;
        const Rules__Mark *next = audit_next_mark(clock->row);
        AUDIT(clock->stream != stream->name || !audit_clock_runs(clock->row) || next == NULL ||
                  next->at_ms + OVERDUE_MS > now_ms,
              "timer", "a mark of the term %s has come long ago, and nobody was told", e->key);
    }
}
