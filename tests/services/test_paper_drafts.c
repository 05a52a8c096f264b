// What a draft tells whoever fills in a form: which forms there are and whether they are his, what
// each field asks for and says, and from where that is.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "casefile.pb-c.h"
#include "pb/pb.h"
#include "service/service.h"
#include "support/bed.h"
#include "support/message.h"
#include "support/xian.h"

static const int64_t NOON_MS = 1437019200000; // 2015-07-16T12:00:00+08:00

extern const struct lq_service lq_service_casefile;

static void tell_force(struct lq_bed *bed)
{
    static const char *const FORCE[] = {
        "person_registered {badge=\"P1\" name=\"张立\" role=LEAD team=\"T01\" group=\"A\"}",
        "person_registered {badge=\"P2\" name=\"王磊\" role=OFFICER team=\"T01\" group=\"A\"}",
        "person_registered {badge=\"P3\" name=\"周强\" role=HEAD}"};
    lq_bed_open(bed, &lq_service_casefile, NOON_MS);
    for (size_t i = 0; i < sizeof FORCE / sizeof *FORCE; i++)
        lq_bed_tell(bed, "shift", FORCE[i]);
    lq_bed_tell(bed, "ledger",
                "premises_registered {number=\"E0083\" name=\"永盛铸造\" township=\"郭庄镇\"}");
}

static void enter(struct lq_bed *bed, uint32_t roles, const char *actor, const char *text)
{
    const struct lq_bed_command command = {
        .actor = actor,
        .roles = roles,
        .body = lq_message_of(&bed->arena, &casefile__command__descriptor, text)};
    const struct lq_bed_outcome outcome = lq_bed_do(bed, &command);
    if (!outcome.accepted)
        fail_msg("%s: %s", text, outcome.text);
}

// `issue` is an IssuePaper in words; NULL: bytes that are none. `at_ms` as in DraftPaper.
static const Rules__PaperDraft *draft_of(struct lq_bed *bed, uint32_t roles, const char *issue,
                                         int64_t at_ms)
{
    static uint8_t NONE[] = {0xff};
    Rules__DraftPaper asked = RULES__DRAFT_PAPER__INIT;
    asked.at_ms = at_ms;
    asked.paper = (ProtobufCBinaryData){.len = sizeof NONE, .data = NONE};
    if (issue != NULL) {
        const char *text = lq_arena_format(&bed->arena, "issue_paper {%s}", issue);
        const Casefile__Command *command =
            (const void *)lq_message_of(&bed->arena, &casefile__command__descriptor, text);
        const struct lq_span bytes = lq_pb_encode(&bed->arena, &command->issue_paper->base);
        asked.paper = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    }
    Casefile__Query query = CASEFILE__QUERY__INIT;
    query.body_case = CASEFILE__QUERY__BODY_DRAFT_PAPER;
    query.draft_paper = &asked;
    const uint64_t sent = lq_bed_query(bed, "P9", roles, &query.base);
    lq_bed_turn(bed);
    const Lq__Reply *reply = lq_bed_find(bed, sent)->reply;
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    const char *why = NULL;
    const Casefile__Answer *answer = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &bed->arena, &casefile__answer__descriptor,
        lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    assert_non_null(answer);
    return answer->draft_paper;
}

static const Rules__PaperDraft *draft(struct lq_bed *bed, uint32_t roles, const char *issue)
{
    return draft_of(bed, roles, issue, 0);
}

static const Rules__PaperForm *form_named(const Rules__PaperDraft *told, const char *kind)
{
    for (size_t i = 0; i < told->n_forms; i++)
        if (strcmp(told->forms[i]->kind, kind) == 0)
            return told->forms[i];
    return NULL;
}

static void check_field(const Rules__PaperDraft *told, const char *id, const char *value,
                        Rules__DraftField__Source source)
{
    for (size_t i = 0; i < told->n_fields; i++) {
        if (strcmp(told->fields[i]->id, id) != 0)
            continue;
        assert_string_equal(told->fields[i]->value, value);
        assert_int_equal(told->fields[i]->source, source);
        return;
    }
    fail_msg("no field %s is told", id);
}

