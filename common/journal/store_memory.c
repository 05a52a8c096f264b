// The memory engine: what tests and the simulator run on, so it is built for speed and for being
// the same on every run. A table is a treap whose priorities are a hash of the key: no randomness
// from outside, and the shape of the tree follows from its keys alone. Each change goes into an
// undo log, which a crash plays backwards and a commit throws away.
#include "journal/store_engine.h"

#include <stdlib.h>

#include "base/assert.h"

// A row is never changed once it is in a tree, only replaced: the old one waits in the undo log.
struct row {
    struct row *left, *right;
    uint32_t priority;
    uint32_t key_size;
    size_t value_size;
    uint8_t bytes[]; // the key, then the value
};

struct record {
    size_t size;
    uint8_t hash[LQ_HASH_SIZE];
    uint8_t bytes[];
};

// One change of a table: what was there and what came, either NULL.
struct change {
    unsigned table;
    struct row *before, *after;
};

struct memory {
    struct lq_store base;
    struct row *tables[LQ_STORE_TABLES];
    uint64_t counts[LQ_STORE_TABLES]; // of their rows
    struct record **records; // record seq is at seq - 1
    size_t record_room;
    struct change *changes;
    size_t change_count, change_room;
    uint64_t bytes, map_bytes; // live bytes, and what counts as full for lq_store_usage
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

// ---------------------------------------------------------------- rows

static struct lq_span key_of(const struct row *row)
{
    return lq_span(row->bytes, row->key_size);
}

static void read_row(const struct row *row, struct lq_span *key, struct lq_span *value)
{
    *key = key_of(row);
    *value = lq_span(row->bytes + row->key_size, row->value_size);
}

static int compare(struct lq_span a, struct lq_span b)
{
    const size_t shared = a.size < b.size ? a.size : b.size;
    const int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

// FNV-1a, then the finaliser of MurmurHash3, for keys that differ in their last byte only.
static uint32_t priority_of(struct lq_span key)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < key.size; i++)
        hash = (hash ^ key.data[i]) * 16777619U;
    hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
    return hash ^ (hash >> 16);
}

static struct row *new_row(struct lq_span key, struct lq_span value)
{
    struct row *row = allocate(sizeof *row + key.size + value.size);
    *row = (struct row){
        .priority = priority_of(key), .key_size = (uint32_t)key.size, .value_size = value.size};
    copy(row->bytes, key);
    copy(row->bytes + key.size, value);
    return row;
}

static uint64_t row_bytes(const struct row *row)
{
    return row == NULL ? 0 : sizeof *row + row->key_size + row->value_size;
}

// ---------------------------------------------------------------- the treap

static struct row *find(struct row *tree, struct lq_span key)
{
    while (tree != NULL) {
        const int order = compare(key, key_of(tree));
        if (order == 0)
            return tree;
        tree = order < 0 ? tree->left : tree->right;
    }
    return NULL;
}

// Parts a tree that does not hold the key into the rows before and after it.
static void split(struct row *tree, struct lq_span key, struct row **less, struct row **more)
{
    while (tree != NULL) {
        if (compare(key_of(tree), key) < 0) {
            *less = tree;
            less = &tree->right;
            tree = tree->right;
        } else {
            *more = tree;
            more = &tree->left;
            tree = tree->left;
        }
    }
    *less = *more = NULL;
}

// Joins two trees; every key of the first is smaller than every key of the second.
static struct row *merge(struct row *less, struct row *more)
{
    struct row *tree, **link = &tree;
    while (less != NULL && more != NULL) {
        if (less->priority >= more->priority) {
            *link = less;
            link = &less->right;
            less = less->right;
        } else {
            *link = more;
            link = &more->left;
            more = more->left;
        }
    }
    *link = less != NULL ? less : more;
    return tree;
}

// Puts the row into the tree and returns the row of the same key that it replaces, or NULL. A row
// of that key has the same priority, so it is met before any row of a lower one.
static struct row *insert(struct row **link, struct row *row)
{
    const struct lq_span key = key_of(row);
    while (*link != NULL && (*link)->priority >= row->priority) {
        struct row *here = *link;
        const int order = compare(key, key_of(here));
        if (order == 0) {
            row->left = here->left;
            row->right = here->right;
            *link = row;
            return here;
        }
        link = order < 0 ? &here->left : &here->right;
    }
    split(*link, key, &row->left, &row->right);
    *link = row;
    return NULL;
}

// Takes the row of that key out of the tree and returns it, or NULL.
static struct row *take(struct row **link, struct lq_span key)
{
    while (*link != NULL) {
        struct row *here = *link;
        const int order = compare(key, key_of(here));
        if (order == 0) {
            *link = merge(here->left, here->right);
            return here;
        }
        link = order < 0 ? &here->left : &here->right;
    }
    return NULL;
}

