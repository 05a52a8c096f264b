// Papers, written down a second time: their numbers rise by one in each kind and year, their page
// is what the hash says, they are issued and served by those who may, served once and not before
// they were issued, and a release whose paper is kept is served with it. What they say of a list,
// it says.
#include <sodium.h>
#include <stdio.h>

#include "base/time.h"

#include "sim/audit_parts.h"

enum {
    DESKS = ROLE_BIT(DESK) | ROLE_BIT(COMMANDER),
    OFFICE = ROLE_BIT(CLERK) | ROLE_BIT(COMMANDER),
    FIELD = ROLE_BIT(LEAD) | ROLE_BIT(OFFICER) | ROLE_BIT(HEAD) | ROLE_BIT(COMMANDER),
};

static const struct {
    const char *kind, *service, *of_kind, *series;
    uint32_t who;
} FORMS[] = {
    {"inventory", "seizure", "item", "献环查清", FIELD},
    {"release_decision", "seizure", "item", "献环解", FIELD},
    {"responsibility_letter", "ledger", "premises", "献环责", OFFICE},
    {"handover_sheet", "dispatch", "handover", "献环交", DESKS},
    {"weekly_report", "stats", "bulletin", "献环周", OFFICE},
};

struct audit_paper {
    const char *kind, *of;
    int64_t issued_ms, served_ms;
    bool superseded;
};

struct audit_count {
    uint32_t last;
};

// Which of the forms it is.
static size_t form_of(const struct audit_fact *fact, const Rules__PaperIssued *e)
{
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++)
        if (strcmp(FORMS[i].kind, e->kind) == 0) {
            AUDIT(strcmp(FORMS[i].service, fact->stream->name) == 0 &&
                      strcmp(FORMS[i].of_kind, e->of_kind) == 0,
                  "paper", "paper %s of %s is about %s %s", e->number, fact->stream->name,
                  e->of_kind, e->of_number);
            return i;
        }
    sim_fail("paper", "paper %s is of a kind that nobody issues", e->number);
}

static void check_number(struct audit *a, const struct audit_fact *fact,
                         const Rules__PaperIssued *e, const char *of_series)
{
    char series[80], wanted[96];
    int year, month, day;
    lq_day_to_date(audit_day(fact->r->occurred_at_ms), &year, &month, &day);
    snprintf(series, sizeof series, "%s/%d", e->kind, year);
    struct audit_count *count = audit_find_text(&a->paper_counts, series);
    if (count == NULL)
        count = audit_put_text(a, &a->paper_counts, sizeof *count, series);
    snprintf(wanted, sizeof wanted, "%s〔%d〕%u号", of_series, year, count->last + 1);
    AUDIT(strcmp(e->number, wanted) == 0 && e->place == count->last + 1 && e->year == year, "paper",
          "paper %s is issued where %s comes next", e->number, wanted);
    count->last++;
}

static void check_page(const Rules__PaperIssued *e)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[2 * sizeof hash + 1];
    crypto_hash_sha256(hash, e->html.data, e->html.len);
    sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    AUDIT(strcmp(text, e->hash) == 0, "paper", "the page of paper %s is another than its hash says",
          e->number);
    AUDIT(memmem(e->html.data, e->html.len, e->number, strlen(e->number)) != NULL, "paper",
          "the page of paper %s does not bear its number", e->number);
}

// ---------------------------------------------------------------- what it says

const char *audit_paper_says(const Rules__PaperIssued *e, const char *field)
{
    for (size_t i = 0; i < e->n_fields; i++)
        if (strcmp(e->fields[i]->id, field) == 0)
            return e->fields[i]->value;
    return "";
}

size_t audit_paper_rows(const Rules__PaperIssued *e, const char *field)
{
    const char *text = audit_paper_says(e, field);
    size_t rows = *text != '\0' && strcmp(text, "无") != 0;
    for (; *text != '\0'; text++)
        rows += *text == '\n';
    return rows;
}

static void check_about(struct audit *a, const struct audit_fact *fact, const Rules__PaperIssued *e)
{
    if (strcmp(e->of_kind, "item") == 0)
        AUDIT(audit_find_text(&a->items, e->of_number) != NULL, "paper",
              "paper %s is about no item", e->number);
    else if (strcmp(e->of_kind, "premises") == 0)
        audit_letter_issued(fact, e);
    else if (strcmp(e->of_kind, "handover") == 0)
        audit_sheet_issued(a, e);
    else
        audit_report_issued(a, e);
}

// ---------------------------------------------------------------- the events

void audit_paper_issued(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__PaperIssued *e = body;
    const size_t form = form_of(fact, e);
    check_about(a, fact, e);
    AUDIT((fact->principal_roles & FORMS[form].who) != 0, "paper", "%s issues paper %s",
          fact->principal, e->number);
    AUDIT(audit_find_text(&a->papers, e->number) == NULL, "paper", "paper %s is issued twice",
          e->number);
    check_number(a, fact, e, FORMS[form].series);
    check_page(e);
    if (e->supersedes[0] != '\0') {
        struct audit_paper *old = audit_find_text(&a->papers, e->supersedes);
        AUDIT(old != NULL && !old->superseded && strcmp(old->kind, e->kind) == 0 &&
                  strcmp(old->of, e->of_number) == 0,
              "paper", "paper %s takes the place of %s, which it cannot", e->number, e->supersedes);
        old->superseded = true;
    }
    struct audit_paper *paper = audit_put_text(a, &a->papers, sizeof *paper, e->number);
    *paper = (struct audit_paper){
        .kind = FORMS[form].kind, .of = e->of_number, .issued_ms = fact->r->occurred_at_ms};
}

