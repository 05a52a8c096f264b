// Orders: their tables, what is found and saved there, and what several rules ask of an order.
#include "dispatch.h"

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
    return assignment->step != DISPATCH__STEP__FINISHED && assignment->declined_at_ms == 0;
}

bool dispatch_is_unanswered(const Dispatch__Assignment *assignment)
{
    return assignment->step == DISPATCH__STEP__STEP_UNSPECIFIED;
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
    if (assignment->step == DISPATCH__STEP__STEP_UNSPECIFIED)
        return issued_at_ms;
    return dispatch_step_ms(assignment, assignment->step);
}

// ---------------------------------------------------------------- what the rules share

uint32_t dispatch_principal_roles(struct lq_decision *d)
{
    const struct lq_facts *facts = d->facts;
    return facts->on_behalf_of[0] != '\0' ? lq_roster_roles(d->view, facts->principal)
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
