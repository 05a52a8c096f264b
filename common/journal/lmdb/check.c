// Looks at LMDB's file without LMDB: version 0.9 has no checksums and believes what it reads, so a
// single bit that turned on disk can make it lose the last commit, hand out a page twice or end the
// process. What is checked here is what LMDB relies on: the two heads (meta pages), that every tree
// is one, and that each page is used exactly once, by a tree or by the list of free pages. What the
// records and tables say is checked by replay (runtime/verify.c).
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "journal/lmdb/pages.h"

enum { TRIES = 100 };

static enum lq_status take_page(struct check *check, uint64_t page)
{
    if (page < HEADS || page >= check->pages)
        return lq_pages_wrong(check, page, "is referred to, but there are only %llu",
                              (unsigned long long)check->pages);
    if ((check->used[page / 8] & 1u << page % 8) != 0)
        return lq_pages_wrong(check, page, "is used twice");
    check->used[page / 8] |= (uint8_t)(1u << page % 8);
    return LQ_OK;
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
            return lq_pages_wrong(walk->check, at, "has a key that is none");
        if ((limits.low.data != NULL && compare(walk, key, limits.low) < 0) ||
            (limits.high.data != NULL && compare(walk, key, limits.high) >= 0) ||
            (i > first && compare(walk, node_key(node(page, i - 1)), key) >= 0))
            return lq_pages_wrong(walk->check, at, "has a key that is not in its place");
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
    uint8_t *bytes = lq_pages_buffer(check);
    status = lq_pages_read(check, first, bytes);
    if (status == LQ_OK && (number(bytes, 8) != first || number(bytes + 10, 2) != IS_OVERFLOW ||
                            number(bytes + 12, 4) != count))
        status = lq_pages_wrong(check, first, "does not hold the large value that it should");
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
            return lq_pages_wrong(walk->check, at, "has an entry of an unknown kind");
        if ((flags & NODE_BIG) != 0)
            status = check_big(walk, value, size);
        if (status == LQ_OK && walk->entry != NULL)
            status = walk->entry(walk, at, key, entry, lq_span(value, (size_t)size));
        else if (status == LQ_OK && (flags & NODE_DATABASE) != 0)
            status = lq_pages_wrong(walk->check, at, "has an entry of an unknown kind");
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
    uint8_t *bytes = lq_pages_buffer(walk->check);
    status = lq_pages_read_nodes(walk->check, at, leaf ? IS_LEAF : IS_BRANCH, bytes, &page);
    if (status == LQ_OK && (page.count == 0 || (!leaf && page.count < 2)))
        status = lq_pages_wrong(walk->check, at, "has too few entries");
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
        status = lq_pages_wrong(check, tree->root, "is no root of a tree of depth %llu",
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

// The value lists pages, their count first; a record may have room after them.
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
            status = lq_pages_wrong(check, number(value.data, 8), "cannot be read");
        value = lq_span(big + PAGE_HEAD, value.size);
    }
    const uint64_t count = status == LQ_OK && value.size >= 8 ? number(value.data, 8) : UINT64_MAX;
    if (status == LQ_OK && count >= value.size / 8)
        status = lq_pages_wrong(check, at, "lists more free pages than it holds");
    uint64_t before = NO_PAGE; // LMDB keeps them in falling order
    for (uint64_t i = 1; status == LQ_OK && i <= count; i++) {
        const uint64_t page = number(value.data + 8 * i, 8);
        status = page < before ? take_page(check, page)
                               : lq_pages_wrong(check, at, "lists free pages out of order");
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
        return lq_pages_wrong(walk->check, at, "has something else where a table should be");
    const struct tree tree = lq_pages_tree(value.data);
    if (tree.flags != 0 || tree.pad != 0)
        return lq_pages_wrong(walk->check, at, "gives the table '%s' flags that it cannot have",
                              name);
    struct walk table = {.check = walk->check};
    return walk_tree(&table, &tree, name);
}

static enum lq_status check_all(struct check *check, const struct head *head)
{
    check->pages = head->last_page + 1;
    struct stat file;
    if (fstat(check->fd, &file) != 0 || check->pages > (uint64_t)file.st_size / check->page_size)
        return lq_pages_wrong(check, head->last_page, "is beyond the file's end");
    check->used = calloc(1, (size_t)(check->pages / 8 + 1));
    LQ_ASSERT(check->used != NULL);
    struct walk free_list = {.check = check, .numbers = true, .entry = take_free};
    struct walk tables = {.check = check, .entry = take_database};
    enum lq_status status = walk_tree(&free_list, &head->free, "free pages");
    if (status == LQ_OK)
        status = walk_tree(&tables, &head->main, "tables");
    for (uint64_t page = HEADS; status == LQ_OK && page < check->pages; page++)
        if ((check->used[page / 8] & 1u << page % 8) == 0)
            status = lq_pages_wrong(check, page, "is neither used nor free");
    free(check->used);
    check->used = NULL;
    return status;
}

// ---------------------------------------------------------------- all of it

// The pages of a transaction stay as they are while a reader holds it, but its head does not: so it
// must be found before the writer has committed twice more.
enum lq_status lq_lmdb_check(struct lq_lmdb *lmdb)
{
    struct check check = lq_pages_begin(lmdb);
    struct head heads[HEADS];
    MDB_txn *reader;
    enum lq_status status = lq_pages_check_heads(lmdb, false);
    for (unsigned i = 0; status == LQ_OK && i < TRIES; i++) {
        const int error = mdb_txn_begin(lmdb->env, NULL, MDB_RDONLY, &reader);
        if (error != 0)
            return lq_lmdb_fault(lmdb, error, "begin to read");
        status = lq_pages_read_heads(&check, heads);
        const uint64_t txn = mdb_txn_id(reader);
        const bool found = heads[0].txn == txn || heads[1].txn == txn;
        if (status == LQ_OK && found)
            status = check_all(&check, &heads[heads[0].txn == txn ? 0 : 1]);
        mdb_txn_abort(reader);
        // The head that is not in use comes last: whoever hears of it knows that the rest is whole.
        if (status == LQ_OK && found)
            return lq_pages_check_heads(lmdb, true);
        if (status != LQ_OK)
            return status;
    }
    return status != LQ_OK ? status
                           : lq_fault(LQ_E_BUSY, "the store %s is written too fast to be checked",
                                      lmdb->directory);
}
