// Rejections must be true: whoever hears TEAM_ENGAGED may rely on it that the team is engaged. Only
// those are looked at that the model can judge.
#include "sim/audit_parts.h"

struct claim {
    struct audit *a;
    const struct audit_stream *stream;
    const struct audit_fact *fact;
    const ProtobufCMessage *body;
    int64_t at_ms;
};

static const Dispatch__IssueOrder *issue_of(const struct claim *c)
{
    const Dispatch__Command *command = (const void *)c->body;
    return command->body_case == DISPATCH__COMMAND__BODY_ISSUE_ORDER ? command->issue_order : NULL;
}

static bool team_engaged(const struct claim *c)
{
    const Dispatch__IssueOrder *issue = issue_of(c);
    for (size_t i = 0; issue != NULL && i < issue->n_teams; i++)
        if (audit_is_engaged(c->a, issue->teams[i]))
            return true;
    return false;
}

static bool team_off_duty(const struct claim *c)
{
    const Dispatch__IssueOrder *issue = issue_of(c);
    const struct audit_shift *shift = audit_on_duty(&c->stream->roster, c->at_ms);
    if (issue == NULL || shift == NULL)
        return true;
    for (const struct audit_entry *e = c->stream->roster.people.first; e != NULL; e = e->next) {
        const struct audit_person *person =
            audit_person_at(&c->stream->roster, (const char *)e->key, c->at_ms);
        for (size_t i = 0; person != NULL && i < issue->n_teams; i++)
            if (strcmp(issue->teams[i], person->team) == 0 &&
                strcmp(person->group, shift->group) != 0)
                return true;
    }
    return false;
}

static bool team_unknown(const struct claim *c)
{
    const Dispatch__IssueOrder *issue = issue_of(c);
    for (size_t i = 0; issue != NULL && i < issue->n_teams; i++) {
        bool known = false;
        for (const struct audit_entry *e = c->stream->roster.people.first; e != NULL; e = e->next) {
            const struct audit_person *person =
                audit_person_at(&c->stream->roster, (const char *)e->key, c->at_ms);
            known |= person != NULL && strcmp(person->team, issue->teams[i]) == 0;
        }
        if (!known)
            return true;
    }
    return false;
}

static bool target_unknown(const struct claim *c)
{
    const Dispatch__IssueOrder *issue = issue_of(c);
    return issue != NULL && audit_find_text(&c->stream->premises, issue->target) == NULL;
}

static const char *order_in(const struct claim *c)
{
    const Dispatch__Command *command = (const void *)c->body;
    switch (command->body_case) {
    case DISPATCH__COMMAND__BODY_REPORT_STEP:
        return command->report_step->order;
    case DISPATCH__COMMAND__BODY_DECLINE_ORDER:
        return command->decline_order->order;
    case DISPATCH__COMMAND__BODY_MARK_SEEN:
        return command->mark_seen->order;
    case DISPATCH__COMMAND__BODY_CANCEL_ORDER:
        return command->cancel_order->order;
    case DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT:
        return command->record_participant->order;
    case DISPATCH__COMMAND__BODY_AMEND_ORDER:
        return command->amend_order->order;
    case DISPATCH__COMMAND__BODY_CALL_FOR_HELP:
        return command->call_for_help->order;
    case DISPATCH__COMMAND__BODY_RECORD_CREW:
        return command->record_crew->order;
    default:
        return "";
    }
}

static bool order_unknown(const struct claim *c)
{
    return audit_find_text(&c->a->orders, order_in(c)) == NULL;
}

static bool order_cancelled(const struct claim *c)
{
    const struct audit_order *order = audit_find_text(&c->a->orders, order_in(c));
    return order != NULL && order->cancelled;
}

static bool participant_known(const struct claim *c)
{
    const Dispatch__Command *command = (const void *)c->body;
    return audit_find(&c->a->participants, audit_pair(c->a, command->record_participant->order,
                                                      command->record_participant->badge)) != NULL;
}

static const char *item_in(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    if (command->body_case == SEIZURE__COMMAND__BODY_EXTEND_SEAL)
        return command->extend_seal->number;
    if (command->body_case == SEIZURE__COMMAND__BODY_RELEASE_SEAL)
        return command->release_seal->number;
    if (command->body_case == SEIZURE__COMMAND__BODY_PAUSE_CLOCK)
        return command->pause_clock->number;
    return "";
}

