// What can be said of an order by itself. Orders address few teams, so theirs are found by walking.
#include "dispatch.h"

const Dispatch__Assignment *dispatch_assignment(const Dispatch__Order *order, const char *team)
{
    for (size_t i = 0; i < order->n_assignments; i++)
        if (strcmp(order->assignments[i]->team, team) == 0)
            return order->assignments[i];
    return NULL;
}

bool dispatch_is_at_work(const Dispatch__Assignment *assignment)
{
    return assignment->step != DISPATCH__STEP__FINISHED && assignment->declined_at_ms == 0;
}

bool dispatch_is_open(const Dispatch__Order *order)
{
    if (order->cancelled_at_ms != 0)
        return false;
    for (size_t i = 0; i < order->n_assignments; i++)
        if (dispatch_is_at_work(order->assignments[i]))
            return true;
    return false;
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

int64_t dispatch_last_ms(const Dispatch__Order *order, const Dispatch__Assignment *assignment)
{
    if (assignment->declined_at_ms != 0)
        return assignment->declined_at_ms;
    if (assignment->step == DISPATCH__STEP__STEP_UNSPECIFIED)
        return order->issued_at_ms;
    return dispatch_step_ms(assignment, assignment->step);
}

const char *dispatch_step_name(Dispatch__Step step)
{
    switch (step) {
    case DISPATCH__STEP__STEP_UNSPECIFIED:
    case _DISPATCH__STEP_IS_INT_SIZE:
        return "not answered";
    case DISPATCH__STEP__ACKNOWLEDGED:
        return "acknowledged";
    case DISPATCH__STEP__DEPARTED:
        return "departed";
    case DISPATCH__STEP__ON_SCENE:
        return "on scene";
    case DISPATCH__STEP__FINISHED:
        return "finished";
    }
    LQ_UNREACHABLE();
}
