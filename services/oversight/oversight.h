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

struct lq_verdict oversight_decide(struct lq_decision *d, const Oversight__Command *command);
void oversight_apply(struct lq_view *tables, const struct lq_occurrence *what,
                     const Oversight__Event *event);
void oversight_query(struct lq_reading *r, const Oversight__Query *query,
                     Oversight__Answer *answer);
void oversight_check(struct lq_view *view);
