// What a service notes of what others say: people, shifts, orders, premises. It must be just what
// they said, once and in their order (audit_follow.c).
#include "sim/audit_parts.h"

void audit_person_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Shift__PersonRegistered *person = body;
    audit_note_person(a, fact->stream, person);
    audit_take_effect(a, fact, "shift", audit_person_digest(person));
}

void audit_shift_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Shift__ShiftPlanned *shift = body;
    audit_note_shift(a, fact->stream, shift);
    audit_take_effect(a, fact, "shift", audit_shift_digest(shift));
}

void audit_order_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__OrderNote *note = body;
    struct audit_order_note *kept =
        audit_put_text(a, &fact->stream->orders, sizeof *kept, note->number);
    if (!note->cancelled) {
        kept->target = note->target;
        kept->issued_ms = note->issued_at_ms;
    }
    kept->cancelled = note->cancelled;
    audit_take_effect(a, fact, "dispatch", audit_order_digest(note->number, note->cancelled));
}

void audit_premises_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Ledger__PremisesNote *note = body;
    struct audit_premises *p = audit_put_text(a, &fact->stream->premises, sizeof *p, note->number);
    p->township = note->township;
    p->standing = (uint32_t)note->standing;
    audit_take_effect(
        a, fact, "ledger",
        audit_premises_digest(note->number, note->township, (uint32_t)note->standing));
}
