// Rows too wide for the terminal, each as lines of its own: what a column is called, and its cell.
#pragma once

#include "lq/show/output.h"

// An empty line stands between rows, and an empty cell is left out. A cell that does not fit beside
// its title goes on below itself; where it has a \n, a line ends.
void lq_output_blocks(const struct lq_output *output, size_t width, FILE *stream);
