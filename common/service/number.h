// Official numbers: what people call an order or an item. They are texts that end in digits and
// rise, and they are the keys of the tables, so that what was made together lies together.
#pragma once

#include "service/service.h"

// A number that is free in the table whose keys are numbers: the one after the last, its trailing
// digits counted up, at least as wide ("O0262" -> "O0263", "献-99" -> "献-100"); `first` for an
// empty table. Where numbers stopped sorting as they count (O9999, O10000), or the last does not
// end in digits, the first free one from there, or from `first`, on. In the view's arena.
const char *lq_next_number(struct lq_view *view, const struct lq_table *table, const char *first);

// Accepts a command that says all that there is to record: emits the event `variant` with its
// fields of the same numbers, and its field `number` as given, else the next of the table (`first`:
// see above). The reply tells the number.
struct lq_verdict lq_record(struct lq_decision *d, unsigned variant, const void *command,
                            const struct lq_table *table, const char *first);
