// lq absence, lq swap, lq roll: who asks, who is there, and what there is. Their steps (approve,
// accept, withdraw) are rows of the service's tables (cli/step_verbs.h).
#include "lq/nouns/duty.h"

#include "lq/nouns/nouns.h"
#include "lq/nouns/record.h"
#include "lq/show/list.h"
#include "lq/show/output.h"
#include "shift.pb-c.h"

static const struct lq_column ABSENCES[] = {
    LQ_COLUMN("ABSENCE", "请假", "number", .whole = true),
    LQ_COLUMN("PERSON", "请假人", "person", .whole = true),
    LQ_COLUMN("FROM", "起", "from_ms", .whole = true),
    LQ_COLUMN("TO", "止", "to_ms", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("WHY", "事由", "why"),
    {0},
};

static const struct lq_column SWAPS[] = {
    LQ_COLUMN("SWAP", "调班", "number", .whole = true),
    LQ_COLUMN("PERSON", "申请人", "person", .whole = true),
    LQ_COLUMN("GIVES", "让出班次", "shift", .whole = true),
    LQ_COLUMN("PARTNER", "对方", "partner", .whole = true),
    LQ_COLUMN("TAKES", "换入班次", "partner_shift", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    {0},
};

const struct lq_arg lq_ask_absence_args[] = {
    LQ_POSITION("BADGE", "person", LQ_MAY),
    LQ_OPTION("--shift", "SHIFT", "shift", LQ_MAY,
              "all of this shift (lq shift rota tells its number, such as 2015-07-18-day)",
              "整个班次（编号见 lq shift rota，如 2015-07-18-day）"),
    LQ_OPTION("--from", "TIME", "from_ms", LQ_MAY, NULL, NULL),
    LQ_OPTION("--to", "TIME", "to_ms", LQ_MAY, "or from then until then", "或自何时至何时"),
    LQ_OPTION("--why", "TEXT", "why", LQ_MUST, NULL, NULL),
    {0},
};

const struct lq_arg lq_ask_swap_args[] = {
    LQ_POSITION("BADGE", "person", LQ_MAY),
    LQ_OPTION("--shift", "SHIFT", "shift", LQ_MUST,
              "which is given away (lq shift rota tells its number, such as 2015-07-18-day)",
              "让出的班次（编号见 lq shift rota，如 2015-07-18-day）"),
    LQ_OPTION("--partner", "BADGE", "partner", LQ_MUST, "who takes it", "由谁接班"),
    LQ_OPTION("--partner-shift", "SHIFT", "partner_shift", LQ_SHOWN,
              "which of the partner's is taken for it (default: none, he stands in)",
              "换入对方的哪一班（默认不换，由对方代班）"),
    LQ_OPTION("--why", "TEXT", "why", LQ_MAY, NULL, NULL),
    {0},
};

static const struct lq_arg ABSENCE_LIST[] = {
    LQ_POSITION("BADGE", "person", LQ_MAY),
    LQ_OPTION("--state", "STATE", "state", LQ_SHOWN,
              "approved, refused, withdrawn; as they stand now",
              "approved 已批准，refused 未批准，withdrawn 已撤回；按当前状态"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg SWAP_LIST[] = {
    LQ_POSITION("BADGE", "person", LQ_MAY),
    LQ_OPTION("--partner", "BADGE", "partner", LQ_SHOWN, "of which this is the partner",
              "对方为此人的"),
    LQ_OPTION("--state", "STATE", "state", LQ_SHOWN,
              "accepted, approved, refused, declined, withdrawn, lapsed",
              "accepted 对方已同意，approved 已批准，refused 未批准，declined 对方不同意，\n"
              "                       withdrawn 已撤回，lapsed 随班次取消作废"),
    LQ_LIMIT_OPTION,
    {0},
};

// How many: who they are, the answer says as JSON, and lq log roll.
static void add_present(struct lq_output *output, const void *row)
{
    lq_output_number(output, (int64_t)((const Shift__RollCall *)row)->n_present);
}

static void add_late(struct lq_output *output, const void *row)
{
    lq_output_number(output, (int64_t)((const Shift__RollCall *)row)->n_late);
}

static void add_absent(struct lq_output *output, const void *row)
{
    lq_output_number(output, (int64_t)((const Shift__RollCall *)row)->n_absent);
}

static const struct lq_column ROLLS[] = {
    LQ_COLUMN("ROLL", "点名", "number", .whole = true),
    LQ_COLUMN("STATE", "状态", "state", .whole = true),
    LQ_COLUMN("PRESENT", "到岗", NULL, .cell = add_present, .right = true),
    LQ_COLUMN("LATE", "迟到", NULL, .cell = add_late, .right = true),
    LQ_COLUMN("ABSENT", "缺席", NULL, .cell = add_absent, .right = true),
    LQ_COLUMN("EQUIPPED", "装备齐全", "equipped", .whole = true),
    LQ_COLUMN("NOTE", "备注", "note"),
    {0},
};

const struct lq_arg lq_call_roll_args[] = {
    LQ_POSITION("SHIFT", "shift", LQ_MUST),
    LQ_POSITION("TEAM", "team", LQ_MUST),
    LQ_OPTION("--late", "BADGE", "late", LQ_MAY, "who came late; several: repeated",
              "迟到的，可重复"),
    LQ_OPTION("--absent", "BADGE=WHY", "absent", LQ_MAY,
              "who is not there, and why; whoever else is on duty is present",
              "缺席的及事由，可重复；其余当班的计为到岗"),
    LQ_OPTION("--equipped", NULL, "equipped", LQ_MAY, "the equipment is complete", "装备齐全"),
    LQ_OPTION("--note", "TEXT", "note", LQ_MAY, NULL, NULL),
    {0},
};

static const struct lq_arg ROLL_LIST[] = {
    LQ_POSITION("SHIFT", "shift", LQ_MAY),
    LQ_OPTION("--team", "TEAM", "team", LQ_SHOWN, NULL, NULL),
    LQ_LIMIT_OPTION,
    {0},
};

const struct lq_verb lq_roll_verbs[] = {
    LQ_CALL_ROLL("roll", "call"),
    LQ_VERB("roll", "list", "roll calls; lq roll sign SHIFT/TEAM signs one",
            "点名一览；lq roll sign 班次/组 签字", ROLL_LIST, LQ_ASKS_FOR("shift", "rolls"),
            .columns = ROLLS),
    {0},
};

const struct lq_verb lq_absence_verbs[] = {
    LQ_ASK_ABSENCE("absence", "ask"),
    LQ_VERB("absence", "list", "who is away, and who asks to be", "请假一览", ABSENCE_LIST,
            LQ_ASKS_FOR("shift", "absences"), .columns = ABSENCES),
    {0},
};

const struct lq_verb lq_swap_verbs[] = {
    LQ_ASK_SWAP("swap", "ask"),
    LQ_VERB("swap", "list", "who swaps shifts, and who asks to", "调班一览", SWAP_LIST,
            LQ_ASKS_FOR("shift", "swaps"), .columns = SWAPS),
    {0},
};
