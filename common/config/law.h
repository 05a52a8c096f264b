// Reading the law from its files (law/law.h says what it is).
#pragma once

#include "base/status.h"
#include "law/law.h"

// Reads law.yaml and calendar.yaml in the directory. LQ_E_MISSING, LQ_E_INPUT, LQ_E_IO. The caller
// owns *out.
LQ_MUST_CHECK enum lq_status lq_law_load(const char *directory, struct lq_law **out);

// The files that are compiled in. The caller owns it.
struct lq_law *lq_law_from_builtin(void);

void lq_law_free(struct lq_law *law); // NULL is nothing
