// Dispatch: who was sent where. No team on two orders at once unless a commander said so, no step
// that did not follow, no report but the lead's own, nobody counted twice.
#include "sim/audit_parts.h"

typedef unsigned long long number;

// ---------------------------------------------------------------- who is sent

static const char *group_of(const struct audit_roster *roster, const char *team, int64_t at_ms)
{
    for (const struct audit_entry *e = roster->people.first; e != NULL; e = e->next) {
        const struct audit_person *person = audit_person_at(roster, (const char *)e->key, at_ms);
        if (person != NULL && strcmp(person->team, team) == 0)
            return person->group;
    }
    return NULL;
}

// Its lead, or a deputy.
static bool leads(const struct audit_roster *roster, const char *badge, const char *team,
                  int64_t at_ms)
{
    const struct audit_person *person = audit_person_at(roster, badge, at_ms);
    return person != NULL && strcmp(person->team, team) == 0 &&
           (person->role == LQ__ROLE__LEAD || person->rank == SHIFT__RANK__DEPUTY_LEAD);
}

// ---------------------------------------------------------------- orders

struct audit_team *audit_team_of(struct audit_order *order, const char *team)
{
    for (size_t i = 0; i < order->team_count; i++)
        if (strcmp(order->teams[i].name, team) == 0)
            return &order->teams[i];
    return NULL;
}

static bool is_at_work(const struct audit_order *order, const struct audit_team *team)
{
    return !order->cancelled && !team->declined && team->step != DISPATCH__STEP__FINISHED;
}

bool audit_is_engaged(const struct audit *a, const char *name)
{
    for (const struct audit_entry *e = a->orders.first; e != NULL; e = e->next) {
        struct audit_order *order = e->value;
        const struct audit_team *team = audit_team_of(order, name);
        if (team != NULL && is_at_work(order, team))
            return true;
    }
    return false;
}

static void check_team_sent(struct audit *a, const struct audit_fact *fact,
                            const Dispatch__OrderIssued *o, const char *team)
{
    const struct audit_stream *stream = fact->stream;
    const number seq = fact->r->seq;
    const struct audit_shift *shift = audit_on_duty(&stream->roster, o->issued_at_ms);
    const char *group = group_of(&stream->roster, team, o->issued_at_ms);
    AUDIT(group != NULL, "dispatch", "record %llu of dispatch sends team %s, which is not known",
          seq, team);
    if (o->override_reason[0] != '\0') {
        AUDIT((fact->principal_roles & ROLE_BIT(COMMANDER)) != 0, "dispatch",
              "record %llu of dispatch: %s is no commander and overrides", seq, fact->principal);
        return;
    }
    AUDIT(shift != NULL && strcmp(shift->group, group) == 0, "dispatch",
          "record %llu of dispatch sends team %s, which is off duty", seq, team);
    const bool paper = fact->r->on_behalf_of[0] != '\0';
    AUDIT(paper || !audit_is_engaged(a, team), "dispatch",
          "record %llu of dispatch sends team %s, which is engaged", seq, team);
}

static void order_issued(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__OrderIssued *o = body;
    const number seq = fact->r->seq;
    AUDIT(audit_find_text(&a->orders, o->number) == NULL, "dispatch",
          "record %llu of dispatch issues order %s a second time", seq, o->number);
    AUDIT(strcmp(o->desk, fact->principal) == 0, "identity", "order %s is %s's, but names %s",
          o->number, fact->principal, o->desk);
    const struct audit_premises *target = audit_find_text(&fact->stream->premises, o->target);
    AUDIT(target != NULL && strcmp(target->township, o->township) == 0, "dispatch",
          "record %llu of dispatch sends to %s, which is not known so", seq, o->target);
    for (size_t i = 0; i < o->n_assignments; i++)
        check_team_sent(a, fact, o, o->assignments[i]->team);
    struct audit_order *order = audit_put_text(a, &a->orders, sizeof *order, o->number);
    order->issued_ms = o->issued_at_ms;
    order->target = o->target;
    order->township = o->township;
    order->desk = o->desk;
    order->priority = (uint32_t)o->priority;
    for (size_t i = 0; i < o->n_assignments && i < AUDIT_TEAMS; i++)
        order->teams[order->team_count++] =
            (struct audit_team){.name = o->assignments[i]->team, .last_ms = o->issued_at_ms};
}

