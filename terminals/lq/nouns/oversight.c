// lq oversight: joint meetings and interviews.
#include "lq/nouns/nouns.h"

static const struct lq_column MEETINGS[] = {
    LQ_COLUMN("MEETING", "会议", "number", .whole = true),
    LQ_COLUMN("HELD", "召开", "held_at_ms", .whole = true),
    LQ_COLUMN("RAISED", "提出问题", "issues_raised", .right = true),
    LQ_COLUMN("RESOLVED", "已解决", "issues_resolved", .right = true),
    {0},
};

static const struct lq_column INTERVIEWS[] = {
    LQ_COLUMN("INTERVIEW", "约谈", "number", .whole = true),
    LQ_COLUMN("AT", "时间", "at_ms", .whole = true),
    LQ_COLUMN("KIND", "对象", "kind"),
    {0},
};

static const struct lq_column ISSUES[] = {
    LQ_COLUMN("ISSUE", "问题", "number", .whole = true),
    LQ_COLUMN("DUE", "期限", "due_day", .whole = true),
    LQ_COLUMN("OWNER", "责任人", "owner", .whole = true),
    LQ_COLUMN("VERDICT", "结论", "verdict"),
    LQ_COLUMN("SUBJECT", "内容", "subject"),
    {0},
};

static const struct lq_arg LIMIT[] = {LQ_LIMIT_OPTION, {0}};

static const struct lq_arg BY_KIND[] = {
    LQ_OPTION("--kind", "KIND", "kind", LQ_SHOWN, "enterprise, official, township_head, …",
              "enterprise、official、township_head……"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg MEETING[] = {
    LQ_POSITION("NUMBER", "number", LQ_MUST),
    LQ_OPTION("--raised", "N", "issues_raised", LQ_ASKED, "issues raised", "提出的问题数"),
    LQ_OPTION("--resolved", "N", "issues_resolved", LQ_ASKED, "of them resolved", "其中已解决"),
    {0},
};

static const struct lq_arg INTERVIEW[] = {LQ_POSITION("KIND", "kind", LQ_MUST), {0}};

static const struct lq_arg BY_OWNER[] = {
    LQ_OPTION("--owner", "OWNER", "owner", LQ_SHOWN, "badge or department", "警号或部门"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg ISSUE[] = {
    LQ_POSITION("MEETING", "meeting", LQ_MUST),
    LQ_OPTION("--subject", "TEXT", "subject", LQ_MUST, "what is to be settled", "内容"),
    LQ_OPTION("--owner", "OWNER", "owner", LQ_MUST, "badge or department", "责任人或部门"),
    LQ_OPTION("--due", "DAY", "due_day", LQ_MUST, "by which day", "期限"),
    LQ_OPTION("--verdict", "WORD", "verdict", LQ_SHOWN, "what became of it", "结论"),
    {0},
};

const struct lq_verb lq_oversight_verbs[] = {
    LQ_VERB("oversight", "meetings", "joint meetings (联席会议)", "联席会议", LIMIT,
            LQ_ASKS_FOR("oversight", "meetings"), .columns = MEETINGS),
    LQ_VERB("oversight", "interviews", "interviews (约谈)", "约谈", BY_KIND,
            LQ_ASKS_FOR("oversight", "interviews"), .columns = INTERVIEWS),
    LQ_VERB("oversight", "issues", "issues that meetings raised (会议问题)", "会议问题", BY_OWNER,
            LQ_ASKS_FOR("oversight", "issues"), .columns = ISSUES),
    LQ_VERB("oversight", "record-meeting", "record a joint meeting", "登记联席会议", MEETING,
            LQ_SENDS("oversight", "record_meeting")),
    LQ_VERB("oversight", "record-issue", "record an issue of a meeting", "登记会议问题", ISSUE,
            LQ_SENDS("oversight", "record_issue")),
    LQ_VERB("oversight", "record-interview", "record an interview", "登记约谈", INTERVIEW,
            LQ_SENDS("oversight", "record_interview")),
    {0},
};
