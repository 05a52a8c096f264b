// A seal's term: extended once, released, or lapsed. Every rule looks at the day on which the
// decision was made, never at the day on which it was entered: the paper may come in after the
// timer has recorded the lapse, and then the paper prevails.
#include "law/law.h"
#include "seizure.h"

const struct lq_table seizure_table_seals = {"seals", &seizure__seal_use__descriptor};

static const char SECOND_TERM[] = "SZ7"; // Administrative Compulsion Law art. 25

// A term is extended once, whatever has become of the seal since.
static bool is_not_extended(const void *item)
{
    return !seizure_extended(item);
}

enum {
    BY_EXTENDING = SEIZURE__COMMAND__BODY_EXTEND_SEAL,
    BY_RELEASING = SEIZURE__COMMAND__BODY_RELEASE_SEAL,
    BY_LAPSING = SEIZURE__COMMAND__BODY_LAPSE_SEAL, // the timer's
};

// What becomes of a seal. A term that has run out is no release: the seal stays until somebody
// decides. A lapse is undone where the paper of an extension comes in after the timer.
static const struct lq_step STEPS[] = {
    {SEIZURE__STATE__IN_FORCE, SEIZURE__STATE__EXTENDED, BY_EXTENDING, is_not_extended},
    {SEIZURE__STATE__IN_FORCE, SEIZURE__STATE__LAPSED, BY_LAPSING},
    {SEIZURE__STATE__IN_FORCE, SEIZURE__STATE__RELEASED, BY_RELEASING},
    {SEIZURE__STATE__EXTENDED, SEIZURE__STATE__LAPSED, BY_LAPSING},
    {SEIZURE__STATE__EXTENDED, SEIZURE__STATE__RELEASED, BY_RELEASING},
    {SEIZURE__STATE__LAPSED, SEIZURE__STATE__EXTENDED, BY_EXTENDING, is_not_extended},
    {SEIZURE__STATE__LAPSED, SEIZURE__STATE__RELEASED, BY_RELEASING},
};

