// The memory engine: what lq verify replays into, built for speed and for
// being the same on every run. Each change goes into an undo log, which a crash plays backwards
// and a commit throws away.
#include "journal/engine.h"

#include <stdlib.h>

#include "base/assert.h"
#include "journal/memory/rows.h"

enum { ROW_COST = 32 }; // what counts for a row beside its bytes: its sizes and its slot

struct record {
    size_t size;
    uint8_t hash[LQ_HASH_SIZE];
    uint8_t bytes[];
};

// One change of a table: what was there and what came, either NULL.
struct change {
    unsigned table;
    struct lq_memory_row *before, *after;
};

struct memory {
    struct lq_store base;
    struct lq_memory_rows tables[LQ_STORE_TABLES];
    struct record **records; // record seq is at seq - 1
    size_t record_room;
    struct change *changes;
    size_t change_count, change_room;
    uint64_t bytes, max_bytes; // live bytes, and what counts as full for lq_store_usage
};

static struct memory *memory_of(struct lq_store *store)
{
    return (struct memory *)store;
}

static void *allocate(size_t size)
{
    void *memory = malloc(size);
    LQ_ASSERT(memory != NULL);
    return memory;
}

static void copy(uint8_t *to, struct lq_span from)
{
    if (from.size > 0)
        memcpy(to, from.data, from.size);
}

// Doubles an array that is full.
static void *grown(void *array, size_t count, size_t *room, size_t item_size)
{
    if (count < *room)
        return array;
    *room = *room == 0 ? 64 : *room * 2;
    void *larger = realloc(array, *room * item_size);
    LQ_ASSERT(larger != NULL);
    return larger;
}

// ---------------------------------------------------------------- changes and their undoing

static uint64_t row_bytes(const struct lq_memory_row *row)
{
    return row == NULL ? 0 : (uint64_t)ROW_COST + row->key_size + row->value_size;
}

static void log_change(struct memory *memory, unsigned table, struct lq_memory_row *before,
                       struct lq_memory_row *after)
{
    memory->changes =
        grown(memory->changes, memory->change_count, &memory->change_room, sizeof *memory->changes);
    memory->changes[memory->change_count++] = (struct change){table, before, after};
    memory->bytes += row_bytes(after);
    memory->bytes -= row_bytes(before);
}

static void undo(struct memory *memory, struct change change)
{
    struct lq_memory_rows *rows = &memory->tables[change.table];
    const struct lq_memory_row *gone =
        change.before != NULL ? lq_memory_rows_insert(rows, change.before)
                              : lq_memory_rows_take(rows, lq_memory_row_key(change.after));
    LQ_ASSERT(gone == change.after);
    memory->bytes += row_bytes(change.before);
    memory->bytes -= row_bytes(change.after);
    free(change.after);
}

static void memory_abort(struct lq_store *store)
{
    struct memory *memory = memory_of(store);
    while (memory->change_count > 0)
        undo(memory, memory->changes[--memory->change_count]);
    for (uint64_t seq = store->tip.seq; seq > store->committed.seq; seq--) {
        memory->bytes -= sizeof(struct record) + memory->records[seq - 1]->size;
        free(memory->records[seq - 1]);
    }
}

// Nobody will want back what the changes replaced.
static void free_replaced(struct memory *memory)
{
    for (size_t i = 0; i < memory->change_count; i++)
        free(memory->changes[i].before);
    memory->change_count = 0;
}

static enum lq_status memory_commit(struct lq_store *store)
{
    free_replaced(memory_of(store));
    return LQ_OK;
}

static enum lq_status memory_begin(struct lq_store *store)
{
    LQ_ASSERT(memory_of(store)->change_count == 0);
    return LQ_OK;
}

static void memory_end_read(struct lq_store *store)
{
    (void)store; // nothing was taken
}

// ---------------------------------------------------------------- the journal

static enum lq_status memory_append(struct lq_store *store, uint64_t seq, const uint8_t *hash,
                                    struct lq_span bytes)
{
    struct memory *memory = memory_of(store);
    struct record *record = allocate(sizeof *record + bytes.size);
    record->size = bytes.size;
    memcpy(record->hash, hash, LQ_HASH_SIZE);
    copy(record->bytes, bytes);
    memory->records =
        grown(memory->records, seq - 1, &memory->record_room, sizeof(struct record *));
    memory->records[seq - 1] = record;
    memory->bytes += sizeof *record + bytes.size;
    return LQ_OK;
}

static enum lq_status memory_record(struct lq_store *store, uint64_t seq, const uint8_t **hash,
                                    struct lq_span *bytes)
{
    const struct record *record = memory_of(store)->records[seq - 1];
    *hash = record->hash;
    *bytes = lq_span(record->bytes, record->size);
    return LQ_OK;
}

