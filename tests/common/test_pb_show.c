// What can be said of any message from its descriptor: its variant, its line, its JSON. And
// what is text, and what an identifier.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "envelope.pb-c.h"
#include "pb/json.h"
#include "pb/pb.h"
#include "pb/utf8.h"
#include "pbtest.pb-c.h"

static struct lq_arena arena;

static int tear_down(void **state)
{
    (void)state;
    lq_arena_reset(&arena);
    return 0;
}

// ---------------------------------------------------------------- variants

static void tells_the_variant(void **state)
{
    (void)state;
    Pbtest__CloseOrder close = PBTEST__CLOSE_ORDER__INIT;
    Pbtest__Command command = PBTEST__COMMAND__INIT;
    assert_int_equal(lq_pb_variant(&command.base), 0);
    assert_string_equal(lq_pb_variant_name(&command.base), "");
    assert_null(lq_pb_variant_message(&command.base));
    command.body_case = PBTEST__COMMAND__BODY_CLOSE_ORDER;
    command.close_order = &close;
    assert_int_equal(lq_pb_variant(&command.base), 2);
    assert_string_equal(lq_pb_variant_name(&command.base), "close_order");
    assert_ptr_equal(lq_pb_variant_message(&command.base), &close);
    command.body_case = PBTEST__COMMAND__BODY_CANCEL_ORDER; // a number after a gap
    assert_int_equal(lq_pb_variant(&command.base), 7);
    assert_string_equal(lq_pb_variant_name(&command.base), "cancel_order");
    assert_ptr_equal(lq_pb_variant_message(&command.base), &close);
}

static void tells_a_variant_after_a_gap(void **state)
{
    (void)state;
    Pbtest__CloseOrder close = PBTEST__CLOSE_ORDER__INIT;
    Pbtest__Gapped gapped = PBTEST__GAPPED__INIT;
    gapped.body_case = PBTEST__GAPPED__BODY_THREE; // the third member's number is 4
    gapped.three = &close;
    assert_string_equal(lq_pb_variant_name(&gapped.base), "three");
    assert_ptr_equal(lq_pb_variant_message(&gapped.base), &close);
}

static void tells_variants_of_other_shapes(void **state)
{
    (void)state;
    Pbtest__Nothing nothing = PBTEST__NOTHING__INIT;
    assert_int_equal(lq_pb_variant(&nothing.base), 0);
    Lq__Request request = LQ__REQUEST__INIT; // its oneof is not its first field
    request.kind_case = LQ__REQUEST__KIND_QUERY;
    assert_int_equal(lq_pb_variant(&request.base), 5);
    assert_string_equal(lq_pb_variant_name(&request.base), "query");
    assert_null(lq_pb_variant_message(&request.base));
}

static void a_newer_variant_is_none(void **state)
{
    (void)state;
    Pbtest__CloseOrder reopen = PBTEST__CLOSE_ORDER__INIT;
    Pbtest__NewerCommand newer = PBTEST__NEWER_COMMAND__INIT;
    newer.body_case = PBTEST__NEWER_COMMAND__BODY_REOPEN_ORDER;
    newer.reopen_order = &reopen;
    const struct lq_span bytes = lq_pb_encode(&arena, &newer.base);
    const char *why = NULL;
    const ProtobufCMessage *command =
        lq_pb_decode_within(&LQ_PB_RECORD, &arena, &pbtest__command__descriptor, bytes, &why);
    assert_non_null(command);
    assert_int_equal(lq_pb_variant(command), 0);
    assert_null(lq_pb_decode(&arena, &pbtest__command__descriptor, bytes, &why));
    assert_string_equal(why, "Command: Command has no field 9");
}

// ---------------------------------------------------------------- dumps

static Pbtest__Sample sample_to_show(void)
{
    static Pbtest__Team team = PBTEST__TEAM__INIT;
    static char code[] = "T01", other[] = "T02", name[] = "a\"\\\n\x1b[31m\xe2\x80\xae献\xff";
    static char *teams[] = {code, other};
    static Pbtest__Team *members[] = {&team, &team};
    static uint8_t id[] = {0x01, 0x8f, 0xff};
    team.code = code;
    Pbtest__Sample sample = PBTEST__SAMPLE__INIT;
    sample.name = name;
    sample.issued_at_ms = 1425618878000;
    sample.due_ms = 86400000;
    sample.seq = UINT64_MAX;
    sample.urgent = 1;
    sample.colour = PBTEST__COLOUR__DARK_GREEN;
    sample.id = (ProtobufCBinaryData){sizeof id, id};
    sample.teams = teams;
    sample.n_teams = 2;
    sample.members = members;
    sample.n_members = 2;
    sample.seal_day = 16500;
    sample.body_case = PBTEST__SAMPLE__BODY_NUMBER;
    sample.number = 0;
    return sample;
}