const struct lq_steps seizure_seal_steps = {
    .entity = "seal",
    .states = &seizure__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

bool seizure_term_runs(const Seizure__Item *item)
{
    return lq_step_possible(&seizure_seal_steps, (int)item->state, SEIZURE__STATE__LAPSED);
}

bool seizure_extended(const Seizure__Item *item)
{
    return item->extended_by[0] != '\0';
}

// The sealed item of that number; *item is set where the verdict is to accept.
static struct lq_verdict need_sealed(struct lq_decision *d, const char *number,
                                     const Seizure__Item **item)
{
    const Seizure__Item *found = lq_find(d->view, &seizure_table_items, lq_key_text(number));
    if (found == NULL)
        return lq_reject(d, SEIZURE__REJECT__ITEM_UNKNOWN, "there is no item %s", number);
    if (found->action != SEIZURE__ACTION__SEALED)
        return lq_reject(d, SEIZURE__REJECT__NOT_SEALED,
                         "item %s was dismantled: it bears no seal and has no term", number);
    *item = found;
    return LQ_ACCEPT;
}

// A decision about the seal cannot be older than the seal; a release not than the extension.
static struct lq_verdict need_later(struct lq_decision *d, const Seizure__Item *item,
                                    const char *happened, int64_t then_ms)
{
    char decided[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    if (d->facts->occurred_ms < then_ms)
        return lq_reject(d, SEIZURE__REJECT__BEFORE_SEALING,
                         "this is dated %s, but item %s was %-s only at %s",
                         lq_format_local(d->facts->occurred_ms, decided), item->number, happened,
                         lq_format_local(then_ms, then));
    return LQ_ACCEPT;
}

static struct lq_verdict need_unreleased(struct lq_decision *d, const Seizure__Item *item)
{
    char at[LQ_TIME_TEXT];
    if (!lq_step_possible(&seizure_seal_steps, (int)item->state, SEIZURE__STATE__RELEASED))
        return lq_reject(d, SEIZURE__REJECT__RELEASED_ALREADY, "item %s was released at %s by %s",
                         item->number, lq_format_local(item->released_at_ms, at),
                         item->released_by);
    return LQ_ACCEPT;
}

static struct lq_verdict need_extensible(struct lq_decision *d, const Seizure__Item *item)
{
    char then[LQ_TIME_TEXT], due[LQ_TIME_TEXT];
    if (seizure_extended(item))
        return lq_reject(d, SEIZURE__REJECT__EXTENDED_ALREADY,
                         "item %s was extended at %s by %s: a term is extended once "
                         "(Administrative Compulsion Law art. 25); it can only be released",
                         item->number, lq_format_local(item->extended_at_ms, then),
                         item->extended_by);
    if (d->facts->occurred_ms >= item->due_ms)
        return lq_reject(d, SEIZURE__REJECT__TERM_EXPIRED,
                         "the term of item %s ended at %s, and this is dated %s: an extension is "
                         "decided before the term ends (Administrative Compulsion Law art. 25); "
                         "the item can only be released",
                         item->number, lq_format_local(item->due_ms, due),
                         lq_format_local(d->facts->occurred_ms, then));
    return LQ_ACCEPT;
}

static void emit_extended(struct lq_decision *d, const Seizure__Item *item,
                          const struct lq_clock *term)
{
    const struct lq_law *law = d->facts->law;
    Seizure__SealExtended extended = SEIZURE__SEAL_EXTENDED__INIT;
    extended.item = item->number;
    extended.by = lq_arena_text(d->arena, d->facts->principal);
    extended.due_ms = lq_law_due_after_ms(law, term, item->due_ms);
    extended.rule = lq_arena_text(d->arena, term->id);
    extended.law_revision = lq_arena_text(d->arena, lq_law_revision(law));
    lq_emit(d, SEIZURE__EVENT__BODY_SEAL_EXTENDED, &extended.base);
    lq_number(d, item->number);
}

struct lq_verdict seizure_extend_seal(struct lq_decision *d, const void *command)
{
    const Seizure__ItemNumber *c = command;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the item's number", c->number));
    const struct lq_law *law = d->facts->law;
    const struct lq_clock *term = lq_law_clock(law, SECOND_TERM, d->facts->occurred_ms);
    char day[LQ_TIME_TEXT];
    if (term == NULL)
        return lq_reject(d, SEIZURE__REJECT__NO_TERM_IN_LAW,
                         "law.yaml (%s) has no enabled term %s for %s, so item %s cannot be "
                         "extended",
                         lq_law_revision(law), SECOND_TERM,
                         lq_format_day(lq_day_of(d->facts->occurred_ms), day), c->number);

    const Seizure__Item *item = NULL;
    LQ_TRY(need_sealed(d, c->number, &item));
    LQ_ASSERT(item != NULL);
    LQ_TRY(need_later(d, item, "sealed", item->at_ms));
    LQ_TRY(need_unreleased(d, item));
    LQ_TRY(need_extensible(d, item));
    emit_extended(d, item, term);
    return LQ_ACCEPT;
}

static void emit_lapsed(struct lq_decision *d, const Seizure__Item *item)
{
    Seizure__SealLapsed lapsed = SEIZURE__SEAL_LAPSED__INIT;
    lapsed.item = item->number;
    lapsed.rule = item->rule;
    lq_emit_at(d, item->due_ms, SEIZURE__EVENT__BODY_SEAL_LAPSED, &lapsed.base);
}

struct lq_verdict seizure_release_seal(struct lq_decision *d, const void *command)
{
    const Seizure__ItemNumber *c = command;
    const Seizure__Item *item = NULL;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the item's number", c->number));
    LQ_TRY(need_sealed(d, c->number, &item));
    LQ_ASSERT(item != NULL);
    LQ_TRY(seizure_extended(item) ? need_later(d, item, "extended", item->extended_at_ms)
                                  : need_later(d, item, "sealed", item->at_ms));
    LQ_TRY(need_unreleased(d, item));

    Seizure__SealReleased released = SEIZURE__SEAL_RELEASED__INIT;
    released.item = item->number;
    released.by = lq_arena_text(d->arena, d->facts->principal);
    released.late = d->facts->occurred_ms >= item->due_ms;
    // A release that is late tells of a lapse. It is recorded whichever comes in first, the release
    // or the timer, so that the record does not depend on their race.
    if (released.late && seizure_term_runs(item))
        emit_lapsed(d, item);
    lq_emit(d, SEIZURE__EVENT__BODY_SEAL_RELEASED, &released.base);
    lq_number(d, item->number);
    return LQ_ACCEPT;
}

struct lq_verdict seizure_lapse_seal(struct lq_decision *d, const void *command)
{
    const Seizure__ItemNumber *c = command;
    const Seizure__Item *item = NULL;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the item's number", c->number));
    LQ_TRY(need_sealed(d, c->number, &item));
    LQ_ASSERT(item != NULL);
    if (!seizure_term_runs(item))
        return lq_reject(d, SEIZURE__REJECT__NOT_DUE, "item %s is %-s already", c->number,
                         item->state == SEIZURE__STATE__RELEASED ? "released" : "lapsed");
    char due[LQ_TIME_TEXT];
    if (d->facts->occurred_ms < item->due_ms)
        return lq_reject(d, SEIZURE__REJECT__NOT_DUE, "the term of item %s runs until %s",
                         c->number, lq_format_local(item->due_ms, due));
    emit_lapsed(d, item);
    lq_number(d, item->number);
    return LQ_ACCEPT;
}

// The timer of an item: its seal has not been extended or released in time.
void seizure_term_ends(struct lq_follow_up *f, int64_t due_ms, const char *item)
{
    Seizure__ItemNumber lapsed = SEIZURE__ITEM_NUMBER__INIT;
    lapsed.number = lq_arena_text(f->arena, item);
    lq_command_self(f, due_ms, SEIZURE__COMMAND__BODY_LAPSE_SEAL, &lapsed.base);
}

// ---------------------------------------------------------------- the tables

static const char *timer_name(struct lq_view *tables, const char *item)
{
    return lq_arena_format(lq_view_arena(tables), SEIZURE_TIMER "%s", item);
}

static void save_item(struct lq_view *tables, const Seizure__Item *item)
{
    lq_save(tables, &seizure_table_items, lq_key_text(item->number), &item->base);
}

// A copy of the row, to be changed and saved.
static Seizure__Item item_now(struct lq_view *tables, const char *number)
{
    const Seizure__Item *item = lq_find(tables, &seizure_table_items, lq_key_text(number));
    LQ_ASSERT(item != NULL);
    return *item;
}

void seizure_item_sealed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Seizure__ItemTaken *item = event;
    lq_keep(tables, &seizure_table_items, item);
    Seizure__SealUse use = SEIZURE__SEAL_USE__INIT;
    use.item = item->number;
    lq_save(tables, &seizure_table_seals, lq_key_text(item->seal), &use.base);
    lq_timer_set(tables, timer_name(tables, item->number), item->due_ms);
}

void seizure_seal_extended(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    const Seizure__SealExtended *extended = event;
    Seizure__Item item = item_now(tables, extended->item);
    item.state = SEIZURE__STATE__EXTENDED;
    item.due_ms = extended->due_ms;
    item.rule = extended->rule;
    item.law_revision = extended->law_revision;
    item.extended_at_ms = what->occurred_ms;
    item.extended_by = extended->by;
    item.lapsed_at_ms = 0; // it was extended in time; the paper came in after the timer
    save_item(tables, &item);
    lq_timer_set(tables, timer_name(tables, item.number), item.due_ms);
}

void seizure_seal_released(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    const Seizure__SealReleased *released = event;
    Seizure__Item item = item_now(tables, released->item);
    item.state = SEIZURE__STATE__RELEASED;
    item.released_at_ms = what->occurred_ms;
    item.released_by = released->by;
    if (!released->late)
        item.lapsed_at_ms = 0;
    save_item(tables, &item);
    lq_timer_clear(tables, timer_name(tables, item.number));
}

void seizure_seal_lapsed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Seizure__SealLapsed *lapsed = event;
    Seizure__Item item = item_now(tables, lapsed->item);
    item.state = SEIZURE__STATE__LAPSED;
    item.lapsed_at_ms = what->occurred_ms;
    save_item(tables, &item);
    lq_timer_clear(tables, timer_name(tables, item.number));
}

