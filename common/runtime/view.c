// The service's tables on the store of its stream. A write that fails is kept as the step's fault;
// the commit is then never reached, so no half of a batch can become durable. Until the step is
// over nothing is found any more: the store cannot be read, and whatever is decided is void.
#include "base/log.h"
#include "runtime/host_parts.h"

static unsigned table_id(const struct lq_host *host, const struct lq_table *table)
{
    for (unsigned i = 0; i < host->table_count; i++)
        if (host->tables[i] == table)
            return RUNTIME_TABLES + i;
    lq_panic(__FILE__, __LINE__, "service %s uses table %s without listing it", host->service->name,
             table->name);
}

// Logged at once, in case the service does not bear finding nothing.
static void note_fault(struct lq_host *host, enum lq_status status)
{
    host->fault = status;
    if (status != LQ_OK)
        lq_log_error("%s", lq_fault_text());
}

void lq_host_put(struct lq_host *host, unsigned table, struct lq_span key, struct lq_span value)
{
    LQ_ASSERT(host->writing);
    host->dirty = true;
    if (host->fault == LQ_OK)
        note_fault(host, lq_store_put(host->store, table, key, value));
}

void lq_host_delete(struct lq_host *host, unsigned table, struct lq_span key)
{
    LQ_ASSERT(host->writing);
    host->dirty = true;
    if (host->fault == LQ_OK)
        note_fault(host, lq_store_delete(host->store, table, key));
}

static bool view_get(void *self, const struct lq_table *table, struct lq_span key,
                     struct lq_span *value)
{
    struct lq_host *host = self;
    return host->fault == LQ_OK && lq_store_get(host->store, table_id(host, table), key, value);
}

static uint64_t view_count(void *self, const struct lq_table *table)
{
    struct lq_host *host = self;
    return host->fault == LQ_OK ? lq_store_count(host->store, table_id(host, table)) : 0;
}

static void view_put(void *self, const struct lq_table *table, struct lq_span key,
                     struct lq_span value)
{
    struct lq_host *host = self;
    lq_host_put(host, table_id(host, table), key, value);
}

static void view_erase(void *self, const struct lq_table *table, struct lq_span key)
{
    struct lq_host *host = self;
    lq_host_delete(host, table_id(host, table), key);
}

static bool view_next(void *self, const struct lq_table *table, struct lq_span from, bool past,
                      struct lq_span *key, struct lq_span *value)
{
    struct lq_host *host = self;
    return host->fault == LQ_OK &&
           lq_store_next(host->store, table_id(host, table), from, past, key, value);
}

static bool view_previous(void *self, const struct lq_table *table, struct lq_span before,
                          struct lq_span *key, struct lq_span *value)
{
    struct lq_host *host = self;
    return host->fault == LQ_OK &&
           lq_store_previous(host->store, table_id(host, table), before, key, value);
}

static void view_timer_set(void *self, const char *timer, int64_t due_ms)
{
    lq_timer_put(self, timer, due_ms);
}

static void view_timer_clear(void *self, const char *timer)
{
    lq_timer_drop(self, timer);
}

const struct lq_view_ops lq_host_view_ops = {
    .get = view_get,
    .count = view_count,
    .put = view_put,
    .erase = view_erase,
    .next = view_next,
    .previous = view_previous,
    .timer_set = view_timer_set,
    .timer_clear = view_timer_clear,
};
