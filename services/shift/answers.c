// Who is on duty, the rota, and when somebody is on duty.
#include "shift.h"

// ---------------------------------------------------------------- who is on duty

enum { MOST = 500 };

// The shifts that are on at that time.
struct on {
    const Shift__Shift *shifts[LQ_ROTA_AT_ONCE];
    unsigned count;
    int64_t at_ms;
};

static const Shift__Shift *of_group(const struct on *on, const char *group)
{
    for (unsigned i = 0; i < on->count; i++)
        if (strcmp(on->shifts[i]->group, group) == 0)
            return on->shifts[i];
    return NULL;
}

// By which absence or swap somebody is there, or is not, against the rota alone.
static const char *reason_of(struct lq_reading *r, const struct on *on, const char *badge,
                             bool there)
{
    const Shift__Absence *absence = lq_absence_at(r->view, badge, on->at_ms);
    if (absence != NULL && !there)
        return absence->number;
    for (unsigned i = 0; i < on->count; i++) {
        const Shift__Swap *by;
        lq_duty_has_shift(r->view, badge, on->shifts[i], &by);
        if (by != NULL)
            return by->number;
    }
    return "";
}

static Shift__Difference *difference(struct lq_reading *r, const struct on *on,
                                     const Shift__Person *p, bool there)
{
    Shift__Difference *row = LQ_NEW(r->arena, Shift__Difference);
    shift__difference__init(row);
    row->badge = p->badge;
    row->name = p->name;
    row->team = p->team;
    row->there = there;
    row->by = lq_unconst(reason_of(r, on, p->badge, there));
    return row;
}

static void fill(struct lq_reading *r, const struct on *on, Shift__OnDutyAnswer *answer)
{
    struct lq_rows leads = lq_rows(r->arena, MOST), differences = lq_rows(r->arena, MOST),
                   present = lq_rows(r->arena, MOST);
    for (struct lq_scan s = lq_scan(r->view, &lq_roster_people, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Person *p =
            lq_roster_person_at(r->view, ((const Shift__Person *)s.row)->badge, on->at_ms);
        if (p == NULL || p->left_day != 0)
            continue;
        const bool rostered = of_group(on, p->group) != NULL;
        const bool there = lq_duty_at(r->view, p->badge, on->at_ms, NULL);
        const Shift__Person *answers = rostered && p->role == LQ__ROLE__LEAD
                                           ? lq_duty_answers(r->view, p->team, on->at_ms)
                                           : NULL;
        if (there)
            lq_rows_add(&present, p->badge);
        answer->people += there;
        if (answers != NULL)
            lq_rows_add(&leads, answers);
        if (there != rostered)
            lq_rows_add(&differences, difference(r, on, p, there));
    }
    answer->leads = (Shift__Person **)leads.rows;
    answer->n_leads = leads.count;
    answer->differences = (Shift__Difference **)differences.rows;
    answer->n_differences = differences.count;
    answer->present = (char **)present.rows;
    answer->n_present = present.count;
}

static const Shift__Shift *next_shift(struct lq_view *view, int64_t at_ms)
{
    const Shift__Shift *shift;
    for (struct lq_scan s = lq_rota_from(view, at_ms); (shift = lq_rota_next(&s)) != NULL;)
        if (shift->starts_at_ms > at_ms)
            return shift;
    return NULL;
}

void shift_on_duty(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__OnDuty *q = query;
    Shift__OnDutyAnswer *told = answer;
    told->at_ms = q->at_ms != 0 ? q->at_ms : r->now_ms;
    struct on on = {.at_ms = told->at_ms};
    on.count = lq_rota_all_at(r->view, on.at_ms, on.shifts);
    told->next = lq_unconst(next_shift(r->view, on.at_ms));
    if (on.count == 0)
        return;
    told->current = lq_unconst(on.shifts[0]);
    told->n_also = on.count - 1;
    told->also = LQ_NEW_ARRAY(r->arena, Shift__Shift *, on.count);
    for (unsigned i = 1; i < on.count; i++)
        told->also[i - 1] = lq_unconst(on.shifts[i]);
    fill(r, &on, told);
}

// ---------------------------------------------------------------- the rota

// The instants that two days bound; 0: no bound.
struct bounds {
    int64_t from_ms, to_ms;
};

static struct bounds bounds_of(int32_t from_day, int32_t to_day)
{
    return (struct bounds){from_day != 0 ? lq_day_start_ms(from_day) : 0,
                           to_day != 0 ? lq_day_start_ms(to_day) + LQ_DAY_MS : INT64_MAX};
}

void shift_list_rota(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__Rota *q = query;
    const struct bounds bounds = bounds_of(q->from_day, q->to_day);
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_rota_from(r->view, bounds.from_ms);
    const Shift__Shift *shift;
    while ((shift = lq_rota_next(&s)) != NULL && shift->starts_at_ms < bounds.to_ms)
        if (shift->ends_at_ms > bounds.from_ms && !lq_rows_add(&rows, shift))
            break;
    lq_rows_answer(&rows, answer);
}

// ---------------------------------------------------------------- somebody's

static Shift__Duty *duty(struct lq_reading *r, const Shift__Shift *shift,
                         const struct lq_duty_span *span, const Shift__Swap *by)
{
    Shift__Duty *row = LQ_NEW(r->arena, Shift__Duty);
    shift__duty__init(row);
    row->shift = shift->number;
    row->name = shift->name;
    row->group = shift->group;
    row->from_ms = span->from_ms;
    row->to_ms = span->to_ms;
    row->swap = by != NULL ? by->number : row->swap;
    return row;
}

static bool add_duties(struct lq_reading *r, const char *badge, const Shift__Shift *shift,
                       struct lq_rows *rows)
{
    const Shift__Swap *by;
    struct lq_duty_span spans[LQ_DUTY_SPANS];
    if (!lq_duty_has_shift(r->view, badge, shift, &by))
        return true;
    const unsigned count = lq_duty_spans(r->view, badge, shift, by, spans);
    for (unsigned i = 0; i < count; i++)
        if (!lq_rows_add(rows, duty(r, shift, &spans[i], by)))
            return false;
    return true;
}

void shift_show_mine(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__Mine *q = query;
    Shift__MineAnswer *told = answer;
    const char *badge = q->badge[0] != '\0' ? q->badge : r->actor;
    const Shift__Person *person = lq_roster_person(r->view, badge);
    const struct bounds bounds = bounds_of(q->from_day, q->to_day);
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_rota_from(r->view, bounds.from_ms);
    const Shift__Shift *shift;
    while (person != NULL && (shift = lq_rota_next(&s)) != NULL &&
           shift->starts_at_ms < bounds.to_ms)
        if (shift->ends_at_ms > bounds.from_ms && !add_duties(r, badge, shift, &rows))
            break;
    told->badge = lq_unconst(badge);
    told->name = person != NULL ? person->name : told->name;
    told->duties = (Shift__Duty **)rows.rows;
    told->n_duties = rows.count;
    told->more = rows.more;
}
