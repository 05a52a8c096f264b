// The rules for correcting and voiding cases, suspects, and the steps taken with suspects.
#include "casefile.h"

// ---------------------------------------------------------------- cases

// The suspects' steps rest on the instants of the case.
static struct lq_verdict check_suspects(struct lq_decision *d, const Casefile__Case *of)
{
    char at[LQ_TIME_TEXT];
    struct lq_scan s = lq_scan(d->view, &casefile_table_case_suspects, lq_key_text(of->number));
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader); // the case
        const Casefile__Suspect *suspect =
            lq_find(d->view, &casefile_table_suspects, lq_key_text(lq_key_read_text(&reader)));
        LQ_ASSERT(suspect != NULL);
        for (size_t i = 0; i < suspect->n_history; i++)
            if (suspect->history[i]->at_ms <
                (i == 0 ? casefile_case_since_ms(of) : of->filed_at_ms))
                return lq_reject(d, CASEFILE__REJECT__BEFORE_CASE,
                                 "a step of suspect %s is dated %s, before case %s was opened or "
                                 "filed: correct that first",
                                 suspect->number, lq_format_local(suspect->history[i]->at_ms, at),
                                 of->number);
    }
    return LQ_ACCEPT;
}

static struct lq_verdict check_times(struct lq_decision *d, const Casefile__Case *was,
                                     const Casefile__Case *now)
{
    if ((was->opened_at_ms == 0) != (now->opened_at_ms == 0) ||
        (was->filed_at_ms == 0) != (now->filed_at_ms == 0) ||
        (was->solved_at_ms == 0) != (now->solved_at_ms == 0))
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                         "case %s is filed and solved by reports, and not by a correction",
                         now->number);
    const bool rising = (now->opened_at_ms == 0 || now->opened_at_ms >= now->reported_at_ms) &&
                        (now->filed_at_ms == 0 || now->filed_at_ms >= now->opened_at_ms) &&
                        (now->solved_at_ms == 0 || now->solved_at_ms >= now->filed_at_ms);
    if (!rising)
        return lq_reject(d, CASEFILE__REJECT__BEFORE_CASE,
                         "case %s is opened, then filed, then solved: its instants must follow "
                         "each other",
                         now->number);
    return check_suspects(d, now);
}

struct lq_verdict casefile_check_case_correction(struct lq_decision *d, const char *number,
                                                 const void *before, void *after)
{
    const Casefile__Case *c = after;
    if (c->offence[0] == '\0')
        return lq_reject(d, CASEFILE__REJECT__FIELD_MISSING,
                         "case %s needs an offence: what is it about?", number);
    const Dispatch__OrderNote *order;
    if (c->order[0] != '\0' || c->penalty[0] == '\0')
        LQ_TRY(
            casefile_need_order(d, number, c->order, c->target, casefile_case_since_ms(c), &order));
    LQ_TRY(check_times(d, before, c));
    casefile_restate_case_term(d, before, c);
    return LQ_ACCEPT;
}

struct lq_verdict casefile_check_case_void(struct lq_decision *d, const char *number,
                                           const void *thing)
{
    struct lq_scan s = lq_scan(d->view, &casefile_table_case_suspects, lq_key_text(number));
    if (!lq_scan_next(&s))
        return LQ_ACCEPT;
    struct lq_key_reader reader = {.key = &s.key};
    lq_key_read_text(&reader); // the case
    return lq_reject(d, LQ_COMMON(STILL_NEEDED), "case %s has suspect %s: void that first", number,
                     lq_key_read_text(&reader));
}

// ---------------------------------------------------------------- suspects

void casefile_suspect_changed(struct lq_view *tables, const struct lq_thing *thing,
                              const char *number, const void *before, const void *after)
{
    const Casefile__Suspect *was = before;
    if (after == NULL)
        lq_erase(tables, &casefile_table_case_suspects, casefile_pair(was->case_number, number));
}

