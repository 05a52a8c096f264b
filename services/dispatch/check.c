// The invariants. The order's row and those of its teams are what is true; the two indexes and the
// counts repeat it, and must say the same.
#include "dispatch.h"

// The steps up to the one the team is at have rising times, those after it none.
static void check_steps(const Dispatch__Order *order, const Dispatch__Assignment *a)
{
    int64_t last_ms = order->issued_at_ms;
    int at = DISPATCH__STEP__STEP_UNSPECIFIED;
    bool reached = true;
    for (int next; (next = lq_step_after(&dispatch_team_steps, at)) != at; at = next) {
        const int64_t next_ms = dispatch_step_ms(a, (Dispatch__Step)next);
        reached = reached && at != (int)a->step;
        LQ_ASSERT(reached ? next_ms >= last_ms : next_ms == 0);
        if (reached)
            last_ms = next_ms;
    }
    LQ_ASSERT(!reached || at == (int)a->step); // it is on the way
    LQ_ASSERT(a->declined_at_ms == 0 || a->declined_at_ms >= last_ms);
    LQ_ASSERT(a->declined_at_ms == 0 || lq_step_by(&dispatch_team_steps, (int)a->step,
                                                   DISPATCH__COMMAND__BODY_DECLINE_ORDER));
    LQ_ASSERT(order->cancelled_at_ms == 0 || order->cancelled_at_ms >= last_ms);
}

static unsigned count_participants(struct lq_view *view, const char *order)
{
    unsigned count = 0;
    struct lq_scan s = lq_scan(view, &dispatch_table_participants, lq_key_text(order));
    while (lq_scan_next(&s))
        count++;
    return count;
}

struct totals {
    unsigned orders, assignments, open, engaged, participants;
};

// Of an order: none once it is cancelled.
struct at_work {
    unsigned teams, unanswered;
};

static void check_assignment(struct lq_view *view, const Dispatch__Order *order,
                             const Dispatch__Assignment *a, struct at_work *at_work)
{
    const bool engaged = order->cancelled_at_ms == 0 && dispatch_is_at_work(a);
    check_steps(order, a);
    LQ_ASSERT(lq_exists(view, &dispatch_table_engaged, dispatch_pair(a->team, order->number)) ==
              engaged);
    at_work->teams += engaged;
    at_work->unanswered += engaged && dispatch_is_unanswered(a);
}

static void check_open(struct lq_view *view, const Dispatch__Order *order,
                       const struct at_work *at_work)
{
    const Dispatch__OpenOrder *open = dispatch_find_open(view, order->number);
    LQ_ASSERT((open != NULL) == (at_work->teams > 0));
    if (open == NULL)
        return;
    LQ_ASSERT(open->at_work == at_work->teams);
    LQ_ASSERT(open->unanswered == at_work->unanswered);
    LQ_ASSERT(open->issued_at_ms == order->issued_at_ms);
    LQ_ASSERT(strcmp(open->desk, order->desk) == 0);
}

static void check_order(struct lq_view *view, const Dispatch__Order *row, struct totals *totals)
{
    LQ_ASSERT(row->n_assignments == 0);
    const Dispatch__Order *order = dispatch_whole(view, row);
    LQ_ASSERT(order->n_assignments > 0);
    struct at_work at_work = {0};
    for (size_t i = 0; i < order->n_assignments; i++)
        check_assignment(view, order, order->assignments[i], &at_work);
    check_open(view, order, &at_work);
    LQ_ASSERT(count_participants(view, order->number) == order->participants);
    totals->orders++;
    totals->assignments += (unsigned)order->n_assignments;
    totals->open += at_work.teams > 0;
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
}
