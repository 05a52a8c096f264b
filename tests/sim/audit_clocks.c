// Terms: what an event does to those of its thing is worked out here from the fact and from what
// was before; the record must carry just that, to the last mark.
#include <stdio.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

enum { SEIZURE_DAYS = 30, PAUSE_DAYS = 1095 };

static const int64_t CALL_WINDOW_MS = 24 * 3600 * 1000LL;

// ---------------------------------------------------------------- the terms that there are

static struct lq_span key_of(struct audit *a, const char *kind, const char *thing, const char *rule,
                             unsigned start)
{
    const size_t size = strlen(kind) + strlen(thing) + strlen(rule) + 16;
    char *key = audit_alloc(a, size);
    snprintf(key, size, "%s/%s/%s/%u", kind, thing, rule, start);
    return lq_span_text(key);
}

static const Rules__Clock *start_of(struct audit *a, const char *kind, const char *thing,
                                    const char *rule, unsigned start)
{
    const struct audit_clock *clock = audit_find(&a->clocks, key_of(a, kind, thing, rule, start));
    return clock == NULL ? NULL : clock->row;
}

const Rules__Clock *audit_clock_of(struct audit *a, const char *kind, const char *thing,
                                   const char *rule)
{
    const Rules__Clock *latest = NULL, *next;
    for (unsigned start = 1; (next = start_of(a, kind, thing, rule, start)) != NULL; start++)
        latest = next;
    return latest;
}

bool audit_clock_runs(const Rules__Clock *c)
{
    return c->stop_ms == 0;
}

Rules__Clock *audit_carry(struct audit_carried *k, const Rules__Clock *clock)
{
    Rules__Clock *copy = audit_alloc(k->a, sizeof *copy);
    *copy = *clock;
    copy->marks = audit_alloc(k->a, (clock->n_marks + 1) * sizeof(Rules__Mark *));
    for (size_t i = 0; i < clock->n_marks; i++) {
        copy->marks[i] = audit_alloc(k->a, sizeof(Rules__Mark));
        *copy->marks[i] = *clock->marks[i];
    }
    k->rows[k->count++] = copy;
    return copy;
}

// NULL: one runs already, and goes on.
static Rules__Clock *begin(struct audit_carried *k, const char *kind, const char *thing,
                           const char *rule, const char *variant)
{
    const Rules__Clock *before = NULL;
    for (size_t i = 0; i < k->count; i++) // ended by this very event
        if (strcmp(k->rows[i]->rule, rule) == 0 && strcmp(k->rows[i]->number, thing) == 0)
            before = k->rows[i];
    if (before == NULL)
        before = audit_clock_of(k->a, kind, thing, rule);
    if (before != NULL && audit_clock_runs(before) &&
        before->not_counted == RULES__NOT_COUNTED__COUNTED)
        return NULL;
    Rules__Clock *c = audit_alloc(k->a, sizeof *c);
    rules__clock__init(c);
    c->kind = (char *)(uintptr_t)kind;
    c->number = (char *)(uintptr_t)thing;
    c->rule = (char *)(uintptr_t)rule;
    c->variant = (char *)(uintptr_t)variant;
    c->start = before != NULL ? before->start + 1 : 1;
    c->start_ms = k->fact->r->occurred_at_ms;
    c->owner = (char *)(uintptr_t)k->fact->principal;
    k->rows[k->count++] = c;
    return c;
}

// Of what has ended only those marks are left that have rung.
static void only_rung(Rules__Clock *c)
{
    size_t rung = 0;
    for (size_t i = 0; i < c->n_marks; i++)
        if (c->marks[i]->rung)
            c->marks[rung++] = c->marks[i];
    c->n_marks = rung;
}

static void stop(struct audit_carried *k, const char *kind, const char *thing, const char *rule,
                 int64_t at_ms)
{
    const Rules__Clock *clock = audit_clock_of(k->a, kind, thing, rule);
    if (clock == NULL || !audit_clock_runs(clock))
        return;
    Rules__Clock *ended = audit_carry(k, clock);
    ended->stop_ms = at_ms;
    only_rung(ended);
}

const Rules__Clock *audit_running(struct audit_carried *k, const char *kind, const char *thing,
                                  const char *rule)
{
    const Rules__Clock *clock = audit_clock_of(k->a, kind, thing, rule);
    AUDIT(clock != NULL && audit_clock_runs(clock), "clock",
          "record %llu of %s is about the term %s of %s %s, which does not run",
          (number)k->fact->r->seq, k->stream->name, rule, kind, thing);
    return clock;
}

// ---------------------------------------------------------------- promises, pauses, extensions

