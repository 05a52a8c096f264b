// The answers: read from a snapshot of committed state, a page at a time.
#include "casefile.h"

// What the asker names can be longer than any key.
static bool is_number(const char *text)
{
    return text[0] != '\0' && strlen(text) <= LQ_PB_IDENTIFIER_BYTES;
}

// ---------------------------------------------------------------- cases

static bool is_asked_for(const Casefile__ListCases *q, const Casefile__Case *c)
{
    return (q->offence[0] == '\0' || strcmp(q->offence, c->offence) == 0) &&
           (!q->unsolved || c->step != CASEFILE__CASE_STEP__SOLVED);
}

void casefile_list_cases(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ListCases *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_cases, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(&rows, s.row))
            break;

    lq_rows_answer(&rows, answer);
}

static void fill_suspects(struct lq_reading *r, Casefile__CaseFile *file)
{
    const unsigned most = 500; // more than any case of a county has
    struct lq_rows rows = lq_rows(r->arena, most);
    struct lq_scan s =
        lq_scan(r->view, &casefile_table_case_suspects, lq_key_text(file->case_row->number));
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the case
        const Casefile__Suspect *suspect =
            lq_find(r->view, &casefile_table_suspects, lq_key_text(lq_key_read_text(&reader)));
        if (!lq_rows_add(&rows, suspect))
            break;
    }
    file->suspects = (Casefile__Suspect **)rows.rows;
    file->n_suspects = rows.count;
}

void casefile_show_case(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ShowCase *q = query;
    Casefile__CaseFile *file = answer;
    if (is_number(q->number))
        file->case_row = lq_row(lq_find(r->view, &casefile_table_cases, lq_key_text(q->number)));
    if (file->case_row != NULL)
        fill_suspects(r, file);
}

// ---------------------------------------------------------------- notices

static bool is_due(const Casefile__ListNotices *q, const Casefile__Notice *notice)
{
    return q->due_before_day == 0 || notice->due_day < q->due_before_day;
}

static void find_notices(struct lq_reading *r, const Casefile__ListNotices *q, struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_notices, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_due(q, s.row) && !lq_rows_add(rows, s.row))
            return;
}

static void find_notices_to(struct lq_reading *r, const Casefile__ListNotices *q,
                            struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_premises_notices,
                                     lq_key_text(q->premises), q->after);
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the premises
        const Casefile__Notice *notice =
            lq_find(r->view, &casefile_table_notices, lq_key_text(lq_key_read_text(&reader)));
        if (is_due(q, notice) && !lq_rows_add(rows, notice))
            return;
    }
}

void casefile_list_notices(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ListNotices *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    if (q->premises[0] == '\0')
        find_notices(r, q, &rows);
    else if (is_number(q->premises))
        find_notices_to(r, q, &rows);

    lq_rows_answer(&rows, answer);
}
