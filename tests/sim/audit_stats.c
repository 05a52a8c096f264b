// The figures, counted again from the records of dispatch, seizure, casefile and ledger by the
// published rule (services/stats/README.md). What an event must book is known as soon as it is
// durable, and is held against what stats books; the totals are added up anew for each answer.
#include <stdio.h>
#include <stdlib.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

enum { DAY_MS = 24 * 3600 * 1000 };

int32_t audit_day(int64_t at_ms)
{
    const int64_t local = at_ms + 8 * 3600 * 1000;
    return (int32_t)(local >= 0 ? local / DAY_MS : -((DAY_MS - 1 - local) / DAY_MS));
}

// ---------------------------------------------------------------- what an event must book

static struct audit_entry_due *add(struct audit_booking *booking, uint32_t figure, int64_t at_ms,
                                   const char *number_, const char *township)
{
    AUDIT(booking->count < sizeof booking->entries / sizeof booking->entries[0], "memory",
          "the auditor's books are too small");
    struct audit_entry_due *entry = &booking->entries[booking->count++];
    *entry = (struct audit_entry_due){.figure = figure,
                                      .day = audit_day(at_ms),
                                      .amount = 1,
                                      .kind = "",
                                      .number = number_,
                                      .township = township,
                                      .team = ""};
    return entry;
}

static void count_once(struct audit *a, struct audit_booking *booking, uint32_t figure,
                       int64_t at_ms, const char *kind, const char *number_, const char *township)
{
    const char name[] = {(char)('A' + figure), '\0'};
    const struct lq_span key = audit_pair(a, name, number_);
    if (audit_find(&a->counted, key) != NULL)
        return;
    audit_put(a, &a->counted, 0, key);
    add(booking, figure, at_ms, number_, township)->kind = kind;
}

static void count_order(struct audit *a, struct audit_booking *booking,
                        const Dispatch__OrderIssued *o)
{
    add(booking, STATS__FIGURE__OPERATIONS, o->issued_at_ms, o->number, o->township)->order = o;
    if (o->vehicles > 0)
        add(booking, STATS__FIGURE__VEHICLE_TIMES, o->issued_at_ms, o->number, o->township)
            ->amount = (int32_t)o->vehicles;
    if (o->machines > 0)
        add(booking, STATS__FIGURE__MACHINE_TIMES, o->issued_at_ms, o->number, o->township)
            ->amount = (int32_t)o->machines;
    struct audit_booking *open = audit_put_text(a, &a->unsettled, sizeof *open, o->number);
    *open = *booking;
}

// Whether the order can still be taken out again: the booking of it, or NULL.
static struct audit_booking *unsettled(struct audit *a, const char *order)
{
    struct audit_booking *open = audit_find_text(&a->unsettled, order);
    return open != NULL && open->count > 0 ? open : NULL;
}

static void count_participant(struct audit *a, struct audit_booking *booking, int64_t at_ms,
                              const Dispatch__ParticipantRecorded *p)
{
    struct audit_entry_due *entry =
        add(booking, STATS__FIGURE__PERSON_TIMES, at_ms, p->order, p->township);
    entry->team = p->team;
    struct audit_booking *open = unsettled(a, p->order);
    if (open != NULL)
        *add(open, 0, 0, "", "") = *entry;
}

static void withdraw(struct audit *a, struct audit_booking *booking, const char *order)
{
    struct audit_booking *open = unsettled(a, order);
    if (open == NULL)
        return; // a team had departed: it counts
    *booking = *open;
    for (size_t i = 0; i < booking->count; i++)
        booking->entries[i].amount = -booking->entries[i].amount;
    open->count = 0;
}

static void count_dispatch(struct audit *a, struct audit_booking *booking, int64_t at_ms,
                           const Dispatch__Event *e)
{
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_ISSUED)
        count_order(a, booking, e->order_issued);
    if (e->body_case == DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED)
        count_participant(a, booking, at_ms, e->participant_recorded);
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_CANCELLED)
        withdraw(a, booking, e->order_cancelled->order);
    if (e->body_case == DISPATCH__EVENT__BODY_STEP_REPORTED &&
        e->step_reported->step >= DISPATCH__STEP__DEPARTED) {
        struct audit_booking *open = unsettled(a, e->step_reported->order);
        if (open != NULL)
            open->count = 0;
    }
}

