// What a correction says, in one line: "order O0263: vehicles 3 → 2". In the cli's arena.
#pragma once

#include "lq/cli/cli.h"
#include "rules.pb-c.h"

const char *lq_show_changes(struct lq_cli *cli, const Rules__Corrected *corrected);
