// Papers in the tables, and what is told of them.
#include <string.h>

#include "base/sha256.h"
#include "pb/pb.h"
#include "rules/correct.h"
#include "rules/papers_internal.h"
#include "rules/reading.h"
#include "service/rows.h"
#include "service/trail.h"
#include "service/voided.h"

struct lq_key lq_paper_thing_key(const char *kind, const char *number)
{
    return lq_key_then_text(lq_key_text(kind), number);
}

static struct lq_key mark_key(const Rules__Paper *paper)
{
    return lq_key_then_text(lq_paper_thing_key(paper->of_kind, paper->of_number), paper->number);
}

// ---------------------------------------------------------------- in `apply`

static void save_mark(struct lq_view *tables, const struct lq_table *table, struct lq_key key)
{
    const Rules__PaperMark mark = RULES__PAPER_MARK__INIT;
    lq_save(tables, table, key, &mark.base);
}

struct lq_key lq_paper_series_key(const char *kind, int32_t year, const char *thing)
{
    const struct lq_key key = lq_key_text(kind);
    return year != 0 ? lq_key_then_number(key, (uint64_t)year) : lq_key_then_text(key, thing);
}

static struct lq_key series_key(const Rules__Paper *paper)
{
    return lq_paper_series_key(paper->kind, paper->year, paper->of_number);
}

static void keep_place(struct lq_view *tables, const Rules__Paper *paper)
{
    const struct lq_key series = series_key(paper);
    const Rules__PaperCount *known = lq_find(tables, &lq_paper_counts, series);
    Rules__PaperCount count = RULES__PAPER_COUNT__INIT;
    count.last = known != NULL ? known->last : 0;
    save_mark(tables, &lq_paper_places, lq_key_then_number(series, paper->place));
    while (lq_exists(tables, &lq_paper_places, lq_key_then_number(series, count.last + 1)))
        count.last++;
    lq_save(tables, &lq_paper_counts, series, &count.base);
}

static void mark_thing(struct lq_view *tables, const struct lq_service *service, const char *kind,
                       const char *number)
{
    const struct lq_thing *thing = lq_thing_named(service, kind);
    struct lq_key key;
    if (thing != NULL && lq_thing_key(lq_view_arena(tables), thing, number, &key))
        lq_trail_mark(tables, thing->table, &key);
}

void lq_paper_issued(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__PaperIssued *issued = event;
    const Rules__Paper *paper =
        lq_pb_project(lq_view_arena(tables), &rules__paper__descriptor, issued);
    Rules__PaperPage page = RULES__PAPER_PAGE__INIT;
    page.html = issued->html;
    lq_save(tables, &lq_papers, lq_key_text(paper->number), &paper->base);
    lq_save(tables, &lq_paper_pages, lq_key_text(paper->number), &page.base);
    save_mark(tables, &lq_paper_things, mark_key(paper));
    if (paper->place != 0)
        keep_place(tables, paper);
    if (paper->supersedes[0] != '\0') {
        const Rules__Paper *found = lq_find(tables, &lq_papers, lq_key_text(paper->supersedes));
        LQ_ASSERT(found != NULL);
        Rules__Paper old = *found;
        old.superseded_by = paper->number;
        lq_save(tables, &lq_papers, lq_key_text(old.number), &old.base);
    }
    mark_thing(tables, what->service, paper->of_kind, paper->of_number);
}

void lq_paper_served(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__PaperServed *served = event;
    const Rules__Paper *found = lq_find(tables, &lq_papers, lq_key_text(served->number));
    LQ_ASSERT(found != NULL);
    Rules__Paper paper = *found;
    paper.served_at_ms = what->occurred_ms;
    paper.how = served->how;
    paper.officers = served->officers;
    paper.n_officers = served->n_officers;
    paper.receipt = served->receipt;
    paper.witness = served->witness;
    lq_save(tables, &lq_papers, lq_key_text(paper.number), &paper.base);
    mark_thing(tables, what->service, paper.of_kind, paper.of_number);
}

// Its number stays used; whatever it came in the place of is in its place again.
void lq_paper_changed(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                      const void *before, const void *after)
{
    const Rules__Paper *paper = before;
    (void)thing;
    if (after != NULL)
        return;
    lq_erase(tables, &lq_paper_pages, lq_key_text(number));
    lq_erase(tables, &lq_paper_things, mark_key(paper));
    const Rules__Paper *old = paper->supersedes[0] != '\0'
                                  ? lq_find(tables, &lq_papers, lq_key_text(paper->supersedes))
                                  : NULL;
    if (old == NULL)
        return;
    Rules__Paper again = *old;
    again.superseded_by = lq_unconst("");
    lq_save(tables, &lq_papers, lq_key_text(again.number), &again.base);
}

// ---------------------------------------------------------------- asking

static Rules__Paper *told_paper(struct lq_reading *r, const Rules__Paper *paper)
{
    Rules__Paper *told = LQ_NEW(r->arena, Rules__Paper);
    *told = *paper;
    told->service = lq_unconst(r->service->name);
    return told;
}

