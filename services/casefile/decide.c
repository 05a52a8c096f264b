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

struct lq_verdict casefile_decide(struct lq_decision *d, const Casefile__Command *command)
{
    switch (command->body_case) {
    case CASEFILE__COMMAND__BODY_ISSUE_NOTICE:
        return casefile_issue_notice(d, command->issue_notice);
    case CASEFILE__COMMAND__BODY_OPEN_CASE:
        return casefile_open_case(d, command->open_case);
    case CASEFILE__COMMAND__BODY_FILE_CASE:
        return casefile_file_case(d, command->file_case);
    case CASEFILE__COMMAND__BODY_SOLVE_CASE:
        return casefile_solve_case(d, command->solve_case);
    case CASEFILE__COMMAND__BODY_IDENTIFY_SUSPECT:
        return casefile_identify_suspect(d, command->identify_suspect);
    case CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP:
        return casefile_record_suspect_step(d, command->record_suspect_step);
    case CASEFILE__COMMAND__BODY_NOTE_PERSON:
        return lq_roster_decide(d, CASEFILE__REJECT__FIELD_MISSING, command->note_person);
    case CASEFILE__COMMAND__BODY_NOTE_ORDER:
        return lq_order_decide(d, CASEFILE__REJECT__FIELD_MISSING, command->note_order);
    case CASEFILE__COMMAND__BODY_NOTE_PREMISES:
        return lq_premises_decide(d, CASEFILE__REJECT__FIELD_MISSING, command->note_premises);
    case CASEFILE__COMMAND__BODY__NOT_SET:
    case _CASEFILE__COMMAND__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE(); // the runtime lets no unset variant through
}
