// The verbs of lq handover behind the shift's noun: lq shift handover sign.
#pragma once

#include "lq/cli/cli.h"

int lq_shift_handover(struct lq_cli *cli, int argc, char **argv);
