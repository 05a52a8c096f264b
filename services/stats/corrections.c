// From the others' corrections to adjustments of what was booked for the thing. Which fields a
// figure is made of is said here; how they are taken out and booked anew, in adjust.c.
#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"
#include "pb/pb.h"
#include "pb/value.h"
#include "rules/correct.h"
#include "seizure.pb-c.h"
#include "stats.h"

// What was corrected or voided, and the record that says so.
struct news {
    struct lq_follow_up *f;
    const struct lq_occurrence *what;
    const char *kind, *number;
    const ProtobufCBinaryData *thing;
    const Rules__Corrected *corrected; // NULL: it was voided
};

// ---------------------------------------------------------------- what changed

static const Rules__Change *change_of(const struct news *news, const char *field)
{
    for (size_t i = 0; news->corrected != NULL && i < news->corrected->n_changes; i++)
        if (strcmp(news->corrected->changes[i]->field, field) == 0)
            return news->corrected->changes[i];
    return NULL;
}

// The number that a change says; the texts are those of common/pb/value.h.
static int64_t integer(const char *text)
{
    const bool negative = *text == '-';
    int64_t number = 0;
    for (const char *c = text + negative; *c >= '0' && *c <= '9'; c++)
        number = number * 10 + (*c - '0');
    return negative ? -number : number;
}

static const void *thing_as(const struct news *news, const ProtobufCMessageDescriptor *type)
{
    return lq_thing_of(news->f->arena, type, news->thing);
}

// ---------------------------------------------------------------- saying so

static Stats__Adjustment adjustment(const struct news *news, const char *number)
{
    Stats__Adjustment a = STATS__ADJUSTMENT__INIT;
    a.number = lq_arena_text(news->f->arena, number);
    a.out = news->corrected == NULL;
    a.stream = lq_arena_text(news->f->arena, news->what->stream);
    a.seq = news->what->seq;
    a.history = news->what->history;
    a.known_ms = news->what->recorded_ms;
    return a;
}

static void send(const struct news *news, Stats__Adjustment *a, Stats__Figure *figures,
                 size_t count)
{
    a->figures = figures;
    a->n_figures = count;
    if (lq_pb_key(a->number))
        lq_command_self(news->f, news->what->occurred_ms, STATS__COMMAND__BODY_ADJUST, &a->base);
}

static void send_one(const struct news *news, Stats__Adjustment *a, Stats__Figure figure)
{
    send(news, a, &figure, 1);
}

// Takes over the changes that any figure is made of, by the field that says when. False: there are
// none, and nothing is to be adjusted.
static bool take_changes(const struct news *news, const char *when, Stats__Adjustment *a)
{
    const Rules__Change *at = change_of(news, when), *township = change_of(news, "township"),
                        *kind = change_of(news, "kind");
    if (at != NULL)
        a->at_ms = integer(at->now);
    if (township != NULL)
        a->township = township->now;
    if (kind != NULL)
        a->kind = kind->now;
    return a->out || at != NULL || township != NULL || kind != NULL;
}

// ---------------------------------------------------------------- the kinds of things

// Vehicles and machines, a meeting's issues; without any there is nothing booked, and nothing
// stays.
static void adjust_means(const struct news *news, const char *field, Stats__Figure figure)
{
    const Rules__Change *change = change_of(news, field);
    if (change == NULL)
        return;
    Stats__Adjustment a = adjustment(news, news->number);
    const int64_t now = integer(change->now);
    a.amount = now < INT32_MAX ? (int32_t)now : INT32_MAX;
    a.out = now == 0;
    send_one(news, &a, figure);
}

static void adjust_order(const struct news *news)
{
    Stats__Figure all[] = {STATS__FIGURE__OPERATIONS, STATS__FIGURE__VEHICLE_TIMES,
                           STATS__FIGURE__MACHINE_TIMES, STATS__FIGURE__PERSON_TIMES};
    Stats__Adjustment a = adjustment(news, news->number);
    const Rules__Change *at = change_of(news, "issued_at_ms");
    if (at != NULL)
        a.at_ms = integer(at->now);
    if (a.out || at != NULL)
        send(news, &a, all, sizeof all / sizeof *all);
    adjust_means(news, "vehicles", STATS__FIGURE__VEHICLE_TIMES);
    adjust_means(news, "machines", STATS__FIGURE__MACHINE_TIMES);
}

static void adjust_participant(const struct news *news)
{
    const Dispatch__Participant *who = thing_as(news, &dispatch__participant__descriptor);
    if (who == NULL || strlen(news->number) <= strlen(who->badge))
        return;
    const size_t order = strlen(news->number) - strlen(who->badge) - 1; // "O0263/P1039"
    Stats__Adjustment a =
        adjustment(news, lq_arena_format(news->f->arena, "%.*s", (int)order, news->number));
    a.person = who->badge;
    send_one(news, &a, STATS__FIGURE__PERSON_TIMES);
}

static void adjust_item(const struct news *news)
{
    const Seizure__Item *item = thing_as(news, &seizure__item__descriptor);
    Stats__Adjustment a = adjustment(news, news->number);
    if (item != NULL && take_changes(news, "at_ms", &a))
        send_one(news, &a,
                 item->action == SEIZURE__ACTION__SEALED ? STATS__FIGURE__SEALED
                                                         : STATS__FIGURE__DISMANTLED);
}

static void adjust_closure(const struct news *news)
{
    Stats__Adjustment a = adjustment(news, news->number);
    if (take_changes(news, "at_ms", &a))
        send_one(news, &a, STATS__FIGURE__SHUT_DOWN);
}

static void adjust_notice(const struct news *news)
{
    Stats__Adjustment a = adjustment(news, news->number);
    if (take_changes(news, "issued_at_ms", &a))
        send_one(news, &a, STATS__FIGURE__NOTICES);
}

