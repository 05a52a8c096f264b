// The county's ledgers: which CSV files there are, which columns they must have, and which command
// a row becomes. The one place that knows both sides.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { LEDGER_COLUMNS_MAX = 12 };

// What a row says, besides its command.
struct ledger_act {
    const char *on_behalf_of; // badge of the person whose act it was, or NULL
    int64_t occurred_ms;      // 0: the ledger does not say
};

// The row being read; the readers below note the first trouble in `why`.
struct ledger_row {
    struct lq_arena *arena;
    const char *const *fields; // in the order of the ledger's columns
    const char *const *columns;
    const char *why; // NULL, or what is wrong with the row
};

struct ledger {
    const char *file;    // "people.csv"
    const char *service; // that its commands go to
    const char *columns[LEDGER_COLUMNS_MAX];

    // Another ledger's row that this one is about, by the column that names it: it cannot be sent
    // before that one, whatever its own time says. NULL: about nothing.
    const char *about_file;
    int about_column;
    int number_column; // the column by which others name this ledger's rows; -1: they do not
    int time_column;   // when it happened; -1: the time of what it is about, or none

    // Makes the command (a <service>.Command in the arena).
    const ProtobufCMessage *(*make)(struct ledger_row *row, struct ledger_act *act);
};

// In the order in which rows of the same time are sent; services in order of dependence. Ends with
// a NULL file.
extern const struct ledger lq_ledgers[];

// ---------------------------------------------------------------- reading fields (fields.c)

// Column i's text; the row is wrong if it is empty.
const char *field_text(struct ledger_row *row, int i);
const char *field_optional(const struct ledger_row *row, int i);
int64_t field_instant(struct ledger_row *row, int i);
int32_t field_day(struct ledger_row *row, int i);
uint32_t field_count(struct ledger_row *row, int i);     // 0 or more
int32_t field_degrees_e7(struct ledger_row *row, int i); // decimal degrees
bool field_yes(struct ledger_row *row, int i);           // yes / no
// One of the words, given as a list that ends with NULL; gives its index.
int field_word(struct ledger_row *row, int i, const char *const *words);
// Words parted by spaces, in the arena.
char **field_list(struct ledger_row *row, int i, size_t *count);
