// The verbs of lq handover behind the shift's noun: lq shift handover sign.
#pragma once

#include "dispatch.pb-c.h"
#include "lq/cli/cli.h"

// Connects and asks for the handover of that shift; NULL: the one that is open, or else the last.
int lq_handover_ask(struct lq_cli *cli, const char *number, const Dispatch__HandoverFile **file);

int lq_shift_handover(struct lq_cli *cli, int argc, char **argv);
