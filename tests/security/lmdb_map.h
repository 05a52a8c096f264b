// Which bytes of an LMDB file mean something, found by a walk of its own: it shares nothing with
// common/journal/lmdb/check.c, against which it is held.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum map_kind {
    MAP_USED,       // something is read from it
    MAP_SEPARATOR,  // a key in a branch: any that keeps the entries apart is as good
    MAP_FREE_AGE,   // when pages became free: tells only how long an old reader may need them
    MAP_FREE_PAGE,  // on a page that no tree refers to
    MAP_PAGE_REST,  // of a page of a tree: between its table of entries and the entries
    MAP_PADDING,    // the odd byte of an entry, the head's spare field, the rest of a large value
    MAP_FIRST_KEY,  // of a branch: "whatever is less"
    MAP_LIST_REST,  // room behind the pages that a record of free pages lists
    MAP_OLDER_HEAD, // of the head that the next commit overwrites
    MAP_HEAD_REST,  // of a head's page: an address and a size that are not used, and the rest
    MAP_FILE_REST,  // behind the last page
    MAP_KINDS
};

extern const char *const map_kind_names[MAP_KINDS];

// One kind a byte. The file must be whole.
void map_lmdb_file(const uint8_t *bytes, size_t size, uint8_t *kinds);
