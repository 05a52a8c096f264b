// lq-crash-faults: every write and every flush of a life fails, one after the other, once and from
// then on: no space, an error, a write that is cut short, a flush that fails. What went wrong must
// be said in the very turn, in words that help; nothing is acknowledged after it and nothing that
// was is lost, neither to who starts again on the same files nor if the power goes first; and once
// the disk is well again, everything goes on.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "crash/disk.h"
#include "crash/life.h"
#include "crash/place.h"

enum { STEPS = 10, MORE_STEPS = 4, WAYS = 5, JOBS = 2, SERVICES_MAX = 32 };

struct tally {
    uint64_t faults, cuts; // looked at
    char where[256];
    char wrong[768]; // empty: nothing
    bool done;
};

struct run {
    struct tally *tally;
    struct place place;
    const char *service;
    struct fault_plan plan;
    unsigned plant;
    struct life life;
    struct recording recording;
    struct disk disk;
    size_t replayed; // of the recording, on the disk
};

static const char *const kinds[] = {
    [FAULT_NONE] = "no fault",
    [FAULT_NO_SPACE] = "no space at write",
    [FAULT_WRITE_ERROR] = "error at write",
    [FAULT_SHORT_WRITE] = "short write",
    [FAULT_FLUSH_ERROR] = "error at flush",
};

static void wrong(struct run *run, const char *what)
{
    snprintf(run->tally->wrong, sizeof run->tally->wrong, "%s", what);
    if (run->plant != 0)
        place_remove(&run->place);
    _exit(1);
}

static void require(struct run *run, const char *what)
{
    if (what != NULL)
        wrong(run, what);
}

static enum lq_status open_in(struct life *life, const char *directory)
{
    char store[PLACE_TEXT + 16];
    place_join(store, directory, "store");
    return life_open(life, store);
}

// ---------------------------------------------------------------- the fault

// The words say what cannot be done to what, and what is the matter with it.
static void check_words(struct run *run, enum lq_status status)
{
    char text[768];
    const char *words = lq_fault_text();
    const bool helps = run->plan.kind == FAULT_NO_SPACE
                           ? status == LQ_E_FULL && strstr(words, "No space") != NULL
                           : strstr(words, "No space") != NULL || strstr(words, "error") != NULL;
    if (helps && strncmp(words, "cannot ", 7) == 0 && strstr(words, run->place.live) != NULL)
        return;
    snprintf(text, sizeof text, "these words do not help: %s", words);
    wrong(run, text);
}

// Lives until the fault, and no longer.
static void live(struct run *run)
{
    enum lq_status status = open_in(&run->life, run->place.live);
    for (int i = 0; i < STEPS && status == LQ_OK && !recorder_failed(); i++)
        status = life_step(&run->life);
    if (recorder_failed() && status == LQ_OK)
        wrong(run, "a write or flush failed, and nothing was said");
    if (recorder_failed())
        check_words(run, status);
    else if (status != LQ_OK)
        wrong(run, lq_fault_text());
    life_close(&run->life);
}

// ---------------------------------------------------------------- what is left

static void make_heir(const struct run *run, struct life *heir)
{
    life_init(heir, run->service, 7);
    heir->now_ms = run->life.now_ms;
    heir->salt = "heir";
    heir->room = heir->count = run->life.count;
    heir->commands = calloc(heir->room + 1, sizeof *heir->commands);
    LQ_ASSERT(heir->commands != NULL);
    if (heir->count > 0)
        memcpy(heir->commands, run->life.commands, heir->count * sizeof *heir->commands);
}

static void check_left(struct run *run)
{
    struct life heir;
    make_heir(run, &heir);
    if (open_in(&heir, run->place.state) != LQ_OK)
        wrong(run, lq_fault_text());
    if (life_tip(&heir) < run->life.told)
        wrong(run, "the journal ends before what was acknowledged");
    require(run, life_verify(&heir));
    require(run, life_check_repeats(&heir, 0, heir.count));
    life_free(&heir);
    run->tally->cuts++;
}

// The power goes now.
static void check_power_cut(struct run *run)
{
    struct lq_dice dice = lq_dice(run->plan.at);
    for (; run->replayed < run->recording.count; run->replayed++)
        disk_do(&run->disk, &run->recording.ops[run->replayed]);
    for (unsigned way = 0; way < WAYS; way++) {
        disk_cut_power(&run->disk, run->place.state, way, &dice);
        check_left(run);
    }
}

