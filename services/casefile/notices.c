// Correction notices. The county's notice is no statutory form (law.md 2): the day on it is the day
// that whoever issued it wrote down, by which it is rechecked (OP-NOTICE, a term of the county),
// and no term of law.yaml starts. A decision that orders to correct (责令改正决定书) starts those
// of the law: it is served within DF1 of the day on which the violation is proved by a report, and
// rechecked within DF2 of its service.
#include "casefile.h"

const struct lq_table casefile_table_notices = {"notices", &casefile__notice__descriptor};
const struct lq_table casefile_table_premises_notices = {"premises_notices",
                                                         &casefile__mark__descriptor};

static struct lq_verdict need_fields(struct lq_decision *d, const Casefile__IssueNotice *c)
{
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the notice's number", c->number));
    LQ_TRY(lq_need_key(d, CASEFILE__REJECT__FIELD_MISSING, "the premises' number", c->premises));
    if (c->due_day == 0 && c->form == CASEFILE__NOTICE_FORM__COUNTY)
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
    LQ_TRY(lq_need_premises(d, CASEFILE__REJECT__PREMISES_UNKNOWN, c->premises, premises));
    if (c->due_day == 0)
        return LQ_ACCEPT;
    if (c->due_day < lq_day_of(d->facts->occurred_ms))
        return lq_reject(d, CASEFILE__REJECT__DUE_BEFORE_ISSUE,
                         "notice %s is due on %s but was issued at %s: the day of issue is the "
                         "earliest possible",
                         c->number, lq_format_day(c->due_day, due),
                         lq_format_local(d->facts->occurred_ms, at));
    return check_due_day(d, c->due_day);
}

static struct lq_verdict check_report_day(struct lq_decision *d, const char *number, int32_t day,
                                          int64_t issued_at_ms)
{
    char report[LQ_TIME_TEXT], at[LQ_TIME_TEXT];
    if (day == 0 ||
        (day <= lq_day_of(issued_at_ms) && day >= d->facts->policy->limits.earliest_day))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                     "notice %s rests on a report of %s, but was issued at %s: the report comes "
                     "first",
                     number, lq_format_day(day, report), lq_format_local(issued_at_ms, at));
}

// Ends with the day that the notice names: the day of issue is the first that counts.
static int32_t days_until_due(int64_t issued_at_ms, int32_t due_day)
{
    return due_day - lq_day_of(issued_at_ms) + 1;
}

static void start_term(struct lq_decision *d, const Casefile__NoticeIssued *notice)
{
    const bool statutory = notice->form == CASEFILE__NOTICE_FORM__STATUTORY;
    lq_clock_start(
        d, &(struct lq_clock_start){
               .kind = "notice",
               .number = notice->number,
               .rule = statutory ? "DF1" : "OP-NOTICE",
               .start_ms = statutory ? lq_day_start_ms(notice->report_day) : notice->issued_at_ms,
               .length = statutory ? 0 : days_until_due(notice->issued_at_ms, notice->due_day),
               .owner = notice->by});
}

struct lq_verdict casefile_issue_notice(struct lq_decision *d, const void *command)
{
    Casefile__IssueNotice numbered = *(const Casefile__IssueNotice *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &casefile_table_notices, "N0001");
    const Casefile__IssueNotice *c = &numbered;
    LQ_TRY(need_fields(d, c));
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->premises);
    LQ_TRY(need_new_and_timely(d, c, premises));
    LQ_TRY(check_report_day(d, c->number, c->report_day, d->facts->occurred_ms));

    Casefile__NoticeIssued notice = CASEFILE__NOTICE_ISSUED__INIT;
    notice.number = c->number;
    notice.premises = c->premises;
    notice.township = premises->township;
    notice.by = lq_arena_text(d->arena, d->facts->principal);
    notice.issued_at_ms = d->facts->occurred_ms;
    notice.due_day = c->due_day;
    notice.finding = c->finding;
    notice.form = c->form;
    if (c->form == CASEFILE__NOTICE_FORM__STATUTORY)
        notice.report_day = c->report_day != 0 ? c->report_day : lq_day_of(d->facts->occurred_ms);
    notice.state = lq_is_from_paper(d->facts) ? CASEFILE__NOTICE__STATE__NOT_RECORDED
                                              : CASEFILE__NOTICE__STATE__ISSUED;
    start_term(d, &notice);
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

