// lq verify, for those who make a copy of the journals or put one back.
#pragma once

#include "lq/cli/cli.h"

// Verifies the journals in a folder that looks like a data directory, with the configuration that
// is there, and prints what it holds. Gives the exit code; what is wrong was told.
int lq_verify_folder(struct lq_cli *cli, const char *data);
