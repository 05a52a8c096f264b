// Timers are rows: (due, name), and beside it name -> due so that one can be replaced. A timer that
// has come due is removed in the same transaction as what it caused, so it fires exactly once.
#include "runtime/host_parts.h"

enum { TIMER_NAME_MAX = 240, TIMERS_A_STEP = 64 };

struct timer_key {
    uint8_t bytes[8 + TIMER_NAME_MAX];
    size_t size;
};

static struct timer_key timer_key(int64_t due_ms, const char *name)
{
    struct timer_key key;
    const size_t length = strlen(name);
    LQ_ASSERT(length > 0 && length <= TIMER_NAME_MAX && due_ms >= 0);
    lq_put_u64(key.bytes, (uint64_t)due_ms);
    memcpy(key.bytes + 8, name, length);
    key.size = 8 + length;
    return key;
}

void lq_timer_drop(struct lq_host *host, const char *name)
{
    struct lq_span value;
    if (host->fault != LQ_OK ||
        !lq_store_get(host->store, TABLE_TIMER_NAMES, lq_span_text(name), &value))
        return;
    const struct timer_key key = timer_key((int64_t)lq_get_u64(value.data), name);
    lq_host_delete(host, TABLE_TIMERS, lq_span(key.bytes, key.size));
    lq_host_delete(host, TABLE_TIMER_NAMES, lq_span_text(name));
}

void lq_timer_put(struct lq_host *host, const char *name, int64_t due_ms)
{
    lq_timer_drop(host, name);
    const struct timer_key key = timer_key(due_ms, name);
    lq_host_put(host, TABLE_TIMERS, lq_span(key.bytes, key.size), lq_span(NULL, 0));
    lq_host_put(host, TABLE_TIMER_NAMES, lq_span_text(name), lq_span(key.bytes, 8));
}

// The earliest timer; needs an open transaction.
static bool first_timer(const struct lq_host *host, int64_t *due_ms, struct lq_span *name)
{
    struct lq_span key, value;
    if (host->fault != LQ_OK ||
        !lq_store_next(host->store, TABLE_TIMERS, lq_span("", 1), false, &key, &value))
        return false;
    *due_ms = (int64_t)lq_get_u64(key.data);
    *name = lq_span(key.data + 8, key.size - 8);
    return true;
}

static const struct lq_timer_row *row_of(const struct lq_service *service, const char *name)
{
    for (const struct lq_timer_row *row = service->timers; row->prefix != NULL; row++)
        if (strncmp(name, row->prefix, strlen(row->prefix)) == 0)
            return row;
    LQ_UNREACHABLE(); // the service sets no others
}

static enum lq_status fire(struct lq_host *host, int64_t due_ms, const char *name)
{
    lq_timer_drop(host, name); // before its command is decided: it may set the timer again
    if (host->fault != LQ_OK)
        return host->fault; // nothing may be appended after a write that failed
    host->orders.count = 0;
    struct lq_follow_up f = {.command_type = host->service->command_type,
                             .view = &host->view,
                             .arena = &host->arena,
                             .orders = &host->orders};
    const struct lq_timer_row *row = row_of(host->service, name);
    row->due(&f, due_ms, name + strlen(row->prefix));
    const unsigned count = host->orders.count;
    if (count == 0)
        return lq_record_idle_timer(host, name);
    host->firing = name;
    for (unsigned i = 0; i < count; i++) {
        // The stream's tip makes the id of a timer that is set again for the same instant another.
        const char *cause = lq_arena_format(&host->arena, "timer %s %lld %llu %u", name,
                                            (long long)due_ms, (unsigned long long)host->tip, i);
        const struct lq_id id = lq_id_derive_own(due_ms, lq_span_text(cause));
        const enum lq_status status = lq_batch_self(host, id, &host->orders.commands[i]);
        if (status != LQ_OK)
            return status;
    }
    return host->fault;
}

enum lq_status lq_timers_work(struct lq_host *host)
{
    if (host->service->timers == NULL || lq_timers_wake_ms(host, INT64_MAX) > host->now_ms ||
        lq_host_is_full(host, FULL_BEYOND) || host->clock_off_ms != 0)
        return LQ_OK;
    enum lq_status status = lq_host_begin(host);
    int64_t due_ms;
    struct lq_span name;
    for (int i = 0; status == LQ_OK && i < TIMERS_A_STEP; i++) {
        if (!first_timer(host, &due_ms, &name) || due_ms > host->now_ms)
            break;
        status = fire(host, due_ms, (const char *)lq_arena_copy(&host->arena, name).data);
    }
    return status;
}

int64_t lq_timers_wake_ms(const struct lq_host *host, int64_t otherwise)
{
    if (host->service->timers == NULL)
        return otherwise;
    int64_t due_ms = otherwise;
    struct lq_span name;
    if (host->writing) {
        first_timer(host, &due_ms, &name);
    } else if (lq_store_begin_read(host->store) == LQ_OK) {
        first_timer(host, &due_ms, &name);
        lq_store_end_read(host->store);
    }
    return due_ms < otherwise ? due_ms : otherwise;
}
