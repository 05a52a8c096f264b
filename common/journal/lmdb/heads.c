// The two heads of LMDB's file (its meta pages). LMDB believes the one whose number is higher, and
// each says only by that number when it was written: so the numbers are held against the pages.
#include <stdlib.h>

#include "journal/lmdb/pages.h"

enum { MAGIC = (int)0xbeefc0de, VERSION = 1, TRIES = 100 };

static enum lq_status check_head(const struct check *check, unsigned index, const struct head *head)
{
    if (head->page != index || head->page_flags != IS_META || head->magic != (uint32_t)MAGIC ||
        head->version != VERSION || head->free.pad != check->page_size ||
        head->free.flags != MDB_INTEGERKEY || head->main.flags != 0 || head->main.pad != 0)
        return lq_pages_wrong(check, index, "is not a head of this kind of store");
    if (head->txn % HEADS != index)
        return lq_pages_wrong(check, index, "is the head of another transaction");
    return LQ_OK;
}

// Each transaction leaves the pages that it replaced in the list of free pages, under its own
// number: the last number of that list is the transaction's whose pages a head refers to. 0: there
// is no list yet.
static enum lq_status last_number(struct check *check, unsigned index, const struct head *head,
                                  uint64_t *last)
{
    uint64_t at = head->free.root;
    uint8_t *bytes = lq_pages_buffer(check);
    enum lq_status status = LQ_OK;
    check->pages = head->last_page + 1;
    *last = 0;
    if (at == NO_PAGE ? head->txn > 1 : head->free.depth > DEPTH_MOST)
        status = lq_pages_wrong(check, index, "is damaged");
    for (uint64_t depth = head->free.depth; status == LQ_OK && at != NO_PAGE && depth > 0;
         depth--) {
        struct page page = {0};
        if (at >= check->pages)
            status = lq_pages_wrong(check, index, "refers to a page that is not there");
        else
            status = lq_pages_read_nodes(check, at, depth == 1 ? IS_LEAF : IS_BRANCH, bytes, &page);
        if (status == LQ_OK && page.count == 0)
            status = lq_pages_wrong(check, at, "is empty");
        if (status != LQ_OK)
            break;
        const uint8_t *entry = node(&page, page.count - 1);
        at = number(entry, 6);
        *last = node_key(entry).size == 8 ? number(node_key(entry).data, 8) : 0;
    }
    free(bytes);
    return status;
}

static enum lq_status other_number(const struct check *check, unsigned index,
                                   const struct head *head, uint64_t last)
{
    return lq_pages_wrong(check, index, "says transaction %llu, but its pages are of %llu",
                          (unsigned long long)head->txn, (unsigned long long)last);
}

// A head whose number is not its pages' was altered: and the number alone decides which of the two
// heads is believed, so that a turned bit in it could take back the last commit.
static enum lq_status check_number(struct check *check, unsigned index, const struct head *head)
{
    uint64_t last;
    const enum lq_status status = last_number(check, index, head, &last);
    if (status != LQ_OK || head->free.root == NO_PAGE || last == head->txn)
        return status;
    return other_number(check, index, head, last);
}

// Until the next commit the head that is not believed may be anything that a crash can leave:
// older than the last but one, its pages used for something else, because the one between never
// reached the disk; or the head of a commit whose write failed, to which LMDB gave the number that
// had stood there. But pages of a commit after the believed one are otherwise a commit that is
// lost.
static enum lq_status check_old_head(struct check *check, unsigned index, const struct head *head,
                                     const struct head *believed)
{
    uint64_t last;
    const bool undone = head->txn + 1 == believed->txn;
    if (last_number(check, index, head, &last) != LQ_OK || last <= believed->txn || undone)
        return LQ_OK;
    return other_number(check, index, head, last);
}

static enum lq_status check_heads(struct check *check, const struct head heads[HEADS])
{
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < HEADS; i++)
        status = check_head(check, i, &heads[i]);
    const unsigned believed = heads[0].txn > heads[1].txn ? 0 : 1;
    if (status == LQ_OK)
        status = check_number(check, believed, &heads[believed]);
    if (status == LQ_OK)
        status = check_old_head(check, 1 - believed, &heads[1 - believed], &heads[believed]);
    return status;
}

static enum lq_status check_both(struct check *check, const struct head heads[HEADS])
{
    enum lq_status status = LQ_OK;
    if (heads[0].txn + 1 != heads[1].txn && heads[1].txn + 1 != heads[0].txn)
        status =
            lq_pages_wrong(check, 0, "and page 1 are not the heads of successive transactions");
    for (unsigned i = 0; status == LQ_OK && i < HEADS; i++)
        status = check_number(check, i, &heads[i]);
    return status;
}

// The opening writes a head of its own, and so puts right what a crash left. Until then nobody can
// tell what a power cut left of the head that is not believed from damage to it; nothing depends on
// it, so the words are not those of a store that has lost something. But pages of the very commit
// after the believed one are what it looks like if the newest head's number was altered: then it
// would be lost. A cut leaves no such pages: a commit uses no page again that the two before it
// need. It can leave those of the next but one: of the first commit after a restart, which began
// from a head that was written, but not yet flushed, when the process was killed.
static enum lq_status check_settled_heads(struct check *check, const struct head heads[HEADS])
{
    uint64_t last;
    const unsigned old = heads[0].txn > heads[1].txn ? 1 : 0;
    const enum lq_status status = check_heads(check, heads);
    if (status != LQ_OK || check_both(check, heads) == LQ_OK)
        return status;
    if (last_number(check, old, &heads[old], &last) == LQ_OK && last == heads[1 - old].txn + 1)
        return other_number(check, old, &heads[old], last);
    return lq_fault(LQ_E_CORRUPT,
                    "the store %s: page %u, the head that is not in use, is not whole. A power cut "
                    "or a failing disk leaves that behind, and it harms nothing: start its service "
                    "once, which writes it anew, and verify again",
                    check->lmdb->directory, old);
}

// A writer beside us may commit while we read; then what seemed wrong is read again.
enum lq_status lq_pages_check_heads(const struct lq_lmdb *lmdb, bool settled)
{
    struct check check = lq_pages_begin(lmdb);
    struct head heads[HEADS], again[HEADS];
    enum lq_status status = LQ_OK;
    for (unsigned i = 0; status == LQ_OK && i < TRIES; i++) {
        status = lq_pages_read_heads(&check, heads);
        if (status == LQ_OK)
            status = settled ? check_settled_heads(&check, heads) : check_heads(&check, heads);
        if (status == LQ_OK)
            return LQ_OK;
        const enum lq_status reading = lq_pages_read_heads(&check, again);
        if (reading != LQ_OK || memcmp(heads, again, sizeof heads) == 0)
            return status;
        status = LQ_OK;
    }
    return status;
}

enum lq_status lq_lmdb_check_heads(const struct lq_lmdb *lmdb)
{
    return lq_pages_check_heads(lmdb, false);
}
