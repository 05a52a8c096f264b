// lq tips, lq tip: leads from the public, and the village volunteers.
#include "lq/nouns/nouns.h"

static const struct lq_column TIPS[] = {
    LQ_COLUMN("TIP", "举报", "number", .whole = true),
    LQ_COLUMN("RECEIVED", "收到", "received_at_ms", .whole = true),
    LQ_COLUMN("CHANNEL", "渠道", "channel"),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("TOWNSHIP", "乡镇", "township", .spare = true),
    LQ_COLUMN("VERIFIED", "属实", "verified"),
    LQ_COLUMN("YUAN", "奖励（元）", "reward_yuan", .right = true),
    LQ_COLUMN("CONTENT", "内容", "content"),
    {0},
};

static const struct lq_column VOLUNTEERS[] = {
    LQ_COLUMN("VOLUNTEER", "监督员", "number", .whole = true),
    LQ_COLUMN("NAME", "姓名", "name"),
    LQ_COLUMN("VILLAGE", "村庄", "village"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "about these premises",
              "只看这一场所的"),
    LQ_OPTION("--village", "VILLAGE", "village", LQ_SHOWN, "about this village", "只看这个村的"),
    LQ_OPTION("--department", "NAME", "department", LQ_MAY, "about this department",
              "只看这个部门的"),
    LQ_OPTION("--state", "WORD", "state", LQ_SHOWN, "received, accepted, replied, …",
              "已收到、已受理、已答复……"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg RECORD[] = {
    LQ_POSITION("TIP", "number", LQ_MAY),
    LQ_OPTION("--channel", "CHANNEL", "channel", LQ_ASKED, "hotline_12369, letter, volunteer, …",
              "hotline_12369 12369热线，letter 来信，volunteer 志愿者……"),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "about which premises",
              "举报的是哪个场所"),
    LQ_OPTION("--village", "VILLAGE", "village", LQ_MAY, "or which village", "或哪个村"),
    LQ_OPTION("--department", "NAME", "department", LQ_MAY, "or which department", "或哪个部门"),
    LQ_OPTION("--duplicate-of", "TIP", "duplicate_of", LQ_MAY, "the first tip of the same",
              "与哪件举报重复"),
    LQ_OPTION("--content", "TEXT", "content", LQ_ASKED, "what was said", "举报内容"),
    LQ_OPTION("--verified", NULL, "verified", LQ_MAY, "it proved true (属实)", "经查属实"),
    LQ_OPTION("--reward", "YUAN", "reward_yuan", LQ_MAY, "what was paid for it", "奖励金额"),
    {0},
};

static const struct lq_arg VERIFY[] = {
    LQ_POSITION("TIP", "number", LQ_MUST),
    LQ_OPTION("--reward", "YUAN", "reward_yuan", LQ_SHOWN, "what was paid for it", "奖励金额"),
    {0},
};

static const struct lq_arg LIMIT[] = {LQ_LIMIT_OPTION, {0}};

static const struct lq_arg VOLUNTEER[] = {
    LQ_POSITION("NUMBER", "number", LQ_MAY),
    LQ_POSITION("NAME", "name", LQ_MUST),
    LQ_OPTION("--village", "VILLAGE", "village", LQ_ASKED, "where he watches", "负责哪个村"),
    {0},
};

#define TIP_VERBS(_noun)                                                                           \
    LQ_VERB(_noun, "list", "leads from the public", "群众举报", LIST, LQ_ASKS_FOR("tips", "tips"), \
            .columns = TIPS),                                                                      \
        LQ_VERB(_noun, "record", "record a tip; never who gave it", "登记举报，绝不登记举报人",    \
                RECORD, LQ_SENDS("tips", "record_tip"), .more = true)

const struct lq_verb lq_tips_verbs[] = {
    TIP_VERBS("tips"),
    LQ_VERB("tips", "verify", "a tip proved true (属实)", "举报经查属实", VERIFY, .word = "属实",
            LQ_SENDS("tips", "verify_tip"), .preset = {"verified", 1}),
    LQ_VERB("tips", "volunteers", "the village volunteers (村级监督员)", "村级监督员", LIMIT,
            LQ_ASKS_FOR("tips", "volunteers"), .columns = VOLUNTEERS),
    LQ_VERB("tips", "volunteer", "register a volunteer", "登记村级监督员", VOLUNTEER,
            LQ_SENDS("tips", "register_volunteer")),
    {0},
};

// What becomes of a tip are steps (cli/step_verbs.c).
const struct lq_verb lq_tip_verbs[] = {
    TIP_VERBS("tip"),
    {0},
};
