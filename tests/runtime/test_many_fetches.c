// Many terminals wait at once: what a turn costs must not grow with them times the journal.
#include "host_support.h"

#include "runtime/host_parts.h"

enum { EVENTS = 400, TERMINALS = 300, MEMORY = 8 * 1024 * 1024 };

static void (*answer)(void *self, struct lq_span route, struct lq_span reply);
static size_t most_memory;

static void answer_and_measure(void *self, struct lq_span route, struct lq_span reply)
{
    if (bed.host->arena.used > most_memory)
        most_memory = bed.host->arena.used;
    answer(self, route, reply);
}

static void measure(void)
{
    most_memory = 0;
    answer = bed.host->io.answer;
    bed.host->io.answer = answer_and_measure;
}

static void record_interviews(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_settle(&bed);
}

// After an outage every terminal asks for all that it missed, in the same turn.
static void test_many_fetches_in_a_turn_take_the_memory_of_one(void **state)
{
    (void)state;
    uint64_t fetches[TERMINALS];
    record_interviews(EVENTS);
    measure();
    for (unsigned i = 0; i < TERMINALS; i++)
        fetches[i] = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 0, 5000);
    lq_bed_turn(&bed);
    for (unsigned i = 0; i < TERMINALS; i++)
        assert_int_equal(events_of(fetches[i])->n_events, EVENTS);
    assert_true(most_memory < MEMORY);
}

static void test_many_parked_fetches_take_the_memory_of_one(void **state)
{
    (void)state;
    uint64_t fetches[TERMINALS];
    for (unsigned i = 0; i < TERMINALS; i++)
        fetches[i] = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 0, 5000);
    lq_bed_turn(&bed);
    measure();
    record_interviews(EVENTS);
    for (unsigned i = 0; i < TERMINALS; i++)
        assert_int_equal(events_of(fetches[i])->n_events, EVENTS);
    assert_true(most_memory < MEMORY);
}

// Those that wait from different places all hear exactly what stands behind theirs.
static void test_parked_fetches_from_different_places(void **state)
{
    (void)state;
    uint64_t fetches[EVENTS];
    record_interviews(1);
    for (unsigned i = 0; i < EVENTS; i++) {
        fetches[i] = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), lq_bed_tip(&bed), 0, 5000);
        lq_bed_turn(&bed);
        send("record_interview {}"); // rejected: nobody hears of it
        lq_bed_turn(&bed);
    }
    record_interviews(EVENTS);
    for (unsigned i = 0; i < EVENTS; i++) {
        const Lq__Events *events = events_of(fetches[i]);
        assert_int_equal(events->n_events, EVENTS);
        assert_int_equal(events->events[0]->seq, 2 + EVENTS);
        assert_int_equal(events->next_after, 1 + 2 * EVENTS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OVERSIGHT(test_many_fetches_in_a_turn_take_the_memory_of_one),
        OVERSIGHT(test_many_parked_fetches_take_the_memory_of_one),
        OVERSIGHT(test_parked_fetches_from_different_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
