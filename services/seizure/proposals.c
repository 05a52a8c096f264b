// What is to be sealed: proposed by those who found it, approved by the head of the bureau before
// anybody acts (Administrative Compulsion Law art. 18(1); Measures for Sealing and Detention
// art. 10). A major case is decided by the committee: the decision's number says so.
#include "seizure.h"

struct lq_verdict seizure_propose_item(struct lq_decision *d, const void *command)
{
    Seizure__ProposeItem numbered = *(const Seizure__ProposeItem *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &seizure_table_items, "I0001");
    const Seizure__ProposeItem *c = &numbered;
    const Dispatch__OrderNote *order = NULL;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the item's number", c->number));
    LQ_TRY(lq_need_fields(d, SEIZURE__REJECT__FIELD_MISSING, c, "order target kind ground"));
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the kind of the item", c->kind));
    LQ_TRY(seizure_need_order(d, c->order, c->target, &order));
    LQ_TRY(lq_need_new(d, SEIZURE__REJECT__ITEM_ALREADY_SEALED, &seizure_table_items, c->number));
    LQ_TRY(seizure_need_term(d, c->number, d->facts->occurred_ms, c->term_days));

    Seizure__ItemProposed item = SEIZURE__ITEM_PROPOSED__INIT;
    item.number = c->number;
    item.order = c->order;
    item.target = c->target;
    item.township = lq_arena_text(d->arena, seizure_township(d->view, order));
    item.kind = c->kind;
    item.specification = c->specification;
    item.action = SEIZURE__ACTION__SEALED;
    item.at_ms = d->facts->occurred_ms;
    item.state = SEIZURE__STATE__PROPOSED;
    item.decision_day = c->decision_day;
    item.term_days = c->term_days;
    item.decision = c->decision;
    item.ground = c->ground;
    item.party = c->party;
    item.serial = c->serial;
    lq_emit(d, SEIZURE__EVENT__BODY_ITEM_PROPOSED, &item.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

void seizure_item_proposed(struct lq_view *tables, const struct lq_occurrence *what,
                           const void *event)
{
    (void)what;
    lq_keep(tables, &seizure_table_items, event);
}
