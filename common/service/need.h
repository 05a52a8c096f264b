// What the rules of several services ask alike. Each of these accepts, or rejects with the code
// that it is given; `what` names the thing for people.
#pragma once

#include "service/service.h"

// Returns a rejection to the caller of this function, or goes on.
#define LQ_TRY(verdict)                                                                            \
    do {                                                                                           \
        const struct lq_verdict verdict_ = (verdict);                                              \
        if (verdict_.code != 0)                                                                    \
            return verdict_;                                                                       \
    } while (0)

// A text that becomes part of a key: given, and at most LQ_PB_IDENTIFIER_BYTES long.
struct lq_verdict lq_need_key(struct lq_decision *d, int code, const char *what, const char *text);

// The same, and without spaces.
struct lq_verdict lq_need_identifier(struct lq_decision *d, int code, const char *what,
                                     const char *text);
