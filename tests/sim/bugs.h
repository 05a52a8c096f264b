// Bugs that are planted on purpose, one at a time, to prove that the simulator would find them.
// Each is a patch in tests/sim/bugs, woven into lq-sim-planted's copy of the product's source: a
// line there asks `if (SIM_BUG(NAME)) …`. The product itself knows nothing of them.
#pragma once

#include "bug_list.h" // SIM_BUGS(bug): bug(NAME, "what it does") for each; made by weave.py

enum sim_bug {
    SIM_BUG_NONE,
#define SIM_BUG_MEMBER(name, words) SIM_BUG_##name,
    SIM_BUGS(SIM_BUG_MEMBER)
#undef SIM_BUG_MEMBER
        SIM_BUG_COUNT,
};

extern enum sim_bug sim_planted; // SIM_BUG_NONE unless the command line says otherwise

#define SIM_BUG(name) (sim_planted == SIM_BUG_##name)

const char *sim_bug_name(enum sim_bug bug); // "none" for SIM_BUG_NONE
const char *sim_bug_words(enum sim_bug bug);
enum sim_bug sim_bug_named(const char *name); // SIM_BUG_COUNT if there is none
