// The desk: a shift is handed over by its chief to that of the next, and the list that is signed
// for says what was open when it was signed. Worked out here from the orders and calls themselves.
#include "sim/audit_parts.h"

typedef unsigned long long number;

struct audit_handover {
    int64_t due_ms, frozen_at_ms, signed_at_ms;
    uint32_t lists;
    const char *group, *frozen_by;
    const Dispatch__HandoverList *list;
    bool frozen, is_signed, is_missed;
};

// ---------------------------------------------------------------- whose it is

const struct audit_shift *audit_shift_that_ends(const struct audit_roster *roster, int64_t end_ms)
{
    for (size_t i = 0; i < roster->shift_count; i++)
        if (roster->shifts[i].to_ms == end_ms)
            return &roster->shifts[i];
    return NULL;
}

const struct audit_shift *audit_shift_behind(const struct audit_roster *roster, int64_t from_ms)
{
    const struct audit_shift *next = NULL;
    for (size_t i = 0; i < roster->shift_count; i++)
        if (roster->shifts[i].from_ms > from_ms &&
            (next == NULL || roster->shifts[i].from_ms < next->from_ms))
            next = &roster->shifts[i];
    return next;
}

static bool is_chief_of(const struct audit_stream *stream, const struct audit_fact *fact,
                        const char *badge, const struct audit_shift *shift)
{
    const struct audit_person *p = audit_person_at(&stream->roster, badge, fact->r->occurred_at_ms);
    return p != NULL && p->rank == SHIFT__RANK__DESK_CHIEF && shift != NULL &&
           strcmp(p->group, shift->group) == 0;
}

static void check_chief(const struct audit_stream *stream, const struct audit_fact *fact,
                        const struct audit_shift *shift)
{
    const bool is_chief = is_chief_of(stream, fact, fact->principal, shift);
    AUDIT(is_chief || (fact->principal_roles & ROLE_BIT(COMMANDER)) != 0, "handover",
          "record %llu of dispatch: %s is neither a chief of that shift nor a commander",
          (number)fact->r->seq, fact->principal);
}

// ---------------------------------------------------------------- what is open

static const Dispatch__HandoverOrder *listed(const Dispatch__HandoverList *list, const char *order)
{
    for (size_t i = 0; i < list->n_orders; i++)
        if (strcmp(list->orders[i]->number, order) == 0)
            return list->orders[i];
    return NULL;
}

static bool says(const Dispatch__HandoverOrder *row, const struct audit_order *order)
{
    if (row->n_teams != order->team_count)
        return false;
    for (size_t i = 0; i < row->n_teams; i++) {
        const struct audit_team *team = &order->teams[i];
        const bool at_work = !team->declined && team->step != DISPATCH__STEP__FINISHED;
        if (strcmp(row->teams[i]->team, team->name) != 0 ||
            (uint32_t)row->teams[i]->step != team->step || row->teams[i]->at_work != at_work)
            return false;
    }
    return true;
}

static void check_list(struct audit *a, const struct audit_fact *fact,
                       const Dispatch__HandoverList *list)
{
    const number seq = fact->r->seq;
    size_t open = 0, calls = 0;
    for (const struct audit_entry *e = a->orders.first; e != NULL; e = e->next) {
        const struct audit_order *order = e->value;
        if (!audit_order_is_open(order))
            continue;
        const Dispatch__HandoverOrder *row = listed(list, (const char *)e->key);
        AUDIT(row != NULL && says(row, order), "handover",
              "record %llu of dispatch: order %s is open and not so in the list", seq,
              (const char *)e->key);
        open++;
    }
    for (const struct audit_entry *e = a->calls.first; e != NULL; e = e->next)
        calls += *(const bool *)e->value;
    AUDIT(list->n_orders == open && list->n_calls == calls, "handover",
          "record %llu of dispatch lists %zu orders and %zu calls; %zu and %zu are open", seq,
          list->n_orders, list->n_calls, open, calls);
}

