// Bits that turn on disk: each byte of a journal in turn is altered, and `lq verify` must find it,
// or the byte must be one that nothing is read from. The stores are those of a small campaign.
//
//     test_flip               a sample of all pages, and some pages whole
//     test_flip --all JOBS [SERVICE]    every byte of every store, with each of three patterns
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/clock.h"
#include "lmdb_map.h"
#include "runtime/host.h"
#include "runtime/verify.h"
#include "site.h"
#include "support/message.h"

// A crash while reading is what `lq verify` tells its user about: no report of the sanitizer's.
// It is the sanitizer that gives this function its name.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0:detect_leaks=1";
}

enum {
    PAGE = 4096,
    HEAD = 160,      // bytes of a head's page that are always tried
    SAMPLE = 4000,   // bytes a store otherwise, in a short run
    WHOLE_PAGES = 2, // tried byte by byte, of the first stores
    WHOLE_STORES = 2,
    HANGS_S = 60,
    SHOWN = 6, // by lq itself
};

enum result { NOT_TRIED, PASSED, FOUND, ENDED }; // ENDED: the reader was, by a signal or otherwise

static bool all_bytes;
static const char *only; // the store of this service
static unsigned jobs = 1;

// ---------------------------------------------------------------- one store

struct store_file {
    const struct lq_service *service;
    const struct lq_policy *policy;
    char path[160]; // of the store
    uint8_t *bytes, *kinds;
    size_t size;
    uint8_t *results; // shared with the children
};

static uint8_t *read_whole(const char *path, size_t *size)
{
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &about), 0);
    uint8_t *bytes = malloc((size_t)about.st_size);
    assert_int_equal(read(fd, bytes, (size_t)about.st_size), about.st_size);
    *size = (size_t)about.st_size;
    close(fd);
    return bytes;
}

static void open_file(struct site *site, const struct lq_service *service, struct store_file *out)
{
    char path[200];
    *out = (struct store_file){.service = service, .policy = &site->policy};
    snprintf(out->path, sizeof out->path, "%s/%s", site->system.journal, service->name);
    snprintf(path, sizeof path, "%s/data.mdb", out->path);
    out->bytes = read_whole(path, &out->size);
    out->kinds = malloc(out->size);
    map_lmdb_file(out->bytes, out->size, out->kinds);
    out->results = mmap(NULL, out->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(out->results, MAP_FAILED);
}

static void close_file(struct store_file *file)
{
    free(file->bytes);
    free(file->kinds);
    munmap(file->results, file->size);
}

// A copy of the store in memory, to be altered.
static int make_copy(const struct store_file *file, char directory[64])
{
    char path[96];
    site_scratch_dir(directory);
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, file->bytes, file->size, 0), file->size);
    return fd;
}

static const struct lq_store_options OPTIONS = {.max_bytes = 1 << 28};

// What `lq verify` does to a store.
static enum lq_status verify_copy(const struct store_file *file, const char *directory)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_store *store = NULL;
    struct lq_verified verified;
    lq_host_plan(file->service, names, &plan);
    char url[160];
    snprintf(url, sizeof url, "lmdb:%s", directory);
    enum lq_status status = lq_store_open_readonly(url, &plan, &OPTIONS, &store);
    if (status != LQ_OK)
        return status;
    struct lq_store *scratch = lq_store_new_memory(&plan);
    status = lq_verify(file->service, store, scratch, file->policy, NULL, NULL, &verified);
    lq_store_close(scratch);
    lq_store_close(store);
    return status;
}

// ---------------------------------------------------------------- altering

struct work {
    struct store_file *file;
    const size_t *offsets;
    size_t count;
    uint8_t pattern; // 0: one bit, another for each byte
};

static uint8_t pattern_at(const struct work *work, size_t offset)
{
    return work->pattern != 0 ? work->pattern : (uint8_t)(1u << offset % 8);
}