static void shows_an_order_in_one_line(void **state)
{
    (void)state;
    char order[] = "O0001", one[] = "T01", two[] = "T02";
    char *teams[] = {one, two};
    Pbtest__IssueOrder issue = PBTEST__ISSUE_ORDER__INIT;
    issue.order = order;
    issue.teams = teams;
    issue.n_teams = 2;
    issue.issued_at_ms = 1425618878000;
    assert_string_equal(lq_pb_text(&arena, &issue.base),
                        "IssueOrder{order=\"O0001\" teams=[\"T01\",\"T02\"] "
                        "issued_at_ms=2015-03-06T13:14:38+08:00}");
    Pbtest__Command command = PBTEST__COMMAND__INIT;
    command.body_case = PBTEST__COMMAND__BODY_ISSUE_ORDER;
    issue.n_teams = 0;
    issue.issued_at_ms = 0;
    command.issue_order = &issue;
    assert_string_equal(lq_pb_text(&arena, &command.base),
                        "Command{issue_order={order=\"O0001\"}}");
}

static void shows_every_kind_of_field(void **state)
{
    (void)state;
    Pbtest__Sample sample = sample_to_show();
    assert_string_equal(
        lq_pb_text(&arena, &sample.base),
        "Sample{name=\"a\\\"\\\\\\n\\x1b[31m\\u202e献\\xff\" "
        "issued_at_ms=2015-03-06T13:14:38+08:00 due_ms=86400000 seq=18446744073709551615 "
        "urgent=true colour=DARK_GREEN id=018fff teams=[\"T01\",\"T02\"] "
        "members=[{code=\"T01\"},{code=\"T01\"}] seal_day=2015-03-06 number=0}");
    uint8_t many[33] = {0};
    Pbtest__Sample other = PBTEST__SAMPLE__INIT;
    other.id = (ProtobufCBinaryData){sizeof many, many};
    other.issued_at_ms = INT64_MAX;
    other.seal_day = INT32_MAX;
    other.colour = (Pbtest__Colour)77;
    other.share = 0.5F;
    assert_string_equal(lq_pb_text(&arena, &other.base),
                        "Sample{issued_at_ms=9223372036854775807 colour=77 id=<33 bytes> "
                        "seal_day=2147483647 share=0.5}");
}

static void makes_long_lines(void **state)
{
    (void)state;
    Pbtest__Sample sample = PBTEST__SAMPLE__INIT;
    uint32_t numbers[1000];
    for (uint32_t i = 0; i < 1000; i++)
        numbers[i] = 1000 + i;
    sample.numbers = numbers;
    sample.n_numbers = 1000;
    const char *text = lq_pb_text(&arena, &sample.base);
    assert_int_equal(strlen(text), strlen("Sample{numbers=[]}") + 1000 * 5 - 1);
    assert_string_equal(text + strlen(text) - 11, "1998,1999]}");
}

static void shows_json(void **state)
{
    (void)state;
    char name[] = "献\n";
    Pbtest__Sample sample = sample_to_show();
    sample.name = name;
    json_t *json = lq_pb_json(&sample.base);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(
        text, "{\"name\":\"献\\n\",\"count\":0,\"size\":0,\"change\":0,"
              "\"issued_at_ms\":\"2015-03-06T13:14:38+08:00\",\"due_ms\":86400000,"
              "\"seq\":\"18446744073709551615\",\"shift\":0,\"mark\":0,\"far\":0,\"urgent\":true,"
              "\"colour\":\"dark_green\",\"id\":\"018fff\",\"teams\":[\"T01\",\"T02\"],"
              "\"numbers\":[],\"colours\":[],"
              "\"members\":[{\"code\":\"T01\",\"acknowledged_at_ms\":0},"
              "{\"code\":\"T01\",\"acknowledged_at_ms\":0}],"
              "\"seal_day\":\"2015-03-06\",\"marks\":[],\"number\":0,\"share\":0.0,"
              "\"weight\":0.0}");
    free(text);
    json_decref(json);
}

// ---------------------------------------------------------------- rare kinds

static Pbtest__Rare rare_to_show(void)
{
    static int64_t longs[] = {-1, INT64_MAX};
    static uint8_t byte = 0xab;
    static ProtobufCBinaryData pieces[2] = {{1, &byte}, {0, NULL}};
    static protobuf_c_boolean flags[] = {1, 0};
    static double weights[] = {0.25, 0};
    static float shares[] = {0.5F};
    Pbtest__Rare rare = PBTEST__RARE__INIT;
    rare.stamp = UINT64_MAX;
    rare.a = 5;
    rare.longs = longs;
    rare.pieces = pieces;
    rare.flags = flags;
    rare.weights = weights;
    rare.shares = shares;
    rare.n_longs = rare.n_pieces = rare.n_flags = rare.n_weights = 2;
    rare.n_shares = 1;
    rare.change = -3;
    rare.change_count = -1;
    rare.first_case = PBTEST__RARE__FIRST_SURE;
    rare.second_case = PBTEST__RARE__SECOND_WORD;
    rare.word = NULL; // as code that forgot it would
    return rare;
}

static void shows_rare_kinds(void **state)
{
    (void)state;
    Pbtest__Rare rare = rare_to_show();
    assert_string_equal(lq_pb_text(&arena, &rare.base),
                        "Rare{stamp=18446744073709551615 a=5 longs=[-1,9223372036854775807] "
                        "pieces=[ab,] flags=[true,false] weights=[0.25,0] shares=[0.5] sure=false "
                        "word=\"\" change=-3 change_count=-1}");
}

