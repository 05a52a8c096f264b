// lq-sim: runs seeds.
//
//     lq-sim --seed 7 --days 2 --faults all          one line, with the hash of everything that
//     happened lq-sim --seed 1 --seeds 10000 --days 0.1       many; stops at the first that fails
//     lq-sim --bugs                                  the bugs that can be planted (lq-sim-planted)
//     lq-sim --list seeds.txt                        the seeds of a file
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/bugs.h"
#include "sim/sim.h"

static const char usage[] =
    "usage: lq-sim [--seed N] [--seeds COUNT] [--days D] [--faults all|none|LIST]\n"
    "              [--bug NAME] [--bugs] [--list FILE] [--story] [--brief] [--quiet]\n"
    "  --days D      simulated days, 0.1 or 3 (default 0.1)\n"
    "  --faults LIST loss,repeat,delay,reorder,cut,crash,bus,stall,clock,slow\n"
    "  --bug NAME    plants a bug; --bugs lists them\n"
    "  --list FILE   runs the seeds of a file: seed days faults why\n"
    "  --story       tells a run that fails at once (else it is run again to tell it)\n"
    "  --brief       does not tell; --quiet: only the sums of many seeds\n"
    "  --survey      what the commands came to and how often each fault struck; fails if the\n"
    "                workload leaves out a command\n";

struct arguments {
    struct sim_options options;
    uint64_t seeds;
    const char *list;
    bool bugs, quiet, survey;
};

// ---------------------------------------------------------------- reading

static bool read_days(const char *text, int64_t *span_ms)
{
    char *end;
    errno = 0;
    const double number = strtod(text, &end);
    if (errno != 0 || end == text || number < 0)
        return false;
    *span_ms = strcmp(end, "ms") == 0 ? (int64_t)number : (int64_t)(number * 86400000.0);
    return *end == '\0' || strcmp(end, "ms") == 0;
}

static bool read_faults(const char *text, uint32_t *faults)
{
    char copy[200];
    if (strcmp(text, "all") == 0 || strcmp(text, "none") == 0) {
        *faults = text[0] == 'a' ? SIM_ALL : 0;
        return true;
    }
    if (strncmp(text, "0x", 2) == 0) {
        *faults = (uint32_t)strtoul(text, NULL, 16) & SIM_ALL;
        return true;
    }
    *faults = 0;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *rest = copy, *word; (word = strsep(&rest, ",")) != NULL;) {
        unsigned i = 0;
        while (sim_fault_name(i) != NULL && strcmp(sim_fault_name(i), word) != 0)
            i++;
        if (sim_fault_name(i) == NULL)
            return false;
        *faults |= 1U << i;
    }
    return true;
}

// The bugs are in another program, built from the same sources with them.
static void become_planted(char **argv)
{
#ifndef SIM_PLANTED
    char path[PATH_MAX], planted[PATH_MAX + 32];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size > 0) {
        path[size] = '\0';
        snprintf(planted, sizeof planted, "%s/lq-sim-planted", dirname(path));
        execv(planted, argv);
        fprintf(stderr, "lq-sim: %s: %s\n", planted, strerror(errno));
    }
    exit(2);
#else
    (void)argv;
#endif
}

static bool take_argument(struct arguments *a, int option, char **argv)
{
    switch (option) {
    case 's':
        a->options.seed = strtoull(optarg, NULL, 10);
        return true;
    case 'n':
        a->seeds = strtoull(optarg, NULL, 10);
        return true;
    case 'd':
        return read_days(optarg, &a->options.span_ms);
    case 'f':
        return read_faults(optarg, &a->options.faults);
    case 'b':
        if (strcmp(optarg, "none") != 0)
            become_planted(argv);
        sim_planted = sim_bug_named(optarg);
        return sim_planted != SIM_BUG_COUNT;
    case 'l':
        a->list = optarg;
        return true;
    case 'B':
        a->bugs = true;
        return true;
    case 't':
        a->options.story = true;
        return true;
    case 'r':
        a->options.brief = true;
        return true;
    case 'v':
        a->survey = a->quiet = true;
        return true;
    case 'q':
        a->quiet = true;
        return true;
    default:
        return false;
    }
}

static bool take_arguments(struct arguments *a, int argc, char **argv)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'}, {"seeds", required_argument, NULL, 'n'},
        {"days", required_argument, NULL, 'd'}, {"faults", required_argument, NULL, 'f'},
        {"bug", required_argument, NULL, 'b'},  {"bugs", no_argument, NULL, 'B'},
        {"list", required_argument, NULL, 'l'}, {"story", no_argument, NULL, 't'},
        {"brief", no_argument, NULL, 'r'},      {"quiet", no_argument, NULL, 'q'},
        {"survey", no_argument, NULL, 'v'},     {0}};
    *a = (struct arguments){.options = {.seed = 1, .span_ms = 8640000, .faults = SIM_ALL},
                            .seeds = 1};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_argument(a, option, argv))
            return false;
    return optind == argc;
}

// ---------------------------------------------------------------- running