static void count_seizure(struct audit *a, struct audit_booking *booking, int64_t at_ms,
                          const Seizure__Event *e)
{
    if (e->body_case == SEIZURE__EVENT__BODY_ITEM_DISMANTLED)
        count_once(a, booking, STATS__FIGURE__DISMANTLED, at_ms, e->item_dismantled->kind,
                   e->item_dismantled->number, e->item_dismantled->township);
    if (e->body_case == SEIZURE__EVENT__BODY_ITEM_SEALED)
        count_once(a, booking, STATS__FIGURE__SEALED, at_ms, e->item_sealed->kind,
                   e->item_sealed->number, e->item_sealed->township);
    if (e->body_case == SEIZURE__EVENT__BODY_SITE_CLOSED)
        count_once(a, booking, STATS__FIGURE__SHUT_DOWN, at_ms, e->site_closed->kind,
                   e->site_closed->site, e->site_closed->township);
}

static void count_casefile(struct audit *a, struct audit_booking *booking, int64_t at_ms,
                           const Casefile__Event *e)
{
    static const uint32_t of_step[] = {
        [CASEFILE__SUSPECT_STEP__LISTED_WANTED] = STATS__FIGURE__LISTED_WANTED,
        [CASEFILE__SUSPECT_STEP__CAPTURED] = STATS__FIGURE__CAPTURED,
        [CASEFILE__SUSPECT_STEP__DETAINED] = STATS__FIGURE__DETAINED,
        [CASEFILE__SUSPECT_STEP__ARREST_APPROVED] = STATS__FIGURE__ARREST_APPROVED,
        [CASEFILE__SUSPECT_STEP__DISCHARGED] = 0,
    };
    if (e->body_case == CASEFILE__EVENT__BODY_NOTICE_ISSUED)
        count_once(a, booking, STATS__FIGURE__NOTICES, at_ms, "", e->notice_issued->number,
                   e->notice_issued->township);
    if (e->body_case == CASEFILE__EVENT__BODY_CASE_FILED)
        count_once(a, booking, STATS__FIGURE__CASES_FILED, at_ms, "", e->case_filed->number,
                   e->case_filed->township);
    if (e->body_case == CASEFILE__EVENT__BODY_CASE_SOLVED)
        count_once(a, booking, STATS__FIGURE__CASES_SOLVED, at_ms, "", e->case_solved->number,
                   e->case_solved->township);
    if (e->body_case == CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED) {
        const Casefile__SuspectStepRecorded *s = e->suspect_step_recorded;
        if (of_step[s->step] != 0)
            count_once(a, booking, of_step[s->step], at_ms, "", s->suspect, s->township);
    }
}

static void count_ledger(struct audit_booking *booking, int64_t at_ms, const Ledger__Event *e)
{
    static const char *const words[] = {
        "",         "suspended", "inspected", "rectification_started", "rectification_completed",
        "accepted", "closed"};
    if (e->body_case != LEDGER__EVENT__BODY_STATUS_CHANGED)
        return;
    const Ledger__StatusChanged *c = e->status_changed;
    if (c->from != LEDGER__STATUS__NO_STATUS) {
        struct audit_entry_due *left =
            add(booking, STATS__FIGURE__LEDGER, at_ms, c->premises, c->township);
        left->kind = words[c->from];
        left->amount = -1;
    }
    add(booking, STATS__FIGURE__LEDGER, at_ms, c->premises, c->township)->kind = words[c->to];
}

// What comes from the villages, is seen by cameras and costs money.
static void count_supervision(struct audit *a, struct audit_booking *booking, int64_t at_ms,
                              const ProtobufCMessage *event)
{
    if (event->descriptor == &tips__event__descriptor) {
        const Tips__Event *e = (const void *)event;
        if (e->body_case == TIPS__EVENT__BODY_TIP_RECORDED)
            count_once(a, booking, STATS__FIGURE__LEADS,
                       e->tip_recorded->received_at_ms != 0 ? e->tip_recorded->received_at_ms
                                                            : at_ms,
                       "", e->tip_recorded->number, "");
    } else if (event->descriptor == &monitor__event__descriptor) {
        const Monitor__Event *e = (const void *)event;
        if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_LIVE)
            count_once(a, booking, STATS__FIGURE__CAMERAS, at_ms, "", e->channel_live->channel, "");
    } else if (event->descriptor == &fund__event__descriptor) {
        const Fund__Event *e = (const void *)event;
        if (e->body_case == FUND__EVENT__BODY_STEP_TAKEN && strcmp(e->step_taken->to, "PAID") == 0)
            count_once(a, booking, STATS__FIGURE__GRANTS, at_ms, "", e->step_taken->number, "");
    }
}

