// The county's ledgers: which files there are, which columns they must have, and which command a
// row becomes. The one place that knows both sides.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { LQ_LEDGER_COLUMNS_MAX = 12 };

// What a row says, besides its command.
struct lq_ledger_act {
    const char *on_behalf_of; // badge of the person whose act it was, or NULL
    int64_t occurred_ms;      // 0: the ledger does not say
};

// What a column holds, and what its field becomes.
enum lq_ledger_kind {
    LQ_CELL_KEY,           // a number, badge or name that others go by; must not be empty
    LQ_CELL_KEY_OR_NONE,   // the same; may be empty
    LQ_CELL_TEXT,          // kept as it is written; must not be empty
    LQ_CELL_OPTIONAL,      // a text that may be empty
    LQ_CELL_LIST,          // keys with spaces between them
    LQ_CELL_COUNT,         // 0 or more
    LQ_CELL_COUNT_OR_NONE, // the same; empty is 0
    LQ_CELL_DEGREES,       // decimal degrees
    LQ_CELL_YES,           // yes / no
    LQ_CELL_DAY,
    LQ_CELL_INSTANT,
    LQ_CELL_WORD,    // a value of the member's enum, from `first` to `last`
    LQ_CELL_VARIANT, // one of `choices`, each of which is a command of its own
    LQ_CELL_WHEN,    // when it happened: no member of the message
    LQ_CELL_BEHALF,  // whose act it was: no member of the message
};

// What a column is for the order of the rows.
enum lq_ledger_mark {
    LQ_MARK_NONE,
    LQ_MARK_NUMBER, // others name this ledger's rows by it
    LQ_MARK_ABOUT,  // names the row of `about_file` that this one is about
    LQ_MARK_CASE,   // names the case, of what is about something else
    LQ_MARK_TIME,   // when it is; without it: the time of what it is about, or none
    LQ_MARK_LATITUDE,
    LQ_MARK_LONGITUDE,
};

struct lq_ledger_choice {
    const char *word, *zh, *variant;
};

struct lq_ledger_column {
    const char *heading;
    const char *zh;     // other headings for the same, parted by '/'
    const char *member; // of the command's message; NULL: none
    enum lq_ledger_kind kind;
    enum lq_ledger_mark mark;
    int first, last, but;                   // of LQ_CELL_WORD; `but` is none of them (0: all are)
    const struct lq_ledger_choice *choices; // of LQ_CELL_VARIANT; ends with {0}
};

// The row being read; the first trouble is noted in `why`.
struct lq_ledger_row {
    struct lq_arena *arena;
    const struct lq_ledger_column *columns;
    const char *const *fields; // in the order of the columns
    const char *why;           // NULL, or what is wrong with the row
    const char *const *places; // of the columns, as spreadsheets call them: "G"; NULL: not known
    unsigned line;
};

struct lq_ledger {
    const char *file;    // "people.csv"; of a book "people.xlsx"
    const char *zh;      // other names of the file, parted by '/': "人员"
    const char *service; // that its commands go to
    const ProtobufCMessageDescriptor *command;
    const char
        *variant; // member of the command; of a ledger with LQ_CELL_VARIANT: the first choice
    // Another ledger, whose rows these are about: a row cannot be sent before the one that it is
    // about, whatever its own time says. NULL: about nothing.
    const char *about_file;
    struct lq_ledger_column columns[LQ_LEDGER_COLUMNS_MAX + 1]; // ends with {0}
    struct {
        const char *member; // set in every message of the ledger; NULL: none
        int value;
        bool is_new; // versions of before did not set it, so that their rows had other ids
    } preset;
    bool by_liaison; // names nobody: the liaison of its case tells of it (liaison.c)
    // What a row is to the service, as a kind of what can be corrected, and the field of that which
    // says when it happened. NULL: it is none; it says nothing of the time.
    struct {
        const char *kind, *when;
    } thing;
    // What no column says.
    void (*complete)(struct lq_ledger_row *row, struct lq_ledger_act *act);
};

// In the order in which rows of the same time are sent; services in order of dependence. Ends with
// a NULL file.
extern const struct lq_ledger lq_ledgers[];

// The column with this mark; -1: there is none.
int lq_ledger_marked(const struct lq_ledger *ledger, enum lq_ledger_mark mark);

// The command that a row says (a <service>.Command in the row's arena).
const ProtobufCMessage *lq_ledger_command(const struct lq_ledger *ledger, struct lq_ledger_row *row,
                                          struct lq_ledger_act *act);

// Column i's instant, and its text, which must not be empty.
int64_t lq_ledger_instant(struct lq_ledger_row *row, int i);
const char *lq_ledger_text(struct lq_ledger_row *row, int i);

// Notes what is wrong with column i, and what would be accepted, if nothing was wrong before.
void lq_ledger_wrong(struct lq_ledger_row *row, int i, const char *accepted);

// Column i in its canonical form (lq/import/cell.h): what lq_ledger_command reads, and what the
// identity of a row is made of.
const char *lq_ledger_canonical(const struct lq_ledger *ledger, struct lq_ledger_row *row, int i);
