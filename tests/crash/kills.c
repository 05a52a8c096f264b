// lq-crash: real processes under load, killed at random moments, and terminals that keep score of
// every acknowledgement. Several systems run side by side, each with its own directory and seed.
//
// A round is a number of kills; then everything is answered, said again and audited (audit.h). The
// seed decides what is killed and how long is waited; the moment within a process is chance.
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "crash/audit.h"
#include "crash/disk.h"

enum { SYSTEMS_MAX = 16, ROUND_KILLS = 200, BUS_EVERY = 60, ALL_EVERY = 50, SETTLE_MS = 300 };

struct tally {
    uint64_t kills, rounds, acknowledged, accepted, records;
    bool well;
};

struct options {
    uint64_t kills, seed, pace_ms;
    unsigned systems;
    bool keep;
    char program[512], verify[512];
};

static struct options options = {.kills = 1000, .seed = 1, .pace_ms = 30, .systems = 2};

struct run {
    struct crash_system system;
    struct load load;
    struct crash_audit *audit;
    struct lq_dice dice;
    struct tally *tally;
    char directory[128];
};

// ---------------------------------------------------------------- one system

static bool fail(struct run *run, const char *what)
{
    printf("WRONG in %s (see its log): %s\n", run->directory, what);
    fflush(stdout);
    return false;
}

static void kill_some(struct run *run, uint64_t share)
{
    const uint64_t left = share - run->tally->kills;
    if (lq_throw(&run->dice, ALL_EVERY) == 0 && left >= run->system.count) {
        system_kill_all(&run->system);
        run->tally->kills += run->system.count;
        return;
    }
    // Terminals take up to a second to come back to a bus, in which nothing else happens.
    const bool bus = lq_throw(&run->dice, BUS_EVERY) == 0;
    const unsigned services = run->system.count - 1;
    system_kill(&run->system, bus ? SYSTEM_BUS : 1 + (unsigned)lq_throw(&run->dice, services));
    run->tally->kills++;
}

static bool kill_for_a_round(struct run *run, uint64_t share)
{
    const uint64_t until = run->tally->kills + ROUND_KILLS;
    while (run->tally->kills < until && run->tally->kills < share) {
        // Mostly one after the other, now and then while the one before still starts.
        const uint64_t pause = lq_throw(&run->dice, 2 * options.pace_ms);
        if (!load_run(&run->load, (int64_t)pause))
            return fail(run, run->load.wrong);
        const char *ended = system_ended(&run->system);
        if (ended != NULL) {
            snprintf(run->load.wrong, sizeof run->load.wrong, "%s ended without being killed",
                     ended);
            return fail(run, run->load.wrong);
        }
        kill_some(run, share);
    }
    return true;
}

static bool do_round(struct run *run, uint64_t share)
{
    const size_t first = run->load.count;
    if (!kill_for_a_round(run, share))
        return false;
    const bool last = run->tally->kills >= share;
    if (!load_run(&run->load, SETTLE_MS) || !load_finish(&run->load) ||
        !load_repeat(&run->load, last ? 0 : first) || !crash_audit(run->audit, last))
        return fail(run, run->load.wrong);
    run->tally->rounds++;
    run->tally->acknowledged = run->load.acknowledged;
    run->tally->accepted = run->load.accepted;
    run->tally->records = crash_audit_records(run->audit);
    return true;
}

static bool verify(struct run *run)
{
    int how;
    const pid_t pid = fork();
    LQ_ASSERT(pid >= 0);
    if (pid == 0) {
        execl(options.verify, options.verify, "--data", run->directory, "--quiet", "verify",
              (char *)NULL);
        _exit(127);
    }
    LQ_ASSERT(waitpid(pid, &how, 0) == pid);
    return (WIFEXITED(how) && WEXITSTATUS(how) == 0) || fail(run, "lq verify finds fault");
}

static void remove_all(const char *directory)
{
    disk_empty(directory);
    LQ_ASSERT(rmdir(directory) == 0);
}

