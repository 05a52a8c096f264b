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

void audit_notice_corrected(struct audit *a, const struct audit_fact *fact,
                            const Rules__Corrected *e)
{
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

void audit_notice_voided(struct audit *a, const struct audit_fact *fact, const Rules__Voided *e)
{
    notice_of(a, fact, e->kind, e->number)->voided = true;
}
