// A seal and its term: extended once, and ended by the release. Every rule looks at the day on
// which the decision was made, never at the day on which it was entered: the paper may come in
// after the term has told that it is over, and then the paper prevails.
#include "config/policy.h"
#include "seizure.h"
#include "service/voided.h"

const struct lq_table seizure_table_seals = {"seals", &seizure__seal_use__descriptor};

static const char SECOND_TERM[] = "SZ7"; // Administrative Compulsion Law art. 25

// What waits for something to be done while it is sealed. (The police's own term, SZ16, waits on.)
static const char *const ENDED_BY_RELEASE[] = {SEIZURE_TERM, "SZ3", "SZ9", "OP-SEAL", "OP-BREACH"};

const Rules__Clock *seizure_term(struct lq_view *view, const char *item)
{
    return lq_clock_find(view, SEIZURE_ITEM, item, SEIZURE_TERM);
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

static struct lq_verdict need_in_force(struct lq_decision *d, const Seizure__Item *item)
{
    char at[LQ_TIME_TEXT];
    if (item->state == SEIZURE__STATE__IN_FORCE)
        return LQ_ACCEPT;
    if (item->state == SEIZURE__STATE__RELEASED)
        return lq_reject(d, SEIZURE__REJECT__RELEASED_ALREADY, "item %s was released at %s by %s",
                         item->number, lq_format_local(item->released_at_ms, at),
                         item->released_by);
    return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                     "item %s is %-s: only what is sealed is extended or released", item->number,
                     lq_state_said(d->arena, &seizure_item_steps, (int)item->state));
}

// The law asks for the head of the bureau (Administrative Compulsion Law art. 18(1), 25; Measures
// for Sealing and Detention art. 10, 15, 20). What a clerk enters from paper may have been decided
// by the commander of the campaign: it is taken, and says so.
static struct lq_verdict need_head(struct lq_decision *d, const char *item, bool *by_commander)
{
    const struct lq_facts *f = d->facts;
    const bool for_other = f->on_behalf_of[0] != '\0';
    const uint32_t roles =
        for_other ? lq_roster_roles_at(d->view, f->principal, f->occurred_ms) : f->roles;
    const bool is_paper = for_other && f->now_ms - f->occurred_ms > f->policy->live_window_ms;
    *by_commander = (roles & LQ_ROLE(HEAD)) == 0;
    if (!*by_commander || is_paper)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                     "to extend or to release item %s is for the head of the bureau to decide, not "
                     "for %s (Measures for Sealing and Detention art. 10, 15, 20)",
                     item, f->principal);
}

// In the words of the law of seizure; what every term asks comes after it (lq_clock_extend).
static struct lq_verdict need_extensible(struct lq_decision *d, const Rules__Clock *term)
{
    char then[LQ_TIME_TEXT], due[LQ_TIME_TEXT];
    if (term->n_extensions > 0)
        return lq_reject(d, LQ_COMMON(EXTENDED_ALREADY),
                         "item %s was extended at %s by %s: a term is extended once "
                         "(Administrative Compulsion Law art. 25); it can only be released",
                         term->number, lq_format_local(term->extensions[0]->at_ms, then),
                         term->extensions[0]->by);
    if (term->due_ms != 0 && d->facts->occurred_ms >= term->due_ms)
        return lq_reject(d, LQ_COMMON(TERM_EXPIRED),
                         "the term of item %s ended at %s, and this is dated %s: an extension is "
                         "decided before the term ends (Administrative Compulsion Law art. 25); "
                         "the item can only be released",
                         term->number, lq_format_local(term->due_ms, due),
                         lq_format_local(d->facts->occurred_ms, then));
    return LQ_ACCEPT;
}

// Government Information Disclosure Regulation art. 18; Measures art. 7: each decision is
// published, and the release has a term of its own while that of the extension runs.
static const char *publication_of_release(const struct lq_facts *f)
{
    static const char OWN[] = "SZ17b"; // which a county's law.yaml may be older than
    return lq_law_clock(f->law, OWN, f->occurred_ms) != NULL ? OWN : "SZ17";
}

