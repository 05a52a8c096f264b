// What changes who is on duty: the rows of absences and swaps, which can be asked for by their own
// nouns (lq absence ask) and by the shift's (lq shift ask-absence).
#pragma once

#include "lq/cli/cli.h"

extern const struct lq_arg lq_ask_absence_args[], lq_ask_swap_args[], lq_call_roll_args[];

#define LQ_ASK_ABSENCE(_noun, _verb)                                                               \
    LQ_VERB(_noun, _verb, "ask to be away from a shift, or for a time", "申请请假",                \
            lq_ask_absence_args, LQ_SENDS("shift", "ask_absence"),                                 \
            .usage = "[BADGE] --shift SHIFT | --from TIME --to TIME --why TEXT",                   \
            .needs = {"why? --why TEXT", "请假事由？--why"})
#define LQ_ASK_SWAP(_noun, _verb)                                                                  \
    LQ_VERB(_noun, _verb, "ask somebody to take a shift, and perhaps take one of his",             \
            "申请调班或请人代班", lq_ask_swap_args, LQ_SENDS("shift", "ask_swap"),                 \
            .needs = {"a swap needs --shift and --partner", "调班须有 --shift 和 --partner"})

#define LQ_CALL_ROLL(_noun, _verb)                                                                 \
    LQ_VERB(_noun, _verb, "who of a team is there when its shift begins", "点名",                  \
            lq_call_roll_args, LQ_SENDS("shift", "call_roll"))

// lq shift mine: when somebody is on duty, as a list or as a calendar (--ics).
int lq_shift_mine(struct lq_cli *cli);
extern const struct lq_arg lq_shift_mine_args[];
