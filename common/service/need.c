#include "service/need.h"

#include <string.h>

#include "pb/pb.h"

struct lq_verdict lq_need_key(struct lq_decision *d, int code, const char *what, const char *text)
{
    if (text[0] == '\0')
        return lq_reject(d, code, "%s is missing", what);
    if (strlen(text) > LQ_PB_IDENTIFIER_BYTES)
        return lq_reject(d, code, "%s is longer than %d bytes", what, LQ_PB_IDENTIFIER_BYTES);
    return LQ_ACCEPT;
}

struct lq_verdict lq_need_identifier(struct lq_decision *d, int code, const char *what,
                                     const char *text)
{
    if (lq_pb_identifier(text))
        return LQ_ACCEPT;
    return lq_reject(d, code, "%s must be given, in 1 to %d bytes without spaces", what,
                     LQ_PB_IDENTIFIER_BYTES);
}
