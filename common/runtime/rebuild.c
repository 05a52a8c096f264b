// The tables of a store are a cache of its journal. If another version made them (version.c), the
// host empties them when it starts, and applies the journal again: exactly what `lq verify` does,
// but into the store itself. Nobody is answered before.
//
// In several commits, for want of memory for a large one; so the version is taken away with the
// first and written with the last, and whoever starts after a crash in between begins anew. The
// cursors and marks stay: how far others are followed is not in this journal.
#include "runtime/host_parts.h"

// What this version cannot read or does not understand leaves everything as it is: the tables that
// are there may yet serve the version that made them.
static enum lq_status look_through(struct lq_host *host)
{
    struct lq_replayed at = {0};
    enum lq_status status = lq_store_begin_read(host->store);
    if (status != LQ_OK)
        return status;
    while (status == LQ_OK && at.records < host->tip) {
        const Lq__Record *record;
        status = lq_replay_read(host, host->store, &at, &record);
        if (status == LQ_OK)
            status = lq_record_check_event(host, record);
        lq_arena_reset(&host->arena);
    }
    lq_store_end_read(host->store);
    return status;
}

static enum lq_status empty_tables(struct lq_host *host)
{
    enum lq_status status = lq_host_begin(host);
    if (status == LQ_OK)
        status = lq_store_drop_others(host->store);
    for (unsigned table = 0; status == LQ_OK && table < RUNTIME_TABLES + host->table_count; table++)
        if (table != TABLE_CURSORS && table != TABLE_MARKS)
            status = lq_store_clear(host->store, table);
    return status;
}

static enum lq_status fill_tables(struct lq_host *host)
{
    struct lq_replayed at = {0};
    const struct replay_watch watch = {host->io.rebuilding, host->io.self};
    enum lq_status status = lq_replay_commit(host); // emptied, and of no version
    if (status == LQ_OK)
        status = lq_replay(host, host->store, host->tip, watch, &at);
    return status == LQ_OK ? lq_host_begin(host) : status;
}

enum lq_status lq_rebuild(struct lq_host *host)
{
    enum lq_status status = look_through(host);
    if (status == LQ_OK && host->tip > 0 && host->io.rebuilding != NULL &&
        !host->io.rebuilding(host->io.self, 0, host->tip))
        status = lq_fault(LQ_E_BUSY, "%s was told to stop", host->service->name);
    if (status == LQ_OK)
        status = empty_tables(host);
    if (status == LQ_OK && host->tip > 0)
        status = fill_tables(host);
    if (status != LQ_OK)
        return status;
    lq_version_put(host);
    lq_follow_open(host); // what was parted from is in these tables
    return lq_replay_commit(host);
}
