// Reading a YAML file that a person edited into a struct, by a table that says what is accepted.
//
// Whatever is not in the table is refused, and every refusal is LQ_E_INPUT with a text that says
// where and what would be right: "law.yaml:12:9: 'day' is not known here; accepted: hour, …".
// Refused for all files: more than LQ_YAML_SIZE_MAX bytes, nesting deeper than LQ_YAML_DEPTH_MAX,
// bytes that are not UTF-8, anchors, aliases, tags, a second document, unknown and repeated keys.
#pragma once

#include "base/arena.h"
#include "base/status.h"

enum { LQ_YAML_SIZE_MAX = 256 * 1024, LQ_YAML_DEPTH_MAX = 16, LQ_YAML_FIELDS_MAX = 64 };

enum lq_yaml_kind {
    LQ_YAML_TEXT,    // const char *, in the arena
    LQ_YAML_INT,     // int64_t, decimal, within least..most
    LQ_YAML_BOOL,    // bool: true or false
    LQ_YAML_DAY,     // int32_t, a county day (base/time.h): 2015-07-16
    LQ_YAML_DEGREES, // int32_t, degrees × 10^7 (base/degrees.h), within least..most: 38.36548
    LQ_YAML_WORD,    // an enum (stored as int): the index of the text in `words`
    LQ_YAML_MAP,     // an embedded struct, by `fields`
    LQ_YAML_LIST,    // struct lq_yaml_list, each entry by `items`
    LQ_YAML_COUNTS,  // struct lq_yaml_list of struct lq_yaml_count: any keys, each with an INT
    LQ_YAML_WHERE,   // struct lq_yaml_where: not read from a key; the place of the mapping itself
};

struct lq_yaml_field;

struct lq_yaml_type {
    enum lq_yaml_kind kind;
    int64_t least, most;                // INT, DEGREES, COUNTS
    const char *const *words;           // WORD; ends with NULL
    const struct lq_yaml_field *fields; // MAP; ends with a NULL key
    const struct lq_yaml_type *items;   // LIST
    size_t size;                        // MAP as a list's item: sizeof the struct
    const void *blank; // MAP as a list's item: what an item is before it is read; NULL: zeros
    // TEXT: returns NULL if the text will do, else what would be accepted. NULL: any will do.
    const char *(*check)(const char *text);
};

struct lq_yaml_field {
    const char *key; // WHERE: any text, never matched
    bool required;   // a key that is absent and not required leaves its member as it was
    size_t offset;
    struct lq_yaml_type type;
};

struct lq_yaml_list {
    void *items; // in the arena; NULL if there are none
    size_t count;
};

struct lq_yaml_count {
    const char *name;
    int64_t count;
};

struct lq_yaml_where {
    size_t line, column; // from 1
};

// Reads a mapping into *out by `fields`. `name` stands for the file in the texts of faults. Texts
// and lists are owned by the arena. After a fault *out is partly filled.
LQ_MUST_CHECK enum lq_status lq_yaml_load(struct lq_span text, const char *name,
                                          const struct lq_yaml_field *fields, void *out,
                                          struct lq_arena *arena);

// The same from a file. LQ_E_MISSING if there is none, LQ_E_IO if it cannot be read.
LQ_MUST_CHECK enum lq_status lq_yaml_load_file(const char *path, const struct lq_yaml_field *fields,
                                               void *out, struct lq_arena *arena);
