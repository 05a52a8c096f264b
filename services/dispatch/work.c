// What was done on an order: what seizure and casefile have recorded on it. Both follow dispatch,
// and dispatch follows them for the few members of their events that it needs (dispatch.proto).
#include "dispatch.h"

const struct lq_table dispatch_table_work = {"work", &dispatch__work__descriptor};
const struct lq_table dispatch_table_done = {"done", &dispatch__work__descriptor};

// ---------------------------------------------------------------- what is kept of the streams

static const ProtobufCMessage *work_of(struct lq_arena *arena, Dispatch__WorkKind kind,
                                       char *number, char *order, const char *seal)
{
    if (!lq_pb_key(number) || !lq_pb_key(order))
        return NULL; // what cannot be a key is nothing that was done
    Dispatch__Work *work = LQ_NEW(arena, Dispatch__Work);
    dispatch__work__init(work);
    work->kind = kind;
    work->number = number;
    work->order = order;
    work->seal = lq_unconst(seal);
    return &work->base;
}

// It does not hang on its order any more: released, or voided.
static const ProtobufCMessage *settled(struct lq_arena *arena, Dispatch__WorkKind kind,
                                       char *number)
{
    if (!lq_pb_key(number))
        return NULL;
    Dispatch__Work *work = LQ_NEW(arena, Dispatch__Work);
    dispatch__work__init(work);
    work->kind = kind;
    work->number = number;
    work->released = true;
    return &work->base;
}

// Of an item the bytes say whether it was sealed.
static const ProtobufCMessage *voided_in_seizure(struct lq_arena *arena,
                                                 const Rules__Voided *voided)
{
    if (strcmp(voided->kind, "closure") == 0)
        return settled(arena, DISPATCH__WORK_KIND__SITE_CLOSED, voided->number);
    if (strcmp(voided->kind, "power") == 0)
        return settled(arena, DISPATCH__WORK_KIND__POWER_CUT, voided->number);
    if (strcmp(voided->kind, "item") != 0)
        return NULL; // a paper
    const Dispatch__TakenItem *item =
        lq_voided_of(arena, voided, "item", &dispatch__taken_item__descriptor);
    const bool sealed = item != NULL && item->seal[0] != '\0';
    return settled(arena,
                   sealed ? DISPATCH__WORK_KIND__ITEM_SEALED : DISPATCH__WORK_KIND__ITEM_DISMANTLED,
                   voided->number);
}

// What is under seal no more hangs on its order no more, nor does power that is back.
static const ProtobufCMessage *stepped_in_seizure(struct lq_arena *arena,
                                                  const Dispatch__SteppedThing *taken)
{
    if (strcmp(taken->kind, "power") == 0)
        return settled(arena, DISPATCH__WORK_KIND__POWER_CUT, taken->number);
    const bool is_out = strcmp(taken->to, "RELEASED") == 0 || strcmp(taken->to, "DISPOSED") == 0 ||
                        strcmp(taken->to, "HANDED_TO_POLICE") == 0;
    return strcmp(taken->kind, "item") == 0 && strcmp(taken->from, taken->to) != 0 && is_out
               ? settled(arena, DISPATCH__WORK_KIND__ITEM_SEALED, taken->number)
               : NULL;
}