static void start_publication(struct lq_decision *d, const char *item, const char *rule)
{
    lq_clock_start(d, &(struct lq_clock_start){.kind = SEIZURE_ITEM,
                                               .number = item,
                                               .rule = rule,
                                               .start_ms = d->facts->occurred_ms,
                                               .owner = d->facts->principal});
}

struct lq_verdict seizure_extend_seal(struct lq_decision *d, const void *command)
{
    const Seizure__SealDecision *c = command;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the item's number", c->number));
    char day[LQ_TIME_TEXT];
    if (lq_law_clock(d->facts->law, SECOND_TERM, d->facts->occurred_ms) == NULL)
        return lq_reject(d, SEIZURE__REJECT__NO_TERM_IN_LAW,
                         "law.yaml (%s) has no enabled term %s for %s, so item %s cannot be "
                         "extended",
                         lq_law_revision(d->facts->law), SECOND_TERM,
                         lq_format_day(lq_day_of(d->facts->occurred_ms), day), c->number);

    const Seizure__Item *item = NULL;
    LQ_TRY(need_sealed(d, c->number, &item));
    LQ_ASSERT(item != NULL);
    LQ_TRY(need_in_force(d, item));
    LQ_TRY(need_later(d, item, "sealed", item->at_ms));
    bool by_commander = false;
    LQ_TRY(need_head(d, c->number, &by_commander));
    const Rules__Clock *term = seizure_term(d->view, c->number);
    LQ_ASSERT(term != NULL); // every seal has one
    LQ_TRY(need_extensible(d, term));
    LQ_TRY(lq_need_paper(d, SEIZURE_ITEM, c->number, c->paper, "extension_notice"));
    LQ_TRY(
        lq_clock_extend(d, SEIZURE_ITEM, c->number, SEIZURE_TERM, SECOND_TERM, c->days, c->paper));

    Seizure__SealExtended extended = SEIZURE__SEAL_EXTENDED__INIT;
    extended.item = item->number;
    extended.by = lq_arena_text(d->arena, d->facts->principal);
    extended.by_commander = by_commander;
    start_publication(d, c->number, "SZ17");
    lq_emit(d, SEIZURE__EVENT__BODY_SEAL_EXTENDED, &extended.base);
    lq_number(d, item->number);
    return LQ_ACCEPT;
}

struct lq_verdict seizure_release_seal(struct lq_decision *d, const void *command)
{
    const Seizure__SealDecision *c = command;
    const Seizure__Item *item = NULL;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the item's number", c->number));
    LQ_TRY(need_sealed(d, c->number, &item));
    LQ_ASSERT(item != NULL);
    LQ_TRY(need_in_force(d, item));
    const Rules__Clock *term = seizure_term(d->view, c->number);
    LQ_ASSERT(term != NULL);
    LQ_TRY(term->n_extensions > 0 ? need_later(d, item, "extended", term->extensions[0]->at_ms)
                                  : need_later(d, item, "sealed", item->at_ms));
    bool by_commander = false;
    LQ_TRY(need_head(d, c->number, &by_commander));
    LQ_TRY(lq_need_paper(d, SEIZURE_ITEM, c->number, c->paper, "release_decision"));

    Seizure__SealReleased released = SEIZURE__SEAL_RELEASED__INIT;
    released.item = item->number;
    released.by = lq_arena_text(d->arena, d->facts->principal);
    released.paper = c->paper;
    released.late = term->due_ms != 0 && d->facts->occurred_ms >= term->due_ms;
    released.by_commander = by_commander;
    for (size_t i = 0; i < sizeof ENDED_BY_RELEASE / sizeof *ENDED_BY_RELEASE; i++)
        lq_clock_stop(d, SEIZURE_ITEM, c->number, ENDED_BY_RELEASE[i], d->facts->occurred_ms);
    start_publication(d, c->number, publication_of_release(d->facts));
    lq_emit(d, SEIZURE__EVENT__BODY_SEAL_RELEASED, &released.base);
    lq_number(d, item->number);
    return LQ_ACCEPT;
}

