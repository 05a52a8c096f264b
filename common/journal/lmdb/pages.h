// The layout of LMDB's file, as it is read without LMDB: shared by pages.c, which reads a page,
// heads.c and check.c. It is that of LMDB 0.9 (0.9.24) on a 64-bit little-endian machine; LMDB 1.0
// has another.
#pragma once

#include "journal/lmdb/lmdb.h"

_Static_assert(MDB_VERSION_MAJOR == 0 && MDB_VERSION_MINOR == 9,
               "the pages of another LMDB may differ: compare with its mdb.c");
_Static_assert(sizeof(size_t) == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "pages are read as a 64-bit little-endian machine writes them");

enum {
    PAGE_HEAD = 16, // number 8, pad 2, flags 2, then lower 2 and upper 2, or pages 4
    NODE_HEAD = 8,  // data size 4 (branch: page 6), flags 2, key size 2
    DB_SIZE = 48,
    IS_BRANCH = 1,
    IS_LEAF = 2,
    IS_OVERFLOW = 4,
    IS_META = 8,
    NODE_BIG = 1,      // the value stands on overflow pages
    NODE_DATABASE = 2, // the value is a database's head
    DEPTH_MOST = 32,
    HEADS = 2,
};

#define NO_PAGE UINT64_MAX

static inline uint64_t number(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

// The head of one database (tree).
struct tree {
    uint64_t pad, flags, depth, branches, leaves, overflow, entries, root;
};

struct head {
    uint64_t page, page_flags, magic, version, last_page, txn;
    struct tree free, main;
};

struct check {
    const struct lq_lmdb *lmdb;
    int fd;
    size_t page_size;
    uint64_t pages; // that the head counts
    uint8_t *used;  // a bit a page
};

struct page {
    const uint8_t *bytes;
    unsigned count; // of nodes
};

static inline const uint8_t *node(const struct page *page, unsigned index)
{
    return page->bytes + number(page->bytes + PAGE_HEAD + 2 * index, 2);
}

static inline struct lq_span node_key(const uint8_t *node)
{
    return lq_span(node + NODE_HEAD, (size_t)number(node + 6, 2));
}

struct tree lq_pages_tree(const uint8_t *bytes); // of DB_SIZE bytes

// Starts a check of the store; nothing is read yet.
struct check lq_pages_begin(const struct lq_lmdb *lmdb);

// LQ_E_CORRUPT: what is wrong with a page.
LQ_MUST_CHECK enum lq_status lq_pages_wrong(const struct check *check, uint64_t page,
                                            const char *format, ...)
    __attribute__((format(printf, 3, 4)));

uint8_t *lq_pages_buffer(const struct check *check); // for one page; the caller frees it
LQ_MUST_CHECK enum lq_status lq_pages_read(const struct check *check, uint64_t page, uint8_t *out);
LQ_MUST_CHECK enum lq_status lq_pages_read_heads(const struct check *check,
                                                 struct head heads[HEADS]);

// Reads a page that a tree refers to, into a buffer. `want`: IS_BRANCH or IS_LEAF.
LQ_MUST_CHECK enum lq_status lq_pages_read_nodes(const struct check *check, uint64_t at,
                                                 unsigned want, uint8_t *bytes, struct page *out);

// heads.c: the heads; `settled`: of a store that its writer has opened since any crash.
LQ_MUST_CHECK enum lq_status lq_pages_check_heads(const struct lq_lmdb *lmdb, bool settled);