// The team on the order that a report is about; its own lead must report.
static struct audit_team *reporting(struct audit *a, const struct audit_fact *fact,
                                    const char *number_, const char *team)
{
    struct audit_order *order = audit_find_text(&a->orders, number_);
    struct audit_team *t = order != NULL ? audit_team_of(order, team) : NULL;
    const number seq = fact->r->seq;
    AUDIT(t != NULL, "dispatch", "record %llu of dispatch is about no team of order %s", seq,
          number_);
    AUDIT(!order->cancelled, "dispatch", "record %llu of dispatch is about order %s, cancelled",
          seq, number_);
    AUDIT(!t->declined, "dispatch", "record %llu of dispatch: team %s has declined order %s", seq,
          team, number_);
    AUDIT(leads(&fact->stream->roster, fact->principal, team, fact->happened_ms), "dispatch",
          "record %llu of dispatch: %s reports for team %s and does not lead it", seq,
          fact->principal, team);
    AUDIT(fact->r->occurred_at_ms >= t->last_ms, "dispatch",
          "record %llu of dispatch lies before the report before it", seq);
    t->last_ms = fact->r->occurred_at_ms;
    return t;
}

static void step_reported(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__StepReported *e = body;
    struct audit_team *team = reporting(a, fact, e->order, e->team);
    const bool at_once = team->step == 0 && e->step == DISPATCH__STEP__DEPARTED;
    AUDIT((uint32_t)e->step == team->step + 1 || at_once, "dispatch",
          "record %llu of dispatch takes team %s from step %u to %d", (number)fact->r->seq, e->team,
          team->step, (int)e->step);
    team->step = (uint32_t)e->step;
    if (e->step == DISPATCH__STEP__ACKNOWLEDGED || at_once)
        team->answered_ms = fact->r->occurred_at_ms;
    if (e->step == DISPATCH__STEP__DEPARTED)
        team->departed_ms = fact->happened_ms;
}

// No report: it may be said after a report that comes in late.
static void order_seen(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__OrderSeen *e = body;
    struct audit_order *order = audit_find_text(&a->orders, e->order);
    struct audit_team *team = order != NULL ? audit_team_of(order, e->team) : NULL;
    const number seq = fact->r->seq;
    AUDIT(team != NULL && !order->cancelled, "dispatch",
          "record %llu of dispatch: order %s, which is not open, is seen by team %s", seq, e->order,
          e->team);
    AUDIT(team->answered_ms == 0 && !(e->read ? team->read : team->delivered), "dispatch",
          "record %llu of dispatch: team %s sees order %s once more", seq, e->team, e->order);
    AUDIT(leads(&fact->stream->roster, fact->principal, e->team, fact->happened_ms), "dispatch",
          "record %llu of dispatch: %s sees order %s for team %s and does not lead it", seq,
          fact->principal, e->order, e->team);
    AUDIT(fact->r->occurred_at_ms >= order->issued_ms, "dispatch",
          "record %llu of dispatch: order %s is seen before it was issued", seq, e->order);
    team->delivered = true;
    team->read = team->read || e->read;
}

static void order_declined(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__OrderDeclined *e = body;
    struct audit_team *team = reporting(a, fact, e->order, e->team);
    AUDIT(team->step < DISPATCH__STEP__DEPARTED, "dispatch",
          "record %llu of dispatch: team %s declines on its way", (number)fact->r->seq, e->team);
    team->declined = true;
    if (team->step == 0)
        team->answered_ms = fact->r->occurred_at_ms;
}

