// What becomes of a tip (law.md 9.5), and the terms of the Regulations on Letters and Visits: it is
// accepted or not within TI1 of its receipt, looked into by two officers, answered within TI2 of
// its acceptance, and reviewed if whoever gave it asks within TI4. What is entered from paper has
// been answered long ago, or nobody knows: no step is asked of it, and no term runs.
#include "language/language.h"
#include "tips.h"

#define TIP "tip"
#define STATE(name) TIPS__TIP_STATE__##name

enum { HOTLINE = LQ_ROLE(CLERK) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON) };

Tips__TipState tips_begin(struct lq_decision *d, const char *number)
{
    if (lq_is_from_paper(d->facts))
        return STATE(NOT_RECORDED);
    lq_clock_start(d, &(struct lq_clock_start){.kind = TIP,
                                               .number = number,
                                               .rule = "TI1",
                                               .start_ms = d->facts->occurred_ms,
                                               .owner = d->facts->principal});
    return STATE(RECEIVED);
}

// ---------------------------------------------------------------- rules

// Regulations art. 33: once, by the head, and the informant is told why.
static struct lq_verdict check_extend(struct lq_decision *d, struct lq_taking *taking)
{
    return lq_clock_extend(d, TIP, taking->number, "TI2", "TI2b", (int32_t)taking->act->days,
                           taking->act->paper);
}

// What two officers have found is one of the two ends of this step.
static struct lq_verdict check_verify(struct lq_decision *d, struct lq_taking *taking)
{
    static const char *const TRUE[] = {"substantiated", "属实", "查证属实"};
    static const char *const UNTRUE[] = {"unsubstantiated", "不属实", "查证不属实"};
    LQ_TRY(lq_need_officers(d, taking->act, LQ_TR_LATER("Administrative Penalty Law art. 37")));
    for (size_t i = 0; i < sizeof TRUE / sizeof *TRUE; i++) {
        const bool is_untrue = strcmp(taking->act->ground, UNTRUE[i]) == 0;
        if (!is_untrue && strcmp(taking->act->ground, TRUE[i]) != 0)
            continue;
        taking->act->ground = lq_unconst(is_untrue ? UNTRUE[0] : TRUE[0]);
        if (is_untrue)
            taking->step++; // the next row: the same verb, to the other end
        return LQ_ACCEPT;
    }
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "\"%s\" says nothing of tip %s: is it substantiated or unsubstantiated?",
                     taking->act->ground, taking->number);
}

// Whoever gave it may ask for a review until then; with the last day that ends, and nobody is late.
static struct lq_verdict check_close(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Clock *term = lq_clock_find(d->view, TIP, taking->number, "TI4");
    char due[LQ_TIME_TEXT];
    if (term == NULL || !lq_clock_runs(term))
        return LQ_ACCEPT;
    if (d->facts->occurred_ms < term->due_ms)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "whoever gave tip %s may ask for a review until %s: it is closed then",
                         taking->number, lq_format_local(term->due_ms, due));
    lq_clock_stop(d, TIP, taking->number, "TI4",
                  term->due_ms != 0 ? term->due_ms - 1 : d->facts->occurred_ms);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- the table

#define STEP(from, to, verb, who, ...)                                                             \
    LQ_STEP(STATE(from), to, verb, who, LQ_ROLE(CLERK) | LQ_ROLE(DESK), __VA_ARGS__)

static const struct lq_step STEPS[] = {
    STEP(RECEIVED, STATE(ACCEPTED), ACCEPT, HOTLINE, .stops = "TI1", .starts = "TI2"),
    STEP(RECEIVED, STATE(NOT_ACCEPTED), NOT_ACCEPT, HOTLINE, .needs = "note", .stops = "TI1"),
    STEP(RECEIVED, STATE(REFERRED), REFER, HOTLINE, .needs = "taker", .stops = "TI1"),
    STEP(ACCEPTED, LQ_STEP_STAYS, EXTEND, LQ_ROLE(HEAD), .needs = "note", .rule = check_extend),
    // By two officers, who are named; they themselves read no tips (tips.c).
    STEP(ACCEPTED, STATE(SUBSTANTIATED), VERIFY, HOTLINE, .needs = "officers ground",
         .rule = check_verify),
    STEP(ACCEPTED, STATE(UNSUBSTANTIATED), VERIFY, HOTLINE, .needs = "officers ground",
         .rule = check_verify),
    STEP(SUBSTANTIATED, STATE(REPLIED), REPLY, HOTLINE, .stops = "TI2", .starts = "TI4"),
    STEP(UNSUBSTANTIATED, STATE(REPLIED), REPLY, HOTLINE, .stops = "TI2", .starts = "TI4"),
    STEP(REPLIED, STATE(IN_REVIEW), ASK_REVIEW, HOTLINE, .stops = "TI4", .starts = "TI4b"),
    STEP(REPLIED, STATE(CLOSED), CLOSE, HOTLINE, .rule = check_close),
    STEP(IN_REVIEW, STATE(CLOSED), ANSWER_REVIEW, HOTLINE | LQ_ROLE(HEAD), .stops = "TI4b"),
};

const struct lq_steps tips_tip_steps = {
    .entity = TIP,
    .states = &tips__tip_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

void tips_tip_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Tips__Tip *tip = row;
    (void)tables;
    if (step->verb == RULES__VERB__VERIFY)
        tip->finding = step->act->note;
    if (step->verb == RULES__VERB__REPLY)
        tip->replied_at_ms = step->at_ms;
}

// ---------------------------------------------------------------- terms

// It was received at another time: the first term runs from then.
void tips_restate(struct lq_decision *d, const Tips__Tip *was, const Tips__Tip *now)
{
    const Rules__Clock *term = lq_clock_now(d, TIP, now->number, "TI1");
    if (term != NULL && was->received_at_ms != now->received_at_ms)
        lq_clock_restart(
            d, term,
            &(struct lq_clock_start){.start_ms = now->received_at_ms, .stop_ms = term->stop_ms});
}

void tips_clock_people(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    lq_told_begin(d, rang);
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER))
        lq_told_add(rang, clock->owner);
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        lq_told_add_desk_chiefs(d, rang, NULL);
}

// That there is a tip, and until when it is answered, is for those who read tips.
void tips_ask_clocks(struct lq_reading *r, const void *query, void *answer)
{
    if ((r->roles & TIPS_READERS) != 0)
        lq_ask_clocks(r, query, answer);
}

// A term runs in those states only in which its end is awaited.
void tips_check_terms(struct lq_view *view, const Tips__Tip *tip)
{
    static const struct {
        const char *rule;
        uint32_t states;
    } TERMS[] = {
        {"TI1", 1U << STATE(RECEIVED)},
        {"TI2", 1U << STATE(ACCEPTED) | 1U << STATE(SUBSTANTIATED) | 1U << STATE(UNSUBSTANTIATED)},
        {"TI4", 1U << STATE(REPLIED)},
        {"TI4b", 1U << STATE(IN_REVIEW)},
    };
    for (size_t i = 0; i < sizeof TERMS / sizeof *TERMS; i++) {
        const Rules__Clock *term = lq_clock_find(view, TIP, tip->number, TERMS[i].rule);
        LQ_ASSERT(term == NULL || !lq_clock_runs(term) || (TERMS[i].states >> tip->state & 1) != 0);
    }
}
