// Journals that nobody wrote: records of any bytes, under a chain of hashes that is right or not.
// Verification must find what is wrong with them as a fault; and whatever events `apply` is given,
// it may end the process with an assertion (a journal whose chain is right holds only what `decide`
// let pass) but not touch memory that is not its own.
//
// Input: a byte of flags, two for the service, then records; see `add_records`.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pb/pb.h"
#include "runtime/host_parts.h"
#include "runtime/verify.h"

enum { RECORDS_MAX = 24 };

// ---------------------------------------------------------------- assertions that may fail

static jmp_buf back;
static bool forgiving;

// In place of base/assert.c's.
_Noreturn void lq_panic(const char *file, int line, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (forgiving)
        longjmp(back, 1);
    fprintf(stderr, "BUG %s:%d: %s\n", file, line, text);
    abort();
}

// ---------------------------------------------------------------- a journal

static void apply_nothing(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    (void)tables, (void)what, (void)event;
}

static struct lq_store *new_store(const struct lq_service *service)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    lq_host_plan(service, names, &plan);
    return lq_store_new_memory(&plan);
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static char *text_of(struct lq_arena *arena, struct lq_span bytes)
{
    return (char *)lq_unconst(lq_arena_copy(arena, bytes).data);
}

// A record as the runtime writes them, with the parts that the flags name taken from the input.
static struct lq_span make_record(struct fuzz_input *input, struct lq_arena *arena, uint64_t seq)
{
    const unsigned flags = fuzz_byte(input);
    const struct lq_id id = lq_id_derive((int64_t)seq, lq_span(&seq, sizeof seq));
    uint8_t hash[HASH_SIZE] = {1};
    Lq__Record record = LQ__RECORD__INIT;
    record.seq = flags & 1 ? fuzz_byte(input) : seq;
    record.recorded_at_ms = record.occurred_at_ms =
        flags & 2 ? (int64_t)fuzz_u64(input) : 1425600000000;
    record.actor = flags & 4 ? text_of(arena, fuzz_piece(input)) : lq_arena_text(arena, "P1");
    record.event = binary(fuzz_piece(input));
    record.command_id = binary(flags & 8 ? fuzz_piece(input) : lq_span(id.bytes, sizeof id.bytes));
    record.request_hash = binary(flags & 16 ? fuzz_piece(input) : lq_span(hash, sizeof hash));
    if (flags & 32)
        record.outcome = binary(fuzz_piece(input));
    if (flags & 64)
        record.timer = text_of(arena, fuzz_piece(input));
    return lq_pb_encode(arena, &record.base);
}

// Appends the records that the input tells; returns the number of the first whose hash is not what
// its bytes give, 0 if there is none.
static uint64_t add_records(struct fuzz_input *input, struct lq_arena *arena,
                            struct lq_store *store)
{
    uint8_t hash[HASH_SIZE] = {0};
    uint64_t broken = 0;
    FUZZ_REQUIRE(lq_store_begin_write(store) == LQ_OK);
    for (uint64_t seq = 1; seq <= RECORDS_MAX && input->left > 0; seq++) {
        const unsigned kind = fuzz_byte(input);
        const struct lq_span bytes =
            kind % 4 == 0 ? fuzz_piece(input) : make_record(input, arena, seq);
        lq_record_hash(hash, bytes, hash);
        if (kind >= 240) {
            hash[kind % HASH_SIZE] ^= (uint8_t)(1 + kind % 7);
            broken = broken == 0 ? seq : broken;
        }
        FUZZ_REQUIRE(lq_store_append(store, seq, hash, bytes) == LQ_OK);
    }
    FUZZ_REQUIRE(lq_store_commit(store) == LQ_OK);
    return broken;
}

// ---------------------------------------------------------------- what is done with it

// Verification, with a service whose `apply` takes everything: what is left is the runtime's.
enum { EVENTS_MOST = 64 };

static void verify(const struct lq_service *service, struct lq_store *store,
                   const struct lq_policy *policy, uint64_t broken)
{
    struct lq_service neutral = *service;
    struct lq_verified verified;
    struct lq_event_row rows[EVENTS_MOST + 1] = {0};
    FUZZ_REQUIRE(service->event_type->n_fields <= EVENTS_MOST);
    for (unsigned i = 0; i < service->event_type->n_fields; i++)
        rows[i] = (struct lq_event_row){.variant = service->event_type->fields[i].id,
                                        .apply = apply_nothing};
    neutral.events = rows;
    struct lq_store *scratch = new_store(service);
    const enum lq_status status =
        lq_verify(&neutral, store, scratch, policy, NULL, NULL, &verified);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_CORRUPT);
    FUZZ_REQUIRE(broken == 0 || (status == LQ_E_CORRUPT && verified.records < broken));
    lq_store_close(scratch);
}

// Start-up looks at the last record only.
static void start(const struct lq_service *service, struct lq_store *store,
                  const struct lq_policy *policy)
{
    struct lq_host *host = NULL;
    const enum lq_status status =
        lq_host_new(service, store, policy, NULL, (struct lq_host_io){0}, 0, &host);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_CORRUPT);
    if (status == LQ_OK)
        lq_host_free(host);
}

static void apply_record(struct lq_host *host, struct lq_store *store, uint64_t seq)
{
    const uint8_t *hash;
    struct lq_span bytes;
    const char *why = NULL;
    FUZZ_REQUIRE(lq_store_begin_read(store) == LQ_OK);
    FUZZ_REQUIRE(lq_store_record(store, seq, &hash, &bytes) == LQ_OK);
    const Lq__Record *record = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &host->arena, &lq__record__descriptor, bytes, &why);
    lq_store_end_read(store);
    forgiving = true;
    if (record != NULL && setjmp(back) == 0)
        (void)!lq_record_apply(host, record);
    forgiving = false;
    host->view.writable = false;
    host->view.what = NULL;
    host->fault = LQ_OK;
}

// Replay with the service's own `apply`.
static void replay(const struct lq_service *service, struct lq_store *store,
                   const struct lq_policy *policy)
{
    uint8_t hash[HASH_SIZE];
    struct lq_host *host = NULL;
    struct lq_store *scratch = new_store(service);
    FUZZ_REQUIRE(lq_host_new(service, scratch, policy, NULL, (struct lq_host_io){0}, 0, &host) ==
                 LQ_OK);
    const uint64_t tip = lq_store_tip(store, hash);
    FUZZ_REQUIRE(tip == 0 || lq_host_begin(host) == LQ_OK);
    for (uint64_t seq = 1; seq <= tip; seq++)
        apply_record(host, store, seq);
    lq_host_free(host);
    lq_store_close(scratch);
}

static struct lq_policy policy;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static struct lq_arena arena;
    (void)argc, (void)argv;
    FUZZ_REQUIRE(lq_policy_load(NULL, &arena, &policy) == LQ_OK);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lq_arena arena;
    struct fuzz_input input = {data, size};
    const unsigned flags = fuzz_byte(&input);
    const struct lq_service *service = fuzz_service(fuzz_u16(&input));
    struct lq_store *store = new_store(service);
    start(service, store, &policy); // so that this version made its tables
    const uint64_t broken = add_records(&input, &arena, store);
    if (flags % 2 == 0)
        verify(service, store, &policy, broken);
    else
        replay(service, store, &policy);
    start(service, store, &policy);
    lq_store_close(store);
    lq_arena_reset(&arena);
    return 0;
}
