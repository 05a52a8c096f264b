// How far this terminal's clock is off: measured against the bus's whenever that is reached, and
// remembered for acts that are kept without it.
#pragma once

#include "lq/cli/cli.h"
#include "terminal.pb-c.h"

// Asks the bus for its time. That it does not tell is no fault: an earlier version does not know
// the question.
void lq_clock_measure(struct lq_cli *cli, struct lq_client *client);

// In whole seconds, rounded.
static inline long long lq_clock_seconds(int64_t offset_ms)
{
    return (offset_ms + (offset_ms < 0 ? -500 : 500)) / 1000;
}

// What to add to this clock; 0 if that is less than a second. *known: it was measured.
int64_t lq_clock_offset(struct lq_cli *cli, bool *known);

// Gives a command without a time the present one, by the bus's clock as far as that is known.
void lq_clock_stamp(struct lq_cli *cli, Terminal__Kept *file, Lq__Command *command);

// The bus was reached, and the command is about to be sent for the first time: corrects its time
// where the clock's offset was not known when it was kept, or puts it after now. True if it did.
bool lq_clock_correct(struct lq_cli *cli, Terminal__Kept *file, Lq__Command *command);