static void count_oversight(struct audit *a, struct audit_booking *booking, int64_t at_ms,
                            const Oversight__Event *e)
{
    if (e->body_case == OVERSIGHT__EVENT__BODY_MEETING_RECORDED) {
        const Oversight__MeetingRecorded *m = e->meeting_recorded;
        add(booking, STATS__FIGURE__MEETINGS, at_ms, m->number, "");
        if (m->issues_raised > 0)
            add(booking, STATS__FIGURE__ISSUES_RAISED, at_ms, m->number, "")->amount =
                (int32_t)m->issues_raised;
        if (m->issues_resolved > 0)
            add(booking, STATS__FIGURE__ISSUES_SOLVED, at_ms, m->number, "")->amount =
                (int32_t)m->issues_resolved;
    }
    if (e->body_case == OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED)
        add(booking, STATS__FIGURE__INTERVIEWS, at_ms, e->interview_recorded->number, "");
    if (e->body_case == OVERSIGHT__EVENT__BODY_TASK_ASSIGNED && e->task_assigned->adds_issue)
        add(booking, STATS__FIGURE__ISSUES_RAISED, at_ms, e->task_assigned->number, "");
    if (e->body_case == OVERSIGHT__EVENT__BODY_STEP_TAKEN &&
        strcmp(e->step_taken->to, "CLOSED") == 0) {
        const struct audit_task *task = audit_find_text(&a->tasks, e->step_taken->number);
        if (task->meeting != NULL)
            add(booking, STATS__FIGURE__ISSUES_SOLVED, at_ms, e->step_taken->number, "");
    }
}

// A counter-entry on the day on which it was booked, and what it is now beside it.
static void count_correction(struct audit *a, struct audit_booking *booking,
                             const Casefile__Event *e)
{
    const bool voided = e->body_case == CASEFILE__EVENT__BODY_VOIDED;
    if (!voided && e->body_case != CASEFILE__EVENT__BODY_CORRECTED)
        return;
    const char *name = voided ? e->voided->number : e->corrected->number;
    const struct audit_notice *notice = audit_find_text(&a->notices, name);
    if (notice == NULL)
        return; // audit_correct.c says so
    if (voided)
        add(booking, STATS__FIGURE__NOTICES, notice->issued_ms, name, notice->township)->amount =
            -1;
    for (size_t i = 0; !voided && i < e->corrected->n_changes; i++) {
        const Rules__Change *change = e->corrected->changes[i];
        if (strcmp(change->field, "issued_at_ms") != 0)
            continue;
        add(booking, STATS__FIGURE__NOTICES, strtoll(change->was, NULL, 10), name, notice->township)
            ->amount = -1;
        add(booking, STATS__FIGURE__NOTICES, strtoll(change->now, NULL, 10), name,
            notice->township);
    }
}

void audit_count(struct audit *a, struct audit_stream *stream, const struct audit_record *record)
{
    struct audit_stream *stats = audit_stream_named(a, "stats");
    const int64_t at_ms = record->record->occurred_at_ms;
    struct audit_booking booking = {.count = 0};
    if (record->event->descriptor == &dispatch__event__descriptor)
        count_dispatch(a, &booking, at_ms, (const void *)record->event);
    else if (record->event->descriptor == &seizure__event__descriptor)
        count_seizure(a, &booking, at_ms, (const void *)record->event);
    else if (record->event->descriptor == &casefile__event__descriptor) {
        count_casefile(a, &booking, at_ms, (const void *)record->event);
        count_correction(a, &booking, (const void *)record->event);
    } else if (record->event->descriptor == &oversight__event__descriptor)
        count_oversight(a, &booking, at_ms, (const void *)record->event);
    else if (record->event->descriptor == &ledger__event__descriptor)
        count_ledger(&booking, at_ms, (const void *)record->event);
    else
        count_supervision(a, &booking, at_ms, record->event);
    if (booking.count == 0 || stats == NULL)
        return;
    for (size_t i = 0; i < booking.count; i++)
        booking.entries[i].known_ms = record->record->recorded_at_ms;
    struct audit_due due = {.seq = record->record->seq, .digest = record->record->seq};
    due.booking = audit_alloc(a, sizeof booking);
    *due.booking = booking;
    audit_expect(a, stats, stream, &due);
}

// ---------------------------------------------------------------- what stats books

