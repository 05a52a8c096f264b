// Sentences and lines as a terminal shows them: none wider than it is.
#pragma once

#include <stddef.h>
#include <stdio.h>

// The columns of a stream's terminal; 0: it is none, and nothing is broken.
size_t lq_line_width(FILE *stream);

// Prints a text, where it has a \n as lines of its own, and ends the last one. What is not fit for
// a terminal is replaced.
void lq_paragraph(const char *format, ...) __attribute__((format(printf, 1, 2)));

// "what   value": what it is, padded to so many columns, and its value, which goes on below itself
// where it does not fit (width 0: it does), and where it has a \n.
void lq_labelled(const char *what, size_t padded, const char *value, size_t width, FILE *stream);
