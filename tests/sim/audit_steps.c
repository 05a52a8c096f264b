// Steps of items: which may be taken from where, by whom, and which terms end and begin with them,
// written down a second time (docs/steps.md, domain.md).
#include "sim/audit_parts.h"

typedef unsigned long long number;

#define FIELD_ROLES (ROLE_BIT(LEAD) | ROLE_BIT(OFFICER))
#define HEAD_ROLE ROLE_BIT(HEAD)

static const struct audit_item_step steps[] = {
    {"RATIFY", "IN_FORCE", "IN_FORCE", HEAD_ROLE, {"SZ3"}, {NULL}},
    {"REFUSE_RATIFICATION",
     "IN_FORCE",
     "RELEASE_DECIDED",
     HEAD_ROLE,
     {"SZ3", "SZ6", "SZ9", "OP-SEAL", "OP-BREACH"},
     {"SZ11", "SZ17b"}},
    {"REQUEST_RELEASE", "IN_FORCE", "IN_FORCE", FIELD_ROLES, {NULL}, {"SZ9"}},
    {"ANSWER_REQUEST", "IN_FORCE", "IN_FORCE", HEAD_ROLE, {"SZ9"}, {NULL}},
    {"DECIDE_RELEASE",
     "IN_FORCE",
     "RELEASE_DECIDED",
     HEAD_ROLE,
     {"SZ3", "SZ6", "SZ9", "OP-SEAL", "OP-BREACH"},
     {"SZ11", "SZ17b"}},
    {"BREACH", "IN_FORCE", "IN_FORCE", ~0U, {NULL}, {"OP-BREACH"}},
    {"ASK_POLICE", "IN_FORCE", "IN_FORCE", FIELD_ROLES | ROLE_BIT(DESK), {"OP-BREACH"}, {NULL}},
    {"RESEAL", "IN_FORCE", "IN_FORCE", FIELD_ROLES, {NULL}, {NULL}},
    {"INSPECT",
     "IN_FORCE",
     "IN_FORCE",
     FIELD_ROLES | ROLE_BIT(INSPECTOR),
     {"OP-SEAL"},
     {"OP-SEAL"}},
    {"HAND_OVER",
     "IN_FORCE",
     "HANDED_TO_POLICE",
     FIELD_ROLES,
     {"SZ3", "SZ6", "SZ9", "SZ16", "OP-SEAL", "OP-BREACH"},
     {NULL}},
    {"SERVE_RELEASE", "RELEASE_DECIDED", "RELEASED", FIELD_ROLES, {"SZ11"}, {NULL}},
    {"PUBLISH", "RELEASE_DECIDED", "UNCLAIMED", FIELD_ROLES, {"SZ11"}, {"SZ12"}},
    {"COLLECT", "UNCLAIMED", "RELEASED", FIELD_ROLES, {"SZ12"}, {NULL}},
};

static const char *name_of(Rules__Verb verb)
{
    return protobuf_c_enum_descriptor_get_value(&rules__verb__descriptor, (int)verb)->name;
}

const struct audit_item_step *audit_item_step(const Rules__StepTaken *taken)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (strcmp(steps[i].verb, name_of(taken->verb)) == 0)
            return &steps[i];
    sim_fail("step", "there is a step %s of item %s, which nobody may take", name_of(taken->verb),
             taken->number);
}

// What it needs besides: who asks is answered once, what is broken was found so, and so on.
static void check_needs(const struct audit_item *item, const Rules__StepTaken *taken)
{
    const Rules__Act *act = taken->act;
    switch ((int)taken->verb) {
    case RULES__VERB__RATIFY:
    case RULES__VERB__REFUSE_RATIFICATION:
        AUDIT(item->unratified, "step", "item %s is ratified, and needs it not", taken->number);
        return;
    case RULES__VERB__REQUEST_RELEASE:
    case RULES__VERB__ANSWER_REQUEST:
        AUDIT(item->asked == (taken->verb == RULES__VERB__ANSWER_REQUEST), "step",
              "the release of item %s is asked for or answered out of turn", taken->number);
        return;
    case RULES__VERB__ASK_POLICE:
        AUDIT(item->police_unasked, "step", "the police are asked about item %s for nothing",
              taken->number);
        return;
    case RULES__VERB__HAND_OVER:
        AUDIT(item->linked, "step", "item %s goes to the police without a case", taken->number);
        AUDIT(act->n_officers >= 2 && strcmp(act->officers[0], act->officers[1]) != 0, "step",
              "item %s is handed over by fewer than two", taken->number);
        return;
    case RULES__VERB__SERVE_RELEASE:
        AUDIT(act->n_officers >= 2 && strcmp(act->officers[0], act->officers[1]) != 0, "step",
              "the release of item %s is served by fewer than two", taken->number);
        return;
    }
}

void audit_item_stepped(struct audit *a, const struct audit_fact *fact,
                        const Rules__StepTaken *taken)
{
    const struct audit_item_step *step = audit_item_step(taken);
    struct audit_item *item = audit_find_text(&a->items, taken->number);
    AUDIT(item != NULL && item->sealed, "step", "record %llu of seizure is a step of item %s",
          (number)fact->r->seq, taken->number);
    AUDIT(strcmp(taken->from, item->state) == 0 && strcmp(taken->from, step->from) == 0 &&
              strcmp(taken->to, step->to) == 0,
          "step", "item %s goes from %s to %s by %s; it was %s", taken->number, taken->from,
          taken->to, step->verb, item->state);
    AUDIT((fact->principal_roles & step->who) != 0, "step", "%s takes the step %s of item %s",
          fact->principal, step->verb, taken->number);
    AUDIT(fact->r->occurred_at_ms >= item->since_ms, "step",
          "the step %s of item %s is dated before what it rests on", step->verb, taken->number);
    check_needs(item, taken);
    if (strcmp(step->from, step->to) != 0) {
        item->since_ms = fact->r->occurred_at_ms;
        item->asked = item->unratified = false;
        item->released = true; // it is not in force any more
    }
    item->state = step->to;
    if (taken->verb == RULES__VERB__RATIFY)
        item->unratified = false;
    if (taken->verb == RULES__VERB__REQUEST_RELEASE || taken->verb == RULES__VERB__ANSWER_REQUEST)
        item->asked = taken->verb == RULES__VERB__REQUEST_RELEASE;
    if (taken->verb == RULES__VERB__BREACH || taken->verb == RULES__VERB__ASK_POLICE)
        item->police_unasked = taken->verb == RULES__VERB__BREACH; // whatever it bears by now
    if (taken->verb == RULES__VERB__RESEAL) {
        AUDIT(audit_find_text(&a->seals, taken->act->seal) == NULL, "seizure",
              "item %s is sealed anew with seal %s, which was used", taken->number,
              taken->act->seal);
        audit_put_text(a, &a->seals, 0, taken->act->seal);
    }
}

void audit_filing(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Seizure__FilingNoted *noted = body;
    const struct audit_case *filed = audit_find_text(&a->cases, noted->case_number);
    AUDIT(filed != NULL && filed->filed, "step",
          "record %llu of seizure tells of case %s, which is not filed", (number)fact->r->seq,
          noted->case_number);
    for (size_t i = 0; i < noted->n_items; i++) {
        struct audit_item *item = audit_find_text(&a->items, noted->items[i]);
        AUDIT(item != NULL && strcmp(item->state, "IN_FORCE") == 0 && !item->linked &&
                  strcmp(item->order, filed->order) == 0,
              "step", "item %s is none that case %s asks for", noted->items[i], noted->case_number);
        item->linked = true;
        item->case_from_paper = filed->from_paper;
    }
}
