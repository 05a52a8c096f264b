// lq-crash-states: what a power cut may leave of a store, at every operation, and whether it opens.
//
// A life is recorded, and then done again on a model of a disk, operation by operation. Before each
// next one the power is cut, in several ways (disk.h). Each time the store must open with our own
// code and hold exactly what was told or one batch more; the chain, the tables and the repeated
// outcomes must be right, and life must be able to go on. In some lives another version of the
// service goes on half way, and makes the tables again: what is left of that, either version opens.
// Before that, a copy of some is looked at
// as `lq verify` does, which opens nothing and repairs nothing; and again when the service has been
// there. Now and then the power does not go but the process does: it starts again, tells what it
// finds, and *then* the power is cut.
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "crash/disk.h"
#include "crash/life.h"
#include "crash/place.h"
#include "runtime/verify.h"

enum { WORKERS_MAX = 64, STEPS_MOST = 40, LONG_STEPS = 300, REPEATS = 3, GO_ON_EVERY = 8 };
enum { VERIFY_EVERY = 4, UPGRADE_EVERY = 3 };

// What the words say of a head that the next opening writes anew.
#define SETTLES "start its service once, which writes it anew"

struct worker {
    uint64_t states, runs, restarts; // done
    uint64_t verified, unsettled;    // looked at before the service; told to let it settle first
    uint64_t other_version;          // told that another version made the tables, or nobody yet
    char where[256];                 // what is being looked at
    char wrong[512];                 // what was wrong with it; empty: nothing
    bool done;
};

struct options {
    uint64_t states, seed, ways;
    unsigned jobs, flush_plants, life_plants;
};

static struct options options = {.states = 20000, .seed = 1, .ways = 6, .jobs = 1};

// One recorded life, and what is known of it.
struct run {
    struct worker *worker;
    struct place place;
    uint64_t seed;
    const char *service;
    struct life life;
    struct recording recording;
    uint8_t (*hashes)[LQ_HASH_SIZE]; // hashes[seq]
    uint64_t tip;
    struct lq_dice dice;
};

// Where in a run the power is cut, and what must be there.
struct cut {
    uint64_t told, next; // the tip is one of these
    const char *directory;
};

static void wrong(struct run *run, const char *what)
{
    snprintf(run->worker->wrong, sizeof run->worker->wrong, "%s", what);
    if (options.flush_plants != 0 || options.life_plants != 0)
        place_remove(&run->place);
    _exit(1); // the parent tells it; the files stay to be looked at, unless it was to be expected
}

// ---------------------------------------------------------------- one state

// A life that goes on where the recorded one was cut: it knows what was acknowledged up to there.
static void make_heir(const struct run *run, uint64_t told, struct life *heir)
{
    life_init(heir, run->service, lq_throw(&(struct lq_dice){run->dice.state, 0}, UINT64_MAX));
    heir->now_ms = run->life.now_ms;
    heir->salt = "heir";
    if (run->worker->states % 2 == 0) // of the last version, else of the first
        heir->service = run->life.service;
    heir->room = run->life.room;
    heir->commands = calloc(heir->room + 1, sizeof *heir->commands);
    LQ_ASSERT(heir->commands != NULL);
    while (heir->count < run->life.count && run->life.commands[heir->count].position <= told) {
        heir->commands[heir->count] = run->life.commands[heir->count];
        heir->count++;
    }
}

static void check_tip(struct run *run, const struct cut *cut, struct life *heir)
{
    char text[256];
    uint8_t hash[LQ_HASH_SIZE];
    const uint64_t tip = lq_store_tip(heir->store, hash);
    if (tip != cut->told && tip != cut->next) {
        snprintf(text, sizeof text,
                 "the journal ends at %llu; %llu was told, and the batch after it ends at %llu",
                 (unsigned long long)tip, (unsigned long long)cut->told,
                 (unsigned long long)cut->next);
        wrong(run, text);
    }
    if (tip > 0 && memcmp(hash, run->hashes[tip], LQ_HASH_SIZE) != 0)
        wrong(run, "the journal ends in another record than was written");
}

static void require(struct run *run, const char *what)
{
    if (what != NULL)
        wrong(run, what);
}

// ---------------------------------------------------------------- before the service starts

static void copy_file(const char *from, const char *to)
{
    char bytes[64 * 1024];
    const int in = open(from, O_RDONLY | O_CLOEXEC);
    const int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    LQ_ASSERT(in >= 0 && out >= 0);
    for (ssize_t size; (size = read(in, bytes, sizeof bytes)) != 0;)
        LQ_ASSERT(size > 0 && write(out, bytes, (size_t)size) == size);
    close(in);
    close(out);
}

