// lq-bench-figures: what the statistics by township take within the service, without bus and wire:
// the service's own host on its own journal, given the question as bytes and giving the answer as
// bytes. Beside it, in turns, SQLite and PostgreSQL are asked the same about the same records.
//
// It can also make a journal of any size, to see what the question costs there: the entries are
// booked by the service itself, as they are when it follows others.
#include "figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "measure.h"
#include "rig.h"
#include "wire.h"

enum { PEERS = 2, TURN = 512, FIRST_DAY = 16436 /* 2015-01-01 */, THREE_YEARS = 1096 };

// ---------------------------------------------------------------- asking

static struct figures_sum sum_of(struct rig *rig)
{
    const Stats__FiguresAnswer *figures = rig_answer(rig)->figures;
    struct figures_sum sum = {.parts = (unsigned)figures->n_parts};
    for (size_t i = 0; i < figures->n_parts; i++)
        sum.total += figures->parts[i]->total;
    return sum;
}

// One question, timed from its bytes to the answer's.
static struct figures_sum ask(struct rig *rig, int32_t from_day, int32_t to_day, double *took)
{
    Stats__Figures figures = STATS__FIGURES__INIT;
    figures.by = STATS__BY__TOWNSHIP;
    figures.from_day = from_day;
    figures.to_day = to_day;
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_FIGURES;
    query.figures = &figures;
    *took = rig_ask(rig, &query);
    return sum_of(rig);
}

static void inside(struct rig *rig, unsigned rounds, int32_t from_day, int32_t to_day)
{
    struct samples times = {0};
    for (unsigned i = 0; i < rounds; i++) {
        double took;
        (void)ask(rig, from_day, to_day, &took);
        samples_add(&times, took);
    }
    tell_samples("figures.inside", &times);
}

// ---------------------------------------------------------------- beside the peers

struct beside {
    const struct figures_peer *peer;
    void *store;
    struct samples times;
};

static void ask_peer(struct beside *b, int32_t from_day, int32_t to_day, struct figures_sum wanted)
{
    const double began = wire_now();
    const struct figures_sum sum = b->peer->ask(b->store, from_day, to_day);
    samples_add(&b->times, wire_now() - began);
    if (sum.parts != wanted.parts || sum.total != wanted.total)
        bench_die("%s counts %u parts, %lld in all; stats counts %u and %lld", b->peer->name,
                  sum.parts, (long long)sum.total, wanted.parts, (long long)wanted.total);
}

static void compare(struct rig *rig, struct beside *peers, unsigned rounds, int32_t from_day,
                    int32_t to_day)
{
    struct samples ours = {0};
    struct figures_sum sum = {0};
    for (unsigned i = 0; i < rounds; i++) {
        double took;
        sum = ask(rig, from_day, to_day, &took);
        samples_add(&ours, took);
        for (int p = 0; p < PEERS; p++)
            if (peers[p].store != NULL)
                ask_peer(&peers[p], from_day, to_day, sum);
    }
    tell("figures", "parts", sum.parts);
    tell_samples("figures.inside", &ours);
    for (int p = 0; p < PEERS; p++) {
        char what[64];
        snprintf(what, sizeof what, "figures.%s", peers[p].peer->name);
        if (peers[p].store != NULL)
            tell_samples(what, &peers[p].times);
    }
}

// ---------------------------------------------------------------- a journal of any size

static void book(struct rig *rig, uint64_t index, uint64_t count)
{
    static const char *const kinds[] = {"furnace", "moulding line", "transformer"};
    Stats__Entry entry = STATS__ENTRY__INIT;
    entry.figure = index % 2 == 0 ? STATS__FIGURE__DISMANTLED : STATS__FIGURE__NOTICES;
    entry.on_day = FIRST_DAY + (int32_t)(index * THREE_YEARS / count);
    entry.kind = (char *)(uintptr_t)(index % 2 == 0 ? kinds[index / 2 % 3] : "");
    entry.township = lq_arena_format(&rig->arena, "township %02u", (unsigned)(index / 6 % 18));
    entry.amount = 1;
    entry.number = lq_arena_format(&rig->arena, "G%08llu", (unsigned long long)index);
    entry.stream = (char[]){"seizure"};
    entry.seq = index + 1;
    Stats__Entry *entries[] = {&entry};
    Stats__Book booked = STATS__BOOK__INIT;
    booked.entries = entries;
    booked.n_entries = 1;
    Stats__Command command = STATS__COMMAND__INIT;
    command.body_case = STATS__COMMAND__BODY_BOOK;
    command.book = &booked;
    rig_command(rig, &command);
}

static void grow(struct rig *rig, uint64_t count)
{
    const double began = wire_now();
    for (uint64_t i = 0; i < count; i++) {
        book(rig, i, count);
        if (i % TURN != TURN - 1 && i + 1 < count)
            continue;
        rig_turn(rig);
        lq_arena_reset(&rig->arena);
    }
    if (rig->answers != count)
        bench_die("not everything was booked");
    tell("grow", "seconds", wire_now() - began);
}

// ---------------------------------------------------------------- the command line

static const char USAGE[] =
    "usage: lq-bench-figures compare JOURNAL ROUNDS FROM_DAY TO_DAY FACTS SQLITE_FILE [POSTGRES]\n"
    "       lq-bench-figures grow JOURNAL RECORDS     makes a journal of three years\n"
    "       lq-bench-figures inside JOURNAL ROUNDS    asks such a journal\n";

static void run_compare(struct rig *rig, char **words)
{
    struct beside peers[PEERS] = {{.peer = &FIGURES_SQLITE}, {.peer = &FIGURES_POSTGRES}};
    for (int i = 0; i < PEERS && words[4 + i] != NULL; i++)
        peers[i].store = peers[i].peer->open(words[4 + i], words[3]);
    compare(rig, peers, (unsigned)atoi(words[0]), atoi(words[1]), atoi(words[2]));
    for (int i = 0; i < PEERS; i++)
        if (peers[i].store != NULL)
            peers[i].peer->close(peers[i].store);
}

int main(int argc, char **argv)
{
    static struct rig rig;
    const char *what = argc >= 4 ? argv[1] : "";
    const bool comparing = strcmp(what, "compare") == 0 && (argc == 8 || argc == 9);
    if (!comparing && strcmp(what, "grow") != 0 && strcmp(what, "inside") != 0) {
        fputs(USAGE, stderr);
        return 2;
    }
    rig_open(&rig, argv[2]);
    if (comparing)
        run_compare(&rig, argv + 3);
    else if (what[0] == 'g')
        grow(&rig, strtoull(argv[3], NULL, 10));
    else
        // A little less than what is booked, so that it is a range.
        inside(&rig, (unsigned)atoi(argv[3]), FIRST_DAY + 1, FIRST_DAY + THREE_YEARS - 2);
    rig_close(&rig);
    return 0;
}
