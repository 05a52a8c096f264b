// The table of ledgers: the one place that says which files there are, which columns they have, and
// what becomes of them. fields.c fills the commands as it says.
#include "lq/import/ledgers.h"

#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "envelope.pb-c.h"
#include "ledger.pb-c.h"
#include "oversight.pb-c.h"
#include "seizure.pb-c.h"
#include "shift.pb-c.h"
#include "tips.pb-c.h"

static const struct lq_ledger_choice SEAL_EVENTS[] = {
    {"extended", "延期", "extend_seal"}, {"released", "解除", "release_seal"}, {0}};

static const struct lq_ledger_choice CASE_EVENTS[] = {
    {"filed", "立案", "file_case"}, {"solved", "破案", "solve_case"}, {0}};

// In the name of one of the two officers; which two it takes is the service's rule.
static void act_of_officer(struct lq_ledger_row *row, struct lq_ledger_act *act)
{
    enum { OFFICER_1 = 6, OFFICER_2 = 7 };
    const bool second = row->fields[OFFICER_1][0] == '\0' && row->fields[OFFICER_2][0] != '\0';
    act->on_behalf_of = lq_ledger_text(row, second ? OFFICER_2 : OFFICER_1);
}

// The start of a ledger: its file, in Chinese too, its service and command.
#define LEDGER(_file, _zh, _service, _variant)                                                     \
    .file = (_file), .zh = (_zh), .service = #_service,                                            \
    .command = &_service##__command__descriptor, .variant = (_variant)

// The columns: heading, in Chinese too, member of the message, kind; then what else there is
// (.mark = ...).
#define COLUMN(_heading, _zh, _member, _kind, ...)                                                 \
    {                                                                                              \
        .heading = (_heading), .zh = (_zh), .member = (_member), .kind = (_kind), __VA_ARGS__      \
    }
#define WHEN(_heading, _zh) COLUMN(_heading, _zh, NULL, LQ_CELL_WHEN, .mark = LQ_MARK_TIME)
#define BEHALF(_heading, _zh) COLUMN(_heading, _zh, NULL, LQ_CELL_BEHALF, .mark = LQ_MARK_NONE)
#define LATITUDE COLUMN("lat", "纬度/北纬", "lat_e7", LQ_CELL_DEGREES, .mark = LQ_MARK_LATITUDE)
#define LONGITUDE COLUMN("lon", "经度/东经", "lon_e7", LQ_CELL_DEGREES, .mark = LQ_MARK_LONGITUDE)

// What a row is to the service, and the field of that which says when it happened.
#define THING(_kind, _when) .thing = {(_kind), (_when)}

