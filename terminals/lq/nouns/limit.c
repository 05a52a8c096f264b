// lq limit: decisions on production (限产停产): limited, stopped, fined by the day, closed by the
// government. What is done with them are steps (cli/step_verbs.c).
#include "lq/nouns/nouns.h"

static const struct lq_column LIMITS[] = {
    LQ_COLUMN("LIMIT", "编号", "number", .whole = true),
    LQ_COLUMN("DECIDED", "决定", "decided_at_ms", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("KIND", "种类", "kind", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("GROUND", "违法情形", "ground"),
    {0},
};

#define KIND_OPTION(how, zh)                                                                       \
    LQ_OPTION("--kind", "KIND", "kind", how, "limited, stopped, daily_fine, government_closure", zh)

static const struct lq_arg LIST[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these premises", "只看这一场所的"),
    KIND_OPTION(LQ_SHOWN, "只看这一种：限制生产、停产整治、按日连续处罚、责令停业关闭"),
    LQ_OPTION("--open", NULL, "open", LQ_SHOWN, "neither lifted, withdrawn, terminated nor refused",
              "只看尚未解除或终止的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg LIMIT[] = {LQ_POSITION("LIMIT", "number", LQ_MUST), {0}};

static const struct lq_arg DECIDE[] = {
    LQ_POSITION("PREMISES", "premises", LQ_MUST),
    KIND_OPTION(LQ_ASKED, "种类：限制生产、停产整治、按日连续处罚、责令停业关闭"),
    LQ_OPTION("--ground", "TEXT", "ground", LQ_ASKED, "what the enterprise has done", "违法情形"),
    LQ_OPTION("--months", "N", "months", LQ_SHOWN,
              "of a limit: for how many months (default: as long as the law allows)",
              "限制生产几个月（默认为法定最长期限）"),
    LQ_OPTION("--penalty", "PENALTY", "penalty", LQ_SHOWN,
              "of a daily fine: the penalty case that it goes on from",
              "按日连续处罚：原处罚案件编号"),
    LQ_OPTION("--paper", "NUMBER", "paper", LQ_SHOWN, "the number of the decision", "决定书文号"),
    LQ_OPTION("--handler", "BADGE", "handler", LQ_SHOWN,
              "who serves it and sees to its terms (default: who decides)",
              "承办人，负责送达和期限（默认决定人本人）"),
    LQ_OPTION("--limit-number", "NUMBER", "number", LQ_MAY, "as paper has it (default: the next)",
              "纸面登记编号（默认给下一号）"),
    {0},
};

const struct lq_verb lq_limit_verbs[] = {
    LQ_VERB("limit", "list", "decisions to limit, stop or close production",
            "限产、停产、按日计罚、关停决定", LIST, LQ_ASKS_FOR("ledger", "limits"),
            .columns = LIMITS),
    LQ_VERB("limit", "show", "one decision, what was done with it and what may follow",
            "一项决定、办理过程和下一步", LIMIT, LQ_ASKS_FOR("ledger", "show_limit"),
            .after = lq_log_after,
            .absent = {"there is no decision %s (lq limit list lists them)",
                       "没有限产停产决定 %s（lq limit list 列出全部）"}),
    LQ_VERB(
        "limit", "decide", "decide to limit or stop production, or to ask for closure (head)",
        "作出限产停产决定，或报请政府关停（局负责人）", DECIDE, LQ_SENDS("ledger", "decide_limit"),
        .notes =
            {"  Then: serve, file-plan, complete, file-completion (which lifts it), revisit;\n"
             "  of a closure order-closure --authority --paper. lq limit next LIMIT tells which.\n",
             "  之后：serve 送达，file-plan 方案备案，complete 整改完成，file-completion 完成备案\n"
             "  （备案之日即解除），revisit 跟踪检查；关停：order-closure --authority --paper。\n"
             "  下一步可做什么：lq limit next 编号\n"},
        .more = true),
    {0},
};
