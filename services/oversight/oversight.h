// oversight: joint meetings and interviews. The parts of the service and how they meet; only this
// folder includes it. The tour: oversight.c (the contract), decide.c (the rules), state.c (the
// tables), query.c (the answers).
#pragma once

#include "oversight.pb-c.h"
#include "pb/limits.h"
#include "service/number.h"
#include "service/rows.h"
#include "service/service.h"

extern const struct lq_table oversight_table_meetings;   // number -> Meeting
extern const struct lq_table oversight_table_interviews; // number -> Interview

void oversight_check(struct lq_view *view);

// ---------------------------------------------------------------- handlers

lq_decide_fn oversight_record_meeting, oversight_record_interview;
lq_apply_fn oversight_meeting_recorded, oversight_interview_recorded;
lq_query_fn oversight_list_meetings, oversight_list_interviews;
