// The drill-down: the entries behind a figure, by kind and day, a page at a time. A page ends with
// the key of its last row, and the next one starts behind it.
#include "pb/limits.h"
#include "stats.h"

struct range {
    int32_t from, to; // inclusive
};

// The range that the figure itself is counted over; see query.c.
static struct range range_of(const Stats__Records *q)
{
    struct range range = {.from = q->from_day, .to = q->to_day};
    if (stats_is_state(q->figure) || range.from < 1)
        range.from = 1;
    if (range.to == 0 || range.to > STATS_LAST_DAY)
        range.to = STATS_LAST_DAY;
    return range;
}

static struct lq_key day_key(const Stats__Entry *entry, int32_t day)
{
    return lq_key_then_number(lq_key_then_text(lq_key_number(entry->figure), entry->kind),
                              (uint64_t)day);
}

// Is the entry behind the part that is asked for, as of the time? Texts of a question are "" where
// all are meant.
static bool is_asked(struct lq_view *view, const Stats__Records *q, const Stats__Entry *entry)
{
    if (q->as_of_ms != 0 && entry->known_ms > q->as_of_ms)
        return false;
    if (q->township[0] != '\0' && strcmp(q->township, entry->township) != 0)
        return false;
    if (q->duty_shift[0] != '\0' &&
        (stats_is_state(entry->figure) ||
         strcmp(q->duty_shift, stats_shift_at(view, entry->at_ms)) != 0))
        return false;
    if (q->department[0] != '\0' && strcmp(q->department, stats_department_at(view, entry)) != 0)
        return false;
    bool is_of_team = q->team[0] == '\0' || strcmp(q->team, entry->team) == 0;
    for (size_t i = 0; i < entry->n_teams; i++)
        is_of_team |= strcmp(q->team, entry->teams[i]) == 0;
    return is_of_team;
}

// Moves past entries that lie outside the range: to its first day, or to the next kind.
static bool skip_to_range(struct lq_scan *s, const struct range *range)
{
    const Stats__Entry *entry = s->row;
    if (entry->on_day >= range->from && entry->on_day <= range->to)
        return false;
    const int32_t day = entry->on_day < range->from ? range->from : STATS_LAST_DAY + 1;
    *s = lq_scan_from(s->view, s->table, s->prefix, day_key(entry, day), false);
    return true;
}

// Where the walk starts; false if the page asked for is none of this figure's.
static bool start(struct lq_reading *r, const Stats__Records *q, struct lq_scan *s)
{
    struct lq_key prefix = lq_key_number(q->figure);
    if (strlen(q->kind) > LQ_PB_IDENTIFIER_BYTES)
        return false;
    if (q->kind[0] != '\0' || !stats_has_kinds(q->figure))
        prefix = lq_key_then_text(prefix, q->kind);
    *s = lq_scan(r->view, &stats_table_entries, prefix);
    if (q->after.len == 0)
        return true;
    struct lq_key after = lq_key_none();
    if (q->after.len > sizeof after.bytes || q->after.len < prefix.size ||
        memcmp(q->after.data, prefix.bytes, prefix.size) != 0)
        return false;
    memcpy(after.bytes, q->after.data, q->after.len);
    after.size = (uint8_t)q->after.len;
    *s = lq_scan_from(r->view, &stats_table_entries, prefix, after, true);
    return true;
}

static struct lq_span copy_key(struct lq_arena *arena, const struct lq_key *key)
{
    return lq_arena_copy(arena, lq_span(key->bytes, key->size));
}

void stats_query_records(struct lq_reading *r, const void *query, void *answer)
{
    const Stats__Records *q = query;
    Stats__RecordsAnswer *page = answer;
    const struct range range = range_of(q);
    struct lq_scan s;
    if (range.from > range.to || !start(r, q, &s))
        return;

    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_key last = lq_key_none();
    while (lq_scan_next(&s)) {
        if (skip_to_range(&s, &range) || !is_asked(r->view, q, s.row))
            continue;
        if (!lq_rows_add(&rows, s.row))
            break;
        last = s.key;
    }
    page->entries = (Stats__Entry **)rows.rows;
    page->n_entries = rows.count;
    if (!rows.more)
        return;
    const struct lq_span next = copy_key(r->arena, &last);
    page->next = (ProtobufCBinaryData){.len = next.size, .data = lq_unconst(next.data)};
}
