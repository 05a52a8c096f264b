// What holds of figures whatever is booked: as of every past instant they are those that are told
// by a service that has only heard what was recorded by then, by any parts and in any range; and
// the records behind a part add up to it. The service itself, in one bed with everything and in
// others that stop earlier, after random lives of orders, items, notices, suspects and premises,
// with cancellations, corrections and things that were declared void.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "ledger.pb-c.h"
#include "pb/pb.h"
#include "stats.pb-c.h"
#include "support/bed.h"
#include "support/generate.h"
#include "support/message.h"

enum { STEPS = 120, SEEDS = 6, ORDERS = 12, ITEMS = 10, PLACES = 6, SHIFTS = 90, PEOPLE = 20 };

static const int64_t NOON_MS = 1425614400000; // 2015-03-06T12:00:00+08:00
static const int64_t HOUR_MS = 3600 * 1000LL;

extern const struct lq_service lq_service_stats;

static const char *const TOWNSHIPS[] = {"郭庄镇", "淮镇", ""};
static const char *const DEPARTMENTS[] = {"公安局", "环境保护局", "", "供电公司"};
static const char *const KINDS[] = {"cupola", "transformer", "kiln"};

// ---------------------------------------------------------------- what happens

struct step {
    int64_t at_ms, occurred_ms; // recorded, occurred
    const char *stream;         // NULL: a command of the service to itself
    const char *text;
};

struct life {
    struct lq_arena arena;
    struct lq_dice dice;
    struct step steps[STEPS];
    Ledger__Status status[PLACES];
};

static unsigned pick(struct life *life, unsigned sides)
{
    return (unsigned)lq_throw(&life->dice, sides);
}

__attribute__((format(printf, 4, 5))) static void
happen(struct life *life, struct step *step, const char *stream, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    step->stream = stream;
    step->text = lq_arena_vformat(&life->arena, format, arguments);
    va_end(arguments);
}

static const char *township(struct life *life)
{
    return TOWNSHIPS[pick(life, 3)];
}

static void make_order_step(struct life *life, struct step *step)
{
    const unsigned order = pick(life, ORDERS), team = 1 + pick(life, 3);
    switch (pick(life, 8)) {
    case 0:
    case 1:
        happen(life, step, "dispatch",
               "order_issued {number=\"O%u\" issued_at_ms=%lld township=\"%s\" vehicles=%u "
               "machines=%u assignments=[{team=\"T1\"},{team=\"T%u\"}]}",
               order, (long long)step->occurred_ms, township(life), pick(life, 4), pick(life, 2),
               2 + pick(life, 2));
        return;
    case 2:
        happen(life, step, "dispatch", "order_cancelled {order=\"O%u\"}", order);
        return;
    case 3:
        happen(life, step, "dispatch", "step_reported {order=\"O%u\" team=\"T%u\" step=DEPARTED}",
               order, team);
        return;
    default:
        happen(life, step, "dispatch",
               "participant_recorded {order=\"O%u\" team=\"T%u\" badge=\"P%u\" township=\"%s\"}",
               order, team, pick(life, PEOPLE), township(life));
    }
}

static void make_seizure_step(struct life *life, struct step *step)
{
    happen(life, step, "seizure", "item_%s {number=\"I%u\" kind=\"%s\" township=\"%s\"}",
           pick(life, 2) ? "sealed" : "dismantled", pick(life, ITEMS), KINDS[pick(life, 3)],
           township(life));
}

static void make_case_step(struct life *life, struct step *step)
{
    if (pick(life, 2))
        happen(life, step, "casefile", "notice_issued {number=\"N%u\" township=\"%s\"}",
               pick(life, 30), township(life));
    else
        happen(life, step, "casefile",
               "suspect_step_recorded {suspect=\"X%u\" step=%s township=\"%s\"}", pick(life, 5),
               pick(life, 2) ? "DETAINED" : "CAPTURED", township(life));
}

// On from status to status, and back to rectification.
static void make_ledger_step(struct life *life, struct step *step)
{
    const unsigned place = pick(life, PLACES);
    const Ledger__Status from = life->status[place];
    const Ledger__Status to = from == LEDGER__STATUS__ACCEPTED
                                  ? LEDGER__STATUS__RECTIFICATION_STARTED
                                  : (Ledger__Status)(from + 1);
    life->status[place] = to;
    happen(life, step, "ledger", "status_changed {premises=\"E%u\" from=%s to=%s township=\"%s\"}",
           place, ledger__status__descriptor.values[from].name,
           ledger__status__descriptor.values[to].name, TOWNSHIPS[place % 2]);
}