static void the_forms_of_a_service_are_told_and_whose_they_are(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    tell_force(&bed);
    const Rules__PaperDraft *told = draft(&bed, LQ_ROLE(LEAD), "");
    const Rules__PaperForm *order = form_named(told, "correction_order");
    assert_non_null(order);
    assert_string_equal(order->title, "责令改正违法行为决定书");
    assert_string_equal(order->takes, "serve");
    assert_int_equal(order->n_about, 1);
    assert_string_equal(order->about[0], "notice");
    assert_true(order->in_own_name);
    assert_false(order->for_another);
    assert_string_equal(form_named(told, "filing_approval")->takes, "");
    assert_non_null(form_named(told, "service_receipt"));   // of any paper
    assert_null(form_named(told, "seizure_decision"));      // seizure has the items
    assert_null(form_named(told, "responsibility_letter")); // and the ledger the premises
    assert_int_equal(told->n_fields, 0);
    assert_int_equal(told->html.len, 0);

    order = form_named(draft(&bed, LQ_ROLE(CLERK), ""), "correction_order");
    assert_false(order->in_own_name);
    assert_true(order->for_another);
    order = form_named(draft(&bed, LQ_ROLE(INSPECTOR), ""), "correction_order");
    assert_false(order->in_own_name || order->for_another);
    lq_bed_close(&bed);
}

static void a_draft_tells_what_each_field_says_and_from_where_that_is(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    tell_force(&bed);
    enter(
        &bed, LQ_ROLE(LEAD), "P1",
        "issue_notice {number=\"N0001\" premises=\"E0083\" finding=\"无组织排放\" form=STATUTORY}");
    const Rules__PaperDraft *told =
        draft(&bed, LQ_ROLE(LEAD),
              "kind=\"correction_order\" of_kind=\"notice\" of_number=\"N0001\" "
              "fields=[{id=\"证据\" value=\"照片\"},{id=\"provisions\" value=\"\"},{id=\"facts\" "
              "value=\"\"}]");
    check_field(told, "evidence", "照片", RULES__DRAFT_FIELD__SOURCE__TYPED);
    check_field(told, "party", "永盛铸造", RULES__DRAFT_FIELD__SOURCE__FROM_RECORDS);
    check_field(told, "facts", "无组织排放",
                RULES__DRAFT_FIELD__SOURCE__FROM_RECORDS); // said empty is not said
    check_field(told, "provisions", "", RULES__DRAFT_FIELD__SOURCE__NOT_SAID);
    check_field(told, "representative", "", RULES__DRAFT_FIELD__SOURCE__NOT_SAID);
    assert_string_equal(told->fields[0]->word, "当事人");
    assert_string_equal(told->fields[0]->law, "按日连续处罚办法第九条");
    assert_true(told->fields[0]->must);
    assert_false(told->fields[1]->must);
    assert_string_equal(told->fields[1]->law, "");
    assert_int_equal(told->fields[7]->source, RULES__DRAFT_FIELD__SOURCE__FROM_FORM);
    assert_int_equal(told->n_missing, 2);
    assert_string_equal(told->missing[0], "违反的规定");
    assert_true(told->html.len > 0);
    assert_int_equal(told->n_forms, 0);
    lq_bed_close(&bed);
}

// Of a field that stands in a table as rows, the heads of its columns.
static void rows_are_told_with_their_columns(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    tell_force(&bed);
    enter(&bed, LQ_ROLE(LEAD), "P1",
          "record_penalty {premises=\"E0083\" violation=\"x\" paper=\"罚1\"}");
    enter(&bed, LQ_ROLE(HEAD), "P3",
          "decide_detention {number=\"D0001\" premises=\"E0083\" person=\"张三\" "
          "ground=\"逃避监管\"}");
    const Rules__PaperDraft *told =
        draft(&bed, LQ_ROLE(COMMANDER),
              "kind=\"transfer_detention_list\" of_kind=\"detention\" of_number=\"D0001\"");
    assert_string_equal(told->fields[1]->id, "materials");
    assert_string_equal(told->fields[1]->columns, "材料名称|份数|页数|备注");
    assert_string_equal(told->fields[0]->columns, "");
    // Whom it names is not for everybody, in a field no more than on the page.
    const char *approval =
        "kind=\"transfer_detention_approval\" of_kind=\"detention\" of_number=\"D0001\"";
    check_field(draft(&bed, LQ_ROLE(COMMANDER), approval), "manager", "张三",
                RULES__DRAFT_FIELD__SOURCE__FROM_RECORDS);
    check_field(draft(&bed, LQ_ROLE(DESK), approval), "manager", "",
                RULES__DRAFT_FIELD__SOURCE__NOT_SAID);
    lq_bed_close(&bed);
}

