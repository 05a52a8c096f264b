// What a scenario would be too long for: answers that end although there is more, and what services
// know of others when they are asked for what cannot be a key.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/time.h"
#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "dispatch/replica/orders.h"
#include "ledger.pb-c.h"
#include "ledger/replica/premises.h"
#include "pb/pb.h"
#include "service/decision.h"
#include "seizure.pb-c.h"
#include "shift/replica/roster.h"
#include "stats.pb-c.h"
#include "support/bed.h"
#include "support/message.h"

#define LONG "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" // 65 bytes

static const int64_t NOON_MS = 1425614400000; // 2015-03-06T12:00:00+08:00

static const struct lq_service *service_named(const char *name)
{
    unsigned i = 0;
    while (strcmp(lq_services[i]->name, name) != 0)
        i++;
    return lq_services[i];
}

static void open_bed(struct lq_bed *bed, const char *service)
{
    lq_bed_open(bed, service_named(service), NOON_MS);
    bed->keep_checks_off = true; // they walk all tables after each command
}

__attribute__((format(printf, 3, 4))) static void send(struct lq_bed *bed, uint32_t roles,
                                                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = lq_arena_vformat(&bed->arena, format, arguments);
    va_end(arguments);
    const struct lq_bed_command command = {
        .actor = roles == LQ_ROLE(SERVICE) ? lq_arena_format(&bed->arena, "@%s", bed->service->name)
                                           : "P1",
        .roles = roles,
        .body = lq_message_of(&bed->arena, bed->service->command_type, text)};
    const struct lq_bed_outcome outcome = lq_bed_do(bed, &command);
    if (!outcome.accepted)
        fail_msg("%s: %s", text, outcome.text != NULL ? outcome.text : outcome.refusal->text);
}

static const void *answer_to(struct lq_bed *bed, const char *question)
{
    const uint64_t asked = lq_bed_query(
        bed, "P1", LQ_ANYONE, lq_message_of(&bed->arena, bed->service->query_type, question));
    lq_bed_turn(bed);
    const Lq__Reply *reply = lq_bed_find(bed, asked)->reply;
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    const char *why = NULL;
    const void *answer =
        lq_pb_decode_within(&LQ_PB_REPLY, &bed->arena, bed->service->answer_type,
                            lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    assert_non_null(answer);
    return answer;
}

// ---------------------------------------------------------------- long answers

// A page also ends after so many rows that were looked at, and says from where to ask on.
static void test_a_walk_over_orders_ends(void **state)
{
    (void)state;
    enum { LOOKED_AT = 4000 };
    struct lq_bed bed = {0};
    open_bed(&bed, "dispatch");
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P1\" name=\"a\" role=LEAD team=\"T1\" group=\"A\"}");
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" name=\"b\" township=\"c\"}");
    lq_bed_tell(&bed, "shift",
                "shift_planned {group=\"A\" starts_at_ms=2015-03-06T08:00:00+08:00 "
                "ends_at_ms=2015-03-06T20:00:00+08:00}");
    for (int i = 1; i <= LOOKED_AT + 1; i++) {
        send(&bed, LQ_ROLE(DESK),
             "issue_order {number=\"O%05d\" kind=\"raid\" target=\"E1\" priority=URGENT "
             "teams=[\"T1\"]}",
             i);
        send(&bed, LQ_ROLE(DESK), "cancel_order {order=\"O%05d\" why=\"a test\"}", i);
    }
    const Dispatch__Answer *answer = answer_to(&bed, "list {team=\"T2\"}");
    assert_int_equal(answer->orders->n_orders, 0);
    assert_true(answer->orders->more);
    assert_string_equal(answer->orders->next_before, "O00002");
    answer = answer_to(&bed, "list {team=\"T2\" before=\"O00002\"}");
    assert_false(answer->orders->more);
    answer = answer_to(&bed, "list {team=\"T2\" before=\"O04001\"}"); // exactly as many
    assert_false(answer->orders->more);
    lq_bed_close(&bed);
}