struct sums {
    uint64_t seeds, commands, accepted, rejected, crashes, simulated_ms;
    double seconds;
    struct sim_counts counts;
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_run(const struct sim *s, double seconds)
{
    const struct sim_counts *c = &s->counts;
    printf("seed %" PRIu64 " hash %016" PRIx64 " commands %" PRIu64 " accepted %" PRIu64
           " rejected %" PRIu64 " records %" PRIu64 " crashes %" PRIu64 " (%" PRIu64
           " before, %" PRIu64 " after a commit) bus %" PRIu64 " lost %" PRIu64 " repeated %" PRIu64
           " simulated %.1f h (%.1f h of them busy) at %.0f x\n",
           s->options.seed, s->trace, c->commands, c->accepted, c->rejected,
           audit_records(s->audit), c->crashes, c->crashes_before, c->crashes_after, c->bus_crashes,
           c->lost, c->repeated, (double)(s->now_ms - s->start_ms) / 3600000.0,
           (double)(s->now_ms - s->start_ms - (int64_t)c->lull_ms) / 3600000.0,
           (double)(s->now_ms - s->start_ms) / 1000.0 / seconds);
}

// All of them are numbers of one kind.
static void add_counts(struct sim_counts *sums, const struct sim_counts *run)
{
    uint64_t to[sizeof *sums / sizeof(uint64_t)], from[sizeof to / sizeof to[0]];
    memcpy(to, sums, sizeof to);
    memcpy(from, run, sizeof from);
    for (size_t i = 0; i < sizeof to / sizeof to[0]; i++)
        to[i] += from[i];
    memcpy(sums, to, sizeof to);
}

static void run_one(const struct sim_options *options, bool quiet, struct sums *sums)
{
    static struct sim sim;
    const double before = seconds_now();
    sim_run(&sim, options);
    const double seconds = seconds_now() - before;
    if (!quiet)
        print_run(&sim, seconds);
    sums->seeds++;
    sums->commands += sim.counts.commands;
    sums->accepted += sim.counts.accepted;
    sums->rejected += sim.counts.rejected;
    sums->crashes += sim.counts.crashes;
    sums->simulated_ms += (uint64_t)(sim.now_ms - sim.start_ms);
    sums->seconds += seconds;
    add_counts(&sums->counts, &sim.counts);
    sim_free(&sim);
}

// How often each fault point was reached.
static void print_faults(const struct sums *sums)
{
    const struct sim_counts *c = &sums->counts;
    printf("crashes before a commit %" PRIu64 ", after one %" PRIu64 ", between turns %" PRIu64
           "; of the bus %" PRIu64 "\nmessages %" PRIu64 ": lost %" PRIu64 ", repeated %" PRIu64
           ", delayed %" PRIu64 "; lines cut %" PRIu64 ", terminals stalled %" PRIu64
           ", clocks jumped %" PRIu64 ", slow flushes %" PRIu64 "; tables made anew %" PRIu64 "\n",
           c->crashes_before, c->crashes_after, c->crashes - c->crashes_before - c->crashes_after,
           c->bus_crashes, c->messages, c->lost, c->repeated, c->delayed, c->cuts, c->stalls,
           c->jumps, c->slow, c->rebuilt);
}

static void print_sums(const struct sums *sums)
{
    printf("%" PRIu64 " seeds passed: commands %" PRIu64 " accepted %" PRIu64 " rejected %" PRIu64
           " crashes %" PRIu64 ", %.1f days (%.1f of them busy) in %.1f s: %.0f x real time\n",
           sums->seeds, sums->commands, sums->accepted, sums->rejected, sums->crashes,
           (double)sums->simulated_ms / 86400000.0,
           (double)(sums->simulated_ms - sums->counts.lull_ms) / 86400000.0, sums->seconds,
           (double)sums->simulated_ms / 1000.0 / sums->seconds);
}

// Each line: seed, days, faults, and why it is kept. '#' begins a comment.
static bool run_list(const struct arguments *a, struct sums *sums)
{
    char line[400], days[40], faults[200];
    FILE *file = fopen(a->list, "r");
    if (file == NULL) {
        fprintf(stderr, "lq-sim: %s: %s\n", a->list, strerror(errno));
        return false;
    }
    bool fine = true;
    while (fine && fgets(line, sizeof line, file) != NULL) {
        struct sim_options options = a->options;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        char *rest = line;
        options.seed = strtoull(line, &rest, 10);
        fine = rest != line && sscanf(rest, " %39s %199s", days, faults) == 2 &&
               read_days(days, &options.span_ms) && read_faults(faults, &options.faults);
        if (fine)
            run_one(&options, a->quiet, sums);
        else
            fprintf(stderr, "lq-sim: %s: not a seed: %s", a->list, line);
    }
    fclose(file);
    return fine;
}

int main(int argc, char **argv)
{
    struct arguments a;
    struct sums sums = {0};
    if (!take_arguments(&a, argc, argv)) {
        fputs(usage, stderr);
        return 2;
    }
    if (a.bugs) {
        for (enum sim_bug bug = SIM_BUG_NONE + 1; bug < SIM_BUG_COUNT; bug++)
            printf("%-26s %s\n", sim_bug_name(bug), sim_bug_words(bug));
        return 0;
    }
    if (a.list != NULL && !run_list(&a, &sums))
        return 2;
    for (uint64_t i = 0; a.list == NULL && i < a.seeds; i++) {
        run_one(&a.options, a.quiet, &sums);
        a.options.seed++;
    }
    if (sums.seeds != 1)
        print_sums(&sums);
    if (a.survey)
        print_faults(&sums);
    return a.survey && !audit_survey() ? 1 : 0;
}
