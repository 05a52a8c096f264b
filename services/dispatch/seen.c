// That an order is on the terminal of who leads a team, and that he has opened it: between issuing
// and acknowledging the desk sees whether silence means "not received" or "not answered".
#include "dispatch.h"
#include "language/language.h"

// The team that he leads then, as far as he names none.
static char *team_of(struct lq_decision *d, const Dispatch__MarkSeen *c)
{
    const struct lq_facts *f = d->facts;
    if (c->team[0] != '\0')
        return c->team;
    const Shift__Person *person = lq_roster_person_at(d->view, f->principal, f->occurred_ms);
    return lq_unconst(person != NULL ? person->team : "");
}

// Is there anything new in it? Who has answered has seen it; what is read was delivered.
static bool says_more(const Dispatch__Assignment *a, bool read)
{
    return a != NULL && dispatch_is_unanswered(a) && dispatch_is_at_work(a) &&
           (read ? a->read_at_ms : a->delivered_at_ms) == 0;
}

struct lq_verdict dispatch_mark_seen(struct lq_decision *d, const void *command)
{
    const Dispatch__MarkSeen *c = command;
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", c->order));
    char *team = team_of(d, c);
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the team", team));
    const Dispatch__OpenOrder *open = dispatch_find_open(d->view, c->order);
    const Dispatch__Order *order = NULL;
    if (open == NULL) {
        LQ_TRY(dispatch_get_order(d, c->order, &order));
        return LQ_ACCEPT; // it is over: nobody waits to hear of it
    }
    const Dispatch__Assignment *a = dispatch_assignment(d->view, c->order, team);
    if (a == NULL)
        return lq_reject(d, DISPATCH__REJECT__TEAM_NOT_ADDRESSED,
                         "order %s is not addressed to team %s", c->order, team);
    LQ_TRY(dispatch_need_lead(d, team));
    if (!says_more(a, c->read))
        return LQ_ACCEPT;
    LQ_TRY(dispatch_need_not_before(d, c->order, dispatch_last_ms(open->issued_at_ms, a)));

    Dispatch__OrderSeen seen = DISPATCH__ORDER_SEEN__INIT;
    seen.order = c->order;
    seen.team = team;
    seen.read = c->read;
    seen.by = lq_unconst(d->facts->principal);
    lq_emit(d, DISPATCH__EVENT__BODY_ORDER_SEEN, &seen.base);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

void dispatch_order_seen(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Dispatch__OrderSeen *seen = event;
    const Dispatch__Assignment *kept = dispatch_assignment(tables, seen->order, seen->team);
    LQ_ASSERT(kept != NULL); // as it was decided
    Dispatch__Assignment a = *kept;
    if (a.delivered_at_ms == 0)
        a.delivered_at_ms = what->occurred_ms;
    if (seen->read)
        a.read_at_ms = what->occurred_ms;
    dispatch_save_assignment(tables, seen->order, &a);
}