static const ProtobufCMessage *note_of_seizure(struct lq_arena *arena, const void *event)
{
    const Dispatch__SeizureEvent *e = event;
    switch (e->body_case) {
    case DISPATCH__SEIZURE_EVENT__BODY_ITEM_DISMANTLED:
        return work_of(arena, DISPATCH__WORK_KIND__ITEM_DISMANTLED, e->item_dismantled->number,
                       e->item_dismantled->order, "");
    case DISPATCH__SEIZURE_EVENT__BODY_ITEM_SEALED:
        return work_of(arena, DISPATCH__WORK_KIND__ITEM_SEALED, e->item_sealed->number,
                       e->item_sealed->order, e->item_sealed->seal);
    case DISPATCH__SEIZURE_EVENT__BODY_SEAL_RELEASED:
        return settled(arena, DISPATCH__WORK_KIND__ITEM_SEALED, e->seal_released->item);
    case DISPATCH__SEIZURE_EVENT__BODY_SITE_CLOSED:
        return work_of(arena, DISPATCH__WORK_KIND__SITE_CLOSED, e->site_closed->site,
                       e->site_closed->order, "");
    case DISPATCH__SEIZURE_EVENT__BODY_POWER_CUT:
        return work_of(arena, DISPATCH__WORK_KIND__POWER_CUT, e->power_cut->number,
                       e->power_cut->order, "");
    case DISPATCH__SEIZURE_EVENT__BODY_STEP_TAKEN:
        return stepped_in_seizure(arena, e->step_taken);
    case DISPATCH__SEIZURE_EVENT__BODY_VOIDED:
        return voided_in_seizure(arena, e->voided);
    case DISPATCH__SEIZURE_EVENT__BODY_CALLED: // calls.c
        return NULL;
    case DISPATCH__SEIZURE_EVENT__BODY__NOT_SET:
    case _DISPATCH__SEIZURE_EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE(); // what this service does not name, the runtime skips
}

// A case may be corrected to another order.
static const ProtobufCMessage *corrected_in_casefile(struct lq_arena *arena,
                                                     const Rules__Corrected *corrected)
{
    for (size_t i = 0; strcmp(corrected->kind, "case") == 0 && i < corrected->n_changes; i++)
        if (strcmp(corrected->changes[i]->field, "order") == 0)
            return work_of(arena, DISPATCH__WORK_KIND__CASE_OPENED, corrected->number,
                           corrected->changes[i]->now, "");
    return NULL;
}

static const ProtobufCMessage *note_of_casefile(struct lq_arena *arena, const void *event)
{
    const Dispatch__CasefileEvent *e = event;
    switch (e->body_case) {
    case DISPATCH__CASEFILE_EVENT__BODY_CASE_OPENED:
        return work_of(arena, DISPATCH__WORK_KIND__CASE_OPENED, e->case_opened->number,
                       e->case_opened->order, "");
    case DISPATCH__CASEFILE_EVENT__BODY_CASE_REPORTED:
        return work_of(arena, DISPATCH__WORK_KIND__CASE_OPENED, e->case_reported->number,
                       e->case_reported->order, "");
    case DISPATCH__CASEFILE_EVENT__BODY_CORRECTED:
        return corrected_in_casefile(arena, e->corrected);
    case DISPATCH__CASEFILE_EVENT__BODY_VOIDED:
        return strcmp(e->voided->kind, "case") == 0
                   ? settled(arena, DISPATCH__WORK_KIND__CASE_OPENED, e->voided->number)
                   : NULL;
    case DISPATCH__CASEFILE_EVENT__BODY__NOT_SET:
    case _DISPATCH__CASEFILE_EVENT__BODY__CASE_IS_INT_SIZE:
        break;
    }
    LQ_UNREACHABLE();
}

// By kind, because an item and a case may bear the same number.
static struct lq_key key_on_order(const Dispatch__Work *work)
{
    return lq_key_then_text(lq_key_then_number(lq_key_text(work->order), (uint64_t)work->kind),
                            work->number);
}

static struct lq_key key_of(const Dispatch__Work *work)
{
    return lq_key_then_text(lq_key_number((uint64_t)work->kind), work->number);
}

// It hangs on one order at a time, or on none.
static void apply(struct lq_view *tables, const struct lq_occurrence *what, const void *note)
{
    const Dispatch__Work *work = note;
    const Dispatch__Work *before = lq_find(tables, &dispatch_table_done, key_of(work));
    if (before != NULL) {
        lq_erase(tables, &dispatch_table_work, key_on_order(before));
        lq_erase(tables, &dispatch_table_done, key_of(work));
    }
    if (work->released)
        return;
    lq_save(tables, &dispatch_table_work, key_on_order(work), &work->base);
    lq_save(tables, &dispatch_table_done, key_of(work), &work->base);
}

static const struct lq_table *const tables[] = {
    &dispatch_table_work,
    &dispatch_table_done,
    NULL,
};

const struct lq_replica dispatch_work_of_seizure = {
    .stream = "seizure",
    .event_type = &dispatch__seizure_event__descriptor,
    .partial = true,
    .event = "seizure_noted",
    .tables = tables,
    .note = note_of_seizure,
    .apply = apply,
};

const struct lq_replica dispatch_work_of_casefile = {
    .stream = "casefile",
    .event_type = &dispatch__casefile_event__descriptor,
    .partial = true,
    .event = "case_noted",
    .tables = tables,
    .note = note_of_casefile,
    .apply = apply,
};

// ---------------------------------------------------------------- rules

// "I0126 (0042), I0127 (0043)", and what comes after some of them as "…"; NULL if there is none.
static const char *list_of(struct lq_decision *d, const char *order, Dispatch__WorkKind kind)
{
    enum { NAMED_MOST = 10 };
    const char *list = NULL;
    struct lq_scan s = lq_scan(d->view, &dispatch_table_work,
                               lq_key_then_number(lq_key_text(order), (uint64_t)kind));
    for (unsigned i = 0; lq_scan_next(&s) && i <= NAMED_MOST; i++) {
        const Dispatch__Work *work = s.row;
        const char *one = i == NAMED_MOST ? "…" : work->number;
        if (i < NAMED_MOST && work->seal[0] != '\0')
            one = lq_arena_format(d->arena, "%s (%s)", work->number, work->seal);
        list = list == NULL ? one : lq_arena_format(d->arena, "%s, %s", list, one);
    }
    return list;
}

// What cannot be undone comes first: whoever releases a seal in order to cancel is not told of the
// next thing then.
struct lq_verdict dispatch_check_nothing_done(struct lq_decision *d, const Dispatch__Order *order)
{
    const int code = DISPATCH__REJECT__ORDER_CARRIED_OUT;
    const char *number = order->number;
    const char *items = list_of(d, number, DISPATCH__WORK_KIND__ITEM_DISMANTLED);
    if (items != NULL)
        return lq_reject(d, code,
                         "order %s was carried out: items %s were dismantled on it. Its teams "
                         "report that they have finished; what was entered by mistake is voided",
                         number, items);
    const char *sites = list_of(d, number, DISPATCH__WORK_KIND__SITE_CLOSED);
    if (sites != NULL)
        return lq_reject(d, code,
                         "order %s was carried out: sites %s were closed on it. Its teams report "
                         "that they have finished; what was entered by mistake is voided",
                         number, sites);
    const char *cases = list_of(d, number, DISPATCH__WORK_KIND__CASE_OPENED);
    if (cases != NULL)
        return lq_reject(d, code,
                         "order %s was carried out: cases %s came to light on it. Its teams report "
                         "that they have finished; what was entered by mistake is voided",
                         number, cases);
    const char *cuts = list_of(d, number, DISPATCH__WORK_KIND__POWER_CUT);
    if (cuts != NULL)
        return lq_reject(d, code,
                         "order %s was carried out: power was cut on it (%s). It is restored "
                         "first, or voided if entered by mistake; or its teams report that they "
                         "have finished",
                         number, cuts);
    const char *sealed = list_of(d, number, DISPATCH__WORK_KIND__ITEM_SEALED);
    if (sealed != NULL)
        return lq_reject(d, code,
                         "order %s has sealed items (with their seals): %s. They are released "
                         "first, or voided if entered by mistake; or its teams report that they "
                         "have finished",
                         number, sealed);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- answers

void dispatch_fill_work(struct lq_reading *r, Dispatch__OrderFile *file)
{
    const unsigned most = 500; // more than is done on one order
    struct lq_rows rows = lq_rows(r->arena, most);
    struct lq_scan s = lq_scan(r->view, &dispatch_table_work, lq_key_text(file->order->number));
    while (lq_scan_next(&s) && lq_rows_add(&rows, s.row))
        ;
    file->work = (Dispatch__Work **)rows.rows;
    file->n_work = rows.count;
}

// ---------------------------------------------------------------- what always holds

void dispatch_check_work(struct lq_view *view)
{
    int64_t count = 0;
    for (struct lq_scan s = lq_scan(view, &dispatch_table_done, lq_key_none()); lq_scan_next(&s);) {
        LQ_ASSERT(lq_exists(view, &dispatch_table_work, key_on_order(s.row)));
        count++;
    }
    for (struct lq_scan s = lq_scan(view, &dispatch_table_work, lq_key_none()); lq_scan_next(&s);)
        count--;
    LQ_ASSERT(count == 0);
}
