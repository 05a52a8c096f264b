// Lists that need no code of their own.
#pragma once

#include "service/service.h"

// Answers a page of the table's rows in the order of their keys. The question has `after` and
// `limit` (service/rows.h); each other field that the rows have too, by name and type, is a filter
// where it is set: texts and enum values must be the same.
void lq_list(struct lq_reading *r, const struct lq_table *table, const void *query, void *answer);
