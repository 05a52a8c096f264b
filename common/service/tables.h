// A service's own tables: rows are protobuf messages, keys are texts and numbers that sort as
// people expect. The runtime binds a view to the store; services never see the store.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

struct lq_view;

// A table is declared once, as a constant:
//     static const struct lq_table ORDERS = {"orders", &dispatch__order__descriptor};
struct lq_table {
    const char *name;
    const ProtobufCMessageDescriptor *row;
};

// ---------------------------------------------------------------- keys

// A key is a sequence of parts. Texts (official numbers, badges) end with a zero byte, numbers are
// eight bytes with the most significant first, so that keys sort by their first part, then the
// second, and so on; and a prefix of parts is a prefix of bytes.
struct lq_key {
    uint8_t size;
    uint8_t bytes[255];
};

struct lq_key lq_key_text(const char *text);
struct lq_key lq_key_number(uint64_t number);
struct lq_key lq_key_then_text(struct lq_key key, const char *text);
struct lq_key lq_key_then_number(struct lq_key key, uint64_t number);
struct lq_key lq_key_none(void); // sorts before all others; the prefix of every key

// Takes a key apart, part by part; the text lives as long as the key.
struct lq_key_reader {
    const struct lq_key *key;
    unsigned at;
};
const char *lq_key_read_text(struct lq_key_reader *reader);
uint64_t lq_key_read_number(struct lq_key_reader *reader);

// ---------------------------------------------------------------- reading

// The row decoded into the batch's arena, or NULL. The caller may not change it but may copy the
// struct, change the copy and save that.
const void *lq_find(struct lq_view *view, const struct lq_table *table, struct lq_key key);

// protobuf-c's pointers to members are not const. A row that goes into an answer or an event as it
// stands is lent through this one cast; nobody writes through it.
static inline void *lq_unconst(const void *row)
{
    union {
        const void *borrowed;
        void *member;
    } lent = {.borrowed = row};
    return lent.member;
}

// The same by a number that somebody has typed: NULL too where it fits no key.
const void *lq_find_numbered(struct lq_view *view, const struct lq_table *table,
                             const char *number);

bool lq_exists(struct lq_view *view, const struct lq_table *table, struct lq_key key);

// How many rows the table has. Costs nothing.
uint64_t lq_count(struct lq_view *view, const struct lq_table *table);

// Walks the rows whose keys begin with `prefix`, from `from` on (or from the prefix's first):
//     for (struct lq_scan s = lq_scan(view, &ORDERS, lq_key_none()); lq_scan_next(&s);)
//         use(s.row);
// The table may be changed while it is walked.
struct lq_scan {
    struct lq_view *view;
    const struct lq_table *table;
    struct lq_key prefix;
    struct lq_key key; // of the row
    bool started, backwards;
    bool keys_only; // set it where the keys are enough: rows are not decoded, and `row` is NULL
    const void *row;
};

struct lq_scan lq_scan(struct lq_view *view, const struct lq_table *table, struct lq_key prefix);
struct lq_scan lq_scan_from(struct lq_view *view, const struct lq_table *table,
                            struct lq_key prefix, struct lq_key from, bool past);
struct lq_scan lq_scan_backwards(struct lq_view *view, const struct lq_table *table,
                                 struct lq_key prefix); // last row first
bool lq_scan_next(struct lq_scan *scan);

// ---------------------------------------------------------------- writing (in `apply` only)

void lq_save(struct lq_view *tables, const struct lq_table *table, struct lq_key key,
             const ProtobufCMessage *row);

// The same of a row whose bytes are there already: as they came in, they say the same.
void lq_save_bytes(struct lq_view *tables, const struct lq_table *table, struct lq_key key,
                   const ProtobufCMessage *row, struct lq_span bytes);

// Saves what a message says as a row: the fields of the same numbers (lq_pb_project), under the
// text of its first field, which is the thing's number.
void lq_keep(struct lq_view *tables, const struct lq_table *table, const void *message);

// The same where the message's bytes are known, as the record of an event has them.
void lq_keep_bytes(struct lq_view *tables, const struct lq_table *table, const void *message,
                   struct lq_span bytes);

void lq_erase(struct lq_view *tables, const struct lq_table *table, struct lq_key key);

// Sets the timer of that name ("seal/I0007"), replacing the one that was set; `due` is called once
// when its time has come. Clearing a timer that is not set does nothing.
void lq_timer_set(struct lq_view *tables, const char *timer, int64_t due_ms);
void lq_timer_clear(struct lq_view *tables, const char *timer);

struct lq_arena *lq_view_arena(struct lq_view *view);
