// What can be said of an order, and of a team's part in it, by itself.
#include "dispatch.h"

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
