// oversight: joint meetings, the issues that they raise, interviews, plans, and tasks. What the
// parts of the service share; only this folder includes it. The tour: oversight.c (the contract),
// and a file for each thing, with the rules by which it is recorded and what always holds of it;
// no_let_go.c has what is answered before a task is closed.
#pragma once

#include "oversight.pb-c.h"
#include "pb/pb.h"
#include "config/policy.h"
#include "rules/attach.h"
#include "rules/bulletins.h"
#include "rules/clocks.h"
#include "rules/correct.h"
#include "rules/take_step.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"
#include "shift/replica/roster.h"
#include "shift/replica/told.h"

extern const struct lq_table oversight_meetings;   // number -> Meeting
extern const struct lq_table oversight_interviews; // number -> Interview
extern const struct lq_table oversight_issues;     // number -> Issue
extern const struct lq_table oversight_tasks;      // number -> Task
extern const struct lq_table oversight_plans;      // number -> Plan

extern const struct lq_steps oversight_task_steps;

// What a meeting counts of the tasks for its issues; in `apply`, what is to be added to that.
struct oversight_counts {
    int given, closed, added;
};
void oversight_count_task(struct lq_view *tables, const Oversight__Task *task,
                          const struct oversight_counts *more);

// A task that comes from it; in the view's arena. NULL: none does.
const char *oversight_task_from(struct lq_view *view, Oversight__Task__Source source,
                                const char *parent);

// Each line of policy.no_let_go has an answer in the act, which then has them as they are recorded.
// Rejects as CONDITION_MISSING, with all lines that have none.
struct lq_verdict oversight_need_answers(struct lq_decision *d, const char *number,
                                         Rules__Act *act);
void oversight_tell_lines(struct lq_reading *r, Oversight__TaskFile *file);

lq_decide_fn oversight_record_meeting, oversight_record_interview, oversight_record_issue,
    oversight_assign_task, oversight_record_plan;
lq_correct_check_fn oversight_check_meeting, oversight_check_interview, oversight_check_issue,
    oversight_check_task, oversight_check_plan;
lq_void_check_fn oversight_void_meeting, oversight_void_interview, oversight_void_plan;
lq_apply_fn oversight_task_assigned;
lq_changed_fn oversight_task_changed;
lq_stepped_fn oversight_task_stepped;
lq_query_fn oversight_list_meetings, oversight_list_tasks, oversight_show_task;
lq_clock_people_fn oversight_clock_people;
void oversight_check_meetings(struct lq_view *view);
void oversight_check_tasks(struct lq_view *view);
