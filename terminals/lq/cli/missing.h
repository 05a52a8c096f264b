// What a rejection says, to whoever typed the command.
#pragma once

#include "lq/cli/cli.h"

// Its sentence, in the person's language, with the option behind each field that it names:
// "what is missing: paper (--paper)". In an arena that lasts until the end.
const char *lq_cli_rejected_told(struct lq_cli *cli, const Lq__Rejected *rejected);
