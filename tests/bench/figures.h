// The statistics of three years asked of three stores of the same records: the part of each
// township in each figure and kind.
#pragma once

#include <stdint.h>

// An answer in brief, by which the three are compared.
struct figures_sum {
    unsigned parts;
    int64_t total; // of all parts
};

// A store of facts: each is opened, loaded from a file of lines (day, figure, kind, township,
// number, amount, with tabs between), asked, and closed.
struct figures_peer {
    const char *name;
    void *(*open)(const char *where, const char *facts); // ends the program if it cannot
    struct figures_sum (*ask)(void *self, int32_t from_day, int32_t to_day);
    void (*close)(void *self);
};

extern const struct figures_peer FIGURES_SQLITE, FIGURES_POSTGRES;

// The question in SQL; $1 and $2 are the days. LEDGER (15) is as of the last day, all else of the
// range; parts that are zero are left out, and so are facts without a township.
#define FIGURES_SQL                                                                                \
    "SELECT figure, kind, township, sum(amount) FROM facts"                                        \
    " WHERE figure <> 15 AND township <> '' AND day BETWEEN $1 AND $2"                             \
    " GROUP BY figure, kind, township HAVING sum(amount) <> 0 "                                    \
    "UNION ALL "                                                                                   \
    "SELECT figure, kind, township, sum(amount) FROM facts"                                        \
    " WHERE figure = 15 AND township <> '' AND day <= $2"                                          \
    " GROUP BY figure, kind, township HAVING sum(amount) <> 0"

#define FIGURES_TABLE                                                                              \
    "CREATE TABLE facts (day integer NOT NULL, figure integer NOT NULL, kind text NOT NULL,"       \
    " township text NOT NULL, number text NOT NULL, amount integer NOT NULL)"

// Covers the question in the sequence of its groups: no sorting, no look into the table.
#define FIGURES_INDEX "CREATE INDEX facts_by_part ON facts (figure, kind, township, day, amount)"
