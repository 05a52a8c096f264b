#include "lq/show/color.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lq/show/output.h"

static enum lq_color wanted = LQ_COLOR_AUTO;

bool lq_color_parse(const char *text, enum lq_color *out)
{
    static const char *const NAMES[] = {"auto", "always", "never"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcmp(text, NAMES[i]) == 0) {
            *out = (enum lq_color)i;
            return true;
        }
    return false;
}

void lq_color_use(enum lq_color color)
{
    wanted = color;
}

bool lq_color_on(FILE *stream)
{
    const char *none = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (wanted != LQ_COLOR_AUTO)
        return wanted == LQ_COLOR_ALWAYS;
    return isatty(fileno(stream)) == 1 && (none == NULL || *none == '\0') && terminal != NULL &&
           *terminal != '\0' && strcmp(terminal, "dumb") != 0;
}

const char *lq_mark_on(bool color, enum lq_mark mark)
{
    static const char *const ON[] = {
        [LQ_PLAIN] = "", [LQ_STRONG] = "\033[1m", [LQ_ALERT] = "\033[1;31m"};
    return color ? ON[mark] : "";
}

const char *lq_mark_off(bool color, enum lq_mark mark)
{
    return color && mark != LQ_PLAIN ? "\033[0m" : "";
}

// ---------------------------------------------------------------- the terminal

static size_t terminal_width(int descriptor)
{
    const char *columns = getenv("COLUMNS");
    const long told = columns != NULL ? strtol(columns, NULL, 10) : 0;
    if (told > 0 && told < 100000)
        return (size_t)told;
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

struct lq_output_style lq_output_style(enum lq_format format, bool bom, FILE *stream)
{
    const int descriptor = fileno(stream);
    const bool terminal = descriptor >= 0 && isatty(descriptor);
    return (struct lq_output_style){.format = format,
                                    .bom = bom,
                                    .terminal = terminal,
                                    .width = terminal ? terminal_width(descriptor) : 0,
                                    .color = format == LQ_FORMAT_TABLE && lq_color_on(stream)};
}
