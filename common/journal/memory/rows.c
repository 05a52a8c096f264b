// Rows as a sorted array of leaves, each a sorted array of rows: two binary searches find a row,
// and it follows from the order in which rows came and went what stands where, on every run alike.
// Most keys rise, so the last leaf and its last row are looked at first, and what comes last is put
// behind. Beside each pointer stands the head of the key, so that a search rarely looks at the rows
// themselves, which are scattered over the memory.
//
// Rows are allocated one by one and not from blocks: so the sanitizer sees whoever reads a row
// after it was replaced.
#include "journal/memory/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { LEAF_ROWS = 128, BRANCHES_AT_FIRST = 8 };

struct slot {
    uint64_t head; // of the row's key
    struct lq_memory_row *row;
};

struct leaf {
    unsigned count; // never 0 between two calls
    struct slot slots[LEAF_ROWS];
};

struct lq_memory_rows_branch {
    uint64_t head; // of the leaf's first key
    struct leaf *leaf;
};

// ---------------------------------------------------------------- rows and keys

static void *allocated(void *memory)
{
    LQ_ASSERT(memory != NULL);
    return memory;
}

struct lq_memory_row *lq_memory_row_new(struct lq_span key, struct lq_span value)
{
    LQ_ASSERT(key.size <= UINT8_MAX && value.size <= UINT32_MAX);
    struct lq_memory_row *row = allocated(malloc(sizeof *row + key.size + value.size));
    row->key_size = (uint8_t)key.size;
    row->value_size = (uint32_t)value.size;
    memcpy(row->bytes, key.data, key.size);
    if (value.size > 0)
        memcpy(row->bytes + key.size, value.data, value.size);
    return row;
}

struct lq_span lq_memory_row_key(const struct lq_memory_row *row)
{
    return lq_span(row->bytes, row->key_size);
}

struct lq_span lq_memory_row_value(const struct lq_memory_row *row)
{
    return lq_span(row->bytes + row->key_size, row->value_size);
}

// The first eight bytes of a key as a number: of two keys whose heads differ, the greater key has
// the greater head. A key that is shorter is filled up with zeros.
static uint64_t head_of(struct lq_span key)
{
    uint64_t head = 0;
    for (size_t i = 0; i < sizeof head; i++)
        head = head << 8 | (i < key.size ? key.data[i] : 0);
    return head;
}

