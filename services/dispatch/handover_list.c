// What goes over from one shift to the next: the orders and calls that are open, as the service's
// own tables have them, with the terms and notes that the outgoing chief's terminal adds.
//
// Nothing marks a frozen list as out of date. It is compared with what is open, whenever that
// matters: what is then the same has not changed for the one who signs (decision 0034). Who of a
// team that is out took part is frozen, too, and not compared: it is recorded when it is, often
// afterwards.
#include "dispatch.h"

static Dispatch__HandoverTeam *team_row(struct lq_arena *arena, const Dispatch__Assignment *a)
{
    Dispatch__HandoverTeam *team = LQ_NEW(arena, Dispatch__HandoverTeam);
    dispatch__handover_team__init(team);
    team->team = a->team;
    team->step = a->step;
    team->at_work = dispatch_is_at_work(a);
    return team;
}

static Dispatch__HandoverOrder *order_row(struct lq_view *view, struct lq_arena *arena,
                                          const char *number)
{
    const Dispatch__Order *order = dispatch_find(view, number);
    LQ_ASSERT(order != NULL);
    order = dispatch_whole(view, order);
    Dispatch__HandoverOrder *row = LQ_NEW(arena, Dispatch__HandoverOrder);
    dispatch__handover_order__init(row);
    row->number = order->number;
    row->priority = order->priority;
    row->target_name = order->target_name;
    row->teams = LQ_NEW_ARRAY(arena, Dispatch__HandoverTeam *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++)
        row->teams[row->n_teams++] = team_row(arena, order->assignments[i]);
    return row;
}

static void add_orders(struct lq_view *view, struct lq_arena *arena, Dispatch__HandoverList *list)
{
    list->orders =
        LQ_NEW_ARRAY(arena, Dispatch__HandoverOrder *, lq_count(view, &dispatch_table_open));
    for (struct lq_scan s = lq_scan(view, &dispatch_table_open, lq_key_none()); lq_scan_next(&s);) {
        const Dispatch__OpenOrder *open = s.row;
        list->orders[list->n_orders++] = order_row(view, arena, open->number);
    }
}

static bool is_open(const Dispatch__Call *call)
{
    return call->state == DISPATCH__CALL_STATE__CALL_OPEN;
}

static void add_calls(struct lq_view *view, struct lq_arena *arena, Dispatch__HandoverList *list)
{
    size_t count = 0;
    for (struct lq_scan s = lq_scan(view, &dispatch_table_calls, lq_key_none()); lq_scan_next(&s);)
        count += is_open(s.row);
    list->calls = LQ_NEW_ARRAY(arena, Dispatch__HandoverCall *, count);
    for (struct lq_scan s = lq_scan(view, &dispatch_table_calls, lq_key_none());
         lq_scan_next(&s);) {
        const Dispatch__Call *call = s.row;
        if (!is_open(call))
            continue;
        Dispatch__HandoverCall *row = LQ_NEW(arena, Dispatch__HandoverCall);
        dispatch__handover_call__init(row);
        row->number = call->number;
        row->priority = call->priority;
        row->what = call->what;
        list->calls[list->n_calls++] = row;
    }
}

Dispatch__HandoverList *dispatch_what_is_open(struct lq_view *view, struct lq_arena *arena)
{
    Dispatch__HandoverList *list = LQ_NEW(arena, Dispatch__HandoverList);
    dispatch__handover_list__init(list);
    add_orders(view, arena, list);
    add_calls(view, arena, list);
    return list;
}

// ---------------------------------------------------------------- who is out

static bool is_out(const Dispatch__HandoverTeam *team)
{
    return team->at_work &&
           (team->step == DISPATCH__STEP__DEPARTED || team->step == DISPATCH__STEP__ON_SCENE);
}

