// The page of a paper as a terminal shows it, where nobody can look at it as a page.
#pragma once

#include <stdio.h>

#include "base/span.h"

// Writes the HTML that papers are (rules/paper_page.c) as lines of at most so many columns: what
// stands over it in the middle, paragraphs set in, the cells of a table beside each other.
void lq_page_text(struct lq_span html, size_t width, FILE *stream);
