// lq web hash.
#pragma once

#include "lq/cli/cli.h"

// Prints the SHA-256 of each file of the page that lianqin-web hands out, and one of all. Gives the
// exit code.
int lq_web_hash(struct lq_cli *cli);
