// What became known, day by day: entries as columns of numbers, up to so many a row. Figures as of
// an earlier time are added up from nothing else, and three years of a county are some hundred
// thousand entries: read one by one, with their texts, they take a microsecond each, and so a
// twentieth of that.
#include "stats.h"

const struct lq_table stats_table_learned = {"learned", &stats__learned__descriptor};
const struct lq_table stats_table_names = {"names", &stats__name__descriptor};

enum {
    ENTRIES_A_ROW = 32, // a row is written again with each
    TEAMS_A_ROW = 2048, // one entry can have so many more: a field of a row holds 16,384
};

int64_t stats_known_day(int64_t known_ms)
{
    return known_ms / LQ_DAY_MS;
}

// The text's number; a new text gets the next.
static uint32_t number_of(struct lq_view *tables, const char *text)
{
    if (text[0] == '\0')
        return 0;
    const struct lq_key key = lq_key_text(text);
    const Stats__Name *known = lq_find(tables, &stats_table_names, key);
    if (known != NULL)
        return known->number;
    Stats__Name name;
    stats__name__init(&name);
    name.number = (uint32_t)lq_count(tables, &stats_table_names) + 1;
    lq_save(tables, &stats_table_names, key, &name.base);
    return name.number;
}

// The day's last row, if it has room for the entry, else a new one behind it; and where it stands.
static Stats__Learned row_for(struct lq_view *tables, const Stats__Entry *entry, struct lq_key *key)
{
    const struct lq_key day = lq_key_number((uint64_t)stats_known_day(entry->known_ms));
    struct lq_scan s = lq_scan_backwards(tables, &stats_table_learned, day);
    Stats__Learned row;
    stats__learned__init(&row);
    *key = lq_key_then_number(day, 0);
    if (!lq_scan_next(&s))
        return row;
    const Stats__Learned *last = s.row;
    *key = s.key;
    if (last->n_figure < ENTRIES_A_ROW && last->n_teams + entry->n_teams <= TEAMS_A_ROW)
        return *last;
    struct lq_key_reader reader = {.key = &s.key};
    lq_key_read_number(&reader);
    *key = lq_key_then_number(day, lq_key_read_number(&reader) + 1);
    return row;
}

#define APPEND(_row, _column, _type, _value)                                                       \
    do {                                                                                           \
        _type *more_ = LQ_NEW_ARRAY(arena, _type, (_row)->n_##_column + 1);                        \
        if ((_row)->n_##_column > 0)                                                               \
            memcpy(more_, (_row)->_column, (_row)->n_##_column * sizeof(_type));                   \
        more_[(_row)->n_##_column++] = (_value);                                                   \
        (_row)->_column = more_;                                                                   \
    } while (0)

static void append_teams(struct lq_view *tables, Stats__Learned *row, const Stats__Entry *entry)
{
    uint32_t *teams =
        LQ_NEW_ARRAY(lq_view_arena(tables), uint32_t, row->n_teams + entry->n_teams + 1);
    if (row->n_teams > 0)
        memcpy(teams, row->teams, row->n_teams * sizeof *teams);
    for (size_t i = 0; i < entry->n_teams; i++)
        teams[row->n_teams + i] = number_of(tables, entry->teams[i]);
    row->teams = teams;
    row->n_teams += entry->n_teams;
}

void stats_learn(struct lq_view *tables, const Stats__Entry *entry)
{
    struct lq_arena *arena = lq_view_arena(tables);
    struct lq_key key;
    Stats__Learned row = row_for(tables, entry, &key);
    APPEND(&row, figure, uint32_t, entry->figure);
    APPEND(&row, kind, uint32_t, number_of(tables, entry->kind));
    APPEND(&row, township, uint32_t, number_of(tables, entry->township));
    APPEND(&row, team, uint32_t, number_of(tables, entry->team));
    APPEND(&row, person, uint32_t, number_of(tables, entry->person));
    APPEND(&row, team_count, uint32_t, (uint32_t)entry->n_teams);
    APPEND(&row, on_day, int32_t, entry->on_day);
    APPEND(&row, amount, int32_t, entry->amount);
    APPEND(&row, at_ms, int64_t, entry->at_ms);
    APPEND(&row, known_ms, int64_t, entry->known_ms);
    append_teams(tables, &row, entry);
    lq_save(tables, &stats_table_learned, key, &row.base);
}
