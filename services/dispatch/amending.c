// An order that is to be carried out otherwise from now on. What was written wrongly is corrected
// instead (correcting.c): that changes what is known of the past, and this does not.
#include "dispatch.h"
#include "service/trail.h"

struct lq_verdict dispatch_amend_order(struct lq_decision *d, const void *command)
{
    const Dispatch__AmendOrder *c = command;
    const Dispatch__OpenOrder *open = NULL;
    LQ_TRY(dispatch_need_open(d, c->order, &open));
    LQ_TRY(dispatch_need_not_before(d, c->order, open->issued_at_ms));
    LQ_TRY(dispatch_need_why(d, c->order, c->why));
    Dispatch__Order order = dispatch_copy_of_order(d->view, c->order);
    const bool other_priority =
        c->priority != DISPATCH__PRIORITY__PRIORITY_UNSPECIFIED && c->priority != order.priority;
    const bool other_words =
        c->instructions[0] != '\0' && strcmp(c->instructions, order.instructions) != 0;
    if (!other_priority && !other_words)
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "order %s is as that says already: another priority, other instructions, "
                         "or both are given",
                         c->order);
    Dispatch__OrderAmended amended = DISPATCH__ORDER_AMENDED__INIT;
    amended.order = c->order;
    amended.priority = order.priority = other_priority ? c->priority : order.priority;
    amended.instructions = other_words ? c->instructions : order.instructions;
    amended.why = c->why;
    amended.by = lq_arena_text(d->arena, d->facts->principal);
    amended.desk = order.desk;
    if (other_priority)
        dispatch_restate_order_term(d, &order);
    lq_emit(d, DISPATCH__EVENT__BODY_ORDER_AMENDED, &amended.base);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

void dispatch_order_amended(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    const Dispatch__OrderAmended *e = event;
    Dispatch__Order order = dispatch_copy_of_order(tables, e->order);
    order.priority = e->priority;
    order.instructions = e->instructions;
    dispatch_save_order(tables, &order);
}