// Who took part and is out with his team stands in the list as it is frozen.
static void check_people(struct audit *a, const struct audit_fact *fact,
                         const Dispatch__HandoverList *list)
{
    for (size_t i = 0; i < list->n_orders; i++)
        for (size_t j = 0; j < list->orders[i]->n_teams; j++) {
            const Dispatch__HandoverTeam *team = list->orders[i]->teams[j];
            const bool is_out = team->at_work && (team->step == DISPATCH__STEP__DEPARTED ||
                                                  team->step == DISPATCH__STEP__ON_SCENE);
            size_t people = 0;
            for (const struct audit_entry *e = a->participants.first; e != NULL; e = e->next)
                people += strcmp((const char *)e->key, list->orders[i]->number) == 0 &&
                          strcmp(*(const char *const *)e->value, team->team) == 0;
            AUDIT(team->n_people == (is_out ? people : 0), "handover",
                  "record %llu of dispatch lists %zu people of team %s out on %s; it is %zu",
                  (number)fact->r->seq, team->n_people, team->team, list->orders[i]->number,
                  is_out ? people : 0);
        }
}

// ---------------------------------------------------------------- the sheet

// It says what the list does that was frozen last.
void audit_sheet_issued(struct audit *a, const Rules__PaperIssued *e)
{
    const struct audit_handover *h = audit_find_text(&a->handovers, e->of_number);
    AUDIT(h != NULL && h->list != NULL, "paper", "sheet %s is of no list", e->number);
    AUDIT(audit_paper_rows(e, "orders") == h->list->n_orders &&
              audit_paper_rows(e, "calls") == h->list->n_calls,
          "paper", "sheet %s has %zu orders and %zu calls; %zu and %zu are frozen", e->number,
          audit_paper_rows(e, "orders"), audit_paper_rows(e, "calls"), h->list->n_orders,
          h->list->n_calls);
    for (size_t i = 0; i < h->list->n_orders; i++)
        AUDIT(strstr(audit_paper_says(e, "orders"), h->list->orders[i]->number) != NULL, "paper",
              "sheet %s does not name order %s", e->number, h->list->orders[i]->number);
    size_t out = 0, unanswered = 0;
    for (size_t i = 0; i < h->list->n_orders; i++)
        for (size_t j = 0; j < h->list->orders[i]->n_teams; j++) {
            const Dispatch__HandoverTeam *team = h->list->orders[i]->teams[j];
            out += team->at_work && team->step != DISPATCH__STEP__STEP_UNSPECIFIED &&
                   team->step != DISPATCH__STEP__ACKNOWLEDGED;
            unanswered += team->at_work && team->step == DISPATCH__STEP__STEP_UNSPECIFIED;
        }
    AUDIT(audit_paper_rows(e, "out") == out && audit_paper_rows(e, "unanswered") == unanswered,
          "paper", "sheet %s names %zu teams that are out and %zu silent ones; it is %zu and %zu",
          e->number, audit_paper_rows(e, "out"), audit_paper_rows(e, "unanswered"), out,
          unanswered);
}

// ---------------------------------------------------------------- the events

static struct audit_handover *known(struct audit *a, const struct audit_fact *fact,
                                    const char *shift)
{
    struct audit_handover *h = audit_find_text(&a->handovers, shift);
    AUDIT(h != NULL && !h->is_signed && !h->is_missed, "handover",
          "record %llu of dispatch is about no handover that is open", (number)fact->r->seq);
    return h;
}

static void begun(struct audit *a, const struct audit_fact *fact, const char *shift, int64_t due_ms,
                  const char *group)
{
    const struct audit_shift *of = audit_shift_that_ends(&fact->stream->roster, due_ms);
    AUDIT(of != NULL && strcmp(of->group, group) == 0, "handover",
          "record %llu of dispatch hands over a shift that there is not", (number)fact->r->seq);
    struct audit_handover *h = audit_find_text(&a->handovers, shift);
    if (h == NULL)
        h = audit_put_text(a, &a->handovers, sizeof *h, shift);
    h->due_ms = due_ms;
    h->group = group;
}

