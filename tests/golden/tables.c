// lq-golden-tables: what the program of today makes of the journals of a golden store, as one line
// a service: the version of its tables (runtime/version.c) and a hash of all their rows. So a test
// sees that other rows come of old events under the same version, which no start would then make
// again.
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>
#include <stdlib.h>

#include "runtime/host_parts.h"
#include "runtime/verify.h"

enum { DIGEST_SIZE = 16 };

static const struct lq_store_options OPTIONS = {.max_bytes = 4ull << 30};

static void need(bool good, const char *service)
{
    if (good)
        return;
    fprintf(stderr, "lq-golden-tables: %s: %s\n", service, lq_fault_text());
    exit(1);
}

static void hash_span(crypto_generichash_state *state, struct lq_span span)
{
    uint8_t size[8];
    lq_put_u64(size, span.size);
    crypto_generichash_update(state, size, sizeof size);
    crypto_generichash_update(state, span.data, span.size);
}

// In the order of their names: in which order a service lists its tables is no matter.
static void hash_tables(struct lq_store *store, const struct lq_store_plan *plan,
                        uint8_t digest[DIGEST_SIZE])
{
    crypto_generichash_state state;
    bool done[LQ_STORE_TABLES] = {[TABLE_CURSORS] = true, [TABLE_VERSION] = true};
    crypto_generichash_init(&state, NULL, 0, DIGEST_SIZE);
    for (;;) {
        unsigned least = plan->table_count;
        for (unsigned i = 0; i < plan->table_count; i++)
            if (!done[i] &&
                (least == plan->table_count || strcmp(plan->tables[i], plan->tables[least]) < 0))
                least = i;
        if (least == plan->table_count)
            break;
        done[least] = true;
        hash_span(&state, lq_span_text(plan->tables[least]));
        struct lq_span key = {0}, value;
        while (lq_store_next(store, least, key, key.size > 0, &key, &value)) {
            hash_span(&state, key);
            hash_span(&state, value);
        }
    }
    crypto_generichash_final(&state, digest, DIGEST_SIZE);
}

static void print_hex(const uint8_t *bytes, size_t size, char end)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    putchar(end);
}

static void print_service(const struct lq_service *service, const char *journals,
                          const struct lq_policy *policy)
{
    char url[PATH_MAX + 8];
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_store *store;
    struct lq_verified verified;
    struct lq_span key, version;
    uint8_t digest[DIGEST_SIZE];
    snprintf(url, sizeof url, "lmdb:%s/%s", journals, service->name);
    lq_host_plan(service, names, &plan);
    if (access(url + sizeof "lmdb:" - 1, F_OK) != 0)
        return; // a service that the version of then did not have
    need(lq_store_open_readonly(url, &plan, &OPTIONS, &store) == LQ_OK, service->name);
    struct lq_store *made = lq_store_new_memory(&plan);
    need(lq_verify(service, store, made, policy, NULL, NULL, &verified) == LQ_OK, service->name);
    need(lq_store_begin_read(made) == LQ_OK, service->name);
    LQ_ASSERT(lq_store_next(made, TABLE_VERSION, lq_span(NULL, 0), false, &key, &version));
    hash_tables(made, &plan, digest);
    printf("%s ", service->name);
    print_hex(version.data, DIGEST_SIZE, ' '); // what follows proves it
    print_hex(digest, sizeof digest, '\n');
    lq_store_close(made);
    lq_store_close(store);
}

int main(int argc, char **argv)
{
    struct lq_arena arena = {0};
    struct lq_policy policy;
    if (argc != 2) {
        fputs("usage: lq-golden-tables JOURNALS\n", stderr);
        return 2;
    }
    need(lq_policy_load(NULL, &arena, &policy) == LQ_OK, "policy");
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++)
        print_service(*service, argv[1], &policy);
    lq_arena_free(&arena);
    return 0;
}
