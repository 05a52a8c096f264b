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

// The widest column that may be cut; NULL if all that may are at their narrowest.
static size_t *widest_to_cut(const struct fit *fit, size_t narrowest)
{
    size_t *most = NULL;
    for (size_t i = 0; i < fit->count; i++) {
        const struct lq_column *column = &fit->columns[i];
        const size_t least = column->least > narrowest ? column->least : narrowest;
        if (!column->right && !column->whole && fit->widths[i] > least &&
            (most == NULL || fit->widths[i] >= *most))
            most = &fit->widths[i];
    }
    return most;
}

// Takes columns from the widest one by one, until the line fits.
static bool cut(const struct fit *fit, size_t narrowest)
{
    size_t total = line_width(fit);
    for (size_t *most; total > fit->width && (most = widest_to_cut(fit, narrowest)) != NULL;
         total--)
        --*most;
    return total <= fit->width;
}

// Leaves out the last column that can be spared, and begins anew with the others; false: there is
// none.
static bool leave_one_out(const struct fit *fit, size_t *widest)
{
    size_t i = fit->count;
    while (i > 0 && (!fit->columns[i - 1].spare || widest[i - 1] == 0))
        i--;
    if (i == 0)
        return false;
    widest[i - 1] = 0;
    memcpy(fit->widths, widest, fit->count * sizeof *widest);
    return true;
}

void lq_fit(const struct lq_column *columns, size_t count, size_t width, size_t *widths)
{
    size_t *widest = malloc(count * sizeof *widest);
    LQ_ASSERT(widest != NULL);
    memcpy(widest, widths, count * sizeof *widest);
    const struct fit fit = {columns, count, width, widest, widths};
    while (!cut(&fit, LQ_FIT_READABLE) && leave_one_out(&fit, widest))
        ;
    cut(&fit, LQ_FIT_NARROWEST);
    free(widest);
}
