// The structures are written down as LMDB's own source has them (mdb.c 0.9.24), and the walk goes
// from the newer head down. What the walk does not touch is unused.
#include "lmdb_map.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"

const char *const map_kind_names[MAP_KINDS] = {
    "used",
    "separators of branches",
    "ages of free pages",
    "free pages",
    "free room of pages",
    "padding",
    "first keys of branches",
    "room in the list of free pages",
    "the older head",
    "unused fields of heads",
    "behind the last page",
};

enum { PAGE = 4096 };

struct page_head {
    uint64_t number;
    uint16_t spare, flags, lower, upper;
};

struct node_head {
    uint16_t low, high, flags, key_size;
};

struct database {
    uint32_t spare;
    uint16_t flags, depth;
    uint64_t branches, leaves, overflow, entries, root;
};

struct meta {
    uint32_t magic, version;
    uint64_t address, map_size;
    struct database free, main;
    uint64_t last_page, txn;
};

_Static_assert(sizeof(struct page_head) == 16 && sizeof(struct node_head) == 8 &&
                   sizeof(struct database) == 48 && sizeof(struct meta) == 136,
               "as in mdb.c");

struct map {
    const uint8_t *bytes;
    size_t size;
    uint8_t *kinds;
};

static void mark(struct map *map, size_t from, size_t size, enum map_kind kind)
{
    LQ_ASSERT(from + size <= map->size);
    memset(map->kinds + from, kind, size);
}

static void map_page(struct map *map, uint64_t number, bool lists_free);

static void map_large(struct map *map, size_t pointer, size_t size, bool lists_free)
{
    uint64_t first;
    memcpy(&first, map->bytes + pointer, sizeof first);
    const size_t pages = (sizeof(struct page_head) + size + PAGE - 1) / PAGE;
    mark(map, first * PAGE, pages * PAGE, MAP_PADDING);
    mark(map, first * PAGE, 8, MAP_USED);
    mark(map, first * PAGE + 10, 6 + size, MAP_USED);
    LQ_ASSERT(!lists_free); // a small store's list is short
}

static void map_leaf_node(struct map *map, size_t at, const struct node_head *node, bool lists_free)
{
    const size_t size = node->low | (size_t)node->high << 16;
    const size_t value = at + sizeof *node + node->key_size;
    const size_t here = (node->flags & 1) != 0 ? 8 : size;
    mark(map, at, sizeof *node + node->key_size + here, MAP_USED);
    if ((node->key_size + here) % 2 != 0)
        mark(map, value + here, 1, MAP_PADDING);
    if ((node->flags & 1) != 0)
        map_large(map, value, size, lists_free);
    if ((node->flags & 2) != 0) {
        struct database table;
        memcpy(&table, map->bytes + value, sizeof table);
        if (table.root != UINT64_MAX)
            map_page(map, table.root, false);
    }
    if (lists_free) {
        uint64_t count;
        mark(map, at + sizeof *node, node->key_size, MAP_FREE_AGE);
        memcpy(&count, map->bytes + value, sizeof count);
        mark(map, value + 8 + 8 * count, size - 8 - 8 * count, MAP_LIST_REST);
    }
}

static void map_branch_node(struct map *map, size_t at, const struct node_head *node, bool first,
                            bool lists_free)
{
    mark(map, at, sizeof *node, MAP_USED);
    mark(map, at + sizeof *node, node->key_size, first ? MAP_FIRST_KEY : MAP_SEPARATOR);
    if (node->key_size % 2 != 0)
        mark(map, at + sizeof *node + node->key_size, 1, MAP_PADDING);
    map_page(map, node->low | (uint64_t)node->high << 16 | (uint64_t)node->flags << 32, lists_free);
}

static void map_page(struct map *map, uint64_t number, bool lists_free)
{
    struct page_head head;
    const size_t begin = number * PAGE;
    memcpy(&head, map->bytes + begin, sizeof head);
    LQ_ASSERT(head.number == number && (head.flags == 1 || head.flags == 2));
    mark(map, begin, PAGE, MAP_PAGE_REST);
    mark(map, begin, head.lower, MAP_USED);
    mark(map, begin + 8, 2, MAP_PADDING);
    for (size_t i = 0; i < (head.lower - sizeof head) / 2; i++) {
        uint16_t offset;
        struct node_head node;
        memcpy(&offset, map->bytes + begin + sizeof head + 2 * i, sizeof offset);
        memcpy(&node, map->bytes + begin + offset, sizeof node);
        if (head.flags == 2)
            map_leaf_node(map, begin + offset, &node, lists_free);
        else
            map_branch_node(map, begin + offset, &node, i == 0, lists_free);
    }
}

void map_lmdb_file(const uint8_t *bytes, size_t size, uint8_t *kinds)
{
    struct map map = {bytes, size, kinds};
    struct meta metas[2];
    memset(kinds, MAP_FILE_REST, size);
    for (size_t i = 0; i < 2; i++) {
        const size_t at = i * PAGE + sizeof(struct page_head);
        memcpy(&metas[i], bytes + at, sizeof metas[i]);
        mark(&map, i * PAGE, PAGE, MAP_HEAD_REST);
    }
    const size_t newer = metas[1].txn > metas[0].txn;
    const struct meta *meta = &metas[newer];
    mark(&map, 2 * (size_t)PAGE, (meta->last_page - 1) * PAGE, MAP_FREE_PAGE);
    for (size_t i = 0; i < 2; i++) {
        const size_t at = i * PAGE + sizeof(struct page_head);
        mark(&map, at + offsetof(struct meta, free), 104, i == newer ? MAP_USED : MAP_OLDER_HEAD);
        mark(&map, at, 8, MAP_USED); // magic, version
        mark(&map, at + offsetof(struct meta, txn), 8, MAP_USED);
        mark(&map, i * PAGE, 8, MAP_USED);
        mark(&map, i * PAGE + 10, 2, MAP_USED);
    }
    if (meta->free.root != UINT64_MAX)
        map_page(&map, meta->free.root, true);
    map_page(&map, meta->main.root, false);
}
