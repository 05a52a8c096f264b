#include "lq/show/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "language/language.h"
#include "lq/show/paragraph.h"
#include "lq/show/text.h"

static size_t widest_title(const struct lq_column *columns, size_t count)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t own = lq_text_width(lq_column_title(&columns[i]));
        width = own > width ? own : width;
    }
    return width;
}

void lq_output_blocks(const struct lq_output *output, size_t width, FILE *stream)
{
    size_t count;
    const struct lq_column *columns = lq_output_columns(output, &count);
    const size_t title = widest_title(columns, count);
    for (size_t row = 0; row < lq_output_rows(output); row++) {
        if (row > 0)
            putc('\n', stream);
        for (size_t i = 0; i < count; i++) {
            const char *text;
            int64_t number;
            if (lq_output_cell(output, row, i, &text, &number) == LQ_IS_FLAG)
                text = number != 0 ? lq_tr("yes") : lq_tr("no");
            if (*text != '\0')
                lq_labelled(lq_column_title(&columns[i]), title, text, width, stream);
        }
    }
}
