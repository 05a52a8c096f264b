// Which rule is whose, what is noted of other services, and the checks that several rules share.
#include "casefile.h"

struct lq_verdict casefile_need(struct lq_decision *d, const char *what, const char *text)
{
    if (text[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING, "%s is missing", what);
    if (strlen(text) > LQ_PB_IDENTIFIER_BYTES)
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING, "%s is longer than %d bytes", what,
                         LQ_PB_IDENTIFIER_BYTES);
    return LQ_ACCEPT;
}

bool casefile_is_filed(const Casefile__Case *c)
{
    return c->step != CASEFILE__CASE_STEP__OPENED;
}

struct lq_verdict casefile_need_case(struct lq_decision *d, const char *number,
                                     const Casefile__Case **found)
{
    *found = lq_find(d->view, &casefile_table_cases, lq_key_text(number));
    if (*found == NULL)
        return lq_reject(d, CASEFILE__REJECT__CASE_UNKNOWN, "there is no case %s", number);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_need_after_filing(struct lq_decision *d, const Casefile__Case *c)
{
    const bool filed = casefile_is_filed(c);
    const int64_t since_ms = filed ? c->filed_at_ms : c->opened_at_ms;
    char done[LQ_TIME_TEXT], since[LQ_TIME_TEXT];
    if (d->facts->occurred_ms < since_ms)
        return lq_reject(d, CASEFILE__REJECT__BEFORE_CASE,
                         "this is dated %s, but case %s was %s only at %s",
                         lq_format_local(d->facts->occurred_ms, done), c->number,
                         filed ? "filed" : "opened", lq_format_local(since_ms, since));
    return LQ_ACCEPT;
}
