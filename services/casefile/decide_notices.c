// Correction notices. The county's notice is no statutory form (law.md 2): the day on it is the
// day that whoever issued it wrote down, and no clock of law.yaml starts.
#include "casefile.h"

static struct lq_verdict need_fields(struct lq_decision *d, const Casefile__IssueNotice *c)
{
    struct lq_verdict no = casefile_need(d, "the notice's number", c->number);
    if (no.code == 0)
        no = casefile_need(d, "the premises' number", c->premises);
    if (no.code != 0)
        return no;
    if (c->due_day == 0)
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "notice %s needs the day by which it must be complied with", c->number);
    if (c->finding[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "notice %s needs a finding: what must be corrected?", c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict need_new_and_timely(struct lq_decision *d, const Casefile__IssueNotice *c,
                                             const Ledger__PremisesNote *premises)
{
    const Casefile__Notice *known =
        lq_find(d->view, &casefile_table_notices, lq_key_text(c->number));
    char at[LQ_TIME_TEXT], due[LQ_TIME_TEXT];
    if (known != NULL)
        return lq_reject(d, CASEFILE__REJECT__NOTICE_KNOWN,
                         "notice %s was issued to %s at %s; another notice needs another number",
                         c->number, known->premises, lq_format_local(known->issued_at_ms, at));
    if (premises == NULL)
        return lq_reject(d, CASEFILE__REJECT__PREMISES_UNKNOWN, "the ledger knows no premises %s",
                         c->premises);
    if (c->due_day < lq_day_of(d->facts->occurred_ms))
        return lq_reject(d, CASEFILE__REJECT__DUE_BEFORE_ISSUE,
                         "notice %s is due on %s but was issued at %s: the day of issue is the "
                         "earliest possible",
                         c->number, lq_format_day(c->due_day, due),
                         lq_format_local(d->facts->occurred_ms, at));
    return LQ_ACCEPT;
}

struct lq_verdict casefile_issue_notice(struct lq_decision *d, const void *command)
{
    const Casefile__IssueNotice *c = command;
    struct lq_verdict no = need_fields(d, c);
    if (no.code != 0)
        return no;
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->premises);
    no = need_new_and_timely(d, c, premises);
    if (no.code != 0)
        return no;

    Casefile__Notice notice = CASEFILE__NOTICE__INIT;
    notice.number = c->number;
    notice.premises = c->premises;
    notice.township = premises->township;
    notice.by = lq_arena_text(d->arena, d->facts->principal);
    notice.issued_at_ms = d->facts->occurred_ms;
    notice.due_day = c->due_day;
    notice.finding = c->finding;
    lq_emit(d, CASEFILE__EVENT__BODY_NOTICE_ISSUED, &notice.base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}
