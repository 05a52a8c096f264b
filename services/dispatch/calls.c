// Calls (呼叫): a team is needed somewhere. Another service asks for one (a seal was found broken),
// or a person does; a person decides, with an order or without one.
#include "dispatch.h"
#include "service/trail.h"

const struct lq_table dispatch_table_calls = {"calls", &dispatch__call__descriptor};

#define CALL "call"

// ---------------------------------------------------------------- what becomes of a call

static struct lq_verdict need_order(struct lq_decision *d, struct lq_taking *taking);

static const struct lq_step STEPS[] = {
    {.from = DISPATCH__CALL_STATE__CALL_OPEN,
     .to = DISPATCH__CALL_STATE__CALL_ASSIGNED,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__ASSIGN,
     .who = LQ_ROLE(DESK) | LQ_ROLE(COMMANDER),
     .behalf = LQ_ROLE(CLERK),
     .needs = "related",
     .stops = "OP-CALL",
     .rule = need_order},
    {.from = DISPATCH__CALL_STATE__CALL_OPEN,
     .to = DISPATCH__CALL_STATE__CALL_DISMISSED,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__DISMISS,
     .who = LQ_ROLE(DESK) | LQ_ROLE(COMMANDER) | LQ_ROLE(SERVICE),
     .behalf = LQ_ROLE(CLERK),
     .needs = "note",
     .stops = "OP-CALL"},
};

const struct lq_steps dispatch_call_steps = {
    .entity = CALL,
    .states = &dispatch__call_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

static struct lq_verdict need_order(struct lq_decision *d, struct lq_taking *taking)
{
    const Dispatch__Order *order;
    LQ_TRY(dispatch_get_order(d, taking->act->related, &order));
    char at[LQ_TIME_TEXT];
    if (order->cancelled_at_ms == 0)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__ORDER_CANCELLED, "order %s was cancelled at %s: %s",
                     order->number, lq_format_local(order->cancelled_at_ms, at),
                     order->cancel_reason);
}

void dispatch_call_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Dispatch__Call *call = row;
    if (step->verb != RULES__VERB__ASSIGN)
        return;
    call->order = step->act->related;
    const struct lq_key key = lq_key_text(call->order); // the order tells what it was sent for
    lq_trail_mark(tables, &dispatch_table_orders, &key);
}

// ---------------------------------------------------------------- hearing one

static Dispatch__Priority priority_of(uint32_t priority)
{
    return priority == 1   ? DISPATCH__PRIORITY__FLASH
           : priority == 2 ? DISPATCH__PRIORITY__URGENT
                           : DISPATCH__PRIORITY__ROUTINE;
}

static void hear_called(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Rules__Called *called = event;
    Dispatch__OpenCall open = DISPATCH__OPEN_CALL__INIT;
    open.premises = called->premises;
    open.what = called->what;
    open.priority = priority_of(called->priority);
    open.source_kind = called->kind;
    open.source_number = called->number;
    open.occurred_to_recorded_ms = what->recorded_ms - what->occurred_ms;
    lq_command_self(f, what->occurred_ms, DISPATCH__COMMAND__BODY_OPEN_CALL, &open.base);
}

const struct lq_follow_row dispatch_follows[] = {
    {"shift", &shift__event__descriptor, SHIFT__EVENT__BODY_SHIFT_BEGUN, dispatch_hear_shift_begun},
    {"seizure", &dispatch__seizure_event__descriptor, DISPATCH__SEIZURE_EVENT__BODY_CALLED,
     hear_called, .partial = true},
    {"monitor", &dispatch__monitor_event__descriptor, DISPATCH__MONITOR_EVENT__BODY_CALLED,
     hear_called, .partial = true},
    {0},
};

// Who has asked for it: of what is kind "assignment", a lead.
static const char *stream_of(const Dispatch__CallOpened *call)
{
    return strcmp(call->source_kind, "item") == 0      ? "seizure"
           : strcmp(call->source_kind, "channel") == 0 ? "monitor"
                                                       : "";
}

// What was asked for because of a record that is gone is not needed any more.
void dispatch_hear_parted(struct lq_follow_up *f, const struct lq_parting *parting,
                          const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Dispatch__Event *own = event;
    if (own->body_case == DISPATCH__EVENT__BODY_HANDOVER_OPENED)
        dispatch_lapse_handover(f, parting, own->handover_opened->number);
    if (own->body_case != DISPATCH__EVENT__BODY_CALL_OPENED ||
        own->call_opened->source_number[0] == '\0' ||
        strcmp(parting->stream, stream_of(own->call_opened)) != 0)
        return;
    const Dispatch__Call *call =
        lq_find(f->view, &dispatch_table_calls, lq_key_text(own->call_opened->number));
    if (call == NULL || call->state != DISPATCH__CALL_STATE__CALL_OPEN)
        return;
    Rules__Act act = RULES__ACT__INIT;
    Rules__TakeStep step = RULES__TAKE_STEP__INIT;
    act.note = lq_arena_format(f->arena, "%s has another history", parting->stream);
    step.kind = lq_unconst(CALL);
    step.number = call->number;
    step.verb = RULES__VERB__DISMISS;
    step.act = &act;
    lq_command_self(f, parting->at_ms, LQ_BODY_TAKE_STEP, &step.base);
}

// ---------------------------------------------------------------- opening one

