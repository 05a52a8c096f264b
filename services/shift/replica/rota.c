#include "shift/replica/rota.h"

#include <string.h>

#include "base/time.h"
#include "pb/pb.h"

const struct lq_table lq_shifts = {"shifts", &shift__shift__descriptor};
const struct lq_table lq_rota = {"rota", &shift__rota_place__descriptor};

// ---------------------------------------------------------------- numbers

const Shift__Shift *lq_shift_find(struct lq_view *view, const char *number)
{
    return lq_pb_identifier(number) ? lq_find(view, &lq_shifts, lq_key_text(number)) : NULL;
}

// A name that cannot be part of a number gives way to the minute of the start.
static bool fits_number(const char *name, const char *number)
{
    enum { STEM_BYTES = 48 };
    return name[0] != '\0' && strchr(name, '/') == NULL && lq_pb_identifier(number) &&
           strlen(number) < STEM_BYTES;
}

static char *number_stem(struct lq_arena *arena, const Shift__ShiftPlanned *shift)
{
    char day[LQ_TIME_TEXT], start[LQ_TIME_TEXT];
    lq_format_day(shift->date_day, day);
    char *number = lq_arena_format(arena, "%s-%s", day, shift->name);
    if (fits_number(shift->name, number))
        return number;
    lq_format_local(shift->starts_at_ms, start);
    return lq_arena_format(arena, "%s-%.2s%.2s", day, start + 11, start + 14);
}

char *lq_shift_number(struct lq_view *view, struct lq_arena *arena,
                      const Shift__ShiftPlanned *shift)
{
    char *stem = number_stem(arena, shift), *number = stem;
    for (unsigned i = 2; lq_exists(view, &lq_shifts, lq_key_text(number)); i++)
        number = lq_arena_format(arena, "%s-%u", stem, i);
    return number;
}

// ---------------------------------------------------------------- keeping

// Starts are positive; an instant before 1970 lies before them all, as 0 does.
static uint64_t instant(int64_t at_ms)
{
    return at_ms > 0 ? (uint64_t)at_ms : 0;
}

static struct lq_key place_key(const Shift__Shift *shift)
{
    return lq_key_then_text(lq_key_number(instant(shift->starts_at_ms)), shift->number);
}

void lq_shift_save(struct lq_view *tables, const Shift__Shift *shift)
{
    const Shift__Shift *before = lq_find(tables, &lq_shifts, lq_key_text(shift->number));
    if (before != NULL && before->state == SHIFT__SHIFT_STATE__PLANNED)
        lq_erase(tables, &lq_rota, place_key(before));
    lq_save(tables, &lq_shifts, lq_key_text(shift->number), &shift->base);
    if (shift->state != SHIFT__SHIFT_STATE__PLANNED)
        return;
    Shift__RotaPlace place = SHIFT__ROTA_PLACE__INIT;
    place.number = shift->number;
    lq_save(tables, &lq_rota, place_key(shift), &place.base);
}

// ---------------------------------------------------------------- following

static bool has_length(int64_t from_ms, int64_t to_ms)
{
    return from_ms > 0 && to_ms > from_ms && to_ms <= LQ_TIME_LATEST_MS;
}

// What a step of a shift makes of it, as one who has not seen the shift can say it.
static const ProtobufCMessage *step_note(struct lq_arena *arena, const Rules__StepTaken *step)
{
    if (strcmp(step->kind, "shift") != 0 || !lq_pb_identifier(step->number) || step->act == NULL)
        return NULL;
    Shift__ShiftPlanned *note = LQ_NEW(arena, Shift__ShiftPlanned);
    shift__shift_planned__init(note);
    note->number = step->number;
    note->cancelled = step->verb == RULES__VERB__CANCEL;
    note->moved = step->verb == RULES__VERB__MOVE;
    note->starts_at_ms = step->act->from_ms;
    note->ends_at_ms = step->act->to_ms;
    const bool moved = note->moved && has_length(note->starts_at_ms, note->ends_at_ms);
    return note->cancelled || moved ? &note->base : NULL;
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Shift__Event *heard = event;
    if (heard->body_case == SHIFT__EVENT__BODY_STEP_TAKEN)
        return step_note(arena, heard->step_taken);
    if (heard->body_case != SHIFT__EVENT__BODY_SHIFT_PLANNED)
        return NULL;
    const Shift__ShiftPlanned *shift = heard->shift_planned;
    return has_length(shift->starts_at_ms, shift->ends_at_ms) &&
                   (shift->number[0] == '\0' || lq_pb_identifier(shift->number))
               ? &shift->base
               : NULL;
}

