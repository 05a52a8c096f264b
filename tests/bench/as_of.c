// lq-bench-as-of: what figures as of an earlier time take within the service, over three years at
// the campaign's pace (lq_years.c): asked by each kind of part, as of instants from before the
// first record to the last. The same entries in two journals: recorded as they happened, a tenth of
// them weeks late; and imported at the end, which nobody knew of before.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "measure.h"
#include "rig.h"

enum {
    DAYS = 1096,
    ORDERS = 262 * 12,
    PARTICIPANTS = 20,
    NOTICES = 568 * 12,
    STEPS = 1471 * 12,
    TEAMS = 300,
    TOWNSHIPS = 18,
    TURN = 512,        // commands in one transaction
    FIRST_DAY = 16436, // 2015-01-01
    INSTANTS = 8,
    BUDGET_MS = 50,
};

struct county {
    struct rig rig;
    bool imported;
    uint64_t seq, entries, booked;
};

// ---------------------------------------------------------------- what is booked

static char *text_of(struct county *c, const char *letter, uint64_t number)
{
    return lq_arena_format(&c->rig.arena, "%s%05llu", letter, (unsigned long long)number);
}

static Stats__Entry *new_entry(struct county *c, Stats__Figure figure, int32_t day, uint64_t number)
{
    Stats__Entry *entry = LQ_NEW(&c->rig.arena, Stats__Entry);
    stats__entry__init(entry);
    entry->figure = figure;
    entry->on_day = day;
    entry->amount = 1;
    entry->township = text_of(c, "township ", number % TOWNSHIPS);
    entry->number = text_of(c, "N", number);
    entry->stream = lq_arena_text(&c->rig.arena, "dispatch");
    entry->seq = ++c->seq;
    entry->person = text_of(c, "P", c->seq % 2000);
    entry->at_ms = lq_day_start_ms(day) + (int64_t)(c->seq % 86400) * 1000;
    // The imported come within an hour behind the last day.
    entry->known_ms =
        c->imported
            ? lq_day_start_ms(FIRST_DAY + DAYS) + (int64_t)(c->seq * 30)
            : entry->at_ms + (c->seq % 10 == 0 ? (int64_t)(c->seq % 40) * LQ_DAY_MS : 60000);
    c->entries++;
    return entry;
}

static void book(struct county *c, Stats__Entry **entries, size_t count)
{
    Stats__Book booked = STATS__BOOK__INIT;
    booked.entries = entries;
    booked.n_entries = count;
    Stats__Command command = STATS__COMMAND__INIT;
    command.body_case = STATS__COMMAND__BODY_BOOK;
    command.book = &booked;
    rig_command(&c->rig, &command);
    if (++c->booked % TURN != 0)
        return;
    rig_turn(&c->rig);
    lq_arena_reset(&c->rig.arena);
}

static void book_order(struct county *c, uint64_t order, int32_t day)
{
    Stats__Entry *entries[3] = {new_entry(c, STATS__FIGURE__OPERATIONS, day, order)};
    entries[0]->teams = LQ_NEW_ARRAY(&c->rig.arena, char *, PARTICIPANTS);
    entries[0]->n_teams = PARTICIPANTS;
    for (unsigned i = 0; i < PARTICIPANTS; i++)
        entries[0]->teams[i] = text_of(c, "T", (order * PARTICIPANTS + i) % TEAMS);
    entries[1] = new_entry(c, STATS__FIGURE__VEHICLE_TIMES, day, order);
    entries[1]->amount = (int32_t)(1 + order % 5);
    entries[2] = new_entry(c, STATS__FIGURE__MACHINE_TIMES, day, order);
    for (int i = 1; i < 3; i++)
        entries[i]->seq = entries[0]->seq;
    book(c, entries, 3);
    for (unsigned i = 0; i < PARTICIPANTS; i++) {
        Stats__Entry *one = new_entry(c, STATS__FIGURE__PERSON_TIMES, day, order);
        one->team = text_of(c, "T", (order * PARTICIPANTS + i) % TEAMS);
        book(c, &one, 1);
    }
}

static void book_step(struct county *c, uint64_t step, int32_t day)
{
    static const char *const WORDS[] = {
        "suspended", "inspected", "rectification_started", "rectification_completed",
        "accepted",  "closed"};
    const uint64_t place = step % 373, round = step / 373;
    Stats__Entry *entries[2];
    size_t count = 0;
    if (round > 0) {
        entries[count] = new_entry(c, STATS__FIGURE__LEDGER, day, place);
        entries[count]->kind = lq_arena_text(&c->rig.arena, WORDS[(round - 1) % 6]);
        entries[count++]->amount = -1;
    }
    entries[count] = new_entry(c, STATS__FIGURE__LEDGER, day, place);
    entries[count++]->kind = lq_arena_text(&c->rig.arena, WORDS[round % 6]);
    book(c, entries, count);
}