static void order_cancelled(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__OrderCancelled *e = body;
    struct audit_order *order = audit_find_text(&a->orders, e->order);
    AUDIT(order != NULL && !order->cancelled, "dispatch",
          "record %llu of dispatch cancels order %s, which is not there or cancelled",
          (number)fact->r->seq, e->order);
    AUDIT(order->work == 0, "dispatch",
          "record %llu of dispatch cancels order %s, on which %u things were done",
          (number)fact->r->seq, e->order, order->work);
    order->cancelled = true;
}

static bool was_in(const struct audit_roster *roster, const char *badge, const char *team,
                   int64_t at_ms)
{
    const struct audit_person *person = audit_person_at(roster, badge, at_ms);
    return person != NULL && strcmp(person->team, team) == 0;
}

// What was done on an order, as it comes from seizure or casefile. It may come after the order was
// cancelled: the two know of each other only by what they have heard.
static void work_noted(struct audit *a, const struct audit_fact *fact, const char *from,
                       const Dispatch__Work *work)
{
    const bool is_power = work->kind == DISPATCH__WORK_KIND__POWER_CUT;
    struct audit_sealed *sealed = is_power || work->kind == DISPATCH__WORK_KIND__ITEM_SEALED
                                      ? audit_put_text(a, &a->sealed, sizeof *sealed, work->number)
                                      : NULL;
    audit_take_effect(
        a, fact, from,
        audit_work_digest((int)work->kind, work->number, work->order, work->seal, work->released));
    if (is_power && work->released && sealed->order == NULL)
        return; // it was cut on no order
    if (!work->released && sealed != NULL)
        *sealed = (struct audit_sealed){.order = work->order};
    AUDIT(!work->released || (sealed != NULL && sealed->order != NULL && !sealed->released),
          "dispatch", "record %llu of dispatch releases item %s, which is not sealed",
          (number)fact->r->seq, work->number);
    struct audit_order *order =
        audit_find_text(&a->orders, work->released ? sealed->order : work->order);
    AUDIT(order != NULL, "dispatch", "record %llu of dispatch: %s is on an order that is not there",
          (number)fact->r->seq, work->number);
    order->work += work->released ? -1U : 1U;
    if (work->released)
        sealed->released = true;
}

static void participant(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__ParticipantRecorded *e = body;
    const number seq = fact->r->seq;
    struct audit_order *order = audit_find_text(&a->orders, e->order);
    AUDIT(order != NULL && !order->cancelled && audit_team_of(order, e->team) != NULL, "dispatch",
          "record %llu of dispatch: nobody can have taken part in order %s", seq, e->order);
    const int64_t departed_ms = audit_team_of(order, e->team)->departed_ms;
    AUDIT(was_in(&fact->stream->roster, e->badge, e->team, order->issued_ms) ||
              (departed_ms != 0 && was_in(&fact->stream->roster, e->badge, e->team, departed_ms)),
          "dispatch", "record %llu of dispatch: %s is not in team %s", seq, e->badge, e->team);
    AUDIT(fact->r->occurred_at_ms == order->issued_ms, "time",
          "record %llu of dispatch does not date a participant by the order", seq);
    const struct lq_span key = audit_pair(a, e->order, e->badge);
    AUDIT(audit_find(&a->participants, key) == NULL, "dispatch",
          "record %llu of dispatch counts %s twice on order %s", seq, e->badge, e->order);
    *(const char **)audit_put(a, &a->participants, sizeof e->team, key) = e->team;
}

static void seizure_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    work_noted(a, fact, "seizure", body);
}

static void case_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    work_noted(a, fact, "casefile", body);
}