// The disk is well again, and somebody starts the service.
static void recover(struct run *run)
{
    recorder_fail((struct fault_plan){0});
    if (open_in(&run->life, run->place.live) != LQ_OK)
        wrong(run, lq_fault_text());
    if (life_tip(&run->life) < run->life.told)
        wrong(run, "the journal ends before what was acknowledged");
    require(run, life_check_repeats(&run->life, 0, run->life.count));
    if (life_repeat_unanswered(&run->life) != LQ_OK)
        wrong(run, lq_fault_text());
    for (int i = 0; i < MORE_STEPS; i++)
        if (life_step(&run->life) != LQ_OK)
            wrong(run, lq_fault_text());
    require(run, life_check_repeats(&run->life, 0, run->life.count));
    require(run, life_verify(&run->life));
    life_close(&run->life);
}

// ---------------------------------------------------------------- runs

static void begin(struct run *run)
{
    snprintf(run->tally->where, sizeof run->tally->where, "%s, %s %u%s", run->service,
             kinds[run->plan.kind], run->plan.at, run->plan.forever ? " and all after it" : "");
    disk_empty(run->place.live);
    disk_init(&run->disk);
    run->replayed = 0;
    life_init(&run->life, run->service, 373);
    run->life.plant = run->plant;
    recorder_start(run->place.live, &run->recording, 0);
    recorder_fail(run->plan);
}

static void end(struct run *run)
{
    recorder_stop();
    disk_free(&run->disk);
    recording_free(&run->recording);
    life_free(&run->life);
}

// Does what the plan says; false if there are not so many writes or flushes.
static bool suffer(struct run *run)
{
    begin(run);
    live(run);
    const bool failed = recorder_failed();
    struct recording *recording = &run->recording;
    if (failed) {
        check_power_cut(run);
        recover(run);
        check_power_cut(run);
        run->tally->faults++;
    } else {
        LQ_ASSERT(recording->count > 0);
    }
    end(run);
    return failed;
}

static void suffer_all(struct run *run)
{
    for (int kind = FAULT_NO_SPACE; kind <= FAULT_FLUSH_ERROR; kind++)
        for (int forever = 0; forever < 2; forever++) {
            run->plan = (struct fault_plan){(enum fault_kind)kind, 1, forever != 0};
            while (suffer(run))
                run->plan.at++;
        }
}

static void work(struct tally *tally, unsigned job, unsigned services, unsigned plant)
{
    recorder_skip_flushes(true);
    for (unsigned i = job; i < services; i += JOBS) {
        unsigned count = 0;
        while (lq_services[count] != NULL)
            count++;
        if (i >= count)
            break;
        static struct run run; // a disk is too large for a stack
        run = (struct run){.tally = tally, .service = lq_services[i]->name, .plant = plant};
        place_make(&run.place, "lq-crash-faults");
        suffer_all(&run);
        place_remove(&run.place);
    }
    tally->done = true;
    _exit(0);
}

static bool take_options(int argc, char **argv, unsigned *services, unsigned *plant)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--services") == 0)
            *services = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--plant") == 0 &&
                 strcmp(argv[i + 1], "ignore-failed-commit") == 0)
            *plant = LIFE_IGNORES_FAILED;
        else
            return false;
    }
    return argc % 2 == 1 && *services > 0;
}

int main(int argc, char **argv)
{
    unsigned services = SERVICES_MAX, plant = 0;
    if (!take_options(argc, argv, &services, &plant)) {
        fputs("usage: lq-crash-faults [--services N] [--plant ignore-failed-commit]\n", stderr);
        return 2;
    }
    struct tally *tallies = mmap(NULL, JOBS * sizeof *tallies, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    LQ_ASSERT(tallies != MAP_FAILED);
    const int64_t since_ms = lq_steady_ms();
    for (unsigned i = 0; i < JOBS; i++) {
        const pid_t pid = fork();
        LQ_ASSERT(pid >= 0);
        if (pid == 0)
            work(&tallies[i], i, services, plant);
    }
    while (wait(NULL) > 0 || errno == EINTR)
        continue;
    uint64_t faults = 0, cuts = 0;
    int code = EXIT_SUCCESS;
    for (unsigned i = 0; i < JOBS; i++) {
        faults += tallies[i].faults;
        cuts += tallies[i].cuts;
        if (tallies[i].done)
            continue;
        code = EXIT_FAILURE;
        printf("WRONG at %s: %s\n", tallies[i].where,
               tallies[i].wrong[0] != '\0' ? tallies[i].wrong : "the process died on it");
    }
    printf("%llu failed writes and flushes, and %llu power cuts after them, in %.1f s: %s\n",
           (unsigned long long)faults, (unsigned long long)cuts,
           (double)(lq_steady_ms() - since_ms) / 1000,
           code == EXIT_SUCCESS ? "all said, nothing lost" : "SEE ABOVE");
    return code;
}