static void book_notice(struct county *c, uint64_t notice, int32_t day)
{
    Stats__Entry *entry = new_entry(c, STATS__FIGURE__NOTICES, day, notice);
    book(c, &entry, 1);
}

static void fill(struct county *c)
{
    for (uint64_t day = 0; day < DAYS; day++) {
        const int32_t on_day = FIRST_DAY + (int32_t)day;
        for (uint64_t i = ORDERS * day / DAYS; i < ORDERS * (day + 1) / DAYS; i++)
            book_order(c, i, on_day);
        for (uint64_t i = NOTICES * day / DAYS; i < NOTICES * (day + 1) / DAYS; i++)
            book_notice(c, i, on_day);
        for (uint64_t i = STEPS * day / DAYS; i < STEPS * (day + 1) / DAYS; i++)
            book_step(c, i, on_day);
    }
    rig_turn(&c->rig);
    if (c->rig.answers != c->booked)
        bench_die("not everything was booked");
}

// ---------------------------------------------------------------- asking

static int64_t instant(const struct county *c, unsigned i)
{
    const int64_t first_ms =
        c->imported ? lq_day_start_ms(FIRST_DAY + DAYS) - LQ_DAY_MS : lq_day_start_ms(FIRST_DAY);
    const int64_t last_ms =
        lq_day_start_ms(FIRST_DAY + DAYS) + (c->imported ? LQ_DAY_MS / 24 : 40 * LQ_DAY_MS);
    return first_ms + (last_ms - first_ms) * i / (INSTANTS - 1);
}

static double ask(struct county *c, Stats__By by, int64_t as_of_ms)
{
    Stats__Figures figures = STATS__FIGURES__INIT;
    figures.by = by;
    figures.as_of_ms = as_of_ms;
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_FIGURES;
    query.figures = &figures;
    const double took = rig_ask(&c->rig, &query);
    if (rig_answer(&c->rig)->figures == NULL)
        bench_die("stats answers something else");
    return took;
}

// One line: now, then as of each instant the median, and the worst of all.
static bool ask_by(struct county *c, Stats__By by, unsigned rounds)
{
    double worst = 0;
    printf("| %-9s | %-12s |", c->imported ? "imported" : "as it went",
           by == STATS__BY__BY_NOTHING ? "-" : stats__by__descriptor.values[by].name);
    for (unsigned i = 0; i <= INSTANTS; i++) {
        struct samples samples = {0};
        for (unsigned n = 0; n < rounds; n++)
            samples_add(&samples, ask(c, by, i == 0 ? 0 : instant(c, i - 1)));
        const double median_ms = samples_at(&samples, 0.5) * 1e3;
        samples_free(&samples);
        printf(" %.1f |", median_ms);
        if (i > 0 && median_ms > worst)
            worst = median_ms;
    }
    printf(" %.1f | %s |\n", worst, worst <= BUDGET_MS ? "met" : "MISSED");
    fflush(stdout);
    return worst <= BUDGET_MS;
}

static bool measure(const char *folder, bool imported, unsigned rounds)
{
    static struct county c;
    char journal[4096];
    c = (struct county){.imported = imported};
    snprintf(journal, sizeof journal, "%s/%s", folder, imported ? "imported" : "as-it-went");
    rig_open(&c.rig, journal);
    fill(&c);
    bool met = true;
    for (unsigned i = 0; i < stats__by__descriptor.n_values; i++)
        met &= ask_by(&c, (Stats__By)stats__by__descriptor.values[i].value, rounds);
    fprintf(stderr, "%llu entries\n", (unsigned long long)c.entries);
    rig_close(&c.rig);
    return met;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: lq-bench-as-of FOLDER ROUNDS     FOLDER is empty; it gets two journals\n",
              stderr);
        return 2;
    }
    const unsigned rounds = (unsigned)atoi(argv[2]);
    puts("Figures over three years, within the service: the median in ms, now and as of eight "
         "instants from the first record to the last; the worst of these, of which at most 50 ms "
         "are allowed.\n");
    puts("| recorded | by | now | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | worst | budget |");
    puts("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    const bool met = measure(argv[1], false, rounds);
    return (int)!(measure(argv[1], true, rounds) && met);
}
