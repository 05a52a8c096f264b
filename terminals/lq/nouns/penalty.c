// lq penalty: administrative penalty cases. lq detention: transfers for administrative detention.
// What is done with them are steps (cli/step_verbs.c).
#include "lq/nouns/nouns.h"

static const struct lq_column PENALTIES[] = {
    LQ_COLUMN("PENALTY", "案件", "number", .whole = true),
    LQ_COLUMN("OPENED", "受理", "opened_at_ms", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("HANDLER", "承办人", "handler", .whole = true),
    LQ_COLUMN("VIOLATION", "违法行为", "violation"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these premises", "只看这一场所的"),
    LQ_OPTION("--in-default", NULL, "in_default", LQ_SHOWN, "whose fine is not paid in time",
              "逾期未缴罚款的"),
    LQ_OPTION("--contested", NULL, "contested", LQ_SHOWN, "that are reconsidered or before a court",
              "复议或诉讼中的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg PENALTY[] = {LQ_POSITION("PENALTY", "number", LQ_MUST), {0}};

#define ABOUT                                                                                      \
    LQ_POSITION("PENALTY", "number", LQ_MAY), LQ_POSITION("PREMISES", "premises", LQ_MUST),        \
        LQ_OPTION("--premises", "NUMBER", "premises", LQ_MAY, "the same as PREMISES",              \
                  "同 PREMISES"),                                                                  \
        LQ_OPTION("--violation", "TEXT", "violation", LQ_MUST, "what was done", "违法行为")
#define WORKED                                                                                     \
    LQ_OPTION("--officer", "BADGE", "officers", LQ_MAY, "twice: two officers investigate",         \
              "两次：须两名调查人员"),                                                             \
        LQ_OPTION("--handler", "BADGE", "handler", LQ_MAY,                                         \
                  "whose case it is (default: the actor)", "承办人（默认办理人本人）"),            \
        LQ_OPTION("--order", "ORDER", "order", LQ_MAY, "on which order it was found",              \
                  "在哪次指令中发现")
#define DECIDED                                                                                    \
    LQ_OPTION("--paper", "NUMBER", "paper", LQ_SHOWN, "the number of the decision",                \
              "处罚决定书文号"),                                                                   \
        LQ_OPTION("--fined", NULL, "fined", LQ_SHOWN, "it is a fine", "处以罚款")

static const struct lq_arg OPEN[] = {
    ABOUT,
    WORKED,
    LQ_OPTION("--tip", "TIP", "tip", LQ_MAY, "from which tip it comes", "由哪件举报而来"),
    LQ_OPTION("--supervised", NULL, "supervised", LQ_MAY, "a higher authority waits for the result",
              "上级挂牌督办"),
    {0},
};

static const struct lq_arg SPOT[] = {ABOUT, WORKED, DECIDED, {0}};
static const struct lq_arg RECORD[] = {ABOUT, DECIDED, {0}};

#define NEEDS                                                                                       \
    .needs = {"a penalty case needs PREMISES and --violation", "行政处罚案件须有场所和 " \
                                                               "--violation"}

const struct lq_verb lq_penalty_verbs[] = {
    LQ_VERB("penalty", "list", "administrative penalty cases", "行政处罚案件", LIST,
            LQ_ASKS_FOR("casefile", "penalties"), .columns = PENALTIES),
    LQ_VERB("penalty", "show", "one penalty case", "一起行政处罚案件", PENALTY,
            LQ_ASKS_FOR("casefile", "show_penalty"), .after = lq_log_after,
            .absent = {"there is no penalty case %s (lq penalty list lists them)",
                       "没有行政处罚案件 %s（lq penalty list 列出全部）"}),
    LQ_VERB("penalty", "open", "take up a case, to be filed or not", "受理线索，审查是否立案", OPEN,
            LQ_SENDS("casefile", "open_penalty"), NEEDS, .more = true),
    LQ_VERB("penalty", "spot", "a penalty on the spot (当场处罚)", "当场处罚", SPOT,
            LQ_SENDS("casefile", "spot_penalty"), NEEDS, .more = true),
    LQ_VERB("penalty", "record", "a penalty that was decided on paper", "登记纸质处罚决定", RECORD,
            LQ_SENDS("casefile", "record_penalty"), NEEDS),
    {0},
};

static const struct lq_column DETENTIONS[] = {
    LQ_COLUMN("DETENTION", "移送", "number", .whole = true),
    LQ_COLUMN("DECIDED", "决定", "decided_at_ms", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("PERSON", "当事人", "person"),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("PENALTY", "处罚案件", "penalty", .whole = true),
    {0},
};

static const struct lq_arg DETENTION_LIST[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these premises", "只看这一场所的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg DETENTION[] = {LQ_POSITION("DETENTION", "number", LQ_MUST), {0}};

static const struct lq_arg DECIDE[] = {
    LQ_POSITION("DETENTION", "number", LQ_MAY),
    LQ_POSITION("PREMISES", "premises", LQ_MUST),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_MAY, "the same as PREMISES", "同 PREMISES"),
    LQ_OPTION("--person", "NAME", "person", LQ_SHOWN, "who is to be detained", "拟拘留的人"),
    LQ_OPTION("--ground", "TEXT", "ground", LQ_SHOWN,
              "which of those of Environmental Protection Law art. 63",
              "《环境保护法》第六十三条的哪一情形"),
    LQ_OPTION("--penalty", "PENALTY", "penalty", LQ_SHOWN,
              "on which penalty case it rests (default: the latest of the premises)",
              "依据的处罚案件（默认该场所最近一起）"),
    LQ_OPTION("--handler", "BADGE", "handler", LQ_MAY,
              "who sends the file (default: who handles the penalty case)",
              "承办人（默认处罚案件的承办人）"),
    {0},
};

const struct lq_verb lq_detention_verbs[] = {
    LQ_VERB("detention", "list", "transfers for administrative detention", "移送行政拘留",
            DETENTION_LIST, LQ_ASKS_FOR("casefile", "detentions"), .columns = DETENTIONS),
    LQ_VERB("detention", "show", "one transfer", "一件移送", DETENTION,
            LQ_ASKS_FOR("casefile", "show_detention"), .after = lq_log_after,
            .absent = {"there is no transfer %s (lq detention list lists them)",
                       "没有移送 %s（lq detention list 列出全部）"}),
    LQ_VERB("detention", "decide", "decide to transfer a person for detention (the head)",
            "决定移送行政拘留（局负责人）", DECIDE, LQ_SENDS("casefile", "decide_detention"),
            .needs = {"a transfer is of somebody of the PREMISES", "移送须有场所"}),
    {0},
};
