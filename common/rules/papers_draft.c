// A paper that is not issued, as whoever fills in its form has to see it: which forms there are,
// what they ask for, what the records say of that, and the page as it would be.
#include <string.h>

#include "pb/pb.h"
#include "rules/papers_internal.h"
#include "rules/reading.h"

// ---------------------------------------------------------------- what it says

static void tell_missing(struct lq_reading *r, const struct lq_drawn_paper *paper,
                         Rules__PaperDraft *told)
{
    const struct lq_form_field **missing;
    const size_t count = lq_paper_missing(r->arena, paper, &missing);
    told->missing = LQ_NEW_ARRAY(r->arena, char *, count + 1);
    for (size_t i = 0; i < count; i++)
        told->missing[told->n_missing++] = lq_unconst(missing[i]->word);
}

// The row of what a draft is about: a draft tells what the row does.
static const void *as_told(struct lq_reading *r, const Rules__IssuePaper *command,
                           const struct lq_thing *thing, const void *row)
{
    const void *told = lq_as_readable(r->view, thing, command->of_number, row, r->actor, r->roles);
    if (r->told != NULL && thing->personal != NULL && told == row)
        lq_tell_of(r->told, thing->kind, command->of_number);
    return told;
}

static void tell_why(struct lq_reading *r, const struct lq_message *why, Rules__PaperDraft *told)
{
    told->why = lq_unconst(lq_message_text(lq_arena_room, r->arena, why));
    lq_sentence(why, &told->sentence, &told->n_sentence);
}

// The heads of the table in which the field stands as rows: what each of its cells is.
static const char *columns_of(struct lq_arena *arena, const struct lq_form *form, const char *field)
{
    const struct lq_form_block *blocks = form->layout.items;
    const char *rows = lq_arena_format(arena, "{%s}", field);
    for (size_t i = 0; i < form->layout.count; i++)
        if (blocks[i].rows != NULL && strcmp(blocks[i].rows, rows) == 0)
            return blocks[i].table;
    return "";
}

static void tell_fields(struct lq_reading *r, const struct lq_drawn_paper *paper,
                        Rules__PaperDraft *told)
{
    const struct lq_form_field *fields = lq_form_fields(paper->form);
    told->fields = LQ_NEW_ARRAY(r->arena, Rules__DraftField *, paper->form->fields.count + 1);
    for (size_t i = 0; i < paper->form->fields.count; i++) {
        Rules__DraftField *one = LQ_NEW(r->arena, Rules__DraftField);
        rules__draft_field__init(one);
        one->id = lq_unconst(fields[i].id);
        one->word = lq_unconst(fields[i].word);
        one->law = lq_unconst(fields[i].law != NULL ? fields[i].law : "");
        one->must = fields[i].required;
        one->value = lq_unconst(paper->values[i]);
        one->source = (Rules__DraftField__Source)paper->sources[i];
        one->columns = lq_unconst(columns_of(r->arena, paper->form, fields[i].id));
        told->fields[told->n_fields++] = one;
    }
}

// ---------------------------------------------------------------- forms

static const Rules__PaperForm *told_form(struct lq_reading *r, const struct lq_form *form)
{
    const char *const *kinds = form->of.items;
    Rules__PaperForm *told = LQ_NEW(r->arena, Rules__PaperForm);
    rules__paper_form__init(told);
    told->kind = lq_unconst(form->id);
    told->title = lq_unconst(form->title);
    told->takes = lq_unconst(form->takes != NULL ? form->takes : "");
    told->in_own_name = (r->roles & lq_form_who(r->service, form)) != 0;
    told->for_another = (r->roles & lq_thing_named(r->service, LQ_PAPER_KIND)->behalf) != 0;
    told->about = LQ_NEW_ARRAY(r->arena, char *, form->of.count + 1);
    for (size_t i = 0; i < form->of.count; i++)
        if (lq_thing_named(r->service, kinds[i]) != NULL)
            told->about[told->n_about++] = lq_unconst(kinds[i]);
    return told;
}

// Those of things that are recorded here.
static void tell_forms(struct lq_reading *r, Rules__PaperDraft *told)
{
    const struct lq_forms *forms = r->policy->forms;
    const struct lq_form *all = forms->forms.items;
    told->forms = LQ_NEW_ARRAY(r->arena, Rules__PaperForm *, forms->forms.count + 1);
    for (size_t i = 0; i < forms->forms.count; i++) {
        const Rules__PaperForm *one = told_form(r, &all[i]);
        if (one->n_about > 0)
            told->forms[told->n_forms++] = lq_unconst(one);
    }
}

// ---------------------------------------------------------------- the draft

// What would be issued is asked for as it is decided, of which nothing is recorded.
void lq_draft_paper(struct lq_reading *r, const void *query, void *answer)
{
    const Rules__DraftPaper *q = query;
    Rules__PaperDraft *told = answer;
    const bool is_past = q->at_ms > 0 && q->at_ms < r->now_ms;
    const struct lq_facts facts = {.now_ms = r->now_ms,
                                   .occurred_ms = is_past ? q->at_ms : r->now_ms,
                                   .actor = r->actor,
                                   .roles = r->roles,
                                   .principal = r->actor,
                                   .on_behalf_of = "",
                                   .reason = "",
                                   .law = r->law,
                                   .policy = r->policy};
    struct lq_decision d = {
        .service = r->service, .facts = &facts, .view = r->view, .arena = r->arena};
    const char *why = NULL;
    const Rules__IssuePaper *command =
        (const void *)lq_pb_decode_within(&LQ_PB_REQUEST, r->arena, &rules__issue_paper__descriptor,
                                          lq_span(q->paper.data, q->paper.len), &why);
    const struct lq_thing *thing;
    const void *row;
    struct lq_drawn_paper paper;
    if (command == NULL)
        return;
    if (command->kind[0] == '\0') {
        tell_forms(r, told);
        return;
    }
    struct lq_verdict verdict = lq_paper_about(&d, command, &thing, &row, &paper);
    if (verdict.code == 0)
        verdict = lq_paper_fill(&d, thing, as_told(r, command, thing, row), command, &paper);
    if (verdict.code != 0) {
        tell_why(r, verdict.why, told);
        return;
    }
    const struct lq_span page = lq_paper_page(r->arena, &paper);
    told->html.data = lq_unconst(page.data);
    told->html.len = page.size;
    tell_missing(r, &paper, told);
    tell_fields(r, &paper, told);
}
