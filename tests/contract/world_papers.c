// Papers about things that are there: what is random names no form, and says nothing that it asks.
#include <string.h>

#include "config/forms.h"
#include "config/policy.h"
#include "pb/pb.h"
#include "rules/papers.h"
#include "world_parts.h"

static bool is_about(const struct lq_form *form, const char *kind)
{
    const char *const *kinds = form->of.items;
    for (size_t i = 0; i < form->of.count; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

// Mostly one that fits, and all of its fields, now and then less.
static ProtobufCMessage *issue(struct world *world, const struct lq_bed *bed, const struct aim *aim)
{
    struct lq_arena *arena = &world->arena;
    const struct lq_forms *forms = bed->policy.forms;
    const struct lq_form *all = forms->forms.items, *form = NULL;
    for (int i = 0; i < 60 && (form == NULL || !is_about(form, aim->thing->kind)); i++)
        form = &all[lq_throw(&world->dice, forms->forms.count)];
    const struct lq_form_field *fields = form->fields.items;
    Rules__IssuePaper *paper = LQ_NEW(arena, Rules__IssuePaper);
    rules__issue_paper__init(paper);
    paper->kind = lq_unconst(form->id);
    paper->of_kind = lq_unconst(aim->thing->kind);
    paper->of_number = lq_unconst(aim->number);
    paper->fields = LQ_NEW_ARRAY(arena, Rules__PaperField *, form->fields.count);
    for (size_t i = 0; i < form->fields.count; i++) {
        if (fields[i].required && lq_chance(&world->dice, 1))
            continue;
        Rules__PaperField *one = LQ_NEW(arena, Rules__PaperField);
        rules__paper_field__init(one);
        one->id = lq_unconst(fields[i].id);
        one->value = lq_unconst(lq_chance(&world->dice, 50) ? "<b>甲 & \"乙\"</b>" : "某\n某");
        paper->fields[paper->n_fields++] = one;
    }
    const Rules__Paper *old =
        lq_chance(&world->dice, 30)
            ? lq_paper_latest(aim->view, aim->thing->kind, aim->number, form->id)
            : NULL;
    if (old != NULL)
        paper->supersedes = lq_arena_text(arena, old->number);
    return &paper->base;
}

static ProtobufCMessage *serve(struct world *world, struct lq_view *view)
{
    struct lq_arena *arena = &world->arena;
    const uint64_t rows = lq_count(view, &lq_papers);
    if (rows == 0)
        return NULL;
    struct lq_scan s = lq_scan(view, &lq_papers, lq_key_none());
    for (uint64_t skip = lq_throw(&world->dice, rows) + 1; skip > 0 && lq_scan_next(&s); skip--)
        ;
    const Rules__Paper *paper = s.row;
    Rules__ServePaper *serve = LQ_NEW(arena, Rules__ServePaper);
    rules__serve_paper__init(serve);
    serve->number = lq_arena_text(arena, paper->number);
    serve->how = (Rules__ServedHow)lq_throw(&world->dice, 5);
    serve->officers = LQ_NEW_ARRAY(arena, char *, 2);
    serve->n_officers = lq_chance(&world->dice, 90) ? 2 : 0;
    serve->officers[0] = lq_arena_text(arena, "P5");
    serve->officers[1] = lq_arena_text(arena, "P7");
    serve->receipt = lq_unconst(lq_chance(&world->dice, 50) ? "EMS" : "");
    serve->witness = lq_unconst("邻居");
    return &serve->base;
}

const ProtobufCMessage *world_aim_paper(struct world *world, struct lq_bed *bed, unsigned variant)
{
    struct aim aim;
    ProtobufCMessage *body = NULL;
    if (!lq_has_papers(bed->service) ||
        (variant != LQ_BODY_ISSUE_PAPER && variant != LQ_BODY_SERVE_PAPER))
        return NULL;
    const bool found = world_find_thing(world, bed, &aim);
    if (variant == LQ_BODY_SERVE_PAPER)
        body = serve(world, aim.view);
    else if (found)
        body = issue(world, bed, &aim);
    const ProtobufCMessage *command =
        body != NULL ? lq_pb_variant_of(&world->arena, bed->service->command_type, variant, body)
                     : NULL;
    lq_bed_end_read(bed);
    return command;
}
