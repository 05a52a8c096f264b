// The page: every file of a directory, read into memory once. No path that a browser asks for ever
// reaches the file system.
#pragma once

#include "base/arena.h"
#include "base/status.h"

struct site_body {
    struct lq_span bytes; // data is NULL where there is no such body
    const char *tag;      // ETag, with its quotes
    const char *keeping;  // Cache-Control: whether a browser has to ask for it again
    const char *head;     // of the answer, from "Content-Type" to the empty line
};

struct site_file {
    const char *path;               // "/desk.js"
    struct site_body plain, packed; // packed: gzip, from a file "desk.js.gz" beside it
};

struct site {
    struct site_file *files; // in the order of their paths
    size_t count, bytes;
    const char *security; // headers that every answer has, each line with its end
};

// What a county says of itself, and every page shows.
struct site_county {
    const char *outline; // a file of what the map draws under the premises (GeoJSON), or ""
    const char *words; // the Chinese of its own kinds, a JSON object: {"fan_motor":"风机电机"}
};

// Reads the directory. What begins with a dot, and what is no plain file or directory, is left out.
// `names`: those by which browsers reach us, for browsers that do not count wss: as 'self'.
// The county's outline becomes /outline.geojson, an empty collection where there is none, and its
// words /words.json. NULL: the files of the directory alone. Everything lives in the arena.
// LQ_E_MISSING where there is no index.html, LQ_E_INPUT where it is too much or the outline cannot
// be read, LQ_E_IO.
LQ_MUST_CHECK enum lq_status site_load(struct lq_arena *arena, const char *directory,
                                       const char *const *names, size_t name_count,
                                       const struct site_county *county, struct site *site);

// The page that says, in both languages, that there is none, and what builds it.
void site_missing(struct lq_arena *arena, const char *const *names, size_t name_count,
                  struct site *site);

// The file of a path, which may leave out ".html" or go on behind it ("/file/E0123" is file.html);
// NULL: there is none.
const struct site_file *site_find(const struct site *site, const char *path);

// Where the page is when no setting says it: beside the installed program, or in its build tree.
const char *site_beside(struct lq_arena *arena);
