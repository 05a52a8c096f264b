#include "shift/replica/duty.h"

#include <string.h>

#include "base/time.h"
#include "pb/pb.h"
#include "shift/replica/roster.h"
#include "shift/replica/rota.h"

const struct lq_table lq_absences = {"absences", &shift__absence__descriptor};
const struct lq_table lq_swaps = {"swaps", &shift__swap__descriptor};
const struct lq_table lq_duty_changes = {"duty_changes", &shift__duty_change__descriptor};

#define ABSENCE "absence"
#define SWAP "swap"

// ---------------------------------------------------------------- keeping

static void save_change(struct lq_view *tables, const char *badge, const char *kind,
                        const char *number)
{
    static const Shift__DutyChange all_in_the_key = SHIFT__DUTY_CHANGE__INIT;
    lq_save(tables, &lq_duty_changes,
            lq_key_then_text(lq_key_then_text(lq_key_text(badge), kind), number),
            &all_in_the_key.base);
}

void lq_absence_save(struct lq_view *tables, const Shift__Absence *absence)
{
    lq_save(tables, &lq_absences, lq_key_text(absence->number), &absence->base);
    save_change(tables, absence->person, ABSENCE, absence->number);
}

void lq_swap_save(struct lq_view *tables, const Shift__Swap *swap)
{
    lq_save(tables, &lq_swaps, lq_key_text(swap->number), &swap->base);
    save_change(tables, swap->person, SWAP, swap->number);
    save_change(tables, swap->partner, SWAP, swap->number);
}

// ---------------------------------------------------------------- following

static bool is_absence(const Shift__AbsenceAsked *absence)
{
    return lq_pb_key(absence->number) && lq_pb_key(absence->person);
}

static bool is_swap(const Shift__SwapAsked *swap)
{
    return lq_pb_key(swap->number) && lq_pb_key(swap->person) && lq_pb_key(swap->partner);
}

static bool is_step(const Rules__StepTaken *step)
{
    return (strcmp(step->kind, ABSENCE) == 0 || strcmp(step->kind, SWAP) == 0) &&
           lq_pb_key(step->number);
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Shift__Event *heard = event;
    Shift__DutyNoted *noted = LQ_NEW(arena, Shift__DutyNoted);
    shift__duty_noted__init(noted);
    if (heard->body_case == SHIFT__EVENT__BODY_ABSENCE_ASKED && is_absence(heard->absence_asked))
        noted->absence = heard->absence_asked;
    else if (heard->body_case == SHIFT__EVENT__BODY_SWAP_ASKED && is_swap(heard->swap_asked))
        noted->swap = heard->swap_asked;
    else if (heard->body_case == SHIFT__EVENT__BODY_STEP_TAKEN && is_step(heard->step_taken))
        noted->step = heard->step_taken;
    else
        return NULL;
    return &noted->base;
}

// What it has come to. A state that this version does not know is none.
static Shift__Request state_of(const Rules__StepTaken *step)
{
    const ProtobufCEnumValue *to =
        protobuf_c_enum_descriptor_get_value_by_name(&shift__request__descriptor, step->to);
    return to != NULL ? (Shift__Request)to->value : SHIFT__REQUEST__ASKED;
}

static void take_step(struct lq_view *tables, const Rules__StepTaken *step, int64_t at_ms)
{
    const struct lq_key key = lq_key_text(step->number);
    const Shift__Absence *absence =
        strcmp(step->kind, ABSENCE) == 0 ? lq_find(tables, &lq_absences, key) : NULL;
    const Shift__Swap *swap =
        strcmp(step->kind, SWAP) == 0 ? lq_find(tables, &lq_swaps, key) : NULL;
    if (absence != NULL) {
        Shift__Absence row = *absence;
        row.state = state_of(step);
        lq_absence_save(tables, &row);
    }
    if (swap != NULL) {
        Shift__Swap row = *swap;
        row.state = state_of(step);
        if (row.state == SHIFT__REQUEST__APPROVED)
            row.approved_at_ms = at_ms;
        lq_swap_save(tables, &row);
    }
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Shift__DutyNoted *note = event;
    struct lq_arena *arena = lq_view_arena(tables);
    if (note->absence != NULL)
        lq_absence_save(tables, lq_pb_project(arena, &shift__absence__descriptor, note->absence));
    if (note->swap != NULL)
        lq_swap_save(tables, lq_pb_project(arena, &shift__swap__descriptor, note->swap));
    if (note->step != NULL)
        take_step(tables, note->step, what->occurred_ms);
}