// What `lq verify` does to the store, as it is now.
static enum lq_status verify_apart(const struct run *run, const char *store, bool *other_version)
{
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options room = {.max_bytes = run->life.map_bytes};
    struct lq_store_plan plan;
    char url[PATH_MAX + 8];
    snprintf(url, sizeof url, "lmdb:%s", store);
    struct lq_store *read = NULL;
    struct lq_verified verified = {0};
    lq_host_plan(run->life.service, names, &plan);
    enum lq_status status = lq_store_open_readonly(url, &plan, &room, &read);
    if (status != LQ_OK)
        return status;
    struct lq_store *scratch = lq_store_new_memory(&plan);
    status = lq_verify(run->life.service, read, scratch, &run->life.policy, NULL, NULL, &verified);
    lq_store_close(scratch);
    lq_store_close(read);
    *other_version = verified.other_version;
    return status;
}

// Somebody verifies before the service has started: all is well; or nobody was told anything yet,
// and there is no store, or no tables in it; or a head is what the power cut left of the commit
// under way, and he is told to start the service first.
static void check_before_opening(struct run *run, const struct cut *cut, const char *store)
{
    char from[PLACE_TEXT + 32], copy[PLACE_TEXT + 16], to[PLACE_TEXT + 32];
    snprintf(from, sizeof from, "%s/data.mdb", store);
    place_join(copy, run->place.apart, "store");
    snprintf(to, sizeof to, "%s/data.mdb", copy);
    disk_empty(run->place.apart);
    if (access(store, F_OK) == 0) {
        LQ_ASSERT(mkdir(copy, 0750) == 0);
        copy_file(from, to);
    }
    bool other_version = false;
    const enum lq_status status = verify_apart(run, copy, &other_version);
    const bool unsettled = status == LQ_E_CORRUPT && strstr(lq_fault_text(), SETTLES) != NULL;
    if (status != LQ_OK && !unsettled && (status != LQ_E_MISSING || cut->told > 0))
        wrong(run, lq_fault_text());
    run->worker->verified++;
    run->worker->unsettled += unsettled;
    run->worker->other_version += other_version;
}

// ---------------------------------------------------------------- when it does

static void check_store(struct run *run, const struct cut *cut)
{
    char store[PLACE_TEXT + 16];
    struct life heir;
    const bool verifies = run->worker->states % VERIFY_EVERY == 0;
    make_heir(run, cut->told, &heir);
    place_join(store, cut->directory, "store");
    if (verifies)
        check_before_opening(run, cut, store);
    if (life_open(&heir, store) != LQ_OK)
        wrong(run, lq_fault_text());
    check_tip(run, cut, &heir);
    require(run, life_verify(&heir));
    const unsigned first = heir.count > REPEATS ? heir.count - REPEATS : 0;
    require(run, life_check_repeats(&heir, first, REPEATS));
    if (run->worker->states % GO_ON_EVERY == 0) {
        for (int i = 0; i < 3; i++)
            if (life_step(&heir) != LQ_OK)
                wrong(run, lq_fault_text());
        require(run, life_verify(&heir));
    }
    life_free(&heir);
    bool other_version;
    if (verifies && verify_apart(run, store, &other_version) != LQ_OK) // settled now
        wrong(run, lq_fault_text());
    run->worker->states++;
}

static void cut_power(struct run *run, const struct disk *disk, const struct cut *cut,
                      const char *where, size_t at)
{
    const uint64_t ways = disk_pending(disk) ? options.ways : 1;
    for (unsigned way = 0; way < ways; way++) {
        snprintf(run->worker->where, sizeof run->worker->where,
                 "seed %llu (%s), %s %zu, way %u of %llu", (unsigned long long)run->seed,
                 run->service, where, at, way, (unsigned long long)ways);
        disk_cut_power(disk, cut->directory, way, &run->dice);
        check_store(run, cut);
    }
}

// ---------------------------------------------------------------- the process dies first

// Starts again on what programs see, and says the last commands again; all that is recorded.
static uint64_t start_again(struct run *run, const struct disk *disk, struct recording *second,
                            uint64_t next)
{
    char store[PLACE_TEXT + 16];
    struct life heir;
    disk_lay_out(disk, run->place.second);
    recorder_start(run->place.second, second, options.flush_plants);
    place_join(store, run->place.second, "store");
    make_heir(run, next, &heir);
    if (life_open(&heir, store) != LQ_OK)
        wrong(run, lq_fault_text());
    const uint64_t tip = life_tip(&heir);
    // Past the tip nothing was told; a command that was refused has no place.
    while (heir.count > 0 && (heir.commands[heir.count - 1].outcome.data == NULL ||
                              heir.commands[heir.count - 1].position > tip))
        heir.count--;
    const unsigned first = heir.count > REPEATS ? heir.count - REPEATS : 0;
    require(run, life_check_repeats(&heir, first, REPEATS));
    recorder_stop();
    life_free(&heir);
    return tip;
}