const struct audit_event_row audit_dispatch_events[] = {
    {DISPATCH__EVENT__BODY_ORDER_ISSUED, order_issued},
    {DISPATCH__EVENT__BODY_STEP_REPORTED, step_reported},
    {DISPATCH__EVENT__BODY_ORDER_DECLINED, order_declined},
    {DISPATCH__EVENT__BODY_ORDER_SEEN, order_seen},
    {DISPATCH__EVENT__BODY_ORDER_CANCELLED, order_cancelled},
    {DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED, participant},
    {DISPATCH__EVENT__BODY_ATTACHED, audit_attached},
    {DISPATCH__EVENT__BODY_PAPER_ISSUED, audit_paper_issued},
    {DISPATCH__EVENT__BODY_PAPER_SERVED, audit_paper_served},
    {DISPATCH__EVENT__BODY_CALL_OPENED, audit_call_opened}, // down to handovers: audit_desk.c
    {DISPATCH__EVENT__BODY_STEP_TAKEN, audit_call_stepped},
    {DISPATCH__EVENT__BODY_HANDOVER_OPENED, audit_handover_opened},
    {DISPATCH__EVENT__BODY_HANDOVER_FROZEN, audit_handover_frozen},
    {DISPATCH__EVENT__BODY_HANDOVER_SIGNED, audit_handover_signed},
    {DISPATCH__EVENT__BODY_HANDOVER_REFUSED, audit_handover_refused},
    {DISPATCH__EVENT__BODY_PERSON_NOTED, audit_person_noted},
    {DISPATCH__EVENT__BODY_SHIFT_NOTED, audit_shift_noted},
    {DISPATCH__EVENT__BODY_PREMISES_NOTED, audit_premises_noted},
    {DISPATCH__EVENT__BODY_SEIZURE_NOTED, seizure_noted},
    {DISPATCH__EVENT__BODY_CASE_NOTED, case_noted},
    {DISPATCH__EVENT__BODY_BULLETIN_NOTED, audit_bulletin_noted},
    {DISPATCH__EVENT__BODY_DUTY_NOTED, NULL}, // nobody in the simulator is absent or swaps
    {DISPATCH__EVENT__BODY_TEAM_ADDED, NULL}, // nobody in the simulator sends others later
    {DISPATCH__EVENT__BODY_TEAM_WITHDRAWN, NULL},
    {DISPATCH__EVENT__BODY_ORDER_REOPENED, NULL},
    {DISPATCH__EVENT__BODY_ORDER_AMENDED, NULL}, // audit_dispatch_terms.c
    {DISPATCH__EVENT__BODY_CREW_RECORDED, NULL}, // its participants are events of their own
    {DISPATCH__EVENT__BODY_CLOCK_RANG, NULL},
    {DISPATCH__EVENT__BODY_CLOCK_TAKEN, NULL},
    {DISPATCH__EVENT__BODY_CLOCKS_RECOUNTED, NULL},
    {DISPATCH__EVENT__BODY_CORRECTED, NULL}, // nobody in the simulator corrects anything
    {DISPATCH__EVENT__BODY_VOIDED, NULL},
    {0},
};

// ---------------------------------------------------------------- the board of open orders

// Somebody is at work on it, or all have declined it.
bool audit_order_is_open(const struct audit_order *order)
{
    bool finished = false;
    for (size_t i = 0; i < order->team_count; i++) {
        if (is_at_work(order, &order->teams[i]))
            return true;
        finished |= order->teams[i].step == DISPATCH__STEP__FINISHED;
    }
    return !order->cancelled && !finished;
}

void audit_dispatch_answer(struct audit *a, struct audit_stream *stream, const void *query,
                           const void *answer, int64_t clock_ms)
{
    const Dispatch__Query *q = query;
    const Dispatch__Answer *body = answer;
    if (q->body_case == DISPATCH__QUERY__BODY_CLOCKS)
        audit_clocks_answer(a, stream, q->clocks, body->clocks, clock_ms);
    if (q->body_case != DISPATCH__QUERY__BODY_LIST || !q->list->open || q->list->unanswered ||
        q->list->team[0] != '\0' || q->list->limit != 0 || body->orders->more)
        return;
    size_t open = 0;
    for (const struct audit_entry *e = a->orders.first; e != NULL; e = e->next)
        open += audit_order_is_open(e->value);
    AUDIT(open == body->orders->n_orders, "answer",
          "dispatch shows %zu open orders; by its records there are %zu", body->orders->n_orders,
          open);
}