static void taken(struct audit_carried *k, const Rules__ClockTaken *t)
{
    Rules__Clock *c = audit_carry(k, audit_running(k, t->kind, t->number, t->rule));
    AUDIT(strcmp(t->by, k->fact->principal) == 0 && t->until_ms > k->fact->r->occurred_at_ms,
          "clock", "record %llu of %s promises for somebody else, or for what is past",
          (number)k->fact->r->seq, k->stream->name);
    const int64_t before_ms = c->taken_until_ms != 0 ? audit_as_promised(c, 0) : 0;
    c->taken_by = t->by;
    c->taken_until_ms = t->until_ms;
    for (size_t i = 0; i < c->n_marks; i++) // each waits once
        if (!c->marks[i]->rung && (before_ms == 0 || c->marks[i]->at_ms != before_ms))
            c->marks[i]->at_ms = audit_as_promised(c, c->marks[i]->at_ms);
}

bool audit_pause_fits(const Rules__Clock *c, const char *cause, int32_t from_day, int32_t to_day,
                      const char *paper)
{
    return strcmp(c->rule, "SZ6") == 0 && strcmp(cause, "testing_term_notified") == 0 &&
           paper[0] != '\0' && from_day != 0 && from_day <= to_day &&
           to_day - from_day < PAUSE_DAYS && from_day >= audit_day(c->start_ms) &&
           (c->due_ms == 0 || from_day <= audit_day(c->due_ms - 1));
}

static void paused(struct audit_carried *k, const Rules__ClockPaused *p)
{
    Rules__Clock *c = audit_carry(k, audit_running(k, p->kind, p->number, p->rule));
    const int64_t due_ms = c->due_ms;
    AUDIT(audit_pause_fits(c, p->cause, p->from_day, p->to_day, p->paper), "clock",
          "record %llu of %s takes days out of the term %s of %s for no good cause",
          (number)k->fact->r->seq, k->stream->name, p->rule, p->number);
    Rules__Pause **pauses = audit_alloc(k->a, (c->n_pauses + 1) * sizeof *pauses);
    size_t kept = 0;
    for (size_t i = 0; i < c->n_pauses; i++)
        if (c->pauses[i]->from_day != p->from_day)
            pauses[kept++] = c->pauses[i];
    pauses[kept] = audit_alloc(k->a, sizeof **pauses);
    rules__pause__init(pauses[kept]);
    pauses[kept]->cause = p->cause;
    pauses[kept]->from_day = p->from_day;
    pauses[kept]->to_day = p->to_day;
    pauses[kept]->paper = p->paper;
    c->pauses = pauses;
    c->n_pauses = kept + 1;
    audit_count_term(k->a, c, k->fact);
    AUDIT(due_ms == 0 || k->fact->r->occurred_at_ms < due_ms || c->due_ms <= due_ms, "clock",
          "record %llu of %s makes the term %s of %s longer, which is over",
          (number)k->fact->r->seq, k->stream->name, p->rule, p->number);
}

static void extend(struct audit_carried *k, Rules__Clock *c, const char *rule, int32_t by,
                   char *paper)
{
    Rules__Extension **list = audit_alloc(k->a, (c->n_extensions + 1) * sizeof *list);
    for (size_t i = 0; i < c->n_extensions; i++)
        list[i] = c->extensions[i];
    Rules__Extension *one = list[c->n_extensions] = audit_alloc(k->a, sizeof *one);
    rules__extension__init(one);
    one->rule = (char *)(uintptr_t)rule;
    one->number = by;
    one->at_ms = k->fact->r->occurred_at_ms;
    one->by = (char *)(uintptr_t)k->fact->principal;
    one->paper = paper;
    c->extensions = list;
    c->n_extensions++;
    audit_count_term(k->a, c, k->fact);
}

static void extended(struct audit_carried *k, const Seizure__SealExtended *e)
{
    const Seizure__Command *command = (const void *)k->fact->command->body;
    Rules__Clock *c = audit_carry(k, audit_running(k, "item", e->item, "SZ6"));
    AUDIT(command->extend_seal->days >= 0 && command->extend_seal->days <= SEIZURE_DAYS, "seizure",
          "the extension of item %s is of %d days", e->item, command->extend_seal->days);
    extend(k, c, "SZ7", command->extend_seal->days, command->extend_seal->paper);
}

// ---------------------------------------------------------------- what facts do to terms

// A term that is counted by the day of the fact, from now on.
static void begin_for(struct audit_carried *k, const char *kind, const char *thing,
                      const char *rule, const char *owner, uint32_t length)
{
    const bool paper = audit_is_from_paper(k->fact);
    if (paper && strncmp(rule, "OP-", 3) == 0)
        return;
    Rules__Clock *c = begin(k, kind, thing, rule, "");
    if (c != NULL) {
        c->owner = (char *)(uintptr_t)owner;
        c->length = (int32_t)length;
    }
    if (c != NULL && paper)
        c->not_counted = RULES__NOT_COUNTED__FROM_PAPER;
    if (c != NULL)
        audit_count_term(k->a, c, k->fact);
}

static void begin_of(struct audit_carried *k, const char *kind, const char *thing, const char *rule)
{
    begin_for(k, kind, thing, rule, k->fact->principal, 0);
}

