// What follows from whose event. Each event of a stream that another follows must have its effect
// in the other's journal: once, in order, with the same content, and never before the event itself
// is durable. A cursor may not be ahead of the effects, nor fall behind them.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

static const struct {
    const char *follower, *stream;
} follows[] = {
    {"monitor", "shift"},     {"monitor", "ledger"},   {"dispatch", "monitor"},
    {"dispatch", "shift"},    {"dispatch", "ledger"},  {"seizure", "shift"},
    {"seizure", "dispatch"},  {"seizure", "ledger"},   {"casefile", "shift"},
    {"casefile", "dispatch"}, {"casefile", "ledger"},  {"tips", "ledger"},
    {"stats", "dispatch"},    {"stats", "seizure"},    {"stats", "casefile"},
    {"stats", "ledger"},      {"stats", "shift"},      {"dispatch", "seizure"},
    {"dispatch", "casefile"}, {"seizure", "casefile"}, {"dispatch", "stats"},
    {"seizure", "stats"},     {"casefile", "stats"},   {"ledger", "stats"},
    {"tips", "shift"},        {"oversight", "shift"},  {"oversight", "stats"},
    {"stats", "oversight"},   {"stats", "tips"},       {"stats", "monitor"},
    {"stats", "fund"},        {"tips", "stats"},       {"ledger", "shift"},
    {"ledger", "monitor"},    {"fund", "monitor"},
};
enum { FOLLOWS = sizeof follows / sizeof follows[0] };

void audit_follow_open(struct audit *a, struct audit_stream *stream)
{
    for (unsigned i = 0; i < FOLLOWS; i++) {
        struct audit_stream *follower = audit_stream_named(a, follows[i].follower);
        struct audit_stream *other = audit_stream_named(a, follows[i].stream);
        if (follower != NULL && other != NULL && (follower == stream || other == stream))
            follower->feeds[other->node].followed = true;
    }
}

static bool is_followed(const char *follower, const char *stream)
{
    for (unsigned i = 0; i < FOLLOWS; i++)
        if (strcmp(follows[i].follower, follower) == 0 && strcmp(follows[i].stream, stream) == 0)
            return true;
    return false;
}

// ---------------------------------------------------------------- digests

static uint64_t digest_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static uint64_t digest_of(const char *format, ...)
{
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return audit_digest(lq_span_text(text));
}

uint64_t audit_person_digest(const Shift__PersonRegistered *p)
{
    return digest_of("person %s %s %d %d %s %s %lld", p->badge, p->name, (int)p->role, (int)p->rank,
                     p->team, p->group, (long long)p->from_ms);
}

uint64_t audit_shift_digest(const Shift__ShiftPlanned *s)
{
    return digest_of("shift %lld %lld %s %s", (long long)s->starts_at_ms, (long long)s->ends_at_ms,
                     s->group, s->name);
}

uint64_t audit_premises_digest(const char *premises, const char *township, uint32_t standing)
{
    return digest_of("premises %s %s %u", premises, township, standing);
}

uint64_t audit_order_digest(const char *order, bool cancelled)
{
    return digest_of("order %s %d", order, cancelled);
}

uint64_t audit_pair_digest(const char *premises, const char *supervisor)
{
    return digest_of("pair %s %s", premises, supervisor);
}

uint64_t audit_work_digest(int kind, const char *thing, const char *order, const char *seal,
                           bool released)
{
    return digest_of("work %d %s %s %s %d", kind, thing, order, seal, released);
}

uint64_t audit_case_digest(const char *number_, const char *order)
{
    return digest_of("case %s %s", number_, order);
}

uint64_t audit_camera_digest(const Ledger__CameraNote *c)
{
    return digest_of("camera %s %s %lld %lld %d %d", c->channel, c->premises,
                     (long long)c->live_since_ms, (long long)c->silent_since_ms, c->retired,
                     c->voided);
}

static uint64_t bulletin_digest(const char *bulletin, int32_t from_day, int32_t to_day)
{
    return digest_of("bulletin %s %d %d", bulletin, (int)from_day, (int)to_day);
}

// ---------------------------------------------------------------- causes and effects

void audit_expect(struct audit *a, struct audit_stream *follower, struct audit_stream *stream,
                  const struct audit_due *due)
{
    (void)a;
    struct audit_feed *feed = &follower->feeds[stream->node];
    if (feed->count == feed->room) {
        feed->room = feed->room == 0 ? 32 : 2 * feed->room;
        feed->due = realloc(feed->due, feed->room * sizeof *feed->due);
        AUDIT(feed->due != NULL, "memory", "the auditor is out of memory");
    }
    feed->due[feed->count++] = *due;
}

