// Handing over (交接班): a shift that has begun will end, and its desk chief hands over to that of
// the next. He freezes the list of what is open; the other signs for that list, or says why not.
// Whoever has signed last has the desk, until somebody signs after him.
#include "dispatch.h"
#include "service/trail.h"

const struct lq_table dispatch_table_handovers = {"handovers", &dispatch__handover__descriptor};

#define HANDOVER "handover"
#define TERM "OP-HANDOVER"

static const struct lq_step STEPS[] = {
    {DISPATCH__HANDOVER_STATE__HANDOVER_DUE, DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN,
     DISPATCH__COMMAND__BODY_FREEZE_HANDOVER},
    {DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN, DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN,
     DISPATCH__COMMAND__BODY_FREEZE_HANDOVER},
    {DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN, DISPATCH__HANDOVER_STATE__HANDOVER_SIGNED,
     DISPATCH__COMMAND__BODY_SIGN_HANDOVER},
    {DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN, DISPATCH__HANDOVER_STATE__HANDOVER_DUE,
     DISPATCH__COMMAND__BODY_REFUSE_HANDOVER},
    {.from = DISPATCH__HANDOVER_STATE__HANDOVER_DUE,
     .to = DISPATCH__HANDOVER_STATE__HANDOVER_LAPSED,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__LAPSE,
     .who = LQ_ROLE(SERVICE),
     .stops = TERM},
    {DISPATCH__HANDOVER_STATE__HANDOVER_DUE, DISPATCH__HANDOVER_STATE__HANDOVER_MISSED,
     DISPATCH__COMMAND__BODY_OPEN_HANDOVER, .stops = TERM},
    {DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN, DISPATCH__HANDOVER_STATE__HANDOVER_MISSED,
     DISPATCH__COMMAND__BODY_OPEN_HANDOVER, .stops = TERM},
    {DISPATCH__HANDOVER_STATE__HANDOVER_MISSED, DISPATCH__HANDOVER_STATE__HANDOVER_SIGNED,
     DISPATCH__COMMAND__BODY_SIGN_HANDOVER, .who = LQ_ROLE(CLERK), // from paper
     .behalf = LQ_ROLE(CLERK)},
};

const struct lq_steps dispatch_handover_steps = {
    .entity = HANDOVER,
    .states = &dispatch__handover_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

static const Dispatch__Handover *find(struct lq_view *view, const char *number)
{
    return lq_pb_identifier(number) ? lq_find(view, &dispatch_table_handovers, lq_key_text(number))
                                    : NULL;
}

static bool is_signed(const Dispatch__Handover *handover)
{
    return handover != NULL && handover->state == DISPATCH__HANDOVER_STATE__HANDOVER_SIGNED;
}

// ---------------------------------------------------------------- which shifts

// That has begun and can still be signed for, and whose end is nearest; NULL: none.
static const Shift__Shift *nearest(struct lq_view *view, int64_t at_ms)
{
    const Shift__Shift *found = NULL, *shift;
    int64_t away_ms = INT64_MAX;
    for (struct lq_scan s = lq_rota_from(view, at_ms - LQ_DAY_MS);
         (shift = lq_rota_next(&s)) != NULL && shift->starts_at_ms <= at_ms;) {
        const int64_t ms =
            shift->ends_at_ms > at_ms ? shift->ends_at_ms - at_ms : at_ms - shift->ends_at_ms;
        const Dispatch__Handover *handover = find(view, shift->number);
        if (ms < away_ms && !is_signed(handover) && !dispatch_is_missed(view, shift, handover)) {
            found = shift;
            away_ms = ms;
        }
    }
    return found;
}

static struct lq_verdict need_begun(struct lq_decision *d, const char *number,
                                    const Shift__Shift **shift)
{
    const int64_t at_ms = d->facts->occurred_ms;
    char at[LQ_TIME_TEXT];
    *shift = number[0] == '\0' ? nearest(d->view, at_ms) : lq_shift_find(d->view, number);
    if (*shift == NULL && number[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__HANDOVER_UNKNOWN,
                         "no shift is to be handed over at %s: none was on within the last day "
                         "that nobody has signed for",
                         lq_format_local(at_ms, at));
    if (*shift == NULL || (*shift)->state != SHIFT__SHIFT_STATE__PLANNED)
        return lq_reject(d, DISPATCH__REJECT__HANDOVER_UNKNOWN,
                         "there is no shift %s in the rota (lq shift rota lists them)", number);
    if ((*shift)->starts_at_ms <= at_ms)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__HANDOVER_UNKNOWN,
                     "shift %s begins only at %s: there is nothing to hand over yet",
                     (*shift)->number, lq_format_local((*shift)->starts_at_ms, at));
}

static struct lq_verdict need_unsigned(struct lq_decision *d, const Dispatch__Handover *h)
{
    char at[LQ_TIME_TEXT];
    if (!is_signed(h))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                     "shift %s was handed over at %s: %s signed for it", h->number,
                     lq_format_local(h->signed_at_ms, at), h->signed_by);
}

