// The record behind something.
#pragma once

#include "lq/cli/cli.h"

// Says in one line on standard error what that record holds, so that somebody who mistyped a number
// notices. Says
// nothing where the record has no event, or is not for this person.
void lq_record_about(struct lq_cli *cli, const char *stream, uint64_t seq);
