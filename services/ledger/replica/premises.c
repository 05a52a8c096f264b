// The note holds what every follower needs to know of premises: what they are called, where they
// are and what is made there. Owner, coordinates and measures stay with the ledger, so that there
// is one place to correct them.
#include "ledger/replica/premises.h"

#include "pb/pb.h"

const struct lq_table lq_premises_notes = {"premises_notes", &ledger__premises_note__descriptor};

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Ledger__Event *heard = event;
    if (heard->body_case != LEDGER__EVENT__BODY_PREMISES_REGISTERED)
        return NULL;
    const Ledger__PremisesRegistered *premises = heard->premises_registered;
    if (!lq_pb_key(premises->number))
        return NULL; // the ledger lets none of these in
    Ledger__PremisesNote *note = LQ_NEW(arena, Ledger__PremisesNote);
    ledger__premises_note__init(note);
    note->number = premises->number;
    note->name = premises->name;
    note->township = premises->township;
    note->kind = premises->kind;
    note->standing = premises->standing;
    return &note->base;
}

static void apply(struct lq_view *tables, const void *event)
{
    const Ledger__PremisesNote *note = event;
    lq_save(tables, &lq_premises_notes, lq_key_text(note->number), &note->base);
}

static const struct lq_table *const tables[] = {&lq_premises_notes, NULL};

const struct lq_replica ledger_premises = {
    .stream = "ledger",
    .event_type = &ledger__event__descriptor,
    .event = "premises_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

// A number that is too long for a key belongs to no premises: the ledger lets none of them in.
const Ledger__PremisesNote *lq_premises_find(struct lq_view *view, const char *number)
{
    if (strlen(number) > LQ_PB_IDENTIFIER_BYTES)
        return NULL;
    return lq_find(view, &lq_premises_notes, lq_key_text(number));
}
