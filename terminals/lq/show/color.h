// Colours on a terminal: what must not be passed over stands out. They are never the only sign of
// it, and never part of what a program reads.
#pragma once

#include <stdbool.h>
#include <stdio.h>

enum lq_color { LQ_COLOR_AUTO, LQ_COLOR_ALWAYS, LQ_COLOR_NEVER };

enum lq_mark {
    LQ_PLAIN,
    LQ_STRONG, // bold: what goes before others
    LQ_ALERT,  // red and bold: what nobody has answered, what is wrong
};

// "auto", "always", "never"; false at anything else.
bool lq_color_parse(const char *text, enum lq_color *out);

// For this process from now on; auto at first: where the stream is a terminal that has colours
// (TERM is not "dumb"), unless NO_COLOR is set (https://no-color.org).
void lq_color_use(enum lq_color color);
bool lq_color_on(FILE *stream);

// What turns the mark on, and everything off: "" without colours.
const char *lq_mark_on(bool color, enum lq_mark mark);
const char *lq_mark_off(bool color, enum lq_mark mark);
