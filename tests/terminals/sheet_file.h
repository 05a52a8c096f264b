// What the tests of sheets share: a file of its own for each test, and a sheet that reads it.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lq/import/sheet.h"

static char path[] = "/tmp/lq-test-sheet-XXXXXX";
static struct lq_arena arena;
static struct lq_sheet *sheet;
static struct lq_sheet_row row;

static inline int set_up(void **state)
{
    (void)state;
    strcpy(path + strlen(path) - 6, "XXXXXX");
    const int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static inline int tear_down(void **state)
{
    (void)state;
    lq_sheet_close(sheet);
    sheet = NULL;
    lq_arena_free(&arena);
    return unlink(path);
}
