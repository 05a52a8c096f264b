// Reads a file from the service evidence, a piece at a time, into a file of this machine.
#pragma once

#include "lq/cli/cli.h"

// Puts it at `to`, under another name until its hash was found right. A file that is there is
// replaced only if `replace`. Says what came of it; gives the exit code.
int lq_download(struct lq_cli *cli, const char *sha256, const char *to, bool replace);