void audit_paper_served(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__PaperServed *e = body;
    struct audit_paper *paper = audit_find_text(&a->papers, e->number);
    AUDIT(paper != NULL && !paper->superseded, "paper", "paper %s is served, and is none",
          e->number);
    AUDIT(paper->served_ms == 0, "paper", "paper %s is served twice", e->number);
    AUDIT(fact->r->occurred_at_ms >= paper->issued_ms, "paper",
          "paper %s is served before it was issued", e->number);
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++)
        AUDIT(strcmp(FORMS[i].kind, paper->kind) != 0 ||
                  (fact->principal_roles & FORMS[i].who) != 0,
              "paper", "%s serves paper %s", fact->principal, e->number);
    paper->served_ms = fact->r->occurred_at_ms;
}

bool audit_paper_takes_step(const struct audit *a, const char *number)
{
    const struct audit_paper *paper = audit_find_text(&a->papers, number);
    const struct audit_item *item = paper != NULL ? audit_find_text(&a->items, paper->of) : NULL;
    return item != NULL && strcmp(item->state, "RELEASE_DECIDED") == 0;
}

// The service of a release that has a paper here is the service of that paper.
void audit_paper_of_step(struct audit *a, const struct audit_fact *fact,
                         const Rules__StepTaken *taken)
{
    if (taken->verb != RULES__VERB__SERVE_RELEASE)
        return;
    const struct audit_paper *paper = audit_find_text(&a->papers, taken->act->paper), *last = NULL;
    for (const struct audit_entry *e = a->papers.first; e != NULL; e = e->next) {
        const struct audit_paper *one = e->value;
        if (strcmp(one->of, taken->number) == 0 && !one->superseded &&
            strcmp(one->kind, "release_decision") == 0 &&
            (last == NULL || one->issued_ms > last->issued_ms))
            last = one;
    }
    AUDIT(paper != NULL || last == NULL || last->served_ms != 0, "paper",
          "the release of item %s is served, and its paper is not", taken->number);
    AUDIT((paper == NULL) == taken->act->paper_elsewhere || taken->act->paper[0] == '\0', "paper",
          "item %s: it is told wrongly where paper %s is kept", taken->number, taken->act->paper);
    AUDIT(paper == NULL || paper->served_ms == fact->r->occurred_at_ms, "paper",
          "the release of item %s is served at another time than its paper", taken->number);
}

// ---------------------------------------------------------------- the bulletin of a week

struct audit_bulletin {
    const Stats__BulletinPublished *published;
    bool is_signed;
};

void audit_bulletin_published(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Stats__BulletinPublished *e = body;
    AUDIT(audit_find_text(&a->bulletins, e->number) == NULL, "bulletin", "%s is published twice",
          e->number);
    AUDIT(audit_day(fact->r->occurred_at_ms) > e->to_day && e->to_day == e->from_day + 6,
          "bulletin", "%s is published before its week is over", e->number);
    struct audit_bulletin *b = audit_put_text(a, &a->bulletins, sizeof *b, e->number);
    b->published = e;
}

void audit_bulletin_stepped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__StepTaken *e = body;
    struct audit_bulletin *b = audit_find_text(&a->bulletins, e->number);
    AUDIT(b != NULL, "bulletin", "%s is none", e->number);
    AUDIT(e->verb != RULES__VERB__SIGN ||
              (strcmp(b->published->published_by, fact->principal) != 0 &&
               (fact->principal_roles & ROLE_BIT(COMMANDER)) != 0),
          "bulletin", "%s signs %s", fact->principal, e->number);
    b->is_signed = e->verb == RULES__VERB__SIGN;
}

// A report has all frozen figures, and is of a bulletin that was signed.
void audit_report_issued(struct audit *a, const Rules__PaperIssued *e)
{
    const struct audit_bulletin *b = audit_find_text(&a->bulletins, e->of_number);
    AUDIT(b != NULL && b->is_signed, "bulletin", "report %s is of no signed bulletin", e->number);
    AUDIT(audit_paper_rows(e, "figures") >= b->published->n_figures, "bulletin",
          "report %s has %zu figures, and %zu are frozen", e->number,
          audit_paper_rows(e, "figures"), b->published->n_figures);
    for (size_t i = 0; i < b->published->n_figures; i++) {
        const Stats__FrozenFigure *one = b->published->figures[i];
        char cells[64];
        snprintf(cells, sizeof cells, "|%lld|%lld|", (long long)one->count, (long long)one->before);
        AUDIT(strstr(audit_paper_says(e, "figures"), cells) != NULL, "bulletin",
              "report %s says nowhere %s", e->number, cells);
    }
}
