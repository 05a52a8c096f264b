// What must hold whatever is sent to the services: random lives of all of them together.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "pb/pb.h"
#include "rules/correct.h"
#include "rules/reading.h"
#include "runtime/verify.h"
#include "world.h"

enum { STEPS = 1200, SEEDS = 7 };

// ---------------------------------------------------------------- replay

static void assert_replays(struct lq_bed *bed)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    struct lq_verified verified;
    lq_host_plan(bed->service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    if (lq_verify(bed->service, bed->store, scratch, &bed->policy, NULL, NULL, &verified) != LQ_OK)
        fail_msg("%s: %s", bed->service->name, lq_fault_text());
    assert_int_equal(verified.records, lq_bed_tip(bed));
    lq_store_close(scratch);
}

// ---------------------------------------------------------------- fetch

static bool may_see(struct lq_bed *bed, const Lq__Record *record, const char *actor, uint32_t roles)
{
    const ProtobufCMessage *event = lq_bed_event(bed, record);
    if (event != NULL && !lq_reading_visible(event, roles))
        return false;
    if (event == NULL || bed->service->visible == NULL)
        return event != NULL;
    const bool seen = bed->service->visible(lq_bed_read(bed), event, actor, roles);
    lq_bed_end_read(bed);
    return seen;
}

// What is withheld of it is looked at elsewhere (test_readings, the simulator).
static bool has_withheld(struct lq_bed *bed, const Lq__Event *event, const Lq__Record *record,
                         uint32_t roles)
{
    const char *why = NULL;
    const ProtobufCMessage *told =
        lq_pb_decode_within(&LQ_PB_REPLY, &bed->arena, bed->service->event_type,
                            lq_span(event->body.data, event->body.len), &why);
    assert_non_null(told);
    return lq_has_readings(bed->service) && (roles & LQ_ROLE(SERVICE)) == 0 &&
           lq_pb_variant(told) == lq_pb_variant(lq_bed_event(bed, record)) &&
           (strstr(lq_pb_text(&bed->arena, told), "withheld=[") != NULL ||
            lq_pb_variant(told) == LQ_BODY_CORRECT || lq_pb_variant(told) == LQ_BODY_VOID);
}

static void assert_same_event(struct lq_bed *bed, const Lq__Event *event, const Lq__Record *record,
                              uint32_t roles)
{
    assert_int_equal(event->seq, record->seq);
    assert_int_equal(event->recorded_at_ms, record->recorded_at_ms);
    assert_int_equal(event->occurred_at_ms, record->occurred_at_ms);
    assert_string_equal(event->actor, record->actor);
    assert_string_equal(event->on_behalf_of, record->on_behalf_of);
    assert_string_equal(event->reason, record->reason);
    assert_true(lq_span_equal(lq_span(event->body.data, event->body.len),
                              lq_span(record->event.data, record->event.len)) ||
                has_withheld(bed, event, record, roles));
}

// Pages through the stream as that person: exactly the events that he may see, in order. That he
// has read some makes records of its own.
static void assert_pages(struct lq_bed *bed, const char *actor, uint32_t roles, uint32_t max)
{
    const uint64_t tip = lq_bed_tip(bed);
    uint64_t after = 0, next = 1;
    while (after < tip) {
        const uint64_t correlation = lq_bed_fetch(bed, actor, roles, after, max, 0);
        lq_bed_turn(bed);
        const Lq__Reply *reply = lq_bed_find(bed, correlation)->reply;
        assert_int_equal(reply->kind_case, LQ__REPLY__KIND_EVENTS);
        const Lq__Events *events = reply->events;
        assert_true(events->tip >= tip);
        assert_true(events->next_after > after && events->next_after <= events->tip);
        assert_true(max == 0 || events->n_events <= max);
        size_t i = 0;
        for (; next <= events->next_after; next++) {
            const Lq__Record *record = lq_bed_record(bed, next);
            if (!may_see(bed, record, actor, roles))
                continue;
            assert_true(i < events->n_events);
            assert_same_event(bed, events->events[i++], record, roles);
        }
        assert_int_equal(i, events->n_events);
        after = events->next_after;
        if (max != 1)
            lq_bed_forget(bed);
    }
    lq_bed_forget(bed);
}

static void assert_fetches(struct lq_bed *bed)
{
    if (strcmp(bed->service->name, "evidence") ==
        0) { // whose events of restricted files nobody gets
        lq_bed_query(bed, "P3", LQ_ROLE(LIAISON),
                     lq_message_of(&bed->arena, bed->service->query_type, "files {}"));
        lq_bed_turn(bed);
    }
    static const uint32_t pages[] = {1, 2, 7, 0};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        assert_pages(bed, "@other", LQ_ROLE(SERVICE), pages[i]);
        assert_pages(bed, "P3", LQ_ROLE(LIAISON), pages[i]);
        assert_pages(bed, "P5", LQ_ROLE(LEAD), pages[i]);
    }
}

// ---------------------------------------------------------------- random lives

static unsigned accepted_of[WORLD_SERVICES][WORLD_MEMBERS];
static bool seen_event[WORLD_SERVICES][WORLD_MEMBERS];

