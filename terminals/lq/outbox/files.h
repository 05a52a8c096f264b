// The names of the outbox's files. Private to outbox/.
#pragma once

#include "lq/outbox/outbox.h"

const char *lq_outbox_directory(struct lq_cli *cli);
const char *lq_outbox_path(struct lq_cli *cli, unsigned number);

// The number after the highest that any file there has. Under the lock of numbers.
unsigned lq_outbox_next_number(struct lq_cli *cli);

// Held while names are given and taken away, for an instant; *lock is closed to give it back.
LQ_MUST_CHECK enum lq_status lq_outbox_lock_numbers(struct lq_cli *cli, int *lock);
