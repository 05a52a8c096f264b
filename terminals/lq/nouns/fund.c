// lq budget: what is put aside by line and year. lq grant: what of it is given to whom; what is
// done with one are steps (cli/step_verbs.c).
#include "lq/nouns/nouns.h"

static const struct lq_column BUDGETS[] = {
    LQ_COLUMN("BUDGET", "预算", "number", .whole = true),
    LQ_COLUMN("YEAR", "年度", "year", .whole = true),
    LQ_COLUMN("LINE", "科目", "line", .whole = true),
    LQ_COLUMN("CEILING", "上限（元）", "ceiling_yuan", .right = true),
    LQ_COLUMN("GRANTED", "已安排", "granted_yuan", .right = true),
    LQ_COLUMN("PAID", "已支付", "paid_yuan", .right = true),
    LQ_COLUMN("LEFT", "余额", "left_yuan", .right = true),
    LQ_COLUMN("PAPER", "文号", "paper"),
    {0},
};

static const struct lq_column GRANTS[] = {
    LQ_COLUMN("GRANT", "资金", "number", .whole = true),
    LQ_COLUMN("PROPOSED", "提出", "proposed_at_ms", .whole = true),
    LQ_COLUMN("LINE", "科目", "line", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises"),
    LQ_COLUMN("PAYEE", "收款人", "payee"),
    LQ_COLUMN("YUAN", "金额（元）", "amount_yuan", .right = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("PURPOSE", "用途", "purpose"),
    {0},
};

#define LINE_OPTION(how, zh)                                                                       \
    LQ_OPTION("--line", "LINE", "line", how, "guide, camera, experts, tip_reward", zh)

static const struct lq_arg BUDGET_LIST[] = {
    LQ_OPTION("--year", "YEAR", "year", LQ_SHOWN, "of that year", "只看这一年的",
              .kind = LQ_NUMBER),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg SET[] = {
    LQ_POSITION("BUDGET", "number", LQ_MAY),
    LINE_OPTION(LQ_ASKED, "科目：引导资金、视频补贴、专家费、举报奖励"),
    LQ_OPTION("--ceiling", "YUAN", "ceiling_yuan", LQ_ASKED, "how much it may give", "上限（元）"),
    LQ_OPTION("--year", "YEAR", "year", LQ_SHOWN, "for which year (default: of the act)",
              "年度（默认为办理之年）", .kind = LQ_NUMBER),
    LQ_OPTION("--paper", "NUMBER", "paper", LQ_SHOWN, "by which paper it is set", "下达文号"),
    {0},
};

static const struct lq_arg GRANT_LIST[] = {
    LINE_OPTION(LQ_SHOWN, "只看这一科目的"),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these premises", "只看这一场所的"),
    LQ_OPTION("--year", "YEAR", "year", LQ_SHOWN, "of that year", "只看这一年的",
              .kind = LQ_NUMBER),
    LQ_OPTION("--open", NULL, "open", LQ_SHOWN, "neither paid nor refused", "只看未办结的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg GRANT[] = {LQ_POSITION("GRANT", "number", LQ_MUST), {0}};

static const struct lq_arg PROPOSE[] = {
    LQ_POSITION("GRANT", "number", LQ_MAY),
    LINE_OPTION(LQ_ASKED, "科目：引导资金、视频补贴、专家费、举报奖励"),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "for these premises (guide, camera)",
              "场所（引导资金、视频补贴）"),
    LQ_OPTION("--tip", "TIP", "tip", LQ_SHOWN, "for that tip (tip_reward)", "举报（举报奖励）"),
    LQ_OPTION("--payee", "NAME", "payee", LQ_SHOWN, "whom it goes to (experts, guide)",
              "收款人（专家费、引导资金）"),
    LQ_OPTION("--amount", "YUAN", "amount_yuan", LQ_SHOWN,
              "how much (camera, tip_reward: as the rule has it)",
              "金额（元；视频补贴、举报奖励按规定，可不填）"),
    LQ_OPTION("--purpose", "TEXT", "purpose", LQ_SHOWN, "what for", "用途"),
    {0},
};

const struct lq_verb lq_budget_verbs[] = {
    LQ_VERB("budget", "list", "what is put aside by line and year, and what is left",
            "各科目年度预算及余额", BUDGET_LIST, LQ_ASKS_FOR("fund", "budgets"),
            .columns = BUDGETS),
    LQ_VERB("budget", "set", "put money aside for a line and a year", "下达预算", SET,
            LQ_SENDS("fund", "set_budget")),
    {0},
};

const struct lq_verb lq_grant_verbs[] = {
    LQ_VERB("grant", "list", "what is granted to whom", "资金安排", GRANT_LIST,
            LQ_ASKS_FOR("fund", "grants"), .columns = GRANTS),
    LQ_VERB("grant", "show", "one grant", "一笔资金", GRANT, LQ_ASKS_FOR("fund", "show_grant"),
            .after = lq_log_after,
            .absent = {"there is no grant %s (lq grant list lists them)",
                       "没有资金 %s（lq grant list 列出全部）"}),
    LQ_VERB("grant", "propose", "propose to give money; two others approve it, finance pays it",
            "提出资金安排，须两人批准，由财务拨付", PROPOSE, LQ_SENDS("fund", "propose_grant"),
            .more = true),
    {0},
};