static void make_adjustment(struct life *life, struct step *step, unsigned n)
{
    static const char *const WHAT[] = {
        "number=\"O%u\" figures=[VEHICLE_TIMES] amount=%u",
        "number=\"O%u\" figures=[OPERATIONS,VEHICLE_TIMES,MACHINE_TIMES,PERSON_TIMES] "
        "township=\"淮镇\"",
        "number=\"O%u\" figures=[OPERATIONS,VEHICLE_TIMES,MACHINE_TIMES,PERSON_TIMES] out=true",
        "number=\"O%u\" figures=[PERSON_TIMES] person=\"P%u\" out=true",
        "number=\"I%u\" figures=[SEALED,DISMANTLED] kind=\"kiln\"",
        "number=\"I%u\" figures=[SEALED,DISMANTLED] out=true",
        "number=\"I%u\" figures=[SEALED,DISMANTLED] at_ms=%lld",
        "number=\"N%u\" figures=[NOTICES] township=\"郭庄镇\" at_ms=%lld",
        "number=\"E%u\" figures=[LEDGER] township=\"淮镇\"",
    };
    const unsigned what = pick(life, sizeof WHAT / sizeof WHAT[0]);
    char body[300];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (what == 6 || what == 7)
        snprintf(body, sizeof body, WHAT[what], pick(life, 10),
                 (long long)(step->occurred_ms - 50 * HOUR_MS));
    else
        snprintf(body, sizeof body, WHAT[what], pick(life, 10), 1 + pick(life, 6));
#pragma GCC diagnostic pop
    happen(life, step, NULL, "adjust {%s stream=\"office\" seq=%u known_ms=%lld}", body, n + 1,
           (long long)step->at_ms);
}

// Recorded one after the other, some at the same instant; each happened some time before.
static void make_life(struct life *life, uint64_t seed)
{
    static const unsigned LATE_DAYS[] = {0, 0, 1, 9, 40};
    *life = (struct life){.dice = lq_dice(seed)};
    int64_t at_ms = NOON_MS;
    for (unsigned i = 0; i < STEPS; i++) {
        struct step *step = &life->steps[i];
        at_ms += (int64_t)pick(life, 5) * 3 * HOUR_MS;
        step->at_ms = at_ms;
        step->occurred_ms = at_ms - pick(life, 9) * HOUR_MS - LATE_DAYS[pick(life, 5)] * LQ_DAY_MS;
        switch (pick(life, 6)) {
        case 0:
            make_seizure_step(life, step);
            break;
        case 1:
            make_case_step(life, step);
            break;
        case 2:
            make_ledger_step(life, step);
            break;
        case 3:
            make_adjustment(life, step, i);
            break;
        default:
            make_order_step(life, step);
        }
    }
}

// ---------------------------------------------------------------- living it

static void plan_rota(struct lq_bed *bed)
{
    for (unsigned i = 0; i < SHIFTS; i++) { // one is missing here and there
        const int64_t starts_ms = NOON_MS + ((int64_t)i - 60) * 12 * HOUR_MS - 4 * HOUR_MS;
        if (i % 7 == 3)
            continue;
        const char *text = lq_arena_format(
            &bed->arena, "shift_planned {name=\"%s\" starts_at_ms=%lld ends_at_ms=%lld}",
            i % 2 == 0 ? "day" : "night", (long long)starts_ms,
            (long long)(starts_ms + 12 * HOUR_MS));
        lq_bed_tell(bed, "shift", text);
    }
}

// Of some nothing is entered, of others no department, or another one from then on.
static void write_roster(struct lq_bed *bed)
{
    for (unsigned i = 0; i < PEOPLE; i++) {
        if (i % 5 == 4)
            continue;
        lq_bed_tell(bed, "shift",
                    lq_arena_format(&bed->arena, "person_registered {badge=\"P%u\" unit=\"%s\"}", i,
                                    DEPARTMENTS[i % 3]));
        if (i % 2 == 1)
            lq_bed_tell(bed, "shift",
                        lq_arena_format(
                            &bed->arena, "person_amended {badge=\"P%u\" unit=\"%s\" from_ms=%lld}",
                            i, DEPARTMENTS[i % 4], (long long)(NOON_MS + (int64_t)i * LQ_DAY_MS)));
    }
}

