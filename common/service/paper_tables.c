#include "service/paper_tables.h"

const struct lq_table lq_papers = {"papers", &rules__paper__descriptor};
const struct lq_table lq_paper_pages = {"paper_pages", &rules__paper_page__descriptor};
const struct lq_table lq_paper_counts = {"paper_counts", &rules__paper_count__descriptor};
const struct lq_table lq_paper_places = {"paper_places", &rules__paper_mark__descriptor};
const struct lq_table lq_paper_things = {"paper_things", &rules__paper_mark__descriptor};
