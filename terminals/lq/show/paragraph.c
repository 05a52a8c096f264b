#include "lq/show/paragraph.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "lq/show/output.h"
#include "lq/show/text.h"

size_t lq_line_width(FILE *stream)
{
    return lq_output_style(LQ_FORMAT_TABLE, false, stream).width;
}

// Of a text, up to its next \n, printable; then goes behind it. To be freed.
static char *next_line(const char **text)
{
    const size_t size = strcspn(*text, "\n");
    char *raw = strndup(*text, size);
    LQ_ASSERT(raw != NULL);
    char *line = lq_text_printable(raw);
    free(raw);
    *text += size + ((*text)[size] == '\n');
    return line;
}

// The whole of it, for programs that read a line a value.
static char *whole_text(const char **text)
{
    char *line = lq_text_printable(*text);
    *text += strlen(*text);
    return line;
}

void lq_paragraph(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    LQ_ASSERT(vasprintf(&text, format, arguments) >= 0);
    va_end(arguments);
    const char *at = text;
    do {
        char *line = next_line(&at);
        lq_text_wrapped(line, lq_line_width(stdout), stdout);
        free(line);
    } while (*at != '\0');
    free(text);
}

void lq_labelled(const char *what, size_t padded, const char *value, size_t width, FILE *stream)
{
    enum { GAP = 2, INDENT = 4 };
    const size_t own = lq_text_width(what), left = (own > padded ? own : padded) + GAP;
    const size_t below = 2 * left <= width ? left : INDENT; // half of the line at least
    fprintf(stream, "%s%*s", what, (int)(left - own), "");
    for (bool first = true; first || *value != '\0'; first = false) {
        char *line = width > 0 ? next_line(&value) : whole_text(&value);
        fprintf(stream, "%*s", first ? 0 : (int)below, "");
        lq_text_hanging(line, first ? left : below, below, width, stream);
        free(line);
    }
}
