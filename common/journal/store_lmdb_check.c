// Looks at LMDB's file without LMDB: version 0.9 has no checksums and believes what it reads, so a
// single bit that turned on disk can make it lose the last commit, hand out a page twice or end the
// process. What is checked here is what LMDB relies on: the two heads (meta pages), that every tree
// is one, and that each page is used exactly once, by a tree or by the list of free pages. What the
// records and tables say is checked by replay (runtime/verify.c).
//
// The layout is that of LMDB 0.9.24 on a machine with 64 bits, least significant byte first.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "journal/store_lmdb.h"

enum {
    MAGIC = (int)0xbeefc0de,
    VERSION = 1,
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
    TRIES = 100,
};

#define NO_PAGE UINT64_MAX

// ---------------------------------------------------------------- reading

static uint64_t number(const uint8_t *bytes, unsigned size)
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

static struct tree tree_at(const uint8_t *bytes)
{
    return (struct tree){
        .pad = number(bytes, 4),
        .flags = number(bytes + 4, 2),
        .depth = number(bytes + 6, 2),
        .branches = number(bytes + 8, 8),
        .leaves = number(bytes + 16, 8),
        .overflow = number(bytes + 24, 8),
        .entries = number(bytes + 32, 8),
        .root = number(bytes + 40, 8),
    };
}

struct head {
    uint64_t page, page_flags, magic, version, last_page, txn;
    struct tree free, main;
};

static struct head head_at(const uint8_t *page)
{
    const uint8_t *meta = page + PAGE_HEAD; // address 8 and map size 8 are not used
    return (struct head){
        .page = number(page, 8),
        .page_flags = number(page + 10, 2),
        .magic = number(meta, 4),
        .version = number(meta + 4, 4),
        .free = tree_at(meta + 24),
        .main = tree_at(meta + 72),
        .last_page = number(meta + 120, 8),
        .txn = number(meta + 128, 8),
    };
}

struct check {
    const struct lq_lmdb *lmdb;
    int fd;
    size_t page_size;
    uint64_t pages; // that the head counts
    uint8_t *used;  // a bit a page
};

__attribute__((format(printf, 3, 4))) static enum lq_status
wrong(const struct check *check, uint64_t page, const char *format, ...)
{
    char what[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return lq_fault(LQ_E_CORRUPT, "the store %s is damaged: page %llu %s", check->lmdb->directory,
                    (unsigned long long)page, what);
}

static enum lq_status read_page(const struct check *check, uint64_t page, uint8_t *out)
{
    const ssize_t size =
        pread(check->fd, out, check->page_size, (off_t)(page * check->page_size));
    if (size < 0)
        return lq_fault(LQ_E_IO, "cannot read page %llu of the store %s: %s",
                        (unsigned long long)page, check->lmdb->directory, strerror(errno));
    return (size_t)size == check->page_size ? LQ_OK : wrong(check, page, "is beyond the file's end");
}

static enum lq_status begin(const struct lq_lmdb *lmdb, struct check *out)
{
    *out = (struct check){.lmdb = lmdb, .page_size = (size_t)sysconf(_SC_PAGESIZE)};
    LQ_ASSERT(mdb_env_get_fd(lmdb->env, &out->fd) == 0);
    return LQ_OK;
}

static uint8_t *page_buffer(const struct check *check)
{
    uint8_t *page = malloc(check->page_size);
    LQ_ASSERT(page != NULL);
    return page;
}

// ---------------------------------------------------------------- a page of a tree

struct page {
    const uint8_t *bytes;
    unsigned count; // of nodes
};

static const uint8_t *node(const struct page *page, unsigned index)
{
    return page->bytes + number(page->bytes + PAGE_HEAD + 2 * index, 2);
}

static struct lq_span node_key(const uint8_t *node)
{
    return lq_span(node + NODE_HEAD, (size_t)number(node + 6, 2));
}

static size_t node_size(const uint8_t *node, bool leaf)
{
    size_t size = NODE_HEAD + (size_t)number(node + 6, 2);
    if (leaf)
        size += (number(node + 4, 2) & NODE_BIG) != 0 ? 8 : (size_t)number(node, 4);
    return (size + 1) & ~(size_t)1;
}

// The nodes fill the page's end without a gap or an overlap: so each lies within the page.
static enum lq_status check_nodes(const struct check *check, uint64_t at, const uint8_t *bytes,
                                  bool leaf, struct page *out)
{
    const size_t lower = (size_t)number(bytes + 12, 2), upper = (size_t)number(bytes + 14, 2);
    if (lower < PAGE_HEAD || lower % 2 != 0 || lower > upper || upper > check->page_size)
        return wrong(check, at, "says that it is filled up to %zu and from %zu", lower, upper);
    *out = (struct page){.bytes = bytes, .count = (unsigned)(lower - PAGE_HEAD) / 2};
    bool *begins = calloc(check->page_size, sizeof *begins);
    LQ_ASSERT(begins != NULL);
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < out->count; i++) {
        const size_t offset = (size_t)number(bytes + PAGE_HEAD + 2 * i, 2);
        if (offset < upper || offset + NODE_HEAD > check->page_size || begins[offset])
            status = wrong(check, at, "has an entry at %zu", offset);
        else
            begins[offset] = true;
    }
    unsigned found = 0;
    size_t offset = upper;
    while (status == LQ_OK && offset < check->page_size && begins[offset]) {
        offset += node_size(bytes + offset, leaf);
        found++;
    }
    free(begins);
    if (status == LQ_OK && (offset != check->page_size || found != out->count))
        status = wrong(check, at, "has entries that do not fill it");
    return status;
}