static void begin_now(struct audit_carried *k, const char *item, const char *rule)
{
    begin_of(k, "item", item, rule);
}

// It counts from the day in the decision; another may argue for the act.
static void sealed(struct audit_carried *k, const Seizure__ItemTaken *item)
{
    Rules__Clock *c = begin(k, "item", item->number, "SZ6", "");
    AUDIT(item->decision_day <= audit_day(item->at_ms) && item->term_days >= 0 &&
              item->term_days <= SEIZURE_DAYS,
          "seizure", "item %s is sealed before the decision, or for %d days", item->number,
          item->term_days);
    if (item->decision_day != 0 && item->decision_day != audit_day(item->at_ms)) {
        c->arguable_start_ms = item->at_ms;
        c->start_ms = audit_midnight_after(item->decision_day - 1);
    }
    c->length = item->term_days;
    if (audit_is_from_paper(k->fact) && !k->a->policy.paper_counts)
        c->not_counted = RULES__NOT_COUNTED__FROM_PAPER;
    audit_count_term(k->a, c, k->fact);
    begin_now(k, item->number, "OP-SEAL");
    if (item->emergency)
        begin_now(k, item->number, "SZ3");
}

static void each(struct audit_carried *k, const char *item, const char *const *rules, bool begins)
{
    for (; *rules != NULL; rules++)
        if (begins)
            begin_now(k, item, *rules);
        else
            stop(k, "item", item, *rules, k->fact->r->occurred_at_ms);
}

static void stepped(struct audit_carried *k, const Rules__StepTaken *taken)
{
    if (strcmp(taken->kind, "item") != 0)
        return; // power has no terms
    const struct audit_item_step *step = audit_item_step(taken);
    each(k, taken->number, step->ends, false);
    each(k, taken->number, step->begins, true);
}

static void filed(struct audit_carried *k, const Seizure__FilingNoted *noted)
{
    for (size_t i = 0; i < noted->n_items; i++) {
        const struct audit_item *item = audit_find_text(&k->a->items, noted->items[i]);
        Rules__Clock *c = begin(k, "item", noted->items[i], "SZ16", "");
        if (c == NULL)
            continue;
        c->owner = (char *)(uintptr_t)item->officer;
        if (item->case_from_paper)
            c->not_counted = RULES__NOT_COUNTED__FROM_PAPER;
        audit_count_term(k->a, c, k->fact);
    }
}

static void by_seizure(struct audit_carried *k, const Seizure__Event *e)
{
    static const char *const RELEASE[] = {"SZ3", "SZ6", "SZ9", "OP-SEAL", "OP-BREACH", NULL};

    if (e->body_case == SEIZURE__EVENT__BODY_ITEM_SEALED)
        sealed(k, e->item_sealed);
    if (e->body_case == SEIZURE__EVENT__BODY_SEAL_EXTENDED) {
        extended(k, e->seal_extended);
        begin_now(k, e->seal_extended->item, "SZ17");
    }
    if (e->body_case == SEIZURE__EVENT__BODY_SEAL_RELEASED) {
        each(k, e->seal_released->item, RELEASE, false);
        begin_now(k, e->seal_released->item, "SZ17b");
    }
    if (e->body_case == SEIZURE__EVENT__BODY_STEP_TAKEN)
        stepped(k, e->step_taken);
    if (e->body_case == SEIZURE__EVENT__BODY_FILING_NOTED)
        filed(k, e->filing_noted);
    if (e->body_case == SEIZURE__EVENT__BODY_CLOCK_RANG)
        audit_rang(k, e->clock_rang);
    if (e->body_case == SEIZURE__EVENT__BODY_CLOCK_TAKEN)
        taken(k, e->clock_taken);
    if (e->body_case == SEIZURE__EVENT__BODY_CLOCK_PAUSED)
        paused(k, e->clock_paused);
}

static const char *part(struct audit *a, const char *order, const char *team)
{
    const size_t size = strlen(order) + strlen(team) + 2;
    char *text = audit_alloc(a, size);
    snprintf(text, size, "%s/%s", order, team);
    return text;
}

static void issued(struct audit_carried *k, const Dispatch__OrderIssued *o)
{
    if (!audit_is_from_paper(k->fact))
        audit_count_term(k->a,
                         begin(k, "order", o->number, "OP-ACK",
                               o->priority == DISPATCH__PRIORITY__FLASH    ? "flash"
                               : o->priority == DISPATCH__PRIORITY__URGENT ? "urgent"
                                                                           : "routine"),
                         k->fact);
}

// With the last answer the order is answered, at the latest of all of them.
static void answered(struct audit_carried *k, const char *number_)
{
    const struct audit_order *order = audit_find_text(&k->a->orders, number_);
    int64_t last_ms = 0;
    for (size_t i = 0; i < order->team_count; i++) {
        if (order->teams[i].answered_ms == 0)
            return;
        if (order->teams[i].answered_ms > last_ms)
            last_ms = order->teams[i].answered_ms;
    }
    stop(k, "order", number_, "OP-ACK", last_ms);
}

