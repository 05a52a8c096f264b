// Within the reader of books: the container and its parts (book.c), what styles and shared texts
// say (styles.c), the cells (xlsx.c).
#pragma once

#include <expat.h>
#include <zip.h>

#include "lq/import/source.h"

// How a number is meant to be shown.
enum lq_xlsx_shown { LQ_XLSX_NUMBER = 0, LQ_XLSX_DATE = 1, LQ_XLSX_TIME = 2 }; // bits

struct lq_xlsx_book {
    const char *path;
    struct lq_arena *arena;
    zip_t *zip;
    uint64_t unpacked;  // bytes so far
    bool from_1904;     // days count from 1904-01-01
    const char **texts; // shared by cells
    size_t text_count;
    uint8_t *shown; // by number of the style: LQ_XLSX_ bits
    size_t style_count;
    void (*say)(void *to, const char *remark);
    void *to;
};

LQ_MUST_CHECK enum lq_status lq_xlsx_unzip(struct lq_xlsx_book *book, struct lq_span bytes);
void lq_xlsx_done(struct lq_xlsx_book *book);

// One part of a book being read.
struct lq_xlsx_part {
    struct lq_xlsx_book *book;
    XML_Parser parser;
    const char *why; // set it to stop: what is wrong with the part
    void *to;        // the reader's own
    // Called with local names; attributes as pairs that end with NULL.
    void (*start)(struct lq_xlsx_part *part, const char *name, const char **attributes);
    void (*end)(struct lq_xlsx_part *part, const char *name);
    void (*text)(struct lq_xlsx_part *part, const char *text, size_t size);
};

// Reads a part by its name within the container. A part that is missing is a fault only if it is
// required.
LQ_MUST_CHECK enum lq_status lq_xlsx_read_part(struct lq_xlsx_part *part, const char *name,
                                               bool required);

const char *lq_xlsx_attribute(const char **attributes, const char *name); // NULL: not there

// The array, with room for one element more than `count`; from realloc.
void *lq_xlsx_grown(void *array, size_t count, size_t *room, size_t size);

// Text that comes in pieces; in the arena.
struct lq_xlsx_text {
    char *bytes;
    size_t size, room;
};
void lq_xlsx_append(struct lq_arena *arena, struct lq_xlsx_text *to, const char *text, size_t size);

// The text so far, with _x000A_ read as what it stands for; begins anew.
const char *lq_xlsx_take(struct lq_arena *arena, struct lq_xlsx_text *text);

// Finds the sheet to be read: the name of its part.
LQ_MUST_CHECK enum lq_status lq_xlsx_find_sheet(struct lq_xlsx_book *book,
                                                struct lq_sheet_heading names, const char **part);

LQ_MUST_CHECK enum lq_status lq_xlsx_read_styles(struct lq_xlsx_book *book);
LQ_MUST_CHECK enum lq_status lq_xlsx_read_texts(struct lq_xlsx_book *book);

// ---------------------------------------------------------------- cells

// Turns the number of a cell into text: "38.36548", or a day or a time if it is shown as one.
// *flaw is set if it cannot be what was typed.
const char *lq_xlsx_number(const struct lq_xlsx_book *book, const char *value, unsigned shown,
                           const char **flaw);
