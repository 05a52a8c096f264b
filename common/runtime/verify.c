// Verification is replay: the same lq_record_apply that runs live, on an empty store. The cursors
// table is left out: how far another stream was followed is not in this journal. A cursor that is
// too low costs only time, one that is too high would lose events: so its rows carry a check of
// their own, and are held against the journals that were followed (lq_verify_followed). The row
// that says which version made the tables proves itself, too. Tables that another version made are
// not compared: they would differ though nothing is wrong, and are made again when the service
// starts.
#include "runtime/verify.h"

#include <stdio.h>

#include "runtime/host_parts.h"

static enum lq_status differs(const struct lq_service *service, const char *table,
                              struct lq_span key, const char *how)
{
    char text[3 * 32 + 1] = "";
    size_t length = 0;
    for (size_t i = 0; i < key.size && i < 32; i++) {
        const uint8_t c = key.data[i];
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   c > 0x20 && c != 0x7f ? "%c" : "%%%02x", c);
    }
    return lq_fault(LQ_E_CORRUPT, "table %s of %s: the row \"%s\" %-s", table, service->name, text,
                    how);
}

static enum lq_status compare_table(const struct lq_service *service, unsigned table,
                                    const char *name, struct lq_store *store,
                                    struct lq_store *scratch)
{
    struct lq_key at = {0};
    for (bool past = false;; past = true) {
        struct lq_span live_key, live, made_key, made;
        const struct lq_span from =
            lq_span(past ? at.bytes : (const uint8_t *)"", past ? at.size : 1);
        const bool has_live = lq_store_next(store, table, from, past, &live_key, &live);
        const bool has_made = lq_store_next(scratch, table, from, past, &made_key, &made);
        if (!has_live && !has_made)
            return LQ_OK;
        if (!has_made || (has_live && !lq_span_equal(live_key, made_key)))
            return differs(service, name, has_live ? live_key : made_key,
                           "is not what the journal gives");
        if (!has_live)
            return differs(service, name, made_key, "is missing, though the journal gives it");
        if (!lq_span_equal(live, made))
            return differs(service, name, live_key, "differs from what the journal gives");
        at.size = (uint8_t)live_key.size;
        memcpy(at.bytes, live_key.data, live_key.size);
    }
}

static enum lq_status check_marks(const struct lq_service *service, struct lq_store *store)
{
    struct lq_key at = {0};
    struct lq_span key, value;
    while (
        lq_store_next(store, TABLE_MARKS, lq_span(at.bytes, at.size), at.size > 0, &key, &value)) {
        if (!lq_mark_proved(key, value))
            return differs(service, "runtime.marks", key, "was altered");
        at.size = (uint8_t)key.size;
        memcpy(at.bytes, key.data, key.size);
    }
    return LQ_OK;
}

// What no replay gives: each row is checked by itself.
static enum lq_status check_cursors(const struct lq_service *service, struct lq_store *store)
{
    struct lq_key at = {0};
    struct lq_span key, value;
    uint64_t cursor;
    struct known_hash hash;
    while (lq_store_next(store, TABLE_CURSORS, lq_span(at.bytes, at.size), at.size > 0, &key,
                         &value)) {
        if (!lq_cursor_read(key, value, &cursor, &hash))
            return differs(service, "runtime.cursors", key, "was altered");
        at.size = (uint8_t)key.size;
        memcpy(at.bytes, key.data, key.size);
    }
    return check_marks(service, store);
}

// How far the stream was followed; 0 where it was not yet, or the row was altered.
static enum lq_status read_cursor(struct lq_store *store, const char *stream, uint64_t *cursor,
                                  struct known_hash *hash)
{
    struct lq_span row;
    const struct lq_span key = lq_span_text(stream);
    const enum lq_status status = lq_store_begin_read(store);
    *cursor = 0;
    if (status != LQ_OK)
        return status;
    if (lq_store_get(store, TABLE_CURSORS, key, &row) && !lq_cursor_read(key, row, cursor, hash))
        *cursor = 0;
    lq_store_end_read(store);
    return LQ_OK;
}

