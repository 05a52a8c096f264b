// Are enough people on duty? The county says how many of which unit or role must be there
// (policy.yaml, minimum). Whatever changes who is there leaves a doubt about some time; as soon as
// it is recorded the service looks at the shifts in it, and a term runs for each that is below
// (OP-COVER), until it is not.
#include "shift.h"

#define SHIFT "shift"
#define COVER "OP-COVER"

// ---------------------------------------------------------------- doubts

void shift_doubt_cover(struct lq_decision *d, int64_t from_ms, int64_t to_ms)
{
    if (d->facts->policy->minimum_count == 0 || to_ms <= d->facts->now_ms)
        return;
    Shift__CoverSpan span = SHIFT__COVER_SPAN__INIT;
    span.from_ms = from_ms;
    span.to_ms = to_ms;
    lq_emit(d, SHIFT__EVENT__BODY_COVER_DOUBTED, &span.base);
}

void shift_cover_doubted(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Shift__CoverSpan *span = event;
    lq_timer_set(tables,
                 lq_arena_format(lq_view_arena(tables), SHIFT_COVER_TIMER "%lld/%lld",
                                 (long long)span->from_ms, (long long)span->to_ms),
                 what->recorded_ms);
}

static int64_t read_number(const char **text)
{
    uint64_t number = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++)
        number = number * 10 + (uint64_t)(**text - '0');
    *text += **text == '/';
    return (int64_t)number;
}

void shift_cover_due(struct lq_follow_up *f, int64_t due_ms, const char *name)
{
    Shift__CoverSpan span = SHIFT__COVER_SPAN__INIT;
    span.from_ms = read_number(&name);
    span.to_ms = read_number(&name);
    lq_command_self(f, due_ms, SHIFT__COMMAND__BODY_CHECK_COVER, &span.base);
}

// ---------------------------------------------------------------- counting

// Is the person one of those that are counted: of that unit, or of that role?
static bool is_of(struct lq_arena *arena, const Shift__Person *p, const char *of)
{
    if (strcmp(p->unit, of) == 0)
        return true;
    const uint32_t roles = lq_roster_roles_of(p);
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
        const int role = lq__role__descriptor.values[i].value;
        if ((roles & 1u << role) != 0 &&
            strcmp(lq_word_of(arena, &lq__role__descriptor, role), of) == 0)
            return true;
    }
    return false;
}