static void acknowledged(struct audit_carried *k, const Dispatch__StepReported *e)
{
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    const struct audit_shift *shift = audit_on_duty(&k->stream->roster, at_ms);
    answered(k, e->order);
    if (audit_is_from_paper(k->fact))
        return;
    Rules__Clock *c = begin(k, "assignment", part(k->a, e->order, e->team), "OP-DEPART",
                            shift != NULL && strcmp(shift->name, "night") == 0 ? "night" : "day");
    c->owner = e->team;
    audit_count_term(k->a, c, k->fact);
}

// Of a breach that was entered long after it happened nobody is called any more in time. How long
// after it was entered in seizure is what counts; dispatch may hear of it later still.
static void called(struct audit_carried *k, const Dispatch__CallOpened *call, bool has_term)
{
    if (k->fact->r->recorded_at_ms - call->at_ms > CALL_WINDOW_MS && !has_term)
        return;
    Rules__Clock *c = begin(k, "call", call->number, "OP-CALL", "");
    c->owner = call->by;
    audit_count_term(k->a, c, k->fact);
}

// It begins with the end of the shift, as soon as that is known.
static void handing_over(struct audit_carried *k, const char *shift, const char *group,
                         int64_t ends_ms)
{
    const bool known = audit_clock_of(k->a, "handover", shift, "OP-HANDOVER") != NULL;
    if (known || audit_is_from_paper(k->fact))
        return;
    Rules__Clock *c = begin(k, "handover", shift, "OP-HANDOVER", "");
    c->start_ms = ends_ms;
    c->owner = (char *)(uintptr_t)group;
    audit_count_term(k->a, c, k->fact);
}

// The term is counted anew from the issue, by the order's priority from now on.
static void amended(struct audit_carried *k, const Dispatch__OrderAmended *e)
{
    const char *variant = e->priority == DISPATCH__PRIORITY__FLASH    ? "flash"
                          : e->priority == DISPATCH__PRIORITY__URGENT ? "urgent"
                                                                      : "routine";
    const Rules__Clock *clock = audit_clock_of(k->a, "order", e->order, "OP-ACK");
    if (clock == NULL || strcmp(clock->variant, variant) == 0)
        return;
    Rules__Clock *c = audit_carry(k, clock);
    c->variant = (char *)(uintptr_t)variant;
    audit_count_term(k->a, c, k->fact);
    if (!audit_clock_runs(c))
        only_rung(c);
}

static void by_dispatch(struct audit_carried *k, const Dispatch__Event *e)
{
    if (e->body_case == DISPATCH__EVENT__BODY_CALL_OPENED)
        called(k, e->call_opened, e->n_clocks > 0);
    if (e->body_case == DISPATCH__EVENT__BODY_HANDOVER_OPENED)
        handing_over(k, e->handover_opened->number, e->handover_opened->group,
                     e->handover_opened->due_ms);
    for (size_t i = 0;
         e->body_case == DISPATCH__EVENT__BODY_HANDOVER_OPENED && i < e->handover_opened->n_missed;
         i++)
        stop(k, "handover", e->handover_opened->missed[i], "OP-HANDOVER",
             k->fact->r->occurred_at_ms);
    if (e->body_case == DISPATCH__EVENT__BODY_HANDOVER_FROZEN)
        handing_over(k, e->handover_frozen->number, e->handover_frozen->group,
                     e->handover_frozen->due_ms);
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    if (e->body_case == DISPATCH__EVENT__BODY_HANDOVER_SIGNED)
        stop(k, "handover", e->handover_signed->number, "OP-HANDOVER", at_ms);
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_AMENDED)
        amended(k, e->order_amended);
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_ISSUED)
        issued(k, e->order_issued);
    if (e->body_case == DISPATCH__EVENT__BODY_STEP_REPORTED &&
        e->step_reported->step == DISPATCH__STEP__ACKNOWLEDGED)
        acknowledged(k, e->step_reported);
    if (e->body_case == DISPATCH__EVENT__BODY_STEP_REPORTED &&
        e->step_reported->step == DISPATCH__STEP__DEPARTED) {
        answered(k, e->step_reported->order); // who departs without a word has acknowledged
        stop(k, "assignment", part(k->a, e->step_reported->order, e->step_reported->team),
             "OP-DEPART", at_ms);
    }
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_DECLINED) {
        answered(k, e->order_declined->order);
        stop(k, "assignment", part(k->a, e->order_declined->order, e->order_declined->team),
             "OP-DEPART", at_ms);
    }
    if (e->body_case == DISPATCH__EVENT__BODY_ORDER_CANCELLED) {
        const struct audit_order *order = audit_find_text(&k->a->orders, e->order_cancelled->order);
        stop(k, "order", e->order_cancelled->order, "OP-ACK", at_ms);
        for (size_t i = 0; i < order->team_count; i++)
            stop(k, "assignment", part(k->a, e->order_cancelled->order, order->teams[i].name),
                 "OP-DEPART", at_ms);
    }
    if (e->body_case == DISPATCH__EVENT__BODY_CLOCK_RANG)
        audit_rang(k, e->clock_rang);
    if (e->body_case == DISPATCH__EVENT__BODY_CLOCK_TAKEN)
        taken(k, e->clock_taken);
}

