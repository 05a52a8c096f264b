// Asking one service about itself, over a connection that has seen nothing of the others: one that
// stands before another's stream answers nobody who has seen more of that.
#pragma once

#include "client/ask.h"
#include "lq/cli/cli.h"

enum { LQ_PART_MS = 5000 };

// Says what stood in the way of the part (the bus or a service); gives the exit code.
int lq_part_trouble(struct lq_cli *cli, const char *part, const struct lq_hearing *heard);

// Its status, in the cli's arena; NULL: why not was said, and *code is what it came to.
const Lq__Status *lq_part_status(struct lq_cli *cli, struct lq_client *client, const char *name,
                                 int *code);

// Sends it a command for its runtime, with --reason. Says why it was not accepted, and gives the
// exit code.
int lq_part_command(struct lq_cli *cli, struct lq_client *client, const char *name,
                    Lq__RuntimeCommand *runtime);