static const struct lq_table *const tables[] = {&lq_absences, &lq_swaps, &lq_duty_changes, NULL};

const struct lq_replica shift_duty = {
    .stream = "shift",
    .event_type = &shift__event__descriptor,
    .event = "duty_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

// ---------------------------------------------------------------- a person

struct lq_scan lq_duty_changes_of(struct lq_view *view, const char *badge, const char *kind)
{
    // A text that is no badge has none: nothing begins with two ends of texts.
    const struct lq_key none = lq_key_then_text(lq_key_text(""), "");
    return lq_scan(view, &lq_duty_changes,
                   lq_pb_key(badge) ? lq_key_then_text(lq_key_text(badge), kind) : none);
}

static struct lq_key number_of(const struct lq_scan *s)
{
    struct lq_key_reader reader = {.key = &s->key};
    lq_key_read_text(&reader);
    lq_key_read_text(&reader);
    return lq_key_text(lq_key_read_text(&reader));
}

const Shift__Absence *lq_absence_next(struct lq_scan *s)
{
    if (!lq_scan_next(s))
        return NULL;
    const Shift__Absence *absence = lq_find(s->view, &lq_absences, number_of(s));
    LQ_ASSERT(absence != NULL);
    return absence;
}

const Shift__Swap *lq_swap_next(struct lq_scan *s)
{
    if (!lq_scan_next(s))
        return NULL;
    const Shift__Swap *swap = lq_find(s->view, &lq_swaps, number_of(s));
    LQ_ASSERT(swap != NULL);
    return swap;
}

// Which absences take him out of a shift: all, or of one that he has taken only those that he asked
// for since.
static int64_t absences_since_ms(const Shift__Swap *by)
{
    return by != NULL ? by->approved_at_ms : INT64_MIN;
}

static bool takes_out(const Shift__Absence *absence, int64_t since_ms)
{
    return absence->state == SHIFT__REQUEST__APPROVED && absence->asked_at_ms >= since_ms;
}

static const Shift__Absence *absence_at(struct lq_view *view, const char *badge, int64_t at_ms,
                                        int64_t since_ms)
{
    struct lq_scan s = lq_duty_changes_of(view, badge, ABSENCE);
    const Shift__Absence *absence;
    while ((absence = lq_absence_next(&s)) != NULL)
        if (takes_out(absence, since_ms) && absence->from_ms <= at_ms && at_ms < absence->to_ms)
            return absence;
    return NULL;
}

const Shift__Absence *lq_absence_at(struct lq_view *view, const char *badge, int64_t at_ms)
{
    return absence_at(view, badge, at_ms, INT64_MIN);
}

// When the next behind that instant begins, or `until_ms`.
static int64_t next_absence_ms(struct lq_view *view, const char *badge, int64_t at_ms,
                               int64_t until_ms, int64_t since_ms)
{
    struct lq_scan s = lq_duty_changes_of(view, badge, ABSENCE);
    const Shift__Absence *absence;
    while ((absence = lq_absence_next(&s)) != NULL)
        if (takes_out(absence, since_ms) && absence->from_ms > at_ms && absence->from_ms < until_ms)
            until_ms = absence->from_ms;
    return until_ms;
}

unsigned lq_duty_spans(struct lq_view *view, const char *badge, const Shift__Shift *shift,
                       const Shift__Swap *by, struct lq_duty_span spans[LQ_DUTY_SPANS])
{
    unsigned count = 0;
    const int64_t since_ms = absences_since_ms(by);
    for (int64_t at_ms = shift->starts_at_ms; at_ms < shift->ends_at_ms && count < LQ_DUTY_SPANS;) {
        const Shift__Absence *absence = absence_at(view, badge, at_ms, since_ms);
        if (absence != NULL) {
            at_ms = absence->to_ms;
            continue;
        }
        const int64_t to_ms = next_absence_ms(view, badge, at_ms, shift->ends_at_ms, since_ms);
        spans[count++] = (struct lq_duty_span){at_ms, to_ms};
        at_ms = to_ms;
    }
    return count;
}

// Does the swap bring him into the shift (1), or take him out of it (-1)?
static int effect_of(const Shift__Swap *swap, const char *badge, const char *shift)
{
    const bool asked = strcmp(swap->person, badge) == 0;
    if (strcmp(asked ? swap->shift : swap->partner_shift, shift) == 0)
        return -1;
    return strcmp(asked ? swap->partner_shift : swap->shift, shift) == 0 ? 1 : 0;
}

static bool is_of_group(struct lq_view *view, const char *badge, const Shift__Shift *shift,
                        int64_t at_ms)
{
    const Shift__Person *person = lq_roster_person_at(view, badge, at_ms);
    return person != NULL && person->left_day == 0 && strcmp(person->group, shift->group) == 0;
}

// As of that instant: who changes his group within a shift is in it, or in it no more, from then
// on.
static bool has_shift(struct lq_view *view, const char *badge, const Shift__Shift *shift,
                      int64_t at_ms, const Shift__Swap **by)
{
    bool is_his = is_of_group(view, badge, shift, at_ms);
    struct lq_scan s = lq_duty_changes_of(view, badge, SWAP);
    const Shift__Swap *swap;
    while ((swap = lq_swap_next(&s)) != NULL) {
        const int effect = effect_of(swap, badge, shift->number);
        if (swap->state != SHIFT__REQUEST__APPROVED || effect == 0)
            continue;
        is_his = effect > 0;
        *by = swap;
    }
    return is_his;
}

bool lq_duty_has_shift(struct lq_view *view, const char *badge, const Shift__Shift *shift,
                       const Shift__Swap **by)
{
    *by = NULL;
    return has_shift(view, badge, shift, shift->starts_at_ms, by);
}

bool lq_duty_at(struct lq_view *view, const char *badge, int64_t at_ms, const Shift__Shift **shift)
{
    const Shift__Shift *shifts[LQ_ROTA_AT_ONCE];
    const unsigned count = lq_rota_all_at(view, at_ms, shifts);
    for (unsigned i = 0; i < count; i++) {
        const Shift__Swap *by = NULL;
        if (!has_shift(view, badge, shifts[i], at_ms, &by) ||
            absence_at(view, badge, at_ms, absences_since_ms(by)) != NULL)
            continue;
        if (shift != NULL)
            *shift = shifts[i];
        return true;
    }
    return false;
}

// ---------------------------------------------------------------- a team

// Absent, or a shift that is on would be his had he not given it away. Whose group is off duty may
// be called all the same.
static bool is_away(struct lq_view *view, const char *badge, int64_t at_ms)
{
    if (lq_duty_at(view, badge, at_ms, NULL))
        return false;
    if (lq_absence_at(view, badge, at_ms) != NULL)
        return true;
    const Shift__Shift *shifts[LQ_ROTA_AT_ONCE];
    const unsigned count = lq_rota_all_at(view, at_ms, shifts);
    const Shift__Swap *by = NULL;
    for (unsigned i = 0; i < count && by == NULL; i++)
        has_shift(view, badge, shifts[i], at_ms, &by);
    return by != NULL;
}

const Shift__Person *lq_duty_answers(struct lq_view *view, const char *team, int64_t at_ms)
{
    const Shift__Person *lead = lq_roster_lead_at(view, team, at_ms);
    return lead != NULL && !is_away(view, lead->badge, at_ms) ? lead
                                                              : lq_duty_deputy(view, team, at_ms);
}

const Shift__Person *lq_duty_deputy(struct lq_view *view, const char *team, int64_t at_ms)
{
    const Shift__Person *person;
    struct lq_scan s = lq_roster_team(view, team);
    while ((person = lq_roster_next_in_team(&s, at_ms)) != NULL)
        if (person->rank == SHIFT__RANK__DEPUTY_LEAD && !is_away(view, person->badge, at_ms))
            return person;
    return NULL;
}