// A silence that is over as soon as it is known has no term: the gateway's, told by its next
// report.
static void fell_silent(struct audit_carried *k, const Monitor__Event *e)
{
    const Monitor__ChannelSilent *silent = e->channel_silent;
    const bool is_over = silent->unheard && k->fact->command->sent != NULL;
    if (is_over || !audit_is_required(k->a, silent->channel))
        return;
    Rules__Clock *c = begin(k, "channel", silent->channel, "OP-VIDEO", "");
    if (c == NULL)
        return;
    c->start_ms = silent->since_ms;
    c->owner = e->n_clocks > 0 ? e->clocks[0]->owner : c->owner; // the two of then: audit_rings.c
    audit_count_term(k->a, c, k->fact);
}

static void by_monitor(struct audit_carried *k, const Monitor__Event *e)
{
    if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_SILENT)
        fell_silent(k, e);
    if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_LIVE)
        stop(k, "channel", e->channel_live->channel, "OP-VIDEO", e->channel_live->since_ms);
    if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_RETIRED)
        stop(k, "channel", e->channel_retired->channel, "OP-VIDEO", e->channel_retired->since_ms);
    if (e->body_case == MONITOR__EVENT__BODY_CLOCK_RANG)
        audit_rang(k, e->clock_rang);
    if (e->body_case == MONITOR__EVENT__BODY_CLOCK_TAKEN)
        taken(k, e->clock_taken);
}

// From one monthly meeting to the next; behind a later one nothing begins.
static void monthly(struct audit_carried *k, const char *meeting)
{
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    const Rules__Clock *runs = NULL;
    for (const struct audit_entry *e = k->a->clocks.first; e != NULL; e = e->next) {
        const struct audit_clock *clock = e->value;
        if (strcmp(clock->row->rule, "OP-MEETING") == 0 && audit_clock_runs(clock->row))
            runs = clock->row;
    }
    if (audit_is_from_paper(k->fact) || (runs != NULL && runs->start_ms > at_ms))
        return;
    if (runs != NULL)
        stop(k, "meeting", runs->number, "OP-MEETING", at_ms);
    begin_of(k, "meeting", meeting, "OP-MEETING");
}

// It ends with the day that is set, and is over once what was reported then was found good.
static void by_oversight(struct audit_carried *k, const Oversight__Event *e)
{
    if (e->body_case == OVERSIGHT__EVENT__BODY_MEETING_RECORDED &&
        e->meeting_recorded->kind == OVERSIGHT__MEETING__KIND__MONTHLY)
        monthly(k, e->meeting_recorded->number);
    if (e->body_case == OVERSIGHT__EVENT__BODY_TASK_ASSIGNED && !audit_is_from_paper(k->fact)) {
        Rules__Clock *c = begin(k, "task", e->task_assigned->number, "OP-TASK", "");
        c->owner = e->task_assigned->owner;
        c->set_due_ms = audit_midnight_after(e->task_assigned->due_day);
        audit_count_term(k->a, c, k->fact);
    }
    if (e->body_case == OVERSIGHT__EVENT__BODY_STEP_TAKEN &&
        e->step_taken->verb == RULES__VERB__VERIFY) {
        const struct audit_task *task = audit_find_text(&k->a->tasks, e->step_taken->number);
        stop(k, "task", e->step_taken->number, "OP-TASK", task->reported_ms);
    }
    if (e->body_case == OVERSIGHT__EVENT__BODY_CLOCK_RANG)
        audit_rang(k, e->clock_rang);
    if (e->body_case == OVERSIGHT__EVENT__BODY_CLOCK_TAKEN)
        taken(k, e->clock_taken);
}

static void tip_stepped(struct audit_carried *k, const Rules__StepTaken *taken)
{
    const struct audit_tip_step *step = audit_tip_step(taken);
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    if (step->ends != NULL)
        stop(k, "tip", taken->number, step->ends, at_ms);
    if (step->begins != NULL)
        begin_of(k, "tip", taken->number, step->begins);
    if (taken->verb != RULES__VERB__CLOSE)
        return;
    const Rules__Clock *right = audit_clock_of(k->a, "tip", taken->number, "TI4");
    if (right == NULL || !audit_clock_runs(right))
        return;
    AUDIT(at_ms >= right->due_ms, "tips", "tip %s is closed while a review may be asked for",
          taken->number);
    stop(k, "tip", taken->number, "TI4", right->due_ms != 0 ? right->due_ms - 1 : at_ms);
}