static void expect_notes(struct audit *a, struct audit_stream *stream, uint64_t seq,
                         uint64_t digest)
{
    const struct audit_due due = {.seq = seq, .digest = digest};
    for (unsigned i = 0; i < a->stream_count; i++)
        if (is_followed(a->streams[i].name, stream->name) &&
            strcmp(a->streams[i].name, "stats") != 0 &&
            !(strcmp(a->streams[i].name, "monitor") == 0 && strcmp(stream->name, "ledger") == 0))
            audit_expect(a, &a->streams[i], stream, &due);
}

// monitor keeps of premises that they are there, and who supervises them.
static void expect_of_monitor(struct audit *a, struct audit_stream *stream, uint64_t seq,
                              uint64_t digest)
{
    struct audit_stream *monitor = audit_stream_named(a, "monitor");
    if (monitor != NULL)
        audit_expect(a, monitor, stream, &(struct audit_due){.seq = seq, .digest = digest});
}

static void caused_by_shift(struct audit *a, struct audit_stream *stream, uint64_t seq,
                            const Shift__Event *e)
{
    if (e->body_case == SHIFT__EVENT__BODY_SHIFT_PLANNED) {
        const struct audit_due due = {.seq = seq, .digest = audit_shift_digest(e->shift_planned)};
        static const char *const by_the_rota[] = {"dispatch", "stats", "monitor"};
        for (size_t i = 0; i < sizeof by_the_rota / sizeof by_the_rota[0]; i++) {
            struct audit_stream *follower = audit_stream_named(a, by_the_rota[i]);
            if (follower != NULL)
                audit_expect(a, follower, stream, &due);
        }
        return;
    }
    if (!audit_is_of_person(e))
        return;
    Shift__PersonRegistered left;
    const uint64_t digest = audit_person_digest(audit_person_said(e, &left));
    expect_notes(a, stream, seq, digest);
    struct audit_stream *stats = audit_stream_named(a, "stats"); // for the names on its papers
    if (stats != NULL)
        audit_expect(a, stats, stream, &(struct audit_due){.seq = seq, .digest = digest});
}

static void caused_by_ledger(struct audit *a, struct audit_stream *stream, uint64_t seq,
                             const Ledger__Event *e)
{
    if (e->body_case == LEDGER__EVENT__BODY_PREMISES_REGISTERED)
        expect_notes(a, stream, seq,
                     audit_premises_digest(e->premises_registered->number,
                                           e->premises_registered->township,
                                           (uint32_t)e->premises_registered->standing));
    if (e->body_case == LEDGER__EVENT__BODY_PREMISES_REGISTERED)
        expect_of_monitor(a, stream, seq,
                          audit_premises_digest(e->premises_registered->number, "", 0));
    if (e->body_case == LEDGER__EVENT__BODY_SUPERVISOR_ASSIGNED)
        expect_of_monitor(
            a, stream, seq,
            audit_pair_digest(e->supervisor_assigned->premises, e->supervisor_assigned->number));
    if (e->body_case == LEDGER__EVENT__BODY_SUPERVISOR_REPLACED)
        expect_of_monitor(
            a, stream, seq,
            audit_pair_digest(e->supervisor_replaced->premises, e->supervisor_replaced->number));
    if (e->body_case == LEDGER__EVENT__BODY_SUPERVISOR_STOOD_IN)
        expect_of_monitor(
            a, stream, seq,
            audit_pair_digest(e->supervisor_stood_in->premises, e->supervisor_stood_in->number));
}

// What becomes of a channel the gate and the subsidy must know.
static void caused_by_monitor(struct audit *a, struct audit_stream *stream, uint64_t seq,
                              const Monitor__Event *e)
{
    static const char *const by_the_cameras[] = {"ledger", "fund"};
    Ledger__CameraNote note;
    if (!audit_camera_said(a, e, &note))
        return;
    const struct audit_due due = {.seq = seq, .digest = audit_camera_digest(&note)};
    for (size_t i = 0; i < sizeof by_the_cameras / sizeof by_the_cameras[0]; i++) {
        struct audit_stream *follower = audit_stream_named(a, by_the_cameras[i]);
        if (follower != NULL)
            audit_expect(a, follower, stream, &due);
    }
}

