// Timers, on a service made for it: the messages are those of oversight, but each meeting that is
// recorded sets a timer of its number, due as many milliseconds later as issues were raised, and a
// timer that fires records an interview whose kind is the timer's name. What the services of the
// county do when a timer fires would hide what the runtime does.
#include "host_support.h"
#include "oversight.pb-c.h"
#include "runtime/verify.h"

static const struct lq_service *real;
static unsigned silent; // so many timers cause nothing

static void set_timer(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Oversight__MeetingRecorded *meeting = event;
    lq_keep(tables, lq_event_row(real, OVERSIGHT__EVENT__BODY_MEETING_RECORDED)->keeps, meeting);
    // A meeting named "again/x" sets x anew, "clear/x" clears it.
    const char *name = meeting->number;
    if (strncmp(name, "clear/", 6) == 0)
        lq_timer_clear(tables, name + 6);
    else
        lq_timer_set(tables, strncmp(name, "again/", 6) == 0 ? name + 6 : name,
                     START_MS + meeting->issues_raised);
}

static void ring(struct lq_follow_up *f, int64_t due_ms, const char *timer)
{
    Oversight__RecordInterview interview = OVERSIGHT__RECORD_INTERVIEW__INIT;
    interview.kind = lq_arena_text(f->arena, timer);
    if (silent > 0)
        silent--;
    else
        lq_command_self(f, due_ms, OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW, &interview.base);
}

static struct lq_service bell;
static struct lq_event_row bell_events[] = {
    {.variant = OVERSIGHT__EVENT__BODY_MEETING_RECORDED, .apply = set_timer},
    {0}, // of the interviews, as it is
    {0},
};
static const struct lq_timer_row bell_timers[] = {{"", ring}, {0}};

static int open_bell(void **state)
{
    (void)state;
    real = lq_service_named("oversight");
    bell = *real;
    bell_events[1] = *lq_event_row(real, OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED);
    bell.events = bell_events;
    bell.timers = bell_timers;
    bell.check = NULL; // it has no tasks
    bell.replicas = NULL;
    static const struct lq_table *tables[2]; // that no row of bell_events keeps
    tables[0] = lq_event_row(real, OVERSIGHT__EVENT__BODY_MEETING_RECORDED)->keeps;
    bell.tables = tables;
    silent = 0;
    lq_bed_open(&bed, &bell, START_MS);
    return 0;
}

static void set(const char *number, unsigned after_ms)
{
    send(lq_arena_format(&bed.arena, "record_meeting {number=\"%s\" issues_raised=%u}", number,
                         after_ms));
    lq_bed_turn(&bed);
}

// The names of the timers that have rung, in order.
static const char *rung(void)
{
    const char *all = "";
    for (uint64_t seq = 1; seq <= lq_bed_tip(&bed); seq++) {
        const Oversight__Event *e = (const void *)lq_bed_event(&bed, lq_bed_record(&bed, seq));
        if (e != NULL && e->body_case == OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED)
            all = lq_arena_format(&bed.arena, "%s%s ", all, e->interview_recorded->kind);
    }
    return all;
}

static void assert_replays(void)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    struct lq_verified verified;
    lq_host_plan(&bell, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    if (lq_verify(&bell, bed.store, scratch, &bed.policy, NULL, NULL, &verified) != LQ_OK)
        fail_msg("%s", lq_fault_text());
    lq_store_close(scratch);
}

static void test_each_fires_at_its_instant(void **state)
{
    (void)state;
    set("c", 30);
    set("a", 10);
    set("b", 11);
    lq_bed_advance(&bed, START_MS + 9);
    assert_string_equal(rung(), "");
    assert_int_equal(lq_host_wake_ms(bed.host, bed.now_ms), START_MS + 10);
    lq_bed_advance(&bed, START_MS + 10);
    assert_string_equal(rung(), "a ");
    lq_bed_advance(&bed, START_MS + 29);
    assert_string_equal(rung(), "a b ");
    assert_replays(); // with one that is still set
    lq_bed_advance(&bed, START_MS + 1000);
    assert_string_equal(rung(), "a b c ");
    assert_replays();
}

static void test_those_due_together_fire_in_order(void **state)
{
    (void)state;
    set("late", 30);
    set("z", 20);
    set("y", 20);
    lq_bed_advance(&bed, START_MS + 60000);
    assert_string_equal(rung(), "y z late ");
}

static void test_more_than_a_turn_takes(void **state)
{
    (void)state;
    for (int i = 0; i < 150; i++)
        set(lq_arena_format(&bed.arena, "t%d", i), 10);
    bed.now_ms = START_MS + 10;
    lq_bed_turn(&bed);
    assert_true(lq_bed_tip(&bed) < 300);
    assert_true(lq_host_wake_ms(bed.host, bed.now_ms) <= bed.now_ms); // the rest wants a turn
    lq_bed_settle(&bed);
    assert_int_equal(lq_bed_tip(&bed), 300);
}