static void by_tips(struct audit_carried *k, const Tips__Event *e)
{
    if (e->body_case == TIPS__EVENT__BODY_TIP_RECORDED &&
        e->tip_recorded->state == TIPS__TIP_STATE__RECEIVED)
        begin_of(k, "tip", e->tip_recorded->number, "TI1");
    if (e->body_case == TIPS__EVENT__BODY_STEP_TAKEN)
        tip_stepped(k, e->step_taken);
    if (e->body_case == TIPS__EVENT__BODY_CLOCK_RANG)
        audit_rang(k, e->clock_rang);
    if (e->body_case == TIPS__EVENT__BODY_CLOCK_TAKEN)
        taken(k, e->clock_taken);
}

// They are whose who handles the decision; the limit's own runs from it, the stop has none.
static void limit_decided(struct audit_carried *k, const Ledger__LimitDecided *e)
{
    const bool limited = e->kind == LEDGER__LIMIT__KIND__LIMITED;
    if (limited || e->kind == LEDGER__LIMIT__KIND__STOPPED)
        begin_for(k, "limit", e->number, "LP1", e->handler, 0);
    if (limited)
        begin_for(k, "limit", e->number, "LP2", e->handler, e->months);
}

static void limit_stepped(struct audit_carried *k, const Rules__StepTaken *taken)
{
    const struct audit_limit *limit = audit_find_text(&k->a->limits, taken->number);
    const struct audit_limit_step *step = audit_limit_step(limit, taken);
    const int64_t at_ms = k->fact->r->occurred_at_ms;
    for (size_t i = 0; step->ends[i] != NULL; i++)
        stop(k, "limit", taken->number, step->ends[i], at_ms);
    if (step->begins != NULL)
        begin_for(k, "limit", taken->number, step->begins, limit->handler, 0);
    if (taken->verb != RULES__VERB__EXTEND)
        return;
    Rules__Clock *c = audit_carry(k, audit_running(k, "limit", taken->number, "LP2"));
    AUDIT(taken->act->months <= 3 && c->n_extensions == 0 && (c->due_ms == 0 || at_ms < c->due_ms),
          "limit", "%s is extended too late, for too long, or once more", taken->number);
    extend(k, c, "LP2b", (int32_t)taken->act->months, taken->act->paper);
}

static void by_ledger(struct audit_carried *k, const Ledger__Event *e)
{
    if (e->body_case == LEDGER__EVENT__BODY_LIMIT_DECIDED)
        limit_decided(k, e->limit_decided);
    if (e->body_case == LEDGER__EVENT__BODY_STEP_TAKEN && strcmp(e->step_taken->kind, "limit") == 0)
        limit_stepped(k, e->step_taken);
    if (e->body_case == LEDGER__EVENT__BODY_CLOCK_RANG && strcmp(e->clock_rang->kind, "limit") == 0)
        audit_rang(k, e->clock_rang);
}

// ---------------------------------------------------------------- what the record carries

static struct lq_span packed(struct audit *a, const Rules__Clock *c)
{
    uint8_t *bytes = audit_alloc(a, rules__clock__get_packed_size(c) + 1);
    return lq_span(bytes, rules__clock__pack(c, bytes));
}

static void check_marks(const struct audit_carried *k, const Rules__Clock *c,
                        const Rules__Clock *told)
{
    const number seq = k->fact->r->seq;
    AUDIT(c->n_marks == told->n_marks, "clock",
          "record %llu of %s: the term %s of %s has %zu marks, not %zu", seq, k->stream->name,
          c->rule, c->number, told->n_marks, c->n_marks);
    for (size_t i = 0; i < c->n_marks; i++)
        AUDIT(c->marks[i]->at_ms == told->marks[i]->at_ms &&
                  c->marks[i]->rung == told->marks[i]->rung,
              "clock", "record %llu of %s: mark %zu of the term %s of %s is at %lld, not at %lld",
              seq, k->stream->name, i, c->rule, c->number, (long long)told->marks[i]->at_ms,
              (long long)c->marks[i]->at_ms);
}

static void check_row(const struct audit_carried *k, Rules__Clock *c, const Rules__Clock *told)
{
    const number seq = k->fact->r->seq;
    AUDIT(told != NULL, "clock", "record %llu of %s does not carry the term %s of %s %s", seq,
          k->stream->name, c->rule, c->kind, c->number);
    AUDIT(told->revision[0] != '\0', "clock", "record %llu of %s counts by no revision", seq,
          k->stream->name);
    c->revision = told->revision;
    AUDIT(told->due_ms == c->due_ms && told->arguable_due_ms == c->arguable_due_ms, "clock",
          "record %llu of %s ends the term %s of %s at %lld (%lld); it ends at %lld (%lld)", seq,
          k->stream->name, c->rule, c->number, (long long)told->due_ms,
          (long long)told->arguable_due_ms, (long long)c->due_ms, (long long)c->arguable_due_ms);
    AUDIT(told->stop_ms == c->stop_ms, "clock",
          "record %llu of %s stops the term %s of %s at %lld, not at %lld", seq, k->stream->name,
          c->rule, c->number, (long long)told->stop_ms, (long long)c->stop_ms);
    check_marks(k, c, told);
    AUDIT(lq_span_equal(packed(k->a, c), packed(k->a, told)), "clock",
          "record %llu of %s carries the term %s of %s otherwise than it is", seq, k->stream->name,
          c->rule, c->number);
}