static bool is_entry(const struct audit_entry_due *due, const Stats__BookedEntry *e)
{
    if (due->order != NULL) {
        if (e->n_teams != due->order->n_assignments)
            return false;
        for (size_t i = 0; i < e->n_teams; i++)
            if (strcmp(e->teams[i], due->order->assignments[i]->team) != 0)
                return false;
    }
    return due->figure == (uint32_t)e->figure && due->day == e->on_day &&
           due->amount == e->amount && due->known_ms == e->known_ms &&
           strcmp(due->kind, e->kind) == 0 && strcmp(due->number, e->number) == 0 &&
           strcmp(due->township, e->township) == 0 && strcmp(due->team, e->team) == 0;
}

static struct lq_span series_key(struct audit *a, uint32_t by, uint32_t figure, const char *kind,
                                 const char *part)
{
    const size_t size = 4 + strlen(kind) + strlen(part);
    char *key = audit_alloc(a, size + 1);
    snprintf(key, size + 1, "%c%c%s\t%s\t", (char)('0' + by), (char)('A' + figure), kind, part);
    return lq_span(key, size);
}

static void keep_in(struct audit *a, const struct audit_entry_due *e, uint32_t by, const char *part)
{
    struct audit_series *series =
        audit_put(a, &a->series, sizeof *series, series_key(a, by, e->figure, e->kind, part));
    if (series->count == series->room) {
        const struct audit_day_sum *before = series->days;
        series->room = series->room == 0 ? 8 : 2 * series->room;
        series->days = audit_alloc(a, series->room * sizeof *series->days);
        if (before != NULL)
            memcpy(series->days, before, series->count * sizeof *before);
    }
    series->figure = e->figure;
    series->by = by;
    series->days[series->count++] = (struct audit_day_sum){e->day, e->amount, e->known_ms};
}

static void keep(struct audit *a, const struct audit_booking *booking)
{
    for (size_t i = 0; i < booking->count; i++) {
        const struct audit_entry_due *e = &booking->entries[i];
        keep_in(a, e, STATS__BY__BY_NOTHING, "");
        if (e->township[0] != '\0')
            keep_in(a, e, STATS__BY__TOWNSHIP, e->township);
        if (e->team[0] != '\0')
            keep_in(a, e, STATS__BY__TEAM, e->team);
        for (size_t t = 0; e->order != NULL && t < e->order->n_assignments; t++)
            keep_in(a, e, STATS__BY__TEAM, e->order->assignments[t]->team);
    }
}

static void booked(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Stats__Booked *book = body;
    const number seq = fact->r->seq;
    AUDIT(book->n_entries > 0, "figures", "record %llu of stats books nothing", seq);
    const struct audit_stream *from = audit_stream_named(a, book->entries[0]->stream);
    AUDIT(from != NULL, "figures", "record %llu of stats books from nowhere", seq);
    const struct audit_feed *feed = &fact->stream->feeds[from->node];
    const struct audit_booking *due =
        feed->head < feed->count ? feed->due[feed->head].booking : NULL;
    audit_take_effect(a, fact, from->name, book->entries[0]->seq);
    AUDIT(due != NULL, "figures", "record %llu of stats books what is not due", seq);
    AUDIT(book->n_entries == due->count, "figures",
          "record %llu of stats books %zu entries for record %llu of %s; %zu count", seq,
          book->n_entries, (number)book->entries[0]->seq, from->name, due->count);
    for (size_t i = 0; i < due->count; i++) {
        bool found = false;
        for (size_t k = 0; k < book->n_entries; k++)
            found |= is_entry(&due->entries[i], book->entries[k]);
        AUDIT(found, "figures", "record %llu of stats does not book what record %llu of %s counts",
              seq, (number)book->entries[0]->seq, from->name);
    }
    keep(a, due);
}

// It keeps no roster.
static void person_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    audit_take_effect(a, fact, "shift", audit_person_digest(body));
}

static void shift_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    audit_take_effect(a, fact, "shift", audit_shift_digest(body));
}

