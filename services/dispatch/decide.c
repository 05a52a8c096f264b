// The rules that all commands share, and the notes that the service keeps of what others own.
#include "dispatch.h"

uint32_t dispatch_principal_roles(struct lq_decision *d)
{
    const struct lq_facts *facts = d->facts;
    return facts->on_behalf_of[0] != '\0' ? lq_roster_roles(d->view, facts->principal)
                                          : facts->roles;
}

struct lq_verdict dispatch_check_name(struct lq_decision *d, const char *what, const char *text)
{
    if (lq_pb_identifier(text))
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                     "%s must be given, in 1 to %d bytes without spaces", what,
                     LQ_PB_IDENTIFIER_BYTES);
}

struct lq_verdict dispatch_get_order(struct lq_decision *d, const char *number,
                                     const Dispatch__Order **order)
{
    *order = dispatch_find(d->view, number);
    return *order != NULL
               ? LQ_ACCEPT
               : lq_reject(d, DISPATCH__REJECT__ORDER_UNKNOWN, "there is no order %s", number);
}

// ---------------------------------------------------------------- notes

static struct lq_verdict note_shift(struct lq_decision *d, Shift__Shift *shift)
{
    if (shift->starts_at_ms <= 0 || shift->ends_at_ms <= shift->starts_at_ms)
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "a shift needs a start and a later end");
    Dispatch__Event event = DISPATCH__EVENT__INIT;
    event.body_case = DISPATCH__EVENT__BODY_SHIFT_NOTED;
    event.shift_noted = shift;
    lq_emit(d, &event.base);
    return LQ_ACCEPT;
}

struct lq_verdict dispatch_decide(struct lq_decision *d, const Dispatch__Command *command)
{
    switch (command->body_case) {
    case DISPATCH__COMMAND__BODY_ISSUE_ORDER:
        return dispatch_issue_order(d, command->issue_order);
    case DISPATCH__COMMAND__BODY_REPORT_STEP:
        return dispatch_report_step(d, command->report_step);
    case DISPATCH__COMMAND__BODY_DECLINE_ORDER:
        return dispatch_decline_order(d, command->decline_order);
    case DISPATCH__COMMAND__BODY_CANCEL_ORDER:
        return dispatch_cancel_order(d, command->cancel_order);
    case DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT:
        return dispatch_record_participant(d, command->record_participant);
    case DISPATCH__COMMAND__BODY_NOTE_PERSON:
        return lq_roster_decide(d, DISPATCH__REJECT__FIELD_MISSING, command->note_person);
    case DISPATCH__COMMAND__BODY_NOTE_SHIFT:
        return note_shift(d, command->note_shift);
    case DISPATCH__COMMAND__BODY_NOTE_PREMISES:
        return lq_premises_decide(d, DISPATCH__REJECT__FIELD_MISSING, command->note_premises);
    case DISPATCH__COMMAND__BODY__NOT_SET:
    case _DISPATCH__COMMAND__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}
