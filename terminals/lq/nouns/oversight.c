// lq oversight, lq meeting, lq plan, lq task: joint meetings, interviews, plans, and the tasks that
// come of them. What is done with a task are steps (cli/step_verbs.c).
#include "lq/nouns/nouns.h"

static const struct lq_column MEETINGS[] = {
    LQ_COLUMN("MEETING", "会议", "number", .whole = true),
    LQ_COLUMN("HELD", "召开", "held_at_ms", .whole = true),
    LQ_COLUMN("KIND", "种类", "kind"),
    LQ_COLUMN("RAISED", "提出问题", "raised", .right = true),
    LQ_COLUMN("RESOLVED", "已解决", "resolved", .right = true),
    LQ_COLUMN("TASKS", "督办任务", "tasks", .right = true),
    LQ_COLUMN("CLOSED", "已销号", "tasks_closed", .right = true),
    {0},
};

static const struct lq_column INTERVIEWS[] = {
    LQ_COLUMN("INTERVIEW", "约谈", "number", .whole = true),
    LQ_COLUMN("AT", "时间", "at_ms", .whole = true),
    LQ_COLUMN("KIND", "对象", "kind"),
    LQ_COLUMN("PERSON", "被约谈人", "person"),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("WHY", "事由", "reason"),
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
    LQ_OPTION("--kind", "WORD", "kind", LQ_MAY, "monthly, special, urgent",
              "月例会、专题会、紧急会"),
    LQ_OPTION("--chair", "WHO", "chair", LQ_MAY, "who took the chair", "主持人"),
    LQ_OPTION("--present", "WHO", "present", LQ_MAY, "who was there; repeated", "参加人员，可重复"),
    {0},
};

static const struct lq_arg INTERVIEW[] = {
    LQ_POSITION("KIND", "kind", LQ_MUST),
    LQ_OPTION("--level", "LEVEL", "level", LQ_MAY, "county, township, …", "级别：县、乡镇……"),
    LQ_OPTION("--person", "WHO", "person", LQ_SHOWN, "with whom", "被约谈人"),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "who answers for which premises",
              "哪个场所的负责人"),
    LQ_OPTION("--about", "TEXT", "reason", LQ_MAY, "why", "事由"),
    LQ_OPTION("--record", "TEXT", "record", LQ_MAY, "what was said and promised", "谈话记录"),
    {0},
};

#define MEETING_VERBS(_noun, _list, _record)                                                       \
    LQ_VERB(_noun, _list, "joint meetings (联席会议)", "联席会议", LIMIT,                          \
            LQ_ASKS_FOR("oversight", "meetings"), .columns = MEETINGS),                            \
        LQ_VERB(_noun, _record, "record a joint meeting", "登记联席会议", MEETING,                 \
                LQ_SENDS("oversight", "record_meeting"))

const struct lq_verb lq_oversight_verbs[] = {
    MEETING_VERBS("oversight", "meetings", "record-meeting"),
    LQ_VERB("oversight", "interviews", "interviews (约谈)", "约谈", BY_KIND,
            LQ_ASKS_FOR("oversight", "interviews"), .columns = INTERVIEWS),
    LQ_VERB("oversight", "record-interview", "record an interview", "登记约谈", INTERVIEW,
            LQ_SENDS("oversight", "record_interview")),
    {0},
};

const struct lq_verb lq_meeting_verbs[] = {
    MEETING_VERBS("meeting", "list", "record"),
    {0},
};

// ---------------------------------------------------------------- plans

static const struct lq_column PLANS[] = {
    LQ_COLUMN("PLAN", "方案", "number", .whole = true),
    LQ_COLUMN("DEPARTMENT", "牵头部门", "department"),
    LQ_COLUMN("TITLE", "名称", "title"),
    LQ_COLUMN("PAPER", "文号", "paper"),
    {0},
};

