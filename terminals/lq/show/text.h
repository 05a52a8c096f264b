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

// Writes a printable text as lines of at most so many columns (0: one line), broken between words
// or behind Chinese punctuation where it can be; what follows the first is indented.
void lq_text_wrapped(const char *text, size_t width, FILE *stream);
