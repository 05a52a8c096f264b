// The cameras of premises, in their file.
#include "ledger.h"

void ledger_list_cameras(struct lq_reading *r, const char *premises, Ledger__PremisesFile *file)
{
    struct lq_rows rows = lq_rows(r->arena, 0);
    for (struct lq_scan s = lq_scan(r->view, &lq_cameras, lq_key_text(premises)); lq_scan_next(&s);)
        if (!lq_rows_add(&rows, s.row))
            break;
    file->n_cameras = rows.count;
    file->cameras = (Ledger__CameraNote **)(void *)rows.rows;
}
