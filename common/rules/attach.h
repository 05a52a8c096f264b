// Attaching files (附件) to what was recorded: photographs, scans, recordings. The service evidence
// has the bytes; here stands which belong to which thing, who took them, when and where
// (docs/decisions/0032). A service has the members of rules.proto in its oneofs, with these numbers,
// and these handlers in its rows.
#pragma once

#include "rules/things.h"
#include "service/attached.h"

enum { LQ_FILE_BYTES_MOST = 20 * 1024 * 1024 };

// Refused: the thing is unknown, void, or not for the sender to see; FILE_UNFIT: what is said is no
// file; ATTACHED_ALREADY: the same bytes belong to it.
lq_decide_fn lq_attach;
lq_apply_fn lq_attached;

// All of them, in order, for an answer; in its arena.
Rules__AttachedFile **lq_files_of(struct lq_reading *r, const char *kind, const char *number,
                                  size_t *count);