static void test_a_case_shows_500_suspects(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    open_bed(&bed, "casefile");
    lq_bed_tell(&bed, "shift", "person_registered {badge=\"P1\" name=\"a\" role=LIAISON}");
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" name=\"b\" township=\"c\"}");
    lq_bed_tell(&bed, "dispatch", "order_issued {number=\"O1\" issued_at_ms=1 target=\"E1\"}");
    send(&bed, LQ_ROLE(LIAISON),
         "open_case {number=\"C1\" order=\"O1\" target=\"E1\" offence=\"d\"}");
    send(&bed, LQ_ROLE(LIAISON), "file_case {number=\"C1\"}");
    for (int i = 1; i <= 501; i++)
        send(&bed, LQ_ROLE(LIAISON),
             "identify_suspect {number=\"X%04d\" case_number=\"C1\" name=\"e\"}", i);
    const Casefile__Answer *answer = answer_to(&bed, "show {number=\"C1\"}");
    assert_int_equal(answer->file->n_suspects, 500);
    assert_string_equal(answer->file->suspects[499]->number, "X0500");
    lq_bed_close(&bed);
}

static void test_premises_show_their_last_500_steps(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    open_bed(&bed, "ledger");
    send(&bed, LQ_ROLE(CLERK),
         "register_premises {number=\"E1\" name=\"a\" township=\"b\" kind=\"c\" "
         "standing=ENTERPRISE}");
    for (const char *const *step = (const char *const[]){"SUSPENDED", "INSPECTED", NULL}; *step;
         step++)
        send(&bed, LQ_ROLE(CLERK), "record_step {premises=\"E1\" step=%s}", *step);
    for (int i = 0; i < 250; i++) {
        send(&bed, LQ_ROLE(CLERK), "record_step {premises=\"E1\" step=RECTIFICATION_STARTED}");
        send(&bed, LQ_ROLE(CLERK), "record_step {premises=\"E1\" step=RECTIFICATION_COMPLETED}");
    }
    const Ledger__Answer *answer = answer_to(&bed, "show {number=\"E1\"}");
    assert_int_equal(answer->file->n_steps, 500);
    assert_int_equal(answer->file->steps[0]->step, LEDGER__STATUS__RECTIFICATION_STARTED);
    assert_int_equal(answer->file->steps[499]->step, LEDGER__STATUS__RECTIFICATION_COMPLETED);
    lq_bed_close(&bed);
}

// The lowest numbers first, from wherever they are gathered: the rows of the steps come before what
// is marked of the premises themselves.
static void test_a_trail_goes_on_behind_the_page(void **state)
{
    (void)state;
    enum { PAGE = 500, STEPS = 505, BEFORE = 3 };
    struct lq_bed bed = {0};
    open_bed(&bed, "ledger");
    send(&bed, LQ_ROLE(CLERK),
         "register_premises {number=\"E1\" name=\"a\" township=\"b\" standing=ENTERPRISE}");
    send(&bed, LQ_ROLE(CLERK), "assign_supervisor {premises=\"E1\" name=\"c\" unit=\"d\"}");
    send(&bed, LQ_ROLE(CLERK), "assign_supervisor {premises=\"E1\" name=\"e\" unit=\"d\"}");
    send(&bed, LQ_ROLE(CLERK), "record_step {premises=\"E1\" step=SUSPENDED}");
    send(&bed, LQ_ROLE(CLERK), "record_step {premises=\"E1\" step=INSPECTED}");
    send(&bed, LQ_ROLE(CLERK), "record_step {premises=\"E1\" step=RECTIFICATION_STARTED}");
    for (int i = 3; i < STEPS; i++)
        send(&bed, LQ_ROLE(CLERK), "record_step {premises=\"E1\" step=%s}",
             i % 2 == 1 ? "RECTIFICATION_COMPLETED" : "RECTIFICATION_STARTED");
    const Ledger__Answer *answer = answer_to(&bed, "trail {kind=\"premises\" number=\"E1\"}");
    assert_int_equal(answer->trail->n_records, PAGE);
    assert_true(answer->trail->more);
    for (uint64_t i = 0; i < PAGE; i++)
        assert_int_equal(answer->trail->records[i], i + 1);
    answer = answer_to(&bed, "trail {kind=\"premises\" number=\"E1\" after=500}");
    assert_int_equal(answer->trail->n_records, BEFORE + STEPS - PAGE);
    assert_false(answer->trail->more);
    assert_int_equal(answer->trail->records[0], PAGE + 1);
    answer = answer_to(&bed, "trail {kind=\"premises_step\" number=\"E1/7\" after=500}");
    assert_int_equal(answer->trail->n_records, BEFORE + STEPS - PAGE); // as of the premises
    lq_bed_close(&bed);
}