static void check_carried(struct audit_carried *k, Rules__Clock *const *told, size_t count_told)
{
    AUDIT(k->count == count_told, "clock", "record %llu of %s carries %zu terms, not %zu",
          (number)k->fact->r->seq, k->stream->name, count_told, k->count);
    for (size_t i = 0; i < k->count; i++) {
        Rules__Clock *c = k->rows[i];
        const Rules__Clock *same = NULL;
        for (size_t t = 0; t < count_told; t++)
            if (strcmp(told[t]->kind, c->kind) == 0 && strcmp(told[t]->number, c->number) == 0 &&
                strcmp(told[t]->rule, c->rule) == 0 && told[t]->start == c->start)
                same = told[t];
        check_row(k, c, same);
        struct audit_clock *kept = audit_put(k->a, &k->a->clocks, sizeof *kept,
                                             key_of(k->a, c->kind, c->number, c->rule, c->start));
        *kept = (struct audit_clock){.row = c, .stream = k->stream->name};
    }
}

void audit_clocks(struct audit *a, const struct audit_stream *stream, const struct audit_fact *fact,
                  const ProtobufCMessage *event)
{
    struct audit_carried k = {.a = a, .stream = stream, .fact = fact};
    if (event->descriptor == &seizure__event__descriptor) {
        const Seizure__Event *e = (const void *)event;
        by_seizure(&k, e);
        check_carried(&k, e->clocks, e->n_clocks);
    }
    if (event->descriptor == &tips__event__descriptor) {
        const Tips__Event *e = (const void *)event;
        by_tips(&k, e);
        check_carried(&k, e->clocks, e->n_clocks);
    }
    if (event->descriptor == &oversight__event__descriptor) {
        const Oversight__Event *e = (const void *)event;
        by_oversight(&k, e);
        check_carried(&k, e->clocks, e->n_clocks);
    }
    if (event->descriptor == &ledger__event__descriptor) {
        const Ledger__Event *e = (const void *)event;
        Rules__Clock **of_limits = audit_alloc(a, (e->n_clocks + 1) * sizeof *of_limits);
        size_t count = 0; // those of premises are not modelled
        for (size_t i = 0; i < e->n_clocks; i++)
            if (strcmp(e->clocks[i]->kind, "limit") == 0)
                of_limits[count++] = e->clocks[i];
        by_ledger(&k, e);
        check_carried(&k, of_limits, count);
    }
    if (event->descriptor == &dispatch__event__descriptor) {
        const Dispatch__Event *e = (const void *)event;
        by_dispatch(&k, e);
        check_carried(&k, e->clocks, e->n_clocks);
    }
    if (event->descriptor == &monitor__event__descriptor) {
        const Monitor__Event *e = (const void *)event;
        by_monitor(&k, e);
        check_carried(&k, e->clocks, e->n_clocks);
    }
}

// ---------------------------------------------------------------- answers

static Rules__ClockStatus status_at(const Rules__Clock *c, int64_t at_ms)
{
    if (c->due_ms == 0)
        return RULES__CLOCK_STATUS__NOT_COUNTED;
    if (c->stop_ms != 0 && c->stop_ms <= at_ms)
        return c->stop_ms < c->due_ms ? RULES__CLOCK_STATUS__MET : RULES__CLOCK_STATUS__LATE;
    if (at_ms >= c->due_ms)
        return RULES__CLOCK_STATUS__OVERDUE;
    return audit_is_paused(c, audit_day(at_ms)) ? RULES__CLOCK_STATUS__PAUSED
                                                : RULES__CLOCK_STATUS__RUNNING;
}

static bool is_to_role(Rules__Addressee to, uint32_t roles)
{
    static const uint32_t of[] = {[RULES__ADDRESSEE__DESK_CHIEF] = ROLE_BIT(DESK),
                                  [RULES__ADDRESSEE__DESK] = ROLE_BIT(DESK),
                                  [RULES__ADDRESSEE__LIAISON] = ROLE_BIT(LIAISON),
                                  [RULES__ADDRESSEE__HEAD] = ROLE_BIT(HEAD),
                                  [RULES__ADDRESSEE__COMMANDER] = ROLE_BIT(COMMANDER)};
    return ((unsigned)to < sizeof of / sizeof of[0] ? of[to] & roles : 0) != 0;
}

