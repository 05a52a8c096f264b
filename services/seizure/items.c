// Taking equipment out of use: dismantled for good, or sealed in place with a numbered seal for the
// term of the Administrative Compulsion Law. The checks stand in the order of the Reject enum.
#include "pb/pb.h"
#include "seizure.h"

const struct lq_table seizure_table_items = {"items", &seizure__item__descriptor};

struct lq_verdict seizure_need_after_order(struct lq_decision *d, const char *number, int64_t at_ms)
{
    const Dispatch__OrderNote *order = lq_order_find(d->view, number);
    char done[LQ_TIME_TEXT], issued[LQ_TIME_TEXT];
    LQ_ASSERT(order != NULL);
    if (at_ms >= order->issued_at_ms)
        return LQ_ACCEPT;
    return lq_reject(
        d, SEIZURE__REJECT__BEFORE_ORDER, "this is dated %s, but order %s was issued only at %s",
        lq_format_local(at_ms, done), number, lq_format_local(order->issued_at_ms, issued));
}

struct lq_verdict seizure_need_order(struct lq_decision *d, const char *number, const char *target,
                                     const Dispatch__OrderNote **order)
{
    const Dispatch__OrderNote *found = lq_order_find(d->view, number);
    if (found == NULL)
        return lq_reject(d, SEIZURE__REJECT__ORDER_UNKNOWN, "there is no order %s", number);
    if (found->cancelled)
        return lq_reject(d, SEIZURE__REJECT__ORDER_CANCELLED,
                         "order %s is cancelled: nothing can be done on it", number);
    if (strcmp(found->target, target) != 0)
        return lq_reject(d, SEIZURE__REJECT__TARGET_NOT_OF_ORDER, "order %s is to %s, not to %s",
                         number, found->target, target);
    *order = found;
    return seizure_need_after_order(d, number, d->facts->occurred_ms);
}

const char *seizure_township(struct lq_view *view, const Dispatch__OrderNote *order)
{
    const Ledger__PremisesNote *premises = lq_premises_find(view, order->target);
    // The ledger's stream may be behind that of dispatch, which read it before it sent the order.
    return premises != NULL ? premises->township : order->township;
}