// ---------------------------------------------------------------- steps

// A step is named by its suspect and its place in the history, counted from 1: "X0003/2".
static const Casefile__Suspect *suspect_of(struct lq_view *view, const struct lq_thing *thing,
                                           const char *number, size_t *place)
{
    const Casefile__Suspect *suspect =
        lq_find(view, &casefile_table_suspects, lq_key_text(lq_thing_part(view, thing, number, 0)));
    *place = (size_t)lq_thing_place(view, thing, number);
    return suspect != NULL && *place >= 1 && *place <= suspect->n_history ? suspect : NULL;
}

const void *casefile_find_step(struct lq_view *view, const struct lq_thing *thing,
                               const char *number)
{
    size_t place;
    const Casefile__Suspect *suspect = suspect_of(view, thing, number, &place);
    return suspect != NULL ? suspect->history[place - 1] : NULL;
}

static const struct lq_thing *step_thing(struct lq_decision *d)
{
    return lq_thing_named(d->service, "suspect_step");
}

struct lq_verdict casefile_check_step_correction(struct lq_decision *d, const char *number,
                                                 const void *before, void *after)
{
    size_t place;
    const Casefile__Suspect *suspect = suspect_of(d->view, step_thing(d), number, &place);
    const Casefile__SuspectStepTaken *step = after;
    const Casefile__Case *of;
    LQ_TRY(casefile_need_case(d, suspect->case_number, &of));
    const int64_t from_ms =
        place == 1   ? casefile_case_since_ms(of)
        : place == 2 ? (of->filed_at_ms > suspect->history[0]->at_ms ? of->filed_at_ms
                                                                     : suspect->history[0]->at_ms)
                     : suspect->history[place - 2]->at_ms;
    const bool is_last = place == suspect->n_history;
    char at[LQ_TIME_TEXT], from[LQ_TIME_TEXT], to[LQ_TIME_TEXT];
    if (step->at_ms >= from_ms && (is_last || step->at_ms <= suspect->history[place]->at_ms)) {
        casefile_restate_step_terms(d, suspect, place - 1, step->at_ms);
        return LQ_ACCEPT;
    }
    return lq_reject(
        d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
        "the steps of suspect %s follow each other: this one lies between %s and %s, "
        "not at %s",
        suspect->number, lq_format_local(from_ms, from),
        lq_format_local(is_last ? d->facts->now_ms : suspect->history[place]->at_ms, to),
        lq_format_local(step->at_ms, at));
}

// The last step is taken back; what lies before another is what that one rests on.
struct lq_verdict casefile_check_step_void(struct lq_decision *d, const char *number,
                                           const void *thing)
{
    size_t place;
    const Casefile__Suspect *suspect = suspect_of(d->view, step_thing(d), number, &place);
    if (place == 1)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "suspect %s was identified with this step: void the suspect",
                         suspect->number);
    if (place < suspect->n_history)
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "suspect %s has taken %zu steps: void the last one first", suspect->number,
                         suspect->n_history);
    casefile_restate_step_terms(d, suspect, place - 1, 0);
    return LQ_ACCEPT;
}

void casefile_step_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                           const void *before, const void *after)
{
    size_t place;
    const Casefile__Suspect *kept = suspect_of(tables, thing, number, &place);
    LQ_ASSERT(kept != NULL);
    Casefile__Suspect suspect = *kept;
    Casefile__SuspectStepTaken *history[CASEFILE_STEPS_PER_SUSPECT];
    memcpy(history, kept->history, kept->n_history * sizeof *history);
    suspect.history = history;
    if (after != NULL) {
        history[place - 1] = lq_unconst(after);
    } else {
        LQ_ASSERT(place == kept->n_history && place > 1);
        suspect.n_history--;
        suspect.step = history[place - 2]->step;
    }
    lq_save(tables, &casefile_table_suspects, lq_key_text(suspect.number), &suspect.base);
}