// The steps that were taken stay behind the issue, and terms run from and to what is now known.
static struct lq_verdict check_times(struct lq_decision *d, const Casefile__Notice *was,
                                     const Casefile__Notice *now)
{
    const int64_t first_ms = now->served_at_ms != 0 ? now->served_at_ms : now->rechecked_at_ms;
    char issued[LQ_TIME_TEXT], first[LQ_TIME_TEXT];
    if (first_ms != 0 && now->issued_at_ms > first_ms)
        return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                         "notice %s was served or rechecked at %s, so it was not issued at %s",
                         now->number, lq_format_local(first_ms, first),
                         lq_format_local(now->issued_at_ms, issued));
    LQ_TRY(check_report_day(d, now->number, now->report_day, now->issued_at_ms));
    const bool statutory = now->form == CASEFILE__NOTICE_FORM__STATUTORY;
    const Rules__Clock *clock =
        lq_clock_now(d, "notice", now->number, statutory ? "DF1" : "OP-NOTICE");
    const bool same = statutory
                          ? was->report_day == now->report_day
                          : was->issued_at_ms == now->issued_at_ms && was->due_day == now->due_day;
    if (clock == NULL || same)
        return LQ_ACCEPT;
    lq_clock_restart(
        d, clock,
        &(struct lq_clock_start){
            .start_ms = statutory ? lq_day_start_ms(now->report_day) : now->issued_at_ms,
            .stop_ms = clock->stop_ms,
            .length = statutory ? 0 : days_until_due(now->issued_at_ms, now->due_day)});
    return LQ_ACCEPT;
}

static struct lq_verdict check_due_after_issue(struct lq_decision *d,
                                               const Casefile__Notice *notice)
{
    char at[LQ_TIME_TEXT], due[LQ_TIME_TEXT];
    if (notice->due_day == 0 && notice->form == CASEFILE__NOTICE_FORM__STATUTORY)
        return LQ_ACCEPT;
    if (notice->due_day < lq_day_of(notice->issued_at_ms))
        return lq_reject(d, CASEFILE__REJECT__DUE_BEFORE_ISSUE,
                         "notice %s is due on %s but was issued at %s: the day of issue is the "
                         "earliest possible",
                         notice->number, lq_format_day(notice->due_day, due),
                         lq_format_local(notice->issued_at_ms, at));
    return check_due_day(d, notice->due_day);
}

struct lq_verdict casefile_check_notice_correction(struct lq_decision *d, const char *number,
                                                   const void *before, void *after)
{
    Casefile__Notice *notice = after;
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, notice->premises);
    LQ_TRY(lq_need_premises(d, CASEFILE__REJECT__PREMISES_UNKNOWN, notice->premises, premises));
    notice->township = premises->township;
    if (notice->finding[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "notice %s needs a finding: what must be corrected?", number);
    if (notice->report_day == 0 && notice->form == CASEFILE__NOTICE_FORM__STATUTORY)
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "notice %s needs the day of the report by which the violation is known",
                         number);
    LQ_TRY(check_due_after_issue(d, notice));
    return check_times(d, before, notice);
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
        LQ_ASSERT(notice->due_day >= lq_day_of(notice->issued_at_ms) ||
                  (notice->due_day == 0 && notice->form == CASEFILE__NOTICE_FORM__STATUTORY));
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

static bool is_asked_for(const Casefile__ListNotices *q, const Casefile__Notice *notice)
{
    return (q->due_before_day == 0 || notice->due_day < q->due_before_day) &&
           (!q->unanswered || !casefile_is_answered(notice));
}

static void find_notices(struct lq_reading *r, const Casefile__ListNotices *q, struct lq_rows *rows)
{
    struct lq_scan s = lq_scan_after(r->view, &casefile_table_notices, lq_key_none(), q->after);
    while (lq_scan_next(&s))
        if (is_asked_for(q, s.row) && !lq_rows_add(rows, casefile_tell_notice(r, s.row)))
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
        if (is_asked_for(q, notice) && !lq_rows_add(rows, casefile_tell_notice(r, notice)))
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

void casefile_show_notice(struct lq_reading *r, const void *query, void *answer)
{
    const Casefile__ShowNotice *q = query;
    Casefile__NoticeFile *file = answer;
    const Casefile__Notice *notice = lq_find_numbered(r->view, &casefile_table_notices, q->number);
    if (notice == NULL)
        return;
    file->notice = casefile_tell_notice(r, notice);
    lq_next(r, &casefile_notice_verbs, (int)notice->state, notice->number, notice);
}
