// Steps are taken one behind the other, and only the last one is ever voided.
#include "ledger/replica/steps.h"

#include <string.h>

#include "base/assert.h"
#include "pb/pb.h"

const struct lq_table lq_premises_steps = {"premises_steps", &ledger__status_note__descriptor};

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Ledger__Event *heard = event;
    Ledger__StatusNote *made = LQ_NEW(arena, Ledger__StatusNote);
    ledger__status_note__init(made);
    if (heard->body_case == LEDGER__EVENT__BODY_STATUS_CHANGED) {
        made->premises = heard->status_changed->premises;
        made->status = heard->status_changed->to;
    } else if (heard->body_case == LEDGER__EVENT__BODY_VOIDED &&
               strcmp(heard->voided->kind, "premises_step") == 0) {
        const char *number = heard->voided->number;
        made->premises = lq_arena_format(arena, "%.*s", (int)strcspn(number, "/"), number);
        made->undone = true;
    } else {
        return NULL;
    }
    return lq_pb_key(made->premises) ? &made->base : NULL;
}

// False: they have taken no step.
static bool last_step(struct lq_view *view, const char *premises, uint64_t *place,
                      Ledger__Status *status)
{
    struct lq_scan s = lq_scan_backwards(view, &lq_premises_steps, lq_key_text(premises));
    if (!lq_scan_next(&s))
        return false;
    struct lq_key_reader reader = {.key = &s.key};
    lq_key_read_text(&reader); // the premises
    *place = lq_key_read_number(&reader);
    *status = ((const Ledger__StatusNote *)s.row)->status;
    return true;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Ledger__StatusNote *heard = event;
    uint64_t place = 0;
    Ledger__Status status;
    const bool any = last_step(tables, heard->premises, &place, &status);
    const struct lq_key of = lq_key_text(heard->premises);
    if (!heard->undone)
        lq_save(tables, &lq_premises_steps, lq_key_then_number(of, any ? place + 1 : 0),
                &heard->base);
    else if (any)
        lq_erase(tables, &lq_premises_steps, lq_key_then_number(of, place));
}

static const struct lq_table *const tables[] = {&lq_premises_steps, NULL};

const struct lq_replica ledger_premises_steps = {
    .stream = "ledger",
    .event_type = &ledger__event__descriptor,
    .event = "premises_step_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

Ledger__Status lq_premises_status(struct lq_view *view, const char *premises)
{
    uint64_t place;
    Ledger__Status status = LEDGER__STATUS__NO_STATUS;
    if (lq_pb_key(premises))
        last_step(view, premises, &place, &status);
    return status;
}
