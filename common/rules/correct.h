// Corrections (更正) and voiding (作废): entries of their own, with who, when and why, by the rows
// of the contract's things (things.h). A service has the members of rules.proto in its oneofs, with
// these numbers, and these handlers in its rows.
#pragma once

#include "rules.pb-c.h"
#include "rules/things.h"

enum { LQ_BODY_CORRECT = 47, LQ_BODY_VOID = 48, LQ_BODY_THING = 47 };

// correct: needs a reason. `was` must be what the field has now.
lq_decide_fn lq_correct, lq_void;
lq_apply_fn lq_corrected, lq_voided_thing;
lq_query_fn lq_show_thing;

// A thing as the bytes of an event or answer have it; in the arena. NULL: they are none.
const void *lq_thing_of(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                        const ProtobufCBinaryData *bytes);

// The thing of that kind that the event has corrected or voided, as it is now or was; in the arena.
// NULL: the event is of another kind.
const void *lq_corrected_thing(struct lq_arena *arena, const Rules__Corrected *event,
                               const char *kind, const ProtobufCMessageDescriptor *type);
const void *lq_voided_of(struct lq_arena *arena, const Rules__Voided *event, const char *kind,
                         const ProtobufCMessageDescriptor *type);