static struct lq_verdict need_fields(struct lq_decision *d, const Dispatch__OpenCall *c)
{
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the call's number", c->number));
    LQ_TRY(lq_need_fields(d, DISPATCH__REJECT__FIELD_MISSING, c, "premises what priority"));
    LQ_TRY(lq_need_new(d, DISPATCH__REJECT__ORDER_KNOWN, &dispatch_table_calls, c->number));
    if (lq_premises_find(d->view, c->premises) != NULL)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__TARGET_UNKNOWN,
                     "the ledger has no premises %s; register the enterprise or site first",
                     c->premises);
}

static void emit_opened(struct lq_decision *d, const Dispatch__OpenCall *c)
{
    Dispatch__CallOpened call = DISPATCH__CALL_OPENED__INIT;
    call.number = c->number;
    call.at_ms = d->facts->occurred_ms;
    call.premises = c->premises;
    call.what = c->what;
    call.priority = c->priority;
    call.source_kind = c->source_kind;
    call.source_number = c->source_number;
    call.by = lq_arena_text(d->arena, d->facts->principal);
    if (c->occurred_to_recorded_ms <= d->facts->policy->live_window_ms)
        lq_clock_start(d, &(struct lq_clock_start){.kind = CALL,
                                                   .number = c->number,
                                                   .rule = "OP-CALL",
                                                   .start_ms = call.at_ms,
                                                   .owner = call.by});
    lq_emit(d, DISPATCH__EVENT__BODY_CALL_OPENED, &call.base);
    lq_number(d, c->number);
}

struct lq_verdict dispatch_open_call(struct lq_decision *d, const void *command)
{
    Dispatch__OpenCall numbered = *(const Dispatch__OpenCall *)command;
    numbered.number = lq_number_or_next(d, numbered.number, &dispatch_table_calls, "Q0001");
    LQ_TRY(need_fields(d, &numbered));
    emit_opened(d, &numbered);
    return LQ_ACCEPT;
}

// A team that is on an order needs help there: a call of the highest priority about its part. Until
// somebody has decided about it, the board shows it with the team.
struct lq_verdict dispatch_call_for_help(struct lq_decision *d, const void *command)
{
    const Dispatch__CallForHelp *c = command;
    const Dispatch__OpenOrder *open = NULL;
    const Dispatch__Assignment *a = NULL;
    LQ_TRY(dispatch_need_open(d, c->order, &open));
    LQ_TRY(dispatch_need_at_work(d, c->order, c->team, &a));
    if ((dispatch_principal_roles(d) & (LQ_ROLE(DESK) | LQ_ROLE(COMMANDER))) == 0)
        LQ_TRY(dispatch_need_lead(d, c->team));
    const Dispatch__Order *order = dispatch_find(d->view, c->order);
    LQ_ASSERT(order != NULL);
    Dispatch__OpenCall call = DISPATCH__OPEN_CALL__INIT;
    call.number = lq_number_or_next(d, call.number, &dispatch_table_calls, "Q0001");
    call.premises = order->target;
    call.what = c->words[0] != '\0' ? c->words : lq_unconst("need_help");
    call.priority = DISPATCH__PRIORITY__FLASH;
    call.source_kind = lq_unconst("assignment");
    call.source_number = lq_arena_format(d->arena, "%s/%s", c->order, c->team);
    emit_opened(d, &call);
    return LQ_ACCEPT;
}

// The order that a team needs help on tells of it.
void dispatch_call_opened(struct lq_view *tables, const struct lq_occurrence *what,
                          const void *event)
{
    const Dispatch__CallOpened *e = event;
    Dispatch__Call *row = lq_pb_project(lq_view_arena(tables), &dispatch__call__descriptor, e);
    lq_save(tables, &dispatch_table_calls, lq_key_text(e->number), &row->base);
    const char *end = strchr(e->source_number, '/');
    if (strcmp(e->source_kind, "assignment") != 0 || end == NULL)
        return;
    const char *order = lq_arena_format(lq_view_arena(tables), "%.*s",
                                        (int)(end - e->source_number), e->source_number);
    const struct lq_key key = lq_key_text(order);
    if (dispatch_find(tables, order) != NULL)
        lq_trail_mark(tables, &dispatch_table_orders, &key);
}

// ---------------------------------------------------------------- answers, and what always holds

void dispatch_list_calls(struct lq_reading *r, const void *query, void *answer)
{
    const Dispatch__ListCalls *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &dispatch_table_calls, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Dispatch__Call *call = s.row;
        if ((!q->open || call->state == DISPATCH__CALL_STATE__CALL_OPEN) &&
            !lq_rows_add(&rows, call))
            break;
    }
    lq_rows_answer(&rows, answer);
}

void dispatch_check_calls(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &dispatch_table_calls, lq_key_none());
         lq_scan_next(&s);) {
        const Dispatch__Call *call = s.row;
        const Rules__Clock *term = lq_clock_find(view, CALL, call->number, "OP-CALL");
        const bool is_open = call->state == DISPATCH__CALL_STATE__CALL_OPEN;
        LQ_ASSERT((call->order[0] != '\0') == (call->state == DISPATCH__CALL_STATE__CALL_ASSIGNED));
        LQ_ASSERT(term == NULL || lq_clock_runs(term) == is_open);
    }
}
