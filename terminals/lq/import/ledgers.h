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

// What a column holds, and what its field becomes.
enum field_kind {
    FIELD_TEXT,          // must not be empty
    FIELD_OPTIONAL,      // a text that may be empty
    FIELD_LIST,          // words with spaces between them
    FIELD_COUNT,         // 0 or more
    FIELD_COUNT_OR_NONE, // the same; empty is 0
    FIELD_DEGREES,       // decimal degrees
    FIELD_YES,           // yes / no
    FIELD_DAY,
    FIELD_INSTANT,
    FIELD_WORD,    // a value of the member's enum, from `first` to `last`
    FIELD_VARIANT, // one of `choices`, each of which is a command of its own
    FIELD_WHEN,    // when it happened: no member of the message
    FIELD_BEHALF,  // whose act it was: no member of the message
};

// What a column is for the order of the rows.
enum field_mark {
    MARK_NONE,
    MARK_NUMBER, // others name this ledger's rows by it
    MARK_ABOUT,  // names the row of `about_file` that this one is about
    MARK_TIME,   // when it is; without it: the time of what it is about, or none
};

struct ledger_choice {
    const char *word, *variant;
};

struct ledger_column {
    const char *heading;
    const char *member; // of the command's message; NULL: none
    enum field_kind kind;
    enum field_mark mark;
    int first, last;                     // of FIELD_WORD
    const struct ledger_choice *choices; // of FIELD_VARIANT; ends with {0}
};

// The row being read; the first trouble is noted in `why`.
struct ledger_row {
    struct lq_arena *arena;
    const struct ledger_column *columns;
    const char *const *fields; // in the order of the columns
    const char *why;           // NULL, or what is wrong with the row
};

struct ledger {
    const char *file;    // "people.csv"
    const char *service; // that its commands go to
    const ProtobufCMessageDescriptor *command;
    const char *variant; // member of the command; of a ledger with FIELD_VARIANT: the first choice
    // Another ledger, whose rows these are about: a row cannot be sent before the one that it is
    // about, whatever its own time says. NULL: about nothing.
    const char *about_file;
    struct ledger_column columns[LEDGER_COLUMNS_MAX + 1]; // ends with {0}
    struct {
        const char *member; // set in every message of the ledger; NULL: none
        int value;
    } preset;
    // What no column says.
    void (*complete)(struct ledger_row *row, struct ledger_act *act);
};

// In the order in which rows of the same time are sent; services in order of dependence. Ends with
// a NULL file.
extern const struct ledger import_ledgers[];

// The column with this mark; -1: there is none.
int import_marked_column(const struct ledger *ledger, enum field_mark mark);

// The command that a row says (a <service>.Command in the row's arena).
const ProtobufCMessage *import_make_command(const struct ledger *ledger, struct ledger_row *row,
                                            struct ledger_act *act);

// Column i's instant, and its text, which must not be empty.
int64_t import_field_instant(struct ledger_row *row, int i);
const char *import_field_text(struct ledger_row *row, int i);
