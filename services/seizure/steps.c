// What becomes of a seizure: the table of its steps, and the rules of those that ask more than
// their row says. That a term is extended, paused or over is what the term says; the row stays in
// force, and a term that has run out releases nothing: somebody decides (Administrative Compulsion
// Law art. 25, 28; Measures for Sealing and Detention art. 10-23).
#include "language/language.h"
#include "seizure.h"

static const char TWO_OFFICERS[] = LQ_TR_LATER("Administrative Compulsion Law art. 18(2)");

// ---------------------------------------------------------------- the table

// A term is extended once, whatever has become of the seal since.
static bool is_not_extended(const void *item)
{
    return ((const Seizure__Item *)item)->extended_by[0] == '\0';
}

static bool is_unratified(const void *item)
{
    return ((const Seizure__Item *)item)->unratified;
}

static bool is_asked_for(const void *item)
{
    return ((const Seizure__Item *)item)->release_requested;
}

static bool is_not_asked_for(const void *item)
{
    return !((const Seizure__Item *)item)->release_requested;
}

static bool is_unconfirmed(const void *item)
{
    return ((const Seizure__Item *)item)->n_custody_unconfirmed > 0;
}

// Also when it bears a new seal by now: that it was broken is what the police are asked about.
static bool is_police_unasked(const void *item)
{
    return ((const Seizure__Item *)item)->police_unasked;
}

static bool is_unpublished(const void *item)
{
    return ((const Seizure__Item *)item)->publication_not_recorded;
}

enum {
    HEAD = LQ_ROLE(HEAD),
    CLERK = LQ_ROLE(CLERK),
    OFFICERS = LQ_ROLE(LEAD) | LQ_ROLE(OFFICER),
    INSPECTORS = OFFICERS | LQ_ROLE(INSPECTOR),
    OFFICE = LQ_ROLE(CLERK) | LQ_ROLE(DESK),

    BY_EXTENDING = SEIZURE__COMMAND__BODY_EXTEND_SEAL,
    BY_RELEASING = SEIZURE__COMMAND__BODY_RELEASE_SEAL,

    PROPOSED = SEIZURE__STATE__PROPOSED,
    APPROVED = SEIZURE__STATE__APPROVED,
    DROPPED = SEIZURE__STATE__DROPPED,
    IN_FORCE = SEIZURE__STATE__IN_FORCE,
    RELEASE_DECIDED = SEIZURE__STATE__RELEASE_DECIDED,
    UNCLAIMED = SEIZURE__STATE__UNCLAIMED,
    RELEASED = SEIZURE__STATE__RELEASED,
    DISPOSED = SEIZURE__STATE__DISPOSED,
    TO_POLICE = SEIZURE__STATE__HANDED_TO_POLICE,
};