static enum lq_status take_page(struct check *check, uint64_t page)
{
    if (page < HEADS || page >= check->pages)
        return wrong(check, page, "is referred to, but there are only %llu",
                     (unsigned long long)check->pages);
    if ((check->used[page / 8] & 1u << page % 8) != 0)
        return wrong(check, page, "is used twice");
    check->used[page / 8] |= (uint8_t)(1u << page % 8);
    return LQ_OK;
}

// Reads a page that a tree refers to. `want`: IS_BRANCH or IS_LEAF.
static enum lq_status read_node_page(const struct check *check, uint64_t at, unsigned want,
                                     uint8_t *bytes, struct page *out)
{
    const enum lq_status status = read_page(check, at, bytes);
    if (status != LQ_OK)
        return status;
    if (number(bytes, 8) != at)
        return wrong(check, at, "says that it is another");
    if (number(bytes + 10, 2) != want)
        return wrong(check, at, "is not of the kind that it should be");
    return check_nodes(check, at, bytes, want == IS_LEAF, out);
}

// ---------------------------------------------------------------- trees

// What is known of the keys below a page: low <= key < high. A NULL low or high is no limit.
struct limits {
    struct lq_span low, high;
};

// What a walk counts, and how it reads the entries.
struct walk {
    struct check *check;
    bool numbers; // keys are numbers of transactions
    struct tree counted;
    uint64_t last_number;
    enum lq_status (*entry)(struct walk *walk, uint64_t at, struct lq_span key, const uint8_t *node,
                            struct lq_span value);
};

static int compare(const struct walk *walk, struct lq_span a, struct lq_span b)
{
    if (walk->numbers && a.size == 8 && b.size == 8) {
        const uint64_t x = number(a.data, 8), y = number(b.data, 8);
        return x < y ? -1 : x > y;
    }
    const size_t size = a.size < b.size ? a.size : b.size;
    const int order = size > 0 ? memcmp(a.data, b.data, size) : 0;
    return order != 0 ? order : a.size < b.size ? -1 : a.size > b.size;
}

static enum lq_status check_order(const struct walk *walk, uint64_t at, const struct page *page,
                                  unsigned first, struct limits limits)
{
    for (unsigned i = first; i < page->count; i++) {
        const struct lq_span key = node_key(node(page, i));
        if (walk->numbers && key.size != 8)
            return wrong(walk->check, at, "has a key that is none");
        if ((limits.low.data != NULL && compare(walk, key, limits.low) < 0) ||
            (limits.high.data != NULL && compare(walk, key, limits.high) >= 0) ||
            (i > first && compare(walk, node_key(node(page, i - 1)), key) >= 0))
            return wrong(walk->check, at, "has a key that is not in its place");
    }
    return LQ_OK;
}

