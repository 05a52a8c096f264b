// The answers. Lists go from the latest number down. The filters `open` and `unanswered` walk the
// index of open orders, which is short; the others walk the orders themselves, and so a page also
// ends after a number of rows were looked at: the answer then says from where to ask on. No filter
// needs more of the assignments than whether there is one; they are read for what is on the page.
#include "dispatch.h"

enum { LOOKED_AT_MOST = 4000 };

// ---------------------------------------------------------------- list

static bool is_asked_for(struct lq_reading *r, const Dispatch__ListOrders *q,
                         const Dispatch__Order *order)
{
    return order->issued_at_ms >= q->from_ms && (q->to_ms == 0 || order->issued_at_ms < q->to_ms) &&
           (q->team[0] == '\0' || dispatch_is_addressed(r->view, order->number, q->team));
}

static bool start(struct lq_reading *r, const Dispatch__ListOrders *q, struct lq_scan *s)
{
    const bool only_open = q->open || q->unanswered;
    *s = lq_scan_backwards(r->view, only_open ? &dispatch_table_open : &dispatch_table_orders,
                           lq_key_none());
    if (q->before[0] == '\0')
        return true;
    if (!lq_pb_identifier(q->before))
        return false;                // no page ended with that
    s->key = lq_key_text(q->before); // as if the walk had come down to here
    return true;
}

// What the walk has come to, if it is asked for; and its number.
static const Dispatch__Order *order_at(struct lq_reading *r, const Dispatch__ListOrders *q,
                                       const struct lq_scan *s, char **number)
{
    const Dispatch__Order *order = s->row;
    if (s->table == &dispatch_table_open) {
        const Dispatch__OpenOrder *open = s->row;
        *number = open->number;
        if (q->unanswered && open->unanswered == 0)
            return NULL;
        order = dispatch_find(r->view, open->number);
    }
    *number = order->number;
    return is_asked_for(r, q, order) ? order : NULL;
}

static void walk(struct lq_reading *r, const Dispatch__ListOrders *q, struct lq_scan *s,
                 Dispatch__OrdersAnswer *page)
{
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    char *last = NULL; // the number that was looked at last, and is done with
    char *number;
    for (unsigned looked_at = 0; lq_scan_next(s); looked_at++) {
        const Dispatch__Order *order = order_at(r, q, s, &number);
        if (looked_at == LOOKED_AT_MOST || (order != NULL && !lq_rows_add(&rows, order))) {
            page->more = true;
            page->next_before = last;
            break;
        }
        last = number;
    }
    page->orders = (Dispatch__Order **)rows.rows;
    page->n_orders = rows.count;
    for (size_t i = 0; i < page->n_orders; i++)
        page->orders[i] = lq_unconst(dispatch_whole(r->view, page->orders[i]));
}

void dispatch_list_orders(struct lq_reading *r, const void *query, void *answer)
{
    const Dispatch__ListOrders *q = query;
    Dispatch__OrdersAnswer *page = answer;
    struct lq_scan s;
    if (start(r, q, &s))
        walk(r, q, &s, page);
}

// ---------------------------------------------------------------- one order

static Dispatch__Participant *named(struct lq_reading *r, const Dispatch__Participant *row)
{
    Dispatch__Participant *participant = LQ_NEW(r->arena, Dispatch__Participant);
    *participant = *row;
    const Shift__Person *person = lq_roster_person(r->view, row->badge);
    LQ_ASSERT(person != NULL); // nobody leaves the roster
    participant->name = person->name;
    return participant;
}

// Of a team that is at work on an order which is not cancelled.
static void tell_next(struct lq_reading *r, const Dispatch__Order *order)
{
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        if (order->cancelled_at_ms == 0 && dispatch_is_at_work(a))
            lq_next(r, &dispatch_team_steps, (int)a->step, a->team, a);
    }
}

void dispatch_show_order(struct lq_reading *r, const void *query, void *answer)
{
    const Dispatch__ShowOrder *q = query;
    Dispatch__OrderFile *file = answer;
    const Dispatch__Order *order = dispatch_find(r->view, q->number);
    if (order == NULL)
        return;
    file->order = lq_unconst(dispatch_whole(r->view, order));
    tell_next(r, file->order);
    file->participants = LQ_NEW_ARRAY(r->arena, Dispatch__Participant *, order->participants);
    struct lq_scan s = lq_scan(r->view, &dispatch_table_participants, lq_key_text(order->number));
    while (lq_scan_next(&s)) {
        LQ_ASSERT(file->n_participants < order->participants);
        file->participants[file->n_participants++] = named(r, s.row);
    }
}