static void test_figures_have_as_many_parts_as_there_are(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    open_bed(&bed, "stats");
    for (int i = 0; i < 200; i++)
        send(&bed, LQ_ROLE(SERVICE),
             "book {entries=[{figure=NOTICES on_day=2015-03-06 township=\"t%03d\" amount=1 "
             "number=\"N%d\" stream=\"casefile\" seq=%d}]}",
             i, i, i + 1);
    const Stats__Answer *answer = answer_to(&bed, "figures {by=TOWNSHIP}");
    assert_int_equal(answer->figures->n_parts, 200);
    for (int i = 0; i < 200; i++) {
        char name[16];
        snprintf(name, sizeof name, "t%03d", i);
        assert_string_equal(answer->figures->parts[i]->part, name);
    }
    lq_bed_close(&bed);
}

// More teams than a row of what was learned takes beside others.
static void test_many_teams_are_known(void **state)
{
    (void)state;
    enum { TEAMS = 1000, ORDERS = 5 };
    struct lq_bed bed = {0};
    open_bed(&bed, "stats");
    const char *teams = "\"t000\"";
    for (int i = 1; i < TEAMS; i++)
        teams = lq_arena_format(&bed.arena, "%s,\"t%03d\"", teams, i);
    for (int i = 1; i <= ORDERS; i++)
        send(&bed, LQ_ROLE(SERVICE),
             "book {entries=[{figure=OPERATIONS on_day=2015-03-06 amount=1 number=\"O%d\" "
             "stream=\"dispatch\" seq=%d teams=[%s] known_ms=%d}]}",
             i, i, teams, i);
    const Stats__Answer *answer =
        answer_to(&bed, lq_arena_format(&bed.arena, "figures {by=TEAM as_of_ms=%d}", ORDERS - 1));
    assert_int_equal(answer->figures->n_parts, TEAMS);
    for (int i = 0; i < TEAMS; i++)
        assert_int_equal(answer->figures->parts[i]->total, ORDERS - 1);
    lq_bed_close(&bed);
}

