// oversight: joint meetings, the issues that they raise, and interviews. What the parts of the
// service share; only this folder includes it. The tour: oversight.c (the contract), and a file for
// each thing, with the rules by which it is recorded and what always holds of it.
#pragma once

#include "oversight.pb-c.h"
#include "pb/pb.h"
#include "config/policy.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/trail.h"
#include "service/need.h"
#include "service/number.h"
#include "service/service.h"

extern const struct lq_table oversight_meetings;   // number -> Meeting
extern const struct lq_table oversight_interviews; // number -> Interview
extern const struct lq_table oversight_issues;     // number -> Issue

lq_decide_fn oversight_record_meeting, oversight_record_interview, oversight_record_issue;
lq_correct_check_fn oversight_check_meeting, oversight_check_interview, oversight_check_issue;
lq_void_check_fn oversight_void_meeting;
void oversight_check(struct lq_view *view);
