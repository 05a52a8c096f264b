#include "service/voided.h"

#include <string.h>

const struct lq_table lq_voided = {"voided", &rules__voided_thing__descriptor};

static struct lq_key key_of(const struct lq_table *table, const char *number)
{
    return lq_key_then_text(lq_key_text(table->name), number);
}

const Rules__VoidedThing *lq_voided_find(struct lq_view *view, const struct lq_table *table,
                                         const char *number)
{
    const struct lq_key room = {0};
    if (lq_count(view, &lq_voided) == 0) // the usual case, for each number that is given
        return NULL;
    if (strlen(table->name) + strlen(number) + 2 > sizeof room.bytes)
        return NULL;
    return lq_find(view, &lq_voided, key_of(table, number));
}

void lq_voided_save(struct lq_view *tables, const struct lq_table *table,
                    const Rules__VoidedThing *thing)
{
    lq_save(tables, &lq_voided, key_of(table, thing->number), &thing->base);
}