void audit_handover_frozen(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__HandoverFrozen *e = body;
    const struct audit_stream *stream = fact->stream;
    begun(a, fact, e->number, e->due_ms, e->group);
    struct audit_handover *h = known(a, fact, e->number);
    AUDIT(audit_shift_that_ends(&stream->roster, e->due_ms)->from_ms <= fact->r->occurred_at_ms,
          "handover", "record %llu of dispatch freezes the list of a shift that has not begun",
          (number)fact->r->seq);
    check_chief(stream, fact, audit_shift_that_ends(&stream->roster, e->due_ms));
    check_list(a, fact, e->list);
    check_people(a, fact, e->list);
    AUDIT(e->lists == h->lists + 1, "handover", "record %llu of dispatch is list %u, behind %u",
          (number)fact->r->seq, e->lists, h->lists);
    AUDIT(strcmp(e->frozen_by, fact->principal) == 0, "identity",
          "record %llu of dispatch names %s, and is %s's", (number)fact->r->seq, e->frozen_by,
          fact->principal);
    h->lists = e->lists;
    h->list = e->list;
    h->frozen_by = e->frozen_by;
    h->frozen_at_ms = fact->r->occurred_at_ms;
    h->frozen = true;
}

static struct audit_handover *check_signer(struct audit *a, const struct audit_fact *fact,
                                           const char *shift, uint32_t list)
{
    const struct audit_roster *roster = &fact->stream->roster;
    struct audit_handover *h = known(a, fact, shift);
    const Dispatch__Command *command = (const void *)fact->command->body;
    const uint32_t read = command->body_case == DISPATCH__COMMAND__BODY_SIGN_HANDOVER
                              ? command->sign_handover->list
                              : command->refuse_handover->list; // as who signs has read it
    AUDIT(h->frozen && h->lists == list && read == list &&
              fact->r->occurred_at_ms >= h->frozen_at_ms,
          "handover", "record %llu of dispatch signs or refuses another list than was frozen",
          (number)fact->r->seq);
    AUDIT(strcmp(h->frozen_by, fact->principal) != 0, "handover",
          "record %llu of dispatch: %s takes over from himself", (number)fact->r->seq,
          fact->principal);
    const struct audit_shift *of = audit_shift_that_ends(roster, h->due_ms);
    check_chief(fact->stream, fact, audit_shift_behind(roster, of->from_ms));
    return h;
}

// What nobody had signed for by the end of the shift that takes over, no more and no less.
static void check_missed(struct audit *a, const struct audit_fact *fact,
                         const Dispatch__HandoverOpened *e)
{
    enum { AT_ONCE = 32 };
    const struct audit_roster *roster = &fact->stream->roster;
    const struct audit_shift *begun = audit_shift_that_ends(roster, e->due_ms);
    size_t over = 0;
    for (const struct audit_entry *one = a->handovers.first; one != NULL; one = one->next) {
        const struct audit_handover *h = one->value;
        const struct audit_shift *of = audit_shift_that_ends(roster, h->due_ms);
        const struct audit_shift *next =
            of != NULL ? audit_shift_behind(roster, of->from_ms) : NULL;
        over += !h->is_signed && !h->is_missed && next != NULL && next->to_ms <= begun->from_ms;
    }
    AUDIT(e->n_missed == (over < AT_ONCE ? over : AT_ONCE), "handover",
          "record %llu of dispatch gives up %zu handovers; %zu are over", (number)fact->r->seq,
          e->n_missed, over);
    for (size_t i = 0; i < e->n_missed; i++)
        known(a, fact, e->missed[i])->is_missed = true;
}

