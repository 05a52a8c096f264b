// lq-golden-kinds: how many records of each kind of event the journals of golden stores have, as the
// messages of today read them: one line a kind, "shift.person_registered 71", those of which there is
// none too. What the runtime itself records is under "runtime"; records without an event (rejections)
// are not counted.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pb/pb.h"
#include "runtime/host_parts.h"

static const struct lq_store_options OPTIONS = {.max_bytes = 4ull << 30};

// By the place of the member in the event's type.
struct counts {
    const ProtobufCMessageDescriptor *type;
    unsigned of[256];
};

static void need(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "lq-golden-kinds: %s: %s\n", what, lq_fault_text());
    exit(1);
}

static void count_event(struct counts *counts, struct lq_arena *arena, struct lq_span bytes)
{
    const ProtobufCMessage *event =
        lq_pb_decode_within(&LQ_PB_RECORD, arena, counts->type, bytes, &(const char *){NULL});
    LQ_ASSERT(event != NULL && lq_pb_variant(event) != 0);
    const ProtobufCFieldDescriptor *member =
        protobuf_c_message_descriptor_get_field(counts->type, lq_pb_variant(event));
    counts->of[member - counts->type->fields]++;
}

static void count_journal(const struct lq_service *service, const char *journals,
                          struct counts *counts, struct counts *runtime)
{
    char url[PATH_MAX + 8];
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_store *store;
    snprintf(url, sizeof url, "lmdb:%s/%s", journals, service->name);
    if (access(url + sizeof "lmdb:" - 1, F_OK) != 0)
        return; // a service that the version of then did not have
    lq_host_plan(service, names, &plan);
    need(lq_store_open_readonly(url, &plan, &OPTIONS, &store) == LQ_OK, url);
    need(lq_store_begin_read(store) == LQ_OK, url);
    const uint64_t tip = lq_store_tip(store, (uint8_t[LQ_HASH_SIZE]){0});
    for (uint64_t seq = 1; seq <= tip; seq++) {
        struct lq_arena arena = {0};
        const uint8_t *hash;
        struct lq_span bytes;
        need(lq_store_record(store, seq, &hash, &bytes) == LQ_OK, url);
        const Lq__Record *record = (const void *)lq_pb_decode_within(
            &LQ_PB_RECORD, &arena, &lq__record__descriptor, bytes, &(const char *){NULL});
        LQ_ASSERT(record != NULL);
        if (record->event.len > 0)
            count_event(record->by_runtime ? runtime : counts, &arena,
                        lq_span(record->event.data, record->event.len));
        lq_arena_free(&arena);
    }
    lq_store_close(store);
}

// The members of the oneof: what else an event has (the terms) goes with any of them.
static void print_counts(const char *name, const struct counts *counts)
{
    for (unsigned i = 0; i < counts->type->n_fields; i++)
        if (counts->type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
            printf("%s.%s %u\n", name, counts->type->fields[i].name, counts->of[i]);
}

int main(int argc, char **argv)
{
    struct counts runtime = {.type = &lq__runtime_event__descriptor};
    if (argc < 2) {
        fputs("usage: lq-golden-kinds JOURNALS...\n", stderr);
        return 2;
    }
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++) {
        struct counts counts = {.type = (*service)->event_type};
        LQ_ASSERT(counts.type->n_fields <= sizeof counts.of / sizeof *counts.of);
        for (int i = 1; i < argc; i++)
            count_journal(*service, argv[i], &counts, &runtime);
        print_counts((*service)->name, &counts);
    }
    print_counts("runtime", &runtime);
    return 0;
}