static enum lq_status check_big(struct walk *walk, const uint8_t *at, uint64_t size)
{
    struct check *check = walk->check;
    const uint64_t first = number(at, 8);
    const uint64_t count = (PAGE_HEAD + size + check->page_size - 1) / check->page_size;
    enum lq_status status = LQ_OK;
    for (uint64_t i = 0; status == LQ_OK && i < count; i++)
        status = take_page(check, first + i);
    if (status != LQ_OK)
        return status;
    uint8_t *bytes = page_buffer(check);
    status = read_page(check, first, bytes);
    if (status == LQ_OK && (number(bytes, 8) != first || number(bytes + 10, 2) != IS_OVERFLOW ||
                            number(bytes + 12, 4) != count))
        status = wrong(check, first, "does not hold the large value that it should");
    free(bytes);
    walk->counted.overflow += count;
    return status;
}

static enum lq_status check_leaf(struct walk *walk, uint64_t at, const struct page *page)
{
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < page->count; i++) {
        const uint8_t *entry = node(page, i);
        const struct lq_span key = node_key(entry);
        const uint64_t size = number(entry, 4), flags = number(entry + 4, 2);
        const uint8_t *value = entry + NODE_HEAD + key.size;
        if ((flags & ~(uint64_t)(NODE_BIG | NODE_DATABASE)) != 0)
            return wrong(walk->check, at, "has an entry of an unknown kind");
        if ((flags & NODE_BIG) != 0)
            status = check_big(walk, value, size);
        if (status == LQ_OK && walk->entry != NULL)
            status = walk->entry(walk, at, key, entry, lq_span(value, (size_t)size));
        else if (status == LQ_OK && (flags & NODE_DATABASE) != 0)
            status = wrong(walk->check, at, "has an entry of an unknown kind");
        walk->counted.entries++;
    }
    walk->counted.leaves++;
    return status;
}

static enum lq_status walk_page(struct walk *walk, uint64_t at, uint64_t depth,
                                struct limits limits)
{
    struct page page;
    const bool leaf = depth == 1;
    enum lq_status status = take_page(walk->check, at);
    if (status != LQ_OK)
        return status;
    uint8_t *bytes = page_buffer(walk->check);
    status = read_node_page(walk->check, at, leaf ? IS_LEAF : IS_BRANCH, bytes, &page);
    if (status == LQ_OK && (page.count == 0 || (!leaf && page.count < 2)))
        status = wrong(walk->check, at, "has too few entries");
    if (status == LQ_OK) // the first key of a branch is not looked at by anybody
        status = check_order(walk, at, &page, leaf ? 0 : 1, limits);
    if (status == LQ_OK && leaf)
        status = check_leaf(walk, at, &page);
    for (unsigned i = 0; status == LQ_OK && !leaf && i < page.count; i++) {
        const struct limits within = {
            .low = i == 0 ? limits.low : node_key(node(&page, i)),
            .high = i + 1 == page.count ? limits.high : node_key(node(&page, i + 1)),
        };
        status = walk_page(walk, number(node(&page, i), 6), depth - 1, within);
    }
    walk->counted.branches += !leaf;
    free(bytes);
    return status;
}

static enum lq_status walk_tree(struct walk *walk, const struct tree *tree, const char *name)
{
    struct check *check = walk->check;
    enum lq_status status = LQ_OK;
    walk->counted = (struct tree){0};
    if (tree->depth > DEPTH_MOST || (tree->root == NO_PAGE) != (tree->depth == 0))
        status = wrong(check, tree->root, "is no root of a tree of depth %llu",
                       (unsigned long long)tree->depth);
    else if (tree->root != NO_PAGE)
        status = walk_page(walk, tree->root, tree->depth, (struct limits){0});
    const struct tree *counted = &walk->counted;
    if (status == LQ_OK &&
        (counted->entries != tree->entries || counted->leaves != tree->leaves ||
         counted->branches != tree->branches || counted->overflow != tree->overflow))
        status = lq_fault(LQ_E_CORRUPT,
                          "the store %s is damaged: '%s' has %llu entries, but should have %llu",
                          check->lmdb->directory, name, (unsigned long long)counted->entries,
                          (unsigned long long)tree->entries);
    return status;
}

