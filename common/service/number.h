// Official numbers: what people call an order or an item. They are texts that end in digits and
// rise, and they are the keys of the tables, so that what was made together lies together.
#pragma once

#include "service/service.h"

// A number that is free in the table whose keys are numbers: the one after the last of the
// service's own series, which begins with `first` ("O0262" -> "O0263"). Numbers of other books that
// came from paper ("Z临时9", "献-99", "O2015-7") do not lead it astray. Where numbers have grown
// wider than `first` (O9999, O10000), a free one from there on. In the view's arena.
const char *lq_next_number(struct lq_view *view, const struct lq_table *table, const char *first);

// The number of something new: as given, or if that is empty, the next of the table (`first`: see
// above). It can be changed as a message's field can, and is not to be.
char *lq_number_or_next(struct lq_decision *d, const char *given, const struct lq_table *table,
                        const char *first);

// Accepts a command that says all that there is to record: emits the event `variant` with its
// fields of the same numbers, and its field `number` as given, else the next of the table (`first`:
// see above). The reply tells the number.
struct lq_verdict lq_record(struct lq_decision *d, unsigned variant, const void *command,
                            const struct lq_table *table, const char *first);
