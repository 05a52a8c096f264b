// `lq stats`: what its files share. stats.c has the command and its table, compare.c puts the
// figures beside published ones, records.c goes down to the records behind a figure.
#pragma once

#include "lq/cli/cli.h"
#include "stats.pb-c.h"

// Inclusive days in the county; 0: that end is open.
struct stats_range {
    int32_t from, to;
};

// What --from and --to say.
struct stats_range lq_stats_range(const struct lq_cli *cli);

// Asks for the totals of a range. The answer is the cli's arena's. Gives the exit code.
int lq_stats_ask(struct lq_cli *cli, const struct stats_range *range, Stats__By by,
                 const Stats__FiguresAnswer **out);

// A figure or one of its kinds as people read it, with its Chinese term: "cases filed 立案",
// "  cupola 冲天炉". In the cli's arena.
const char *lq_stats_title(struct lq_cli *cli, Stats__Figure figure);
const char *lq_stats_kind_title(struct lq_cli *cli, const char *kind);

// Does the figure have kinds (of equipment, of sites, statuses)?
bool lq_stats_has_kinds(Stats__Figure figure);

// lq stats --compare FILE: the file's own range, where the command line gives none. Exit code 0
// only if every published figure is met.
int lq_stats_compare(struct lq_cli *cli, const char *path, const struct stats_range *range);

// lq stats records FIGURE
int lq_stats_records(struct lq_cli *cli);
