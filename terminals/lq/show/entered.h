// Who entered a row, for whom, and by which record, as its service tells with it
// (docs/decisions/0026).
#pragma once

#include "lq/cli/cli.h"
#include "rules.pb-c.h"

bool lq_is_entered(const ProtobufCFieldDescriptor *field);

// "P1005 for P1039 (by radio)", and "dispatch#41"; "" where nothing is told. In the cli's arena.
const char *lq_entered_by(struct lq_cli *cli, const Rules__Entered *entered);
const char *lq_entered_record(struct lq_cli *cli, const ProtobufCMessageDescriptor *row,
                              const Rules__Entered *entered);

// Both, for one cell.
const char *lq_entered_text(struct lq_cli *cli, const ProtobufCMessageDescriptor *row,
                            const ProtobufCMessage *entered);

// Adds two cells, of what was entered in the name of `by`: nothing where that is "".
void lq_entered_cells(struct lq_cli *cli, struct lq_output *output, const ProtobufCMessage *row,
                      const char *by);

// The columns of a list with those two behind them, where its rows say it. A list may name them by
// itself, in other places: their members are "entered" and "entered.record".
const struct lq_column *lq_entered_columns(struct lq_cli *cli, const struct lq_column *columns,
                                           const ProtobufCMessageDescriptor *row);

// Adds the cell of such a column; false if it is another.
bool lq_entered_cell(struct lq_cli *cli, struct lq_output *output, const struct lq_column *column,
                     const ProtobufCMessage *row);