// In a child: what ends it leaves ENDED behind, and the parent goes on with the next byte.
_Noreturn static void alter_from(const struct work *work, size_t index, unsigned part, int fd,
                                 const char *directory)
{
    const int quiet = open("/dev/null", O_WRONLY);
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};
    dup2(quiet, STDERR_FILENO);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL); // cmocka would go on in this process
    for (; index < work->count; index += part) {
        const size_t offset = work->offsets[index];
        const uint8_t altered = work->file->bytes[offset] ^ pattern_at(work, offset);
        work->file->results[offset] = ENDED;
        alarm(HANGS_S);
        if (pwrite(fd, &altered, 1, (off_t)offset) != 1)
            abort();
        const enum lq_status status = verify_copy(work->file, directory);
        if (pwrite(fd, &work->file->bytes[offset], 1, (off_t)offset) != 1)
            abort();
        work->file->results[offset] = status == LQ_OK ? PASSED : FOUND;
    }
    _exit(0);
}

static void alter_part(const struct work *work, unsigned from, unsigned part)
{
    char directory[64];
    const int fd = make_copy(work->file, directory);
    size_t index = from;
    while (index < work->count) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            alter_from(work, index, part, fd, directory);
        waitpid(child, NULL, 0);
        while (index < work->count && work->file->results[work->offsets[index]] != NOT_TRIED)
            index += part;
        assert_int_equal(pwrite(fd, work->file->bytes, work->file->size, 0), work->file->size);
    }
    close(fd);
    site_remove_dir(directory);
}

static void alter(const struct work *work)
{
    memset(work->file->results, NOT_TRIED, work->file->size);
    for (unsigned i = 1; i < jobs; i++) {
        const pid_t worker = fork();
        assert_true(worker >= 0);
        if (worker == 0) {
            alter_part(work, i, jobs);
            _exit(0);
        }
    }
    alter_part(work, 0, jobs);
    while (wait(NULL) > 0)
        continue;
}

// ---------------------------------------------------------------- judging

struct tally {
    size_t tried, found, ended, passed[MAP_KINDS];
};

static void judge(const struct work *work, struct tally *tally)
{
    const struct store_file *file = work->file;
    for (size_t i = 0; i < work->count; i++) {
        const size_t offset = work->offsets[i];
        const uint8_t result = file->results[offset];
        assert_int_not_equal(result, NOT_TRIED);
        tally->tried++;
        tally->found += result == FOUND;
        tally->ended += result == ENDED;
        if (result != PASSED)
            continue;
        tally->passed[file->kinds[offset]]++;
        if (file->kinds[offset] == MAP_USED) {
            char text[65] = "";
            for (size_t b = 0; b < 64 && offset - 32 + b < file->size; b++) {
                const uint8_t c = file->bytes[offset - 32 + b];
                text[b] = (char)(c > 0x20 && c < 0x7f ? c : '.');
            }
            print_message("around it: %s\n", text);
        }
        if (file->kinds[offset] == MAP_USED)
            fail_msg("%s: byte %zu of page %zu (0x%02x ^ 0x%02x) is used, but was not found",
                     file->service->name, offset % PAGE, offset / PAGE, file->bytes[offset],
                     pattern_at(work, offset));
    }
}

static void print_tally(const char *name, const struct tally *tally)
{
    print_message("%-10s %8zu altered %8zu found %6zu ended the reader;", name, tally->tried,
                  tally->found, tally->ended);
    for (int kind = 1; kind < MAP_KINDS; kind++)
        if (tally->passed[kind] > 0)
            print_message(" %s %zu", map_kind_names[kind], tally->passed[kind]);
    print_message("\n");
}

// ---------------------------------------------------------------- which bytes

static size_t *choose(const struct store_file *file, unsigned nth, size_t *count)
{
    size_t *offsets = malloc(file->size * sizeof *offsets);
    const size_t stride = file->size / SAMPLE + 1;
    unsigned whole = 0;
    size_t whole_page = 0;
    *count = 0;
    for (size_t offset = 0; offset < file->size; offset++) {
        const size_t page = offset / PAGE;
        // the pages that are tried whole: the first that the newer head leads to
        if (offset % PAGE == 0 && page >= 2 && nth < WHOLE_STORES && whole < WHOLE_PAGES &&
            file->kinds[offset] == MAP_USED) {
            whole++;
            whole_page = page;
        }
        const bool head = page < 2 && offset % PAGE < HEAD;
        // used bytes more often than the others: those are found soon enough to be unused
        const bool sampled =
            offset % stride == 0 && (file->kinds[offset] == MAP_USED || offset % (4 * stride) == 0);
        const bool in_whole = page == whole_page && page > 0;
        if (all_bytes || head || sampled || in_whole || file->kinds[offset] == MAP_SEPARATOR)
            offsets[(*count)++] = offset;
    }
    return offsets;
}