static bool item_unknown(const struct claim *c)
{
    return audit_find_text(&c->a->items, item_in(c)) == NULL;
}

// take_step: the thing is in a state from which no such step leads, or the step is somebody else's.
static bool step_impossible(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    if (command->body_case == SEIZURE__COMMAND__BODY_SERVE_PAPER)
        return !audit_paper_takes_step(c->a, command->serve_paper->number);
    if (command->body_case != SEIZURE__COMMAND__BODY_TAKE_STEP) {
        const struct audit_item *sealed = audit_find_text(&c->a->items, item_in(c));
        return sealed != NULL && strcmp(sealed->state, "IN_FORCE") != 0;
    }
    const Rules__TakeStep *take = command->take_step;
    if (strcmp(take->kind, "power") == 0)
        return !audit_power_is_off(c->a, take->number);
    const struct audit_item *item = audit_find_text(&c->a->items, take->number);
    Rules__StepTaken taken = RULES__STEP_TAKEN__INIT;
    taken.verb = take->verb;
    taken.number = take->number;
    if (item == NULL || strcmp(audit_item_step(&taken)->from, item->state) != 0)
        return item != NULL;
    return ((take->verb == RULES__VERB__RATIFY || take->verb == RULES__VERB__REFUSE_RATIFICATION) &&
            !item->unratified) ||
           (take->verb == RULES__VERB__REQUEST_RELEASE && item->asked) ||
           (take->verb == RULES__VERB__ANSWER_REQUEST && !item->asked) ||
           (take->verb == RULES__VERB__ASK_POLICE && !item->police_unasked);
}

static bool item_released(const struct claim *c)
{
    const struct audit_item *item = audit_find_text(&c->a->items, item_in(c));
    return item != NULL && item->released;
}

static bool item_extended(const struct claim *c)
{
    const Rules__Clock *term = audit_clock_of(c->a, "item", item_in(c), "SZ6");
    return term != NULL && term->n_extensions > 0;
}

static bool term_expired(const struct claim *c)
{
    const Rules__Clock *term = audit_clock_of(c->a, "item", item_in(c), "SZ6");
    return term != NULL && term->due_ms != 0 && c->at_ms >= term->due_ms;
}

static bool extension_too_long(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    return command->extend_seal->days < 0 || command->extend_seal->days > 30;
}

static bool term_too_long(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    return command->take_item->term_days < 0 || command->take_item->term_days > 30;
}

static bool decision_after_act(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    return command->take_item->decision_day > audit_day(c->at_ms);
}

// ---------------------------------------------------------------- terms

static const Rules__TakeClock *take_of(const struct claim *c)
{
    if (c->body->descriptor == &seizure__command__descriptor) {
        const Seizure__Command *command = (const void *)c->body;
        return command->body_case == SEIZURE__COMMAND__BODY_TAKE_CLOCK ? command->take_clock : NULL;
    }
    const Dispatch__Command *command = (const void *)c->body;
    return command->body_case == DISPATCH__COMMAND__BODY_TAKE_CLOCK ? command->take_clock : NULL;
}

static const Rules__PauseClock *pause_of(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    return c->body->descriptor == &seizure__command__descriptor &&
                   command->body_case == SEIZURE__COMMAND__BODY_PAUSE_CLOCK
               ? command->pause_clock
               : NULL;
}

static const Rules__Clock *clock_in(const struct claim *c)
{
    const Rules__TakeClock *take = take_of(c);
    const Rules__PauseClock *pause = pause_of(c);
    return take != NULL    ? audit_clock_of(c->a, take->kind, take->number, take->rule)
           : pause != NULL ? audit_clock_of(c->a, pause->kind, pause->number, pause->rule)
                           : NULL;
}

static bool clock_unknown(const struct claim *c)
{
    return clock_in(c) == NULL;
}

static bool clock_stands_still(const struct claim *c)
{
    const Rules__Clock *clock = clock_in(c);
    return clock != NULL && !audit_clock_runs(clock);
}

static bool pause_does_not_fit(const struct claim *c)
{
    const Rules__Clock *clock = clock_in(c);
    const Rules__PauseClock *p = pause_of(c);
    return p != NULL && clock != NULL &&
           !audit_pause_fits(clock, p->cause, p->from_day, p->to_day, p->paper);
}