// A seal's term is its officer's; the desk chiefs of both groups know of it.
void seizure_clock_people(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    lq_told_begin(d, rang);
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER))
        lq_told_add(rang, clock->owner);
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        lq_told_add_desk_chiefs(d, rang, NULL);
}

// ---------------------------------------------------------------- the tables

void seizure_item_sealed(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Seizure__ItemTaken *item = event;
    Seizure__ItemTaken row = *item;
    row.due_ms = 0;
    row.rule = row.law_revision = lq_unconst("");
    lq_keep(tables, &seizure_table_items, &row);
    Seizure__SealUse use = SEIZURE__SEAL_USE__INIT;
    use.item = item->number;
    lq_save(tables, &seizure_table_seals, lq_key_text(item->seal), &use.base);
    seizure_keep_held(tables, item->target, item->number, true);
    if (item->due_ms != 0)
        seizure_keep_old_term(tables, item);
}

void seizure_seal_extended(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    const Seizure__SealExtended *extended = event;
    const struct lq_key key = lq_key_text(extended->item);
    const Seizure__Item *found = lq_find(tables, &seizure_table_items, key);
    LQ_ASSERT(found != NULL);
    Seizure__Item item = *found;
    item.publication_not_recorded = true;
    lq_save(tables, &seizure_table_items, key, &item.base);
    if (extended->due_ms != 0)
        seizure_extend_old_term(tables, what, extended);
}

void seizure_seal_released(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    const Seizure__SealReleased *released = event;
    const Seizure__Item *found = lq_find(tables, &seizure_table_items, lq_key_text(released->item));
    LQ_ASSERT(found != NULL);
    Seizure__Item item = *found;
    item.state = SEIZURE__STATE__RELEASED;
    item.released_at_ms = what->occurred_ms;
    item.released_by = released->by;
    item.unratified = item.release_requested = item.police_unasked = false;
    item.publication_not_recorded = true;
    lq_save(tables, &seizure_table_items, lq_key_text(item.number), &item.base);
    seizure_keep_held(tables, item.target, item.number, false);
    seizure_end_old_term(tables, what, released->item);
}

// ---------------------------------------------------------------- what always holds

void seizure_check_seal(struct lq_view *view, const Seizure__Item *item)
{
    const Rules__Clock *term = seizure_term(view, item->number);
    LQ_ASSERT(term != NULL && !term->voided);
    LQ_ASSERT(item->due_ms == 0 && item->extended_at_ms == 0 && item->lapsed_at_ms == 0);
    const bool in_force = item->state == SEIZURE__STATE__IN_FORCE;
    const bool released = item->state == SEIZURE__STATE__RELEASED;
    LQ_ASSERT((item->released_by[0] != '\0') == released);
    LQ_ASSERT(!released || item->released_at_ms >= item->at_ms);
    LQ_ASSERT(lq_clock_runs(term) == in_force);
    LQ_ASSERT(in_force || (!item->unratified && !item->release_requested));
    const Seizure__SealUse *use = lq_find(view, &seizure_table_seals, lq_key_text(item->seal));
    LQ_ASSERT(use != NULL && strcmp(use->item, item->number) == 0);
    LQ_ASSERT(seizure_is_held(view, item) == in_force);
}

// A seal that was replaced stays used, whatever becomes of the item.
void seizure_check_seals(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &seizure_table_seals, lq_key_none()); lq_scan_next(&s);) {
        const Seizure__SealUse *use = s.row;
        LQ_ASSERT(lq_exists(view, &seizure_table_items, lq_key_text(use->item)) ||
                  lq_voided_find(view, &seizure_table_items, use->item) != NULL);
    }
}