// ---------------------------------------------------------------- the program itself

static int run_lq_verify(struct site *site, const char *service, char *said, size_t size)
{
    int ends[2], code;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        execl(LQ_PROGRAM, "lq", "--data", site->system.data, "verify", service, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t used = 0;
    for (ssize_t got; used + 1 < size && (got = read(ends[0], said + used, size - used - 1)) > 0;)
        used += (size_t)got;
    said[used] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &code, 0), child);
    return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

// Some of those that were found, and first of all those that ended the reader.
static void show_to_lq(struct site *site, const struct work *work)
{
    char path[200], said[16 * 1024];
    unsigned shown = 0;
    snprintf(path, sizeof path, "%s/data.mdb", work->file->path);
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    for (int pass = ENDED; pass >= FOUND; pass--)
        for (size_t i = 0; i < work->count && shown < SHOWN; i += pass == FOUND ? 97 : 1) {
            const size_t offset = work->offsets[i];
            if (work->file->results[offset] != pass)
                continue;
            const uint8_t altered = work->file->bytes[offset] ^ pattern_at(work, offset);
            assert_int_equal(pwrite(fd, &altered, 1, (off_t)offset), 1);
            const int code = run_lq_verify(site, work->file->service->name, said, sizeof said);
            assert_int_equal(pwrite(fd, &work->file->bytes[offset], 1, (off_t)offset), 1);
            if (code != 1 || strstr(said, "WRONG") == NULL)
                fail_msg("byte %zu: lq verify ended with %d and said: %s", offset, code, said);
            shown++;
        }
    close(fd);
    assert_int_equal(run_lq_verify(site, work->file->service->name, said, sizeof said), 0);
}

// ---------------------------------------------------------------- the campaign

// Long texts, so that there are branches and values on pages of their own.
static void fill(struct site *site)
{
    struct lq_arena arena = {0};
    char text[1024];
    struct lq_client *clerk = site_client(site, &site->keys[LQ__ROLE__CLERK]);
    memset(text, 'x', 900);
    for (int i = 0; i < 40; i++)
        site_do(clerk, "tips",
                lq_arena_format(&arena,
                                "register_volunteer {number=\"V%d\" name=\"%.900s\" "
                                "village=\"段村\"}",
                                i, text));
    lq_client_close(clerk);
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    for (int i = 0; i < 3; i++) {
        const ProtobufCMessage *body =
            lq_message_of(&arena, lq_service_named("dispatch")->command_type,
                          lq_arena_format(&arena, "cancel_order {order=\"O9%d\"}", i));
        const struct lq_span bytes =
            site_command(&arena, NULL, lq_arena_format(&arena, "%.900s%d", text, i), body);
        (void)site_ask(desk, "dispatch", LQ_ASK_COMMAND, bytes); // refused, with its reason
        site_do(desk, "dispatch",
                lq_arena_format(&arena,
                                "issue_order {number=\"L%d\" kind=\"raid\" target=\"E1\" "
                                "priority=URGENT teams=[\"T01\"] instructions=\"%.900s\"}",
                                i, text));
        struct lq_client *lead = site_client(site, &site->keys[LQ__ROLE__LEAD]);
        site_do(lead, "dispatch",
                lq_arena_format(&arena, "decline_order {order=\"L%d\" team=\"T01\" why=\"%.900s\"}",
                                i, text));
        lq_client_close(lead);
    }
    lq_client_close(desk);
    lq_arena_free(&arena);
}

