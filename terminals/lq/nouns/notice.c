// lq notice: correction notices to premises.
#include "lq/nouns/nouns.h"

static const struct lq_column COLUMNS[] = {
    LQ_COLUMN("NOTICE", "通知单", "number", .whole = true),
    LQ_COLUMN("ISSUED", "下发", "issued_at_ms", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("TOWNSHIP", "乡镇", "township"),
    LQ_COLUMN("DUE", "期限", "due_day", .whole = true),
    LQ_COLUMN("FINDING", "问题", "finding"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "to these premises",
              "只看发给这一场所的"),
    LQ_OPTION("--due-before", "DATE", "due_before_day", LQ_SHOWN, "due before this day",
              "整改期限早于此日的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg ISSUE[] = {
    LQ_POSITION("NOTICE", "number", LQ_MAY),
    LQ_POSITION("PREMISES", "premises", LQ_MUST),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_MAY, "the same as PREMISES", "同 PREMISES"),
    LQ_OPTION("--due", "DATE", "due_day", LQ_MUST, "by when it must be put right", "整改期限"),
    LQ_OPTION("--finding", "TEXT", "finding", LQ_MUST, "what was found", "发现的问题"),
    {0},
};

const struct lq_verb lq_notice_verbs[] = {
    LQ_VERB("notice", "list", "correction notices", "整改通知单", LIST,
            LQ_ASKS_FOR("casefile", "notices"), .columns = COLUMNS),
    LQ_VERB(
        "notice", "issue", "issue a correction notice (整改通知单)", "下发整改通知单", ISSUE,
        LQ_SENDS("casefile", "issue_notice"),
        .needs = {"a notice needs --due DATE and --finding TEXT", "通知单须有 --due 和 --finding"}),
    {0},
};
