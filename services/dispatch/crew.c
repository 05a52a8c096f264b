// The rules for who took part. Each person counts once an order (a person-time, 人次), on the day
// of the order: the event is dated when the order was issued, whenever the list came in.
#include "dispatch.h"
#include "service/trail.h"

const struct lq_table dispatch_table_crews = {"crews", &dispatch__crew__descriptor};

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

static void emit_participant(struct lq_decision *d, const Dispatch__Order *order, char *team,
                             char *badge)
{
    Dispatch__ParticipantRecorded recorded = DISPATCH__PARTICIPANT_RECORDED__INIT;
    recorded.order = order->number;
    recorded.team = team;
    recorded.badge = badge;
    recorded.township = order->township;
    lq_emit_at(d, order->issued_at_ms, DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED, &recorded.base);
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

    emit_participant(d, order, c->team, c->badge);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- with what they went

static bool is_count(const char *text)
{
    enum { DIGITS_MOST = 3 };
    const size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= DIGITS_MOST && text[digits] == '\0';
}

// Plates or names are kept and counted; one number alone says how many.
static uint32_t count_of(char **names, size_t *count)
{
    if (*count != 1 || !is_count(names[0]))
        return (uint32_t)*count;
    *count = 0;
    uint32_t number = 0;
    for (const char *digit = names[0]; *digit != '\0'; digit++)
        number = number * 10 + (uint32_t)(*digit - '0');
    return number;
}

static struct lq_verdict fill_crew(struct lq_decision *d, const Dispatch__RecordCrew *c,
                                   Dispatch__CrewRecorded *crew)
{
    crew->order = c->order;
    crew->team = c->team;
    crew->vehicles = c->vehicles;
    crew->n_vehicles = c->n_vehicles;
    crew->vehicle_count = count_of(crew->vehicles, &crew->n_vehicles);
    crew->machines = c->machines;
    crew->n_machines = c->n_machines;
    crew->machine_count = count_of(crew->machines, &crew->n_machines);
    crew->odometer_out_km = c->odometer_out_km;
    crew->odometer_in_km = c->odometer_in_km;
    if (c->odometer_in_km != 0 && c->odometer_in_km < c->odometer_out_km)
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                         "the odometer says %u km at the return, less than the %u km of the "
                         "departure",
                         c->odometer_in_km, c->odometer_out_km);
    return dispatch_check_plausible(d, crew->vehicle_count, crew->machine_count);
}

static bool is_recorded(struct lq_decision *d, const char *order, const char *badge)
{
    return lq_pb_identifier(badge) &&
           lq_exists(d->view, &dispatch_table_participants, dispatch_pair(order, badge));
}

// Who was recorded before is passed over: the list is read out again as it stands.
static struct lq_verdict check_people(struct lq_decision *d, const Dispatch__RecordCrew *c,
                                      const Dispatch__Order *order)
{
    const uint32_t most = d->facts->policy->limits.participants;
    LQ_TRY(lq_need_plausible(d, "people who took part",
                             (int64_t)(order->participants + c->n_people), most, "participants"));
    if (c->n_people >= LQ_EVENTS_PER_COMMAND)
        return lq_reject(d, LQ_COMMON(QUANTITY_IMPLAUSIBLE),
                         "a crew of %zu is recorded in several parts, of up to %d people each",
                         c->n_people, LQ_EVENTS_PER_COMMAND - 1);
    for (size_t i = 0; i < c->n_people; i++) {
        Dispatch__RecordParticipant one = DISPATCH__RECORD_PARTICIPANT__INIT;
        one.order = c->order;
        one.team = c->team;
        one.badge = c->people[i];
        LQ_TRY(check_fields(d, &one));
        if (!is_recorded(d, c->order, one.badge))
            LQ_TRY(check_person(d, &one, order->issued_at_ms));
    }
    return LQ_ACCEPT;
}

static bool is_named_before(const Dispatch__RecordCrew *c, size_t which)
{
    for (size_t i = 0; i < which; i++)
        if (strcmp(c->people[i], c->people[which]) == 0)
            return true;
    return false;
}

struct lq_verdict dispatch_record_crew(struct lq_decision *d, const void *command)
{
    const Dispatch__RecordCrew *c = command;
    const Dispatch__Order *order;
    Dispatch__RecordParticipant one = DISPATCH__RECORD_PARTICIPANT__INIT;
    Dispatch__CrewRecorded crew = DISPATCH__CREW_RECORDED__INIT;
    one.order = c->order;
    one.team = c->team;
    LQ_TRY(lq_need_fields(d, DISPATCH__REJECT__FIELD_MISSING, c, "order team"));
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the order's number", c->order));
    LQ_TRY(lq_need_identifier(d, DISPATCH__REJECT__FIELD_MISSING, "the team", c->team));
    LQ_TRY(check_order(d, &one, &order));
    LQ_TRY(check_people(d, c, order));
    LQ_TRY(fill_crew(d, c, &crew));
    for (size_t i = 0; i < c->n_people; i++)
        if (!is_named_before(c, i) && !is_recorded(d, c->order, c->people[i]))
            emit_participant(d, order, c->team, c->people[i]);
    lq_emit(d, DISPATCH__EVENT__BODY_CREW_RECORDED, &crew.base);
    lq_number(d, c->order);
    return LQ_ACCEPT;
}

// What is not said anew stays.
void dispatch_crew_recorded(struct lq_view *tables, const struct lq_occurrence *what,
                            const void *event)
{
    const Dispatch__CrewRecorded *e = event;
    const struct lq_key key = dispatch_pair(e->order, e->team);
    const Dispatch__Crew *before = lq_find(tables, &dispatch_table_crews, key);
    Dispatch__Crew *crew = lq_pb_project(lq_view_arena(tables), &dispatch__crew__descriptor, event);
    if (before != NULL && crew->vehicle_count == 0) {
        crew->vehicle_count = before->vehicle_count;
        crew->vehicles = before->vehicles;
        crew->n_vehicles = before->n_vehicles;
    }
    if (before != NULL && crew->machine_count == 0) {
        crew->machine_count = before->machine_count;
        crew->machines = before->machines;
        crew->n_machines = before->n_machines;
    }
    if (before != NULL && crew->odometer_out_km == 0)
        crew->odometer_out_km = before->odometer_out_km;
    if (before != NULL && crew->odometer_in_km == 0)
        crew->odometer_in_km = before->odometer_in_km;
    lq_save(tables, &dispatch_table_crews, key, &crew->base);
    const struct lq_key order = lq_key_text(e->order);
    lq_trail_mark(tables, &dispatch_table_orders, &order);
}

void dispatch_fill_crews(struct lq_reading *r, Dispatch__OrderFile *file)
{
    file->crews = LQ_NEW_ARRAY(r->arena, Dispatch__Crew *, file->order->n_assignments);
    struct lq_scan s = lq_scan(r->view, &dispatch_table_crews, lq_key_text(file->order->number));
    while (file->n_crews < file->order->n_assignments && lq_scan_next(&s))
        file->crews[file->n_crews++] = lq_unconst(s.row);
}

// ---------------------------------------------------------------- what became of it

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

// A person-time counts when its order was issued.
unsigned dispatch_participant_counted(struct lq_view *view, const struct lq_thing *thing,
                                      const char *number, const void *row,
                                      int64_t times[LQ_COUNTED_MOST])
{
    (void)row;
    const Dispatch__Order *order =
        lq_find(view, &dispatch_table_orders, lq_key_text(lq_thing_part(view, thing, number, 0)));
    LQ_ASSERT(order != NULL); // whose participant it is
    times[0] = order->issued_at_ms;
    return 1;
}
