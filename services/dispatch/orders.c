// Orders: their tables, what is found and saved there, what several rules ask of an order, the
// answers and the invariants.
#include "dispatch.h"

extern const struct lq_service lq_service_dispatch;

const struct lq_table dispatch_table_orders = {"orders", &dispatch__order__descriptor};
const struct lq_table dispatch_table_addressed = {"addressed",
                                                  &dispatch__addressed_teams__descriptor};
const struct lq_table dispatch_table_assignments = {"assignments",
                                                    &dispatch__assignment__descriptor};
const struct lq_table dispatch_table_open = {"open", &dispatch__open_order__descriptor};
const struct lq_table dispatch_table_engaged = {"engaged", &dispatch__engagement__descriptor};
const struct lq_table dispatch_table_participants = {"participants",
                                                     &dispatch__participant__descriptor};

struct lq_key dispatch_pair(const char *first, const char *second)
{
    return lq_key_then_text(lq_key_text(first), second);
}

const Dispatch__Order *dispatch_find(struct lq_view *view, const char *number)
{
    return lq_pb_identifier(number) ? lq_find(view, &dispatch_table_orders, lq_key_text(number))
                                    : NULL;
}

const Dispatch__OpenOrder *dispatch_find_open(struct lq_view *view, const char *number)
{
    return lq_find(view, &dispatch_table_open, lq_key_text(number));
}

const Dispatch__Assignment *dispatch_assignment(struct lq_view *view, const char *order,
                                                const char *team)
{
    return lq_find(view, &dispatch_table_assignments, dispatch_pair(order, team));
}

bool dispatch_is_addressed(struct lq_view *view, const char *order, const char *team)
{
    return lq_pb_identifier(team) &&
           lq_exists(view, &dispatch_table_assignments, dispatch_pair(order, team));
}

const Dispatch__Order *dispatch_whole(struct lq_view *view, const Dispatch__Order *order)
{
    struct lq_arena *arena = lq_view_arena(view);
    const Dispatch__AddressedTeams *addressed =
        lq_find(view, &dispatch_table_addressed, lq_key_text(order->number));
    LQ_ASSERT(addressed != NULL); // every order has it
    Dispatch__Order *whole = LQ_NEW(arena, Dispatch__Order);
    *whole = *order;
    whole->n_assignments = addressed->n_teams;
    whole->assignments = LQ_NEW_ARRAY(arena, Dispatch__Assignment *, addressed->n_teams);
    for (size_t i = 0; i < addressed->n_teams; i++) {
        whole->assignments[i] =
            lq_unconst(dispatch_assignment(view, order->number, addressed->teams[i]));
        LQ_ASSERT(whole->assignments[i] != NULL);
    }
    return whole;
}

// ---------------------------------------------------------------- what is saved

void dispatch_save_order(struct lq_view *tables, const Dispatch__Order *order)
{
    lq_save(tables, &dispatch_table_orders, lq_key_text(order->number), &order->base);
}

// A copy of the order's row that may be changed.
Dispatch__Order dispatch_copy_of_order(struct lq_view *tables, const char *number)
{
    const Dispatch__Order *kept = dispatch_find(tables, number);
    LQ_ASSERT(kept != NULL); // what was decided about was there
    return *kept;
}

void dispatch_save_assignment(struct lq_view *tables, const char *order,
                              const Dispatch__Assignment *assignment)
{
    lq_save(tables, &dispatch_table_assignments, dispatch_pair(order, assignment->team),
            &assignment->base);
}

void dispatch_save_engagement(struct lq_view *tables, char *order, char *team)
{
    Dispatch__Engagement engaged = DISPATCH__ENGAGEMENT__INIT;
    engaged.team = team;
    engaged.order = order;
    lq_save(tables, &dispatch_table_engaged, dispatch_pair(team, order), &engaged.base);
}

void dispatch_release_team(struct lq_view *tables, const char *order, const char *team)
{
    lq_erase(tables, &dispatch_table_engaged, dispatch_pair(team, order));
}