// ---------------------------------------------------------------- it comes up

// Its term begins with the end of the shift, and is known as soon as the shift has begun.
static void start_term(struct lq_decision *d, const Shift__Shift *shift)
{
    lq_clock_start(d, &(struct lq_clock_start){.kind = HANDOVER,
                                               .number = shift->number,
                                               .rule = TERM,
                                               .start_ms = shift->ends_at_ms,
                                               .owner = shift->group});
}

void dispatch_hear_shift_begun(struct lq_follow_up *f, const struct lq_occurrence *what,
                               const void *event)
{
    const Shift__ShiftBegun *begun = event;
    if (lq_shift_find(f->view, begun->shift) == NULL)
        return;
    // Whether its chief has frozen a list meanwhile is decided, and not asked here: this leaves an
    // id, so that it does nothing when it is heard again and that has lapsed.
    Dispatch__OpenHandover open = DISPATCH__OPEN_HANDOVER__INIT;
    open.shift = begun->shift;
    lq_command_self(f, what->occurred_ms, DISPATCH__COMMAND__BODY_OPEN_HANDOVER, &open.base);
}

struct lq_verdict dispatch_open_handover(struct lq_decision *d, const void *command)
{
    const Dispatch__OpenHandover *c = command;
    const Shift__Shift *shift = lq_shift_find(d->view, c->shift);
    if (shift == NULL)
        return lq_reject(d, DISPATCH__REJECT__HANDOVER_UNKNOWN,
                         "there is no shift %s in the rota (lq shift rota lists them)", c->shift);
    const Dispatch__Handover *before = find(d->view, shift->number);
    if (before != NULL && before->state != DISPATCH__HANDOVER_STATE__HANDOVER_LAPSED)
        return LQ_ACCEPT; // its chief has frozen a list before we heard: nothing is left to open
    const Shift__Shift *next = dispatch_shift_after(d->view, shift);
    Dispatch__HandoverOpened opened = DISPATCH__HANDOVER_OPENED__INIT;
    opened.number = shift->number;
    opened.due_ms = shift->ends_at_ms;
    opened.group = shift->group;
    opened.next = next != NULL ? next->number : opened.next;
    start_term(d, shift);
    dispatch_give_up_missed(d, shift, &opened);
    lq_emit(d, DISPATCH__EVENT__BODY_HANDOVER_OPENED, &opened.base);
    return LQ_ACCEPT;
}

// What it was first entered by stays with it.
static void save_as(struct lq_view *tables, const void *event, Dispatch__HandoverState state)
{
    Dispatch__Handover *row =
        lq_pb_project(lq_view_arena(tables), &dispatch__handover__descriptor, event);
    const Dispatch__Handover *before = find(tables, row->number);
    row->state = state;
    row->entered = before != NULL ? before->entered : NULL;
    lq_save(tables, &dispatch_table_handovers, lq_key_text(row->number), &row->base);
}

void dispatch_handover_opened(struct lq_view *tables, const struct lq_occurrence *what,
                              const void *event)
{
    save_as(tables, event, DISPATCH__HANDOVER_STATE__HANDOVER_DUE);
    dispatch_keep_missed(tables, event);
}

// The shift that began is gone from its stream; where it begins there once more, so does this.
void dispatch_lapse_handover(struct lq_follow_up *f, const struct lq_parting *parting, char *number)
{
    const Dispatch__Handover *handover = find(f->view, number);
    if (strcmp(parting->stream, "shift") != 0 || handover == NULL ||
        handover->state != DISPATCH__HANDOVER_STATE__HANDOVER_DUE || handover->lists > 0)
        return;
    Rules__Act act = RULES__ACT__INIT;
    Rules__TakeStep step = RULES__TAKE_STEP__INIT;
    step.kind = lq_unconst(HANDOVER);
    step.number = number;
    step.verb = RULES__VERB__LAPSE;
    step.act = &act;
    lq_command_self(f, parting->at_ms, LQ_BODY_TAKE_STEP, &step.base);
}

// ---------------------------------------------------------------- freezing

