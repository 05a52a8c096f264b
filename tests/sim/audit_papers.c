// Papers, written down a second time: their numbers rise by one in each kind and year, their page
// is what the hash says, they are served once and not before they were issued, and a release whose
// paper is kept is served with it.
#include <sodium.h>
#include <stdio.h>

#include "base/time.h"

#include "sim/audit_parts.h"

struct audit_paper {
    const char *kind, *item;
    int64_t issued_ms, served_ms;
    bool superseded;
};

struct audit_count {
    uint32_t last;
};

static void check_number(struct audit *a, const struct audit_fact *fact,
                         const Rules__PaperIssued *e)
{
    char series[80], wanted[96];
    int year, month, day;
    lq_day_to_date(audit_day(fact->r->occurred_at_ms), &year, &month, &day);
    snprintf(series, sizeof series, "%s/%d", e->kind, year);
    struct audit_count *count = audit_find_text(&a->paper_counts, series);
    if (count == NULL)
        count = audit_put_text(a, &a->paper_counts, sizeof *count, series);
    snprintf(wanted, sizeof wanted, "%s〔%d〕%u号",
             strcmp(e->kind, "inventory") == 0 ? "献环查清" : "献环解", year, count->last + 1);
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

void audit_paper_issued(struct audit *a, const struct audit_fact *fact, const Rules__PaperIssued *e)
{
    AUDIT(audit_find_text(&a->items, e->of_number) != NULL, "paper", "paper %s is about no item",
          e->number);
    AUDIT(audit_find_text(&a->papers, e->number) == NULL, "paper", "paper %s is issued twice",
          e->number);
    check_number(a, fact, e);
    check_page(e);
    if (e->supersedes[0] != '\0') {
        struct audit_paper *old = audit_find_text(&a->papers, e->supersedes);
        AUDIT(old != NULL && !old->superseded && strcmp(old->kind, e->kind) == 0 &&
                  strcmp(old->item, e->of_number) == 0,
              "paper", "paper %s takes the place of %s, which it cannot", e->number, e->supersedes);
        old->superseded = true;
    }
    struct audit_paper *paper = audit_put_text(a, &a->papers, sizeof *paper, e->number);
    *paper = (struct audit_paper){
        .kind = e->kind, .item = e->of_number, .issued_ms = fact->r->occurred_at_ms};
}

void audit_paper_served(struct audit *a, const struct audit_fact *fact, const Rules__PaperServed *e)
{
    struct audit_paper *paper = audit_find_text(&a->papers, e->number);
    AUDIT(paper != NULL && !paper->superseded, "paper", "paper %s is served, and is none",
          e->number);
    AUDIT(paper->served_ms == 0, "paper", "paper %s is served twice", e->number);
    AUDIT(fact->r->occurred_at_ms >= paper->issued_ms, "paper",
          "paper %s is served before it was issued", e->number);
    paper->served_ms = fact->r->occurred_at_ms;
}

bool audit_paper_takes_step(const struct audit *a, const char *number)
{
    const struct audit_paper *paper = audit_find_text(&a->papers, number);
    const struct audit_item *item = paper != NULL ? audit_find_text(&a->items, paper->item) : NULL;
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
        if (strcmp(one->item, taken->number) == 0 && !one->superseded &&
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