// ---------------------------------------------------------------- the two databases of a head

// The value lists pages, their count first; a record may have room behind them.
static enum lq_status take_free(struct walk *walk, uint64_t at, struct lq_span key,
                                const uint8_t *entry, struct lq_span value)
{
    struct check *check = walk->check;
    uint8_t *big = NULL;
    enum lq_status status = LQ_OK;
    walk->last_number = number(key.data, 8);
    if ((number(entry + 4, 2) & NODE_BIG) != 0) {
        big = malloc(value.size + PAGE_HEAD);
        LQ_ASSERT(big != NULL);
        const off_t from = (off_t)(number(value.data, 8) * check->page_size);
        const size_t size = value.size + PAGE_HEAD;
        if (pread(check->fd, big, size, from) != (ssize_t)size)
            status = wrong(check, number(value.data, 8), "cannot be read");
        value = lq_span(big + PAGE_HEAD, value.size);
    }
    const uint64_t count = status == LQ_OK && value.size >= 8 ? number(value.data, 8) : UINT64_MAX;
    if (status == LQ_OK && count >= value.size / 8)
        status = wrong(check, at, "lists more free pages than it holds");
    uint64_t before = NO_PAGE; // LMDB keeps them in falling order
    for (uint64_t i = 1; status == LQ_OK && i <= count; i++) {
        const uint64_t page = number(value.data + 8 * i, 8);
        status = page < before ? take_page(check, page)
                               : wrong(check, at, "lists free pages out of order");
        before = page;
    }
    free(big);
    return status;
}

static enum lq_status take_database(struct walk *walk, uint64_t at, struct lq_span key,
                                    const uint8_t *entry, struct lq_span value)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)key.size, (const char *)key.data);
    if (number(entry + 4, 2) != NODE_DATABASE || value.size != DB_SIZE)
        return wrong(walk->check, at, "has something else where a table should be");
    const struct tree tree = tree_at(value.data);
    if (tree.flags != 0 || tree.pad != 0)
        return wrong(walk->check, at, "gives the table '%s' flags that it cannot have", name);
    struct walk table = {.check = walk->check};
    return walk_tree(&table, &tree, name);
}

static enum lq_status check_all(struct check *check, const struct head *head)
{
    check->pages = head->last_page + 1;
    struct stat file;
    if (fstat(check->fd, &file) != 0 ||
        check->pages > (uint64_t)file.st_size / check->page_size)
        return wrong(check, head->last_page, "is beyond the file's end");
    check->used = calloc(1, (size_t)(check->pages / 8 + 1));
    LQ_ASSERT(check->used != NULL);
    struct walk free_list = {.check = check, .numbers = true, .entry = take_free};
    struct walk tables = {.check = check, .entry = take_database};
    enum lq_status status = walk_tree(&free_list, &head->free, "free pages");
    if (status == LQ_OK)
        status = walk_tree(&tables, &head->main, "tables");
    for (uint64_t page = HEADS; status == LQ_OK && page < check->pages; page++)
        if ((check->used[page / 8] & 1u << page % 8) == 0)
            status = wrong(check, page, "is neither used nor free");
    free(check->used);
    check->used = NULL;
    return status;
}

// ---------------------------------------------------------------- the two heads

static enum lq_status read_heads(const struct check *check, struct head heads[HEADS])
{
    uint8_t *page = page_buffer(check);
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < HEADS; i++) {
        status = read_page(check, i, page);
        heads[i] = head_at(page);
    }
    free(page);
    return status;
}

static enum lq_status check_head(const struct check *check, unsigned index, const struct head *head)
{
    if (head->page != index || head->page_flags != IS_META || head->magic != (uint32_t)MAGIC ||
        head->version != VERSION || head->free.pad != check->page_size ||
        head->free.flags != MDB_INTEGERKEY || head->main.flags != 0 || head->main.pad != 0)
        return wrong(check, index, "is not a head of this kind of store");
    if (head->txn % HEADS != index)
        return wrong(check, index, "is the head of another transaction");
    return LQ_OK;
}