// Of what was promised; the other rules have values that the model does not judge.
static bool value_unfit(const struct claim *c)
{
    const Rules__TakeClock *take = take_of(c);
    return take == NULL || take->until_ms <= c->at_ms;
}

static bool noted_order_unknown(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    const char *order =
        command->body_case == SEIZURE__COMMAND__BODY_TAKE_ITEM   ? command->take_item->order
        : command->body_case == SEIZURE__COMMAND__BODY_CUT_POWER ? command->cut_power->order
                                                                 : command->close_site->order;
    return audit_find_text(&c->stream->orders, order) == NULL;
}

static bool seal_in_use(const struct claim *c)
{
    const Seizure__Command *command = (const void *)c->body;
    const char *seal = command->body_case == SEIZURE__COMMAND__BODY_TAKE_STEP
                           ? command->take_step->act->seal
                           : command->take_item->seal;
    return audit_find_text(&c->a->seals, seal) != NULL;
}

static bool notice_premises_unknown(const struct claim *c)
{
    const Casefile__Command *command = (const void *)c->body;
    return audit_find_text(&c->stream->premises, command->issue_notice->premises) == NULL;
}

static const struct audit_notice *notice_in(const struct claim *c)
{
    const Casefile__Command *command = (const void *)c->body;
    if (command->body_case == CASEFILE__COMMAND__BODY_CORRECT)
        return audit_find_text(&c->a->notices, command->correct->number);
    if (command->body_case == CASEFILE__COMMAND__BODY_VOID_RECORD)
        return audit_find_text(&c->a->notices, command->void_record->number);
    if (command->body_case == CASEFILE__COMMAND__BODY_TAKE_STEP)
        return audit_find_text(&c->a->notices, command->take_step->number);
    return NULL;
}

static bool thing_void(const struct claim *c)
{
    const struct audit_notice *notice = notice_in(c);
    return notice != NULL && notice->voided;
}

static bool changed_since(const struct claim *c)
{
    const Casefile__Command *command = (const void *)c->body;
    const struct audit_notice *notice = notice_in(c);
    for (size_t i = 0; notice != NULL && i < command->correct->n_changes; i++)
        if (!audit_notice_was(notice, command->correct->changes[i]))
            return true;
    return false;
}

static bool notice_known(const struct claim *c)
{
    const Casefile__Command *command = (const void *)c->body;
    return audit_find_text(&c->a->notices, command->issue_notice->number) != NULL;
}

static bool tip_premises_unknown(const struct claim *c)
{
    const Tips__Command *command = (const void *)c->body;
    return audit_find_text(&c->stream->premises, command->record_tip->premises) == NULL;
}

static bool offset_differs(const struct claim *c)
{
    return audit_offset_differs(c->a, c->body);
}

static bool upload_unknown(const struct claim *c)
{
    return audit_upload_unknown(c->a, c->body);
}

static bool file_whole(const struct claim *c)
{
    return audit_file_whole(c->a, c->body);
}

static bool attached_already(const struct claim *c)
{
    const Rules__Attach *attach = ((const Dispatch__Command *)(const void *)c->body)->attach;
    return audit_find(&c->a->attached, audit_pair(c->a, attach->number, attach->sha256)) != NULL;
}

static bool report_is_repeated(const struct claim *c)
{
    return audit_report_is(c->a, c->at_ms, c->fact->r->recorded_at_ms, "REPORT_REPEATED");
}

static bool report_is_out_of_order(const struct claim *c)
{
    return audit_report_is(c->a, c->at_ms, c->fact->r->recorded_at_ms, "REPORT_OUT_OF_ORDER");
}

static bool report_is_late(const struct claim *c)
{
    return audit_report_is(c->a, c->at_ms, c->fact->r->recorded_at_ms, "REPORT_LATE");
}

static bool limit_known(const struct claim *c)
{
    return audit_limit_known(c->a, ((const Ledger__Command *)(const void *)c->body)->decide_limit);
}

static bool person_known(const struct claim *c)
{
    const Shift__Command *command = (const void *)c->body;
    return audit_find_text(&c->stream->roster.people, command->register_person->badge) != NULL;
}

static bool in_future(const struct claim *c)
{
    return c->fact->command->sent->occurred_at_ms >
           c->fact->r->recorded_at_ms + c->a->policy.future_tolerance_ms;
}

static bool without_reason(const struct claim *c)
{
    return c->fact->command->sent->reason[0] == '\0';
}

