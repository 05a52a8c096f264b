#include "service/clock_tables.h"

const struct lq_table lq_clocks = {"clocks", &rules__clock__descriptor};
const struct lq_table lq_clocks_due = {"clocks_due", &rules__clock_id__descriptor};
