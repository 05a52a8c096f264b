#include "lq/show/fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

struct fit {
    const struct lq_column *columns;
    size_t count, width;
    const size_t *widest; // 0: left out
    size_t *widths;
};

static size_t line_width(const struct fit *fit)
{
    size_t total = 0, sign = 0;
    for (size_t i = 0; i < fit->count; i++)
        if (fit->widths[i] > 0)
            total += fit->widths[i] + (total > 0 ? LQ_FIT_GAP : 0);
        else
            sign = LQ_FIT_GAP + 1; // of what is left out, behind the titles
    return total + sign;
}

static bool may_be_cut(const struct lq_column *column)
{
    return !column->right && !column->whole;
}

// The widest column that may be cut; NULL if all that may are at their narrowest.
static size_t *widest_to_cut(const struct fit *fit, size_t narrowest, bool to_least)
{
    size_t *most = NULL;
    for (size_t i = 0; i < fit->count; i++) {
        const struct lq_column *column = &fit->columns[i];
        const size_t least = to_least && column->least > narrowest ? column->least : narrowest;
        if (may_be_cut(column) && fit->widths[i] > least &&
            (most == NULL || fit->widths[i] >= *most))
            most = &fit->widths[i];
    }
    return most;
}

// Takes columns from the widest one by one, until the line fits.
static bool cut(const struct fit *fit, size_t narrowest, bool to_least)
{
    size_t total = line_width(fit);
    for (size_t *most;
         total > fit->width && (most = widest_to_cut(fit, narrowest, to_least)) != NULL; total--)
        --*most;
    return total <= fit->width;
}

static bool may_be_spared(const struct lq_column *column)
{
    return column->spare;
}

// Leaves out the last column that may be, and begins anew with the others; false: there is none.
// The first says what the row is of.
static bool leave_one_out(const struct fit *fit, size_t *widest,
                          bool may(const struct lq_column *column))
{
    size_t i = fit->count;
    while (i > 1 && (!may(&fit->columns[i - 1]) || widest[i - 1] == 0))
        i--;
    if (i <= 1)
        return false;
    widest[i - 1] = 0;
    memcpy(fit->widths, widest, fit->count * sizeof *widest);
    return true;
}

bool lq_fit(const struct lq_column *columns, size_t count, size_t width, size_t *widths)
{
    size_t *widest = malloc(count * sizeof *widest);
    LQ_ASSERT(widest != NULL);
    memcpy(widest, widths, count * sizeof *widest);
    const struct fit fit = {columns, count, width, widest, widths};
    while (!cut(&fit, LQ_FIT_READABLE, true) && leave_one_out(&fit, widest, may_be_spared))
        ;
    bool fits;
    do
        fits = cut(&fit, LQ_FIT_NARROWEST, true) || cut(&fit, LQ_FIT_NARROWEST, false);
    while (!fits && leave_one_out(&fit, widest, may_be_cut));
    free(widest);
    return fits;
}
