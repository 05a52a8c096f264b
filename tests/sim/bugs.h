// Bugs that are planted on purpose, one at a time, to prove that the simulator would find them.
// Each is one line of the product, `if (LQ_PLANTED(NAME)) …` (base/plant.h), which only
// lq-sim-planted compiles in.
#pragma once

// clang-format off
#define SIM_BUGS(bug)                                                                              \
    /* the runtime */                                                                              \
    bug(ACK_BEFORE_COMMIT, "answers commands before the commit")                                   \
    bug(READ_BEFORE_COMMIT, "answers queries from the open batch")                                 \
    bug(SKIP_DEDUPE, "decides a command that comes again a second time")                           \
    bug(DEDUPE_IGNORES_PAYLOAD, "takes other bytes under a known id for the same command")         \
    bug(DEDUPE_IGNORES_SENDER, "gives an outcome to whoever sends the same bytes")                 \
    bug(OUTCOME_REBUILT, "answers a repeat with an outcome made anew")                             \
    bug(REJECTION_FORGOTTEN, "keeps no record of rejected commands")                               \
    bug(HALF_A_COMMAND, "commits between two records of one command")                              \
    bug(LOSE_CURSOR, "forgets at a restart how far it had followed")                               \
    bug(CURSOR_AHEAD, "commits the cursor before the effects of the events")                       \
    bug(EVENT_SKIPPED, "leaves out the last of several followed events")                           \
    bug(FETCH_OFF_BY_ONE, "skips an event where a parked fetch goes on")                           \
    bug(FETCH_AFTER_INCLUSIVE, "gives the event at `after` once more")                             \
    bug(FETCH_IGNORES_VISIBILITY, "lets everybody fetch everything")                               \
    bug(FETCH_IGNORES_MAX, "gives more events than were asked for")                                \
    bug(LOST_WAKE_UP, "does not look at parked fetches after a commit")                            \
    bug(TIMER_SKIPPED, "fires only the first of several timers that are due")                      \
    bug(TIMER_TWICE, "fires a timer a second time")                                                \
    bug(TIMER_EARLY, "fires timers half an hour early")                                            \
    bug(FORGET_AFTER, "decides a command before its predecessor")                                  \
    bug(COMMANDS_GO_ON, "decides what stands behind a command that is to be sent again")           \
    bug(IGNORE_SEEN, "answers from a state older than what the sender has seen")                   \
    bug(CHAIN_SKIPS, "leaves the record before out of every eighth hash")                          \
    bug(TRUST_CLIENT_ACTOR, "records whom the client names as the actor")                          \
    bug(TRUST_ROUTE, "answers on the route of the first request of the turn")                      \
    bug(PERMISSION_SKIPPED, "lets everybody do everything")                                        \
    bug(BEHALF_UNCHECKED, "lets one act for somebody who may not do it himself")                   \
    bug(FUTURE_ACCEPTED, "accepts what is said to have happened tomorrow")                         \
    bug(OCCURRED_IS_NOW, "dates late entries when they come in")                                   \
    bug(REPLAY_DIFFERS, "replays a command otherwise than it was decided")                         \
    bug(REJECTIONS_NOT_REMEMBERED, "decides a rejected command again when it is repeated")         \
    bug(TIMER_DROPPED_FIRST, "commits that a timer is gone before what it caused")                 \
    bug(NO_REASON_NEEDED, "lets one act for another without saying why")                           \
    bug(PARKED_FILL_THE_BATCH, "lets parked requests keep new ones out of the batch")              \
    bug(BATCH_TAIL_DROPPED, "forgets what is over when a batch is full")                           \
    /* shift */                                                                                    \
    bug(SHIFTS_OVERLAP, "puts two groups on duty at once")                                         \
    bug(TWO_LEADS, "gives a team a second lead")                                                   \
    bug(AMENDMENT_NOT_NOTED, "followers do not note amended people")                               \
    /* dispatch */                                                                                 \
    bug(OFF_DUTY_ACCEPTED, "sends a team that is off duty")                                        \
    bug(ENGAGED_ACCEPTED, "sends a team that is engaged")                                          \
    bug(OVERRIDE_BY_ANYBODY, "lets a desk override")                                               \
    bug(FOREIGN_LEAD, "accepts the report of another team's lead")                                 \
    bug(STEP_OUT_OF_ORDER, "lets a team skip steps")                                               \
    bug(CANCELLED_STILL_OPEN, "keeps the teams of a cancelled order engaged")                      \
    bug(DECLINED_AFTER_DEPARTURE, "lets a team decline on its way")                                \
    bug(ORDER_NUMBER_REUSED, "issues an order under a number that is taken")                       \
    bug(REPORT_IN_THE_PAST, "takes a report dated before the one before")                          \
    bug(PARTICIPANT_TWICE, "records a person twice on an order")                                   \
    bug(CANCELLATION_NOT_NOTED, "followers do not note cancellations")                             \
    /* seizure */                                                                                  \
    bug(SEAL_REUSED, "puts a seal number on a second item")                                        \
    bug(ONE_OFFICER, "lets one officer seize alone")                                               \
    bug(TERM_A_DAY_SHORT, "ends the term of a seal a day early")                                   \
    bug(EXTENDED_LATE, "extends a term that has ended")                                            \
    bug(EXTENDED_TWICE, "extends a term twice")                                                    \
    bug(RELEASED_TWICE, "releases a seal twice")                                                   \
    bug(SITE_CLOSED_TWICE, "closes a site twice")                                                  \
    bug(LAPSE_NOT_TOLD, "a late release does not record the lapse before it")                      \
    bug(TIMER_NOT_MOVED, "an extension leaves the timer where it was")                             \
    /* casefile, ledger, tips, oversight */                                                        \
    bug(ARREST_WITHOUT_REQUEST, "records an arrest that nobody has asked for")                     \
    bug(CASE_SOLVED_TWICE, "solves a case twice")                                                  \
    bug(THIRD_SUPERVISOR, "gives premises a third supervisor")                                     \
    bug(STEP_IN_UNFILED_CASE, "takes steps with suspects before the filing")                       \
    bug(LEDGER_STEP_SKIPPED, "lets an enterprise skip a step")                                     \
    bug(REWARD_UNVERIFIED, "pays for a tip that is not verified")                                  \
    bug(NUMBER_REUSED, "gives two interviews the same number")                                     \
    /* stats */                                                                                    \
    bug(COUNT_TWICE, "counts a thing again that was counted")                                      \
    bug(WRONG_DAY, "counts by the day of Greenwich")                                               \
    bug(LATE_ENTRY_LOST, "does not carry a late entry forward")                                    \
    bug(WITHDRAWAL_IGNORED, "goes on counting a cancelled order")                                  \
    bug(WITHDRAWN_AFTER_DEPARTURE, "takes out an order though a team had departed")
// clang-format on

enum lq_bug {
    LQ_BUG_NONE,
#define SIM_BUG_MEMBER(name, words) LQ_BUG_##name,
    SIM_BUGS(SIM_BUG_MEMBER)
#undef SIM_BUG_MEMBER
        LQ_BUG_COUNT,
};

extern enum lq_bug lq_planted_bug; // LQ_BUG_NONE unless the command line says otherwise

const char *sim_bug_name(enum lq_bug bug); // "none" for LQ_BUG_NONE
const char *sim_bug_words(enum lq_bug bug);
enum lq_bug sim_bug_named(const char *name); // LQ_BUG_COUNT if there is none