static void add_people(struct lq_decision *d, const Dispatch__HandoverOrder *order,
                       Dispatch__HandoverTeam *team)
{
    struct lq_rows people = lq_rows(d->arena, LQ_TOLD_MOST);
    const struct lq_key of_order = lq_key_text(order->number);
    for (struct lq_scan s = lq_scan(d->view, &dispatch_table_participants, of_order);
         lq_scan_next(&s);) {
        const Dispatch__Participant *one = s.row;
        if (strcmp(one->team, team->team) == 0 && !lq_rows_add(&people, one))
            break;
    }
    team->people = LQ_NEW_ARRAY(d->arena, char *, people.count);
    for (; team->n_people < people.count; team->n_people++)
        team->people[team->n_people] =
            ((const Dispatch__Participant *)people.rows[team->n_people])->badge;
}

static void add_who_is_out(struct lq_decision *d, Dispatch__HandoverList *list)
{
    for (size_t i = 0; i < list->n_orders; i++)
        for (size_t j = 0; j < list->orders[i]->n_teams; j++)
            if (is_out(list->orders[i]->teams[j]))
                add_people(d, list->orders[i], list->orders[i]->teams[j]);
}

static Dispatch__HandoverOrder *without_people(struct lq_arena *arena,
                                               const Dispatch__HandoverOrder *order)
{
    Dispatch__HandoverOrder *copy = LQ_NEW(arena, Dispatch__HandoverOrder);
    *copy = *order;
    copy->teams = LQ_NEW_ARRAY(arena, Dispatch__HandoverTeam *, order->n_teams);
    for (size_t i = 0; i < order->n_teams; i++) {
        copy->teams[i] = LQ_NEW(arena, Dispatch__HandoverTeam);
        *copy->teams[i] = *order->teams[i];
        copy->teams[i]->n_people = 0;
    }
    return copy;
}

enum { LIST_BYTES = 96 * 1024 }; // less than an event may have

struct lq_verdict dispatch_fill_list(struct lq_decision *d, const Dispatch__FreezeHandover *c,
                                     Dispatch__HandoverFrozen *frozen)
{
    Dispatch__HandoverList *list = frozen->list = dispatch_what_is_open(d->view, d->arena);
    add_who_is_out(d, list);
    list->terms = c->terms;
    list->n_terms = c->n_terms;
    list->positions = c->positions;
    list->n_positions = c->n_positions;
    list->notes = c->notes;
    const size_t size = dispatch__handover_list__get_packed_size(list);
    return size <= LIST_BYTES
               ? LQ_ACCEPT
               : lq_reject(d, LQ_COMMON(QUANTITY_IMPLAUSIBLE),
                           "%zu orders, %zu calls and %zu terms are more than one list holds (96 "
                           "KiB); close orders that are done, or leave out terms",
                           list->n_orders, list->n_calls, list->n_terms);
}

// ---------------------------------------------------------------- is it still so?

static bool same(struct lq_arena *arena, const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const struct lq_span one = lq_pb_encode(arena, a), other = lq_pb_encode(arena, b);
    return one.size == other.size && memcmp(one.data, other.data, one.size) == 0;
}

