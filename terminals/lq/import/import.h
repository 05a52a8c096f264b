// An import: rows of the county's ledgers on their way to being commands. rows.c reads and orders
// them, send.c carries them through the bus, ../import.c is the command and its report.
#pragma once

#include "base/assert.h"
#include "base/id.h"
#include "lq/cli/cli.h"
#include "lq/import/ledgers.h"

enum { LEDGERS_MAX = 32 };

enum row_state {
    ROW_WAITING,        // to be sent
    ROW_SENT,           // sent, not answered
    ROW_NEW,            // accepted now
    ROW_KNOWN,          // accepted by an earlier import
    ROW_REFUSED,        // rejected, refused or malformed: `why` says so
    ROW_REFUSED_BEFORE, // rejected by an earlier import; the stored answer
};

struct import_row {
    const struct ledger *ledger;
    unsigned line;
    unsigned repeat;     // how many rows with the same content stand above it in the same file
    unsigned attempt;    // how often an earlier import was refused it
    int64_t position_ms; // its place in the order of sending
    int64_t occurred_ms; // 0: the ledger does not say
    const char *on_behalf_of;
    struct lq_span content; // the fields, as the id is made from them
    struct lq_span body;    // the serialized <service>.Command
    struct lq_id id;        // of the attempt
    enum row_state state;
    const char *why;      // of a refusal
    bool turned_away;     // refused, not decided
    uint64_t correlation; // of the request that it was sent with
};

struct import {
    struct lq_cli *cli;
    struct lq_client *sender; // hands refusals over at once: what is sent again is sent in order
    const char *directory;
    struct import_row *rows; // in the order of sending
    size_t count, room;
    size_t files;               // how many of the ledgers were there
    uint64_t tips[LEDGERS_MAX]; // of each ledger's service, before the first row was sent
    bool tips_noted;
};

// Reads all ledgers of the directory and puts the rows into order. Malformed rows are there as
// ROW_REFUSED. A fault if a file cannot be read, lacks a column, or no ledger is there at all.
LQ_MUST_CHECK enum lq_status import_read(struct import *import);

// Sends every row that is waiting, in order, service by service; rows that are undecided after a
// break are sent again until they are decided. `done` is called now and then with how many rows
// are decided. LQ_E_UNREACHABLE if nothing was answered for a minute.
LQ_MUST_CHECK enum lq_status import_send(struct import *import,
                                         void (*progress)(const struct import *import, size_t done,
                                                          const char *service));

// Makes the row's id for its attempt.
void import_make_id(struct import_row *row);
