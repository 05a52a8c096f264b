// Room to write. A journal that runs into the end of its map or of its disk in the middle of a
// batch stops its service; commands are refused long before, with what to do about it, and reading
// goes on. Where a write has found no room all the same (another program has filled the disk, a
// quota has ended), no other is tried for a while: a service that fails with each command that is
// repeated answers nobody.
#include <stdarg.h>

#include "language/language.h"
#include "runtime/host_parts.h"

enum { HOLD_MS = 15000, LOOK_MS = 5000 };

void lq_room_look(struct lq_host *host)
{
    host->disk = lq_store_disk(host->store);
}

void lq_host_hold(struct lq_host *host)
{
    host->held_until_ms = host->steady_ms + HOLD_MS;
}

static bool is_held(const struct lq_host *host)
{
    return host->steady_ms < host->held_until_ms;
}

static uint64_t refuse_below(const struct lq_host *host)
{
    return (uint64_t)host->policy->disk_refuse_free_mib << 20;
}

static bool disk_is_full(const struct lq_host *host, int64_t beyond_percent)
{
    const uint64_t least = beyond_percent > 0 ? refuse_below(host) / 2 : refuse_below(host);
    return host->disk.bytes != 0 && host->disk.free_bytes < least;
}

static bool map_is_full(const struct lq_host *host, int64_t beyond_percent)
{
    return lq_store_usage(host->store).percent >=
           host->policy->journal_refuse_percent + beyond_percent;
}

bool lq_host_is_full(const struct lq_host *host, int64_t beyond_percent)
{
    return is_held(host) || disk_is_full(host, beyond_percent) || map_is_full(host, beyond_percent);
}

int64_t lq_room_wake_ms(const struct lq_host *host, int64_t otherwise)
{
    const int64_t look_ms = host->steady_ms + LOOK_MS;
    return otherwise < look_ms ? otherwise : look_ms;
}

__attribute__((format(printf, 2, 3))) static Lq__Refusal *full(struct lq_host *host,
                                                               const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Lq__Refusal *refusal = lq_refusal_new(host, LQ__REFUSAL__WHY__JOURNAL_FULL, format, arguments);
    va_end(arguments);
    return refusal;
}

Lq__Refusal *lq_room_refusal(struct lq_host *host)
{
    if (disk_is_full(host, 0))
        return full(host,
                    "the disk of %-s's journal has only %llu MiB free, and below %llu MiB no more "
                    "commands are taken: make room on it, and they are taken again",
                    lq_service_said(host, host->service->name),
                    (unsigned long long)(host->disk.free_bytes >> 20),
                    (unsigned long long)host->policy->disk_refuse_free_mib);
    if (map_is_full(host, 0))
        return full(host,
                    "the journal of %-s is %u %% full and takes no more commands: raise "
                    "journal.map_gib in lianqin.yaml and restart it",
                    lq_service_said(host, host->service->name),
                    lq_store_usage(host->store).percent);
    if (is_held(host))
        return full(host,
                    "the last write of %-s found no room, on its disk or within what it may use of "
                    "it: make room there; it tries again every 15 seconds",
                    lq_service_said(host, host->service->name));
    return NULL;
}

bool lq_has_room(struct lq_host *host, const struct asked *asked)
{
    Lq__Refusal *refusal = lq_room_refusal(host);
    if (refusal != NULL)
        lq_reply_refused(host, asked, refusal);
    return refusal == NULL;
}