static uint32_t count_present(struct lq_view *view, struct lq_arena *arena, const char *of,
                              int64_t at_ms)
{
    uint32_t count = 0;
    for (struct lq_scan s = lq_scan(view, &lq_roster_people, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Person *p =
            lq_roster_person_at(view, ((const Shift__Person *)s.row)->badge, at_ms);
        count += p != NULL && p->left_day == 0 && is_of(arena, p, of) &&
                 lq_duty_at(view, p->badge, at_ms, NULL);
    }
    return count;
}

// The instants within a shift at which who is there may change: its start, where an absence begins
// or ends, where another shift does, and where somebody's row of the roster begins.
enum { INSTANTS_MOST = 64 };
struct instants {
    int64_t at_ms[INSTANTS_MOST];
    unsigned count;
};

// In their order, each once.
static void add_instant(struct instants *list, const Shift__Shift *shift, int64_t at_ms)
{
    if (at_ms <= shift->starts_at_ms || at_ms >= shift->ends_at_ms || list->count == INSTANTS_MOST)
        return;
    unsigned place = list->count;
    while (place > 0 && list->at_ms[place - 1] >= at_ms)
        place--;
    if (place < list->count && list->at_ms[place] == at_ms)
        return;
    for (unsigned i = list->count++; i > place; i--)
        list->at_ms[i] = list->at_ms[i - 1];
    list->at_ms[place] = at_ms;
}

static void find_instants(struct lq_view *view, const Shift__Shift *shift, struct instants *list)
{
    list->at_ms[0] = shift->starts_at_ms;
    list->count = 1;
    for (struct lq_scan s = lq_scan(view, &lq_absences, lq_key_none()); lq_scan_next(&s);) {
        const Shift__Absence *absence = s.row;
        if (absence->state != SHIFT__REQUEST__APPROVED)
            continue;
        add_instant(list, shift, absence->from_ms);
        add_instant(list, shift, absence->to_ms);
    }
    struct lq_scan rota = lq_rota_from(view, shift->starts_at_ms);
    for (const Shift__Shift *other;
         (other = lq_rota_next(&rota)) != NULL && other->starts_at_ms < shift->ends_at_ms;) {
        add_instant(list, shift, other->starts_at_ms);
        add_instant(list, shift, other->ends_at_ms);
    }
    for (struct lq_scan s = lq_scan(view, &lq_roster_people, lq_key_none()); lq_scan_next(&s);)
        add_instant(list, shift, ((const Shift__Person *)s.row)->from_ms);
}

// From when until when fewer of those than the county wants are there; NULL: never in the shift.
static Shift__Gap *find_gap(struct lq_view *view, struct lq_arena *arena, const Shift__Shift *shift,
                            const struct lq_minimum *minimum)
{
    struct instants list;
    find_instants(view, shift, &list);
    Shift__Gap *gap = NULL;
    for (unsigned i = 0; i < list.count; i++) {
        const uint32_t present = count_present(view, arena, minimum->of, list.at_ms[i]);
        const bool is_short = present < minimum->count;
        if (gap != NULL && !is_short)
            break;
        if (!is_short)
            continue;
        if (gap == NULL) {
            gap = LQ_NEW(arena, Shift__Gap);
            shift__gap__init(gap);
            gap->shift = shift->number;
            gap->from_ms = list.at_ms[i];
            gap->of = lq_unconst(minimum->of);
            gap->present = present;
            gap->minimum = (uint32_t)minimum->count;
        }
        gap->to_ms = i + 1 < list.count ? list.at_ms[i + 1] : shift->ends_at_ms;
        gap->present = present < gap->present ? present : gap->present;
        gap->short_by = gap->minimum - gap->present;
    }
    return gap;
}

// ---------------------------------------------------------------- looking

// The gaps that one event tells: as many as it has room for terms.
struct looking {
    Shift__Gap *gaps[LQ_CLOCKS_PER_EVENT];
    size_t count;
    unsigned changed; // terms that start, end or move
};

static void flush(struct lq_decision *d, struct looking *looking)
{
    if (looking->changed == 0)
        return;
    Shift__CoverChecked checked = SHIFT__COVER_CHECKED__INIT;
    checked.gaps = looking->gaps;
    checked.n_gaps = looking->count;
    lq_emit(d, SHIFT__EVENT__BODY_COVER_CHECKED, &checked.base);
    *looking = (struct looking){0};
}

static Shift__Gap *first_gap(struct lq_decision *d, const Shift__Shift *shift)
{
    const struct lq_policy *policy = d->facts->policy;
    for (size_t i = 0; i < policy->minimum_count; i++) {
        Shift__Gap *gap = find_gap(d->view, d->arena, shift, &policy->minimum[i]);
        if (gap != NULL)
            return gap;
    }
    return NULL;
}

static void look_at(struct lq_decision *d, const Shift__Shift *shift, struct looking *looking)
{
    Shift__Gap *gap = first_gap(d, shift);
    const Rules__Clock *clock = lq_clock_now(d, SHIFT, shift->number, COVER);
    const bool runs = clock != NULL && lq_clock_runs(clock);
    const struct lq_clock_start start = {.kind = SHIFT,
                                         .number = shift->number,
                                         .rule = COVER,
                                         .start_ms = d->facts->now_ms,
                                         .owner = "",
                                         .due_ms = shift->starts_at_ms};
    if (gap == NULL && runs)
        looking->changed += lq_clock_stop(d, SHIFT, shift->number, COVER, d->facts->now_ms);
    else if (gap != NULL && runs && clock->due_ms != shift->starts_at_ms) {
        lq_clock_restart(d, clock, &start);
        looking->changed++;
    } else if (gap != NULL && !runs && shift->starts_at_ms > d->facts->now_ms) {
        lq_clock_start(d, &start);
        looking->gaps[looking->count++] = gap;
        looking->changed++;
    }
    if (looking->changed == LQ_CLOCKS_PER_EVENT)
        flush(d, looking);
}

struct lq_verdict shift_check_cover(struct lq_decision *d, const void *command)
{
    const Shift__CoverSpan *c = command;
    struct looking looking = {0};
    struct lq_scan s = lq_rota_from(d->view, c->from_ms);
    const Shift__Shift *shift;
    while ((shift = lq_rota_next(&s)) != NULL && shift->starts_at_ms < c->to_ms)
        if (shift->ends_at_ms > c->from_ms && shift->ends_at_ms > d->facts->now_ms)
            look_at(d, shift, &looking);
    flush(d, &looking);
    return LQ_ACCEPT;
}

// After policy.yaml has changed: all that is planned is looked at, too.
struct lq_verdict shift_recount_clocks(struct lq_decision *d, const void *command)
{
    shift_doubt_cover_from(d, 0);
    return lq_recount_clocks(d, command);
}

// Nobody can cover a shift that is none any more, or is over.
void shift_stop_cover(struct lq_decision *d, const char *shift)
{
    lq_clock_stop(d, SHIFT, shift, COVER, d->facts->occurred_ms);
}

// The terms stand in the event; that there are too few stands in the trail of the shift.
void shift_cover_checked(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Shift__CoverChecked *checked = event;
    for (size_t i = 0; i < checked->n_gaps; i++) {
        const Shift__Shift *shift = lq_shift_find(tables, checked->gaps[i]->shift);
        LQ_ASSERT(shift != NULL);
        lq_shift_save(tables, shift);
    }
}

// ---------------------------------------------------------------- answers

struct gaps {
    struct lq_reading *r;
    struct lq_rows rows;
    int64_t covered_until_ms;
};

static void add_uncovered(struct gaps *gaps, int64_t to_ms)
{
    if (to_ms <= gaps->covered_until_ms)
        return;
    Shift__Gap *gap = LQ_NEW(gaps->r->arena, Shift__Gap);
    shift__gap__init(gap);
    gap->from_ms = gaps->covered_until_ms;
    gap->to_ms = to_ms;
    lq_rows_add(&gaps->rows, gap);
}

static void add_short(struct gaps *gaps, const Shift__Shift *shift)
{
    const struct lq_policy *policy = gaps->r->policy;
    for (size_t i = 0; i < policy->minimum_count; i++) {
        const Shift__Gap *gap = find_gap(gaps->r->view, gaps->r->arena, shift, &policy->minimum[i]);
        if (gap != NULL)
            lq_rows_add(&gaps->rows, gap);
    }
}

void shift_show_gaps(struct lq_reading *r, const void *query, void *answer)
{
    const Shift__Gaps *q = query;
    const int64_t from_ms = q->from_day != 0 ? lq_day_start_ms(q->from_day) : r->now_ms;
    const int64_t to_ms = q->to_day != 0 ? lq_day_start_ms(q->to_day) + LQ_DAY_MS : INT64_MAX;
    struct gaps gaps = {.r = r, .rows = lq_rows(r->arena, 500), .covered_until_ms = from_ms};
    struct lq_scan s = lq_rota_from(r->view, from_ms);
    const Shift__Shift *shift;
    while (!gaps.rows.more && (shift = lq_rota_next(&s)) != NULL && shift->starts_at_ms < to_ms) {
        if (shift->ends_at_ms <= from_ms)
            continue;
        add_uncovered(&gaps, shift->starts_at_ms);
        add_short(&gaps, shift);
        if (shift->ends_at_ms > gaps.covered_until_ms)
            gaps.covered_until_ms = shift->ends_at_ms;
    }
    if (q->to_day != 0)
        add_uncovered(&gaps, to_ms);
    lq_rows_answer(&gaps.rows, answer);
}
