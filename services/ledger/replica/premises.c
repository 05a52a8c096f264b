// The note holds what every follower needs to know of premises: what they are called, where they
// are and what is made there. Owner, coordinates and measures stay with the ledger, so that there
// is one place to correct them.
#include "ledger/replica/premises.h"

#include "pb/pb.h"
#include "rules/correct.h"

const struct lq_table lq_premises_notes = {"premises_notes", &ledger__premises_note__descriptor};

static Ledger__PremisesNote *note_of(struct lq_arena *arena, const Ledger__Premises *premises)
{
    if (premises == NULL || !lq_pb_key(premises->number))
        return NULL; // another kind of thing; of numbers that are no key the ledger lets none in
    Ledger__PremisesNote *note = LQ_NEW(arena, Ledger__PremisesNote);
    ledger__premises_note__init(note);
    note->number = premises->number;
    note->name = premises->name;
    note->township = premises->township;
    note->kind = premises->kind;
    note->standing = premises->standing;
    return note;
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Ledger__Event *heard = event;
    const ProtobufCMessageDescriptor *type = &ledger__premises__descriptor;
    Ledger__PremisesNote *made = NULL;
    if (heard->body_case == LEDGER__EVENT__BODY_PREMISES_REGISTERED)
        made = note_of(arena, lq_pb_project(arena, type, heard->premises_registered));
    else if (heard->body_case == LEDGER__EVENT__BODY_CORRECTED)
        made = note_of(arena, lq_corrected_thing(arena, heard->corrected, "premises", type));
    else if (heard->body_case == LEDGER__EVENT__BODY_VOIDED)
        made = note_of(arena, lq_voided_of(arena, heard->voided, "premises", type));
    if (made == NULL)
        return NULL;
    made->voided = heard->body_case == LEDGER__EVENT__BODY_VOIDED;
    return &made->base;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
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

const Ledger__PremisesNote *lq_premises_noted(struct lq_view *view, const char *number)
{
    return lq_find_numbered(view, &lq_premises_notes, number);
}

const Ledger__PremisesNote *lq_premises_find(struct lq_view *view, const char *number)
{
    const Ledger__PremisesNote *noted = lq_premises_noted(view, number);
    return noted != NULL && !noted->voided ? noted : NULL;
}

const char *lq_premises_name(struct lq_view *view, const char *number, int64_t at_ms)
{
    (void)at_ms; // what they were called before is not kept
    const Ledger__PremisesNote *premises = lq_premises_noted(view, number);
    return premises != NULL && premises->name[0] != '\0' ? premises->name : NULL;
}