static void live(struct lq_bed *bed, struct life *life, unsigned steps, bool at_once)
{
    lq_bed_open(bed, &lq_service_stats, NOON_MS);
    plan_rota(bed);
    write_roster(bed);
    for (unsigned i = 0; i < steps; i++) {
        const struct step *step = &life->steps[i];
        lq_bed_advance(bed, step->at_ms);
        if (step->stream != NULL) {
            const struct lq_bed_stream *stream = lq_bed_stream(bed, step->stream);
            lq_bed_feed(bed, step->stream, step->occurred_ms,
                        lq_message_of(&bed->arena, stream->event_type, step->text));
            if (at_once)
                lq_bed_pump(bed);
            continue;
        }
        lq_bed_pump(bed);
        const struct lq_bed_command command = {
            .actor = "@stats",
            .roles = LQ_ROLE(SERVICE),
            .body = lq_message_of(&bed->arena, &stats__command__descriptor, step->text)};
        assert_true(lq_bed_do(bed, &command).accepted);
    }
    lq_bed_pump(bed);
}

// ---------------------------------------------------------------- asking

static const Stats__Answer *ask(struct lq_bed *bed, const Stats__Query *query)
{
    const uint64_t asked = lq_bed_query(bed, "P1", LQ_ANYONE, &query->base);
    lq_bed_turn(bed);
    const Lq__Reply *reply = lq_bed_find(bed, asked)->reply;
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    const char *why = NULL;
    const void *answer =
        lq_pb_decode_within(&LQ_PB_REPLY, &bed->arena, &stats__answer__descriptor,
                            lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    assert_non_null(answer);
    return answer;
}

static Stats__FiguresAnswer *figures_of(struct lq_bed *bed, Stats__Figures asked)
{
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_FIGURES;
    query.figures = &asked;
    return ask(bed, &query)->figures;
}

// As text, without the days between which anything was booked: those are of all that is known now.
static const char *told(struct lq_bed *bed, const Stats__Figures *asked)
{
    Stats__FiguresAnswer *figures = figures_of(bed, *asked);
    figures->first_day = figures->last_day = 0;
    return lq_pb_text(&bed->arena, &figures->base);
}

static void assert_same_figures(struct lq_bed *all, struct lq_bed *then, int64_t as_of_ms,
                                struct life *life)
{
    for (unsigned by = 0; by < stats__by__descriptor.n_values; by++)
        for (int round = 0; round < 3; round++) {
            Stats__Figures asked = STATS__FIGURES__INIT;
            asked.by = (Stats__By)stats__by__descriptor.values[by].value;
            if (round > 0) {
                asked.from_day = lq_day_of(as_of_ms) - (int32_t)pick(life, 30);
                asked.to_day = asked.from_day + (int32_t)pick(life, 20);
            }
            const char *expected = told(then, &asked);
            asked.as_of_ms = as_of_ms;
            assert_string_equal(told(all, &asked), expected);
            lq_bed_forget(all);
            lq_bed_forget(then);
        }
}

static void test_as_of(void **state)
{
    struct life life;
    static struct lq_bed all;
    make_life(&life, (uint64_t)(uintptr_t)*state);
    live(&all, &life, STEPS, pick(&life, 2) == 0);
    for (unsigned i = 0; i < STEPS; i += 1 + pick(&life, 6)) {
        while (i + 1 < STEPS && life.steps[i + 1].at_ms == life.steps[i].at_ms)
            i++;
        static struct lq_bed then;
        live(&then, &life, i + 1, true);
        assert_same_figures(&all, &then, life.steps[i].at_ms, &life);
        if (i + 1 < STEPS)
            assert_same_figures(&all, &then, life.steps[i + 1].at_ms - 1, &life);
        lq_bed_close(&then);
    }
    lq_bed_close(&all);
    lq_arena_free(&life.arena);
}

// ---------------------------------------------------------------- the records behind a part

static int64_t sum_of_records(struct lq_bed *bed, Stats__Records asked)
{
    int64_t sum = 0;
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_RECORDS;
    query.records = &asked;
    asked.limit = 7;
    do {
        const Stats__RecordsAnswer *page = ask(bed, &query)->records;
        for (size_t i = 0; i < page->n_entries; i++)
            sum += page->entries[i]->amount;
        asked.after = page->next;
    } while (asked.after.len > 0);
    return sum;
}

// The days of "2015-03-06", "2015-W10" or "2015-03", as far as they lie in the range.
static void narrow(Stats__Records *asked, Stats__By by, const char *part)
{
    int32_t from = 0, to = 0;
    int year, number;
    if (by == STATS__BY__CIVIL_DAY) {
        assert_true(lq_parse_day(part, &from));
        to = from;
    } else if (by == STATS__BY__WEEK) {
        assert_int_equal(sscanf(part, "%d-W%d", &year, &number), 2);
        const int32_t fourth = lq_day_from_date(year, 1, 4); // is always in the first
        from = fourth - lq_weekday(fourth) + 7 * (number - 1);
        to = from + 6;
    } else {
        assert_int_equal(sscanf(part, "%d-%d", &year, &number), 2);
        from = lq_day_from_date(year, number, 1);
        to = lq_day_from_date(year + number / 12, number % 12 + 1, 1) - 1;
    }
    asked->from_day = from > asked->from_day ? from : asked->from_day;
    asked->to_day = asked->to_day == 0 || to < asked->to_day ? to : asked->to_day;
}

static void assert_part(struct lq_bed *bed, const Stats__Figures *figures, const Stats__Part *part)
{
    Stats__Records asked = STATS__RECORDS__INIT;
    asked.figure = part->figure;
    asked.kind = part->kind;
    asked.from_day = figures->from_day;
    asked.to_day = figures->to_day;
    asked.as_of_ms = figures->as_of_ms;
    if (figures->by == STATS__BY__TOWNSHIP)
        asked.township = part->part;
    else if (figures->by == STATS__BY__TEAM)
        asked.team = part->part;
    else if (figures->by == STATS__BY__DUTY_SHIFT)
        asked.duty_shift = part->part;
    else if (figures->by == STATS__BY__DEPARTMENT)
        asked.department = part->part;
    else if (figures->by != STATS__BY__KIND)
        narrow(&asked, figures->by, part->part);
    const int64_t sum = sum_of_records(bed, asked);
    if (sum != part->total)
        fail_msg("%s: the records add up to %lld", lq_pb_text(&bed->arena, &part->base),
                 (long long)sum);
}

// By department nothing is left out, and nothing counts twice.
static void assert_whole(const Stats__FiguresAnswer *figures)
{
    for (size_t i = 0; i < figures->n_counts; i++) {
        const Stats__Count *count = figures->counts[i];
        int64_t sum = 0;
        for (size_t p = 0; p < figures->n_parts; p++) {
            const Stats__Part *part = figures->parts[p];
            if (part->figure == count->figure && strcmp(part->kind, count->kind) == 0) {
                assert_true(part->total > 0 || part->figure == STATS__FIGURE__LEDGER);
                sum += part->total;
            }
        }
        assert_int_equal(sum, count->total);
    }
}

static void test_records_of_parts(void **state)
{
    struct life life;
    static struct lq_bed bed;
    make_life(&life, (uint64_t)(uintptr_t)*state);
    live(&bed, &life, STEPS, false);
    for (unsigned by = STATS__BY__TOWNSHIP; by < stats__by__descriptor.n_values; by++)
        for (int round = 0; round < 4; round++) {
            Stats__Figures asked = STATS__FIGURES__INIT;
            asked.by = (Stats__By)stats__by__descriptor.values[by].value;
            if (round % 2 == 1) {
                asked.from_day = lq_day_of(NOON_MS) - 5;
                asked.to_day = lq_day_of(NOON_MS) + 17;
            }
            if (round / 2 == 1)
                asked.as_of_ms = life.steps[STEPS / 2].at_ms;
            const Stats__FiguresAnswer *figures = figures_of(&bed, asked);
            assert_true(figures->n_parts > 0);
            for (size_t i = 0; i < figures->n_parts; i++)
                assert_part(&bed, &asked, figures->parts[i]);
            if (asked.by == STATS__BY__DEPARTMENT)
                assert_whole(figures);
            lq_bed_forget(&bed);
        }
    lq_bed_close(&bed);
    lq_arena_free(&life.arena);
}

int main(void)
{
    struct CMUnitTest tests[2 * SEEDS];
    for (unsigned i = 0; i < SEEDS; i++) {
        void *seed = (void *)(uintptr_t)(i + 1);
        tests[2 * i] =
            (struct CMUnitTest){"figures as of every instant", test_as_of, NULL, NULL, seed};
        tests[2 * i + 1] =
            (struct CMUnitTest){"records of every part", test_records_of_parts, NULL, NULL, seed};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
