// Serving a paper, and what rests on papers: steps, and what can be voided.
#include <string.h>

#include "language/language.h"
#include "pb/pb.h"
#include "rules/papers_internal.h"
#include "service/clock_tables.h"
#include "service/need.h"
#include "service/voided.h"

static const char TWO_OFFICERS[] = LQ_TR_LATER("Administrative Compulsion Law art. 18(2)");

// ---------------------------------------------------------------- serving

static struct lq_verdict need_paper_row(struct lq_decision *d, const char *number,
                                        const Rules__Paper **paper)
{
    const void *row;
    LQ_TRY(lq_need_thing(d, lq_thing_named(d->service, LQ_PAPER_KIND), number, &row));
    *paper = row;
    return LQ_ACCEPT;
}

// Civil Procedure Law art. 84 to 92: who brought it, and by what it is known that it came.
static struct lq_verdict need_proof(struct lq_decision *d, const Rules__ServePaper *c)
{
    Rules__Act act = RULES__ACT__INIT;
    act.officers = c->officers;
    act.n_officers = c->n_officers;
    if (c->how == RULES__SERVED_HOW__SERVED_HOW_UNSPECIFIED)
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "how was paper %s served? in_person, left, posted or published",
                         c->number);
    if (c->how == RULES__SERVED_HOW__LEFT && c->witness[0] == '\0')
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "paper %s was left: who is the witness? (Civil Procedure Law art. 86)",
                         c->number);
    if ((c->how == RULES__SERVED_HOW__POSTED || c->how == RULES__SERVED_HOW__PUBLISHED) &&
        c->receipt[0] == '\0')
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "by which receipt, or in which newspaper, was paper %s served? (Civil "
                         "Procedure Law art. 88, 92)",
                         c->number);
    if (c->n_officers == 0 && c->how == RULES__SERVED_HOW__IN_PERSON && c->receipt[0] != '\0')
        return LQ_ACCEPT;
    if (c->n_officers == 0 && c->how != RULES__SERVED_HOW__IN_PERSON &&
        c->how != RULES__SERVED_HOW__LEFT)
        return LQ_ACCEPT;
    return lq_need_officers(d, &act, TWO_OFFICERS);
}

static struct lq_verdict need_unserved(struct lq_decision *d, const Rules__Paper *paper)
{
    char now[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    if (paper->served_at_ms != 0)
        return lq_reject(d, LQ_COMMON(PAPER_SERVED), "paper %s was served at %s", paper->number,
                         lq_format_local(paper->served_at_ms, then));
    if (paper->superseded_by[0] != '\0')
        return lq_reject(d, LQ_COMMON(PAPER_UNFIT), "paper %s was superseded by %s", paper->number,
                         paper->superseded_by);
    if (d->facts->occurred_ms < paper->issued_at_ms)
        return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                         "this is dated %s, but paper %s was issued only at %s",
                         lq_format_local(d->facts->occurred_ms, now), paper->number,
                         lq_format_local(paper->issued_at_ms, then));
    return LQ_ACCEPT;
}

// "serve_release" is SERVE_RELEASE.
static bool is_verb(const char *word, const char *name)
{
    while (*word != '\0' && (*word == *name || *word == *name - 'A' + 'a')) {
        word++;
        name++;
    }
    return *word == '\0' && *name == '\0';
}

static int verb_named(const char *word)
{
    const ProtobufCEnumDescriptor *verbs = &rules__verb__descriptor;
    for (unsigned i = 0; word != NULL && i < verbs->n_values; i++)
        if (is_verb(word, verbs->values[i].name))
            return verbs->values[i].value;
    return 0;
}

// The step that the service takes is taken with it; once, where a paper came in the place of one
// that had been served.
static struct lq_verdict take_its_step(struct lq_decision *d, const Rules__ServePaper *c,
                                       const Rules__Paper *paper)
{
    const struct lq_form *form = lq_form_named(d->facts->policy->forms, paper->kind);
    const int verb = form != NULL ? verb_named(form->takes) : 0;
    if (verb == 0)
        return LQ_ACCEPT;
    const Rules__Paper *old = paper->supersedes[0] != '\0'
                                  ? lq_find(d->view, &lq_papers, lq_key_text(paper->supersedes))
                                  : NULL;
    if (old != NULL && old->served_at_ms != 0)
        return LQ_ACCEPT;
    Rules__Act act = RULES__ACT__INIT;
    act.officers = c->officers;
    act.n_officers = c->n_officers;
    act.witness = c->witness;
    act.paper = paper->number;
    Rules__TakeStep step = RULES__TAKE_STEP__INIT;
    step.kind = paper->of_kind;
    step.number = paper->of_number;
    step.verb = (Rules__Verb)verb;
    step.act = &act;
    return lq_take_step_by_paper(d, &step);
}

