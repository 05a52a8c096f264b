// The statistics in a process of their own: the service's own host on its own journal, without bus
// and wire, given a request as bytes and giving the answer as bytes.
#pragma once

#include "config/policy.h"
#include "envelope.pb-c.h"
#include "measure.h"
#include "runtime/host.h"
#include "stats.pb-c.h"

struct rig {
    struct lq_store *store;
    struct lq_host *host;
    struct lq_policy policy;
    struct lq_law *law;
    struct lq_arena settings, arena; // arena: of one turn's requests, or one answer
    uint64_t requests, answers;
    struct lq_span answer; // the latest, copied
};

void rig_open(struct rig *rig, const char *journal); // a folder
void rig_close(struct rig *rig);

// Queues a command of the service to itself for the next turn.
void rig_command(struct rig *rig, const Stats__Command *command);
void rig_turn(struct rig *rig);

// Asks and turns; gives the seconds from the question's bytes to the answer's.
double rig_ask(struct rig *rig, const Stats__Query *query);
const Stats__Answer *rig_answer(struct rig *rig); // of the last question