static void test_records_go_on_behind_the_page(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    open_bed(&bed, "stats");
    for (int i = 1; i <= 3; i++)
        send(&bed, LQ_ROLE(SERVICE),
             "book {entries=[{figure=NOTICES on_day=%d amount=1 number=\"N%d\" stream=\"casefile\" "
             "seq=%d}]}",
             i, i, i);
    const Stats__Answer *answer = answer_to(&bed, "records {figure=NOTICES limit=2}");
    assert_int_equal(answer->records->n_entries, 2);
    Stats__Query query = STATS__QUERY__INIT;
    Stats__Records next = STATS__RECORDS__INIT;
    query.body_case = STATS__QUERY__BODY_RECORDS;
    query.records = &next;
    next.figure = STATS__FIGURE__NOTICES;
    next.after = answer->records->next;
    const uint64_t asked = lq_bed_query(&bed, "P1", LQ_ANYONE, &query.base);
    lq_bed_turn(&bed);
    const char *why = NULL;
    const Lq__Reply *reply = lq_bed_find(&bed, asked)->reply;
    const Stats__Answer *rest = (const void *)lq_pb_decode(
        &bed.arena, &stats__answer__descriptor,
        lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    assert_int_equal(rest->records->n_entries, 1);
    assert_string_equal(rest->records->entries[0]->number, "N3");
    assert_int_equal(rest->records->next.len, 0);
    lq_bed_close(&bed);
}

// ---------------------------------------------------------------- what has passed

static Seizure__State state_read_at(struct lq_bed *bed, int64_t now_ms)
{
    struct lq_next next = {0};
    struct lq_reading reading = {.service = bed->service,
                                 .view = lq_bed_read(bed),
                                 .arena = &bed->arena,
                                 .now_ms = now_ms,
                                 .next = &next};
    Seizure__ShowItem question = SEIZURE__SHOW_ITEM__INIT;
    char number[] = "I1";
    question.number = number;
    Seizure__ItemFile file = SEIZURE__ITEM_FILE__INIT;
    lq_query_row(bed->service, SEIZURE__QUERY__BODY_SHOW)->answer(&reading, &question, &file);
    const Seizure__State state = file.item->state;
    lq_bed_end_read(bed);
    return state;
}

// Whoever asks in the instant in which a term ends is told so, though the timer has not fired.
static void test_a_seal_has_lapsed_when_its_term_ends(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    open_bed(&bed, "seizure");
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P1\" name=\"a\" role=LEAD team=\"T1\" group=\"A\"}");
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P2\" name=\"b\" role=OFFICER team=\"T1\" group=\"A\"}");
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" name=\"b\" township=\"c\"}");
    lq_bed_tell(&bed, "dispatch", "order_issued {number=\"O1\" issued_at_ms=1 target=\"E1\"}");
    send(&bed, LQ_ROLE(LEAD),
         "take_item {number=\"I1\" order=\"O1\" target=\"E1\" kind=\"d\" action=SEALED seal=\"s\" "
         "officer_1=\"P1\" officer_2=\"P2\"}");
    const int64_t due_ms =
        ((const Seizure__Answer *)answer_to(&bed, "show {number=\"I1\"}"))->file->item->due_ms;
    assert_true(due_ms > bed.now_ms);
    // Read before the timer is looked at, as happens when many are due at once:
    assert_int_equal(state_read_at(&bed, due_ms - 1), SEIZURE__STATE__IN_FORCE);
    assert_int_equal(state_read_at(&bed, due_ms), SEIZURE__STATE__LAPSED);
    bed.now_ms = due_ms - 1;
    const Seizure__Answer *answer = answer_to(&bed, "show {number=\"I1\"}");
    assert_int_equal(answer->file->item->state, SEIZURE__STATE__IN_FORCE);
    bed.now_ms = due_ms;
    answer = answer_to(&bed, "show {number=\"I1\"}");
    assert_int_equal(answer->file->item->state, SEIZURE__STATE__LAPSED);
    assert_int_equal(answer->file->item->lapsed_at_ms, due_ms);
    lq_bed_close(&bed);
}

// ---------------------------------------------------------------- who may see what

static size_t events_seen_by(struct lq_bed *bed, uint32_t roles)
{
    const uint64_t asked = lq_bed_fetch(bed, "P9", roles, 0, 100, 0);
    lq_bed_turn(bed);
    const Lq__Reply *reply = lq_bed_find(bed, asked)->reply;
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_EVENTS);
    return reply->events->n_events;
}

