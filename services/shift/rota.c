// The rota: which shifts may stand on it, and who is on duty.
#include "shift.h"

const struct lq_table shift_table_rota = {"rota", &shift__shift__descriptor};

// Starts are positive; an instant before 1970 lies before them all, as 0 does.
static struct lq_key rota_key(int64_t at_ms)
{
    return lq_key_number(at_ms > 0 ? (uint64_t)at_ms : 0);
}

// The shift that starts last of all that start before this instant.
static const Shift__Shift *starting_before(struct lq_view *view, int64_t at_ms)
{
    struct lq_scan s = lq_scan_backwards(view, &shift_table_rota, lq_key_none());
    s.key = rota_key(at_ms); // as if the walk had come down to here
    return lq_scan_next(&s) ? s.row : NULL;
}

// The first that starts at it or later.
static const Shift__Shift *starting_from(struct lq_view *view, int64_t at_ms)
{
    struct lq_scan s = lq_scan_from(view, &shift_table_rota, lq_key_none(), rota_key(at_ms), false);
    return lq_scan_next(&s) ? s.row : NULL;
}

static struct lq_verdict check_length(struct lq_decision *d, const Shift__Shift *s)
{
    // Later times than this have no calendar date of four figures, and sums of them may overflow.
    const int64_t year_10000_ms = lq_day_start_ms(lq_day_from_date(10000, 1, 1));
    if (s->group[0] == '\0')
        return lq_reject(d, SHIFT__REJECT__FIELD_MISSING, "a shift needs a group to be on duty");
    if (s->starts_at_ms <= 0 || s->ends_at_ms <= 0 || s->starts_at_ms >= year_10000_ms ||
        s->ends_at_ms >= year_10000_ms)
        return lq_reject(d, SHIFT__REJECT__FIELD_MISSING,
                         "the shift of group %s needs a start and an end, between the years 1970 "
                         "and 9999",
                         s->group);

    char start[LQ_TIME_TEXT], end[LQ_TIME_TEXT];
    lq_format_local(s->starts_at_ms, start);
    lq_format_local(s->ends_at_ms, end);
    if (s->ends_at_ms <= s->starts_at_ms)
        return lq_reject(d, SHIFT__REJECT__SHIFT_WITHOUT_LENGTH,
                         "a shift that starts at %s cannot end at %s: the end must be later", start,
                         end);
    if (s->ends_at_ms - s->starts_at_ms > SHIFT_LONGEST_MS)
        return lq_reject(d, SHIFT__REJECT__SHIFT_TOO_LONG,
                         "a shift from %s to %s is longer than 24 hours", start, end);
    return LQ_ACCEPT;
}

static struct lq_verdict reject_overlap(struct lq_decision *d, const Shift__Shift *planned,
                                        const Shift__Shift *wanted)
{
    char start[LQ_TIME_TEXT], end[LQ_TIME_TEXT];
    lq_format_local(planned->starts_at_ms, start);
    lq_format_local(planned->ends_at_ms, end);
    if (planned->starts_at_ms == wanted->starts_at_ms &&
        planned->ends_at_ms == wanted->ends_at_ms && strcmp(planned->group, wanted->group) == 0)
        return lq_reject(d, SHIFT__REJECT__SHIFT_OVERLAPS,
                         "this very shift of group %s, %s to %s, is planned already", wanted->group,
                         start, end);
    return lq_reject(d, SHIFT__REJECT__SHIFT_OVERLAPS,
                     "group %s is on duty from %s to %s; a shift of group %s may end when that one "
                     "starts or start when it ends",
                     planned->group, start, end, wanted->group);
}

// Planned shifts do not overlap, so only the two neighbours of the new one can.
static struct lq_verdict check_overlap(struct lq_decision *d, const Shift__Shift *s)
{
    const Shift__Shift *earlier = starting_before(d->view, s->starts_at_ms);
    if (earlier != NULL && earlier->ends_at_ms > s->starts_at_ms)
        return reject_overlap(d, earlier, s);
    const Shift__Shift *later = starting_from(d->view, s->starts_at_ms);
    if (later != NULL && later->starts_at_ms < s->ends_at_ms)
        return reject_overlap(d, later, s);
    return LQ_ACCEPT;
}

struct lq_verdict shift_plan_shift(struct lq_decision *d, const void *command)
{
    const Shift__Shift *s = command;
    LQ_TRY(check_length(d, s));
    LQ_TRY(lq_need_plausible_day(d, "the start of the shift", lq_day_of(s->starts_at_ms),
                                 d->facts->policy->limits.shift_days, "shift_days"));
    LQ_TRY(check_overlap(d, s));

    Shift__ShiftPlanned *planned = lq_pb_project(d->arena, &shift__shift_planned__descriptor, s);
    if (planned->date_day == 0)
        planned->date_day = lq_day_of(planned->starts_at_ms);
    lq_emit(d, SHIFT__EVENT__BODY_SHIFT_PLANNED, &planned->base);
    return LQ_ACCEPT;
}

void shift_shift_planned(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Shift__Shift *shift =
        lq_pb_project(lq_view_arena(tables), &shift__shift__descriptor, event);
    lq_save(tables, &shift_table_rota, lq_key_number((uint64_t)shift->starts_at_ms), &shift->base);
}

void shift_check_rota(struct lq_view *view)
{
    int64_t free_from_ms = 0;
    for (struct lq_scan s = lq_scan(view, &shift_table_rota, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Shift *shift = s.row;
        LQ_ASSERT(shift->starts_at_ms >= free_from_ms);
        LQ_ASSERT(shift->ends_at_ms > shift->starts_at_ms);
        LQ_ASSERT(shift->ends_at_ms - shift->starts_at_ms <= SHIFT_LONGEST_MS);
        free_from_ms = shift->ends_at_ms;
    }
}

// ---------------------------------------------------------------- answers

static void fill_group(struct lq_reading *r, const char *group, Shift__OnDutyAnswer *on)
{
    const unsigned most = 500;
    struct lq_rows leads = lq_rows(r->arena, most);
    struct lq_scan s = lq_scan(r->view, &lq_roster_people, lq_key_none());
    while (lq_scan_next(&s)) {
        const Shift__Person *p =
            lq_roster_person_at(r->view, ((const Shift__Person *)s.row)->badge, on->at_ms);
        if (p == NULL || strcmp(p->group, group) != 0)
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
    const Shift__Shift *last = starting_before(r->view, next_ms);
    on->next = lq_unconst(starting_from(r->view, next_ms));
    if (last == NULL || on->at_ms >= last->ends_at_ms)
        return;
    on->current = lq_unconst(last);
    fill_group(r, last->group, on);
}

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
