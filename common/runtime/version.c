// Which version of a service made the tables of its store: a hash of the tables' names and of the
// shape of their rows, so that nobody need think of it when a field or a table is added; and of two
// numbers that somebody must raise when other rows come of the same events. No replay gives the row
// that keeps it, so it carries its own proof, as a cursor does (cursor.c): a turned bit in it must
// not make `lq verify` pass over the tables.
#include <sodium.h>
#include <stdlib.h>

#include "runtime/host_parts.h"

enum {
    FINGERPRINT_SIZE = 16,
    VERSION_SIZE = 2 * FINGERPRINT_SIZE, // the fingerprint, and its proof
    RUNTIME_VERSION = 2,                 // raised when the runtime makes other rows of a record
    MESSAGES_MOST = 64,                  // that a row consists of
};

#define KEY "tables"

// What is hashed of a service, with the messages of the row that is looked at.
struct shape {
    crypto_generichash_state state;
    const ProtobufCMessageDescriptor *seen[MESSAGES_MOST];
    unsigned count;
};

static void put_number(struct shape *shape, uint64_t number)
{
    uint8_t bytes[8];
    lq_put_u64(bytes, number);
    crypto_generichash_update(&shape->state, bytes, sizeof bytes);
}

static void put_text(struct shape *shape, const char *text)
{
    crypto_generichash_update(&shape->state, (const uint8_t *)text, strlen(text) + 1);
}

// Only what a row's bytes depend on: neither names nor the members of an enum. A message that was
// put before is its place among them, so that one may hold itself.
static void put_message(struct shape *shape, const ProtobufCMessageDescriptor *type)
{
    unsigned place = 0;
    while (place < shape->count && shape->seen[place] != type)
        place++;
    put_number(shape, place);
    if (place < shape->count)
        return;
    LQ_ASSERT(shape->count < MESSAGES_MOST);
    shape->seen[shape->count++] = type;
    put_number(shape, type->n_fields);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        put_number(shape, field->id);
        put_number(shape, field->label);
        put_number(shape, field->type);
        put_number(shape,
                   field->flags & (PROTOBUF_C_FIELD_FLAG_PACKED | PROTOBUF_C_FIELD_FLAG_ONEOF));
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            put_message(shape, field->descriptor);
    }
}

static int by_name(const void *left, const void *right)
{
    const struct lq_table *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static void fingerprint(const struct lq_service *service, uint8_t out[FINGERPRINT_SIZE])
{
    struct shape shape;
    const struct lq_table *tables[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(service, tables);
    qsort(tables, count, sizeof *tables, by_name); // in which order they are listed says nothing
    crypto_generichash_init(&shape.state, NULL, 0, FINGERPRINT_SIZE);
    put_number(&shape, RUNTIME_VERSION);
    put_number(&shape, service->tables_version);
    for (unsigned i = 0; i < count; i++) {
        shape.count = 0;
        put_text(&shape, tables[i]->name);
        put_message(&shape, tables[i]->row);
    }
    crypto_generichash_final(&shape.state, out, FINGERPRINT_SIZE);
}

static void prove(uint8_t row[VERSION_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, VERSION_SIZE - FINGERPRINT_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)KEY, sizeof KEY);
    crypto_generichash_update(&state, row, FINGERPRINT_SIZE);
    crypto_generichash_final(&state, row + FINGERPRINT_SIZE, VERSION_SIZE - FINGERPRINT_SIZE);
}

enum version lq_version_of(const struct lq_service *service, struct lq_store *store)
{
    struct lq_span key, row;
    uint8_t expected[VERSION_SIZE];
    if (!lq_store_next(store, TABLE_VERSION, lq_span(NULL, 0), false, &key, &row))
        return VERSION_OTHER;
    if (!lq_span_equal(key, lq_span_text(KEY)) || row.size != VERSION_SIZE ||
        lq_store_count(store, TABLE_VERSION) != 1)
        return VERSION_ALTERED;
    memcpy(expected, row.data, FINGERPRINT_SIZE);
    prove(expected);
    if (memcmp(expected, row.data, VERSION_SIZE) != 0)
        return VERSION_ALTERED;
    fingerprint(service, expected);
    return memcmp(expected, row.data, FINGERPRINT_SIZE) == 0 ? VERSION_OURS : VERSION_OTHER;
}

void lq_version_put(struct lq_host *host)
{
    uint8_t row[VERSION_SIZE];
    fingerprint(host->service, row);
    prove(row);
    lq_host_put(host, TABLE_VERSION, lq_span_text(KEY), lq_span(row, sizeof row));
}