const struct audit_event_row audit_stats_events[] = {
    {STATS__EVENT__BODY_BOOKED, booked},
    {STATS__EVENT__BODY_BULLETIN_PUBLISHED, audit_bulletin_published},
    {STATS__EVENT__BODY_STEP_TAKEN, audit_bulletin_stepped},
    {STATS__EVENT__BODY_PAPER_ISSUED, audit_paper_issued},
    {STATS__EVENT__BODY_PAPER_SERVED, audit_paper_served},
    {STATS__EVENT__BODY_PERSON_NOTED, person_noted},
    {STATS__EVENT__BODY_SHIFT_NOTED, shift_noted},
    {STATS__EVENT__BODY_ORDER_SETTLED, NULL},
    {STATS__EVENT__BODY_TAKEN_BACK, NULL},
    {STATS__EVENT__BODY_ATTACHED, NULL},
    {STATS__EVENT__BODY_VOIDED, NULL},
    {0},
};

// ---------------------------------------------------------------- what stats answers

static int64_t sum_of(const struct audit_series *series, const Stats__Figures *q)
{
    int64_t sum = 0;
    const bool as_of = series->figure == STATS__FIGURE__LEDGER;
    for (size_t i = 0; i < series->count; i++)
        if ((as_of || series->days[i].day >= q->from_day) &&
            (q->as_of_ms == 0 || series->days[i].known_ms <= q->as_of_ms) &&
            (q->to_day == 0 || series->days[i].day <= q->to_day))
            sum += series->days[i].sum;
    return sum;
}

static int64_t recount(struct audit *a, const Stats__Figures *q, uint32_t by, uint32_t figure,
                       const char *kind, const char *part)
{
    const struct audit_series *series =
        audit_find(&a->series, series_key(a, by, figure, kind, part));
    return series == NULL ? 0 : sum_of(series, q);
}

// All figures of one kind of part together, so that no line can be missing.
static int64_t recount_all(const struct audit *a, const Stats__Figures *q, uint32_t by)
{
    int64_t sum = 0;
    for (const struct audit_entry *e = a->series.first; e != NULL; e = e->next) {
        const struct audit_series *series = e->value;
        sum += series->by == by ? sum_of(series, q) : 0;
    }
    return sum;
}

static void check_parts(struct audit *a, const Stats__Figures *q,
                        const Stats__FiguresAnswer *answer)
{
    int64_t told = 0;
    for (size_t i = 0; i < answer->n_parts; i++) {
        const Stats__Part *p = answer->parts[i];
        const int64_t total = recount(a, q, (uint32_t)q->by, (uint32_t)p->figure, p->kind, p->part);
        AUDIT(p->total == total, "figures",
              "stats tells %lld of figure %d %s for %s; the records give %lld", (long long)p->total,
              (int)p->figure, p->kind, p->part, (long long)total);
        told += p->total;
    }
    AUDIT(told == recount_all(a, q, (uint32_t)q->by), "figures",
          "the parts that stats tells add up to %lld; the records give %lld", (long long)told,
          (long long)recount_all(a, q, (uint32_t)q->by));
}

// Who is of which department is not followed here: but nothing is left out.
static void check_whole(const Stats__FiguresAnswer *answer, int64_t all)
{
    int64_t told = 0;
    for (size_t i = 0; i < answer->n_parts; i++)
        told += answer->parts[i]->total;
    AUDIT(told == all, "figures", "the departments add up to %lld, and all of it to %lld",
          (long long)told, (long long)all);
}

void audit_figures(struct audit *a, struct audit_stream *stream, const void *query,
                   const void *answer, int64_t clock_ms)
{
    (void)stream, (void)clock_ms;
    const Stats__Figures *q = ((const Stats__Query *)query)->figures;
    const Stats__Answer *body = answer;
    if (((const Stats__Query *)query)->body_case != STATS__QUERY__BODY_FIGURES)
        return;
    int64_t told = 0;
    for (size_t i = 0; i < body->figures->n_counts; i++) {
        const Stats__Count *c = body->figures->counts[i];
        const int64_t total =
            recount(a, q, STATS__BY__BY_NOTHING, (uint32_t)c->figure, c->kind, "");
        AUDIT(c->total == total, "figures",
              "stats tells %lld of figure %d %s from day %d to %d; the records give %lld",
              (long long)c->total, (int)c->figure, c->kind, q->from_day, q->to_day,
              (long long)total);
        told += c->total;
    }
    const int64_t all = recount_all(a, q, STATS__BY__BY_NOTHING);
    AUDIT(told == all, "figures", "stats tells %lld in all; the records give %lld", (long long)told,
          (long long)all);
    if (q->by == STATS__BY__TOWNSHIP || q->by == STATS__BY__TEAM)
        check_parts(a, q, body->figures);
    if (q->by == STATS__BY__DEPARTMENT)
        check_whole(body->figures, all);
}