static int open_site(void **state)
{
    struct site *site = site_open(NULL);
    *state = site;
    site_people_the_roster(site);
    for (unsigned i = 1; i <= 3; i++)
        site_run_a_raid(site, i);
    fill(site);
    struct lq_client *desk = site_client(site, &site->keys[LQ__ROLE__DESK]);
    for (unsigned i = 0; i < site->service_count; i++) // all have followed what there is
        (void)site_tip(desk, site->services[i].service->name);
    lq_client_close(desk);
    site_stop(site);
    site_verify(site);
    return 0;
}

static int close_site(void **state)
{
    site_close(*state);
    return 0;
}

static void every_altered_byte_is_found_or_unused(void **state)
{
    struct site *site = *state;
    static const uint8_t patterns[] = {0, 0xff, 0x80};
    struct tally whole = {0};
    const int64_t begin_ms = lq_steady_ms();
    for (unsigned i = 0; i < site->service_count; i++) {
        struct store_file file;
        struct tally tally = {0};
        size_t count;
        if (only != NULL && strcmp(only, site->services[i].service->name) != 0)
            continue;
        open_file(site, site->services[i].service, &file);
        size_t *offsets = choose(&file, i, &count);
        for (size_t p = 0; p < (all_bytes ? sizeof patterns : 1); p++) {
            const struct work work = {&file, offsets, count, patterns[p]};
            alter(&work);
            judge(&work, &tally);
            if (p == 0)
                show_to_lq(site, &work);
        }
        print_tally(file.service->name, &tally);
        whole.tried += tally.tried;
        whole.found += tally.found;
        whole.ended += tally.ended;
        for (int kind = 0; kind < MAP_KINDS; kind++)
            whole.passed[kind] += tally.passed[kind];
        free(offsets);
        close_file(&file);
    }
    print_tally("all", &whole);
    print_message("in %lld s\n", (long long)(lq_steady_ms() - begin_ms) / 1000);
}

// The number alone decides which head is believed. One bit in either, such that both still look
// right, and LMDB would take back the last commit without a word.
static void a_head_that_takes_back_the_last_commit_is_found(void **state)
{
    struct site *site = *state;
    for (unsigned i = 0; i < site->service_count; i++) {
        struct store_file file;
        open_file(site, site->services[i].service, &file);
        char directory[64];
        const int fd = make_copy(&file, directory);
        uint64_t txn[2];
        memcpy(&txn[0], file.bytes + 16 + 128, 8);
        memcpy(&txn[1], file.bytes + PAGE + 16 + 128, 8);
        const int newer = txn[1] > txn[0];
        const uint64_t as_older = txn[newer] - 2, as_newer = txn[!newer] + 2;
        const off_t at_newer = newer * PAGE + 16 + 128, at_older = !newer * PAGE + 16 + 128;
        assert_int_equal(verify_copy(&file, directory), LQ_OK);
        assert_int_equal(pwrite(fd, &as_older, 8, at_newer), 8);
        assert_int_equal(verify_copy(&file, directory), LQ_E_CORRUPT);
        // not for a head that a power cut left, which starting the service puts right
        assert_non_null(strstr(lq_fault_text(), "damaged"));
        assert_int_equal(pwrite(fd, &txn[newer], 8, at_newer), 8);
        assert_int_equal(pwrite(fd, &as_newer, 8, at_older), 8);
        assert_int_equal(verify_copy(&file, directory), LQ_E_CORRUPT);
        // and the service does not start on it either
        const char *names[LQ_STORE_TABLES];
        struct lq_store_plan plan;
        char url[160];
        struct lq_store *store = NULL;
        lq_host_plan(file.service, names, &plan);
        snprintf(url, sizeof url, "lmdb:%s", directory);
        assert_int_equal(lq_store_open(url, &plan, &OPTIONS, &store), LQ_E_CORRUPT);
        close(fd);
        site_remove_dir(directory);
        close_file(&file);
    }
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "--all") == 0) {
        all_bytes = true;
        only = argv[3]; // NULL at the end
        jobs = (unsigned)strtoul(argv[2], NULL, 10);
        jobs = jobs < 1 ? 1 : jobs > 64 ? 64 : jobs;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_that_takes_back_the_last_commit_is_found),
        cmocka_unit_test(every_altered_byte_is_found_or_unused),
    };
    return cmocka_run_group_tests(tests, open_site, close_site);
}
