// The rota: which shifts may stand on it.
#include "shift.h"

struct lq_verdict shift_check_length(struct lq_decision *d, const Shift__Shift *s)
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
    if (s->ends_at_ms - s->starts_at_ms > LQ_SHIFT_LONGEST_MS)
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

// Whoever plans is told of any other group in that time: two are there only where somebody moves a
// shift over another. Two of one group are never.
struct lq_verdict shift_check_overlap(struct lq_decision *d, const Shift__Shift *wanted,
                                      bool same_group)
{
    struct lq_scan s = lq_rota_from(d->view, wanted->starts_at_ms);
    const Shift__Shift *planned;
    while ((planned = lq_rota_next(&s)) != NULL && planned->starts_at_ms < wanted->ends_at_ms)
        if (planned->ends_at_ms > wanted->starts_at_ms &&
            strcmp(planned->number, wanted->number) != 0 &&
            (!same_group || strcmp(planned->group, wanted->group) == 0))
            return reject_overlap(d, planned, wanted);
    return LQ_ACCEPT;
}

// A shift of that number that stands; with the number of none, SHIFT_UNKNOWN says which are there.
struct lq_verdict shift_need_shift(struct lq_decision *d, const char *number,
                                   const Shift__Shift **shift)
{
    *shift = lq_shift_find(d->view, number);
    if (*shift == NULL)
        return lq_reject(d, SHIFT__REJECT__SHIFT_UNKNOWN,
                         "there is no shift \"%s\"; lq shift rota tells the numbers, such as "
                         "2015-07-18-day",
                         number);
    if ((*shift)->state != SHIFT__SHIFT_STATE__PLANNED)
        return lq_reject(d, SHIFT__REJECT__SHIFT_UNKNOWN, "shift %s was cancelled", number);
    return LQ_ACCEPT;
}

static struct lq_verdict give_number(struct lq_decision *d, Shift__ShiftPlanned *planned)
{
    if (planned->number[0] == '\0') {
        planned->number = lq_shift_number(d->view, d->arena, planned);
        return LQ_ACCEPT;
    }
    LQ_TRY(lq_need_identifier(d, SHIFT__REJECT__FIELD_MISSING,
                              "the shift's number (or none at all)", planned->number));
    if (lq_shift_find(d->view, planned->number) == NULL)
        return LQ_ACCEPT;
    return lq_reject(d, SHIFT__REJECT__SHIFT_KNOWN,
                     "shift %s is on the rota already; leave the number out, and the shift gets "
                     "one",
                     planned->number);
}

struct lq_verdict shift_plan_shift(struct lq_decision *d, const void *command)
{
    const Shift__Shift *s = command;
    LQ_TRY(shift_check_length(d, s));
    LQ_TRY(lq_need_plausible_day(d, "the start of the shift", lq_day_of(s->starts_at_ms),
                                 d->facts->policy->limits.shift_days, "shift_days"));
    LQ_TRY(shift_check_overlap(d, s, false));

    Shift__ShiftPlanned *planned = lq_pb_project(d->arena, &shift__shift_planned__descriptor, s);
    if (planned->date_day == 0)
        planned->date_day = lq_day_of(planned->starts_at_ms);
    LQ_TRY(give_number(d, planned));
    shift_doubt_cover(d, planned->starts_at_ms, planned->ends_at_ms);
    shift_restart_rota_term(d, NULL, planned->ends_at_ms);
    lq_emit(d, SHIFT__EVENT__BODY_SHIFT_PLANNED, &planned->base);
    lq_number(d, planned->number);
    return LQ_ACCEPT;
}

void shift_shift_planned(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Shift__ShiftPlanned *planned = event;
    struct lq_arena *arena = lq_view_arena(tables);
    Shift__Shift *shift = lq_pb_project(arena, &shift__shift__descriptor, planned);
    const bool of_before = shift->number[0] == '\0';
    if (of_before)
        shift->number = lq_shift_number(tables, arena, planned);
    lq_shift_save(tables, shift);
    if (!of_before) // what was planned before rolls were called has none
        shift_set_timers(tables, shift, what->recorded_ms);
}

static void check_place(struct lq_view *view, const Shift__Shift *shift)
{
    LQ_ASSERT(shift->state == SHIFT__SHIFT_STATE__PLANNED);
    LQ_ASSERT(shift->starts_at_ms > 0 && shift->ends_at_ms > shift->starts_at_ms);
    LQ_ASSERT(shift->ends_at_ms - shift->starts_at_ms <= LQ_SHIFT_LONGEST_MS);
    struct lq_scan s = lq_rota_from(view, shift->starts_at_ms);
    const Shift__Shift *other;
    while ((other = lq_rota_next(&s)) != NULL && other->starts_at_ms <= shift->starts_at_ms)
        LQ_ASSERT(strcmp(other->number, shift->number) == 0 ||
                  strcmp(other->group, shift->group) != 0 ||
                  other->ends_at_ms <= shift->starts_at_ms);
}

void shift_check_rota(struct lq_view *view)
{
    uint64_t planned = 0;
    for (struct lq_scan s = lq_scan(view, &lq_shifts, lq_key_none()); lq_scan_next(&s);)
        planned += ((const Shift__Shift *)s.row)->state == SHIFT__SHIFT_STATE__PLANNED;
    LQ_ASSERT(planned == lq_count(view, &lq_rota));
    const Shift__Shift *shift;
    for (struct lq_scan s = lq_rota_from(view, 0); (shift = lq_rota_next(&s)) != NULL;)
        check_place(view, shift);
}
