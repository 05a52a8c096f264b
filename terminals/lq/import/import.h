// An import: rows of the county's ledgers on their way to being commands. folder.c finds the files,
// rows.c reads them, order.c puts the rows in order and gives them their ids, liaison.c finds who
// tells of what police did, earlier.c what a version of before has recorded, send.c carries the
// rest through the bus, report.c and refused.c tell what came of it, import.c is the command.
#pragma once

#include "base/assert.h"
#include "base/id.h"
#include "lq/cli/cli.h"
#include "lq/import/ledgers.h"

enum { LQ_LEDGERS_MAX = 32 };

// A file of the folder.
struct lq_import_file {
    const char *name;
    const struct lq_ledger *ledger; // that it is; NULL: it is not taken
    const char *why;                // not taken
    bool is_table;                  // not taken, though it may have been meant
    const char *encoding;           // what it is in, once it was read
    const char *const *remarks;     // on how it was read; ends with NULL
};

enum lq_import_state {
    LQ_ROW_WAITING,        // to be sent
    LQ_ROW_SENT,           // sent, not answered
    LQ_ROW_NEW,            // accepted now
    LQ_ROW_KNOWN,          // accepted by an earlier import
    LQ_ROW_CORRECTED,      // recorded before, and corrected now
    LQ_ROW_REFUSED,        // rejected, refused or malformed: `why` says so
    LQ_ROW_REFUSED_BEFORE, // rejected by an earlier import; the stored answer
};

// A row as versions before canonical cells made a command of it, where that is another.
struct lq_import_earlier {
    struct lq_span content, body;
    const char *on_behalf_of;
};

struct lq_import_row {
    const struct lq_ledger *ledger;
    const struct lq_import_file *file;
    unsigned line;
    unsigned repeat;     // how many rows with the same content stand above it in the same file
    unsigned attempt;    // how often an earlier import was refused it
    int64_t position_ms; // its place in the order of sending
    int64_t occurred_ms; // 0: the ledger does not say
    const char *on_behalf_of;
    struct lq_span content; // the canonical cells, as the id is made from them
    struct lq_span body;    // the serialized <service>.Command
    struct lq_id id;        // of the attempt
    enum lq_import_state state;
    const char *why;      // of a refusal
    const char *code;     // of a rejection: the service's; NULL: none
    bool turned_away;     // refused, not decided
    uint64_t correlation; // of the request that it was sent with

    const char *const *cells; // as the file has them, in the order of the columns; NULL: not read
    const struct lq_import_earlier *earlier; // NULL: it was always the same
    unsigned earlier_repeat;
};

struct lq_import {
    struct lq_cli *cli;
    struct lq_client *sender; // hands refusals over at once: what is sent again is sent in order
    const char *directory;
    struct lq_import_file *files; // in the order of their names
    size_t file_count;
    struct lq_import_row *rows; // in the order of sending
    size_t count, room;
    uint64_t tips[LQ_LEDGERS_MAX]; // of each ledger's service, before the first row was sent
    bool tips_noted;
};

// Looks through the directory: which file is which ledger, and why the others are none. A fault if
// it cannot be read, or no ledger is there at all.
LQ_MUST_CHECK enum lq_status lq_import_find_files(struct lq_import *import);

// Finds the files, reads all ledgers of the directory and puts the rows into order. Malformed rows
// are there as LQ_ROW_REFUSED. A fault if a file cannot be read or lacks a column, too.
LQ_MUST_CHECK enum lq_status lq_import_read(struct lq_import *import);
void lq_import_free(struct lq_import *import);

// Notes that a row is refused before it was sent.
void lq_import_refuse(struct lq_import_row *row, const char *why);

// The text of a row's column with that mark, canonical; the ledger has one, and the row was read.
const char *lq_import_marked(const struct lq_import_row *row, enum lq_ledger_mark mark);

// Puts the rows into the order of sending, and makes their ids. Numbers that differ in nothing but
// capital letters are refused.
void lq_import_order(struct lq_import *import);

// Makes the row's id for its attempt; the id that it had in versions of before.
void lq_import_make_id(struct lq_import_row *row);
struct lq_id lq_import_earlier_id(const struct lq_import_row *row, unsigned attempt);

// The row's Command of the envelope, under that id.
struct lq_span lq_import_command(struct lq_arena *arena, const struct lq_import_row *row,
                                 struct lq_id id, bool earlier);

// Notes how far the services are, as connecting has told it; before anything is sent.
void lq_import_note_tips(struct lq_import *import);

// Finds on whose behalf the rows are entered that name nobody (lq_ledger.by_liaison), and makes
// their ids; those of cases that nobody knows are refused. Gives the exit code. After connecting.
int lq_import_find_liaisons(struct lq_import *import);

// Asks after the rows that had another id in versions of before: those that were accepted under it
// become LQ_ROW_KNOWN. Nothing is recorded by this. LQ_E_UNREACHABLE as below.
LQ_MUST_CHECK enum lq_status lq_import_find_earlier(struct lq_import *import);

// Sends every row that is waiting, in order, service by service; rows that are undecided after a
// break are sent again until they are decided. `done` is called now and then with how many rows
// are decided. LQ_E_UNREACHABLE if nothing was decided for a minute, LQ_E_FULL as soon as a
// service says that its journal is full: the words are the service's.
LQ_MUST_CHECK enum lq_status lq_import_send(struct lq_import *import,
                                            void (*progress)(const struct lq_import *import,
                                                             size_t done, const char *service));

// ---------------------------------------------------------------- what came of it

// How many rows are in that state.
size_t lq_import_count(const struct lq_import *import, enum lq_import_state state);

// Names files that are not taken and rows that are refused on standard error; whether a table is
// among the files.
bool lq_import_name_files(const struct lq_import *import);
void lq_import_name_refused(const struct lq_import *import);

// Prints the table of files and rows; gives the exit code.
int lq_import_report(const struct lq_import *import, bool sent);

// Writes the refused rows of each ledger into a file of that folder, with the reason in a column of
// its own, to be mended and imported again. The folder is made. LQ_E_IO.
LQ_MUST_CHECK enum lq_status lq_import_write_refused(const struct lq_import *import,
                                                     const char *directory);

// Adds to the reason of rows that were refused because their number is recorded in what they
// differ from the record; with --correct, corrects the record.
void lq_import_compare(struct lq_import *import);
