// Correction notices. The county's notice is no statutory form (law.md 2): the day on it is the day
// that whoever issued it wrote down, and no clock of law.yaml starts.
#include "casefile.h"

const struct lq_table casefile_table_notices = {"notices", &casefile__notice__descriptor};
const struct lq_table casefile_table_premises_notices = {"premises_notices",
                                                         &casefile__mark__descriptor};

static struct lq_verdict need_fields(struct lq_decision *d, const Casefile__IssueNotice *c)
{
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the notice's number", c->number));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the premises' number", c->premises));
    if (c->due_day == 0)
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "notice %s needs the day by which it must be complied with", c->number);
    if (c->finding[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "notice %s needs a finding: what must be corrected?", c->number);
    return LQ_ACCEPT;
}

static struct lq_verdict check_due_day(struct lq_decision *d, int32_t due_day)
{
    return lq_need_plausible_day(d, "the notice's due day", due_day,
                                 d->facts->policy->limits.notice_days, "notice_days");
}

static struct lq_verdict need_new_and_timely(struct lq_decision *d, const Casefile__IssueNotice *c,
                                             const Ledger__PremisesNote *premises)
{
    LQ_TRY(lq_need_unvoided(d, CASEFILE__REJECT__NOTICE_KNOWN, &casefile_table_notices, c->number));
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
    return check_due_day(d, c->due_day);
}

struct lq_verdict casefile_issue_notice(struct lq_decision *d, const void *command)
{
    Casefile__IssueNotice numbered = *(const Casefile__IssueNotice *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &casefile_table_notices, "N0001");
    const Casefile__IssueNotice *c = &numbered;
    LQ_TRY(need_fields(d, c));
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->premises);
    LQ_TRY(need_new_and_timely(d, c, premises));

    Casefile__NoticeIssued notice = CASEFILE__NOTICE_ISSUED__INIT;
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

void casefile_notice_issued(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    const Casefile__NoticeIssued *notice = event;
    lq_keep(tables, &casefile_table_notices, notice);
    casefile_mark(tables, &casefile_table_premises_notices, notice->premises, notice->number);
}

struct lq_verdict casefile_check_notice_correction(struct lq_decision *d, const char *number,
                                                   const void *before, void *after)
{
    Casefile__Notice *notice = after;
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, notice->premises);
    if (premises == NULL)
        return lq_reject(d, CASEFILE__REJECT__PREMISES_UNKNOWN, "the ledger knows no premises %s",
                         notice->premises);
    notice->township = premises->township;
    if (notice->finding[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "notice %s needs a finding: what must be corrected?", number);
    char at[LQ_TIME_TEXT], due[LQ_TIME_TEXT];
    if (notice->due_day < lq_day_of(notice->issued_at_ms))
        return lq_reject(d, CASEFILE__REJECT__DUE_BEFORE_ISSUE,
                         "notice %s is due on %s but was issued at %s: the day of issue is the "
                         "earliest possible",
                         number, lq_format_day(notice->due_day, due),
                         lq_format_local(notice->issued_at_ms, at));
    return check_due_day(d, notice->due_day);
}

void casefile_notice_changed(struct lq_view *tables, const struct lq_thing *thing,
                             const char *number, const void *before, const void *after)
{
    const Casefile__Notice *was = before, *now = after;
    lq_erase(tables, &casefile_table_premises_notices, casefile_pair(was->premises, number));
    if (now != NULL)
        casefile_mark(tables, &casefile_table_premises_notices, now->premises, number);
}

void casefile_check_notices(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &casefile_table_notices, lq_key_none());
         lq_scan_next(&s);) {
        const Casefile__Notice *notice = s.row;
        LQ_ASSERT(notice->due_day >= lq_day_of(notice->issued_at_ms));
        LQ_ASSERT(lq_exists(view, &casefile_table_premises_notices,
                            casefile_pair(notice->premises, notice->number)));
    }
    for (struct lq_scan s = lq_scan(view, &casefile_table_premises_notices, lq_key_none());
         lq_scan_next(&s);) {
        struct lq_key_reader reader = {.key = &s.key};
        const char *premises = lq_key_read_text(&reader);
        const Casefile__Notice *notice =
            lq_find(view, &casefile_table_notices, lq_key_text(lq_key_read_text(&reader)));
        LQ_ASSERT(notice != NULL && strcmp(notice->premises, premises) == 0);
    }
}

static bool is_due(const Casefile__ListNotices *q, const Casefile__Notice *notice)
{
    return q->due_before_day == 0 || notice->due_day < q->due_before_day;
}

static void find_notices(struct lq_reading *r, const Casefile__ListNotices *q, struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_notices, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_due(q, s.row) && !lq_rows_add(rows, s.row))
            return;
}

static void find_notices_to(struct lq_reading *r, const Casefile__ListNotices *q,
                            struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_premises_notices,
                                     lq_key_text(q->premises), q->after);
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the premises
        const Casefile__Notice *notice =
            lq_find(r->view, &casefile_table_notices, lq_key_text(lq_key_read_text(&reader)));
        if (is_due(q, notice) && !lq_rows_add(rows, notice))
            return;
    }
}

void casefile_list_notices(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ListNotices *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    if (q->premises[0] == '\0')
        find_notices(r, q, &rows);
    else if (lq_pb_key(q->premises))
        find_notices_to(r, q, &rows);

    lq_rows_answer(&rows, answer);
}