// ---------------------------------------------------------------- tables

static bool memory_get(struct lq_store *store, unsigned table, struct lq_span key,
                       struct lq_span *value)
{
    const struct lq_memory_row *row = lq_memory_rows_find(&memory_of(store)->tables[table], key);
    if (row != NULL)
        *value = lq_memory_row_value(row);
    return row != NULL;
}

static enum lq_status memory_put(struct lq_store *store, unsigned table, struct lq_span key,
                                 struct lq_span value)
{
    struct memory *memory = memory_of(store);
    struct lq_memory_row *row = lq_memory_row_new(key, value);
    log_change(memory, table, lq_memory_rows_insert(&memory->tables[table], row), row);
    return LQ_OK;
}

static enum lq_status memory_delete(struct lq_store *store, unsigned table, struct lq_span key)
{
    struct memory *memory = memory_of(store);
    struct lq_memory_row *gone = lq_memory_rows_take(&memory->tables[table], key);
    if (gone != NULL)
        log_change(memory, table, gone, NULL);
    return LQ_OK;
}

static bool give(const struct lq_memory_row *row, struct lq_span *key, struct lq_span *value)
{
    if (row == NULL)
        return false;
    *key = lq_memory_row_key(row);
    *value = lq_memory_row_value(row);
    return true;
}

static bool memory_next(struct lq_store *store, unsigned table, struct lq_span from, bool past,
                        struct lq_span *key, struct lq_span *value)
{
    return give(lq_memory_rows_next(&memory_of(store)->tables[table], from, past), key, value);
}

static bool memory_previous(struct lq_store *store, unsigned table, struct lq_span before,
                            struct lq_span *key, struct lq_span *value)
{
    return give(lq_memory_rows_previous(&memory_of(store)->tables[table], before), key, value);
}

static uint64_t memory_count(struct lq_store *store, unsigned table)
{
    return memory_of(store)->tables[table].count;
}

// ---------------------------------------------------------------- the store as a whole

static struct lq_store_usage memory_usage(struct lq_store *store)
{
    const struct memory *memory = memory_of(store);
    const uint64_t percent = memory->max_bytes == 0 ? 0 : memory->bytes * 100 / memory->max_bytes;
    return (struct lq_store_usage){memory->bytes, percent > 100 ? 100 : (unsigned)percent};
}

static void free_row(void *self, struct lq_memory_row *row)
{
    (void)self;
    free(row);
}

static void memory_close(struct lq_store *store)
{
    struct memory *memory = memory_of(store);
    LQ_ASSERT(memory->change_count == 0);
    for (unsigned table = 0; table < store->table_count; table++)
        lq_memory_rows_clear(&memory->tables[table], free_row, NULL);
    for (uint64_t seq = 1; seq <= store->committed.seq; seq++)
        free(memory->records[seq - 1]);
    free(memory->records);
    free(memory->changes);
    free(memory);
}

static const struct lq_store_engine MEMORY = {
    .begin_write = memory_begin,
    .begin_read = memory_begin,
    .end_read = memory_end_read,
    .commit = memory_commit,
    .abort = memory_abort,
    .close = memory_close,
    .append = memory_append,
    .record = memory_record,
    .get = memory_get,
    .put = memory_put,
    .delete = memory_delete,
    .next = memory_next,
    .previous = memory_previous,
    .count = memory_count,
    .usage = memory_usage,
};

static struct lq_store *new_memory(const struct lq_store_plan *plan, uint64_t max_bytes)
{
    lq_store_check_plan(plan);
    struct memory *memory = allocate(sizeof *memory);
    *memory = (struct memory){.base = {.engine = &MEMORY, .table_count = plan->table_count},
                              .max_bytes = max_bytes};
    return &memory->base;
}

struct lq_store *lq_store_new_memory(const struct lq_store_plan *plan)
{
    return new_memory(plan, 0);
}

static enum lq_status open_memory(const char *rest, const struct lq_store_plan *plan,
                                  const struct lq_store_options *options, bool readonly,
                                  struct lq_store **out)
{
    if (rest[0] != '\0')
        return lq_fault(LQ_E_INPUT, "a store in memory has no name, but '%.80s' was given", rest);
    if (readonly)
        return lq_fault(LQ_E_MISSING, "a store in memory cannot be opened a second time");
    *out = new_memory(plan, options->max_bytes);
    return LQ_OK;
}

const struct lq_store_driver LQ_MEMORY_DRIVER = {.scheme = "memory", .open = open_memory};