void audit_handover_opened(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__HandoverOpened *e = body;
    AUDIT(audit_find_text(&a->handovers, e->number) == NULL, "handover",
          "record %llu of dispatch opens a handover twice", (number)fact->r->seq);
    begun(a, fact, e->number, e->due_ms, e->group);
    check_missed(a, fact, e);
}

// The office entered it for whoever signed then, of a shift that was missed here.
static void signed_on_paper(struct audit *a, const struct audit_fact *fact,
                            const Dispatch__HandoverSigned *e)
{
    const struct audit_roster *roster = &fact->stream->roster;
    const int64_t at_ms = fact->r->occurred_at_ms;
    const number seq = fact->r->seq;
    struct audit_handover *h = audit_find_text(&a->handovers, e->number);
    AUDIT(h != NULL && h->is_missed && !h->is_signed && fact->r->on_behalf_of[0] != '\0',
          "handover", "record %llu of dispatch enters a signature on paper that nobody missed",
          seq);
    const struct audit_shift *of = audit_shift_that_ends(roster, h->due_ms);
    const struct audit_shift *next = audit_shift_behind(roster, of->from_ms);
    const struct audit_person *from = audit_person_at(roster, e->outgoing, at_ms);
    AUDIT(at_ms >= of->from_ms && at_ms < next->to_ms, "handover",
          "record %llu of dispatch is signed on paper while neither shift was on", seq);
    check_chief(fact->stream, fact, next);
    AUDIT(is_chief_of(fact->stream, fact, e->outgoing, of) ||
              (from != NULL && from->role == LQ__ROLE__COMMANDER),
          "handover", "record %llu of dispatch: %s cannot have handed over", seq, e->outgoing);
    AUDIT(strcmp(e->outgoing, fact->principal) != 0 &&
              (h->frozen_by == NULL || strcmp(h->frozen_by, e->outgoing) == 0),
          "handover", "record %llu of dispatch: %s has not handed over to %s", seq, e->outgoing,
          fact->principal);
    for (const struct audit_entry *one = a->handovers.first; one != NULL; one = one->next) {
        const struct audit_handover *other = one->value;
        AUDIT(!other->is_signed || (other->due_ms > h->due_ms ? other->signed_at_ms >= at_ms
                                                              : other->signed_at_ms <= at_ms),
              "handover", "record %llu of dispatch is signed before or behind %s", seq,
              (const char *)one->key);
    }
    AUDIT(e->has_the_desk == (a->desk.badge == NULL || a->desk.since_ms < at_ms), "handover",
          "record %llu of dispatch: whose the desk is", seq);
    h->is_signed = true;
    h->signed_at_ms = at_ms;
    if (e->has_the_desk)
        a->desk = (struct audit_desk){fact->principal, at_ms};
}

void audit_handover_signed(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__HandoverSigned *e = body;
    if (e->list == 0) {
        signed_on_paper(a, fact, e);
        return;
    }
    struct audit_handover *h = check_signer(a, fact, e->number, e->list);
    check_list(a, fact, h->list); // nothing has changed since
    h->is_signed = true;
    h->signed_at_ms = fact->r->occurred_at_ms;
    a->desk = (struct audit_desk){fact->principal, fact->r->occurred_at_ms};
}

void audit_handover_refused(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Dispatch__HandoverRefused *e = body;
    check_signer(a, fact, e->number, e->list)->frozen = false;
}

// ---------------------------------------------------------------- calls

void audit_call_opened(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Dispatch__CallOpened *e = body;
    *(bool *)audit_put_text(a, &a->calls, sizeof(bool), e->number) = true;
}

void audit_call_stepped(struct audit *a, const struct audit_fact *fact, const void *body)
{
    (void)fact;
    const Rules__StepTaken *e = body;
    if (strcmp(e->kind, "call") == 0)
        *(bool *)audit_put_text(a, &a->calls, sizeof(bool), e->number) = false;
}
