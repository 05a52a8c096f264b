// The store as its callers see it: hands each call to the engine behind it. All that both engines
// must hold to is asserted here once: calls outside a transaction, nested transactions, gaps in the
// journal, keys that are no keys, and any use after a failure. The tip is kept here too, because
// every batch asks for it and neither engine should have to search.
#include "journal/engine.h"

#include "base/assert.h"

static bool can_read(const struct lq_store *store)
{
    return store->mode != LQ_STORE_IDLE && !store->failed;
}

static bool can_write(const struct lq_store *store)
{
    return store->mode == LQ_STORE_WRITING && !store->failed;
}

static bool is_key(struct lq_span key)
{
    return key.size >= 1 && key.size <= LQ_KEY_MAX;
}

// A failure in a write transaction leaves an engine that may no longer be trusted.
static enum lq_status settle(struct lq_store *store, enum lq_status status)
{
    if (status != LQ_OK)
        store->failed = true;
    return status;
}

void lq_store_check_plan(const struct lq_store_plan *plan)
{
    LQ_ASSERT(plan->table_count <= LQ_STORE_TABLES);
    for (unsigned i = 0; i < plan->table_count; i++) {
        LQ_ASSERT(plan->tables[i] != NULL && plan->tables[i][0] != '\0');
        for (unsigned j = 0; j < i; j++)
            LQ_ASSERT(strcmp(plan->tables[i], plan->tables[j]) != 0);
    }
}

void lq_store_close(struct lq_store *store)
{
    if (store == NULL)
        return;
    if (store->mode == LQ_STORE_READING)
        lq_store_end_read(store);
    lq_store_crash(store);
    store->engine->close(store);
}

void lq_store_crash(struct lq_store *store)
{
    LQ_ASSERT(store->mode != LQ_STORE_READING);
    if (store->mode == LQ_STORE_WRITING)
        store->engine->abort(store);
    store->tip = store->committed;
    store->mode = LQ_STORE_IDLE;
}

// ---------------------------------------------------------------- transactions

enum lq_status lq_store_begin_write(struct lq_store *store)
{
    LQ_ASSERT(store->mode == LQ_STORE_IDLE);
    LQ_ASSERT(!store->failed);
    LQ_ASSERT(!store->readonly);
    const enum lq_status status = settle(store, store->engine->begin_write(store));
    if (status == LQ_OK)
        store->mode = LQ_STORE_WRITING;
    return status;
}

enum lq_status lq_store_begin_read(struct lq_store *store)
{
    LQ_ASSERT(store->mode == LQ_STORE_IDLE);
    LQ_ASSERT(!store->failed);
    const enum lq_status status = store->engine->begin_read(store);
    if (status == LQ_OK)
        store->mode = LQ_STORE_READING;
    return status;
}

void lq_store_end_read(struct lq_store *store)
{
    LQ_ASSERT(store->mode == LQ_STORE_READING);
    store->engine->end_read(store);
    store->mode = LQ_STORE_IDLE;
}

enum lq_status lq_store_commit(struct lq_store *store)
{
    LQ_ASSERT(can_write(store));
    const enum lq_status status = settle(store, store->engine->commit(store));
    if (status == LQ_OK) {
        store->committed = store->tip;
        store->mode = LQ_STORE_IDLE;
    }
    return status;
}

// ---------------------------------------------------------------- the journal

enum lq_status lq_store_append(struct lq_store *store, uint64_t seq,
                               const uint8_t hash[LQ_HASH_SIZE], struct lq_span record)
{
    LQ_ASSERT(can_write(store));
    LQ_ASSERT(seq == store->tip.seq + 1);
    const enum lq_status status = settle(store, store->engine->append(store, seq, hash, record));
    if (status == LQ_OK) {
        store->tip.seq = seq;
        memcpy(store->tip.hash, hash, LQ_HASH_SIZE);
    }
    return status;
}

enum lq_status lq_store_record(struct lq_store *store, uint64_t seq, const uint8_t **hash,
                               struct lq_span *record)
{
    LQ_ASSERT(can_read(store));
    if (seq == 0 || seq > store->tip.seq)
        return lq_fault(LQ_E_MISSING, "the journal has records 1 to %llu, and so no record %llu",
                        (unsigned long long)store->tip.seq, (unsigned long long)seq);
    return store->engine->record(store, seq, hash, record);
}

