#include "service/number.h"

#include <string.h>

#include "base/assert.h"

enum { DIGITS_MOST = 15 };

// A number taken apart: "O0262" is "O", 262, 4 wide.
struct parts {
    const char *stem;
    int stem_length, width;
    uint64_t count;
};

static bool take_apart(const char *number, struct parts *out)
{
    const int length = (int)strlen(number);
    int digits = 0;
    while (digits < length && digits < DIGITS_MOST && number[length - 1 - digits] >= '0' &&
           number[length - 1 - digits] <= '9')
        digits++;
    *out = (struct parts){.stem = number, .stem_length = length - digits, .width = digits};
    for (const char *c = number + out->stem_length; *c != '\0'; c++)
        out->count = out->count * 10 + (uint64_t)(*c - '0');
    return digits > 0;
}

static const char *count_up(struct lq_view *view, const struct parts *from, uint64_t by)
{
    return lq_arena_format(lq_view_arena(view), "%.*s%0*llu", from->stem_length, from->stem,
                           from->width, (unsigned long long)(from->count + by));
}

static bool is_free(struct lq_view *view, const struct lq_table *table, const char *number)
{
    return !lq_exists(view, table, lq_key_text(number));
}

// Numbers are given one after the other, so the free ones begin somewhere: stride until one is
// found, then halve back. Any free number would do.
static const char *first_free(struct lq_view *view, const struct lq_table *table,
                              const struct parts *from, uint64_t begin)
{
    uint64_t taken = begin, open = begin, stride = 1;
    while (!is_free(view, table, count_up(view, from, open))) {
        taken = open;
        open += stride;
        stride *= 2;
    }
    while (open - taken > 1) {
        const uint64_t middle = taken + (open - taken) / 2;
        if (is_free(view, table, count_up(view, from, middle)))
            open = middle;
        else
            taken = middle;
    }
    return count_up(view, from, open);
}

const char *lq_next_number(struct lq_view *view, const struct lq_table *table, const char *first)
{
    struct parts parts;
    struct lq_scan last = lq_scan_backwards(view, table, lq_key_none());
    if (!lq_scan_next(&last))
        return first;
    const char *number = lq_arena_text(lq_view_arena(view), (const char *)last.key.bytes);
    if (take_apart(number, &parts))
        return first_free(view, table, &parts, 1);
    LQ_ASSERT(take_apart(first, &parts)); // a service's own pattern ends in digits
    return first_free(view, table, &parts, 0);
}
