// What the verbs of orders ask and show where no row can say it.
#pragma once

#include "dispatch.pb-c.h"
#include "lq/cli/cli.h"
#include "lq/show/list.h"

extern const struct lq_column lq_order_columns[]; // of a list of orders

// What need not be typed: the team of the person who reports, and why, from --reason.
int lq_order_find_team(struct lq_cli *cli, const char **team);
int lq_order_find_why(struct lq_cli *cli, const char **why);

void lq_order_complete_list(struct lq_cli *cli, ProtobufCMessage *message);
lq_compare_fn *lq_order_sort(const ProtobufCMessage *asked);
void lq_order_remember(struct lq_cli *cli, const ProtobufCMessage *answer);
int lq_order_show(struct lq_cli *cli, const ProtobufCMessage *answer);

// How far a team is, as a mark behind its name; what waits for its answer; an order that all of its
// teams have declined or were withdrawn from.
const char *lq_order_mark(Dispatch__Step step);

// The same of a team's part, which also tells whether one that is silent has seen the order.
const char *lq_order_part_mark(const Dispatch__Assignment *a);

// Tells the service that the order is on this terminal, or was opened on it, where the key is of
// who answers for the team. Nobody waits for what becomes of it: seeing is no answer.
void lq_order_tell_seen(struct lq_cli *cli, const char *order, const Dispatch__Assignment *a,
                        bool read);

bool lq_order_waits(const Dispatch__Order *order, const Dispatch__Assignment *assignment);
bool lq_order_has_nobody(const Dispatch__Order *order);

int lq_order_board(struct lq_cli *cli);                        // lq order board
void lq_call_what(struct lq_output *output, const void *call); // the cell of a call