static void caused_by_dispatch(struct audit *a, struct audit_stream *stream, uint64_t seq,
                               const Dispatch__Event *e)
{
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_ISSUED)
        expect_notes(a, stream, seq, audit_order_digest(e->order_issued->number, false));
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_CANCELLED)
        expect_notes(a, stream, seq, audit_order_digest(e->order_cancelled->order, true));
}

// Whatever was done on an order hangs on it in dispatch.
static void caused_work(struct audit *a, struct audit_stream *stream, uint64_t seq,
                        Dispatch__WorkKind kind, const char *thing, const char *order,
                        const char *seal, bool released)
{
    const struct audit_due due = {
        .seq = seq, .digest = audit_work_digest((int)kind, thing, order, seal, released)};
    struct audit_stream *dispatch = audit_stream_named(a, "dispatch");
    if (dispatch != NULL)
        audit_expect(a, dispatch, stream, &due);
}

// Is it under seal no more?
static bool is_out(const Rules__StepTaken *taken)
{
    return strcmp(taken->kind, "item") == 0 && strcmp(taken->from, taken->to) != 0 &&
           (strcmp(taken->to, "RELEASED") == 0 || strcmp(taken->to, "DISPOSED") == 0 ||
            strcmp(taken->to, "HANDED_TO_POLICE") == 0);
}

static void caused_by_seizure(struct audit *a, struct audit_stream *stream, uint64_t seq,
                              const Seizure__Event *e)
{
    if (e->body_case == SEIZURE__EVENT__BODY_ITEM_DISMANTLED)
        caused_work(a, stream, seq, DISPATCH__WORK_KIND__ITEM_DISMANTLED,
                    e->item_dismantled->number, e->item_dismantled->order, "", false);
    if (e->body_case == SEIZURE__EVENT__BODY_ITEM_SEALED)
        caused_work(a, stream, seq, DISPATCH__WORK_KIND__ITEM_SEALED, e->item_sealed->number,
                    e->item_sealed->order, e->item_sealed->seal, false);
    if (e->body_case == SEIZURE__EVENT__BODY_SEAL_RELEASED)
        caused_work(a, stream, seq, DISPATCH__WORK_KIND__ITEM_SEALED, e->seal_released->item, "",
                    "", true);
    if (e->body_case == SEIZURE__EVENT__BODY_STEP_TAKEN && is_out(e->step_taken))
        caused_work(a, stream, seq, DISPATCH__WORK_KIND__ITEM_SEALED, e->step_taken->number, "", "",
                    true);
    if (e->body_case == SEIZURE__EVENT__BODY_STEP_TAKEN &&
        strcmp(e->step_taken->kind, "power") == 0)
        caused_work(a, stream, seq, DISPATCH__WORK_KIND__POWER_CUT, e->step_taken->number, "", "",
                    true);
    if (e->body_case == SEIZURE__EVENT__BODY_POWER_CUT && e->power_cut->order[0] != '\0')
        caused_work(a, stream, seq, DISPATCH__WORK_KIND__POWER_CUT, e->power_cut->number,
                    e->power_cut->order, "", false);
    if (e->body_case == SEIZURE__EVENT__BODY_SITE_CLOSED)
        caused_work(a, stream, seq, DISPATCH__WORK_KIND__SITE_CLOSED, e->site_closed->site,
                    e->site_closed->order, "", false);
}

// A signature closes the week for all whose records are counted in it.
static void caused_by_stats(struct audit *a, struct audit_stream *stream, uint64_t seq,
                            const Stats__Event *e)
{
    if (e->body_case != STATS__EVENT__BODY_STEP_TAKEN || e->step_taken->verb != RULES__VERB__SIGN)
        return;
    const Rules__Act *act = e->step_taken->act;
    const struct audit_due due = {
        .seq = seq, .digest = bulletin_digest(e->step_taken->number, act->from_day, act->to_day)};
    for (unsigned i = 0; i < a->stream_count; i++)
        if (is_followed(a->streams[i].name, stream->name))
            audit_expect(a, &a->streams[i], stream, &due);
}

void audit_bulletin_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__BulletinNote *noted = body;
    audit_take_effect(a, fact, "stats",
                      bulletin_digest(noted->number, noted->from_day, noted->to_day));
}

