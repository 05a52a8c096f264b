// How fast the journal grows, which tells the administrator on which day its disk is full. What the
// last days have brought is a better guess of the next ones than the years before them.
#include "pb/pb.h"
#include "runtime/host_parts.h"

enum {
    HOUR_MS = 3600 * 1000,
    DAYS_MOST = 7,
    AGE_MS = 10 * 60 * 1000, // that what was found holds
};
static const int64_t DAY_MS = 24LL * HOUR_MS;

// When that record was recorded; -1 if it cannot be read.
static int64_t recorded_ms(struct lq_host *host, uint64_t seq)
{
    const uint8_t *hash;
    struct lq_span bytes;
    const char *why;
    if (lq_store_record(host->store, seq, &hash, &bytes) != LQ_OK)
        return -1;
    const Lq__Record *record = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &host->arena, &lq__record__descriptor, bytes, &why);
    return record != NULL ? record->recorded_at_ms : -1;
}

// The first record of then or later. (Where the clock was set back, about so.)
static uint64_t first_since(struct lq_host *host, int64_t since_ms)
{
    uint64_t least = 1, most = host->tip;
    while (least < most) {
        const uint64_t middle = least + (most - least) / 2;
        if (recorded_ms(host, middle) < since_ms)
            least = middle + 1;
        else
            most = middle;
    }
    return least;
}

static struct lq_growth find(struct lq_host *host)
{
    if (host->tip == 0)
        return (struct lq_growth){0};
    const int64_t begun_ms = recorded_ms(host, 1);
    int64_t since_ms = host->now_ms - DAYS_MOST * DAY_MS;
    since_ms = since_ms < begun_ms ? begun_ms : since_ms;
    const int64_t hours = (host->now_ms - since_ms) / HOUR_MS;
    if (begun_ms < 0 || hours < 24)
        return (struct lq_growth){0};
    const uint64_t first = first_since(host, since_ms);
    const bool none = recorded_ms(host, first) < since_ms; // the last record is older, too
    const uint64_t records = none ? 0 : host->tip - first + 1;
    const uint64_t each = lq_store_usage(host->store).bytes / host->tip;
    return (struct lq_growth){
        .bytes = records * each / (uint64_t)hours * 24,
        .days = (unsigned)(hours / 24),
    };
}

struct lq_growth lq_growth_of(struct lq_host *host)
{
    if (host->growth_ms >= 0 && host->steady_ms - host->growth_ms < AGE_MS)
        return host->growth;
    host->growth = find(host);
    host->growth_ms = host->steady_ms;
    return host->growth;
}