static void test_one_that_is_set_anew_fires_once(void **state)
{
    (void)state;
    set("a", 10);
    set("again/a", 20);
    set("b", 10);
    set("again/b", 5);
    lq_bed_advance(&bed, START_MS + 19);
    assert_string_equal(rung(), "b ");
    lq_bed_advance(&bed, START_MS + 1000);
    assert_string_equal(rung(), "b a ");
    assert_replays();
}

// It has another effect each time, though name and instant are the same.
static void test_one_that_is_set_again_after_it_fired(void **state)
{
    (void)state;
    set("a", 0);
    lq_bed_settle(&bed);
    assert_string_equal(rung(), "a ");
    set("again/a", 0);
    lq_bed_settle(&bed);
    assert_string_equal(rung(), "a a ");
    assert_replays();
}

static void test_one_that_is_cleared_does_not_fire(void **state)
{
    (void)state;
    set("a", 10);
    set("clear/a", 0);
    set("clear/b", 0); // was never set
    lq_bed_advance(&bed, START_MS + 1000);
    assert_string_equal(rung(), "");
    assert_replays();
}

static void test_one_that_causes_nothing_is_gone_for_good(void **state)
{
    (void)state;
    int64_t due_ms;
    set("a", 10);
    silent = 1;
    lq_bed_advance(&bed, START_MS + 10);
    assert_false(lq_bed_first_timer(&bed, &due_ms));
    assert_replays();
    lq_bed_crash(&bed);
    lq_bed_advance(&bed, START_MS + 1000);
    assert_string_equal(rung(), "");
    assert_int_equal(silent, 0);
}

static void test_crashes_neither_lose_nor_repeat(void **state)
{
    (void)state;
    set("a", 10);
    set("b", 10);
    bed.now_ms = START_MS + 10;
    for (int i = 0; i < 3; i++) {
        bed.fail_commit = true;
        assert_int_equal(lq_bed_try_turn(&bed), LQ_E_IO);
        lq_bed_crash(&bed);
        assert_string_equal(rung(), "");
    }
    lq_bed_settle(&bed);
    assert_string_equal(rung(), "a b ");
    for (int i = 0; i < 3; i++) {
        lq_bed_crash(&bed);
        lq_bed_settle(&bed);
    }
    assert_string_equal(rung(), "a b ");
    assert_replays();
}

// A command comes before what is due at its instant, and may still clear it.
static void test_a_command_comes_before_the_timer(void **state)
{
    (void)state;
    set("a", 10);
    bed.now_ms = START_MS + 10;
    set("clear/a", 0);
    lq_bed_settle(&bed);
    assert_string_equal(rung(), "");
}

// In a journal with no room left nothing fires, and nobody runs in circles for it.
static void test_a_full_journal_lets_timers_wait(void **state)
{
    (void)state;
    lq_bed_close(&bed);
    bed.journal_map_bytes = 40000;
    lq_bed_open(&bed, &bell, START_MS);
    bed.journal_map_bytes = 0;
    bed.policy.journal_refuse_percent = 100;
    set("a", 10);
    for (int i = 0; lq_store_usage(bed.store).percent < 100; i++)
        set(lq_arena_format(&bed.arena, "m%d", i), 1000000);
    bed.policy.journal_refuse_percent = 80; // the rest is twenty percent beyond the limit
    bed.now_ms = START_MS + 10;
    const uint64_t tip = lq_bed_tip(&bed);
    for (int i = 0; i < 3; i++)
        lq_bed_turn(&bed);
    assert_int_equal(lq_bed_tip(&bed), tip);
    assert_true(lq_host_wake_ms(bed.host, bed.now_ms) > bed.now_ms);
    bed.policy.journal_refuse_percent = 99; // made larger: it fires
    lq_bed_settle(&bed);
    assert_string_equal(rung(), "a ");
}

#define BELL(test) cmocka_unit_test_setup_teardown(test, open_bell, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BELL(test_each_fires_at_its_instant),
        BELL(test_those_due_together_fire_in_order),
        BELL(test_more_than_a_turn_takes),
        BELL(test_one_that_is_set_anew_fires_once),
        BELL(test_one_that_is_set_again_after_it_fired),
        BELL(test_one_that_is_cleared_does_not_fire),
        BELL(test_one_that_causes_nothing_is_gone_for_good),
        BELL(test_crashes_neither_lose_nor_repeat),
        BELL(test_a_full_journal_lets_timers_wait),
        BELL(test_a_command_comes_before_the_timer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
