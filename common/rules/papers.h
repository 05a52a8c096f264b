// Papers (文书): decisions, notices, orders, records with the fields that the law asks for. A form
// of forms.yaml (config/forms.h) says which; the records of the thing say most of them, whoever
// issues the paper the rest. What a paper says is fixed by the event: its values, and the page,
// the same bytes for whoever prints it. Numbers of a kind rise by one within their year.
//
// "Served" means for terms that such a paper was: serving one takes the step of the thing that its
// form names, in the same command, so that the service is one fact. A step that names the number of
// a paper that is kept here is held against it; numbers of papers that are kept on paper only are
// taken as they are, and told as such (Act.paper_elsewhere).
//
// A service that has papers has the members 43 to 45 of rules.proto in its oneofs, these handlers
// in its rows, the row LQ_PAPER_THING among its things, and lq_papers_check in its check. Its rows
// let everybody issue and serve: the form says who may (`may`), or else the row LQ_PAPER_THING.
#pragma once

#include "rules/take_step.h"
#include "service/paper_tables.h"

enum { LQ_BODY_DRAFT_PAPER = 43, LQ_BODY_PAPER = 44, LQ_BODY_PAPERS = 45 };

#define LQ_PAPER_KIND "paper"

// The most bytes of a page: with what else an event says it fits into a record (LQ_EVENT_BYTES).
enum { LQ_PAPER_PAGE_BYTES = 100 * 1024 };

// A paper is never corrected, but superseded by another that names it, or voided: `who` may issue
// and serve it unless its form says otherwise, and void it.
#define LQ_PAPER_THING(_who, _behalf)                                                              \
    {                                                                                              \
        .kind = LQ_PAPER_KIND, .table = &lq_papers, .fields = "", .who = (_who),                   \
        .behalf = (_behalf), .check_void = lq_paper_check_void, .changed = lq_paper_changed        \
    }

lq_decide_fn lq_issue_paper, lq_serve_paper;
lq_apply_fn lq_paper_issued, lq_paper_served;
lq_query_fn lq_draft_paper, lq_show_paper, lq_list_papers;
lq_void_check_fn lq_paper_check_void;
lq_changed_fn lq_paper_changed;

// The paper that something about the thing (NULL: any of its kind) rests on, by its number: none is
// accepted, and one that is not kept here, too. One that is kept is about that thing, of one of
// those kinds ("a|b"; NULL: of any), issued by then, neither void nor superseded; "served:a|b":
// served by then. Rejects as PAPER_UNFIT, PAPER_NOT_SERVED, THING_VOID.
struct lq_verdict lq_need_paper(struct lq_decision *d, const char *kind, const char *number,
                                const char *paper, const char *kinds);

// The same of the paper that a step names; and if the service of a paper takes that step, and the
// thing has one that is not served, the step is not taken without it (PAPER_NOT_SERVED).
struct lq_verdict lq_need_paper_of_step(struct lq_decision *d, const struct lq_taking *taking);

// The latest paper of that kind that the thing has; NULL: none.
const Rules__Paper *lq_paper_latest(struct lq_view *view, const char *kind, const char *number,
                                    const char *paper_kind);

// Aborts if the tables do not agree.
void lq_papers_check(struct lq_view *view);