static bool says(const Rules__PaperDraft *told, const char *text)
{
    return memmem(told->html.data, told->html.len, text, strlen(text)) != NULL;
}

// What is entered later is dated as it is on paper; what has not come is not written.
static void a_draft_of_a_past_day_bears_that_day(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    const char *order = "kind=\"correction_order\" of_kind=\"notice\" of_number=\"N0001\"";
    static const int64_t DAY_MS = 86400000;
    tell_force(&bed);
    enter(&bed, LQ_ROLE(LEAD), "P1",
          "issue_notice {number=\"N0001\" premises=\"E0083\" finding=\"无组织排放\" form=STATUTORY}");
    assert_true(says(draft(&bed, LQ_ROLE(LEAD), order), "2015年7月16日"));
    assert_true(says(draft_of(&bed, LQ_ROLE(CLERK), order, NOON_MS - 3 * DAY_MS), "2015年7月13日"));
    assert_true(says(draft_of(&bed, LQ_ROLE(CLERK), order, NOON_MS + 3 * DAY_MS), "2015年7月16日"));
    assert_true(says(draft_of(&bed, LQ_ROLE(CLERK), order, -1), "2015年7月16日"));
    lq_bed_close(&bed);
}

static void what_cannot_be_drafted_says_why(void **state)
{
    (void)state;
    struct lq_bed bed = {0};
    tell_force(&bed);
    const Rules__PaperDraft *told =
        draft(&bed, LQ_ROLE(LEAD), "kind=\"correction_order\" of_kind=\"notice\" of_number=\"N7\"");
    assert_string_equal(told->why, "there is no notice N7");
    assert_int_equal(told->n_fields, 0);
    told = draft(&bed, LQ_ROLE(LEAD), NULL);
    assert_int_equal(told->n_forms + told->n_fields + told->html.len, 0);
    lq_bed_close(&bed);
}

// A county that has not said whose its papers are issues them as statutes call it, never under
// another's name.
static void papers_of_a_county_without_names_bear_nobody_elses(void **state)
{
    (void)state;
    static const char ISSUE[] =
        "kind=\"correction_order\" of_kind=\"notice\" of_number=\"N1\" "
        "fields=[{id=\"evidence\" value=\"a\"} {id=\"provisions\" value=\"b\"} "
        "{id=\"correction\" value=\"c\"}]";
    struct lq_bed bed = {0};
    tell_force(&bed);
    enter(&bed, 1u << LQ__ROLE__LEAD, "P1",
          "issue_notice {number=\"N1\" premises=\"E0083\" due_day=2015-08-01 finding=\"f\"}");
    bed.policy.papers = (struct lq_paper_names){0};
    const Rules__PaperDraft *told = draft(&bed, 1u << LQ__ROLE__LEAD, ISSUE);
    const char *page =
        lq_arena_format(&bed.arena, "%.*s", (int)told->html.len, (const char *)told->html.data);
    assert_non_null(strstr(page, "<p class=\"agency\">环境保护主管部门</p>"));
    assert_non_null(strstr(page, "向本级人民政府或者上一级环境保护主管部门"));
    assert_null(strstr(page, "献县"));
    lq_bed_close(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_forms_of_a_service_are_told_and_whose_they_are),
        cmocka_unit_test(a_draft_tells_what_each_field_says_and_from_where_that_is),
        cmocka_unit_test(rows_are_told_with_their_columns),
        cmocka_unit_test(a_draft_of_a_past_day_bears_that_day),
        cmocka_unit_test(what_cannot_be_drafted_says_why),
        cmocka_unit_test(papers_of_a_county_without_names_bear_nobody_elses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