static void note_coverage(struct world *world)
{
    for (unsigned i = 0; i < world->count; i++) {
        struct lq_bed *bed = &world->beds[i];
        for (unsigned m = 0; m < WORLD_MEMBERS; m++)
            accepted_of[i][m] += world->accepted_of[i][m];
        for (uint64_t seq = 1; seq <= lq_bed_tip(bed); seq++) {
            const ProtobufCMessage *event = lq_bed_event(bed, lq_bed_record(bed, seq));
            for (unsigned m = 0; event != NULL && m < event->descriptor->n_fields; m++)
                seen_event[i][m] |= event->descriptor->fields[m].id == lq_pb_variant(event);
        }
        lq_bed_forget(bed);
    }
}

static void test_random_life(void **state)
{
    const uint64_t seed = (uint64_t)(uintptr_t)*state;
    struct world world;
    world_open(&world, seed);
    world_begin(&world);
    world_pump(&world);
    world_go_on(&world, STEPS);
    for (unsigned i = 0; i < world.count; i++) {
        int64_t due_ms;
        assert_replays(&world.beds[i]);
        assert_fetches(&world.beds[i]);
        world_check_trails(&world.beds[i]);
        if (lq_bed_first_timer(&world.beds[i], &due_ms)) // what was due has fired
            assert_true(due_ms > world.beds[i].now_ms);
    }
    note_coverage(&world);
    print_message("seed %llu: %llu of %llu commands accepted\n", (unsigned long long)seed,
                  (unsigned long long)world.accepted, (unsigned long long)world.decided);
    world_close(&world);
}

// A life with crashes ends as the same life without: nothing is lost, nothing happens twice, no
// timer and no followed event has a second effect.
static void test_crashes_change_nothing(void **state)
{
    const uint64_t seed = (uint64_t)(uintptr_t)*state;
    struct world smooth, rough;
    world_open(&smooth, seed);
    world_open(&rough, seed);
    rough.crashes = true;
    for (unsigned i = 0; i < smooth.count; i++)
        smooth.beds[i].keep_checks_off = true; // the lives above have looked
    rough.fetch_max = smooth.fetch_max = 3;
    world_begin(&smooth);
    world_begin(&rough);
    world_go_on(&smooth, STEPS / 2);
    world_go_on(&rough, STEPS / 2);
    assert_true(rough.crashed > 20);
    for (unsigned i = 0; i < smooth.count; i++) {
        const struct lq_bed_digest a = lq_bed_digest(&smooth.beds[i]);
        const struct lq_bed_digest b = lq_bed_digest(&rough.beds[i]);
        if (memcmp(&a, &b, sizeof a) != 0)
            fail_msg("%s ends differently after crashes", smooth.beds[i].service->name);
        assert_replays(&rough.beds[i]);
    }
    world_close(&smooth);
    world_close(&rough);
}

// A follower that has forgotten how far it was hears everything again, and does nothing.
static void test_events_heard_again_do_nothing(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, 77);
    world_begin(&world);
    world_go_on(&world, STEPS / 4);
    for (unsigned i = 0; i < world.count; i++) {
        const struct lq_bed_digest before = lq_bed_digest(&world.beds[i]);
        lq_bed_lose_cursors(&world.beds[i]);
        lq_bed_settle(&world.beds[i]);
        for (unsigned s = 0; s < world.beds[i].stream_count; s++)
            assert_int_equal(world.beds[i].streams[s].ask.after, 0);
        world_pump(&world);
        lq_bed_assert_digest(&world.beds[i], before);
    }
    world_close(&world);
}

// The lives above say little if they do not reach everything: each command was accepted at least
// once, and each event that only notes what another service tells was made.
static void test_lives_reach_everything(void **state)
{
    (void)state;
    unsigned missing = 0;
    for (unsigned i = 0; lq_services[i] != NULL; i++) {
        const struct lq_service *service = lq_services[i];
        for (unsigned m = 0; m < service->command_type->n_fields; m++) {
            if (getenv("LQ_WORLD_COUNTS") != NULL)
                print_message("%s %s: %u\n", service->name, service->command_type->fields[m].name,
                              accepted_of[i][m]);
            const struct lq_command_row *rule =
                lq_command_row(service, service->command_type->fields[m].id);
            // What only the service may say it says to itself: its events are looked for below.
            if (accepted_of[i][m] > 0 || (rule->who & LQ_ANY_PERSON) == 0)
                continue;
            print_error("%s never accepted %s\n", service->name,
                        service->command_type->fields[m].name);
            missing++;
        }
        for (unsigned m = 0; m < service->event_type->n_fields; m++) {
            if (seen_event[i][m] || lq_event_of_before(&service->event_type->fields[m]))
                continue;
            print_error("%s never made %s\n", service->name, service->event_type->fields[m].name);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

int main(void)
{
    struct CMUnitTest tests[2 * SEEDS + 2];
    size_t count = 0;
    for (uintptr_t seed = 1; seed <= SEEDS; seed++) {
        tests[count++] = (struct CMUnitTest){.name = "test_random_life",
                                             .test_func = test_random_life,
                                             .initial_state = (void *)seed};
        tests[count++] = (struct CMUnitTest){.name = "test_crashes_change_nothing",
                                             .test_func = test_crashes_change_nothing,
                                             .initial_state = (void *)(seed + 100)};
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_events_heard_again_do_nothing);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_lives_reach_everything);
    return _cmocka_run_group_tests("world", tests, count, NULL, NULL);
}