// ---------------------------------------------------------------- what can be said of an order

bool dispatch_is_at_work(const Dispatch__Assignment *assignment)
{
    return assignment->step != DISPATCH__STEP__FINISHED && assignment->declined_at_ms == 0 &&
           assignment->withdrawn_at_ms == 0;
}

bool dispatch_is_unanswered(const Dispatch__Assignment *assignment)
{
    return assignment->step == DISPATCH__STEP__STEP_UNSPECIFIED;
}

bool dispatch_stays_open(unsigned at_work, unsigned finished)
{
    return at_work > 0 || finished == 0;
}

int64_t dispatch_step_ms(const Dispatch__Assignment *assignment, Dispatch__Step step)
{
    switch (step) {
    case DISPATCH__STEP__ACKNOWLEDGED:
        return assignment->acknowledged_at_ms;
    case DISPATCH__STEP__DEPARTED:
        return assignment->departed_at_ms;
    case DISPATCH__STEP__ON_SCENE:
        return assignment->on_scene_at_ms;
    case DISPATCH__STEP__FINISHED:
        return assignment->finished_at_ms;
    case DISPATCH__STEP__STEP_UNSPECIFIED:
    case _DISPATCH__STEP_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}

int64_t dispatch_last_ms(int64_t issued_at_ms, const Dispatch__Assignment *assignment)
{
    if (assignment->declined_at_ms != 0)
        return assignment->declined_at_ms;
    if (assignment->withdrawn_at_ms != 0)
        return assignment->withdrawn_at_ms;
    if (assignment->step == DISPATCH__STEP__STEP_UNSPECIFIED)
        return assignment->added_at_ms > issued_at_ms ? assignment->added_at_ms : issued_at_ms;
    return dispatch_step_ms(assignment, assignment->step);
}

// ---------------------------------------------------------------- what the rules share

uint32_t dispatch_principal_roles(struct lq_decision *d)
{
    const struct lq_facts *facts = d->facts;
    return facts->on_behalf_of[0] != '\0'
               ? lq_roster_roles_at(d->view, facts->principal, facts->occurred_ms)
               : facts->roles;
}

struct lq_verdict dispatch_get_order(struct lq_decision *d, const char *number,
                                     const Dispatch__Order **order)
{
    *order = dispatch_find(d->view, number);
    return *order != NULL
               ? LQ_ACCEPT
               : lq_reject(d, DISPATCH__REJECT__ORDER_UNKNOWN, "there is no order %s", number);
}

// ---------------------------------------------------------------- answers

// Lists go from the latest number down. The filters `open` and `unanswered` walk the index of open
// orders, which is short; the others walk the orders themselves, and so a page also ends after a
// number of rows were looked at: the answer then says from where to ask on. No filter needs more of
// the assignments than whether there is one; they are read for what is on the page.
enum { LOOKED_AT_MOST = 4000 };

static bool is_asked_for(struct lq_reading *r, const Dispatch__ListOrders *q,
                         const Dispatch__Order *order)
{
    return order->issued_at_ms >= q->from_ms && (q->to_ms == 0 || order->issued_at_ms < q->to_ms) &&
           (q->team[0] == '\0' || dispatch_is_addressed(r->view, order->number, q->team));
}

static bool start_list(struct lq_reading *r, const Dispatch__ListOrders *q, struct lq_scan *s)
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
    if (start_list(r, q, &s))
        walk(r, q, &s, page);
}

void dispatch_show_order(struct lq_reading *r, const void *query, void *answer)
{
    const Dispatch__ShowOrder *q = query;
    Dispatch__OrderFile *file = answer;
    const Dispatch__Order *order = dispatch_find(r->view, q->number);
    if (order == NULL)
        return;
    file->order = lq_unconst(dispatch_whole(r->view, order));
    lq_next(r, &dispatch_order_steps, dispatch_order_state(r->view, order), order->number, order);
    dispatch_tell_next(r, file->order);
    dispatch_fill_participants(r, file);
    dispatch_fill_crews(r, file);
    dispatch_fill_work(r, file);
    const char *in_charge = dispatch_in_charge(r->view, r->now_ms);
    file->in_charge = in_charge != NULL ? lq_unconst(in_charge) : file->in_charge;
}

