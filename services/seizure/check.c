// What always holds of the tables.
#include "seizure.h"

static void check_dismantled(const Seizure__Item *item)
{
    LQ_ASSERT(item->state == SEIZURE__STATE__OUT_OF_USE);
    LQ_ASSERT(item->seal[0] == '\0' && item->rule[0] == '\0');
    LQ_ASSERT(item->due_ms == 0 && item->extended_at_ms == 0 && item->released_at_ms == 0 &&
              item->lapsed_at_ms == 0);
}

static void check_term(const Seizure__Item *item)
{
    LQ_ASSERT(item->due_ms > item->at_ms);
    LQ_ASSERT(item->rule[0] != '\0' && item->law_revision[0] != '\0');
    if (seizure_extended(item))
        LQ_ASSERT(item->extended_at_ms >= item->at_ms && item->extended_at_ms < item->due_ms);
    LQ_ASSERT(item->lapsed_at_ms == 0 || item->lapsed_at_ms == item->due_ms);
}

static void check_state(const Seizure__Item *item)
{
    const bool extended = seizure_extended(item);
    LQ_ASSERT((item->released_by[0] != '\0') == (item->state == SEIZURE__STATE__RELEASED));
    switch (item->state) {
    case SEIZURE__STATE__IN_FORCE:
        LQ_ASSERT(!extended && item->lapsed_at_ms == 0);
        return;
    case SEIZURE__STATE__EXTENDED:
        LQ_ASSERT(extended && item->lapsed_at_ms == 0);
        return;
    case SEIZURE__STATE__LAPSED:
        LQ_ASSERT(item->lapsed_at_ms == item->due_ms);
        return;
    case SEIZURE__STATE__RELEASED:
        LQ_ASSERT(item->released_at_ms >= item->at_ms);
        LQ_ASSERT(!extended || item->released_at_ms >= item->extended_at_ms);
        LQ_ASSERT((item->lapsed_at_ms != 0) == (item->released_at_ms >= item->due_ms));
        return;
    case SEIZURE__STATE__STATE_UNSPECIFIED:
    case SEIZURE__STATE__OUT_OF_USE:
    case _SEIZURE__STATE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE(); // what is sealed has one of the four states above
}

static void check_items(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &seizure_table_items, lq_key_none()); lq_scan_next(&s);) {
        const Seizure__Item *item = s.row;
        LQ_ASSERT(item->officer_1[0] != '\0' && item->officer_2[0] != '\0');
        LQ_ASSERT(strcmp(item->officer_1, item->officer_2) != 0);
        if (item->action == SEIZURE__ACTION__DISMANTLED) {
            check_dismantled(item);
            continue;
        }
        LQ_ASSERT(item->action == SEIZURE__ACTION__SEALED);
        check_term(item);
        check_state(item);
        const Seizure__SealUse *use = lq_find(view, &seizure_table_seals, lq_key_text(item->seal));
        LQ_ASSERT(use != NULL && strcmp(use->item, item->number) == 0);
    }
}

static void check_seals(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &seizure_table_seals, lq_key_none()); lq_scan_next(&s);) {
        const Seizure__SealUse *use = s.row;
        struct lq_key_reader reader = {.key = &s.key};
        const char *seal = lq_key_read_text(&reader);
        const Seizure__Item *item = lq_find(view, &seizure_table_items, lq_key_text(use->item));
        LQ_ASSERT(item != NULL && strcmp(item->seal, seal) == 0);
    }
}

void seizure_check(struct lq_view *view)
{
    check_items(view);
    check_seals(view);
}
