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

static const struct lq_arg LIMIT[] = {LQ_LIMIT_OPTION, {0}};

static const struct lq_arg BY_KIND[] = {
    LQ_OPTION("--kind", "KIND", "kind", LQ_SHOWN, "enterprise, official, township_head, …",
              "enterprise 企业，official 干部，township_head 乡镇长……"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg MEETING[] = {
    LQ_POSITION("NUMBER", "number", LQ_MAY),
    LQ_OPTION("--raised", "N", "issues_raised", LQ_ASKED, "issues raised", "提出的问题数"),
    LQ_OPTION("--resolved", "N", "issues_resolved", LQ_ASKED, "of them resolved", "其中已解决"),
    {0},
};

static const struct lq_arg INTERVIEW[] = {LQ_POSITION("KIND", "kind", LQ_MUST), {0}};

const struct lq_verb lq_oversight_verbs[] = {
    LQ_VERB("oversight", "meetings", "joint meetings (联席会议)", "联席会议", LIMIT,
            LQ_ASKS_FOR("oversight", "meetings"), .columns = MEETINGS),
    LQ_VERB("oversight", "interviews", "interviews (约谈)", "约谈", BY_KIND,
            LQ_ASKS_FOR("oversight", "interviews"), .columns = INTERVIEWS),
    LQ_VERB("oversight", "record-meeting", "record a joint meeting", "登记联席会议", MEETING,
            LQ_SENDS("oversight", "record_meeting")),
    LQ_VERB("oversight", "record-interview", "record an interview", "登记约谈", INTERVIEW,
            LQ_SENDS("oversight", "record_interview")),
    {0},
};