static void shows_rare_kinds_as_json(void **state)
{
    (void)state;
    Pbtest__Rare rare = rare_to_show();
    char bad[] = "\xff";
    rare.word = bad;
    rare.weights[1] = (double)INFINITY;
    json_t *json = lq_pb_json(&rare.base);
    char *text = json_dumps(json, JSON_COMPACT);
    rare.weights[1] = 0;
    assert_string_equal(text, "{\"stamp\":\"18446744073709551615\",\"a\":5,"
                              "\"longs\":[-1,9223372036854775807],\"pieces\":[\"ab\",\"\"],"
                              "\"flags\":[true,false],\"weights\":[0.25,null],\"shares\":[0.5],"
                              "\"mark\":0,\"far\":0,\"sure\":false,\"word\":\"\xef\xbf\xbd\","
                              "\"change\":-3,\"change_count\":-1}");
    free(text);
    json_decref(json);
    rare.stamp = 1;
    json = lq_pb_json(&rare.base);
    assert_int_equal(json_integer_value(json_object_get(json, "stamp")), 1);
    json_decref(json);
}

// The edges of what would steer a terminal.
static void shows_what_steers(void **state)
{
    (void)state;
    char text[] = "\x1f ~\x7f\xc2\x9f\xc2\xa0\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf"
                  "\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa";
    Pbtest__Team team = PBTEST__TEAM__INIT;
    team.code = text;
    assert_string_equal(
        lq_pb_text(&arena, &team.base),
        "Team{code=\"\\x1f ~\\x7f\\x9f\xc2\xa0\xe2\x80\xa7\\u2028\\u202e\xe2\x80\xaf"
        "\xe2\x81\xa5\\u2066\\u2069\xe2\x81\xaa\"}");
}

static void one_of_each_oneof_may_be_set(void **state)
{
    (void)state;
    static const uint8_t both[] = {0x50, 1, 0xa0, 0x01, 2}; // one, two
    static const uint8_t twice[] = {0x50, 1, 0x58, 1};      // one, sure
    static const uint8_t cut[] = {0x45, 1, 2, 3};           // mark, a byte short
    static const uint8_t cut_far[] = {0x49, 1, 2, 3, 4};    // far, three bytes short
    const char *why = NULL;
    const Pbtest__Rare *rare = (const void *)lq_pb_decode(&arena, &pbtest__rare__descriptor,
                                                          lq_span(both, sizeof both), &why);
    assert_non_null(rare);
    assert_int_equal(rare->one, 1);
    assert_int_equal(rare->two, 2);
    assert_null(
        lq_pb_decode(&arena, &pbtest__rare__descriptor, lq_span(twice, sizeof twice), &why));
    assert_string_equal(why, "sure: is set, and so is one: only one may be");
    assert_null(lq_pb_decode(&arena, &pbtest__rare__descriptor, lq_span(cut, sizeof cut), &why));
    assert_string_equal(why, "mark: a number is cut off or too long");
    assert_null(
        lq_pb_decode(&arena, &pbtest__rare__descriptor, lq_span(cut_far, sizeof cut_far), &why));
    assert_string_equal(why, "far: a number is cut off or too long");
}

// ---------------------------------------------------------------- text

static void reads_utf8_by_the_rules(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"",
                                       "a",
                                       "\xc2\x80",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const BAD[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "\xc2",
                                      "\xe7\xbb",
                                      "\xf0\x9f\x98",
                                      "\xc2"
                                      "a",
                                      "\xe7\xbb"
                                      "a"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        assert_true(lq_utf8_valid(lq_span_text(GOOD[i])));
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_false(lq_utf8_valid(lq_span_text(BAD[i])));
    uint32_t character = 0;
    assert_int_equal(lq_utf8_next(lq_span(NULL, 0), &character), 0);
}

static void knows_an_identifier(void **state)
{
    (void)state;
    char text[66];
    memset(text, 'a', 65);
    text[65] = '\0';
    assert_false(lq_pb_identifier(text));
    text[64] = '\0';
    assert_true(lq_pb_identifier(text));
    assert_true(lq_pb_identifier("献环罚〔2015〕3号"));
    assert_false(lq_pb_identifier(""));
    assert_false(lq_pb_identifier("a b"));
    assert_false(lq_pb_identifier("a\tb"));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(tells_the_variant),
        TEST(tells_a_variant_after_a_gap),
        TEST(tells_variants_of_other_shapes),
        TEST(a_newer_variant_is_none),
        TEST(shows_an_order_in_one_line),
        TEST(shows_every_kind_of_field),
        TEST(makes_long_lines),
        TEST(shows_json),
        TEST(shows_rare_kinds),
        TEST(shows_rare_kinds_as_json),
        TEST(shows_what_steers),
        TEST(one_of_each_oneof_may_be_set),
        TEST(reads_utf8_by_the_rules),
        TEST(knows_an_identifier),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lq_arena_free(&arena);
    return failed;
}