// ---------------------------------------------------------------- what always holds

static void check_term(const Seizure__Item *item)
{
    LQ_ASSERT(item->due_ms > item->at_ms);
    LQ_ASSERT(item->rule[0] != '\0' && item->law_revision[0] != '\0');
    if (seizure_extended(item))
        LQ_ASSERT(item->extended_at_ms >= item->at_ms && item->extended_at_ms < item->due_ms);
    LQ_ASSERT(item->lapsed_at_ms == 0 || item->lapsed_at_ms == item->due_ms);
}

static void check_state(const Seizure__Item *item)
{
    const bool extended = seizure_extended(item);
    LQ_ASSERT((item->released_by[0] != '\0') == (item->state == SEIZURE__STATE__RELEASED));
    switch (item->state) {
    case SEIZURE__STATE__IN_FORCE:
        LQ_ASSERT(!extended && item->lapsed_at_ms == 0);
        return;
    case SEIZURE__STATE__EXTENDED:
        LQ_ASSERT(extended && item->lapsed_at_ms == 0);
        return;
    case SEIZURE__STATE__LAPSED:
        LQ_ASSERT(item->lapsed_at_ms == item->due_ms);
        return;
    case SEIZURE__STATE__RELEASED:
        LQ_ASSERT(item->released_at_ms >= item->at_ms);
        LQ_ASSERT(!extended || item->released_at_ms >= item->extended_at_ms);
        LQ_ASSERT((item->lapsed_at_ms != 0) == (item->released_at_ms >= item->due_ms));
        return;
    case SEIZURE__STATE__STATE_UNSPECIFIED:
    case SEIZURE__STATE__OUT_OF_USE:
    case _SEIZURE__STATE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE(); // what is sealed has one of the four states above
}

void seizure_check_seal(struct lq_view *view, const Seizure__Item *item)
{
    check_term(item);
    check_state(item);
    const Seizure__SealUse *use = lq_find(view, &seizure_table_seals, lq_key_text(item->seal));
    LQ_ASSERT(use != NULL && strcmp(use->item, item->number) == 0);
}

void seizure_check_seals(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &seizure_table_seals, lq_key_none()); lq_scan_next(&s);) {
        const Seizure__SealUse *use = s.row;
        struct lq_key_reader reader = {.key = &s.key};
        const char *seal = lq_key_read_text(&reader);
        const Seizure__Item *item = lq_find(view, &seizure_table_items, lq_key_text(use->item));
        LQ_ASSERT(item != NULL && strcmp(item->seal, seal) == 0);
    }
}
