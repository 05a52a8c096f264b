// For lq up: the page's certificate is made before the page is served, and made anew in time.
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/status.h"

// Runs `lq web cert`, which keeps what fits; `changed` says whether it made another one. LQ_E_INPUT
// if it could not: it has said why.
LQ_MUST_CHECK enum lq_status lq_web_keep_certificate(struct lq_arena *arena, const char *lq,
                                                     const char *data, bool *changed);
