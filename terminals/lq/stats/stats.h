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

// What is said of a figure; its key is the enum's name in lower case.
struct stats_figure {
    const char *term;   // in Chinese
    const char *column; // its header in a table of parts; NULL: it has none
    bool kinds;         // of equipment, of sites; statuses
    // Where it is in the JSON, if not under its key at the top.
    const char *group, *member;
};

// Of a figure that this lq does not know: an empty term and nothing else.
const struct stats_figure *lq_stats_figure(Stats__Figure figure);

// The figures' keys by number; ends with NULL.
extern const char *const lq_stats_keys[];

// lq stats --compare FILE: the file's own range, where the command line gives none. Exit code 0
// only if every published figure is met.
int lq_stats_compare(struct lq_cli *cli, const char *path, const struct stats_range *range);

// lq stats records FIGURE
int lq_stats_records(struct lq_cli *cli);