// Each transaction leaves the pages that it replaced in the list of free pages, under its own
// number. A head whose number is another was altered: and the number alone decides which of the two
// heads is believed, so that a turned bit in it could take back the last commit.
static enum lq_status check_number(struct check *check, unsigned index, const struct head *head)
{
    uint64_t at = head->free.root, last = 0;
    uint8_t *bytes = page_buffer(check);
    enum lq_status status = LQ_OK;
    check->pages = head->last_page + 1;
    if (at == NO_PAGE ? head->txn > 1 : head->free.depth > DEPTH_MOST)
        status = wrong(check, index, "is damaged");
    for (uint64_t depth = head->free.depth; status == LQ_OK && at != NO_PAGE && depth > 0; depth--) {
        struct page page;
        if (at >= check->pages)
            status = wrong(check, index, "refers to a page that is not there");
        else
            status = read_node_page(check, at, depth == 1 ? IS_LEAF : IS_BRANCH, bytes, &page);
        if (status == LQ_OK && page.count == 0)
            status = wrong(check, at, "is empty");
        if (status != LQ_OK)
            break;
        const uint8_t *entry = node(&page, page.count - 1);
        at = number(entry, 6);
        last = node_key(entry).size == 8 ? number(node_key(entry).data, 8) : 0;
    }
    if (status == LQ_OK && head->free.root != NO_PAGE && last != head->txn)
        status = wrong(check, index, "says transaction %llu, but its pages are of %llu",
                       (unsigned long long)head->txn, (unsigned long long)last);
    free(bytes);
    return status;
}

static enum lq_status check_heads(struct check *check, const struct head heads[HEADS])
{
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < HEADS; i++)
        status = check_head(check, i, &heads[i]);
    if (status == LQ_OK && heads[0].txn + 1 != heads[1].txn && heads[1].txn + 1 != heads[0].txn)
        status = wrong(check, 0, "and page 1 are not the heads of successive transactions");
    for (unsigned i = 0; status == LQ_OK && i < HEADS; i++)
        status = check_number(check, i, &heads[i]);
    return status;
}

// A writer beside us may commit while we read; then what seemed wrong is read again.
enum lq_status lq_lmdb_check_heads(const struct lq_lmdb *lmdb)
{
    struct check check;
    struct head heads[HEADS], again[HEADS];
    enum lq_status status = begin(lmdb, &check);
    for (unsigned i = 0; status == LQ_OK && i < TRIES; i++) {
        status = read_heads(&check, heads);
        if (status == LQ_OK)
            status = check_heads(&check, heads);
        if (status == LQ_OK)
            return LQ_OK;
        const enum lq_status reading = read_heads(&check, again);
        if (reading != LQ_OK || memcmp(heads, again, sizeof heads) == 0)
            return status;
        status = LQ_OK;
    }
    return status;
}

// The pages of a transaction stay as they are while a reader holds it, but its head does not: so it
// must be found before the writer has committed twice more.
enum lq_status lq_lmdb_check(struct lq_lmdb *lmdb)
{
    struct check check;
    struct head heads[HEADS];
    MDB_txn *reader;
    enum lq_status status = lq_lmdb_check_heads(lmdb);
    if (status == LQ_OK)
        status = begin(lmdb, &check);
    for (unsigned i = 0; status == LQ_OK && i < TRIES; i++) {
        const int error = mdb_txn_begin(lmdb->env, NULL, MDB_RDONLY, &reader);
        if (error != 0)
            return lq_lmdb_fault(lmdb, error, "begin to read");
        status = read_heads(&check, heads);
        const uint64_t txn = mdb_txn_id(reader);
        const bool found = heads[0].txn == txn || heads[1].txn == txn;
        if (status == LQ_OK && found)
            status = check_all(&check, &heads[heads[0].txn == txn ? 0 : 1]);
        mdb_txn_abort(reader);
        if (status != LQ_OK || found)
            return status;
    }
    return status != LQ_OK ? status
                           : lq_fault(LQ_E_BUSY, "the store %s is written too fast to be checked",
                                      lmdb->directory);
}
