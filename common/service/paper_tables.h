// The tables of papers (rules/papers.h); every service has them whose Event has the member 44.
#pragma once

#include "rules.pb-c.h"
#include "service/tables.h"

enum { LQ_BODY_ISSUE_PAPER = 44, LQ_BODY_SERVE_PAPER = 45 };

extern const struct lq_table lq_papers;       // number -> Paper
extern const struct lq_table lq_paper_pages;  // number -> PaperPage
extern const struct lq_table lq_paper_counts; // series -> PaperCount: 1 to `last` are given
extern const struct lq_table lq_paper_places; // series, place -> PaperMark: given, void or not
extern const struct lq_table lq_paper_things; // kind, number of a thing, paper -> PaperMark
