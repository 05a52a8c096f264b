// lq order: the rows; what they ask and show beyond that is in order.c. lq call: calls on the
// board.
#include "dispatch.pb-c.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/order.h"
#include "lq/show/next.h"

enum { COLUMN = 22 };

static const struct lq_arg ISSUE[] = {
    LQ_OPTION("--kind", "KIND", "kind", LQ_MUST, "raid, patrol, demolition, …",
              "raid 突击检查，patrol 巡查，demolition 拆除……"),
    LQ_OPTION("--target", "NUMBER", "target", LQ_MUST, "the premises, as the ledger numbers it",
              "目标场所的台账编号"),
    LQ_OPTION("--team", "TEAM", "teams", LQ_MUST, "once for each team", "每组一次"),
    LQ_OPTION("--priority", "PRIORITY", "priority", LQ_MAY,
              "flash, urgent or routine (default: routine)",
              "flash 特急，urgent 紧急，routine 一般（默认）"),
    LQ_OPTION("--vehicles", "N", "vehicles", LQ_MAY, NULL, NULL),
    LQ_OPTION("--machines", "N", "machines", LQ_MAY, "", ""),
    LQ_OPTION("--instructions", "TEXT", "instructions", LQ_MAY, "", ""),
    LQ_OPTION("--number", "NUMBER", "number", LQ_MAY, "the order's own number (default: the next)",
              "指令编号（默认下一个）"),
    LQ_OPTION("--override", NULL, "override", LQ_MAY,
              "a commander sends a team that is off duty or engaged; with --reason",
              "指挥长派出不当班或有任务的组，须加 --reason"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--all", NULL, NULL, LQ_SHOWN,
              "finished and cancelled ones too (default: only open ones)",
              "包括已完成和已撤销的（默认只看未完成的）"),
    LQ_OPTION("--open", NULL, "open", LQ_MAY, "only open ones, also with --from or --to",
              "只看未完成的，即使有 --from 或 --to"),
    LQ_OPTION("--team", "TEAM", "team", LQ_SHOWN, "addressed to this team", "下达给此组的"),
    LQ_OPTION("--unanswered", NULL, "unanswered", LQ_SHOWN, "at least one team has not answered",
              "至少有一组未签收"),
    LQ_OPTION("--from", "TIME", "from_ms", LQ_MAY, NULL, NULL),
    LQ_OPTION("--to", "TIME", "to_ms", LQ_MAY,
              "issued in this time, open or not; a day is meant to its end",
              "此间下达的，不论是否完成；日期算到当日结束", .kind = LQ_INSTANT_END),
    LQ_ONLY_OF_NOW("lq stats records operations"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg ORDER[] = {LQ_POSITION("ORDER", "number", LQ_MUST), {0}};
#define TEAM_OF_REPORTER LQ_POSITION("TEAM", "team", LQ_MAY, .otherwise = lq_order_find_team)

static const struct lq_arg REPORT[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    TEAM_OF_REPORTER,
    LQ_OPTION("--channel", "TEXT", "channel", LQ_MAY, "how it was told: radio, telephone, …",
              "联络方式：电台、电话……"),
    LQ_OPTION("--said", "TEXT", "words", LQ_MAY, "his own words", "原话"),
    {0},
};

static const struct lq_arg ADD[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    LQ_POSITION("TEAM", "team", LQ_MUST),
    LQ_OPTION("--relieves", "TEAM", "relieves", LQ_MAY, "in the place of this team, with --why",
              "接替此组，须加 --why"),
    LQ_OPTION("--why", "TEXT", "why", LQ_MAY, "why the other team is relieved", "换组的原因"),
    LQ_OPTION("--override", NULL, "override", LQ_MAY,
              "a commander sends a team that is off duty or engaged; with --reason",
              "指挥长派出不当班或有任务的组，须加 --reason"),
    {0},
};

// The same command as `add`, from the side of the team that is relieved.
static const struct lq_arg RELIEVE[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    LQ_POSITION("TEAM", "relieves", LQ_MUST),
    LQ_OPTION("--with", "TEAM", "team", LQ_MUST, "which team takes its place", "由哪一组接替"),
    LQ_OPTION("--why", "TEXT", "why", LQ_MUST, "why the team is relieved", "换组的原因",
              .otherwise = lq_order_find_why),
    LQ_OPTION("--override", NULL, "override", LQ_MAY,
              "a commander sends a team that is off duty or engaged; with --reason",
              "指挥长派出不当班或有任务的组，须加 --reason"),
    {0},
};

static const struct lq_arg WITHDRAW[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    LQ_POSITION("TEAM", "team", LQ_MUST),
    LQ_OPTION("--why", "TEXT", "why", LQ_MUST, "why it is withdrawn", "撤回的原因",
              .otherwise = lq_order_find_why),
    {0},
};

static const struct lq_arg REOPEN[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    LQ_OPTION("--team", "TEAM", "teams", LQ_MUST, "who goes on with it; once for each team",
              "由哪些组继续执行，每组一次"),
    LQ_OPTION("--why", "TEXT", "why", LQ_MUST, "why it is gone on with", "重新开启的原因",
              .otherwise = lq_order_find_why),
    LQ_OPTION("--override", NULL, "override", LQ_MAY,
              "a commander sends a team that is off duty or engaged; with --reason",
              "指挥长派出不当班或有任务的组，须加 --reason"),
    {0},
};

static const struct lq_arg DECLINE[] = {
    LQ_OPTION("--why", "TEXT", "why", LQ_MUST, "why the team cannot go", "不能出动的原因",
              .otherwise = lq_order_find_why),
    LQ_POSITION("ORDER", "order", LQ_MUST),
    TEAM_OF_REPORTER,
    {0},
};

static const struct lq_arg CANCEL[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    LQ_OPTION("--why", "TEXT", "why", LQ_MUST, "why it is cancelled", "撤销的原因",
              .otherwise = lq_order_find_why),
    {0},
};

static const struct lq_arg JOIN[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    LQ_POSITION("TEAM", "team", LQ_MUST),
    LQ_POSITION("BADGE", "badge", LQ_MUST),
    {0},
};

static const struct lq_arg AMEND[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    LQ_OPTION("--priority", "PRIORITY", "priority", LQ_SHOWN, "flash, urgent or routine",
              "flash 特急，urgent 紧急，routine 一般"),
    LQ_OPTION("--instructions", "TEXT", "instructions", LQ_SHOWN, NULL, NULL),
    LQ_OPTION("--why", "TEXT", "why", LQ_MUST, "why it is changed", "变更的原因",
              .otherwise = lq_order_find_why),
    {0},
};

static const struct lq_arg HELP[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    TEAM_OF_REPORTER,
    LQ_OPTION("--said", "TEXT", "words", LQ_SHOWN, "what help is needed for", "需要何种支援"),
    {0},
};

static const struct lq_arg CREW[] = {
    LQ_POSITION("ORDER", "order", LQ_MUST),
    TEAM_OF_REPORTER,
    LQ_OPTION("--people", "BADGE", "people", LQ_SHOWN, "who went along; once for each",
              "出动人员编号，每人一次"),
    LQ_OPTION("--vehicles", "PLATE", "vehicles", LQ_SHOWN,
              "by their plates, once for each; or how many", "车牌号，每辆一次；或只写数量"),
    LQ_OPTION("--machines", "NAME", "machines", LQ_SHOWN, "once for each; or how many",
              "机械名称，每台一次；或只写数量"),
    LQ_OPTION("--odometer-out", "KM", "odometer_out_km", LQ_MAY, NULL, NULL),
    LQ_OPTION("--odometer-in", "KM", "odometer_in_km", LQ_MAY, "at departure and return",
              "出车和回车里程"),
    {0},
};

#define TEAM_NOTE                                                                                  \
    "  TEAM is that of the person who signs on, or of --for BADGE, if it is not given.\n"
#define TEAM_NOTE_ZH "  不写 TEAM 时，为登录人或 --for 所指人员的组。\n"
#define REPORT_NOTES                                                                               \
    .notes = {TEAM_NOTE "  A desk answers for a lead: --for P1023 --reason \"by radio\"\n",        \
              TEAM_NOTE_ZH "  调度台代组长答复：--for P1023 --reason \"电台报告\"\n"}

static int show_next(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    (void)answer;
    return lq_next_print(cli);
}

const struct lq_verb lq_order_verbs[] = {
    LQ_VERB(
        "order", "issue", "issue an order to teams", "向各组下达指令", ISSUE, .word = "下达",
        LQ_SENDS("dispatch", "issue_order"), .preset = {"priority", DISPATCH__PRIORITY__ROUTINE},
        .needs = {"an order needs --kind, --target and at least one --team",
                  "指令须有 --kind、--target 和至少一个 --team"},
        .help_column = COLUMN,
        .notes =
            {"  lq order issue --as P1005 --kind raid --target E0001 --priority urgent --team T01 "
             "--team T02\n",
             "  lq order issue --as P1005 --kind raid --target E0001 --priority urgent --team T01 "
             "--team T02\n"}),
    LQ_VERB(
        "order", "list",
        "open orders, those that nobody has answered first; others, the latest first",
        "未完成的指令，无人签收的在前；其余最新的在前", LIST, .word = "一览",
        LQ_ASKS_FOR("dispatch", "list"), .columns = lq_order_columns,
        .complete = lq_order_complete_list, .order = lq_order_sort, .offline = true,
        .remember = lq_order_remember, .help_column = COLUMN,
        .notes =
            {"  Teams: ? not answered, ✓ acknowledged, → moving, ● on scene, ■ done, ✗ declined\n",
             "  各组：? 未签收，✓ 已签收，→ 在途，● 到场，■ 完成，✗ 不能出动\n"}),
    LQ_VERB("order", "show", "an order, its teams' answers, who took part",
            "一条指令、各组答复、参加人员", ORDER, .word = "查看", LQ_ASKS_FOR("dispatch", "show"),
            .show = lq_order_show, .after = lq_log_after, .offline = true,
            .absent = {"there is no order %s (lq order list --all lists them)",
                       "没有指令 %s（lq order list --all 列出全部）"}),
    LQ_VERB("order", "ack", "acknowledge an order (签收)", "签收指令", REPORT, .word = "签收",
            LQ_SENDS("dispatch", "report_step"), .preset = {"step", DISPATCH__STEP__ACKNOWLEDGED},
            REPORT_NOTES),
    LQ_VERB("order", "depart", "the team is on its way (出发)", "出发", REPORT, .word = "出发",
            LQ_SENDS("dispatch", "report_step"), .preset = {"step", DISPATCH__STEP__DEPARTED},
            REPORT_NOTES),
    LQ_VERB("order", "arrive", "the team is on scene (到场)", "到场", REPORT, .word = "到场",
            LQ_SENDS("dispatch", "report_step"), .preset = {"step", DISPATCH__STEP__ON_SCENE},
            REPORT_NOTES),
    LQ_VERB("order", "finish", "the team has finished (完成)", "完成", REPORT, .word = "完成",
            LQ_SENDS("dispatch", "report_step"), .preset = {"step", DISPATCH__STEP__FINISHED},
            REPORT_NOTES),
    LQ_VERB("order", "decline", "the team cannot go", "不能出动", DECLINE, .word = "不能出动",
            LQ_SENDS("dispatch", "decline_order"),
            .needs = {"a team that declines says why: --why TEXT", "不能出动须说明原因：--why"},
            .help_column = COLUMN, .notes = {TEAM_NOTE, TEAM_NOTE_ZH}),
    LQ_VERB("order", "cancel", "cancel an order", "撤销指令", CANCEL, .word = "撤销",
            LQ_SENDS("dispatch", "cancel_order"),
            .needs = {"an order is cancelled with a reason: --why TEXT", "撤销须说明原因：--why"},
            .help_column = COLUMN),
    LQ_VERB("order", "add", "send one more team, or one in the place of another",
            "增派一组，或换组", ADD, .word = "增派", LQ_SENDS("dispatch", "add_team")),
    LQ_VERB("order", "relieve", "send a team in the place of another", "换组：由另一组接替",
            RELIEVE, .word = "换组", LQ_SENDS("dispatch", "add_team"),
            .needs = {"a team is relieved --with another, and with a reason: --why TEXT",
                      "换组须有 --with（接替的组）和 --why（原因）"}),
    LQ_VERB("order", "withdraw", "take a team out of an order", "撤回一组", WITHDRAW,
            .word = "撤回", LQ_SENDS("dispatch", "withdraw_team"),
            .needs = {"a team is withdrawn with a reason: --why TEXT", "撤回须说明原因：--why"}),
    LQ_VERB(
        "order", "reopen", "go on with an order that is finished", "重新开启已完成的指令", REOPEN,
        .word = "重开", LQ_SENDS("dispatch", "reopen_order"),
        .needs = {"an order is reopened with --team and --why", "重新开启须有 --team 和 --why"}),
    LQ_VERB("order", "next", "what may be done with it next, and by whom", "下一步可办什么、由谁办",
            ORDER, LQ_ASKS_FOR("dispatch", "show"), .show = show_next),
    LQ_VERB("order", "board", "what the desk must see at one look", "调度看板", NULL,
            .word = "看板", .service = "dispatch", .run = lq_order_board,
            .notes = {"  Teams: ? not answered and for how long, ✓ acknowledged, → moving, ● on "
                      "scene, ■ done, ✗ gone\n",
                      "  各组：? 未签收及已过时间，✓ 已签收，→ 在途，● 到场，■ 完成，✗ 不去\n"}),
    LQ_VERB("order", "amend", "carry it out otherwise from now on: priority, instructions",
            "变更指令：等级、内容", AMEND, .word = "变更", LQ_SENDS("dispatch", "amend_order"),
            .needs = {"an order is changed with a reason: --why TEXT", "变更须说明原因：--why"}),
    LQ_VERB("order", "help", "the team needs help (求援): a flash call on the board",
            "求援：在看板上发出特急呼叫", HELP, .word = "求援",
            LQ_SENDS("dispatch", "call_for_help"), REPORT_NOTES),
    LQ_VERB("order", "crew", "who went, with which vehicles and machines",
            "登记出动人员、车辆、机械", CREW, LQ_SENDS("dispatch", "record_crew"),
            .help_column = COLUMN),
    LQ_VERB("order", "join", "record that somebody took part (人次)", "登记参加人员（人次）", JOIN,
            LQ_SENDS("dispatch", "record_participant")),
    {0},
};

// ---------------------------------------------------------------- calls

static const struct lq_column CALLS[] = {
    LQ_COLUMN("CALL", "呼叫", "number", .whole = true),
    LQ_COLUMN("AT", "时间", "at_ms", .whole = true),
    LQ_COLUMN("PRIORITY", "等级", "priority", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("WHAT", "事由", NULL, .cell = lq_call_what),
    LQ_COLUMN("ABOUT", "来源", "source_number", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("ORDER", "指令", "order", .whole = true),
    {0},
};

static const struct lq_arg LIST_CALLS[] = {
    LQ_OPTION("--open", NULL, "open", LQ_SHOWN, "only those that nobody has decided about",
              "只看待派单的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg OPEN_CALL[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_MUST, "where a team is needed",
              "何处需要派队"),
    LQ_OPTION("--what", "TEXT", "what", LQ_MUST, "for what", "事由"),
    LQ_OPTION("--priority", "PRIORITY", "priority", LQ_MUST, "flash, urgent or routine",
              "flash 特急，urgent 紧急，routine 一般"),
    {0},
};

const struct lq_verb lq_call_verbs[] = {
    LQ_VERB("call", "list", "calls on the board", "呼叫", LIST_CALLS,
            LQ_ASKS_FOR("dispatch", "calls"), .columns = CALLS),
    LQ_VERB("call", "open", "ask for a team (求援)", "请求派队（求援）", OPEN_CALL,
            LQ_SENDS("dispatch", "open_call"),
            .needs = {"a call needs --premises, --what and --priority",
                      "呼叫须有 --premises、--what 和 --priority"}),
    {0},
};