void lq_show_paper(struct lq_reading *r, const void *query, void *answer)
{
    const Rules__ShowPaper *q = query;
    Rules__PaperFile *told = answer;
    if (!lq_pb_key(q->number))
        return;
    const Rules__Paper *paper = lq_find(r->view, &lq_papers, lq_key_text(q->number));
    if (paper != NULL)
        told->paper = told_paper(r, paper);
    const Rules__PaperPage *page = lq_find(r->view, &lq_paper_pages, lq_key_text(q->number));
    if (page != NULL)
        told->html = page->html;
    if (told->paper == NULL)
        told->voided = lq_unconst(lq_voided_find(r->view, &lq_papers, q->number));
}

static bool is_asked_for(const Rules__ListPapers *q, const Rules__Paper *paper)
{
    return (q->kind[0] == '\0' || strcmp(q->kind, paper->kind) == 0 ||
            strcmp(q->kind, paper->title) == 0) &&
           (!q->unserved || paper->served_at_ms == 0);
}

static const Rules__Paper *paper_of_mark(struct lq_scan *s)
{
    struct lq_key_reader reader = {.key = &s->key};
    lq_key_read_text(&reader);
    lq_key_read_text(&reader);
    const Rules__Paper *paper =
        lq_find(s->view, &lq_papers, lq_key_text(lq_key_read_text(&reader)));
    LQ_ASSERT(paper != NULL);
    return paper;
}

// What a paper says stands with the paper: a list of them would be too long.
static const Rules__Paper *without_fields(struct lq_reading *r, const Rules__Paper *paper)
{
    Rules__Paper *told = told_paper(r, paper);
    told->fields = NULL;
    told->n_fields = 0;
    return told;
}

// Of a kind that there is, no paper may have been issued; of one that there is not, none ever will.
static void tell_kinds(struct lq_reading *r, const char *asked, Rules__PapersAnswer *told)
{
    const struct lq_forms *forms = r->policy->forms;
    const struct lq_form *all = forms->forms.items;
    if (lq_form_named(forms, asked) != NULL)
        return;
    told->kinds = LQ_NEW_ARRAY(r->arena, char *, forms->forms.count);
    for (size_t i = 0; i < forms->forms.count; i++)
        told->kinds[told->n_kinds++] = lq_arena_text(r->arena, all[i].title);
}

void lq_list_papers(struct lq_reading *r, const void *query, void *answer)
{
    const Rules__ListPapers *q = query;
    const bool of_thing = q->of_kind[0] != '\0' && q->of_number[0] != '\0';
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = of_thing
                           ? lq_scan_after(r->view, &lq_paper_things,
                                           lq_paper_thing_key(q->of_kind, q->of_number), q->after)
                           : lq_scan_after(r->view, &lq_papers, lq_key_none(), q->after);
    s.keys_only = of_thing;
    while (lq_scan_next(&s)) {
        const Rules__Paper *paper = of_thing ? paper_of_mark(&s) : s.row;
        if (is_asked_for(q, paper) && !lq_rows_add(&rows, without_fields(r, paper)))
            break;
    }
    lq_rows_answer(&rows, answer);
    if (rows.count == 0 && q->kind[0] != '\0')
        tell_kinds(r, q->kind, answer);
}

// ---------------------------------------------------------------- what always holds

static void check_paper(struct lq_view *view, const Rules__Paper *paper)
{
    const struct lq_key key = lq_key_text(paper->number);
    const Rules__PaperPage *page = lq_find(view, &lq_paper_pages, key);
    char hash[LQ_SHA256_HEX + 1];
    LQ_ASSERT(page != NULL && lq_exists(view, &lq_paper_things, mark_key(paper)));
    lq_sha256_text(lq_span(page->html.data, page->html.len), hash);
    LQ_ASSERT(strcmp(hash, paper->hash) == 0);
    LQ_ASSERT(paper->served_at_ms == 0 || paper->served_at_ms >= paper->issued_at_ms);
    if (paper->place != 0)
        LQ_ASSERT(
            lq_exists(view, &lq_paper_places, lq_key_then_number(series_key(paper), paper->place)));
    if (paper->superseded_by[0] != '\0') {
        const Rules__Paper *later = lq_find(view, &lq_papers, lq_key_text(paper->superseded_by));
        LQ_ASSERT(later != NULL && strcmp(later->supersedes, paper->number) == 0);
    }
}

void lq_papers_check(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &lq_papers, lq_key_none()); lq_scan_next(&s);)
        check_paper(view, s.row);
    LQ_ASSERT(lq_count(view, &lq_papers) == lq_count(view, &lq_paper_pages));
    LQ_ASSERT(lq_count(view, &lq_papers) == lq_count(view, &lq_paper_things));
    for (struct lq_scan s = lq_scan(view, &lq_paper_counts, lq_key_none()); lq_scan_next(&s);) {
        const Rules__PaperCount *count = s.row;
        for (uint64_t place = 1; place <= count->last + UINT64_C(1); place++)
            LQ_ASSERT(lq_exists(view, &lq_paper_places, lq_key_then_number(s.key, place)) ==
                      (place <= count->last));
    }
}
