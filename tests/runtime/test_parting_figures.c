// What stats has booked for a history of another stream that is gone is taken back, once, and its
// figures are those of one who has only followed what the stream has now.
#include "parting.h"

#include "stats.pb-c.h"

// What is told of a question; in the arena of the bed.
static const char *told(struct lq_bed *b, const char *question)
{
    const ProtobufCMessage *query = lq_message_of(&b->arena, b->service->query_type, question);
    const uint64_t asked = lq_bed_query(b, "P1", LQ_ANYONE, query);
    lq_bed_turn(b);
    const struct lq_bed_reply *found = lq_bed_find(b, asked);
    assert_non_null(found);
    assert_int_equal(found->reply->kind_case, LQ__REPLY__KIND_ANSWER);
    const ProtobufCBinaryData body = found->reply->answer->body;
    char *text = lq_arena_alloc(&b->arena, 2 * body.len + 1);
    for (size_t i = 0; i < body.len; i++)
        snprintf(text + 2 * i, 3, "%02x", body.data[i]);
    return text;
}

static void assert_same_figures(void)
{
    static const char *const QUESTIONS[] = {
        "figures {}",        "figures {by=TOWNSHIP}", "figures {by=TEAM}", "figures {by=CIVIL_DAY}",
        "figures {by=KIND}", "figures {by=MONTH}",    "figures {by=WEEK}"};
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS; i++)
        assert_string_equal(told(&bed, QUESTIONS[i]), told(&other, QUESTIONS[i]));
}

static void issue(struct lq_bed *b)
{
    plan_order(b, "O1", "东乡");
    plan_order(b, "O2", "西乡");
}

static void figures_are_those_of_the_history_that_stands(void **state)
{
    (void)state;
    issue(&bed);
    plan_order(&bed, "O3", "东乡"); // gone, with its vehicles, its crew and its departure
    tell(&bed, "dispatch",
         "participant_recorded {order=\"O3\" badge=\"P5\" team=\"T01\" township=\"东乡\"}");
    tell(&bed, "dispatch", "step_reported {order=\"O3\" team=\"T01\" step=DEPARTED}");
    tell(&bed, "dispatch", "step_reported {order=\"O1\" team=\"T01\" step=DEPARTED}");
    tell(&bed, "dispatch", "order_cancelled {order=\"O2\"}");
    tell(&bed, "casefile", "notice_issued {number=\"N1\" township=\"东乡\" premises=\"E1\"}");
    const int64_t before_ms = bed.now_ms;
    const char *known = told(&bed, "figures {}");
    put_back("dispatch", 2);
    bed.now_ms += 3600000;
    assert_accepted("dispatch", 2);
    assert_verified();

    // The same numbers again, on another way: O1 is cancelled before a team departed, as it was
    // not.
    plan_order(&bed, "O3", "南乡");
    tell(&bed, "dispatch", "order_cancelled {order=\"O1\"}");
    tell(&bed, "dispatch", "step_reported {order=\"O2\" team=\"T01\" step=DEPARTED}");
    tell(&bed, "dispatch", "order_cancelled {order=\"O2\"}"); // too late
    assert_verified();

    lq_bed_open(&other, bed.service, START_MS);
    issue(&other);
    tell(&other, "casefile", "notice_issued {number=\"N1\" township=\"东乡\" premises=\"E1\"}");
    plan_order(&other, "O3", "南乡");
    tell(&other, "dispatch", "order_cancelled {order=\"O1\"}");
    tell(&other, "dispatch", "step_reported {order=\"O2\" team=\"T01\" step=DEPARTED}");
    tell(&other, "dispatch", "order_cancelled {order=\"O2\"}");
    assert_same_figures();
    lq_bed_close(&other);

    // What was known then is still what was known then.
    const char *then =
        told(&bed, lq_arena_format(&bed.arena, "figures {as_of_ms=%lld}", (long long)before_ms));
    assert_string_equal(then, known);
}

