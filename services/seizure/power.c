// Power that was cut at premises, and given back. What it rests on is recorded as of all that is no
// seizure (basis.c); it is on an order, or on a decision of the government alone.
#include "seizure.h"

const struct lq_table seizure_table_power_cuts = {"power_cuts", &seizure__power_cut__descriptor};

static const struct lq_step STEPS[] = {
    {.from = SEIZURE__POWER_STATE__POWER_IS_CUT,
     .to = SEIZURE__POWER_STATE__POWER_IS_BACK,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__RESTORE_POWER,
     .who = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER) | LQ_ROLE(COMMANDER) | LQ_ROLE(HEAD),
     .behalf = LQ_ROLE(CLERK) | LQ_ROLE(DESK)},
};

const struct lq_steps seizure_power_steps = {
    .entity = "power",
    .states = &seizure__power_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

static bool is_off(const Seizure__PowerCut *cut)
{
    return cut->state == SEIZURE__POWER_STATE__POWER_IS_CUT;
}

static struct lq_verdict need_power(struct lq_decision *d, const char *target)
{
    char at[LQ_TIME_TEXT];
    for (struct lq_scan s = lq_scan(d->view, &seizure_table_power_cuts, lq_key_none());
         lq_scan_next(&s);) {
        const Seizure__PowerCut *cut = s.row;
        if (is_off(cut) && strcmp(cut->target, target) == 0)
            return lq_reject(d, SEIZURE__REJECT__POWER_CUT_ALREADY,
                             "the power of %s is cut since %s (%s): what is cut in addition is "
                             "recorded once that is back",
                             target, lq_format_local(cut->at_ms, at), cut->number);
    }
    return LQ_ACCEPT;
}

struct lq_verdict seizure_cut_power(struct lq_decision *d, const void *command)
{
    const Seizure__CutPower *c = command;
    char *number = lq_number_or_next(d, c->number, &seizure_table_power_cuts, "PW001");
    const Dispatch__OrderNote *order = NULL;
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the power cut's number", number));
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the premises' number", c->target));
    const Ledger__PremisesNote *premises = lq_premises_find(d->view, c->target);
    LQ_TRY(lq_need_premises(d, SEIZURE__REJECT__SITE_UNKNOWN, c->target, premises));
    if (c->order[0] != '\0')
        LQ_TRY(seizure_need_order(d, c->order, c->target, &order));
    LQ_TRY(lq_need_new(d, SEIZURE__REJECT__POWER_CUT_ALREADY, &seizure_table_power_cuts, number));
    LQ_TRY(need_power(d, c->target));
    const struct seizure_basis basis = SEIZURE_BASIS(c, d->facts->occurred_ms);
    LQ_TRY(seizure_need_basis_fits(d, number, SEIZURE__ACTION__ACTION_UNSPECIFIED, &basis));

    Seizure__PowerWasCut cut = SEIZURE__POWER_WAS_CUT__INIT;
    cut.number = number;
    cut.target = c->target;
    cut.township = premises->township;
    cut.order = c->order;
    cut.extent = c->extent;
    cut.by = lq_arena_text(d->arena, d->facts->principal);
    cut.at_ms = d->facts->occurred_ms;
    SEIZURE_COPY_BASIS(&cut, c);
    cut.n_warnings = seizure_warn(d->arena, d->facts->law, &basis, &cut.warnings);
    lq_emit(d, SEIZURE__EVENT__BODY_POWER_CUT, &cut.base);
    lq_number(d, number);
    return LQ_ACCEPT;
}

// A power cut may be on no order.
struct lq_verdict seizure_check_power_correction(struct lq_decision *d, const char *number,
                                                 const void *before, void *after)
{
    (void)before;
    const Seizure__PowerCut *cut = after;
    if (cut->order[0] != '\0')
        LQ_TRY(seizure_need_after_order(d, cut->order, cut->at_ms));
    const struct seizure_basis basis = SEIZURE_BASIS(cut, cut->at_ms);
    return seizure_need_basis_fits(d, number, SEIZURE__ACTION__ACTION_UNSPECIFIED, &basis);
}

void seizure_list_power_cuts(struct lq_reading *r, const void *query, void *answer)
{
    const Seizure__ListPowerCuts *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &seizure_table_power_cuts, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Seizure__PowerCut *row = s.row;
        if (q->open && !is_off(row))
            continue;
        Seizure__PowerCut *told = LQ_NEW(r->arena, Seizure__PowerCut);
        *told = *row;
        const struct seizure_basis basis = SEIZURE_BASIS(row, row->at_ms);
        told->n_warnings = seizure_warn(r->arena, r->law, &basis, &told->warnings);
        if (!lq_rows_add(&rows, told))
            break;
    }
    lq_rows_answer(&rows, answer);
}
