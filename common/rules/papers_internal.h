// What the files of the papers share.
#pragma once

#include "config/forms.h"
#include "config/policy.h"
#include "rules/papers.h"

// A paper as it will be, or as it would be.
struct lq_drawn_paper {
    const struct lq_forms *forms;
    const struct lq_form *form;
    const struct lq_paper_names *names; // whose papers they are
    const char *number;                 // "": a draft
    const char *thing;                  // the number of what it is about
    int32_t day;                        // on which it is issued
    const char **values;                // of each field of the form; "": nobody says it
    uint8_t *sources;                   // Rules__DraftField__Source: who says it
};

// The form of that id or title; NULL: there is none.
const struct lq_form *lq_form_named(const struct lq_forms *forms, const char *name);
bool lq_form_is_about(const struct lq_form *form, const char *kind);

// Who issues and serves such papers in his own name (lq.Role bits). NULL: the form is gone.
uint32_t lq_form_who(const struct lq_service *service, const struct lq_form *form);

// It is the act of somebody who issues and serves such papers. NULL: the form is gone.
struct lq_verdict lq_need_paper_right(struct lq_decision *d, const struct lq_form *form);

static inline const struct lq_form_field *lq_form_fields(const struct lq_form *form)
{
    return form->fields.items;
}

// What there is for a text with placeholders; in the arena. *asked and *known count the fields that
// it asks for and that somebody says; either may be NULL.
const char *lq_paper_text(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                          const char *text, unsigned *asked, unsigned *known);

// Fills the values of the form's fields: what the command says, what the records say, what the form
// says. `issued` names the instant. Rejects a field that the form does not have, as VALUE_UNFIT.
struct lq_verdict lq_paper_fill(struct lq_decision *d, const struct lq_thing *thing,
                                const void *row, const Rules__IssuePaper *command,
                                struct lq_drawn_paper *paper);

// A text that grows, in the arena.
struct lq_paper_text {
    struct lq_arena *arena;
    char *bytes;
    size_t size, room;
};
void lq_paper_add(struct lq_paper_text *text, const char *bytes, size_t size);

const char *lq_paper_day(struct lq_arena *arena, int32_t day); // 2015年7月16日

// What the records of the thing say (paper_records.c). The messages that are looked at, the last
// first: what belongs to the thing (lq_thing.paper_source), its row, and within a row of a list the
// elements on the way to that.
enum { LQ_PAPER_SCOPES = 8 };
struct lq_paper_source {
    struct lq_decision *d;
    const struct lq_thing *thing;
    const char *number;
    const struct lq_drawn_paper *paper;
    const ProtobufCMessage *scopes[LQ_PAPER_SCOPES];
    unsigned depth;
    bool in_row;
};
struct lq_paper_source lq_paper_source(struct lq_decision *d, const struct lq_thing *thing,
                                       const char *number, const void *row,
                                       const struct lq_drawn_paper *paper);
const char *lq_paper_said(const struct lq_paper_source *s, const struct lq_form_field *field);

// The words of the fields that are missing; in the arena.
size_t lq_paper_missing(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                        const struct lq_form_field ***missing);

// The page; in the arena.
struct lq_span lq_paper_page(struct lq_arena *arena, const struct lq_drawn_paper *paper);

// The thing, its row, the form: all that must be there for a paper or a draft.
struct lq_verdict lq_paper_about(struct lq_decision *d, const Rules__IssuePaper *command,
                                 const struct lq_thing **thing, const void **row,
                                 struct lq_drawn_paper *paper);

// The key of a thing's papers, and of the papers of a kind that are counted together: in a year, or
// (0) about that thing.
struct lq_key lq_paper_thing_key(const char *kind, const char *number);
struct lq_key lq_paper_series_key(const char *kind, int32_t year, const char *thing);
