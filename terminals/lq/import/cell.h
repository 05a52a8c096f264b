// A cell is read before it becomes anybody's identity: what looks alike becomes the same bytes, and
// what cannot be seen is refused by its name and place. The canonical form of a cell is text again,
// so that the identity of a row (rows.c) stays what it was for rows that were canonical before.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

// Nothing but spaces, whatever kind of them.
bool lq_cell_is_empty(const char *raw);

// Without spaces at the ends, in Unicode's form NFC; `fold`: in NFKC, so that full-width letters,
// digits and signs are the ordinary ones. Also takes off the apostrophe that guards a cell from
// spreadsheets. Refuses characters that cannot be seen, errors of spreadsheets and numbers that a
// spreadsheet has rounded ("1.39E+10"): *why is then set, and the text is as good as any. In the
// arena, or the raw text itself.
const char *lq_cell_text(struct lq_arena *arena, const char *raw, bool fold, const char **why);

// For comparing: folded, in small letters, without spaces at the ends. What could not be folded is
// as it was.
const char *lq_cell_word(struct lq_arena *arena, const char *raw);

// A whole number without separators of thousands, zeros ahead and a fraction of zeros; a decimal
// fraction without a degree sign and zeros at its end; several words with one space between them.
// What is nothing of the kind stays as it is. Of folded texts.
const char *lq_cell_count(struct lq_arena *arena, const char *text);
const char *lq_cell_degrees(struct lq_arena *arena, const char *text);
const char *lq_cell_list(struct lq_arena *arena, const char *text);

// ---------------------------------------------------------------- days and times (dates.c)

// What is plausible in a county's ledger.
enum { LQ_CELL_FIRST_YEAR = 1980, LQ_CELL_LAST_YEAR = 2099 };

// "2015-06-05", of what a person or a spreadsheet makes of it: 2015/6/5, 2015.6.5, 2015年6月5日,
// 20150605, 42160 (days since 1899-12-30), and with the time 00:00. An empty text stays empty. *why
// is set if it is anything else, or outside the plausible years.
const char *lq_cell_day(struct lq_arena *arena, const char *text, const char **why);

// "2015-06-05T20:08:00+08:00", of any such day with a time (20:08, 20:08:30, 20时8分, 下午8:08,
// 8:08 PM, 42160.838889) in the county's zone, or of RFC 3339 in any zone.
const char *lq_cell_instant(struct lq_arena *arena, const char *text, const char **why);