static bool not_on_roster(const struct claim *c)
{
    return audit_roles_of(c->stream, c->fact->principal, c->fact->happened_ms) == 0;
}

static bool not_their_role(const struct claim *c)
{
    return !audit_may(c->stream->name, 4, c->body, c->fact->principal_roles, false);
}

static const struct {
    const char *service, *code; // NULL: any service
    bool (*is_true)(const struct claim *c);
} claims[] = {
    {NULL, "TIME_IN_FUTURE", in_future},
    {NULL, "REASON_REQUIRED", without_reason},
    {NULL, "NOT_THEIR_ROLE", not_their_role},
    {"shift", "PERSON_KNOWN", person_known},
    {"dispatch", "TEAM_ENGAGED", team_engaged},
    {"dispatch", "TEAM_OFF_DUTY", team_off_duty},
    {"dispatch", "TEAM_UNKNOWN", team_unknown},
    {"dispatch", "TARGET_UNKNOWN", target_unknown},
    {"dispatch", "ORDER_UNKNOWN", order_unknown},
    {"dispatch", "ORDER_CANCELLED", order_cancelled},
    {"dispatch", "PARTICIPANT_KNOWN", participant_known},
    {"seizure", "ITEM_UNKNOWN", item_unknown},
    {"seizure", "RELEASED_ALREADY", item_released},
    {"seizure", "EXTENDED_ALREADY", item_extended},
    {"seizure", "TERM_EXPIRED", term_expired},
    {"seizure", "EXTENSION_TOO_LONG", extension_too_long},
    {"seizure", "TERM_TOO_LONG", term_too_long},
    {"seizure", "DECISION_AFTER_ACT", decision_after_act},
    {"seizure", "CLOCK_UNKNOWN", clock_unknown},
    {"seizure", "NOT_DUE", clock_stands_still},
    {"seizure", "PAUSE_NOT_NOTIFIED", pause_does_not_fit},
    {"seizure", "VALUE_UNFIT", value_unfit},
    {"dispatch", "CLOCK_UNKNOWN", clock_unknown},
    {"dispatch", "NOT_DUE", clock_stands_still},
    {"dispatch", "VALUE_UNFIT", value_unfit},
    {"seizure", "ORDER_UNKNOWN", noted_order_unknown},
    {"seizure", "SEAL_IN_USE", seal_in_use},
    {"seizure", "STEP_NOT_POSSIBLE", step_impossible},
    {NULL, "PRINCIPAL_UNKNOWN", not_on_roster},
    {"casefile", "PREMISES_UNKNOWN", notice_premises_unknown},
    {"casefile", "NOTICE_KNOWN", notice_known},
    {"casefile", "THING_VOID", thing_void},
    {"casefile", "CHANGED_SINCE", changed_since},
    {"tips", "PREMISES_UNKNOWN", tip_premises_unknown},
    {"ledger", "LIMIT_KNOWN", limit_known},
    {"monitor", "REPORT_REPEATED", report_is_repeated},
    {"monitor", "REPORT_OUT_OF_ORDER", report_is_out_of_order},
    {"monitor", "REPORT_LATE", report_is_late},
    {"evidence", "OFFSET_EXPECTED", offset_differs},
    {"evidence", "UPLOAD_UNKNOWN", upload_unknown},
    {"evidence", "FILE_WHOLE", file_whole},
    {"dispatch", "ATTACHED_ALREADY", attached_already},
};

void audit_rejected(struct audit *a, const struct audit_stream *stream,
                    const struct audit_fact *fact, const Lq__Rejected *rejected)
{
    AUDIT(fact->command->sent != NULL, "follow",
          "%s rejected a command of its own (record %llu): %s %s", stream->name,
          (unsigned long long)fact->r->seq, rejected->code, rejected->text);
    const struct claim claim = {.a = a,
                                .stream = stream,
                                .fact = fact,
                                .body = fact->command->body,
                                .at_ms = fact->r->occurred_at_ms};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        if ((claims[i].service == NULL || strcmp(claims[i].service, stream->name) == 0) &&
            strcmp(claims[i].code, rejected->code) == 0)
            AUDIT(claims[i].is_true(&claim), "rejection",
                  "%s said %s (record %llu), which is not so: %s", stream->name, rejected->code,
                  (unsigned long long)fact->r->seq, rejected->text);
}
