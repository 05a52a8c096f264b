// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing past U+10FFFF.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

// Reads the character at the start of the bytes. Returns how many bytes it takes, or 0 if they are
// empty or do not begin with a whole character.
size_t lq_utf8_next(struct lq_span bytes, uint32_t *out);

// Are these characters and nothing else? (NUL is a character.)
bool lq_utf8_valid(struct lq_span bytes);
