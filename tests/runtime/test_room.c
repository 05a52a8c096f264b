// A journal's disk that is full, or was when it was written to: commands are refused with what to
// do about it, the service's own work waits, reading goes on, and with room everything goes on. And
// how fast a journal grows.
#include "host_support.h"

enum { MIB = 1 << 20, HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

static struct lq_store_disk disk;

static struct lq_store_disk tell_disk(struct lq_store *store)
{
    (void)store;
    return disk;
}

// The next step finds so much free on a disk of 100 GiB.
static void have_free(uint64_t mib)
{
    disk = (struct lq_store_disk){.id = 7, .bytes = 100LL << 30, .free_bytes = mib * MIB};
    bed.engine.disk = tell_disk;
}

static const Lq__Status *status_now(void)
{
    const uint64_t asked = lq_bed_query(&bed, "P5", LQ_ROLE(LEAD), NULL);
    lq_bed_turn(&bed);
    return (const void *)answer_of(asked, &lq__status__descriptor);
}

static const Lq__Refusal *refusal_of(struct lq_bed_sent sent)
{
    lq_bed_assert_refused(&bed, sent.correlation, LQ__REFUSAL__WHY__JOURNAL_FULL);
    return lq_bed_find(&bed, sent.correlation)->reply->refusal;
}

static struct lq_bed_sent try_one(void)
{
    const struct lq_bed_sent sent = send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
    return sent;
}

static void test_a_full_disk_refuses_commands_only(void **state)
{
    (void)state;
    have_free(128);
    const struct lq_bed_sent first = try_one();
    assert_true(lq_bed_outcome(&bed, first.correlation).accepted);
    assert_null(status_now()->full);

    have_free(127);
    const Lq__Refusal *refusal = refusal_of(try_one());
    assert_non_null(strstr(refusal->text, "disk"));
    assert_non_null(strstr(refusal->text, "127 MiB"));
    assert_non_null(strstr(refusal->text, "128 MiB"));
    assert_null(strchr(refusal->text, '/')); // no path
    assert_true(refusal->retry);
    const Lq__Status *status = status_now();
    assert_string_equal(status->full->text, refusal->text);
    assert_int_equal(status->tip->seq, 1);
    assert_int_equal(status->disk, 7);
    assert_int_equal(status->disk_bytes, 100LL << 30);
    assert_int_equal(status->disk_free_bytes, 127 * MIB);
    assert_int_equal(status->disk_refuse_bytes, 128 * MIB);
    const uint64_t repeat = lq_bed_send_bytes(&bed, "P4", CLERK, first.command);
    const uint64_t fetch = lq_bed_fetch(&bed, "P5", LQ_ROLE(LEAD), 0, 1, 0);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, repeat).repeated);
    assert_int_equal(events_of(fetch)->n_events, 1);

    have_free(128); // no restart is needed
    assert_true(lq_bed_outcome(&bed, try_one().correlation).accepted);
}

static void test_a_limit_of_none_refuses_nothing(void **state)
{
    (void)state;
    bed.policy.disk_refuse_free_mib = 0;
    have_free(0);
    assert_true(lq_bed_outcome(&bed, try_one().correlation).accepted);
    bed.policy.disk_refuse_free_mib = 128;
    assert_int_equal(refusal_of(try_one())->why, LQ__REFUSAL__WHY__JOURNAL_FULL);
    disk.bytes = 0; // it cannot be told
    assert_true(lq_bed_outcome(&bed, try_one().correlation).accepted);
}

static const char *const PERSON =
    "person_registered {badge=\"P1\" name=\"a\" role=LEAD team=\"T1\" group=\"A\"}";

// What was accepted elsewhere is followed until half of that is left; it is kept meanwhile.
static void test_following_waits_for_room(void **state)
{
    (void)state;
    lq_bed_turn(&bed); // asks
    for (int i = 0; i < 2; i++)
        lq_bed_feed(&bed, "shift", START_MS,
                    lq_message_of(&bed.arena, lq_bed_stream(&bed, "shift")->event_type, PERSON));
    have_free(64);
    lq_bed_hear(&bed, "shift", 1, 1);
    lq_bed_turn(&bed);
    const uint64_t tip = lq_bed_tip(&bed);
    assert_true(tip > 0);

    have_free(63);
    lq_bed_hear(&bed, "shift", 2, 2);
    lq_bed_turn(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip);
    const int64_t wake_ms = lq_host_wake_ms(bed.host, bed.now_ms);
    assert_in_range(wake_ms - bed.now_ms, 1, 5000); // looks again soon, and does not spin

    have_free(64);
    bed.now_ms = wake_ms;
    lq_bed_turn(&bed);
    assert_true(lq_bed_tip(&bed) > tip);
}

// The process writes nothing for a while after a write that found no room, though the disk has some
// (a quota is no disk's).
static void test_a_write_that_found_no_room_is_not_repeated_at_once(void **state)
{
    (void)state;
    have_free(50000);
    lq_host_hold(bed.host);
    const Lq__Refusal *refusal = refusal_of(try_one());
    assert_non_null(strstr(refusal->text, "found no room"));
    assert_string_equal(status_now()->full->text, refusal->text);
    bed.now_ms += 14 * 1000;
    refusal_of(try_one());
    bed.now_ms += 1000;
    assert_true(lq_bed_outcome(&bed, try_one().correlation).accepted);
    assert_null(status_now()->full);
}

// ---------------------------------------------------------------- growth

static void record(int count)
{
    for (int i = 0; i < count; i++)
        send("record_interview {kind=\"official\"}");
    lq_bed_turn(&bed);
}

static void assert_growth(unsigned days, uint64_t records_a_day)
{
    const Lq__Status *status = status_now();
    const uint64_t each = lq_store_usage(bed.store).bytes / lq_bed_tip(&bed);
    assert_int_equal(status->growth_days, days);
    assert_in_range(status->growth_bytes, records_a_day * each * 99 / 100, records_a_day * each);
}

static void test_how_fast_it_grows(void **state)
{
    (void)state;
    assert_int_equal(status_now()->growth_days, 0); // nothing is there
    record(48);
    bed.now_ms += 23 * HOUR_MS;
    assert_int_equal(status_now()->growth_days, 0); // too young to tell
    bed.now_ms += HOUR_MS;
    assert_growth(1, 48);
    bed.now_ms += DAY_MS;
    assert_growth(2, 24);
    for (int day = 2; day < 20; day++) {
        record(70);
        bed.now_ms += DAY_MS;
    }
    assert_growth(7, 70); // the first days are forgotten
    bed.now_ms += 30LL * DAY_MS;
    assert_growth(7, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OVERSIGHT(test_a_full_disk_refuses_commands_only),
        OVERSIGHT(test_a_limit_of_none_refuses_nothing),
        SEIZURE(test_following_waits_for_room),
        OVERSIGHT(test_a_write_that_found_no_room_is_not_repeated_at_once),
        OVERSIGHT(test_how_fast_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
