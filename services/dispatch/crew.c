// The rules for who took part. Each person counts once an order (a person-time, 人次), on the day
// of the order: the event is dated when the order was issued, whenever the list came in.
#include "dispatch.h"

static struct lq_verdict check_fields(struct lq_decision *d, const Dispatch__RecordParticipant *c)
{
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", c->order));
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the team", c->team));
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the participant's badge",
                              c->badge));
    return LQ_ACCEPT;
}

// The office records for every team, a lead only for his own.
struct lq_verdict dispatch_check_recorder(struct lq_decision *d, const char *team)
{
    if ((dispatch_principal_roles(d) & (LQ_ROLE(DESK) | LQ_ROLE(CLERK))) != 0)
        return LQ_ACCEPT;
    const char *who = d->facts->principal;
    if (lq_roster_leads_at(d->view, who, team, d->facts->occurred_ms))
        return LQ_ACCEPT;
    char at[LQ_TIME_TEXT];
    return lq_reject(d, DISPATCH__REJECT__NOT_LEAD_OF_TEAM,
                     "%s does not lead team %s at %s, and so cannot say who of it took part", who,
                     team, lq_format_local(d->facts->occurred_ms, at));
}

static struct lq_verdict check_order(struct lq_decision *d, const Dispatch__RecordParticipant *c,
                                     const Dispatch__Order **order)
{
    LQ_TRY(dispatch_get_order(d, c->order, order));
    const Dispatch__Assignment *a = dispatch_assignment(d->view, c->order, c->team);
    if (a == NULL)
        return lq_reject(d, DISPATCH__REJECT__TEAM_NOT_ADDRESSED,
                         "order %s is not addressed to team %s", c->order, c->team);
    LQ_TRY(dispatch_check_recorder(d, c->team));
    if ((*order)->cancelled_at_ms != 0)
        return lq_reject(d, DISPATCH__REJECT__ORDER_CANCELLED,
                         "order %s was cancelled (%s); nobody took part in it", c->order,
                         (*order)->cancel_reason);
    if (a->declined_at_ms != 0)
        return lq_reject(d, DISPATCH__REJECT__DECLINED,
                         "team %s has declined order %s (%s); nobody of it took part", c->team,
                         c->order, a->decline_reason);
    return LQ_ACCEPT;
}

// Whoever was in the team when the order was issued, or when the team departed, may have gone with
// it; which team he is in when the list is entered says nothing.
static struct lq_verdict check_member(struct lq_decision *d, const Dispatch__RecordParticipant *c,
                                      const Shift__Person *person, int64_t issued_ms)
{
    const int64_t departed_ms = dispatch_assignment(d->view, c->order, c->team)->departed_at_ms;
    const int64_t instants[] = {issued_ms, departed_ms != 0 ? departed_ms : issued_ms};
    const Shift__Person *then = NULL;
    for (size_t i = 0; i < 2; i++) {
        const Shift__Person *at = lq_roster_person_at(d->view, c->badge, instants[i]);
        if (at != NULL && strcmp(at->team, c->team) == 0)
            return LQ_ACCEPT;
        then = at != NULL ? at : then;
    }
    char at[LQ_TIME_TEXT];
    lq_format_local(instants[1], at);
    if (then == NULL || then->team[0] == '\0')
        return lq_reject(d, DISPATCH__REJECT__NOT_IN_TEAM,
                         "%s %s is in no team at %s, not in team %s", person->badge, person->name,
                         at, c->team);
    return lq_reject(d, DISPATCH__REJECT__NOT_IN_TEAM, "%s %s is in team %s at %s, not in team %s",
                     person->badge, person->name, then->team, at, c->team);
}

static struct lq_verdict check_person(struct lq_decision *d, const Dispatch__RecordParticipant *c,
                                      int64_t issued_ms)
{
    const Shift__Person *person = lq_roster_person(d->view, c->badge);
    if (person == NULL)
        return lq_reject(d, DISPATCH__REJECT__PERSON_UNKNOWN, "the roster has nobody with badge %s",
                         c->badge);
    LQ_TRY(check_member(d, c, person, issued_ms));
    if (lq_exists(d->view, &dispatch_table_participants, dispatch_pair(c->order, c->badge)))
        return lq_reject(d, DISPATCH__REJECT__PARTICIPANT_KNOWN,
                         "%s %s is recorded for order %s already", person->badge, person->name,
                         c->order);
    return LQ_ACCEPT;
}

struct lq_verdict dispatch_record_participant(struct lq_decision *d, const void *command)
{
    const Dispatch__RecordParticipant *c = command;
    const Dispatch__Order *order;
    LQ_TRY(check_fields(d, c));
    LQ_TRY(check_order(d, c, &order));
    LQ_TRY(check_person(d, c, order->issued_at_ms));
    LQ_TRY(lq_need_plausible(d, "people who took part", (int64_t)order->participants + 1,
                             d->facts->policy->limits.participants, "participants"));

    Dispatch__ParticipantRecorded recorded = DISPATCH__PARTICIPANT_RECORDED__INIT;
    recorded.order = c->order;
    recorded.team = c->team;
    recorded.badge = c->badge;
    recorded.township = order->township;
    lq_emit_at(d, order->issued_at_ms, DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED, &recorded.base);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

void dispatch_participant_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                                   const void *event)
{
    const Dispatch__ParticipantRecorded *e = event;
    Dispatch__Participant participant = DISPATCH__PARTICIPANT__INIT;
    participant.team = e->team;
    participant.badge = e->badge;
    lq_save(tables, &dispatch_table_participants, dispatch_pair(e->order, e->badge),
            &participant.base);
    Dispatch__Order order = dispatch_copy_of_order(tables, e->order);
    order.participants++;
    dispatch_save_order(tables, &order);
}

static Dispatch__Participant *named(struct lq_reading *r, const Dispatch__Participant *row)
{
    Dispatch__Participant *participant = LQ_NEW(r->arena, Dispatch__Participant);
    *participant = *row;
    const Shift__Person *person = lq_roster_person(r->view, row->badge);
    LQ_ASSERT(person != NULL); // nobody leaves the roster
    participant->name = person->name;
    return participant;
}

void dispatch_fill_participants(struct lq_reading *r, Dispatch__OrderFile *file)
{
    const Dispatch__Order *order = file->order;
    file->participants = LQ_NEW_ARRAY(r->arena, Dispatch__Participant *, order->participants);
    struct lq_scan s = lq_scan(r->view, &dispatch_table_participants, lq_key_text(order->number));
    while (lq_scan_next(&s)) {
        LQ_ASSERT(file->n_participants < order->participants);
        file->participants[file->n_participants++] = named(r, s.row);
    }
}

void dispatch_check_participants(struct lq_view *view, const Dispatch__Order *order)
{
    unsigned count = 0;
    struct lq_scan s = lq_scan(view, &dispatch_table_participants, lq_key_text(order->number));
    while (lq_scan_next(&s))
        count++;
    LQ_ASSERT(count == order->participants);
}
