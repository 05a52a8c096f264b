// The auditor's memory: blocks that are freed together, maps on them, and decoding into them.
#include <stdlib.h>

#include "sim/audit_parts.h"

enum { BLOCK = 256 * 1024 };

struct audit_block {
    struct audit_block *next;
    size_t used, size;
    _Alignas(16) uint8_t bytes[];
};

void *audit_alloc(struct audit *a, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (a->blocks == NULL || a->blocks->used + size > a->blocks->size) {
        const size_t room = size > BLOCK ? size : BLOCK;
        struct audit_block *block = malloc(sizeof *block + room);
        AUDIT(block != NULL, "memory", "the auditor is out of memory");
        block->next = a->blocks;
        block->used = 0;
        block->size = room;
        a->blocks = block;
    }
    void *memory = a->blocks->bytes + a->blocks->used;
    a->blocks->used += size;
    return memset(memory, 0, size);
}

void audit_free(struct audit *a)
{
    for (struct audit_block *block = a->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    for (unsigned i = 0; i < a->stream_count; i++) {
        free(a->streams[i].records);
        for (unsigned f = 0; f < AUDIT_STREAMS; f++)
            free(a->streams[i].feeds[f].due);
    }
    free(a);
}

struct lq_span audit_copy(struct audit *a, struct lq_span bytes)
{
    uint8_t *copy = audit_alloc(a, bytes.size + 1);
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return lq_span(copy, bytes.size);
}

uint64_t audit_digest(struct lq_span bytes)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < bytes.size; i++)
        hash = (hash ^ bytes.data[i]) * 0x100000001b3U;
    return hash ^ (hash >> 31);
}

// ---------------------------------------------------------------- maps

static struct audit_entry *look(const struct audit_map *map, struct lq_span key)
{
    if (map->count == 0)
        return NULL;
    struct audit_entry *e = map->buckets[audit_digest(key) & (map->bucket_count - 1)];
    while (e != NULL && !lq_span_equal(lq_span(e->key, e->key_size), key))
        e = e->same_bucket;
    return e;
}

void *audit_find(const struct audit_map *map, struct lq_span key)
{
    struct audit_entry *e = look(map, key);
    return e == NULL ? NULL : e->value;
}

static void hang(struct audit_map *map, struct audit_entry *e)
{
    struct audit_entry **bucket =
        &map->buckets[audit_digest(lq_span(e->key, e->key_size)) & (map->bucket_count - 1)];
    e->same_bucket = *bucket;
    *bucket = e;
}

static void grow(struct audit *a, struct audit_map *map)
{
    map->bucket_count = map->bucket_count == 0 ? 32 : 4 * map->bucket_count;
    map->buckets = audit_alloc(a, map->bucket_count * sizeof(struct audit_entry *));
    for (struct audit_entry *e = map->first; e != NULL; e = e->next)
        hang(map, e);
}

void *audit_put(struct audit *a, struct audit_map *map, size_t value_size, struct lq_span key)
{
    struct audit_entry *e = look(map, key);
    if (e != NULL)
        return e->value;
    if (map->count >= map->bucket_count)
        grow(a, map);
    if (map->first == NULL)
        map->last = &map->first;
    e = audit_alloc(a, sizeof *e);
    e->key_size = key.size;
    e->key = audit_copy(a, key).data;
    e->value = audit_alloc(a, value_size + 1);
    *map->last = e;
    map->last = &e->next;
    map->count++;
    hang(map, e);
    return e->value;
}

void *audit_find_text(const struct audit_map *map, const char *key)
{
    return audit_find(map, lq_span_text(key));
}

void *audit_put_text(struct audit *a, struct audit_map *map, size_t value_size, const char *key)
{
    return audit_put(a, map, value_size, lq_span_text(key));
}

struct lq_span audit_pair(struct audit *a, const char *first, const char *second)
{
    const size_t size = strlen(first) + 1 + strlen(second);
    char *key = audit_alloc(a, size + 1);
    strcpy(key, first);
    strcpy(key + strlen(first) + 1, second);
    return lq_span(key, size);
}

// ---------------------------------------------------------------- decoding

static void *decode_alloc(void *a, size_t size)
{
    return audit_alloc(a, size);
}

static void decode_free(void *a, void *memory)
{
    (void)a, (void)memory;
}

const void *audit_decode(struct audit *a, const ProtobufCMessageDescriptor *type,
                         struct lq_span bytes)
{
    ProtobufCAllocator allocator = {
        .alloc = decode_alloc, .free = decode_free, .allocator_data = a};
    return protobuf_c_message_unpack(type, &allocator, bytes.size, bytes.data);
}