static void adjust_case(const struct news *news)
{
    Stats__Adjustment filed = adjustment(news, news->number), solved = filed;
    if (take_changes(news, "filed_at_ms", &filed))
        send_one(news, &filed, STATS__FIGURE__CASES_FILED);
    if (take_changes(news, "solved_at_ms", &solved))
        send_one(news, &solved, STATS__FIGURE__CASES_SOLVED);
}

static void adjust_suspect(const struct news *news)
{
    Stats__Figure all[] = {STATS__FIGURE__LISTED_WANTED, STATS__FIGURE__CAPTURED,
                           STATS__FIGURE__DETAINED, STATS__FIGURE__ARREST_APPROVED};
    Stats__Adjustment a = adjustment(news, news->number);
    if (a.out)
        send(news, &a, all, sizeof all / sizeof *all);
}

// Only what is booked at the step's own instant: a person counts with the first step of a kind.
static void adjust_suspect_step(const struct news *news)
{
    const Casefile__SuspectStepTaken *step =
        thing_as(news, &casefile__suspect_step_taken__descriptor);
    const char *slash = strrchr(news->number, '/');
    const Rules__Change *at = change_of(news, "at_ms");
    const Stats__Figure figure = step != NULL ? stats_figure_of(step->step) : 0;
    if (figure == STATS__FIGURE__FIGURE_UNSPECIFIED || slash == NULL)
        return;
    Stats__Adjustment a = adjustment(
        news, lq_arena_format(news->f->arena, "%.*s", (int)(slash - news->number), news->number));
    a.was_ms = at != NULL ? integer(at->was) : step->at_ms;
    a.at_ms = at != NULL ? step->at_ms : 0;
    send_one(news, &a, figure);
}

static void adjust_premises(const struct news *news)
{
    const Rules__Change *township = change_of(news, "township");
    Stats__Adjustment a = adjustment(news, news->number);
    if (township == NULL)
        return; // premises that have taken a step are not voided
    a.township = township->now;
    send_one(news, &a, STATS__FIGURE__LEDGER);
}

static void adjust_premises_step(const struct news *news)
{
    const Ledger__StepTaken *step = thing_as(news, &ledger__step_taken__descriptor);
    const char *slash = strrchr(news->number, '/');
    const Rules__Change *at = change_of(news, "at_ms");
    if (step == NULL || slash == NULL)
        return;
    Stats__Adjustment a = adjustment(
        news, lq_arena_format(news->f->arena, "%.*s", (int)(slash - news->number), news->number));
    a.was_ms = at != NULL ? integer(at->was) : step->at_ms;
    a.at_ms = at != NULL ? step->at_ms : 0;
    send_one(news, &a, STATS__FIGURE__LEDGER);
}

// What meetings and interviews are of is no kind of their figures.
static void adjust_held(const struct news *news, const char *when, Stats__Figure *figures,
                        size_t count)
{
    Stats__Adjustment a = adjustment(news, news->number);
    const Rules__Change *at = change_of(news, when);
    if (at != NULL)
        a.at_ms = integer(at->now);
    if (a.out || at != NULL)
        send(news, &a, figures, count);
}

static void adjust_meeting(const struct news *news)
{
    Stats__Figure all[] = {STATS__FIGURE__MEETINGS, STATS__FIGURE__ISSUES_RAISED,
                           STATS__FIGURE__ISSUES_SOLVED};
    adjust_held(news, "held_at_ms", all, sizeof all / sizeof *all);
    adjust_means(news, "issues_raised", STATS__FIGURE__ISSUES_RAISED);
    adjust_means(news, "issues_resolved", STATS__FIGURE__ISSUES_SOLVED);
}

static void adjust_interview(const struct news *news)
{
    adjust_held(news, "at_ms", &(Stats__Figure){STATS__FIGURE__INTERVIEWS}, 1);
}

static void adjust_tip(const struct news *news)
{
    adjust_held(news, "received_at_ms", &(Stats__Figure){STATS__FIGURE__LEADS}, 1);
}

static void adjust_task(const struct news *news)
{
    Stats__Figure all[] = {STATS__FIGURE__ISSUES_RAISED, STATS__FIGURE__ISSUES_SOLVED};
    Stats__Adjustment a = adjustment(news, news->number);
    if (a.out)
        send(news, &a, all, sizeof all / sizeof *all);
}

static void hear(const struct news *news)
{
    static const struct {
        const char *kind;
        void (*adjust)(const struct news *news);
    } KINDS[] = {
        {"order", adjust_order},       {"participant", adjust_participant},
        {"item", adjust_item},         {"closure", adjust_closure},
        {"notice", adjust_notice},     {"case", adjust_case},
        {"suspect", adjust_suspect},   {"suspect_step", adjust_suspect_step},
        {"premises", adjust_premises}, {"premises_step", adjust_premises_step},
        {"meeting", adjust_meeting},   {"interview", adjust_interview},
        {"task", adjust_task},         {"tip", adjust_tip},
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(KINDS[i].kind, news->kind) == 0)
            KINDS[i].adjust(news);
}

void stats_hear_corrected(struct lq_follow_up *f, const struct lq_occurrence *what,
                          const void *event)
{
    const Rules__Corrected *corrected = event;
    hear(&(struct news){.f = f,
                        .what = what,
                        .kind = corrected->kind,
                        .number = corrected->number,
                        .thing = &corrected->thing,
                        .corrected = corrected});
}

void stats_hear_voided(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Rules__Voided *voided = event;
    hear(&(struct news){.f = f,
                        .what = what,
                        .kind = voided->kind,
                        .number = voided->number,
                        .thing = &voided->thing});
}
