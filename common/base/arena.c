// Bump allocation in blocks that double; a request larger than a block gets one of its own.
#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024 };

struct lq_arena_block {
    struct lq_arena_block *older;
    size_t size, used;
    alignas(max_align_t) uint8_t data[];
};

static struct lq_arena_block *add_block(struct lq_arena *arena, size_t least)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < least)
        size = least;
    struct lq_arena_block *block = malloc(sizeof *block + size);
    LQ_ASSERT(block != NULL);
    *block = (struct lq_arena_block){.older = arena->blocks, .size = size};
    arena->blocks = block;
    return block;
}

void *lq_arena_take(struct lq_arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    LQ_ASSERT(size < SIZE_MAX / 2);
    size = (size + unit - 1) / unit * unit;
    struct lq_arena_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size)
        block = add_block(arena, size);
    void *memory = block->data + block->used;
    block->used += size;
    arena->used += size;
    return memory;
}

void *lq_arena_alloc(struct lq_arena *arena, size_t size)
{
    return memset(lq_arena_take(arena, size), 0, size);
}

char *lq_arena_text(struct lq_arena *arena, const char *text)
{
    const size_t size = strlen(text) + 1;
    return memcpy(lq_arena_take(arena, size), text, size);
}

struct lq_span lq_arena_copy(struct lq_arena *arena, struct lq_span bytes)
{
    uint8_t *copy = lq_arena_take(arena, bytes.size + 1);
    copy[bytes.size] = 0;
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    return lq_span(copy, bytes.size);
}

char *lq_arena_vformat(struct lq_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    LQ_ASSERT(length >= 0);
    char *text = lq_arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *lq_arena_format(struct lq_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = lq_arena_vformat(arena, format, arguments);
    va_end(arguments);
    return text;
}

void lq_arena_reset(struct lq_arena *arena)
{
    struct lq_arena_block *keep = arena->blocks;
    if (keep == NULL)
        return;
    for (struct lq_arena_block *block = keep->older, *older; block != NULL; block = older) {
        older = block->older;
        free(block);
    }
    keep->older = NULL;
    keep->used = 0;
    arena->used = 0;
}

void lq_arena_free(struct lq_arena *arena)
{
    lq_arena_reset(arena);
    free(arena->blocks);
    *arena = (struct lq_arena){0};
}