static struct lq_verdict need_fields(struct lq_decision *d, const Seizure__TakeItem *c)
{
    const struct {
        const char *what, *text;
        bool may_be_empty; // another rule asks for it
    } fields[] = {
        {"the item's number", c->number, false},
        {"the order's number", c->order, false},
        {"the target of the order", c->target, false},
        {"the kind of the item", c->kind, false},
        {"the seal number", c->seal, true},
        {"the first officer's badge", c->officer_1, true},
        {"the second officer's badge", c->officer_2, true},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].may_be_empty && fields[i].text[0] == '\0')
            continue;
        LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, fields[i].what, fields[i].text));
    }
    if (c->action == SEIZURE__ACTION__ACTION_UNSPECIFIED)
        return lq_reject(d, SEIZURE__REJECT__FIELD_MISSING,
                         "was item %s dismantled or sealed? The action is missing", c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_officers(struct lq_decision *d, const Seizure__TakeItem *c)
{
    LQ_TRY(
        seizure_need_two_officers(d, c->number, c->officer_1, c->officer_2, d->facts->occurred_ms));
    const char *whose = d->facts->principal;
    if (strcmp(whose, c->officer_1) != 0 && strcmp(whose, c->officer_2) != 0)
        return lq_reject(d, SEIZURE__REJECT__NOT_A_SEIZING_OFFICER,
                         "%s was not one of the two officers: %s or %s must report item %s", whose,
                         c->officer_1, c->officer_2, c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_seal_by_action(struct lq_decision *d, const Seizure__TakeItem *c)
{
    const bool sealed = c->action == SEIZURE__ACTION__SEALED;
    if (sealed && c->seal[0] == '\0')
        return lq_reject(d, SEIZURE__REJECT__SEAL_MISSING,
                         "item %s was sealed: which number does the seal bear?", c->number);
    if (!sealed && c->seal[0] != '\0')
        return lq_reject(d, SEIZURE__REJECT__SEAL_NOT_EXPECTED,
                         "item %s was dismantled, so it cannot bear seal %s", c->number, c->seal);
    if (!sealed && c->emergency)
        return lq_reject(d, SEIZURE__REJECT__SEAL_NOT_EXPECTED,
                         "item %s was dismantled: what is approved afterwards is a seizure",
                         c->number);
    return LQ_ACCEPT;
}

struct lq_verdict seizure_need_unused_seal(struct lq_decision *d, const char *seal)
{
    const Seizure__SealUse *use = lq_find(d->view, &seizure_table_seals, lq_key_text(seal));
    if (use != NULL)
        return lq_reject(d, SEIZURE__REJECT__SEAL_IN_USE,
                         "seal %s was put on item %s: a numbered seal is used once, and a broken "
                         "one is not put on again",
                         seal, use->item);
    return LQ_ACCEPT;
}

bool seizure_is_proposal(const Seizure__Item *item)
{
    return item->state == SEIZURE__STATE__PROPOSED || item->state == SEIZURE__STATE__APPROVED ||
           item->state == SEIZURE__STATE__DROPPED;
}

// What was proposed is sealed once it is approved, or in an emergency before.
static struct lq_verdict need_approved(struct lq_decision *d, const Seizure__TakeItem *c,
                                       const Seizure__Item *known)
{
    if (strcmp(known->target, c->target) != 0)
        return lq_reject(d, SEIZURE__REJECT__TARGET_NOT_OF_ORDER,
                         "item %s was proposed at %s, not at %s", c->number, known->target,
                         c->target);
    if (known->state == SEIZURE__STATE__APPROVED ||
        (known->state == SEIZURE__STATE__PROPOSED && c->emergency))
        return LQ_ACCEPT;
    return lq_reject(d, SEIZURE__REJECT__NOT_APPROVED,
                     "item %s is %-s: the head of the bureau approves it before it is sealed "
                     "(Administrative Compulsion Law art. 18(1); Measures for Sealing and "
                     "Detention art. 10)",
                     c->number, lq_state_said(d->arena, &seizure_item_steps, (int)known->state));
}

// A number stands for one seizure of one thing. Whoever seals the same machine again, later and on
// a new decision, gives it a new item number and a new seal.
static struct lq_verdict need_untaken(struct lq_decision *d, const Seizure__TakeItem *c)
{
    const Seizure__Item *known = lq_find_numbered(d->view, &seizure_table_items, c->number);
    char at[LQ_TIME_TEXT];
    if (known == NULL || seizure_is_proposal(known))
        return LQ_ACCEPT;
    if (known->action == SEIZURE__ACTION__DISMANTLED)
        return lq_reject(d, SEIZURE__REJECT__ITEM_DISMANTLED,
                         "item %s was dismantled at %s on order %s; another item needs a number "
                         "of its own",
                         c->number, lq_format_local(known->at_ms, at), known->order);
    return lq_reject(d, SEIZURE__REJECT__ITEM_ALREADY_SEALED,
                     "item %s was sealed at %s with seal %s: what is sealed is not sealed "
                     "again (Administrative Compulsion Law art. 23); a new seizure needs a "
                     "new item number",
                     c->number, lq_format_local(known->at_ms, at), known->seal);
}

static struct lq_verdict need_new(struct lq_decision *d, const Seizure__TakeItem *c)
{
    LQ_TRY(lq_need_unvoided(d, LQ_COMMON(THING_VOID), &seizure_table_items, c->number));
    const Seizure__Item *known = lq_find(d->view, &seizure_table_items, lq_key_text(c->number));
    if (known != NULL)
        LQ_TRY(need_approved(d, c, known));
    if (c->seal[0] == '\0')
        return LQ_ACCEPT;
    LQ_TRY(seizure_need_unused_seal(d, c->seal));
    return seizure_need_not_held(d, c);
}

static Seizure__ItemTaken item_taken(struct lq_decision *d, const Seizure__TakeItem *c,
                                     const Dispatch__OrderNote *order)
{
    Seizure__ItemTaken item = SEIZURE__ITEM_TAKEN__INIT;
    item.number = c->number;
    item.order = c->order;
    item.target = c->target;
    item.township = lq_arena_text(d->arena, seizure_township(d->view, order));
    item.kind = c->kind;
    item.specification = c->specification;
    item.action = c->action;
    item.seal = c->seal;
    item.officer_1 = c->officer_1;
    item.officer_2 = c->officer_2;
    item.at_ms = d->facts->occurred_ms;
    item.decision = c->decision;
    item.ground = c->ground;
    item.party = c->party;
    item.serial = c->serial;
    SEIZURE_COPY_BASIS(&item, c);
    return item;
}

// What the proposal says and the command does not say again.
static void fill_from_proposal(struct lq_decision *d, Seizure__TakeItem *c)
{
    const Seizure__Item *known = lq_find_numbered(d->view, &seizure_table_items, c->number);
    if (known == NULL || !seizure_is_proposal(known))
        return;
    const struct {
        char **now, *proposed;
    } texts[] = {
        {&c->order, known->order},       {&c->target, known->target},
        {&c->kind, known->kind},         {&c->specification, known->specification},
        {&c->decision, known->decision}, {&c->ground, known->ground},
        {&c->party, known->party},       {&c->serial, known->serial},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if ((*texts[i].now)[0] == '\0')
            *texts[i].now = texts[i].proposed;
    if (c->action == SEIZURE__ACTION__ACTION_UNSPECIFIED)
        c->action = SEIZURE__ACTION__SEALED;
    if (c->decision_day == 0)
        c->decision_day = known->decision_day;
    if (c->term_days == 0)
        c->term_days = known->term_days;
}

static struct lq_verdict dismantle(struct lq_decision *d, Seizure__ItemTaken *item,
                                   const struct seizure_basis *basis)
{
    item->n_warnings = seizure_warn(d->arena, d->facts->law, basis, &item->warnings);
    item->state = SEIZURE__STATE__OUT_OF_USE;
    lq_emit(d, SEIZURE__EVENT__BODY_ITEM_DISMANTLED, &item->base);
    return LQ_ACCEPT;
}

struct lq_verdict seizure_take_item(struct lq_decision *d, const void *command)
{
    Seizure__TakeItem numbered = *(const Seizure__TakeItem *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &seizure_table_items, "I0001");
    fill_from_proposal(d, &numbered);
    const Seizure__TakeItem *c = &numbered;
    const Dispatch__OrderNote *order = NULL;
    LQ_TRY(need_untaken(d, c)); // before what is missing: whoever executes it says nothing else
    LQ_TRY(need_fields(d, c));
    LQ_TRY(seizure_need_order(d, c->order, c->target, &order));
    LQ_TRY(need_officers(d, c));
    LQ_TRY(need_seal_by_action(d, c));
    LQ_TRY(need_new(d, c));

    const struct seizure_basis basis = SEIZURE_BASIS(c, d->facts->occurred_ms);
    LQ_TRY(seizure_need_basis_fits(d, c->number, c->action, &basis));

    Seizure__ItemTaken item = item_taken(d, c, order);
    lq_number(d, c->number);
    return item.action == SEIZURE__ACTION__SEALED ? seizure_seal_item(d, c, &item)
                                                  : dismantle(d, &item, &basis);
}

static Seizure__State state_by_term(const Seizure__Item *item, const Rules__Clock *term,
                                    int64_t at_ms)
{
    if (item->state != SEIZURE__STATE__IN_FORCE)
        return item->state;
    const Rules__ClockStatus status = lq_clock_status(term, at_ms);
    return status == RULES__CLOCK_STATUS__PAUSED    ? SEIZURE__STATE__PAUSED
           : status == RULES__CLOCK_STATUS__OVERDUE ? SEIZURE__STATE__LAPSED
           : term->n_extensions > 0                 ? SEIZURE__STATE__EXTENDED
                                                    : SEIZURE__STATE__IN_FORCE;
}

static const Seizure__Item *dismantled_item(struct lq_reading *r, const Seizure__Item *item)
{
    if (item->action != SEIZURE__ACTION__DISMANTLED)
        return item;
    Seizure__Item *told = LQ_NEW(r->arena, Seizure__Item);
    *told = *item;
    const struct seizure_basis basis = SEIZURE_BASIS(item, item->at_ms);
    told->n_warnings = seizure_warn(r->arena, r->law, &basis, &told->warnings);
    return told;
}

// The item with what its term says at the time of the question. A term that ends at midnight ends
// with the day before: that day is what people call its end.
static const Seizure__Item *item_as_of_now(struct lq_reading *r, const Seizure__Item *item)
{
    const Rules__Clock *term = seizure_term(r->view, item->number);
    if (term == NULL)
        return dismantled_item(r, item);
    Seizure__Item *told = LQ_NEW(r->arena, Seizure__Item);
    *told = *item;
    const Rules__Paper *decision =
        lq_paper_latest(r->view, SEIZURE_ITEM, item->number, "seizure_decision");
    if (item->decision[0] == '\0' && decision != NULL)
        told->decision = decision->number;
    told->decision_not_recorded = told->decision[0] == '\0';
    seizure_tell_uncertified(r, item, told);
    told->service_not_recorded =
        item->state == SEIZURE__STATE__RELEASED &&
        lq_step_latest(r->view, SEIZURE_ITEM, item->number, RULES__VERB__SERVE_RELEASE) == NULL &&
        lq_step_latest(r->view, SEIZURE_ITEM, item->number, RULES__VERB__COLLECT) == NULL;
    told->state = state_by_term(item, term, r->now_ms);
    told->due_ms = term->due_ms;
    told->last_day = term->due_ms != 0 ? lq_law_last_day(term->due_ms) : 0;
    told->arguable_last_day =
        term->arguable_due_ms != 0 ? lq_law_last_day(term->arguable_due_ms) : 0;
    told->rule = term->n_extensions > 0 ? term->extensions[0]->rule : term->rule;
    told->law_revision = term->revision;
    if (term->n_extensions > 0) {
        told->extended_at_ms = term->extensions[0]->at_ms;
        told->extended_by = term->extensions[0]->by;
    }
    const int64_t until_ms = term->stop_ms != 0 ? term->stop_ms : r->now_ms;
    if (term->due_ms != 0 && until_ms >= term->due_ms)
        told->lapsed_at_ms = term->due_ms;
    return told;
}

static bool is_due_before(const Seizure__Item *item, int64_t instant_ms)
{
    const bool is_in_force =
        item->state == SEIZURE__STATE__IN_FORCE || item->state == SEIZURE__STATE__EXTENDED ||
        item->state == SEIZURE__STATE__PAUSED || item->state == SEIZURE__STATE__LAPSED;
    return is_in_force && item->due_ms != 0 && item->due_ms < instant_ms;
}

static bool is_asked_for(const Seizure__ListItems *q, const Seizure__Item *item)
{
    return (q->action == SEIZURE__ACTION__ACTION_UNSPECIFIED || q->action == item->action) &&
           (q->state == SEIZURE__STATE__STATE_UNSPECIFIED || q->state == item->state) &&
           (q->kind[0] == '\0' || strcmp(q->kind, item->kind) == 0) &&
           (q->target[0] == '\0' || strcmp(q->target, item->target) == 0) &&
           (q->due_before_ms == 0 || is_due_before(item, q->due_before_ms));
}

void seizure_list_items(struct lq_reading *r, const void *query, void *answer)
{
    const Seizure__ListItems *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &seizure_table_items, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Seizure__Item *item = item_as_of_now(r, s.row);
        if (is_asked_for(q, item) && !lq_rows_add(&rows, item))
            break;
    }

    lq_rows_answer(&rows, answer);
}

void seizure_show_item(struct lq_reading *r, const void *query, void *answer)
{
    const Seizure__ShowItem *q = query;
    Seizure__ItemFile *file = answer;
    const Seizure__Item *item = strlen(q->number) <= LQ_PB_IDENTIFIER_BYTES
                                    ? lq_find(r->view, &seizure_table_items, lq_key_text(q->number))
                                    : NULL;
    if (item == NULL)
        return;
    Seizure__Item *told = LQ_NEW(r->arena, Seizure__Item);
    *told = *item_as_of_now(r, item);
    told->steps = lq_steps_of(r, SEIZURE_ITEM, item->number, &told->n_steps);
    file->item = told;
    lq_next(r, &seizure_item_steps, (int)item->state, item->number, file->item);
}

// ---------------------------------------------------------------- what always holds

static void check_dismantled(const Seizure__Item *item)
{
    LQ_ASSERT(item->state == SEIZURE__STATE__OUT_OF_USE);
    LQ_ASSERT(item->seal[0] == '\0' && item->released_at_ms == 0);
}

void seizure_check_items(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &seizure_table_items, lq_key_none()); lq_scan_next(&s);) {
        const Seizure__Item *item = s.row;
        if (seizure_is_proposal(item)) {
            LQ_ASSERT(item->officer_1[0] == '\0' && item->seal[0] == '\0');
            LQ_ASSERT(seizure_term(view, item->number) == NULL);
            continue;
        }
        LQ_ASSERT(item->officer_1[0] != '\0' && item->officer_2[0] != '\0');
        LQ_ASSERT(strcmp(item->officer_1, item->officer_2) != 0);
        if (item->action == SEIZURE__ACTION__DISMANTLED) {
            check_dismantled(item);
            continue;
        }
        LQ_ASSERT(item->action == SEIZURE__ACTION__SEALED);
        seizure_check_seal(view, item);
    }
}
