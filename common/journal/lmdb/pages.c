// Reads pages of LMDB's file, and holds one page against what LMDB takes for granted of it.
#include "journal/lmdb/pages.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"

// ---------------------------------------------------------------- heads

struct tree lq_pages_tree(const uint8_t *bytes)
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

static struct head head_at(const uint8_t *page)
{
    const uint8_t *meta = page + PAGE_HEAD; // address 8 and map size 8 are not used
    return (struct head){
        .page = number(page, 8),
        .page_flags = number(page + 10, 2),
        .magic = number(meta, 4),
        .version = number(meta + 4, 4),
        .free = lq_pages_tree(meta + 24),
        .main = lq_pages_tree(meta + 72),
        .last_page = number(meta + 120, 8),
        .txn = number(meta + 128, 8),
    };
}

// ---------------------------------------------------------------- pages

__attribute__((format(printf, 3, 4))) enum lq_status
lq_pages_wrong(const struct check *check, uint64_t page, const char *format, ...)
{
    char what[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return lq_fault(LQ_E_CORRUPT, "the store %s is damaged: page %llu %s", check->lmdb->directory,
                    (unsigned long long)page, what);
}

enum lq_status lq_pages_read(const struct check *check, uint64_t page, uint8_t *out)
{
    const ssize_t size = pread(check->fd, out, check->page_size, (off_t)(page * check->page_size));
    if (size < 0)
        return lq_fault(LQ_E_IO, "cannot read page %llu of the store %s: %s",
                        (unsigned long long)page, check->lmdb->directory, strerror(errno));
    return (size_t)size == check->page_size
               ? LQ_OK
               : lq_pages_wrong(check, page, "is beyond the file's end");
}

struct check lq_pages_begin(const struct lq_lmdb *lmdb)
{
    struct check check = {.lmdb = lmdb, .page_size = (size_t)sysconf(_SC_PAGESIZE)};
    LQ_ASSERT(mdb_env_get_fd(lmdb->env, &check.fd) == 0);
    return check;
}

uint8_t *lq_pages_buffer(const struct check *check)
{
    uint8_t *page = malloc(check->page_size);
    LQ_ASSERT(page != NULL);
    return page;
}

enum lq_status lq_pages_read_heads(const struct check *check, struct head heads[HEADS])
{
    uint8_t *page = lq_pages_buffer(check);
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < HEADS; i++) {
        status = lq_pages_read(check, i, page);
        heads[i] = head_at(page);
    }
    free(page);
    return status;
}

// ---------------------------------------------------------------- a page of a tree

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
        return lq_pages_wrong(check, at, "says that it is filled up to %zu and from %zu", lower,
                              upper);
    *out = (struct page){.bytes = bytes, .count = (unsigned)(lower - PAGE_HEAD) / 2};
    bool *begins = calloc(check->page_size, sizeof *begins);
    LQ_ASSERT(begins != NULL);
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < out->count; i++) {
        const size_t offset = (size_t)number(bytes + PAGE_HEAD + 2 * i, 2);
        if (offset < upper || offset + NODE_HEAD > check->page_size || begins[offset])
            status = lq_pages_wrong(check, at, "has an entry at %zu", offset);
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
        status = lq_pages_wrong(check, at, "has entries that do not fill it");
    return status;
}

enum lq_status lq_pages_read_nodes(const struct check *check, uint64_t at, unsigned want,
                                   uint8_t *bytes, struct page *out)
{
    const enum lq_status status = lq_pages_read(check, at, bytes);
    if (status != LQ_OK)
        return status;
    if (number(bytes, 8) != at)
        return lq_pages_wrong(check, at, "says that it is another");
    if (number(bytes + 10, 2) != want)
        return lq_pages_wrong(check, at, "is not of the kind that it should be");
    return check_nodes(check, at, bytes, want == IS_LEAF, out);
}