static void what_was_taken_back_is_not_taken_back_again(void **state)
{
    (void)state;
    issue(&bed);
    plan_order(&bed, "O3", "东乡");
    put_back("dispatch", 2);
    assert_accepted("dispatch", 2);
    plan_order(&bed, "O4", "东乡");
    put_back("dispatch", 1);
    assert_accepted("dispatch", 1);
    plan_order(&bed, "O5", "南乡");
    assert_verified();
    assert_int_equal(lq_host_counts(bed.host).rejected, 0); // nor is that tried
    lq_bed_open(&other, bed.service, START_MS);
    plan_order(&other, "O1", "东乡");
    plan_order(&other, "O5", "南乡");
    assert_same_figures();
    lq_bed_close(&other);
}

// What dispatch has settled is of no concern to another stream.
static void what_other_streams_have_done_stands(void **state)
{
    (void)state;
    struct lq_bed *beds[] = {&bed, &other};
    lq_bed_open(&other, bed.service, START_MS);
    for (int i = 0; i < 2; i++) {
        issue(beds[i]);
        tell(beds[i], "casefile", "notice_issued {number=\"N1\" township=\"东乡\"}");
        tell(beds[i], "dispatch", "step_reported {order=\"O1\" team=\"T01\" step=DEPARTED}");
        if (i == 0) {
            tell(&bed, "casefile", "notice_issued {number=\"N2\" township=\"东乡\"}");
            tell(&bed, "dispatch", "step_reported {order=\"O2\" team=\"T01\" step=DEPARTED}");
            put_back("casefile", 1);
            assert_accepted("casefile", 1);
        } else {
            tell(&other, "dispatch", "step_reported {order=\"O2\" team=\"T01\" step=DEPARTED}");
        }
        tell(beds[i], "dispatch", "order_cancelled {order=\"O1\"}"); // too late
        tell(beds[i], "dispatch", "order_cancelled {order=\"O2\"}");
    }
    assert_verified();
    assert_same_figures();
    lq_bed_close(&other);
}

// The counter-entries of our record `seq`; NULL: it was not taken back.
static const Stats__TakenBack *taken_back(uint64_t seq)
{
    for (uint64_t n = lq_bed_tip(&bed); n > seq; n--) {
        const Stats__Event *event = (const void *)lq_bed_event(&bed, lq_bed_record(&bed, n));
        if (event != NULL && event->body_case == STATS__EVENT__BODY_TAKEN_BACK &&
            event->taken_back->n_entries > 0 && event->taken_back->entries[0]->seq == seq)
            return event->taken_back;
    }
    return NULL;
}

// Entries of an earlier version do not say when what they count happened: as their record says.
static void entries_of_an_earlier_version_are_taken_back(void **state)
{
    (void)state;
    issue(&bed);
    const struct lq_bed_command book = {
        .actor = "@stats",
        .roles = LQ_ROLE(SERVICE),
        .body = command("book {entries=[{figure=NOTICES on_day=2015-03-06 amount=1 number=\"N9\" "
                        "stream=\"dispatch\" seq=3}]}")};
    const struct lq_bed_outcome booked = lq_bed_do(&bed, &book);
    assert_true(booked.accepted);
    lq_bed_open(&other, bed.service, START_MS);
    issue(&other);
    tell(&bed, "dispatch", "order_cancelled {order=\"O2\"}");
    put_back("dispatch", 2);
    assert_accepted("dispatch", 2);
    assert_verified();
    assert_same_figures();
    const Stats__TakenBack *taken = taken_back(booked.seq);
    assert_non_null(taken);
    assert_string_equal(taken->entries[0]->stream, "stats");
    assert_int_equal(taken->entries[0]->at_ms, lq_bed_record(&bed, booked.seq)->occurred_at_ms);
    lq_bed_close(&other);
}

static int open_stats(void **state)
{
    (void)state;
    lq_bed_open(&bed, lq_service_named("stats"), START_MS);
    return 0;
}

#define STATS(test) cmocka_unit_test_setup_teardown(test, open_stats, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STATS(figures_are_those_of_the_history_that_stands),
        STATS(what_other_streams_have_done_stands),
        STATS(entries_of_an_earlier_version_are_taken_back),
        STATS(what_was_taken_back_is_not_taken_back_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