struct lq_verdict lq_serve_paper(struct lq_decision *d, const void *command)
{
    const Rules__ServePaper *c = command;
    const Rules__Paper *paper;
    LQ_TRY(need_paper_row(d, c->number, &paper));
    LQ_TRY(lq_need_paper_right(d, lq_form_named(d->facts->policy->forms, paper->kind)));
    LQ_TRY(need_unserved(d, paper));
    LQ_TRY(need_proof(d, c));
    Rules__PaperServed served = RULES__PAPER_SERVED__INIT;
    served.number = paper->number;
    served.kind = paper->kind;
    served.of_kind = paper->of_kind;
    served.of_number = paper->of_number;
    served.how = c->how;
    served.officers = c->officers;
    served.n_officers = c->n_officers;
    served.receipt = c->receipt;
    served.witness = c->witness;
    lq_emit(d, LQ_BODY_SERVE_PAPER, &served.base);
    LQ_TRY(take_its_step(d, c, paper));
    lq_number(d, paper->number);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- what rests on a paper

static bool is_one_of(const char *kind, const char *kinds)
{
    const size_t size = strlen(kind);
    while (*kinds != '\0') {
        const size_t one = strcspn(kinds, "|");
        if (one == size && memcmp(kinds, kind, size) == 0)
            return true;
        kinds += one + (kinds[one] == '|');
    }
    return false;
}

static struct lq_verdict need_fit(struct lq_decision *d, const Rules__Paper *paper,
                                  const char *kind, const char *number, const char *kinds)
{
    char now[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    if (strcmp(paper->of_kind, kind) != 0 ||
        (number != NULL && strcmp(paper->of_number, number) != 0))
        return lq_reject(d, LQ_COMMON(PAPER_UNFIT), "paper %s is about %-s %s, not about %-s %s",
                         paper->number, paper->of_kind, paper->of_number, kind,
                         number != NULL ? number : "");
    if (kinds != NULL && !is_one_of(paper->kind, kinds))
        return lq_reject(d, LQ_COMMON(PAPER_UNFIT),
                         "paper %s is a %s, which is not what this asks for", paper->number,
                         paper->title);
    if (paper->superseded_by[0] != '\0')
        return lq_reject(d, LQ_COMMON(PAPER_UNFIT), "paper %s was superseded by %s", paper->number,
                         paper->superseded_by);
    if (d->facts->occurred_ms < paper->issued_at_ms)
        return lq_reject(d, LQ_COMMON(PAPER_UNFIT),
                         "this is dated %s, but paper %s was issued only at %s",
                         lq_format_local(d->facts->occurred_ms, now), paper->number,
                         lq_format_local(paper->issued_at_ms, then));
    return LQ_ACCEPT;
}

static struct lq_verdict need_served(struct lq_decision *d, const Rules__Paper *paper)
{
    char now[LQ_TIME_TEXT], then[LQ_TIME_TEXT];
    if (paper->served_at_ms == 0)
        return lq_reject(d, LQ_COMMON(PAPER_NOT_SERVED),
                         "paper %s (%s) is not served: lq paper serve tells when and how it was",
                         paper->number, paper->title);
    if (d->facts->occurred_ms < paper->served_at_ms)
        return lq_reject(d, LQ_COMMON(PAPER_NOT_SERVED),
                         "this is dated %s, but paper %s was served only at %s",
                         lq_format_local(d->facts->occurred_ms, now), paper->number,
                         lq_format_local(paper->served_at_ms, then));
    return LQ_ACCEPT;
}

// The paper of that number; *paper is NULL where none is kept here.
static struct lq_verdict find_paper(struct lq_decision *d, const char *number,
                                    const Rules__Paper **paper)
{
    *paper = NULL;
    if (!lq_has_papers(d->service) || !lq_pb_key(number))
        return LQ_ACCEPT;
    *paper = lq_find(d->view, &lq_papers, lq_key_text(number));
    return *paper != NULL || lq_voided_find(d->view, &lq_papers, number) == NULL
               ? LQ_ACCEPT
               : need_paper_row(d, number, paper); // tells who has voided it
}

struct lq_verdict lq_need_paper(struct lq_decision *d, const char *kind, const char *number,
                                const char *paper, const char *kinds)
{
    static const char SERVED[] = "served:";
    const Rules__Paper *found;
    LQ_TRY(find_paper(d, paper, &found));
    if (found == NULL)
        return LQ_ACCEPT;
    const bool served = kinds != NULL && strncmp(kinds, SERVED, sizeof SERVED - 1) == 0;
    LQ_TRY(need_fit(d, found, kind, number, served ? kinds + sizeof SERVED - 1 : kinds));
    return served ? need_served(d, found) : LQ_ACCEPT;
}

const Rules__Paper *lq_paper_latest(struct lq_view *view, const char *kind, const char *number,
                                    const char *paper_kind)
{
    const Rules__Paper *latest = NULL;
    struct lq_scan s = lq_scan(view, &lq_paper_things, lq_paper_thing_key(kind, number));
    s.keys_only = true;
    while (lq_scan_next(&s)) {
        struct lq_key_reader reader = {.key = &s.key};
        lq_key_read_text(&reader);
        lq_key_read_text(&reader);
        const Rules__Paper *paper =
            lq_find(view, &lq_papers, lq_key_text(lq_key_read_text(&reader)));
        LQ_ASSERT(paper != NULL);
        if (strcmp(paper->kind, paper_kind) == 0 && paper->superseded_by[0] == '\0' &&
            (latest == NULL || paper->issued_at_ms >= latest->issued_at_ms))
            latest = paper;
    }
    return latest;
}

// One fact is told once: where the service of a paper is the step, the paper's is the way to it.
static struct lq_verdict need_no_unserved(struct lq_decision *d, const struct lq_taking *taking)
{
    const struct lq_form *forms = d->facts->policy->forms->forms.items;
    const char *kind = taking->thing->kind;
    for (size_t i = 0; i < d->facts->policy->forms->forms.count; i++) {
        if (forms[i].takes == NULL || !lq_form_is_about(&forms[i], kind) ||
            verb_named(forms[i].takes) != taking->step->verb)
            continue;
        const Rules__Paper *paper = lq_paper_latest(d->view, kind, taking->number, forms[i].id);
        if (paper != NULL && paper->served_at_ms == 0)
            return lq_reject(
                d, LQ_COMMON(PAPER_NOT_SERVED),
                "paper %s (%s) is not served: lq paper serve takes this step of %-s %s "
                "as well",
                paper->number, paper->title, kind, taking->number);
    }
    return LQ_ACCEPT;
}

struct lq_verdict lq_need_paper_of_step(struct lq_decision *d, const struct lq_taking *taking)
{
    const char *kind = taking->thing->kind;
    const Rules__Paper *found;
    taking->act->paper_elsewhere = false;
    if (!lq_has_papers(d->service))
        return LQ_ACCEPT;
    LQ_TRY(need_no_unserved(d, taking));
    LQ_TRY(find_paper(d, taking->act->paper, &found));
    taking->act->paper_elsewhere = taking->act->paper[0] != '\0' && found == NULL;
    return lq_need_paper(d, kind, taking->number, taking->act->paper, taking->step->papers);
}

// ---------------------------------------------------------------- voiding

static bool is_named_by_step(struct lq_view *view, const Rules__Paper *paper)
{
    struct lq_scan s = lq_scan(view, &lq_steps_taken,
                               lq_key_then_text(lq_key_text(paper->of_kind), paper->of_number));
    while (lq_scan_next(&s)) {
        const Rules__Step *step = s.row;
        if (step->act != NULL && strcmp(step->act->paper, paper->number) == 0)
            return true;
    }
    return false;
}

static bool is_named_by_term(struct lq_view *view, const Rules__Paper *paper)
{
    struct lq_scan s =
        lq_scan(view, &lq_clocks, lq_key_then_text(lq_key_text(paper->of_kind), paper->of_number));
    while (lq_scan_next(&s)) {
        const Rules__Clock *clock = s.row;
        for (size_t i = 0; i < clock->n_pauses; i++)
            if (strcmp(clock->pauses[i]->paper, paper->number) == 0)
                return true;
        for (size_t i = 0; i < clock->n_extensions; i++)
            if (strcmp(clock->extensions[i]->paper, paper->number) == 0)
                return true;
    }
    return false;
}

struct lq_verdict lq_paper_check_void(struct lq_decision *d, const char *number, const void *thing)
{
    const Rules__Paper *paper = thing;
    if (paper->superseded_by[0] != '\0')
        return lq_reject(d, LQ_COMMON(STILL_NEEDED), "paper %s was superseded by %s", number,
                         paper->superseded_by);
    const bool has_terms = lq_has_clocks(d->service);
    if (is_named_by_step(d->view, paper) || (has_terms && is_named_by_term(d->view, paper)))
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "something was done or decided about %-s %s by paper %s: another paper "
                         "takes its place, which names it",
                         paper->of_kind, paper->of_number, number);
    return LQ_ACCEPT;
}
