// An arena owns everything that one batch decodes and produces, and is reset when the batch is
// done. Nothing in it is freed on its own. Running out of memory is a bug (LQ_ASSERT).
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/span.h"

struct lq_arena_block;

struct lq_arena {
    struct lq_arena_block *blocks; // newest first
    size_t used;                   // bytes handed out since the last reset
};

// A zeroed struct lq_arena is an empty arena.

// Returns zeroed memory aligned for any type; owned by the arena.
void *lq_arena_alloc(struct lq_arena *arena, size_t size);

// The same, but nothing is set: for who writes all of it.
void *lq_arena_take(struct lq_arena *arena, size_t size);

#define LQ_NEW(arena, type) ((type *)lq_arena_alloc((arena), sizeof(type)))
#define LQ_NEW_ARRAY(arena, type, count) ((type *)lq_arena_alloc((arena), (count) * sizeof(type)))

// Copies into the arena; the text gets a terminating NUL.
char *lq_arena_text(struct lq_arena *arena, const char *text);
struct lq_span lq_arena_copy(struct lq_arena *arena, struct lq_span bytes);

// printf into the arena.
char *lq_arena_format(struct lq_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *lq_arena_vformat(struct lq_arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

// Empties the arena, but keeps one block for the next batch.
void lq_arena_reset(struct lq_arena *arena);

// Frees all memory.
void lq_arena_free(struct lq_arena *arena);
