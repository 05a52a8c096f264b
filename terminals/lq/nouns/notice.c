// lq notice: correction notices to premises.
#include "lq/nouns/nouns.h"

static const struct lq_column COLUMNS[] = {
    LQ_COLUMN("NOTICE", "通知单", "number", .whole = true),
    LQ_COLUMN("ISSUED", "下发", "issued_at_ms", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("TOWNSHIP", "乡镇", "township"),
    LQ_COLUMN("DUE", "期限", "due_day", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("FINDING", "问题", "finding"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "to these premises",
              "只看发给这一场所的"),
    LQ_OPTION("--due-before", "DATE", "due_before_day", LQ_SHOWN, "due before this day",
              "整改期限早于此日的"),
    LQ_OPTION("--unanswered", NULL, "unanswered", LQ_SHOWN, "of which no recheck is recorded",
              "未记录复查结果的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg ISSUE[] = {
    LQ_POSITION("NOTICE", "number", LQ_MAY),
    LQ_POSITION("PREMISES", "premises", LQ_MUST),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_MAY, "the same as PREMISES", "同 PREMISES"),
    LQ_OPTION("--due", "DATE", "due_day", LQ_ASKED,
              "by when it must be put right (the county's form must say)",
              "整改期限（县通知单必填）"),
    LQ_OPTION("--finding", "TEXT", "finding", LQ_MUST, "what was found", "发现的问题"),
    LQ_OPTION("--form", "FORM", "form", LQ_SHOWN,
              "county (without it), or statutory: a decision that orders to correct",
              "county 县整改通知单（默认），statutory 责令改正决定书"),
    LQ_OPTION("--report-day", "DATE", "report_day", LQ_SHOWN,
              "statutory: when the report that proves it was obtained (default: today)",
              "责令改正决定书：取得监测报告之日（默认下发当日）"),
    {0},
};

static const struct lq_arg NOTICE[] = {LQ_POSITION("NOTICE", "number", LQ_MUST), {0}};

const struct lq_verb lq_notice_verbs[] = {
    LQ_VERB("notice", "list", "correction notices", "整改通知单", LIST,
            LQ_ASKS_FOR("casefile", "notices"), .columns = COLUMNS),
    LQ_VERB("notice", "show", "one notice, and what became of it", "一份通知单及其办理情况", NOTICE,
            LQ_ASKS_FOR("casefile", "show_notice"), .after = lq_log_after,
            .absent = {"there is no notice %s (lq notice list lists them)",
                       "没有通知单 %s（lq notice list 列出全部）"}),
    LQ_VERB("notice", "issue", "issue a correction notice (整改通知单)", "下发整改通知单", ISSUE,
            LQ_SENDS("casefile", "issue_notice"),
            .needs = {"a notice needs --finding TEXT", "通知单须有 --finding"}),
    {0},
};
