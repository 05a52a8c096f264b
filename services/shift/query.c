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

static void on_duty(struct lq_reading *r, const Shift__OnDuty *q, Shift__Answer *answer)
{
    Shift__OnDutyAnswer *on = LQ_NEW(r->arena, Shift__OnDutyAnswer);
    shift__on_duty_answer__init(on);
    on->at_ms = q->at_ms != 0 ? q->at_ms : r->now_ms;
    answer->body_case = SHIFT__ANSWER__BODY_ON_DUTY;
    answer->on_duty = on;

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

static void list_rota(struct lq_reading *r, const Shift__Rota *q, Shift__Answer *answer)
{
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
    Shift__RotaAnswer *page = LQ_NEW(r->arena, Shift__RotaAnswer);
    shift__rota_answer__init(page);
    page->shifts = (Shift__Shift **)rows.rows;
    page->n_shifts = rows.count;
    page->more = rows.more;
    answer->body_case = SHIFT__ANSWER__BODY_ROTA;
    answer->rota = page;
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
    struct lq_scan s = lq_scan_behind(r->view, &shift_table_people, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(rows, s.row))
            break;
}

static void list_people(struct lq_reading *r, const Shift__People *q, Shift__Answer *answer)
{
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    if (q->badge[0] != '\0')
        find_person(r, q, &rows);
    else
        walk_people(r, q, &rows);

    Shift__PeopleAnswer *page = LQ_NEW(r->arena, Shift__PeopleAnswer);
    shift__people_answer__init(page);
    page->people = (Shift__Person **)rows.rows;
    page->n_people = rows.count;
    page->more = rows.more;
    answer->body_case = SHIFT__ANSWER__BODY_PEOPLE;
    answer->people = page;
}

void shift_query(struct lq_reading *r, const Shift__Query *query, Shift__Answer *answer)
{
    switch (query->body_case) {
    case SHIFT__QUERY__BODY_ON_DUTY:
        on_duty(r, query->on_duty, answer);
        return;
    case SHIFT__QUERY__BODY_ROTA:
        list_rota(r, query->rota, answer);
        return;
    case SHIFT__QUERY__BODY_PEOPLE:
        list_people(r, query->people, answer);
        return;
    case SHIFT__QUERY__BODY__NOT_SET:
    case _SHIFT__QUERY__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}
