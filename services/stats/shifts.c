// The shift in which something happened: of the rota as it is planned, or written down, now.
#include "shift/replica/rota.h"
#include "stats.h"

const char *stats_shift_at(struct lq_view *view, int64_t at_ms)
{
    const Shift__Shift *shift = lq_rota_at(view, at_ms);
    return shift == NULL ? "" : shift->name;
}

// ---------------------------------------------------------------- many instants

struct stats_rota stats_read_rota(struct lq_reading *r)
{
    struct stats_rota rota = {0};
    rota.shifts =
        LQ_NEW_ARRAY(r->arena, const Shift__Shift *, (size_t)lq_count(r->view, &lq_rota) + 1);
    const Shift__Shift *shift;
    for (struct lq_scan s = lq_rota_from(r->view, 0); (shift = lq_rota_next(&s)) != NULL;)
        rota.shifts[rota.count++] = shift;
    return rota;
}

// How many have begun by then. Instants that follow each other are often of one shift.
static size_t begun(struct stats_rota *rota, int64_t at_ms)
{
    const size_t before = rota->begun;
    if (before > 0 && rota->shifts[before - 1]->starts_at_ms <= at_ms &&
        (before == rota->count || rota->shifts[before]->starts_at_ms > at_ms))
        return before;
    size_t low = 0, high = rota->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (rota->shifts[middle]->starts_at_ms <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return rota->begun = low;
}

uint32_t stats_shift_of(struct stats_rota *rota, int64_t at_ms)
{
    for (size_t i = begun(rota, at_ms); i > 0; i--) {
        const Shift__Shift *shift = rota->shifts[i - 1];
        if (at_ms < shift->ends_at_ms)
            return shift->name[0] == '\0' ? 0 : stats_shift_named(rota, shift->name);
        if (shift->starts_at_ms + LQ_SHIFT_LONGEST_MS < at_ms)
            return 0; // one that is moved over another may end before it
    }
    return 0;
}

uint32_t stats_shift_named(const struct stats_rota *rota, const char *name)
{
    uint32_t before = 0;
    while (strcmp(rota->shifts[before]->name, name) != 0)
        before++;
    return before + 1;
}