struct lq_verdict dispatch_freeze_handover(struct lq_decision *d, const void *command)
{
    const Dispatch__FreezeHandover *c = command;
    const Shift__Shift *shift;
    LQ_TRY(need_begun(d, c->handover, &shift));
    LQ_TRY(dispatch_need_chief(d, d->facts->principal, shift));
    const Dispatch__Handover *before = find(d->view, shift->number);
    LQ_TRY(need_unsigned(d, before));
    LQ_TRY(dispatch_need_not_missed(d, shift, before));
    const Shift__Shift *next = dispatch_shift_after(d->view, shift);
    Dispatch__HandoverFrozen frozen = DISPATCH__HANDOVER_FROZEN__INIT;
    LQ_TRY(dispatch_fill_list(d, c, &frozen));
    frozen.number = shift->number;
    frozen.due_ms = shift->ends_at_ms;
    frozen.group = shift->group;
    frozen.next = next != NULL ? next->number : frozen.next;
    frozen.lists = before != NULL ? before->lists + 1 : 1;
    frozen.frozen_by = lq_arena_text(d->arena, d->facts->principal);
    frozen.frozen_at_ms = d->facts->occurred_ms;
    if (before == NULL || before->state == DISPATCH__HANDOVER_STATE__HANDOVER_LAPSED)
        start_term(d, shift);
    lq_emit(d, DISPATCH__EVENT__BODY_HANDOVER_FROZEN, &frozen.base);
    lq_number(d, shift->number);
    return LQ_ACCEPT;
}

void dispatch_handover_frozen(struct lq_view *tables, const struct lq_occurrence *what,
                              const void *event)
{
    save_as(tables, event, DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN);
}

// ---------------------------------------------------------------- signing, or not

static const Dispatch__Handover *last_frozen(struct lq_view *view)
{
    enum { LOOKED_AT = 16 };
    struct lq_scan s = lq_scan_backwards(view, &dispatch_table_handovers, lq_key_none());
    for (unsigned i = 0; i < LOOKED_AT && lq_scan_next(&s); i++) {
        const Dispatch__Handover *handover = s.row;
        if (handover->state == DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN)
            return handover;
    }
    return NULL;
}

// The list that the incoming chief has read is the last that was frozen.
static struct lq_verdict need_frozen(struct lq_decision *d, const char *number, uint32_t list,
                                     const Dispatch__Handover **handover)
{
    *handover = number[0] == '\0' ? last_frozen(d->view) : find(d->view, number);
    if (*handover == NULL && number[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__HANDOVER_UNKNOWN,
                         "no list waits for a signature: the outgoing desk chief freezes one "
                         "first (lq shift handover freeze)");
    if (*handover == NULL)
        return lq_reject(d, DISPATCH__REJECT__HANDOVER_UNKNOWN,
                         "the handover of shift %s has not come up", number);
    const Dispatch__Handover *h = *handover;
    char at[LQ_TIME_TEXT];
    LQ_TRY(need_unsigned(d, h));
    LQ_TRY(dispatch_need_not_missed(d, lq_shift_find(d->view, h->number), h));
    if (h->state != DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN)
        return lq_reject(d, LQ_COMMON(STEP_NOT_POSSIBLE),
                         "the list of shift %s is not frozen: its desk chief freezes it first "
                         "(lq shift handover freeze)",
                         h->number);
    if (d->facts->occurred_ms < h->frozen_at_ms)
        return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                         "the list of shift %s was frozen at %s, later than this", h->number,
                         lq_format_local(h->frozen_at_ms, at));
    if (list == h->lists)
        return LQ_ACCEPT;
    return lq_reject(d, DISPATCH__REJECT__LIST_STALE,
                     "list %u of shift %s was read, but list %u is the one that was frozen last, "
                     "at %s; read that one first",
                     list, h->number, h->lists, lq_format_local(h->frozen_at_ms, at));
}

static struct lq_verdict need_incoming(struct lq_decision *d, const Dispatch__Handover *h)
{
    const Shift__Shift *shift = lq_shift_find(d->view, h->number);
    LQ_ASSERT(shift != NULL); // shifts are cancelled, never gone
    LQ_TRY(dispatch_need_chief(d, d->facts->principal, dispatch_shift_after(d->view, shift)));
    if (strcmp(h->frozen_by, d->facts->principal) != 0)
        return LQ_ACCEPT;
    return dispatch_reject_same_signer(d, h->number);
}

struct lq_verdict dispatch_sign_handover(struct lq_decision *d, const void *command)
{
    const Dispatch__SignHandover *c = command;
    const Dispatch__Handover *h = find(d->view, c->handover);
    if (dispatch_is_from_paper(d, h))
        return dispatch_sign_on_paper(d, c, h);
    LQ_TRY(dispatch_need_no_paper(d, c, h));
    LQ_TRY(need_frozen(d, c->handover, c->list, &h));
    LQ_TRY(need_incoming(d, h));
    LQ_TRY(dispatch_need_current(d, h));
    Dispatch__HandoverSigned signature = DISPATCH__HANDOVER_SIGNED__INIT;
    signature.number = h->number;
    signature.list = h->lists;
    signature.by = lq_arena_text(d->arena, d->facts->principal);
    lq_clock_stop(d, HANDOVER, h->number, TERM, d->facts->occurred_ms);
    lq_emit(d, DISPATCH__EVENT__BODY_HANDOVER_SIGNED, &signature.base);
    lq_number(d, h->number);
    return LQ_ACCEPT;
}

