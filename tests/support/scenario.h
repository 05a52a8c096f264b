// The plain-text scenarios in tests/services/<service>.scn: what a service decides, case by case.
//
//     scenario: an order to a team that is off duty is rejected
//     given event of shift: person_registered {badge="P1" name="王" role=LEAD team="T14" group="B"}
//     when P1003(desk) at 2015-03-06T13:00:00+08:00: issue_order {number="O1" teams=["T14"]}
//     then TEAM_OFF_DUTY
//
// One step a line; `#` begins a comment, indentation does not matter. The steps:
//
//     given COMMAND                        by the service itself, now; must be accepted
//     given|when WHO at TIME: COMMAND      WHO is BADGE(role,…) [for BADGE] [because "reason"]
//                                          or @self
//     given|when event of STREAM [at TIME]: EVENT      an event of a stream that is followed
//     given minimum NAME=COUNT             policy.yaml has this one (minimum), and no other
//     given video_hours COUNT              acceptance.video_hours of policy.yaml
//     given|when timer at TIME             the clock goes to TIME; what is due fires
//     when WHO at TIME: ask QUERY          then: `then answer ANSWER`; and the event that
//                                          records who was told what is not for everybody
//     then CODE ["text"]                   it was rejected with this code, and the text has that
//     then EVENT                           one line for each event, in order
//     then next OF: COMMAND [STATE] (role,…) [for (role,…)]   the answer tells of that step; each
//     in then next nothing                    order, and all of them; or of none then nothing it
//     was accepted and made no event then due TIME                        a timer is set for that
//     instant then not due TIME                    and here none is
//     then term TERM                       one of the terms that came with it is so (rules.Clock)
//     then no term                         none came with it
//
// Messages are patterns (support/message.h): in a `then` only the named fields are compared. The
// clock starts at the earliest time that the scenario names and never goes back; a TIME in its past
// is that of a paper record. As in the real host a command comes before what is due at its instant.
#pragma once

#include "service/service.h"
#include "support/message.h"

enum lq_step_kind {
    LQ_STEP_COMMAND,
    LQ_STEP_ASK,
    LQ_STEP_EVENT,
    LQ_STEP_TIMER,
    LQ_STEP_MINIMUM,
    LQ_STEP_VIDEO,
    LQ_THEN_CODE,
    LQ_THEN_EVENT,
    LQ_THEN_NOTHING,
    LQ_THEN_ANSWER,
    LQ_THEN_NEXT,
    LQ_THEN_DUE,
    LQ_THEN_NOT_DUE,
    LQ_THEN_TERM,
    LQ_THEN_NO_TERM,
};

struct lq_scenario_step {
    struct lq_scenario_step *next;
    enum lq_step_kind kind;
    unsigned line;
    bool given;    // else when; meaningless for a `then`
    int64_t at_ms; // 0: not said
    const char *actor, *on_behalf_of, *reason;
    uint32_t roles;
    const char *stream; // LQ_STEP_EVENT
    const char *code;   // LQ_THEN_CODE
    const char *text;   // LQ_THEN_CODE; NULL: any. LQ_THEN_NEXT: as it stands; "": none
    long count;         // LQ_STEP_MINIMUM, of `text`; LQ_STEP_VIDEO
    const struct lq_pattern *message;
};

struct lq_scenario {
    struct lq_scenario *next;
    const struct lq_service *service;
    const char *path, *title;
    unsigned line;
    int64_t starts_ms;
    struct lq_scenario_step *steps;
};

// Reads the scenarios of a service; NULL with *error ("file:line:column: …") if they cannot be
// read. Everything is owned by the arena.
struct lq_scenario *lq_scenario_read(struct lq_arena *arena, const struct lq_service *service,
                                     const char *path, const char **error);

// What the `then` lines of a service's scenarios have shown: by index in the descriptors.
enum { LQ_SEEN_MAX = 64 };
struct lq_seen {
    bool codes[LQ_SEEN_MAX], events[LQ_SEEN_MAX];
};

// Runs it on a bed of its own; what is not as it says fails the cmocka test with its file and line.
void lq_scenario_run(const struct lq_scenario *scenario, struct lq_seen *seen);
