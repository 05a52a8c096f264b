// What is corrected and voided: entries of their own, that say what was and what is, and why; the
// number of what was voided stays used. What follows for the figures is in audit_stats.c.
#include <stdlib.h>

#include "sim/audit_parts.h"

typedef unsigned long long number;

static struct audit_notice *notice_of(struct audit *a, const struct audit_fact *fact,
                                      const char *kind, const char *name)
{
    struct audit_notice *notice =
        strcmp(kind, "notice") == 0 ? audit_find_text(&a->notices, name) : NULL;
    AUDIT(notice != NULL && !notice->voided, "correction",
          "record %llu of casefile corrects or voids %s %s, which is not there (any more)",
          (number)fact->r->seq, kind, name);
    AUDIT(fact->r->reason[0] != '\0', "correction",
          "record %llu of casefile corrects or voids %s %s and does not say why",
          (number)fact->r->seq, kind, name);
    return notice;
}

bool audit_notice_was(const struct audit_notice *notice, const Rules__Change *change)
{
    return strcmp(change->field, "issued_at_ms") == 0
               ? strtoll(change->was, NULL, 10) == notice->issued_ms
               : strcmp(change->was, notice->finding) == 0;
}

void audit_notice_corrected(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__Corrected *e = body;
    struct audit_notice *notice = notice_of(a, fact, e->kind, e->number);
    AUDIT(e->n_changes > 0, "correction", "the correction of notice %s changes nothing", e->number);
    for (size_t i = 0; i < e->n_changes; i++) {
        const Rules__Change *change = e->changes[i];
        const bool when = strcmp(change->field, "issued_at_ms") == 0;
        AUDIT(when || strcmp(change->field, "finding") == 0, "correction",
              "nobody has corrected %s of notice %s", change->field, e->number);
        AUDIT(audit_notice_was(notice, change), "correction",
              "%s of notice %s is corrected from \"%s\", which it was not", change->field,
              e->number, change->was);
        if (when)
            notice->issued_ms = strtoll(change->now, NULL, 10);
        else
            notice->finding = change->now;
        // What was issued stays so though the clock has jumped back since.
        AUDIT(!when || (notice->issued_ms > 0 && notice->issued_ms <= fact->r->recorded_at_ms),
              "correction", "notice %s is corrected to have been issued in the future", e->number);
    }
}

void audit_notice_voided(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__Voided *e = body;
    notice_of(a, fact, e->kind, e->number)->voided = true;
}

// A notice of the county's form, written down a second time: it is served, or rechecked without
// having been, and what was rechecked is not rechecked again.
void audit_notice_stepped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__StepTaken *taken = body;
    const uint32_t issuers =
        ROLE_BIT(LEAD) | ROLE_BIT(OFFICER) | ROLE_BIT(DESK) | ROLE_BIT(LIAISON);
    struct audit_notice *notice =
        strcmp(taken->kind, "notice") == 0 ? audit_find_text(&a->notices, taken->number) : NULL;
    AUDIT(notice != NULL && !notice->voided, "step", "record %llu of casefile is a step of %s %s",
          (number)fact->r->seq, taken->kind, taken->number);
    const char *to = taken->verb == RULES__VERB__SERVE              ? "SERVED"
                     : taken->verb == RULES__VERB__RECHECK_COMPLIED ? "CLOSED"
                                                                    : "FOLLOW_UP";
    const bool open = strcmp(notice->state, "ISSUED") == 0 ||
                      (strcmp(notice->state, "SERVED") == 0 && taken->verb != RULES__VERB__SERVE);
    AUDIT(open && strcmp(taken->from, notice->state) == 0 && strcmp(taken->to, to) == 0, "step",
          "notice %s goes from %s to %s; it was %s", taken->number, taken->from, taken->to,
          notice->state);
    AUDIT((fact->principal_roles & issuers) != 0, "step", "%s takes a step of notice %s",
          fact->principal, taken->number);
    AUDIT(fact->r->occurred_at_ms >= (notice->since_ms != 0 ? notice->since_ms : notice->issued_ms),
          "step", "a step of notice %s is dated before what it rests on", taken->number);
    notice->state = to;
    notice->since_ms = fact->r->occurred_at_ms;
}
