// Requests that wait, in the order in which they came. Bytes are copied once, as they come in; what
// is made of them lives in the step's arena.
#include <stdlib.h>

#include "runtime/host_parts.h"

void lq_queue_append(struct queue *queue, struct waiting *waiting)
{
    waiting->next = NULL;
    if (queue->first == NULL)
        queue->last = &queue->first;
    *queue->last = waiting;
    queue->last = &waiting->next;
    queue->count++;
}

void lq_queue_add(struct queue *queue, const struct lq_caller *caller, struct lq_span request)
{
    const size_t route_size = caller->route.size;
    struct waiting *waiting = malloc(sizeof *waiting + route_size + request.size);
    LQ_ASSERT(waiting != NULL && strlen(caller->actor) < ACTOR_TEXT);
    *waiting = (struct waiting){
        .since_ms = -1, .roles = caller->roles, .route_size = route_size, .size = request.size};
    strcpy(waiting->actor, caller->actor);
    if (route_size > 0)
        memcpy(waiting->bytes, caller->route.data, route_size);
    if (request.size > 0)
        memcpy(waiting->bytes + route_size, request.data, request.size);
    lq_queue_append(queue, waiting);
}

struct waiting *lq_queue_take(struct queue *queue)
{
    struct waiting *first = queue->first;
    if (first != NULL) {
        queue->first = first->next;
        queue->count--;
    }
    return first;
}

void lq_queue_free(struct queue *queue)
{
    for (struct waiting *waiting; (waiting = lq_queue_take(queue)) != NULL;)
        free(waiting);
}
