// `lq stats`: what its files share. stats.c has the command and its table, turned.c the table of
// parts, parts.c what parts are called and which there are, compare.c puts the figures beside
// published ones, beside.c beside those of another period, bulletin.c has a week's, records.c goes
// down to the records behind a figure.
#pragma once

#include "lq/cli/cli.h"
#include "stats.pb-c.h"

// Inclusive days in the county; 0: that end is open. As of an instant: of what was recorded by
// then; 0: of everything.
struct stats_range {
    int32_t from, to;
    int64_t as_of_ms;
};

// The options of those who ask for figures at an earlier time.
#define LQ_STATS_AS_OF                                                                             \
    LQ_OPTION("--on", "DATE", NULL, LQ_MAY, "to the end of that day, by what is known now",        \
              "截至当日，按现在所知", .kind = LQ_DAY),                                             \
        LQ_OPTION("--as-of", "TIME", NULL, LQ_MAY,                                                 \
                  "only of what was recorded by then; a day is meant to its end",                  \
                  "只计此时以前已登记的；日期算到当日结束", .kind = LQ_INSTANT_END)

// What --from, --to, --on and --as-of say. Gives the exit code.
int lq_stats_range(struct lq_cli *cli, struct stats_range *range);

// What --as-of says: a day is meant to its end. 0: it is not given.
int64_t lq_stats_as_of(const struct lq_cli *cli);

// Asks for the totals of a range. The answer is the cli's arena's. Gives the exit code.
int lq_stats_ask(struct lq_cli *cli, const struct stats_range *range, Stats__By by,
                 const Stats__FiguresAnswer **out);

// What --by says, or BY_NOTHING. Gives the exit code.
int lq_stats_by(struct lq_cli *cli, Stats__By *by);

// The member of JSON and the column of CSV that a part stands in ("township"), and its word for
// people ("TOWNSHIP", in Chinese 乡镇).
const char *lq_stats_by_key(Stats__By by);
const char *lq_stats_by_title(Stats__By by);
const char *lq_stats_by_word(Stats__By by);  // the same within a sentence
const char *lq_stats_part_title(struct lq_cli *cli, Stats__By by, const char *part);

// Puts --township, --team, --shift, --department, --day, --week and --month into the question.
// Gives the exit code.
int lq_stats_filters(struct lq_cli *cli, Stats__Records *asked);

// Nothing was found: is it because there is no such township, team, shift or department? Then says
// which there are. Gives the exit code.
int lq_stats_no_such_part(struct lq_cli *cli, const Stats__Records *asked);

// The names of the parts, each once, in their order; gives how many. In the cli's arena.
size_t lq_stats_part_names(struct lq_cli *cli, const Stats__FiguresAnswer *answer,
                           const char ***out);

// Prints the figures as rows and the parts as columns, as many pages of them as the width asks for.
int lq_stats_print_turned(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by);

// Of all its kinds.
int64_t lq_stats_sum(const Stats__FiguresAnswer *answer, Stats__Figure figure);

// A figure or one of its kinds as people read it, with its Chinese term: "cases filed 立案",
// "  cupola 冲天炉". In the cli's arena.
const char *lq_stats_title(struct lq_cli *cli, Stats__Figure figure);
const char *lq_stats_kind_title(struct lq_cli *cli, const char *kind);

// What is said of a figure; its key is the enum's name in lower case.
struct stats_figure {
    const char *term; // in Chinese
    bool kinds;       // of equipment, of sites; statuses
    bool teams;       // it is counted by team
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

// A day, week, month or range of days ("2015-03-06", "2015-W20", "2015-05",
// "2015-04-01..2015-04-15"); "" is the one of the same length before `range`, which must have both
// ends. False: it is none.
bool lq_stats_period(const char *text, const struct stats_range *range, struct stats_range *out);

// lq stats --compare PERIOD: the range's figures beside those of the earlier one.
int lq_stats_beside(struct lq_cli *cli, const struct stats_range *range,
                    const struct stats_range *earlier);

int lq_stats_intervals(struct lq_cli *cli); // lq stats intervals

// lq stats records FIGURE
int lq_stats_records(struct lq_cli *cli);
