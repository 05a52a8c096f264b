// Reading a list page by page. The question's member has `limit` and `after` (or `before`), the
// answer's member has the rows and `more` (or `next_before`).
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

enum { LQ_PAGE_ROWS = 500 }; // at most so many in a page: the services' own bound

// How many rows the next page may have.
void lq_page_limit(ProtobufCMessage *asked, uint32_t rows);

// The repeated field of an answer's member that holds the rows.
const ProtobufCFieldDescriptor *lq_page_rows(const ProtobufCMessage *page);

// Points the question past the page, whose last row is `last` (NULL: it has none). False if the
// page was the last.
bool lq_page_turn(ProtobufCMessage *asked, const ProtobufCMessage *page,
                  const ProtobufCMessage *last);
