// What was said, and of whom, stays with the tips: the accused must not learn of it (Environmental
// Protection Law art. 57).
#include "tips/replica/tips.h"

#include "pb/pb.h"
#include "rules/correct.h"

const struct lq_table lq_tip_notes = {"tip_notes", &tips__tip_note__descriptor};

static Tips__TipNote *note_of(struct lq_arena *arena, const char *number, bool verified,
                              uint32_t reward_yuan)
{
    if (!lq_pb_key(number))
        return NULL;
    Tips__TipNote *note = LQ_NEW(arena, Tips__TipNote);
    tips__tip_note__init(note);
    note->number = lq_unconst(number);
    note->verified = verified;
    note->reward_yuan = reward_yuan;
    return note;
}

static Tips__TipNote *note_of_tip(struct lq_arena *arena, const Tips__Tip *tip)
{
    return tip != NULL ? note_of(arena, tip->number, tip->verified, tip->reward_yuan) : NULL;
}

static const ProtobufCMessage *note(struct lq_arena *arena, const void *event)
{
    const Tips__Event *heard = event;
    const ProtobufCMessageDescriptor *type = &tips__tip__descriptor;
    Tips__TipNote *made = NULL;
    if (heard->body_case == TIPS__EVENT__BODY_TIP_RECORDED)
        made = note_of(arena, heard->tip_recorded->number, heard->tip_recorded->verified,
                       heard->tip_recorded->reward_yuan);
    else if (heard->body_case == TIPS__EVENT__BODY_TIP_VERIFIED)
        made = note_of(arena, heard->tip_verified->number, heard->tip_verified->verified,
                       heard->tip_verified->reward_yuan);
    else if (heard->body_case == TIPS__EVENT__BODY_CORRECTED)
        made = note_of_tip(arena, lq_corrected_thing(arena, heard->corrected, "tip", type));
    else if (heard->body_case == TIPS__EVENT__BODY_VOIDED)
        made = note_of_tip(arena, lq_voided_of(arena, heard->voided, "tip", type));
    if (made == NULL)
        return NULL;
    made->voided = heard->body_case == TIPS__EVENT__BODY_VOIDED;
    return &made->base;
}

static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    (void)what;
    const Tips__TipNote *heard = event;
    lq_save(tables, &lq_tip_notes, lq_key_text(heard->number), &heard->base);
}

static const struct lq_table *const tables[] = {&lq_tip_notes, NULL};

const struct lq_replica tips_noted = {
    .stream = "tips",
    .event_type = &tips__event__descriptor,
    .event = "tip_noted",
    .tables = tables,
    .note = note,
    .apply = apply,
};

const Tips__TipNote *lq_tip_find(struct lq_view *view, const char *number)
{
    const Tips__TipNote *noted = lq_find_numbered(view, &lq_tip_notes, number);
    return noted != NULL && !noted->voided ? noted : NULL;
}
