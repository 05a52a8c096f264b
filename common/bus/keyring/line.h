// One line of the list of keys, shared by the reader and the editor. Private to common/bus.
#pragma once

#include "base/span.h"
#include "bus/keyring/keyring.h"

enum { LQ_KEYRING_LIMIT = 8 * 1024 * 1024 }; // bytes of the file

// Reads one line (without its newline). *present is false for a comment. *end is where the fields
// end and a remark may begin. Returns NULL, or what is wrong with the line.
const char *lq_keyring_line(struct lq_span line, struct lq_key_entry *entry, bool *present,
                            size_t *end);

// Takes the next line off the text; false at the end.
bool lq_keyring_next_line(struct lq_span *text, struct lq_span *line);

bool lq_badge_valid(const char *badge, uint32_t roles);

// Reads the list from memory; `path` is for the words of a fault.
enum lq_status lq_keyring_parse(const char *path, struct lq_span text,
                                struct lq_keyring **keyring) LQ_MUST_CHECK;
