// The papers (文书): their list.
#pragma once

#include "lq/cli/cli.h"

int lq_paper_list(struct lq_cli *cli); // lq paper list