static void run_system(struct tally *tally, unsigned number)
{
    static struct run run;
    const char *temporary = getenv("TMPDIR");
    const uint64_t share =
        options.kills / options.systems + (number < options.kills % options.systems);
    run.tally = tally;
    run.dice = lq_dice(options.seed * 1000 + number);
    LQ_ASSERT(snprintf(run.directory, sizeof run.directory, "%s/lq-crash-XXXXXX",
                       temporary != NULL && *temporary != '\0' ? temporary : "/tmp") <
              (int)sizeof run.directory);
    LQ_ASSERT(mkdtemp(run.directory) != NULL);
    system_start(&run.system, run.directory, options.program);
    load_open(&run.load, &run.system, options.seed * 1000 + number);
    run.audit = crash_audit_open(&run.system, &run.load);
    bool well = load_begin(&run.load) || fail(&run, run.load.wrong);
    while (well && tally->kills < share)
        well = do_round(&run, share);
    well = well && verify(&run);
    load_close(&run.load);
    crash_audit_close(run.audit);
    const char *ill = system_stop(&run.system);
    if (ill != NULL && well) {
        snprintf(run.load.wrong, sizeof run.load.wrong, "%s did not stop as it should", ill);
        well = fail(&run, run.load.wrong);
    }
    if (well && !options.keep)
        remove_all(run.directory);
    tally->well = well;
    _exit(well ? 0 : 1);
}

// ---------------------------------------------------------------- all of them

static int report(const struct tally *tallies, int64_t since_ms)
{
    struct tally sum = {.well = true};
    for (unsigned i = 0; i < options.systems; i++) {
        sum.kills += tallies[i].kills;
        sum.rounds += tallies[i].rounds;
        sum.acknowledged += tallies[i].acknowledged;
        sum.accepted += tallies[i].accepted;
        sum.records += tallies[i].records;
        sum.well = sum.well && tallies[i].well;
    }
    printf("%llu kills in %llu rounds, %.1f s: %llu acknowledgements (%llu accepted), %llu records:"
           " %s\n",
           (unsigned long long)sum.kills, (unsigned long long)sum.rounds,
           (double)(lq_steady_ms() - since_ms) / 1000, (unsigned long long)sum.acknowledged,
           (unsigned long long)sum.accepted, (unsigned long long)sum.records,
           sum.well ? "nothing acknowledged was lost" : "SEE ABOVE");
    return sum.well ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void find_programs(void)
{
    char self[400];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    LQ_ASSERT(size > 0);
    self[size] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(options.program, sizeof options.program, "%s/lianqind", self);
    snprintf(options.verify, sizeof options.verify, "%s/lq", self);
}

static bool take_options(int argc, char **argv)
{
    static const struct option names[] = {
        {"kills", required_argument, NULL, 'k'},   {"seed", required_argument, NULL, 's'},
        {"systems", required_argument, NULL, 'n'}, {"pace", required_argument, NULL, 'p'},
        {"keep", no_argument, NULL, 'K'},          {0}};
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        const uint64_t value = optarg != NULL ? strtoull(optarg, NULL, 10) : 0;
        if (name == 'k')
            options.kills = value;
        else if (name == 's')
            options.seed = value;
        else if (name == 'n' && value >= 1 && value <= SYSTEMS_MAX)
            options.systems = (unsigned)value;
        else if (name == 'p' && value > 0)
            options.pace_ms = value;
        else if (name == 'K')
            options.keep = true;
        else
            return false;
    }
    return optind == argc;
}

int main(int argc, char **argv)
{
    find_programs();
    if (!take_options(argc, argv)) {
        fputs(
            "usage: lq-crash [--kills N] [--seed N] [--systems N] [--pace MILLISECONDS] [--keep]\n",
            stderr);
        return 2;
    }
    struct tally *tallies = mmap(NULL, SYSTEMS_MAX * sizeof *tallies, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    LQ_ASSERT(tallies != MAP_FAILED);
    const int64_t since_ms = lq_steady_ms();
    for (unsigned i = 0; i < options.systems; i++) {
        const pid_t pid = fork();
        LQ_ASSERT(pid >= 0);
        if (pid == 0)
            run_system(&tallies[i], i);
    }
    while (wait(NULL) > 0 || errno == EINTR)
        continue;
    return report(tallies, since_ms);
}