// ---------------------------------------------------------------- what always holds

// The order's row and those of its teams are what is true; the two indexes and the counts repeat
// it, and must say the same.
struct totals {
    unsigned orders, assignments, open, engaged, participants;
};

// Of an order: none is at work or unanswered once it is cancelled.
struct at_work {
    unsigned teams, unanswered, finished;
};

static bool is_open(const Dispatch__Order *order, const struct at_work *at_work)
{
    return order->cancelled_at_ms == 0 && dispatch_stays_open(at_work->teams, at_work->finished);
}

static void check_open(struct lq_view *view, const Dispatch__Order *order,
                       const struct at_work *at_work)
{
    const Dispatch__OpenOrder *open = dispatch_find_open(view, order->number);
    LQ_ASSERT((open != NULL) == is_open(order, at_work));
    if (open == NULL)
        return;
    LQ_ASSERT(open->at_work == at_work->teams);
    LQ_ASSERT(open->unanswered == at_work->unanswered);
    LQ_ASSERT(open->finished == at_work->finished);
    LQ_ASSERT(open->issued_at_ms == order->issued_at_ms);
    LQ_ASSERT(strcmp(open->desk, order->desk) == 0);
}

static void check_order(struct lq_view *view, const Dispatch__Order *row, struct totals *totals)
{
    LQ_ASSERT(row->n_assignments == 0);
    const Dispatch__Order *order = dispatch_whole(view, row);
    LQ_ASSERT(order->n_assignments > 0);
    struct at_work at_work = {0};
    for (size_t i = 0; i < order->n_assignments; i++) {
        const Dispatch__Assignment *a = order->assignments[i];
        const bool engaged = order->cancelled_at_ms == 0 && dispatch_is_at_work(a);
        dispatch_check_assignment(view, order, a);
        at_work.teams += engaged;
        at_work.unanswered += engaged && dispatch_is_unanswered(a);
        at_work.finished += a->step == DISPATCH__STEP__FINISHED;
    }
    check_open(view, order, &at_work);
    dispatch_check_participants(view, order);
    totals->orders++;
    totals->assignments += (unsigned)order->n_assignments;
    totals->open += is_open(order, &at_work);
    totals->engaged += at_work.teams;
    totals->participants += order->participants;
}

static unsigned count_rows(struct lq_view *view, const struct lq_table *table)
{
    unsigned count = 0;
    struct lq_scan s = lq_scan(view, table, lq_key_none());
    while (lq_scan_next(&s))
        count++;
    return count;
}

void dispatch_check(struct lq_view *view)
{
    struct totals totals = {0};
    struct lq_scan s = lq_scan(view, &dispatch_table_orders, lq_key_none());
    while (lq_scan_next(&s))
        check_order(view, s.row, &totals);
    // What the orders account for is there; if the numbers agree, nothing else is.
    LQ_ASSERT(count_rows(view, &dispatch_table_addressed) == totals.orders);
    LQ_ASSERT(count_rows(view, &dispatch_table_assignments) == totals.assignments);
    LQ_ASSERT(count_rows(view, &dispatch_table_open) == totals.open);
    LQ_ASSERT(count_rows(view, &dispatch_table_engaged) == totals.engaged);
    LQ_ASSERT(count_rows(view, &dispatch_table_participants) == totals.participants);
    dispatch_check_work(view);
    dispatch_check_calls(view);
    dispatch_check_handovers(view);
    lq_steps_check(&lq_service_dispatch, view);
    lq_clocks_check(view);
    lq_papers_check(view);
}
