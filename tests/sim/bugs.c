// The names of the planted bugs.
#include "sim/bugs.h"

#include <string.h>

enum sim_bug sim_planted = SIM_BUG_NONE;

static const struct {
    const char *name, *words;
} bugs[] = {{"none", "no bug is planted"},
#define SIM_BUG_ROW(name_, words_) {.name = #name_, .words = words_},
            SIM_BUGS(SIM_BUG_ROW)
#undef SIM_BUG_ROW
};

const char *sim_bug_name(enum sim_bug bug)
{
    return bugs[bug].name;
}

const char *sim_bug_words(enum sim_bug bug)
{
    return bugs[bug].words;
}

enum sim_bug sim_bug_named(const char *name)
{
    enum sim_bug bug = SIM_BUG_NONE;
    while (bug < SIM_BUG_COUNT && strcmp(bugs[bug].name, name) != 0)
        bug++;
    return bug;
}
