// What happens next: a heap of parcels by time, and of the same time in the order in which they
// were planned. Nothing else moves the clock forward but a lull (work.c), after which what was
// planned meanwhile happens late, as in a machine that slept.
#include <stdlib.h>

#include "base/assert.h"
#include "sim/sim.h"

static bool before(const struct sim_parcel *a, const struct sim_parcel *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->serial < b->serial;
}

static void push(struct sim_queue *q, struct sim_parcel *parcel)
{
    if (q->count == q->room) {
        q->room = q->room == 0 ? 256 : 2 * q->room;
        q->heap = realloc(q->heap, q->room * sizeof(struct sim_parcel *));
        LQ_ASSERT(q->heap != NULL);
    }
    size_t at = q->count++;
    for (; at > 0 && before(parcel, q->heap[(at - 1) / 2]); at = (at - 1) / 2)
        q->heap[at] = q->heap[(at - 1) / 2];
    q->heap[at] = parcel;
}

static struct sim_parcel *pop(struct sim_queue *q)
{
    struct sim_parcel *first = q->heap[0], *last = q->heap[--q->count];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < q->count; at = child) {
        if (child + 1 < q->count && before(q->heap[child + 1], q->heap[child]))
            child++;
        if (!before(q->heap[child], last))
            break;
        q->heap[at] = q->heap[child];
    }
    if (q->count > 0)
        q->heap[at] = last;
    return first;
}

struct sim_parcel *sim_plan(struct sim *s, int64_t at_ms,
                            void (*arrive)(struct sim *, struct sim_parcel *), size_t size)
{
    struct sim_parcel *parcel = malloc(sizeof *parcel + size);
    LQ_ASSERT(parcel != NULL);
    *parcel = (struct sim_parcel){
        .arrive = arrive, .at_ms = at_ms, .serial = s->queue.next_serial++, .size = size};
    push(&s->queue, parcel);
    return parcel;
}

bool sim_step(struct sim *s)
{
    if (s->queue.count == 0)
        return false;
    struct sim_parcel *parcel = pop(&s->queue);
    if (parcel->at_ms > s->now_ms)
        s->now_ms = parcel->at_ms;
    s->counts.steps++;
    sim_trace(s, (uint64_t)s->now_ms, lq_span(NULL, 0));
    parcel->arrive(s, parcel);
    free(parcel);
    lq_arena_reset(&s->scratch);
    return true;
}

void sim_queue_free(struct sim_queue *q)
{
    for (size_t i = 0; i < q->count; i++)
        free(q->heap[i]);
    free(q->heap);
    *q = (struct sim_queue){0};
}

// Eight bytes at a time, in a fixed order of bytes.
void sim_trace(struct sim *s, uint64_t what, struct lq_span bytes)
{
    uint64_t hash = (s->trace ^ what) * 0x9e3779b97f4a7c15U;
    size_t i = 0;
    for (; i + 8 <= bytes.size; i += 8) {
        uint64_t word = 0;
        for (int b = 7; b >= 0; b--)
            word = word << 8 | bytes.data[i + (size_t)b];
        hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
        hash ^= hash >> 29;
    }
    for (; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * 0x100000001b3U;
    s->trace = hash ^ (hash >> 32) ^ bytes.size;
}