// Both lists go up by number: the first that one of them lacks, or that says otherwise.
struct lq_verdict dispatch_need_current(struct lq_decision *d, const Dispatch__Handover *handover)
{
    const Dispatch__HandoverList *was = handover->list;
    const Dispatch__HandoverList *now = dispatch_what_is_open(d->view, d->arena);
    char at[LQ_TIME_TEXT];
    lq_format_local(handover->frozen_at_ms, at);
    for (size_t i = 0; i < was->n_orders || i < now->n_orders; i++) {
        const Dispatch__HandoverOrder *a = i < was->n_orders ? was->orders[i] : NULL;
        const Dispatch__HandoverOrder *b = i < now->n_orders ? now->orders[i] : NULL;
        const int side = a == NULL ? 1 : b == NULL ? -1 : strcmp(a->number, b->number);
        if (side > 0)
            return lq_reject(d, DISPATCH__REJECT__LIST_STALE,
                             "order %s was issued or reopened after the list of %s was frozen; the "
                             "outgoing chief freezes it anew",
                             b->number, at);
        if (side < 0)
            return lq_reject(d, DISPATCH__REJECT__LIST_STALE,
                             "order %s was closed after the list of %s was frozen; the outgoing "
                             "chief freezes it anew",
                             a->number, at);
        if (!same(d->arena, &without_people(d->arena, a)->base, &b->base))
            return lq_reject(d, DISPATCH__REJECT__LIST_STALE,
                             "what is known of order %s has changed after the list of %s was "
                             "frozen; the outgoing chief freezes it anew",
                             a->number, at);
    }
    for (size_t i = 0; i < was->n_calls || i < now->n_calls; i++) {
        const Dispatch__HandoverCall *a = i < was->n_calls ? was->calls[i] : NULL;
        const Dispatch__HandoverCall *b = i < now->n_calls ? now->calls[i] : NULL;
        if (a == NULL || b == NULL || strcmp(a->number, b->number) != 0)
            return lq_reject(d, DISPATCH__REJECT__LIST_STALE,
                             "call %s was opened or decided about after the list of %s was "
                             "frozen; the outgoing chief freezes it anew",
                             a == NULL || (b != NULL && strcmp(b->number, a->number) < 0)
                                 ? b->number
                                 : a->number,
                             at);
    }
    return LQ_ACCEPT;
}

bool dispatch_is_current(struct lq_reading *r, const Dispatch__HandoverList *was,
                         const Dispatch__HandoverList *now)
{
    Dispatch__HandoverList open = *was;
    open.n_terms = open.n_positions = 0;
    open.notes = now->notes;
    open.orders = LQ_NEW_ARRAY(r->arena, Dispatch__HandoverOrder *, was->n_orders);
    for (size_t i = 0; i < was->n_orders; i++)
        open.orders[i] = without_people(r->arena, was->orders[i]);
    return same(r->arena, &open.base, &now->base);
}

// ---------------------------------------------------------------- the sheet

static void add_part(struct lq_arena *arena, const Dispatch__HandoverOrder *order,
                     const Dispatch__HandoverTeam *team, Dispatch__HandoverPart **parts,
                     size_t *count)
{
    Dispatch__HandoverPart *part = LQ_NEW(arena, Dispatch__HandoverPart);
    dispatch__handover_part__init(part);
    part->order = order->number;
    part->priority = order->priority;
    part->target_name = order->target_name;
    part->team = team->team;
    part->step = team->step;
    part->people = team->people;
    part->n_people = team->n_people;
    parts[(*count)++] = part;
}

const ProtobufCMessage *dispatch_handover_sheet(struct lq_view *view, const char *number,
                                                const void *row, int64_t at_ms)
{
    (void)number, (void)at_ms; // the list is frozen
    struct lq_arena *arena = lq_view_arena(view);
    const Dispatch__HandoverList *list = ((const Dispatch__Handover *)row)->list;
    Dispatch__HandoverSheet *sheet = LQ_NEW(arena, Dispatch__HandoverSheet);
    dispatch__handover_sheet__init(sheet);
    size_t teams = 0;
    for (size_t i = 0; list != NULL && i < list->n_orders; i++)
        teams += list->orders[i]->n_teams;
    sheet->unanswered = LQ_NEW_ARRAY(arena, Dispatch__HandoverPart *, teams);
    sheet->out = LQ_NEW_ARRAY(arena, Dispatch__HandoverPart *, teams);
    for (size_t i = 0; list != NULL && i < list->n_orders; i++)
        for (size_t j = 0; j < list->orders[i]->n_teams; j++) {
            const Dispatch__HandoverTeam *team = list->orders[i]->teams[j];
            if (is_out(team))
                add_part(arena, list->orders[i], team, sheet->out, &sheet->n_out);
            else if (team->at_work && team->step == DISPATCH__STEP__STEP_UNSPECIFIED)
                add_part(arena, list->orders[i], team, sheet->unanswered, &sheet->n_unanswered);
        }
    return &sheet->base;
}