static const struct lq_arg PLAN_LIST[] = {
    LQ_OPTION("--department", "NAME", "department", LQ_SHOWN, "of this department",
              "只看这一部门的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg PLAN[] = {
    LQ_POSITION("NUMBER", "number", LQ_MAY),
    LQ_OPTION("--title", "TEXT", "title", LQ_ASKED, "what it is called", "名称"),
    LQ_OPTION("--department", "NAME", "department", LQ_ASKED, "whose it is", "牵头部门"),
    LQ_OPTION("--paper", "NUMBER", "paper", LQ_MAY, "by which paper", "文号"),
    {0},
};

const struct lq_verb lq_plan_verbs[] = {
    LQ_VERB("plan", "list", "plans of the departments; their items are tasks (工作方案)",
            "各部门工作方案，其事项为督办任务", PLAN_LIST, LQ_ASKS_FOR("oversight", "plans"),
            .columns = PLANS),
    LQ_VERB("plan", "record", "record a plan", "登记工作方案", PLAN,
            LQ_SENDS("oversight", "record_plan")),
    {0},
};

// ---------------------------------------------------------------- tasks

static const struct lq_column TASKS[] = {
    LQ_COLUMN("TASK", "督办", "number", .whole = true),
    LQ_COLUMN("DUE", "期限", "due_day", .whole = true),
    LQ_COLUMN("FROM", "来源", "parent", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("OWNER", "责任人", "owner", .whole = true),
    LQ_COLUMN("DEPARTMENT", "责任部门", "department"),
    LQ_COLUMN("SUBJECT", "内容", "subject"),
    {0},
};

static const struct lq_arg TASK_LIST[] = {
    LQ_OPTION("--owner", "BADGE", "owner", LQ_SHOWN, "of this person", "只看这一责任人的"),
    LQ_OPTION("--department", "NAME", "department", LQ_SHOWN, "of this department",
              "只看这一部门的"),
    LQ_OPTION("--parent", "NUMBER", "parent", LQ_SHOWN, "from this meeting or interview",
              "只看这次会议或约谈的"),
    LQ_OPTION("--open", NULL, "open", LQ_SHOWN, "only those that are not closed", "只看未销号的"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg TASK[] = {LQ_POSITION("TASK", "number", LQ_MUST), {0}};

static const struct lq_arg ASSIGN[] = {
    LQ_POSITION("TASK", "number", LQ_MAY),
    LQ_OPTION("--parent", "NUMBER", "parent", LQ_ASKED, "the meeting or interview it comes from",
              "来自哪次会议或约谈"),
    LQ_OPTION("--source", "WORD", "source", LQ_MAY, "meeting, plan, expert, interview",
              "联席会议、方案、专家、约谈"),
    LQ_OPTION("--subject", "TEXT", "subject", LQ_ASKED, "what is to be done", "要办什么"),
    LQ_OPTION("--owner", "BADGE", "owner", LQ_ASKED, "who answers for it", "责任人工号"),
    LQ_OPTION("--due", "DATE", "due_day", LQ_ASKED, "its last day", "最后一日"),
    LQ_OPTION("--department", "NAME", "department", LQ_MAY, "of which department", "责任部门"),
    {0},
};

const struct lq_verb lq_task_verbs[] = {
    LQ_VERB("task", "list", "tasks: who answers for what, by when (督办)", "督办任务", TASK_LIST,
            LQ_ASKS_FOR("oversight", "tasks"), .columns = TASKS),
    LQ_VERB("task", "show", "one task, and what is to be answered before it is closed",
            "一项督办任务及销号前须逐项答复的内容", TASK, LQ_ASKS_FOR("oversight", "task"),
            .after = lq_log_after,
            .absent = {"there is no task %s (lq task list lists them)",
                       "没有督办任务 %s（lq task list 列出全部）"}),
    LQ_VERB("task", "assign", "give out a task", "交办督办任务", ASSIGN,
            LQ_SENDS("oversight", "assign_task")),
    {0},
};
