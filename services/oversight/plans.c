// Plans of the departments. What is to be done by one is a task of it each.
#include "oversight.h"

const struct lq_table oversight_plans = {"plans", &oversight__plan__descriptor};

struct lq_verdict oversight_record_plan(struct lq_decision *d, const void *command)
{
    Oversight__RecordPlan c = *(const Oversight__RecordPlan *)command;
    c.number = lq_number_or_next(d, c.number, &oversight_plans, "FA001");
    LQ_TRY(lq_need_fields(d, OVERSIGHT__REJECT__FIELD_MISSING, &c, "title department"));
    LQ_TRY(lq_need_new(d, OVERSIGHT__REJECT__PLAN_KNOWN, &oversight_plans, c.number));

    Oversight__PlanRecorded plan = OVERSIGHT__PLAN_RECORDED__INIT;
    plan.number = c.number;
    plan.title = c.title;
    plan.department = c.department;
    plan.paper = c.paper;
    plan.recorded_at_ms = d->facts->occurred_ms;
    lq_emit(d, OVERSIGHT__EVENT__BODY_PLAN_RECORDED, &plan.base);
    lq_number(d, c.number);
    return LQ_ACCEPT;
}

struct lq_verdict oversight_check_plan(struct lq_decision *d, const char *number,
                                       const void *before, void *after)
{
    return lq_need_fields(d, OVERSIGHT__REJECT__FIELD_MISSING, after, "title department");
}

struct lq_verdict oversight_void_plan(struct lq_decision *d, const char *number, const void *plan)
{
    const char *task = oversight_task_from(d->view, OVERSIGHT__TASK__SOURCE__PLAN, number);
    if (task == NULL)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STILL_NEEDED), "plan %s has task %s: void that first", number,
                     task);
}
