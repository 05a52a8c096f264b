// lq-bench-rebuild: how long a service takes to make its tables again from its journal, as it does
// when it starts on a store whose tables another version made: here itself, with a number raised.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "config/law.h"
#include "measure.h"
#include "runtime/host.h"
#include "wire.h"

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "lq-bench-rebuild: %s\n", what);
    exit(1);
}

static bool keep_number(void *self, uint64_t done, uint64_t of)
{
    uint64_t *records = self;
    (void)done;
    *records = of;
    return true;
}

// Gives how many seconds it took; 0 if there was nothing to be made.
static double start(const struct lq_service *service, const char *url, uint64_t *records)
{
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {.max_bytes = 64ull << 30};
    const struct lq_host_io io = {.self = records, .rebuilding = keep_number};
    struct lq_arena arena = {0};
    struct lq_store_plan plan;
    struct lq_store *store;
    struct lq_host *host;
    struct lq_policy policy;
    struct lq_law *law = lq_law_from_builtin();
    lq_host_plan(service, names, &plan);
    if (lq_policy_load(NULL, &arena, &policy) != LQ_OK ||
        lq_store_open(url, &plan, &options, &store) != LQ_OK)
        die(lq_fault_text());
    *records = 0;
    const double began = wire_now();
    if (lq_host_new(service, store, &policy, law, io, lq_wall_ms(), &host) != LQ_OK)
        die(lq_fault_text());
    const double seconds = wire_now() - began;
    lq_host_free(host);
    lq_store_close(store);
    lq_law_free(law);
    lq_arena_free(&arena);
    return *records > 0 ? seconds : 0;
}

int main(int argc, char **argv)
{
    char url[PATH_MAX + 8];
    uint64_t records;
    struct samples rates = {0};
    const struct lq_service *known = argc == 4 ? lq_service_named(argv[2]) : NULL;
    if (known == NULL) {
        fputs("usage: lq-bench-rebuild JOURNAL SERVICE ROUNDS\n", stderr);
        return 2;
    }
    snprintf(url, sizeof url, "lmdb:%s", argv[1]);
    struct lq_service service = *known;
    for (int rounds = atoi(argv[3]); rounds > 0; rounds--) {
        service.tables_version++;
        const double seconds = start(&service, url, &records);
        if (seconds > 0)
            samples_add(&rates, (double)records / seconds);
    }
    tell("rebuild", "records", (double)records);
    tell("rebuild", "rate", samples_at(&rates, 0.5));
    samples_free(&rates);
    return 0;
}
