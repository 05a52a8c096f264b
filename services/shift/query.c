// The answers: read from a snapshot of committed state, a page at a time. The force is a few
// hundred people, so their filters walk the roster; the rota is found by time.
#include "shift.h"

// ---------------------------------------------------------------- on duty

static void fill_group(struct lq_reading *r, const char *group, Shift__OnDutyAnswer *on)
{
    const unsigned most = 500;
    struct lq_rows leads = lq_rows(r->arena, most);
    struct lq_scan s = lq_scan(r->view, &shift_table_people, lq_key_none());
    while (lq_scan_next(&s)) {
        const Shift__Person *p = s.row;
        if (strcmp(p->group, group) != 0)
            continue;
        on->people++;
        if (p->role == LQ__ROLE__LEAD)
            lq_rows_add(&leads, p);
    }
    on->leads = (Shift__Person **)leads.rows;
    on->n_leads = leads.count;
}

void shift_on_duty(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__OnDuty *q = query;
    Shift__OnDutyAnswer *on = answer;
    on->at_ms = q->at_ms != 0 ? q->at_ms : r->now_ms;

    // Shifts start at whole milliseconds: what starts before the next one has started by now.
    const int64_t next_ms = on->at_ms < INT64_MAX ? on->at_ms + 1 : INT64_MAX;
    const Shift__Shift *last = shift_before(r->view, next_ms);
    on->next = lq_row(shift_from(r->view, next_ms));
    if (last == NULL || on->at_ms >= last->ends_at_ms)
        return;
    on->current = lq_row(last);
    fill_group(r, last->group, on);
}

// ---------------------------------------------------------------- lists

void shift_list_rota(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__Rota *q = query;
    const int64_t from_ms = q->from_day != 0 ? lq_day_start_ms(q->from_day) : 0;
    const int64_t to_ms = q->to_day != 0 ? lq_day_start_ms(q->to_day) + LQ_DAY_MS : INT64_MAX;
    // What runs into the first day started at most the longest shift before it.
    const int64_t first_ms = from_ms > SHIFT_LONGEST_MS ? from_ms - SHIFT_LONGEST_MS : 0;

    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_from(r->view, &shift_table_rota, lq_key_none(),
                                    lq_key_number((uint64_t)first_ms), false);
    while (lq_scan_next(&s)) {
        const Shift__Shift *shift = s.row;
        if (shift->starts_at_ms >= to_ms)
            break;
        if (shift->ends_at_ms > from_ms && !lq_rows_add(&rows, shift))
            break;
    }
    lq_rows_answer(&rows, answer);
}

static bool is_asked_for(const Shift__People *q, const Shift__Person *p)
{
    return (q->team[0] == '\0' || strcmp(q->team, p->team) == 0) &&
           (q->group[0] == '\0' || strcmp(q->group, p->group) == 0) &&
           (q->role == LQ__ROLE__ROLE_UNSPECIFIED || q->role == p->role);
}

static void find_person(struct lq_reading *r, const Shift__People *q, struct lq_rows *rows)
{
    if (!lq_pb_identifier(q->badge))
        return;
    const Shift__Person *p = lq_find(r->view, &shift_table_people, lq_key_text(q->badge));
    if (p != NULL && is_asked_for(q, p))
        lq_rows_add(rows, p);
}

static void walk_people(struct lq_reading *r, const Shift__People *q, struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &shift_table_people, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(rows, s.row))
            break;
}

void shift_list_people(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__People *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    if (q->badge[0] != '\0')
        find_person(r, q, &rows);
    else
        walk_people(r, q, &rows);

    lq_rows_answer(&rows, answer);
}