// By name or by role; desk chiefs by role only where nobody was named.
static bool was_told(const struct audit_asked *asked, const Rules__Clock *c)
{
    bool told = false;
    for (size_t m = 0; m < c->n_marks; m++) {
        const Rules__Mark *mark = c->marks[m];
        for (size_t i = 0; mark->rung && i < mark->n_badges; i++)
            told |= strcmp(mark->badges[i], asked->actor) == 0;
        for (size_t i = 0; mark->rung && i < mark->n_to; i++)
            told |= is_to_role(mark->to[i], asked->roles) &&
                    (mark->to[i] != RULES__ADDRESSEE__DESK_CHIEF || mark->n_badges == 0);
    }
    return told;
}

static bool is_asked_for(const struct audit *a, const Rules__AskClocks *q, const Rules__Clock *c,
                         int64_t at_ms)
{
    const Rules__ClockStatus status = status_at(c, at_ms);
    const bool uncounted = status == RULES__CLOCK_STATUS__NOT_COUNTED;
    const bool over = status == RULES__CLOCK_STATUS__MET || status == RULES__CLOCK_STATUS__LATE ||
                      (uncounted && !audit_clock_runs(c));
    const size_t stem = strlen(q->rule);
    return c->start_ms <= at_ms && (q->all || !over) && (q->all || q->not_counted == uncounted) &&
           (q->kind[0] != '\0' || q->all || q->on_ms != 0 || audit_clock_runs(c)) &&
           (q->kind[0] == '\0' || strcmp(q->kind, c->kind) == 0) &&
           (q->number[0] == '\0' || strcmp(q->number, c->number) == 0) &&
           (stem == 0 || strncmp(q->rule, c->rule, stem) == 0 ||
            (c->n_extensions > 0 && strcmp(q->rule, c->extensions[0]->rule) == 0)) &&
           (!q->alerts || was_told(a->asking, c)) &&
           (!q->mine || was_told(a->asking, c) || strcmp(c->owner, a->asking->actor) == 0) &&
           (!q->overdue || status == RULES__CLOCK_STATUS__OVERDUE) &&
           (q->within_day == 0 || (!uncounted && status != RULES__CLOCK_STATUS__OVERDUE &&
                                   audit_day(c->due_ms - 1) <= q->within_day));
}

static void check_told(struct audit *a, const struct audit_stream *stream,
                       const Rules__AskClocks *q, const Rules__Clock *told, int64_t at_ms)
{
    const Rules__Clock *c = start_of(a, told->kind, told->number, told->rule, told->start);
    AUDIT(c != NULL && is_asked_for(a, q, c, at_ms), "answer",
          "%s tells of the term %s of %s %s, which was not asked for", stream->name, told->rule,
          told->kind, told->number);
    AUDIT(told->status == status_at(c, at_ms) && told->due_ms == c->due_ms &&
              told->stop_ms == c->stop_ms,
          "answer", "%s says of the term %s of %s %s that it is %d, ends at %lld; it is %d, %lld",
          stream->name, told->rule, told->kind, told->number, (int)told->status,
          (long long)told->due_ms, (int)status_at(c, at_ms), (long long)c->due_ms);
    const int32_t last_day = c->due_ms != 0 ? audit_day(c->due_ms - 1) : 0;
    AUDIT(told->last_day == last_day &&
              told->act_by_day ==
                  (last_day == 0 || !told->in_days ? last_day : audit_act_by_day(last_day)) &&
              told->in_days == audit_term_in_days(c) && told->n_marks == c->n_marks,
          "answer", "%s tells of another last day of the term %s of %s %s", stream->name,
          told->rule, told->kind, told->number);
}

void audit_clocks_answer(struct audit *a, const struct audit_stream *stream,
                         const Rules__AskClocks *q, const Rules__ClocksAnswer *answer,
                         int64_t clock_ms)
{
    const int64_t at_ms = q->on_ms != 0 ? q->on_ms : clock_ms;
    const bool by_end = !q->all && q->on_ms == 0 && q->kind[0] == '\0';
    size_t asked = 0;
    for (size_t i = 0; i < answer->n_clocks; i++)
        check_told(a, stream, q, answer->clocks[i], at_ms);
    for (size_t i = 1; by_end && i < answer->n_clocks; i++)
        AUDIT(answer->clocks[i - 1]->due_ms <= answer->clocks[i]->due_ms, "answer",
              "%s tells of a term before one that ends earlier", stream->name);
    for (const struct audit_entry *e = a->clocks.first; e != NULL; e = e->next) {
        const struct audit_clock *clock = e->value;
        asked += clock->stream == stream->name && is_asked_for(a, q, clock->row, at_ms);
    }
    AUDIT(answer->more || answer->n_clocks == asked, "answer",
          "%s tells of %zu terms; by its records there are %zu", stream->name, answer->n_clocks,
          asked);
}
