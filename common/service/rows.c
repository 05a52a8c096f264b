#include "service/rows.h"

struct lq_scan lq_scan_behind(struct lq_view *view, const struct lq_table *table,
                              struct lq_key prefix, const char *after)
{
    return lq_scan_from(view, table, prefix, lq_key_then_text(prefix, after), true);
}

struct lq_rows lq_rows(struct lq_arena *arena, unsigned asked)
{
    const unsigned usual = 100, most = 500;
    const unsigned limit = asked == 0 ? usual : asked > most ? most : asked;
    return (struct lq_rows){.rows = LQ_NEW_ARRAY(arena, void *, limit), .limit = limit};
}

bool lq_rows_add(struct lq_rows *rows, const void *row)
{
    if (rows->count == rows->limit) {
        rows->more = true;
        return false;
    }
    rows->rows[rows->count++] = lq_row(row);
    return true;
}