static struct lq_verdict need_ground(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict need_two(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict need_new_seal(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict need_filed(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict need_confirmer(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict need_notice_over(struct lq_decision *d, struct lq_taking *taking);
static struct lq_verdict call_team(struct lq_decision *d, struct lq_taking *taking);

#define STEP(from, to, verb, who, behalf, ...) LQ_STEP(from, to, verb, who, behalf, __VA_ARGS__)

// What is published says all that was decided and is not published yet.
#define PUBLISHED(_state)                                                                          \
    STEP(_state, LQ_STEP_STAYS, PUBLISH_DECISION, OFFICERS | CLERK, OFFICE,                        \
         .when = is_unpublished, .stops = "SZ17 SZ17b")

// What may happen to it while it is held, whatever else does.
#define HELD(_state)                                                                               \
    STEP(_state, LQ_STEP_STAYS, PASS_CUSTODY, OFFICERS, OFFICE, .needs = "giver taker place",      \
         .rule = seizure_need_chain),                                                              \
        STEP(_state, LQ_STEP_STAYS, CONFIRM_CUSTODY, LQ_ANY_PERSON, 0, .when = is_unconfirmed,     \
             .rule = need_confirmer),                                                              \
        PUBLISHED(_state)

static const struct lq_step STEPS[] = {
    STEP(PROPOSED, APPROVED, APPROVE, HEAD, CLERK),
    STEP(PROPOSED, DROPPED, REFUSE, HEAD, CLERK, .needs = "note"),
    STEP(APPROVED, DROPPED, WITHDRAW, HEAD | OFFICERS, OFFICE, .needs = "note"),

    {IN_FORCE, SEIZURE__STATE__EXTENDED, BY_EXTENDING, is_not_extended, .who = HEAD,
     .behalf = CLERK},
    {IN_FORCE, RELEASED, BY_RELEASING, .who = HEAD, .behalf = CLERK},
    STEP(IN_FORCE, LQ_STEP_STAYS, RATIFY, HEAD, CLERK, .when = is_unratified, .stops = "SZ3"),
    STEP(IN_FORCE, RELEASE_DECIDED, REFUSE_RATIFICATION, HEAD, CLERK, .when = is_unratified,
         .needs = "note", .stops = "SZ3 SZ6 SZ9 OP-SEAL OP-BREACH", .starts = "SZ11 SZ17b|SZ17"),
    STEP(IN_FORCE, LQ_STEP_STAYS, REQUEST_RELEASE, OFFICERS, OFFICE, .when = is_not_asked_for,
         .starts = "SZ9"),
    STEP(IN_FORCE, LQ_STEP_STAYS, ANSWER_REQUEST, HEAD, CLERK, .when = is_asked_for,
         .needs = "note", .stops = "SZ9"),
    STEP(IN_FORCE, RELEASE_DECIDED, DECIDE_RELEASE, HEAD, CLERK, .needs = "ground",
         .stops = "SZ3 SZ6 SZ9 OP-SEAL OP-BREACH", .starts = "SZ11 SZ17b|SZ17",
         .rule = need_ground),
    STEP(IN_FORCE, LQ_STEP_STAYS, BREACH, LQ_ANY_PERSON, OFFICE, .needs = "words",
         .starts = "OP-BREACH", .rule = call_team),
    STEP(IN_FORCE, LQ_STEP_STAYS, ASK_POLICE, OFFICERS | LQ_ROLE(DESK), OFFICE,
         .when = is_police_unasked, .stops = "OP-BREACH"),
    STEP(IN_FORCE, LQ_STEP_STAYS, RESEAL, OFFICERS, OFFICE, .needs = "seal", .rule = need_new_seal),
    STEP(IN_FORCE, LQ_STEP_STAYS, INSPECT, INSPECTORS, OFFICE, .stops = "OP-SEAL",
         .starts = "OP-SEAL"),
    STEP(IN_FORCE, LQ_STEP_STAYS, LINK_CASE, OFFICERS | LQ_ROLE(LIAISON), OFFICE,
         .needs = "related", .starts = "SZ16"),
    STEP(IN_FORCE, TO_POLICE, HAND_OVER, OFFICERS, OFFICE, .needs = "officers taker paper",
         .stops = "SZ3 SZ6 SZ9 SZ16 OP-SEAL OP-BREACH", .rule = need_filed),
    HELD(IN_FORCE),

    STEP(RELEASE_DECIDED, RELEASED, SERVE_RELEASE, OFFICERS, OFFICE, .needs = "officers",
         .papers = "served:release_decision", .stops = "SZ11", .rule = need_two),
    STEP(RELEASE_DECIDED, UNCLAIMED, PUBLISH, OFFICERS, OFFICE, .needs = "paper", .stops = "SZ11",
         .starts = "SZ12"),
    HELD(RELEASE_DECIDED),

    STEP(UNCLAIMED, RELEASED, COLLECT, OFFICERS, OFFICE, .needs = "taker", .stops = "SZ12"),
    STEP(UNCLAIMED, DISPOSED, DISPOSE, HEAD, CLERK, .needs = "paper", .stops = "SZ12",
         .rule = need_notice_over),
    HELD(UNCLAIMED),

    PUBLISHED(RELEASED),
    PUBLISHED(DISPOSED),
};

const struct lq_steps seizure_item_steps = {
    .entity = "item",
    .states = &seizure__state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

// ---------------------------------------------------------------- deciding

static const Seizure__Item *item_of(const struct lq_taking *taking)
{
    return taking->row;
}

// "1" to "5", or the word.
static struct lq_verdict need_ground(struct lq_decision *d, struct lq_taking *taking)
{
    const ProtobufCEnumDescriptor *grounds = &seizure__release_ground__descriptor;
    for (unsigned i = 0; i < grounds->n_values; i++) {
        const ProtobufCEnumValue *one = &grounds->values[i];
        const char *place = lq_arena_format(d->arena, "%d", one->value);
        if (one->value == 0 ||
            (strcmp(taking->act->ground, place) != 0 &&
             strcmp(taking->act->ground, lq_word_of(d->arena, grounds, one->value)) != 0))
            continue;
        taking->act->ground = lq_word_of(d->arena, grounds, one->value);
        return LQ_ACCEPT;
    }
    return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                     "\"%s\" is no ground of a release: it is one of the five of the "
                     "Administrative Compulsion Law art. 28(1), 1 to 5",
                     taking->act->ground);
}

static struct lq_verdict need_two(struct lq_decision *d, struct lq_taking *taking)
{
    return lq_need_officers(d, taking->act, TWO_OFFICERS);
}

// The same thing under another seal is no second seizure (Administrative Compulsion Law art. 23).
static struct lq_verdict need_new_seal(struct lq_decision *d, struct lq_taking *taking)
{
    LQ_TRY(lq_need_key(d, SEIZURE__REJECT__FIELD_MISSING, "the seal number", taking->act->seal));
    return seizure_need_unused_seal(d, taking->act->seal);
}

static struct lq_verdict need_filed(struct lq_decision *d, struct lq_taking *taking)
{
    const Seizure__Item *item = item_of(taking);
    LQ_TRY(need_two(d, taking));
    if (item->case_number[0] == '\0')
        return lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                         "no police case is known in which item %s is evidence: it is handed over "
                         "once the case is filed (Administrative Compulsion Law art. 21); link it "
                         "to the case first",
                         item->number);
    taking->act->related = item->case_number;
    return LQ_ACCEPT;
}

// Both sides confirm that it changed hands, each by his own key; for who has none, the paper that
// he signed is named, and attached as a scan.
static struct lq_verdict need_confirmer(struct lq_decision *d, struct lq_taking *taking)
{
    const Seizure__Item *item = item_of(taking);
    const char *who = "";
    for (size_t i = 0; i < item->n_custody_unconfirmed; i++) {
        if (strcmp(item->custody_unconfirmed[i], d->facts->principal) == 0)
            return LQ_ACCEPT;
        who = lq_arena_format(d->arena, "%s%s%s", who, i > 0 ? ", " : "",
                              item->custody_unconfirmed[i]);
    }
    return taking->act->paper[0] != '\0'
               ? LQ_ACCEPT
               : lq_reject(d, LQ_COMMON(CONDITION_MISSING),
                           "that item %s changed hands is still to be confirmed by %s, each by "
                           "their own key; else name the paper that they signed",
                           item->number, who);
}

// Measures art. 21: what nobody has claimed within 60 days of the notice.
static struct lq_verdict need_notice_over(struct lq_decision *d, struct lq_taking *taking)
{
    const Rules__Clock *term = lq_clock_find(d->view, SEIZURE_ITEM, taking->number, "SZ12");
    char at[LQ_TIME_TEXT], due[LQ_TIME_TEXT];
    LQ_ASSERT(term != NULL);
    if (term->due_ms == 0 || d->facts->occurred_ms >= term->due_ms)
        return LQ_ACCEPT;
    return lq_reject(d, SEIZURE__REJECT__NOT_UNCLAIMED_YET,
                     "this is dated %s, but item %s can be claimed until %s (Measures for Sealing "
                     "and Detention art. 21)",
                     lq_format_local(d->facts->occurred_ms, at), taking->number,
                     lq_format_local(term->due_ms, due));
}

// A broken seal wants a team at once; dispatch makes a call of it.
static struct lq_verdict call_team(struct lq_decision *d, struct lq_taking *taking)
{
    const Seizure__Item *item = item_of(taking);
    Rules__Called called = RULES__CALLED__INIT;
    called.kind = lq_unconst(taking->thing->kind);
    called.number = lq_unconst(taking->number);
    called.premises = item->target;
    called.what = lq_unconst("breach");
    called.priority = 1;
    lq_emit(d, LQ_BODY_CALLED, &called.base);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- in `apply`

static void use_seal(struct lq_view *tables, char *item, const char *seal)
{
    Seizure__SealUse use = SEIZURE__SEAL_USE__INIT;
    use.item = item;
    lq_save(tables, &seizure_table_seals, lq_key_text(seal), &use.base);
}

static void await_confirmation(struct lq_view *tables, Seizure__Item *item, char *who)
{
    char **all = LQ_NEW_ARRAY(lq_view_arena(tables), char *, item->n_custody_unconfirmed + 1);
    for (size_t i = 0; i < item->n_custody_unconfirmed; i++) {
        all[i] = item->custody_unconfirmed[i];
        if (strcmp(all[i], who) == 0)
            return;
    }
    all[item->n_custody_unconfirmed++] = who;
    item->custody_unconfirmed = all;
}

// Whoever records it by his own key has confirmed his side; a signed paper confirms both.
static void pass_custody(struct lq_view *tables, Seizure__Item *item, const Rules__Step *step)
{
    const bool is_own = lq_entered(tables)->on_behalf_of[0] == '\0';
    item->holder = step->act->taker;
    item->place = step->act->place;
    if (step->act->paper[0] != '\0')
        return;
    if (!is_own || strcmp(step->by, step->act->giver) != 0)
        await_confirmation(tables, item, step->act->giver);
    if (!is_own || strcmp(step->by, step->act->taker) != 0)
        await_confirmation(tables, item, step->act->taker);
}

static void confirm_custody(struct lq_view *tables, Seizure__Item *item, const Rules__Step *step)
{
    char **left = LQ_NEW_ARRAY(lq_view_arena(tables), char *, item->n_custody_unconfirmed + 1);
    size_t count = 0;
    for (size_t i = 0; step->act->paper[0] == '\0' && i < item->n_custody_unconfirmed; i++)
        if (strcmp(item->custody_unconfirmed[i], step->by) != 0)
            left[count++] = item->custody_unconfirmed[i];
    item->custody_unconfirmed = left;
    item->n_custody_unconfirmed = count;
}

void seizure_item_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    Seizure__Item *item = row;
    switch ((int)step->verb) {
    case RULES__VERB__REFUSE_RATIFICATION:
        item->publication_not_recorded = true;
        break;
    case RULES__VERB__RATIFY:
        item->unratified = false;
        break;
    case RULES__VERB__REQUEST_RELEASE:
        item->release_requested = true;
        break;
    case RULES__VERB__ANSWER_REQUEST:
        item->release_requested = false;
        break;
    case RULES__VERB__BREACH:
        item->breached = item->police_unasked = true;
        break;
    case RULES__VERB__ASK_POLICE:
        item->police_unasked = false;
        break;
    case RULES__VERB__DECIDE_RELEASE:
        item->publication_not_recorded = true;
        break;
    case RULES__VERB__PUBLISH_DECISION:
        item->publication_not_recorded = false;
        break;
    case RULES__VERB__RESEAL:
        item->breached = false;
        item->seal = step->act->seal;
        use_seal(tables, item->number, item->seal);
        break;
    case RULES__VERB__LINK_CASE:
        item->case_number = step->act->related;
        break;
    case RULES__VERB__PASS_CUSTODY:
        pass_custody(tables, item, step);
        break;
    case RULES__VERB__CONFIRM_CUSTODY:
        confirm_custody(tables, item, step);
        break;
    case RULES__VERB__HAND_OVER:
        item->holder = step->act->taker;
        break;
    case RULES__VERB__SERVE_RELEASE:
    case RULES__VERB__COLLECT:
        item->released_at_ms = step->at_ms;
        item->released_by = step->by;
        break;
    }
    if ((int)item->state != IN_FORCE)
        item->release_requested = item->unratified = item->police_unasked = false;
    seizure_keep_held(tables, item->target, item->number, (int)item->state == IN_FORCE);
}
