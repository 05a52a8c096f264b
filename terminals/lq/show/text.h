// Text as a terminal shows it: how many columns it takes, and without what would steer the
// terminal.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// The columns that a character takes: 0 (a combining mark), 1, or 2 (Chinese). By wcwidth where the
// locale is UTF-8, else by a rule of our own.
int lq_char_width(uint32_t character);

// A copy without control characters: \n and \t become spaces, other control characters and bytes
// that are not UTF-8 become \xNN, characters that turn the direction of writing \uNNNN. The
// caller frees it.
char *lq_text_printable(const char *text);

// The columns of a printable text.
size_t lq_text_width(const char *text);

// How many bytes of a printable text fit into so many columns; a character is not split, nor is a
// combining mark parted from its letter.
size_t lq_text_fit(const char *text, size_t columns);

// The bytes of the closing mark with which it begins, as "，" or "）", which begins no line; 0:
// none.
size_t lq_text_closing(const char *text);

// Writes a printable text as lines of at most so many columns (0: one line), broken between words,
// behind Chinese punctuation, or else between Chinese characters. `used` columns of the first line
// are taken already, and each line after it is indented by so many.
void lq_text_hanging(const char *text, size_t used, size_t indent, size_t width, FILE *stream);

// The same from the beginning of a line, as a paragraph.
void lq_text_wrapped(const char *text, size_t width, FILE *stream);