static int compare(struct lq_span a, struct lq_span b)
{
    const size_t shared = a.size < b.size ? a.size : b.size;
    const int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

// How the key stands to that of the slot.
static int order_of(uint64_t head, struct lq_span key, const struct slot *slot)
{
    if (head != slot->head)
        return head < slot->head ? -1 : 1;
    return compare(key, lq_memory_row_key(slot->row));
}

// ---------------------------------------------------------------- searching

// Where the row of a key stands; or else before which slot it would, which may be past the last.
struct place {
    size_t branch;
    unsigned slot;
    bool found;
};

// The last leaf whose first key is not past the key; the first one if there is none.
static size_t search_branches(const struct lq_memory_rows *rows, uint64_t head, struct lq_span key)
{
    size_t low = 0, high = rows->branch_count; // leaves before `low` are not past it, `high` is
    for (size_t at = high - 1; low < high; at = low + (high - low) / 2) {
        const struct lq_memory_rows_branch *branch = &rows->branches[at];
        if (head < branch->head ||
            (head == branch->head && order_of(head, key, &branch->leaf->slots[0]) < 0))
            high = at;
        else
            low = at + 1;
    }
    return low > 0 ? low - 1 : 0;
}

static struct place search(const struct lq_memory_rows *rows, struct lq_span key)
{
    if (rows->branch_count == 0)
        return (struct place){0};
    const uint64_t head = head_of(key);
    const size_t branch = search_branches(rows, head, key);
    const struct leaf *leaf = rows->branches[branch].leaf;
    unsigned low = 0, high = leaf->count;
    for (unsigned at = high - 1; low < high; at = (low + high) / 2) {
        const int order = order_of(head, key, &leaf->slots[at]);
        if (order == 0)
            return (struct place){branch, at, true};
        if (order < 0)
            high = at;
        else
            low = at + 1;
    }
    return (struct place){branch, low, false};
}

static struct slot *slot_at(const struct lq_memory_rows *rows, struct place place)
{
    return &rows->branches[place.branch].leaf->slots[place.slot];
}

const struct lq_memory_row *lq_memory_rows_find(const struct lq_memory_rows *rows,
                                                struct lq_span key)
{
    const struct place place = search(rows, key);
    return place.found ? slot_at(rows, place)->row : NULL;
}

const struct lq_memory_row *lq_memory_rows_next(const struct lq_memory_rows *rows,
                                                struct lq_span from, bool past)
{
    struct place place = search(rows, from);
    place.slot += place.found && past;
    if (place.branch < rows->branch_count && place.slot == rows->branches[place.branch].leaf->count)
        place = (struct place){.branch = place.branch + 1};
    return place.branch < rows->branch_count ? slot_at(rows, place)->row : NULL;
}

const struct lq_memory_row *lq_memory_rows_previous(const struct lq_memory_rows *rows,
                                                    struct lq_span before)
{
    struct place place = {.branch = rows->branch_count};
    if (before.size > 0)
        place = search(rows, before);
    if (place.slot == 0 && place.branch == 0)
        return NULL;
    if (place.slot == 0)
        place.slot = rows->branches[--place.branch].leaf->count;
    place.slot--;
    return slot_at(rows, place)->row;
}

// ---------------------------------------------------------------- changing

static struct leaf *add_leaf(struct lq_memory_rows *rows, size_t at)
{
    if (rows->branch_count == rows->branch_room) {
        rows->branch_room = rows->branch_room == 0 ? BRANCHES_AT_FIRST : rows->branch_room * 2;
        rows->branches =
            allocated(realloc(rows->branches, rows->branch_room * sizeof *rows->branches));
    }
    struct lq_memory_rows_branch *branch = &rows->branches[at];
    memmove(branch + 1, branch, (rows->branch_count++ - at) * sizeof *branch);
    *branch = (struct lq_memory_rows_branch){.leaf = allocated(malloc(sizeof *branch->leaf))};
    branch->leaf->count = 0;
    return branch->leaf;
}

// Makes room in a full leaf: by parting it, or behind it where the row comes last, so that keys
// which rise leave full leaves behind them.
static struct place split(struct lq_memory_rows *rows, struct place place)
{
    const unsigned kept = place.slot == LEAF_ROWS ? LEAF_ROWS : LEAF_ROWS / 2;
    struct leaf *upper = add_leaf(rows, place.branch + 1);
    struct leaf *lower = rows->branches[place.branch].leaf;
    upper->count = LEAF_ROWS - kept;
    memcpy(upper->slots, &lower->slots[kept], upper->count * sizeof *upper->slots);
    lower->count = kept;
    if (upper->count > 0)
        rows->branches[place.branch + 1].head = upper->slots[0].head;
    if (place.slot < kept)
        return place;
    return (struct place){.branch = place.branch + 1, .slot = place.slot - kept};
}

static void add(struct lq_memory_rows *rows, struct place place, struct lq_memory_row *row)
{
    struct lq_memory_rows_branch *branch = &rows->branches[place.branch];
    struct slot *slot = &branch->leaf->slots[place.slot];
    memmove(slot + 1, slot, (branch->leaf->count++ - place.slot) * sizeof *slot);
    *slot = (struct slot){head_of(lq_memory_row_key(row)), row};
    branch->head = branch->leaf->slots[0].head;
    rows->count++;
}

struct lq_memory_row *lq_memory_rows_insert(struct lq_memory_rows *rows, struct lq_memory_row *row)
{
    struct place place = search(rows, lq_memory_row_key(row));
    if (place.found) {
        struct slot *slot = slot_at(rows, place);
        struct lq_memory_row *before = slot->row;
        slot->row = row;
        return before;
    }
    if (rows->branch_count == 0)
        add_leaf(rows, 0);
    else if (rows->branches[place.branch].leaf->count == LEAF_ROWS)
        place = split(rows, place);
    add(rows, place, row);
    return NULL;
}

static void drop_leaf(struct lq_memory_rows *rows, struct lq_memory_rows_branch *branch)
{
    free(branch->leaf);
    const size_t behind = (size_t)(&rows->branches[--rows->branch_count] - branch);
    memmove(branch, branch + 1, behind * sizeof *branch);
}

// Leaves that run low are not joined: where rows go, they mostly all go.
struct lq_memory_row *lq_memory_rows_take(struct lq_memory_rows *rows, struct lq_span key)
{
    const struct place place = search(rows, key);
    if (!place.found)
        return NULL;
    struct lq_memory_rows_branch *branch = &rows->branches[place.branch];
    struct slot *slot = slot_at(rows, place);
    struct lq_memory_row *gone = slot->row;
    memmove(slot, slot + 1, (--branch->leaf->count - place.slot) * sizeof *slot);
    rows->count--;
    branch->head = branch->leaf->slots[0].head;
    if (branch->leaf->count == 0)
        drop_leaf(rows, branch);
    return gone;
}

void lq_memory_rows_clear(struct lq_memory_rows *rows,
                          void (*take)(void *self, struct lq_memory_row *row), void *self)
{
    for (size_t i = 0; i < rows->branch_count; i++) {
        struct leaf *leaf = rows->branches[i].leaf;
        for (unsigned slot = 0; slot < leaf->count; slot++)
            take(self, leaf->slots[slot].row);
        free(leaf);
    }
    free(rows->branches);
    *rows = (struct lq_memory_rows){0};
}