uint64_t lq_store_tip(struct lq_store *store, uint8_t hash[LQ_HASH_SIZE])
{
    LQ_ASSERT(!store->failed);
    memcpy(hash, store->tip.hash, LQ_HASH_SIZE);
    return store->tip.seq;
}

// ---------------------------------------------------------------- tables

bool lq_store_get(struct lq_store *store, unsigned table, struct lq_span key, struct lq_span *value)
{
    LQ_ASSERT(can_read(store));
    LQ_ASSERT(table < store->table_count);
    LQ_ASSERT(is_key(key));
    return store->engine->get(store, table, key, value);
}

enum lq_status lq_store_put(struct lq_store *store, unsigned table, struct lq_span key,
                            struct lq_span value)
{
    LQ_ASSERT(can_write(store));
    LQ_ASSERT(table < store->table_count);
    LQ_ASSERT(is_key(key));
    return settle(store, store->engine->put(store, table, key, value));
}

enum lq_status lq_store_delete(struct lq_store *store, unsigned table, struct lq_span key)
{
    LQ_ASSERT(can_write(store));
    LQ_ASSERT(table < store->table_count);
    LQ_ASSERT(is_key(key));
    return settle(store, store->engine->delete (store, table, key));
}

bool lq_store_next(struct lq_store *store, unsigned table, struct lq_span from, bool past,
                   struct lq_span *key, struct lq_span *value)
{
    LQ_ASSERT(can_read(store));
    LQ_ASSERT(table < store->table_count && from.size <= LQ_KEY_MAX);
    return store->engine->next(store, table, from, past, key, value);
}

bool lq_store_previous(struct lq_store *store, unsigned table, struct lq_span before,
                       struct lq_span *key, struct lq_span *value)
{
    LQ_ASSERT(can_read(store));
    LQ_ASSERT(table < store->table_count && before.size <= LQ_KEY_MAX);
    return store->engine->previous(store, table, before, key, value);
}

uint64_t lq_store_count(struct lq_store *store, unsigned table)
{
    LQ_ASSERT(can_read(store));
    LQ_ASSERT(table < store->table_count);
    return store->engine->count(store, table);
}

enum lq_status lq_store_clear(struct lq_store *store, unsigned table)
{
    LQ_ASSERT(can_write(store));
    LQ_ASSERT(table < store->table_count);
    return settle(store, store->engine->clear(store, table));
}

enum lq_status lq_store_drop_others(struct lq_store *store)
{
    LQ_ASSERT(can_write(store));
    return store->engine->drop_others != NULL ? settle(store, store->engine->drop_others(store))
                                              : LQ_OK;
}

enum lq_status lq_store_check_tables(struct lq_store *store)
{
    LQ_ASSERT(can_read(store));
    return store->engine->check_tables != NULL ? store->engine->check_tables(store) : LQ_OK;
}

struct lq_store_usage lq_store_usage(struct lq_store *store)
{
    LQ_ASSERT(!store->failed);
    return store->engine->usage(store);
}

uint64_t lq_store_durable(struct lq_store *store)
{
    return store->engine->durable != NULL ? store->engine->durable(store) : 0;
}

struct lq_store_disk lq_store_disk(struct lq_store *store)
{
    LQ_ASSERT(!store->failed);
    return store->engine->disk != NULL ? store->engine->disk(store) : (struct lq_store_disk){0};
}

enum lq_status lq_store_copy(struct lq_store *store, const char *directory)
{
    LQ_ASSERT(store->mode == LQ_STORE_IDLE && !store->failed);
    if (store->engine->copy == NULL)
        return lq_fault(LQ_E_INPUT,
                        "a store that only this process has in memory cannot be copied "
                        "to %s: only what lies on a disk can",
                        directory);
    return store->engine->copy(store, directory);
}

enum lq_status lq_store_check(struct lq_store *store)
{
    LQ_ASSERT(store->mode == LQ_STORE_IDLE && !store->failed);
    return store->engine->check != NULL ? store->engine->check(store) : LQ_OK;
}