static void kill_then_cut_power(struct run *run, const struct disk *disk, const struct cut *before,
                                size_t at)
{
    struct recording second = {0};
    struct disk again;
    snprintf(run->worker->where, sizeof run->worker->where, "seed %llu (%s), restart at %zu",
             (unsigned long long)run->seed, run->service, at);
    const uint64_t tip = start_again(run, disk, &second, before->next);
    struct cut cut = {before->told, before->next, run->place.state};
    disk_copy(&again, disk);
    disk_restart(&again);
    for (size_t i = 0; i < second.count; i++) {
        disk_do(&again, &second.ops[i]);
        if (second.ops[i].kind == OP_TOLD)
            cut.told = cut.next = tip; // and the heir has told it: from here on it must stay
        cut_power(run, &again, &cut, "operation after a restart", i);
    }
    disk_free(&again);
    recording_free(&second);
    run->worker->restarts++;
}

// ---------------------------------------------------------------- a run

// The next version has other tables, as far as the store can tell.
static void upgrade(struct run *run, const char *store)
{
    static struct lq_service next;
    next = *run->life.service;
    next.tables_version++;
    life_close(&run->life);
    run->life.service = &next;
    LQ_ASSERT(life_open(&run->life, store) == LQ_OK);
}

static void record(struct run *run)
{
    char store[PLACE_TEXT + 16];
    const bool is_long = run->seed % 16 == 0;
    life_init(&run->life, run->service, run->seed);
    run->life.plant = options.life_plants;
    place_join(store, run->place.live, "store");
    recorder_start(run->place.live, &run->recording, options.flush_plants);
    LQ_ASSERT(life_open(&run->life, store) == LQ_OK);
    const uint64_t steps = is_long ? LONG_STEPS : 4 + lq_throw(&run->dice, STEPS_MOST);
    for (uint64_t i = 0; i < steps; i++) {
        if (i == steps / 2 && run->seed % UPGRADE_EVERY == 0)
            upgrade(run, store);
        LQ_ASSERT(life_step(&run->life) == LQ_OK);
    }
    recorder_stop();
    run->tip = life_tip(&run->life);
    run->hashes = calloc(run->tip + 1, sizeof *run->hashes);
    LQ_ASSERT(run->hashes != NULL && lq_store_begin_read(run->life.store) == LQ_OK);
    for (uint64_t seq = 1; seq <= run->tip; seq++) {
        const uint8_t *hash;
        struct lq_span bytes;
        LQ_ASSERT(lq_store_record(run->life.store, seq, &hash, &bytes) == LQ_OK);
        memcpy(run->hashes[seq], hash, LQ_HASH_SIZE);
    }
    lq_store_end_read(run->life.store);
    life_close(&run->life);
}

static uint64_t next_told(const struct recording *recording, size_t at, uint64_t told)
{
    for (; at < recording->count; at++)
        if (recording->ops[at].kind == OP_TOLD && recording->ops[at].position > told)
            return recording->ops[at].position;
    return told;
}

// A write that is durable by itself is on its way for a while, and the power may go then.
static void do_unflushed(struct disk *disk, const struct op *op)
{
    struct op pending = *op;
    pending.flushed = false;
    disk_do(disk, &pending);
}

static void replay(struct run *run)
{
    static struct disk disk, during;
    const struct recording *recording = &run->recording;
    const size_t first = recording->count > 1500 ? recording->count - 1000 : 0; // of a long run
    struct cut cut = {.directory = run->place.state};
    disk_init(&disk);
    for (size_t i = 0; i < recording->count; i++) {
        const struct op *op = &recording->ops[i];
        if (op->kind == OP_TOLD)
            cut.told = op->position > cut.told ? op->position : cut.told;
        cut.next = next_told(recording, i, cut.told);
        const bool looked_at = i >= first && op->kind != OP_TOLD;
        if (looked_at && op->flushed) {
            disk_copy(&during, &disk);
            do_unflushed(&during, op);
            cut_power(run, &during, &cut, "during operation", i);
            if (lq_chance(&run->dice, 20))
                kill_then_cut_power(run, &during, &cut, i);
            disk_free(&during);
        }
        disk_do(&disk, op);
        if (looked_at || i + 1 == recording->count)
            cut_power(run, &disk, &cut, "after operation", i);
        if (op->kind == OP_RENAME || (looked_at && lq_chance(&run->dice, 2)))
            kill_then_cut_power(run, &disk, &cut, i);
    }
    disk_free(&disk);
}

