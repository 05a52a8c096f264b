// What was voided: it is in its table no more, so that no rule and no list meets it, and its number
// stays used.
#pragma once

#include "rules.pb-c.h"
#include "service/tables.h"

// Every service has it: name of the thing's table, number -> VoidedThing. (Of a thing that is
// voided again, since it has no number of its own, the last time.)
extern const struct lq_table lq_voided;

// Any text may be asked for. NULL: no thing of that table and number was voided.
const Rules__VoidedThing *lq_voided_find(struct lq_view *view, const struct lq_table *table,
                                         const char *number);

void lq_voided_save(struct lq_view *tables, const struct lq_table *table,
                    const Rules__VoidedThing *thing);
