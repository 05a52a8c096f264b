// The window of outstanding requests. It is as large as the bus allows for one connection
// (LQ_WAITING_PER_CLIENT): more would only be refused.
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "client/client_state.h"

struct lq_slot *lq_slot_find(struct lq_slot slots[LQ_CLIENT_WINDOW], uint64_t correlation)
{
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        if (slots[i].state != LQ_SLOT_FREE && slots[i].correlation == correlation)
            return &slots[i];
    return NULL;
}

struct lq_slot *lq_slot_unused(struct lq_slot slots[LQ_CLIENT_WINDOW])
{
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        if (slots[i].state == LQ_SLOT_FREE)
            return &slots[i];
    return NULL;
}

struct lq_slot *lq_slot_first_ready(struct lq_slot slots[LQ_CLIENT_WINDOW])
{
    struct lq_slot *first = NULL;
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        if (slots[i].state == LQ_SLOT_READY && (first == NULL || slots[i].ready < first->ready))
            first = &slots[i];
    return first;
}

void lq_slot_keep_reply(struct lq_slot *slot, struct lq_span reply)
{
    free(slot->reply);
    slot->reply = malloc(reply.size + 1);
    LQ_ASSERT(slot->reply != NULL);
    if (reply.size > 0)
        memcpy(slot->reply, reply.data, reply.size);
    slot->reply_size = reply.size;
}

void lq_slot_clear(struct lq_slot *slot)
{
    free(slot->request);
    free(slot->reply);
    *slot = (struct lq_slot){0};
}