// The log of every open order tells that it went over.
void dispatch_handover_signed(struct lq_view *tables, const struct lq_occurrence *what,
                              const void *event)
{
    const Dispatch__HandoverSigned *e = event;
    const Dispatch__Handover *before = find(tables, e->number);
    LQ_ASSERT(before != NULL);
    Dispatch__Handover after = *before;
    after.state = DISPATCH__HANDOVER_STATE__HANDOVER_SIGNED;
    after.signed_by = e->by;
    after.signed_at_ms = what->occurred_ms;
    after.on_paper = e->list == 0;
    if (after.on_paper)
        after.frozen_by = e->outgoing;
    lq_save(tables, &dispatch_table_handovers, lq_key_text(e->number), &after.base);
    if (!after.on_paper || e->has_the_desk)
        dispatch_take_desk(tables, e->by, what->occurred_ms, e->number);
    for (size_t i = 0; !after.on_paper && i < after.list->n_orders; i++) {
        const struct lq_key key = lq_key_text(after.list->orders[i]->number);
        lq_trail_mark(tables, &dispatch_table_orders, &key);
    }
}

struct lq_verdict dispatch_refuse_handover(struct lq_decision *d, const void *command)
{
    const Dispatch__RefuseHandover *c = command;
    const Dispatch__Handover *h;
    LQ_TRY(need_frozen(d, c->handover, c->list, &h));
    LQ_TRY(need_incoming(d, h));
    if (c->why[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__FIELD_MISSING,
                         "whoever does not sign for the list of shift %s says why", h->number);
    Dispatch__HandoverRefused refused = DISPATCH__HANDOVER_REFUSED__INIT;
    refused.number = h->number;
    refused.list = h->lists;
    refused.why = c->why;
    refused.by = lq_arena_text(d->arena, d->facts->principal);
    lq_emit(d, DISPATCH__EVENT__BODY_HANDOVER_REFUSED, &refused.base);
    lq_number(d, h->number);
    return LQ_ACCEPT;
}

void dispatch_handover_refused(struct lq_view *tables, const struct lq_occurrence *what,
                               const void *event)
{
    const Dispatch__HandoverRefused *e = event;
    const Dispatch__Handover *before = find(tables, e->number);
    LQ_ASSERT(before != NULL);
    Dispatch__Handover after = *before;
    after.state = DISPATCH__HANDOVER_STATE__HANDOVER_DUE;
    after.refused_why = e->why;
    lq_save(tables, &dispatch_table_handovers, lq_key_text(e->number), &after.base);
}

// ---------------------------------------------------------------- answers, and what always holds

void dispatch_show_handover(struct lq_reading *r, const void *query, void *answer)
{
    const Dispatch__ShowHandover *q = query;
    Dispatch__HandoverFile *file = answer;
    const Dispatch__Handover *h =
        q->number[0] != '\0' ? find(r->view, q->number) : last_frozen(r->view);
    struct lq_scan s = lq_scan_backwards(r->view, &dispatch_table_handovers, lq_key_none());
    if (h == NULL && q->number[0] == '\0' && lq_scan_next(&s))
        h = s.row;
    if (h == NULL)
        return;
    file->handover = lq_unconst(h);
    file->now = dispatch_what_is_open(r->view, r->arena);
    file->stale = h->state == DISPATCH__HANDOVER_STATE__HANDOVER_FROZEN &&
                  !dispatch_is_current(r, h->list, file->now);
    const char *chief = dispatch_in_charge(r->view, r->now_ms);
    file->in_charge = chief != NULL ? lq_unconst(chief) : file->in_charge;
    lq_next(r, &dispatch_handover_steps, (int)h->state, h->number, h);
}

void dispatch_check_handovers(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &dispatch_table_handovers, lq_key_none());
         lq_scan_next(&s);) {
        const Dispatch__Handover *h = s.row;
        const Rules__Clock *term = lq_clock_find(view, HANDOVER, h->number, TERM);
        LQ_ASSERT((h->lists > 0) == (h->list != NULL));
        LQ_ASSERT(is_signed(h) == (h->signed_by[0] != '\0'));
        LQ_ASSERT(term == NULL || lq_clock_runs(term) == dispatch_handover_waits(h));
    }
}
