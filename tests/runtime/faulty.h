// A store of which the n-th call fails, as a disk may at any moment: every call that can fail is
// counted while the store is armed. The real engine is behind it.
#pragma once

#include "journal/engine.h"

struct faulty {
    struct lq_store_engine engine;
    const struct lq_store_engine *real;
    bool armed, fired;
    bool records_legible;     // reading a record never fails
    unsigned calls, fails_at; // 0: none
};

static struct faulty faulty; // one at a time; both stores of a verification share it

static inline bool fails(void)
{
    if (!faulty.armed || ++faulty.calls != faulty.fails_at)
        return false;
    faulty.fired = true;
    return true;
}

static inline enum lq_status fault(void)
{
    return lq_fault(LQ_E_IO, "call %u of the store fails", faulty.calls);
}

static inline enum lq_status faulty_begin_write(struct lq_store *store)
{
    return fails() ? fault() : faulty.real->begin_write(store);
}

static inline enum lq_status faulty_begin_read(struct lq_store *store)
{
    return fails() ? fault() : faulty.real->begin_read(store);
}

static inline enum lq_status faulty_commit(struct lq_store *store)
{
    return fails() ? fault() : faulty.real->commit(store);
}

static inline enum lq_status faulty_append(struct lq_store *store, uint64_t seq,
                                           const uint8_t *hash, struct lq_span record)
{
    return fails() ? fault() : faulty.real->append(store, seq, hash, record);
}

static inline enum lq_status faulty_record(struct lq_store *store, uint64_t seq,
                                           const uint8_t **hash, struct lq_span *record)
{
    return !faulty.records_legible && fails() ? fault()
                                              : faulty.real->record(store, seq, hash, record);
}

static inline enum lq_status faulty_put(struct lq_store *store, unsigned table, struct lq_span key,
                                        struct lq_span value)
{
    return fails() ? fault() : faulty.real->put(store, table, key, value);
}

static inline enum lq_status faulty_delete(struct lq_store *store, unsigned table,
                                           struct lq_span key)
{
    return fails() ? fault() : faulty.real->delete (store, table, key);
}

static inline enum lq_status faulty_clear(struct lq_store *store, unsigned table)
{
    return fails() ? fault() : faulty.real->clear(store, table);
}

static inline enum lq_status faulty_drop_others(struct lq_store *store)
{
    return fails() ? fault() : faulty.real->drop_others(store);
}

// Puts it before the store's engine, disarmed.
static inline void make_faulty(struct lq_store *store, unsigned fails_at)
{
    faulty = (struct faulty){.engine = *store->engine, .real = store->engine, .fails_at = fails_at};
    faulty.engine.begin_write = faulty_begin_write;
    faulty.engine.begin_read = faulty_begin_read;
    faulty.engine.commit = faulty_commit;
    faulty.engine.append = faulty_append;
    faulty.engine.record = faulty_record;
    faulty.engine.put = faulty_put;
    faulty.engine.delete = faulty_delete;
    faulty.engine.clear = faulty_clear;
    if (faulty.real->drop_others != NULL)
        faulty.engine.drop_others = faulty_drop_others;
    store->engine = &faulty.engine;
}