const struct lq_ledger lq_ledgers[] = {
    {LEDGER("people.csv", "人员/人员台账/花名册", shift, "register_person"), THING("person", NULL),
     .columns = {COLUMN("badge", "证号/警号/编号", "badge", LQ_CELL_KEY, .mark = LQ_MARK_NUMBER),
                 COLUMN("name", "姓名", "name", LQ_CELL_TEXT),
                 COLUMN("unit", "单位", "unit", LQ_CELL_OPTIONAL),
                 COLUMN("role", "角色/职务", "role", LQ_CELL_WORD, .first = LQ__ROLE__COMMANDER,
                        .last = LQ__ROLE__FINANCE, .but = LQ__ROLE__SERVICE),
                 COLUMN("team", "组/小组", "team", LQ_CELL_KEY_OR_NONE),
                 COLUMN("group", "班组/班次", "group", LQ_CELL_KEY_OR_NONE),
                 COLUMN("phone", "电话/手机/联系电话", "phone", LQ_CELL_KEY_OR_NONE),
                 {0}},
     .preset = {"from_beginning", true, .is_new = true}},
    {LEDGER("rota.csv", "排班/排班表/值班表", shift, "plan_shift"),
     .columns = {COLUMN("date", "日期", "date_day", LQ_CELL_DAY),
                 COLUMN("shift", "班次", "name", LQ_CELL_KEY),
                 COLUMN("group", "班组", "group", LQ_CELL_KEY),
                 COLUMN("starts_at", "开始时间/上班时间", "starts_at_ms", LQ_CELL_INSTANT,
                        .mark = LQ_MARK_TIME),
                 COLUMN("ends_at", "结束时间/下班时间", "ends_at_ms", LQ_CELL_INSTANT),
                 {0}}},
    {LEDGER("enterprises.csv", "企业/企业台账", ledger, "register_premises"),
     .preset = {"standing", LEDGER__STANDING__ENTERPRISE}, THING("premises", NULL),
     .columns = {COLUMN("enterprise", "企业编号/编号", "number", LQ_CELL_KEY,
                        .mark = LQ_MARK_NUMBER),
                 COLUMN("name", "企业名称/名称", "name", LQ_CELL_TEXT),
                 COLUMN("township", "乡镇", "township", LQ_CELL_KEY),
                 COLUMN("owner", "负责人/法人", "owner", LQ_CELL_OPTIONAL),
                 LATITUDE,
                 LONGITUDE,
                 COLUMN("kind", "类型/类别", "kind", LQ_CELL_KEY),
                 COLUMN("responsible_1", "包联责任人1/责任人1", "responsible_1", LQ_CELL_OPTIONAL),
                 COLUMN("responsible_2", "包联责任人2/责任人2", "responsible_2", LQ_CELL_OPTIONAL),
                 COLUMN("measures", "整改措施/措施", "measures", LQ_CELL_OPTIONAL),
                 COLUMN("deadline", "整改期限/期限", "deadline_day", LQ_CELL_DAY),
                 {0}}},
    {LEDGER("sites.csv", "取缔对象/无证点位", ledger, "register_premises"),
     .preset = {"standing", LEDGER__STANDING__UNLICENSED_SITE}, THING("premises", NULL),
     .columns = {COLUMN("site", "点位编号/编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_NUMBER),
                 COLUMN("township", "乡镇", "township", LQ_CELL_KEY),
                 COLUMN("kind", "类型/类别", "kind", LQ_CELL_KEY),
                 LATITUDE,
                 LONGITUDE,
                 {0}}},
    {LEDGER("supervision.csv", "包联/驻厂监管", ledger, "assign_supervisor"),
     .about_file = "enterprises.csv", .preset = {"from_beginning", true, .is_new = true},
     .columns = {COLUMN("enterprise", "企业编号", "premises", LQ_CELL_KEY, .mark = LQ_MARK_ABOUT),
                 COLUMN("name", "姓名", "name", LQ_CELL_TEXT),
                 COLUMN("unit", "单位", "unit", LQ_CELL_OPTIONAL),
                 {0}}},
    {LEDGER("enterprise_events.csv", "企业整改/整改进度", ledger, "record_step"),
     .about_file = "enterprises.csv",
     .columns = {COLUMN("enterprise", "企业编号", "premises", LQ_CELL_KEY, .mark = LQ_MARK_ABOUT),
                 COLUMN("event", "事项/状态", "step", LQ_CELL_WORD,
                        .first = LEDGER__STATUS__SUSPENDED, .last = LEDGER__STATUS__CLOSED),
                 WHEN("at", "时间"),
                 {0}}},
    {LEDGER("operations.csv", "行动/指令/行动台账", dispatch, "issue_order"),
     THING("order", "issued_at_ms"),
     .columns = {COLUMN("operation", "指令编号/行动编号/编号", "number", LQ_CELL_KEY,
                        .mark = LQ_MARK_NUMBER),
                 WHEN("issued_at", "下达时间"),
                 BEHALF("desk", "调度员/调度员证号"),
                 COLUMN("kind", "类型/类别", "kind", LQ_CELL_KEY),
                 COLUMN("target", "目标", "target", LQ_CELL_KEY),
                 COLUMN("priority", "紧急程度/优先级", "priority", LQ_CELL_WORD,
                        .first = DISPATCH__PRIORITY__FLASH, .last = DISPATCH__PRIORITY__ROUTINE),
                 COLUMN("vehicles", "车辆/车辆数", "vehicles", LQ_CELL_COUNT),
                 COLUMN("machines", "机械/机械数", "machines", LQ_CELL_COUNT),
                 COLUMN("teams", "小组/出动小组", "teams", LQ_CELL_LIST),
                 {0}}},
    {LEDGER("participants.csv", "参战人员/出动人员", dispatch, "record_participant"),
     .about_file = "operations.csv",
     .columns = {COLUMN("operation", "指令编号/行动编号", "order", LQ_CELL_KEY,
                        .mark = LQ_MARK_ABOUT),
                 COLUMN("team", "组/小组", "team", LQ_CELL_KEY),
                 COLUMN("badge", "证号/警号", "badge", LQ_CELL_KEY),
                 {0}}},
    {LEDGER("progress.csv", "进度/反馈", dispatch, "report_step"), .about_file = "operations.csv",
     .columns = {COLUMN("operation", "指令编号/行动编号", "order", LQ_CELL_KEY,
                        .mark = LQ_MARK_ABOUT),
                 COLUMN("team", "组/小组", "team", LQ_CELL_KEY),
                 BEHALF("by", "报告人"),
                 COLUMN("status", "状态/进度", "step", LQ_CELL_WORD,
                        .first = DISPATCH__STEP__ACKNOWLEDGED, .last = DISPATCH__STEP__FINISHED),
                 WHEN("at", "时间"),
                 {0}}},
    {LEDGER("seizures.csv", "查封扣押/查封/设备", seizure, "take_item"),
     .about_file = "operations.csv", .complete = act_of_officer, THING("item", "at_ms"),
     .columns = {COLUMN("item", "设备编号/编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_NUMBER),
                 COLUMN("operation", "指令编号/行动编号", "order", LQ_CELL_KEY,
                        .mark = LQ_MARK_ABOUT),
                 COLUMN("target", "目标", "target", LQ_CELL_KEY),
                 COLUMN("kind", "类型/类别", "kind", LQ_CELL_KEY),
                 COLUMN("action", "处置", "action", LQ_CELL_WORD,
                        .first = SEIZURE__ACTION__DISMANTLED, .last = SEIZURE__ACTION__SEALED),
                 COLUMN("seal", "封条号/封条编号", "seal", LQ_CELL_KEY_OR_NONE),
                 COLUMN("officer_1", "执法人员1", "officer_1", LQ_CELL_KEY_OR_NONE),
                 COLUMN("officer_2", "执法人员2", "officer_2", LQ_CELL_KEY_OR_NONE),
                 WHEN("at", "时间"),
                 COLUMN("specification", "规格", "specification", LQ_CELL_OPTIONAL),
                 {0}}},
    {LEDGER("seal_events.csv", "封条变动/查封变动", seizure, "extend_seal"),
     .about_file = "seizures.csv",
     .columns = {COLUMN("item", "设备编号/编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_ABOUT),
                 COLUMN("event", "事项", NULL, LQ_CELL_VARIANT, .choices = SEAL_EVENTS),
                 BEHALF("by", "决定人"),
                 WHEN("at", "时间"),
                 {0}}},
    {LEDGER("shutdowns.csv", "取缔/关停", seizure, "close_site"), .about_file = "operations.csv",
     .columns = {COLUMN("site", "点位编号", "site", LQ_CELL_KEY),
                 COLUMN("operation", "指令编号/行动编号", "order", LQ_CELL_KEY,
                        .mark = LQ_MARK_ABOUT),
                 BEHALF("by", "报告人"),
                 WHEN("at", "时间"),
                 {0}}},
    {LEDGER("notices.csv", "整改通知/通知书", casefile, "issue_notice"),
     THING("notice", "issued_at_ms"),
     .columns = {COLUMN("notice", "通知书编号/编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_NUMBER),
                 COLUMN("enterprise", "企业编号", "premises", LQ_CELL_KEY),
                 BEHALF("by", "执法人员/下达人"),
                 WHEN("issued_at", "下达时间"),
                 COLUMN("due_on", "整改期限/期限", "due_day", LQ_CELL_DAY),
                 COLUMN("finding", "发现问题/问题", "finding", LQ_CELL_TEXT),
                 {0}}},
    {LEDGER("cases.csv", "案件/刑事案件", casefile, "open_case"), .about_file = "operations.csv",
     THING("case", "opened_at_ms"),
     .columns = {COLUMN("case", "案件编号/编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_NUMBER),
                 COLUMN("operation", "指令编号/行动编号", "order", LQ_CELL_KEY,
                        .mark = LQ_MARK_ABOUT),
                 COLUMN("target", "目标", "target", LQ_CELL_KEY),
                 COLUMN("offence", "罪名/案由", "offence", LQ_CELL_TEXT),
                 WHEN("filed_at", "立案时间"),
                 BEHALF("by", "联络员/报告人"),
                 {0}}},
    {LEDGER("suspects.csv", "嫌疑人/涉案人员", casefile, "identify_suspect"),
     THING("suspect", NULL), .about_file = "cases.csv", .by_liaison = true,
     .columns = {COLUMN("suspect", "嫌疑人编号/编号", "number", LQ_CELL_KEY,
                        .mark = LQ_MARK_NUMBER),
                 COLUMN("case", "案件编号", "case_number", LQ_CELL_KEY, .mark = LQ_MARK_ABOUT),
                 COLUMN("name", "姓名", "name", LQ_CELL_OPTIONAL),
                 {0}}},
    {LEDGER("case_events.csv", "案件进展", casefile, "file_case"), .about_file = "cases.csv",
     .by_liaison = true,
     .columns = {COLUMN("case", "案件编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_ABOUT),
                 COLUMN("event", "事项", NULL, LQ_CELL_VARIANT, .choices = CASE_EVENTS),
                 WHEN("at", "时间"),
                 {0}}},
    {LEDGER("suspect_events.csv", "嫌疑人进展/人员处理", casefile, "record_suspect_step"),
     .about_file = "suspects.csv", .by_liaison = true,
     .columns = {COLUMN("suspect", "嫌疑人编号", "suspect", LQ_CELL_KEY, .mark = LQ_MARK_ABOUT),
                 COLUMN("case", "案件编号", "case_number", LQ_CELL_KEY, .mark = LQ_MARK_CASE),
                 COLUMN("event", "事项/措施", "step", LQ_CELL_WORD,
                        .first = CASEFILE__SUSPECT_STEP__LISTED_WANTED,
                        .last = CASEFILE__SUSPECT_STEP__DISCHARGED),
                 WHEN("at", "时间"),
                 {0}}},
    {LEDGER("tips.csv", "举报/举报线索", tips, "record_tip"), THING("tip", "received_at_ms"),
     .columns = {COLUMN("tip", "举报编号/编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_NUMBER),
                 WHEN("received_at", "接报时间/举报时间"),
                 COLUMN("channel", "渠道", "channel", LQ_CELL_KEY),
                 COLUMN("enterprise", "企业编号", "premises", LQ_CELL_KEY),
                 COLUMN("content", "内容/举报内容", "content", LQ_CELL_TEXT),
                 COLUMN("verified", "属实/是否属实", "verified", LQ_CELL_YES),
                 COLUMN("reward_yuan", "奖励(元)/奖励金额/奖励", "reward_yuan",
                        LQ_CELL_COUNT_OR_NONE),
                 {0}}},
    {LEDGER("volunteers.csv", "志愿者/义务监督员", tips, "register_volunteer"),
     THING("volunteer", NULL),
     .columns = {COLUMN("volunteer", "志愿者编号/编号", "number", LQ_CELL_KEY,
                        .mark = LQ_MARK_NUMBER),
                 COLUMN("name", "姓名", "name", LQ_CELL_TEXT),
                 COLUMN("village", "村/村庄", "village", LQ_CELL_OPTIONAL),
                 {0}}},
    {LEDGER("meetings.csv", "会议/联席会议", oversight, "record_meeting"),
     THING("meeting", "held_at_ms"),
     .columns = {COLUMN("meeting", "会议编号/编号", "number", LQ_CELL_KEY, .mark = LQ_MARK_NUMBER),
                 WHEN("held_at", "召开时间/时间"),
                 COLUMN("issues_raised", "提出问题/提出问题数", "issues_raised", LQ_CELL_COUNT),
                 COLUMN("issues_resolved", "解决问题/解决问题数", "issues_resolved", LQ_CELL_COUNT),
                 {0}}},
    {LEDGER("interviews.csv", "约谈", oversight, "record_interview"),
     .columns = {COLUMN("kind", "类型/类别", "kind", LQ_CELL_KEY),
                 WHEN("at", "时间/约谈时间"),
                 {0}}},
    {0},
};
