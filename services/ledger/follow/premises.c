// The note holds what every follower needs to know of premises: what they are called, where they
// are and what is made there. Owner, coordinates and measures stay with the ledger, so that there
// is one place to correct them.
#include "ledger/follow/premises.h"

#include "pb/limits.h"

const struct lq_table lq_premises_notes = {"premises_notes", &ledger__premises_note__descriptor};

void lq_premises_react(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Ledger__Event *heard = event;
    if (heard->body_case != LEDGER__EVENT__BODY_PREMISES_REGISTERED)
        return;
    const Ledger__Premises *premises = heard->premises_registered;
    Ledger__PremisesNote note = LEDGER__PREMISES_NOTE__INIT;
    note.number = premises->number;
    note.name = premises->name;
    note.township = premises->township;
    note.kind = premises->kind;
    note.standing = premises->standing;
    lq_note_self(f, what->occurred_ms, "note_premises", &note.base);
}

struct lq_verdict lq_premises_decide(struct lq_decision *d, int code,
                                     const Ledger__PremisesNote *note)
{
    return lq_take_note(d, code, note->number, "premises_noted", &note->base);
}

void lq_premises_note(struct lq_view *tables, const Ledger__PremisesNote *note)
{
    lq_save(tables, &lq_premises_notes, lq_key_text(note->number), &note->base);
}

// A number that is too long for a key belongs to no premises: the ledger lets none of them in.
const Ledger__PremisesNote *lq_premises_find(struct lq_view *view, const char *number)
{
    if (strlen(number) > LQ_PB_IDENTIFIER_BYTES)
        return NULL;
    return lq_find(view, &lq_premises_notes, lq_key_text(number));
}