static const char *service_of(uint64_t seed)
{
    unsigned count = 0;
    while (lq_services[count] != NULL)
        count++;
    LQ_ASSERT(count > 0);
    return lq_services[seed % count]->name;
}

static void do_run(struct worker *worker, uint64_t seed)
{
    struct run run = {.worker = worker,
                      .seed = seed,
                      .service = service_of(seed),
                      .dice = lq_dice(seed * 2654435761U)};
    snprintf(worker->where, sizeof worker->where, "seed %llu, the life itself",
             (unsigned long long)seed);
    place_make(&run.place, "lq-crash-states");
    record(&run);
    replay(&run);
    recording_free(&run.recording);
    life_free(&run.life);
    free(run.hashes);
    place_remove(&run.place);
    worker->runs++;
}

// ---------------------------------------------------------------- workers

static void work(struct worker *workers, unsigned self)
{
    struct worker *worker = &workers[self];
    recorder_skip_flushes(true);
    for (uint64_t seed = options.seed + self; worker->states < options.states / options.jobs;
         seed += options.jobs)
        do_run(worker, seed);
    worker->done = true;
    _exit(0);
}

static int report(const struct worker *workers, int64_t since_ms)
{
    uint64_t states = 0, runs = 0, restarts = 0, verified = 0, unsettled = 0, other = 0;
    int code = EXIT_SUCCESS;
    for (unsigned i = 0; i < options.jobs; i++) {
        states += workers[i].states;
        runs += workers[i].runs;
        restarts += workers[i].restarts;
        verified += workers[i].verified;
        unsettled += workers[i].unsettled;
        other += workers[i].other_version;
        if (workers[i].done)
            continue;
        code = EXIT_FAILURE;
        printf("WRONG at %s: %s\n", workers[i].where,
               workers[i].wrong[0] != '\0' ? workers[i].wrong : "the process died on it");
    }
    const double seconds = (double)(lq_steady_ms() - since_ms) / 1000;
    printf("%llu of them verified before the service started: %llu to be settled by it first, %llu "
           "with the tables of another version\n",
           (unsigned long long)verified, (unsigned long long)unsettled, (unsigned long long)other);
    printf("%llu crash states of %llu lives (%llu restarts before the cut) in %.1f s, %.0f/s: %s\n",
           (unsigned long long)states, (unsigned long long)runs, (unsigned long long)restarts,
           seconds, (double)states / seconds,
           code == EXIT_SUCCESS ? "nothing told was lost" : "SEE ABOVE");
    return code;
}

static unsigned plant_named(const char *name)
{
    if (strcmp(name, "no-flush") == 0)
        options.flush_plants |= PLANT_NO_FLUSH;
    else if (strcmp(name, "no-name-flush") == 0)
        options.flush_plants |= PLANT_NO_NAME_FLUSH;
    else if (strcmp(name, "no-meta-flush") == 0)
        options.flush_plants |= PLANT_NO_META_FLUSH;
    else if (strcmp(name, "tell-early") == 0)
        options.life_plants |= LIFE_TELLS_EARLY;
    else
        return 0;
    return 1;
}

static bool take_options(int argc, char **argv)
{
    static const struct option names[] = {
        {"states", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},
        {"ways", required_argument, NULL, 'w'},   {"jobs", required_argument, NULL, 'j'},
        {"plant", required_argument, NULL, 'p'},  {0}};
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        const uint64_t value = name == '?' ? 0 : strtoull(optarg, NULL, 10);
        if (name == 'n')
            options.states = value;
        else if (name == 's')
            options.seed = value;
        else if (name == 'w')
            options.ways = value;
        else if (name == 'j' && value >= 1 && value <= WORKERS_MAX)
            options.jobs = (unsigned)value;
        else if (name != 'p' || plant_named(optarg) == 0)
            return false;
    }
    return optind == argc && options.ways > 0;
}

int main(int argc, char **argv)
{
    if (!take_options(argc, argv)) {
        fputs("usage: lq-crash-states [--states N] [--seed N] [--ways N] [--jobs N]\n"
              "         [--plant no-flush|no-name-flush|no-meta-flush|tell-early]\n",
              stderr);
        return 2;
    }
    struct worker *workers = mmap(NULL, WORKERS_MAX * sizeof *workers, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    LQ_ASSERT(workers != MAP_FAILED);
    const int64_t since_ms = lq_steady_ms();
    for (unsigned i = 0; i < options.jobs; i++) {
        const pid_t pid = fork();
        LQ_ASSERT(pid >= 0);
        if (pid == 0)
            work(workers, i);
    }
    while (wait(NULL) > 0 || errno == EINTR)
        continue;
    return report(workers, since_ms);
}