static void change(struct lq_view *tables, const Shift__ShiftPlanned *note)
{
    const Shift__Shift *before = lq_shift_find(tables, note->number);
    if (before == NULL)
        return; // it was planned before this stream followed that of shift as it is now
    Shift__Shift shift = *before;
    if (note->moved) {
        shift.starts_at_ms = note->starts_at_ms;
        shift.ends_at_ms = note->ends_at_ms;
    }
    if (note->cancelled)
        shift.state = SHIFT__SHIFT_STATE__CANCELLED;
    lq_shift_save(tables, &shift);
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Shift__ShiftPlanned *note = event;
    if (note->moved || note->cancelled) {
        change(tables, note);
        return;
    }
    struct lq_arena *arena = lq_view_arena(tables);
    Shift__Shift *shift = lq_pb_project(arena, &shift__shift__descriptor, note);
    if (shift->number[0] == '\0')
        shift->number = lq_shift_number(tables, arena, note);
    lq_shift_save(tables, shift);
}

static const struct lq_table *const tables[] = {&lq_shifts, &lq_rota, NULL};

const struct lq_replica shift_rota = {
    .stream = "shift",
    .event_type = &shift__event__descriptor,
    .event = "shift_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

// ---------------------------------------------------------------- asking

struct lq_scan lq_rota_from(struct lq_view *view, int64_t at_ms)
{
    const uint64_t first =
        at_ms > LQ_SHIFT_LONGEST_MS ? (uint64_t)(at_ms - LQ_SHIFT_LONGEST_MS) : 0;
    return lq_scan_from(view, &lq_rota, lq_key_none(), lq_key_number(first), false);
}

const Shift__Shift *lq_rota_next(struct lq_scan *s)
{
    if (!lq_scan_next(s))
        return NULL;
    const Shift__RotaPlace *place = s->row;
    const Shift__Shift *shift = lq_find(s->view, &lq_shifts, lq_key_text(place->number));
    LQ_ASSERT(shift != NULL);
    return shift;
}

unsigned lq_rota_all_at(struct lq_view *view, int64_t at_ms,
                        const Shift__Shift *shifts[LQ_ROTA_AT_ONCE])
{
    unsigned count = 0;
    struct lq_scan s = lq_scan_backwards(view, &lq_rota, lq_key_none());
    if (at_ms < INT64_MAX)
        s.key = lq_key_number(instant(at_ms + 1)); // as if the walk had come down to here
    for (const Shift__Shift *shift;
         count < LQ_ROTA_AT_ONCE && (shift = lq_rota_next(&s)) != NULL;) {
        if (shift->starts_at_ms + LQ_SHIFT_LONGEST_MS < at_ms)
            break;
        if (at_ms < shift->ends_at_ms)
            shifts[count++] = shift;
    }
    return count;
}

const Shift__Shift *lq_rota_at(struct lq_view *view, int64_t at_ms)
{
    const Shift__Shift *shifts[LQ_ROTA_AT_ONCE];
    return lq_rota_all_at(view, at_ms, shifts) > 0 ? shifts[0] : NULL;
}

bool lq_rota_has_group(struct lq_view *view, const char *group, int64_t at_ms)
{
    const Shift__Shift *shifts[LQ_ROTA_AT_ONCE];
    const unsigned count = lq_rota_all_at(view, at_ms, shifts);
    for (unsigned i = 0; i < count; i++)
        if (strcmp(shifts[i]->group, group) == 0)
            return true;
    return false;
}
