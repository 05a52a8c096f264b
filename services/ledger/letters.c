// The letter of responsibility (责任状) of the pair of premises: a paper, and its service is the
// signature. On that day both have signed, as far as the ledger knows; whoever types a day by hand
// corrects it.
#include "ledger.h"
#include "service/need.h"

#define LETTER "responsibility_letter" // its form (forms.yaml)

static bool says(const Rules__Paper *letter, const char *name)
{
    for (size_t i = 0; i < letter->n_fields; i++)
        if (strcmp(letter->fields[i]->value, name) == 0)
            return true;
    return false;
}

// The pair that the premises had when it was issued, as far as the letter says their names: who
// issues it may have typed others.
static void sign(struct lq_view *tables, const Rules__Paper *letter)
{
    struct lq_arena *arena = lq_view_arena(tables);
    const Ledger__Entry *found = ledger_find(tables, letter->of_number);
    if (found == NULL)
        return; // voided since then, with its supervisors
    Ledger__Entry entry = *found;
    Ledger__Supervisor **pair;
    const size_t count = ledger_pair_at(arena, &entry, letter->issued_at_ms, &pair);
    for (size_t i = 0; i < count; i++) {
        if (!says(letter, pair[i]->name))
            continue;
        Ledger__Supervisor *signed_by = LQ_NEW(arena, Ledger__Supervisor);
        *signed_by = *pair[i];
        signed_by->letter_day = lq_day_of(letter->served_at_ms);
        entry = ledger_with_supervisor(arena, &entry, signed_by->number, signed_by);
    }
    ledger_save(tables, &entry);
}

void ledger_paper_served(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Rules__PaperServed *served = event;
    lq_paper_served(tables, what, event);
    const Rules__Paper *paper = lq_find(tables, &lq_papers, lq_key_text(served->number));
    if (strcmp(served->kind, LETTER) == 0)
        sign(tables, paper);
}

struct lq_verdict ledger_check_paper_void(struct lq_decision *d, const char *number,
                                          const void *thing)
{
    const Rules__Paper *paper = thing;
    if (strcmp(paper->kind, LETTER) == 0 && paper->served_at_ms != 0 &&
        paper->superseded_by[0] == '\0')
        return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                         "letter %s is signed, and the ledger has its day: another letter takes "
                         "its place, which names it",
                         number);
    return lq_paper_check_void(d, number, thing);
}