static enum lq_status compare_cursor(const struct lq_service *service, const char *stream,
                                     struct lq_store *journal, uint64_t cursor,
                                     const struct known_hash *hash, bool *differs)
{
    uint8_t tip_hash[HASH_SIZE];
    const uint8_t *own;
    struct lq_span record;
    const uint64_t tip = lq_store_tip(journal, tip_hash);
    *differs = cursor > tip;
    if (*differs)
        return lq_fault(LQ_E_CORRUPT,
                        "%s has followed %s up to record %llu, but that journal ends at record "
                        "%llu: one of the two was put back from an older copy. Stop the system and "
                        "put back all journals from one and the same backup, or the one of %s that "
                        "belongs to the others",
                        service->name, stream, (unsigned long long)cursor, (unsigned long long)tip,
                        stream);
    if (!hash->known || cursor == 0)
        return LQ_OK;
    const enum lq_status status = lq_store_record(journal, cursor, &own, &record);
    *differs = status == LQ_OK && memcmp(own, hash->bytes, HASH_SIZE) != 0;
    if (!*differs)
        return status;
    return lq_fault(LQ_E_CORRUPT,
                    "%s has followed %s up to record %llu, but that journal has another record "
                    "there: one of the two was put back from an older copy. Stop the system and "
                    "put back all journals from one and the same backup, or the one of %s that "
                    "belongs to the others",
                    service->name, stream, (unsigned long long)cursor, stream);
}

// The cursor is read before the journal, which may be growing.
enum lq_status lq_verify_followed(const struct lq_service *service, struct lq_store *store,
                                  const char *stream, struct lq_store *journal, bool *differs)
{
    uint64_t cursor;
    struct known_hash hash = {0};
    *differs = false;
    enum lq_status status = read_cursor(store, stream, &cursor, &hash);
    if (status == LQ_OK)
        status = lq_store_begin_read(journal);
    if (status != LQ_OK)
        return status;
    status = compare_cursor(service, stream, journal, cursor, &hash, differs);
    lq_store_end_read(journal);
    return status;
}

static enum lq_status compare(const struct lq_service *service, struct lq_store *store,
                              struct lq_store *scratch)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    lq_host_plan(service, names, &plan);
    enum lq_status status = lq_store_begin_read(scratch);
    if (status != LQ_OK)
        return status;
    for (unsigned table = 0; status == LQ_OK && table < plan.table_count; table++)
        if (table != TABLE_CURSORS && table != TABLE_MARKS && table != TABLE_VERSION)
            status = compare_table(service, table, names[table], store, scratch);
    lq_store_end_read(scratch);
    return status;
}

// The tables, whichever version made them.
static enum lq_status check_tables(const struct lq_service *service, struct lq_store *store,
                                   struct lq_store *scratch, struct lq_verified *out)
{
    const enum version made_by = lq_version_of(service, store);
    enum lq_status status = LQ_OK;
    out->other_version = made_by == VERSION_OTHER;
    if (made_by == VERSION_ALTERED)
        return lq_fault(LQ_E_CORRUPT,
                        "table runtime.version of %s, which says what version made its tables, was "
                        "altered",
                        service->name);
    if (made_by == VERSION_OURS)
        status = lq_store_check_tables(store);
    if (made_by == VERSION_OURS && status == LQ_OK)
        status = compare(service, store, scratch);
    return status == LQ_OK ? check_cursors(service, store) : status;
}

// Who is told of the progress.
struct audience {
    void (*progress)(void *, uint64_t, uint64_t);
    void *self;
};

static bool tell(void *self, uint64_t done, uint64_t of)
{
    const struct audience *audience = self;
    if (audience->progress != NULL)
        audience->progress(audience->self, done, of);
    return true;
}

static enum lq_status replay_and_compare(struct lq_host *host, struct lq_store *store,
                                         struct audience *audience, struct lq_verified *out)
{
    uint8_t hash[HASH_SIZE];
    struct lq_replayed at = {0};
    const struct replay_watch watch = {tell, audience};
    const uint64_t tip = lq_store_tip(store, hash);
    const enum lq_status status = lq_replay(host, store, tip, watch, &at);
    out->records = at.records;
    out->events = at.events;
    memcpy(out->tip_hash, at.tip_hash, HASH_SIZE);
    return status == LQ_OK ? check_tables(host->service, store, host->store, out) : status;
}

enum lq_status lq_verify(const struct lq_service *service, struct lq_store *store,
                         struct lq_store *scratch, const struct lq_policy *policy,
                         void (*progress)(void *, uint64_t, uint64_t), void *self,
                         struct lq_verified *out)
{
    *out = (struct lq_verified){0};
    struct audience audience = {progress, self};
    struct lq_host *host;
    enum lq_status status =
        lq_host_new(service, scratch, policy, NULL, (struct lq_host_io){0}, 0, &host);
    if (status != LQ_OK)
        return status;
    status = lq_store_check(store);
    if (status == LQ_OK)
        status = lq_store_begin_read(store);
    if (status == LQ_OK) {
        status = replay_and_compare(host, store, &audience, out);
        lq_store_end_read(store);
    }
    lq_host_free(host);
    return status;
}
