// What there is to measure, in the text format of Prometheus (exposition format 0.0.4).
#pragma once

#include <stdio.h>

#include "lq/admin/survey.h"

// Numbers of what the force is doing, where dispatch answered; -1: it did not.
struct lq_metrics_orders {
    int64_t open, unanswered;
};

// Asks, and writes it all. The client is of the caller; nobody's answer is a measurement too.
void lq_metrics_take(struct lq_arena *arena, struct lq_client *client, struct lq_survey *survey,
                     struct lq_metrics_orders *orders);
void lq_metrics_write(const struct lq_survey *survey, const struct lq_metrics_orders *orders,
                      FILE *stream);