// A tip names premises and what was said of them: not for those who are sent there.
static void test_tips_are_not_for_everybody(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    open_bed(&bed, "tips");
    lq_bed_tell(&bed, "ledger", "premises_registered {number=\"E1\" name=\"b\" township=\"c\"}");
    send(&bed, LQ_ROLE(CLERK),
         "record_tip {number=\"Q1\" channel=\"a\" premises=\"E1\" content=\"b\"}");
    const uint64_t asked = lq_bed_fetch(&bed, "P9", LQ_ROLE(LEAD), 0, 100, 0);
    lq_bed_turn(&bed);
    const Lq__Events *events = lq_bed_find(&bed, asked)->reply->events;
    assert_int_equal(events->n_events, 1);
    assert_int_equal(events->events[0]->seq, 1); // the premises, not the tip
    assert_int_equal(events_seen_by(&bed, LQ_ROLE(OFFICER)), 1);
    assert_int_equal(events_seen_by(&bed, LQ_ROLE(CLERK)), 2);
    assert_int_equal(events_seen_by(&bed, LQ_ROLE(OFFICER) | LQ_ROLE(LIAISON)), 2);
    lq_bed_close(&bed);
}

// ---------------------------------------------------------------- what is known of others

static void test_what_cannot_be_a_key_is_unknown(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    open_bed(&bed, "dispatch");
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P1\" name=\"a\" role=LEAD team=\"T1\" group=\"A\"}");
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P2\" name=\"b\" role=OFFICER team=\"T2\" group=\"B\"}");
    lq_bed_tell(&bed, "shift", "person_registered {badge=\"P3\" name=\"c\" role=CLERK}");
    struct lq_view *view = lq_bed_read(&bed);
    assert_null(lq_premises_find(view, LONG));
    assert_null(lq_premises_find(view, &LONG[1]));
    assert_null(lq_roster_person(view, LONG));
    assert_null(lq_roster_lead_at(view, LONG, INT64_MAX));
    assert_null(lq_roster_lead_at(view, "T2", INT64_MAX));
    assert_null(lq_roster_lead_at(view, "T3", INT64_MAX));
    assert_string_equal(lq_roster_lead_at(view, "T1", INT64_MAX)->badge, "P1");
    assert_null(lq_roster_group_at(view, LONG, INT64_MAX));
    assert_null(lq_roster_group_at(view, "T3", INT64_MAX));
    assert_string_equal(lq_roster_group_at(view, "T2", INT64_MAX), "B");
    assert_int_equal(lq_roster_roles_at(view, "P3", INT64_MAX), LQ_ROLE(CLERK));
    assert_int_equal(lq_roster_roles_at(view, "P4", INT64_MAX), 0);
    lq_bed_end_read(&bed);

    // Whoever changes teams leaves the first one.
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P1\" name=\"a\" role=LEAD team=\"T2\" group=\"B\"}");
    lq_bed_tell(&bed, "shift",
                "person_registered {badge=\"P3\" name=\"c\" role=LEAD team=\"T1\" group=\"C\"}");
    view = lq_bed_read(&bed);
    assert_string_equal(lq_roster_lead_at(view, "T2", INT64_MAX)->badge, "P1");
    assert_string_equal(lq_roster_lead_at(view, "T1", INT64_MAX)->badge, "P3");
    assert_string_equal(lq_roster_group_at(view, "T1", INT64_MAX), "C");
    lq_bed_end_read(&bed);
    lq_bed_close(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_walk_over_orders_ends),
        cmocka_unit_test(test_a_case_shows_500_suspects),
        cmocka_unit_test(test_premises_show_their_last_500_steps),
        cmocka_unit_test(test_a_trail_goes_on_behind_the_page),
        cmocka_unit_test(test_figures_have_as_many_parts_as_there_are),
        cmocka_unit_test(test_many_teams_are_known),
        cmocka_unit_test(test_records_go_on_behind_the_page),
        cmocka_unit_test(test_a_seal_has_lapsed_when_its_term_ends),
        cmocka_unit_test(test_tips_are_not_for_everybody),
        cmocka_unit_test(test_what_cannot_be_a_key_is_unknown),
    };
    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