// ---------------------------------------------------------------- changes and their undoing

static void log_change(struct memory *memory, unsigned table, struct row *before, struct row *after)
{
    memory->changes =
        grown(memory->changes, memory->change_count, &memory->change_room, sizeof *memory->changes);
    memory->changes[memory->change_count++] = (struct change){table, before, after};
    memory->bytes += row_bytes(after);
    memory->bytes -= row_bytes(before);
    memory->counts[table] += after != NULL;
    memory->counts[table] -= before != NULL;
}

static void undo(struct memory *memory, struct change change)
{
    struct row **tree = &memory->tables[change.table];
    struct row *gone;
    if (change.before != NULL)
        gone = insert(tree, change.before);
    else
        gone = take(tree, key_of(change.after));
    LQ_ASSERT(gone == change.after);
    memory->bytes += row_bytes(change.before);
    memory->bytes -= row_bytes(change.after);
    memory->counts[change.table] += change.before != NULL;
    memory->counts[change.table] -= change.after != NULL;
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
    const struct row *row = find(memory_of(store)->tables[table], key);
    if (row != NULL)
        *value = lq_span(row->bytes + row->key_size, row->value_size);
    return row != NULL;
}

static enum lq_status memory_put(struct lq_store *store, unsigned table, struct lq_span key,
                                 struct lq_span value)
{
    struct memory *memory = memory_of(store);
    struct row *row = new_row(key, value);
    log_change(memory, table, insert(&memory->tables[table], row), row);
    return LQ_OK;
}

static enum lq_status memory_delete(struct lq_store *store, unsigned table, struct lq_span key)
{
    struct memory *memory = memory_of(store);
    struct row *gone = take(&memory->tables[table], key);
    if (gone != NULL)
        log_change(memory, table, gone, NULL);
    return LQ_OK;
}

static bool memory_next(struct lq_store *store, unsigned table, struct lq_span from, bool past,
                        struct lq_span *key, struct lq_span *value)
{
    const struct row *best = NULL;
    for (const struct row *row = memory_of(store)->tables[table]; row != NULL;) {
        const int order = compare(key_of(row), from);
        if (order > 0 || (order == 0 && !past)) {
            best = row;
            row = row->left;
        } else {
            row = row->right;
        }
    }
    if (best != NULL)
        read_row(best, key, value);
    return best != NULL;
}

static bool memory_previous(struct lq_store *store, unsigned table, struct lq_span before,
                            struct lq_span *key, struct lq_span *value)
{
    const struct row *best = NULL;
    for (const struct row *row = memory_of(store)->tables[table]; row != NULL;) {
        if (before.size == 0 || compare(key_of(row), before) < 0) {
            best = row;
            row = row->right;
        } else {
            row = row->left;
        }
    }
    if (best != NULL)
        read_row(best, key, value);
    return best != NULL;
}

static uint64_t memory_count(struct lq_store *store, unsigned table)
{
    return memory_of(store)->counts[table];
}

static void clear(struct memory *memory, unsigned table)
{
    for (struct row **tree = &memory->tables[table]; *tree != NULL;) {
        struct row *root = *tree;
        *tree = merge(root->left, root->right);
        log_change(memory, table, root, NULL);
    }
}

static enum lq_status memory_clear(struct lq_store *store, unsigned table)
{
    clear(memory_of(store), table);
    return LQ_OK;
}

// ---------------------------------------------------------------- the store as a whole

static struct lq_store_usage memory_usage(struct lq_store *store)
{
    const struct memory *memory = memory_of(store);
    const uint64_t percent = memory->map_bytes == 0 ? 0 : memory->bytes * 100 / memory->map_bytes;
    return (struct lq_store_usage){memory->bytes, percent > 100 ? 100 : (unsigned)percent};
}

// Emptying a table as one transaction, and committing that, is what frees its rows.
static void memory_close(struct lq_store *store)
{
    struct memory *memory = memory_of(store);
    for (unsigned table = 0; table < store->table_count; table++)
        clear(memory, table);
    free_replaced(memory);
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
    .clear = memory_clear,
    .usage = memory_usage,
};

struct lq_store *lq_store_new_memory(const struct lq_store_plan *plan)
{
    lq_store_check_plan(plan);
    struct memory *memory = allocate(sizeof *memory);
    *memory = (struct memory){.base = {.engine = &MEMORY, .table_count = plan->table_count},
                              .map_bytes = plan->map_bytes};
    return &memory->base;
}