void audit_caused(struct audit *a, struct audit_stream *stream, const struct audit_record *record)
{
    const uint64_t seq = record->record->seq;
    if (record->event->descriptor == &stats__event__descriptor)
        caused_by_stats(a, stream, seq, (const void *)record->event);
    if (record->event->descriptor == &monitor__event__descriptor)
        caused_by_monitor(a, stream, seq, (const void *)record->event);
    if (record->event->descriptor == &shift__event__descriptor)
        caused_by_shift(a, stream, seq, (const void *)record->event);
    if (record->event->descriptor == &ledger__event__descriptor)
        caused_by_ledger(a, stream, seq, (const void *)record->event);
    if (record->event->descriptor == &dispatch__event__descriptor)
        caused_by_dispatch(a, stream, seq, (const void *)record->event);
    if (record->event->descriptor == &seizure__event__descriptor)
        caused_by_seizure(a, stream, seq, (const void *)record->event);
    if (record->event->descriptor == &casefile__event__descriptor) {
        const Casefile__Event *e = (const void *)record->event;
        if (e->body_case == CASEFILE__EVENT__BODY_CASE_OPENED)
            caused_work(a, stream, seq, DISPATCH__WORK_KIND__CASE_OPENED, e->case_opened->number,
                        e->case_opened->order, "", false);
        struct audit_stream *seizure = audit_stream_named(a, "seizure");
        const bool is_opened = e->body_case == CASEFILE__EVENT__BODY_CASE_OPENED;
        if (is_opened && seizure != NULL)
            audit_expect(a, seizure, stream,
                         &(struct audit_due){.seq = seq,
                                             .digest = audit_case_digest(e->case_opened->number,
                                                                         e->case_opened->order)});
    }
    audit_count(a, stream, record);
}

void audit_take_effect(struct audit *a, const struct audit_fact *fact, const char *stream,
                       uint64_t digest)
{
    struct audit_stream *follower = fact->stream;
    const uint64_t seq = fact->r->seq;
    struct audit_stream *other = audit_stream_named(a, stream);
    AUDIT(other != NULL, "follow", "record %llu of %s follows %s, which is not there", (number)seq,
          follower->name, stream);
    struct audit_feed *feed = &follower->feeds[other->node];
    AUDIT(feed->head < feed->count, "follow",
          "record %llu of %s is an effect of %s that nothing there has caused", (number)seq,
          follower->name, stream);
    const struct audit_due *due = &feed->due[feed->head++];
    AUDIT(due->digest == digest, "follow",
          "record %llu of %s is not what record %llu of %s asks for next", (number)seq,
          follower->name, (number)due->seq, stream);
    feed->done = due->seq;
}

// ---------------------------------------------------------------- cursors

void audit_asks(struct audit *a, unsigned node, struct lq_span request)
{
    const struct audit_stream *follower = &a->streams[node];
    const Lq__Request *asks = audit_decode(a, &lq__request__descriptor, audit_copy(a, request));
    AUDIT(asks != NULL && asks->kind_case == LQ__REQUEST__KIND_FETCH, "follow",
          "%s asks for what it should not", follower->name);
    const struct audit_stream *stream = audit_stream_named(a, asks->service);
    const Lq__Fetch *fetch = audit_decode(a, &lq__fetch__descriptor, audit_bytes(asks->fetch));
    const struct audit_feed *feed = &follower->feeds[stream->node];
    AUDIT(fetch->after >= feed->done, "cursor",
          "%s asks %s on from %llu, though it has followed record %llu already", follower->name,
          stream->name, (number)fetch->after, (number)feed->done);
    AUDIT(feed->head == feed->count || fetch->after < feed->due[feed->head].seq, "cursor",
          "%s asks %s on from %llu, though record %llu has not had its effect", follower->name,
          stream->name, (number)fetch->after, (number)feed->due[feed->head].seq);
}

const char *audit_behind(const struct audit *a)
{
    static char words[200];
    for (unsigned i = 0; i < a->stream_count; i++)
        for (unsigned o = 0; o < a->stream_count; o++) {
            const struct audit_feed *feed = &a->streams[i].feeds[o];
            if (feed->head == feed->count)
                continue;
            snprintf(words, sizeof words, "%s has not followed record %llu of %s",
                     a->streams[i].name, (number)feed->due[feed->head].seq, a->streams[o].name);
            return words;
        }
    return NULL;
}

void audit_quiet(struct audit *a, unsigned node, int64_t clock_ms)
{
    audit_overdue(a, &a->streams[node], clock_ms);
}
