// Text as a terminal shows it: how many columns it takes, and without what would steer the
// terminal.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
