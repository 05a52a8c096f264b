// The field at work: what is seized, closed, noticed, filed and recorded.
#include <stdio.h>

#include "pb/pb.h"
#include "sim/work.h"

static const char *const kinds[] = {"cupola", "coal_boiler", "transformer"};

static void keep_number(char *where, const char *number)
{
    snprintf(where, WORK_NUMBER, "%s", number);
}

// ---------------------------------------------------------------- seizure

void work_send_seizure(struct sim *s, struct sim_terminal *t, Seizure__Command__BodyCase which,
                       void *body, const struct work_manner *manner)
{
    Seizure__Command command = SEIZURE__COMMAND__INIT;
    command.body_case = which;
    command.take_item = body; // the oneof's members lie in one place
    work_send(s, t, "seizure", &command.base, manner);
}

// On an old order: thirty days ago, so that the term ends about now.
static int64_t when_taken(struct sim *s, const struct work_order *order)
{
    const int64_t back_ms = sim_between(&s->work_dice, 28 * 24 * 60, 31 * 24 * 60 + 600) * 60000;
    if (order->issued_ms < s->now_ms - 10 * LQ_DAY_MS)
        return s->now_ms - back_ms;
    return work_chance(s, 90) ? 0 : work_when(s);
}

void work_take_item(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    struct sim_work *w = s->work;
    if (order == NULL)
        return;
    const unsigned team = order->teams[0] % WORK_TEAMS;
    Seizure__TakeItem c = SEIZURE__TAKE_ITEM__INIT;
    c.number = work_chance(s, 95) || w->item_count == 0 ? work_number(s, "I") : w->items[0].number;
    c.order = lq_unconst(order->number);
    c.target = lq_unconst(work_premises(s, order->premises));
    c.kind = lq_unconst(kinds[work_pick(s, 3)]);
    c.action = work_chance(s, 65) ? SEIZURE__ACTION__SEALED : SEIZURE__ACTION__DISMANTLED;
    if (c.action == SEIZURE__ACTION__SEALED)
        c.seal = work_chance(s, 90) || w->last_seal == NULL ? work_number(s, "S") : w->last_seal;
    if (c.action == SEIZURE__ACTION__SEALED)
        w->last_seal = c.seal;
    c.emergency = c.action == SEIZURE__ACTION__SEALED && work_chance(s, 12);
    if (c.action == SEIZURE__ACTION__SEALED && work_chance(s, 10))
        c.term_days = (int32_t)sim_between(&s->work_dice, 1, 32);
    struct sim_terminal *t = work_lead(s, team);
    c.officer_1 = lq_unconst(t->badge);
    c.officer_2 =
        lq_unconst(work_chance(s, 95) ? lq_arena_format(&s->scratch, "O%u", team + 1) : t->badge);
    struct work_manner manner = {.occurred_ms = when_taken(s, order)};
    if (c.action == SEIZURE__ACTION__SEALED && work_chance(s, 20))
        c.decision_day = lq_day_of(manner.occurred_ms != 0 ? manner.occurred_ms : s->now_ms) -
                         (int32_t)sim_between(&s->work_dice, -1, 5);
    if (work_chance(s, 15)) {
        manner.behalf = t->badge;
        manner.reason = "电台";
        t = work_person(s, "DESK2");
    } else if (work_chance(s, 4)) {
        t = work_anybody(s);
    }
    if (c.action == SEIZURE__ACTION__DISMANTLED)
        work_basis(s, &c);
    if (c.action == SEIZURE__ACTION__SEALED)
        keep_number(w->items[w->item_count++ % WORK_KEPT].number, c.number);
    work_send_seizure(s, t, SEIZURE__COMMAND__BODY_TAKE_ITEM, &c, &manner);
}

static bool is_old(const struct sim *s, const struct work_order *order)
{
    return order->issued_ms <= s->now_ms - 10 * LQ_DAY_MS;
}

// Sealed a month ago and mostly released since: both papers come in together, before any timer
// fires.
void work_old_papers(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    for (unsigned more = 0; more < 4 && order != NULL && !is_old(s, order); more++)
        order = work_some_order(s);
    if (order == NULL || !is_old(s, order))
        return;
    struct sim_terminal *clerk = work_person(s, "CLERK");
    struct sim_terminal *lead = work_lead(s, order->teams[0]);
    Seizure__TakeItem take = SEIZURE__TAKE_ITEM__INIT;
    take.number = work_number(s, "I");
    take.order = lq_unconst(order->number);
    take.target = lq_unconst(work_premises(s, order->premises));
    take.kind = lq_unconst(kinds[work_pick(s, 3)]);
    take.action = SEIZURE__ACTION__SEALED;
    take.seal = work_number(s, "S");
    take.officer_1 = lq_unconst(lead->badge);
    take.officer_2 = lq_unconst("O1");
    const struct work_manner taken = {
        .behalf = lead->badge, .reason = "补录", .occurred_ms = order->issued_ms + 60000};
    work_send_seizure(s, clerk, SEIZURE__COMMAND__BODY_TAKE_ITEM, &take, &taken);
    if (work_chance(s, 40)) {
        struct sim_work *w = s->work;
        keep_number(w->items[w->item_count++ % WORK_KEPT].number, take.number);
        if (work_chance(s, 50)) { // its days of testing are entered next, and often twice
            keep_number(w->pause_number, take.number);
            w->pause_from_day = lq_day_of(order->issued_ms) + 1;
            w->pause_to_day = w->pause_from_day + 1;
        }
        return;
    }
    Seizure__SealDecision release = SEIZURE__SEAL_DECISION__INIT;
    release.number = take.number;
    const struct work_manner released = {.behalf = "HEAD", .reason = "补录"};
    work_send_seizure(s, clerk, SEIZURE__COMMAND__BODY_RELEASE_SEAL, &release, &released);
}

char *work_some_item(struct sim *s)
{
    struct sim_work *w = s->work;
    const unsigned kept = w->item_count < WORK_KEPT ? w->item_count : WORK_KEPT;
    return kept == 0 ? NULL : w->items[work_pick(s, kept)].number;
}

// Decides on a seal, in time or late, by the head or by a clerk for him, or for the commander, or
// for somebody who may not.
static void decide_seal(struct sim *s, Seizure__Command__BodyCase which, void *decision)
{
    struct work_manner manner = {.occurred_ms = work_chance(s, 60) ? 0 : work_when(s)};
    struct sim_terminal *t = work_person(s, work_chance(s, 95) ? "HEAD" : "CMD");
    const unsigned kind = work_pick(s, 100);
    if (kind < 30) {
        t = work_person(s, "CLERK");
        manner.behalf = kind < 12 ? "HEAD" : kind < 25 ? "CMD" : "O1";
        manner.reason = "决定书";
    } else if (kind < 34) {
        t = work_anybody(s);
    }
    work_send_seizure(s, t, which, decision, &manner);
}

void work_extend(struct sim *s)
{
    Seizure__SealDecision c = SEIZURE__SEAL_DECISION__INIT;
    c.number = work_some_item(s);
    c.days = work_chance(s, 85) ? 0 : (int32_t)sim_between(&s->work_dice, -1, 32);
    c.paper = lq_unconst(work_chance(s, 50) ? "献环延〔2015〕1号" : "");
    if (c.number != NULL)
        decide_seal(s, SEIZURE__COMMAND__BODY_EXTEND_SEAL, &c);
}

void work_release(struct sim *s)
{
    Seizure__SealDecision c = SEIZURE__SEAL_DECISION__INIT;
    c.number = work_some_item(s);
    if (c.number != NULL)
        decide_seal(s, SEIZURE__COMMAND__BODY_RELEASE_SEAL, &c);
}

// ---------------------------------------------------------------- casefile

static void send_casefile(struct sim *s, struct sim_terminal *t, Casefile__Command__BodyCase which,
                          void *body, const struct work_manner *manner)
{
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = which;
    command.issue_notice = body;
    work_send(s, t, "casefile", &command.base, manner);
}

static void notice_to(struct sim *s, struct sim_terminal *t, unsigned premises)
{
    Casefile__IssueNotice c = CASEFILE__ISSUE_NOTICE__INIT;
    c.number = work_number(s, "N");
    c.premises = lq_unconst(work_premises(s, premises));
    const int32_t in_days = (int32_t)sim_between(&s->work_dice, -1, 20);
    c.due_day = lq_day_of(s->now_ms) + in_days;
    c.finding = lq_unconst("粉尘");
    struct work_manner manner = {.occurred_ms = work_when(s)};
    if (manner.occurred_ms == 0 && work_chance(s, 60)) // whoever corrects it knows when it was
        manner.occurred_ms = s->now_ms - sim_between(&s->work_dice, 1, 600) * 1000;
    work_keep_notice(s, c.number, manner.occurred_ms != 0 ? manner.occurred_ms : s->now_ms);
    send_casefile(s, t, CASEFILE__COMMAND__BODY_ISSUE_NOTICE, &c, &manner);
}

void work_notice(struct sim *s)
{
    struct sim_terminal *t = work_lead(s, work_pick(s, WORK_TEAMS));
    notice_to(s, t, work_pick(s, s->work->premises_count));
}

void work_open_case(struct sim *s)
{
    const struct work_order *order = work_some_order(s);
    struct sim_work *w = s->work;
    if (order == NULL)
        return;
    Casefile__OpenCase c = CASEFILE__OPEN_CASE__INIT;
    c.number = work_number(s, "C");
    c.order = lq_unconst(order->number);
    c.target = lq_unconst(work_premises(s, order->premises));
    c.offence = lq_unconst("污染环境罪");
    struct work_case *kept = &w->cases[w->case_count++ % WORK_KEPT];
    *kept = (struct work_case){.step = 0};
    keep_number(kept->number, c.number);
    send_casefile(s, work_person(s, "LIA"), CASEFILE__COMMAND__BODY_OPEN_CASE, &c, NULL);
}

static struct work_case *some_case(struct sim *s)
{
    struct sim_work *w = s->work;
    const unsigned kept = w->case_count < WORK_KEPT ? w->case_count : WORK_KEPT;
    return kept == 0 ? NULL : &w->cases[work_pick(s, kept)];
}

// What police did is told by the liaison, or by the clerk for him.
static struct sim_terminal *police_hand(struct sim *s, struct work_manner *manner)
{
    return work_hand(s, work_person(s, "LIA"), 25, 5, manner);
}

void work_case_step(struct sim *s)
{
    struct work_case *kept = some_case(s);
    if (kept == NULL)
        return;
    Casefile__CaseNumber c = CASEFILE__CASE_NUMBER__INIT;
    c.number = kept->number;
    const bool file = kept->step == 0 ? work_chance(s, 90) : work_chance(s, 10);
    kept->step++;
    struct work_manner manner = {0};
    struct sim_terminal *t = police_hand(s, &manner);
    send_casefile(s, t,
                  file ? CASEFILE__COMMAND__BODY_FILE_CASE : CASEFILE__COMMAND__BODY_SOLVE_CASE, &c,
                  &manner);
}

void work_identify(struct sim *s)
{
    const struct work_case *of = some_case(s);
    struct sim_work *w = s->work;
    if (of == NULL)
        return;
    struct work_suspect *kept = &w->suspects[w->suspect_count++ % WORK_KEPT];
    *kept = (struct work_suspect){.step = 0};
    keep_number(kept->of, of->number);
    keep_number(kept->number, work_number(s, "P"));
    Casefile__IdentifySuspect c = CASEFILE__IDENTIFY_SUSPECT__INIT;
    c.number = kept->number;
    c.case_number = kept->of;
    if (work_chance(s, 80)) // else nobody knows it yet
        c.name = lq_arena_format(&s->scratch, "刘%u", w->suspect_count);
    struct work_manner manner = {0};
    struct sim_terminal *t = police_hand(s, &manner);
    send_casefile(s, t, CASEFILE__COMMAND__BODY_IDENTIFY_SUSPECT, &c, &manner);
}

// The tag: which suspect, which step.
static void suspect_stepped(struct sim *s, struct sim_terminal *t, unsigned tag,
                            const struct sim_answered *a)
{
    (void)t;
    if (a->accepted)
        s->work->suspects[tag >> 3].step = tag & 7;
}

void work_suspect_step(struct sim *s)
{
    static const unsigned usual[] = {3, 2, 3, 4, 5, 1, 4, 3}; // the way that most go
    struct sim_work *w = s->work;
    const unsigned kept = w->suspect_count < WORK_KEPT ? w->suspect_count : WORK_KEPT;
    if (kept == 0)
        return;
    const unsigned which = work_pick(s, kept);
    struct work_suspect *suspect = &w->suspects[which];
    Casefile__RecordSuspectStep c = CASEFILE__RECORD_SUSPECT_STEP__INIT;
    c.suspect = suspect->number;
    c.case_number = suspect->of;
    const unsigned step = work_chance(s, 75) ? usual[suspect->step] : work_pick(s, 8);
    c.step = (Casefile__SuspectStep)step;
    struct work_manner manner = {.done = suspect_stepped, .tag = which << 3 | step};
    struct sim_terminal *t = police_hand(s, &manner);
    send_casefile(s, t, CASEFILE__COMMAND__BODY_RECORD_SUSPECT_STEP, &c, &manner);
}

// ---------------------------------------------------------------- ledger

void work_send_ledger(struct sim *s, struct sim_terminal *t, Ledger__Command__BodyCase which,
                      void *body, const struct work_manner *manner)
{
    Ledger__Command command = LEDGER__COMMAND__INIT;
    command.body_case = which;
    command.register_premises = body;
    work_send(s, t, "ledger", &command.base, manner);
}

// Whoever has just registered premises gives them a tip or a notice: every service knows them then.
static void premises_registered(struct sim *s, struct sim_terminal *t, unsigned tag,
                                const struct sim_answered *a)
{
    if (!a->accepted || !s->work->opened)
        return;
    if (work_chance(s, 50))
        work_tip_about(s, tag);
    else
        notice_to(s, t, tag);
}

void work_register_premises(struct sim *s, unsigned premises)
{
    Ledger__Premises c = LEDGER__PREMISES__INIT;
    c.number = lq_unconst(work_premises(s, premises));
    c.name = lq_unconst("铸造厂");
    c.township = lq_unconst(work_township(premises));
    c.kind = lq_unconst(premises % 2 == 0 ? "foundry" : "workshop");
    c.standing =
        work_is_site(premises) ? LEDGER__STANDING__UNLICENSED_SITE : LEDGER__STANDING__ENTERPRISE;
    const struct work_manner manner = {.done = premises_registered, .tag = premises};
    work_send_ledger(s, work_person(s, "DESK1"), LEDGER__COMMAND__BODY_REGISTER_PREMISES, &c,
                     &manner);
}

static void take_ledger_step(struct sim *s, unsigned premises, unsigned step);

static void status_changed(struct sim *s, struct sim_terminal *t, unsigned tag,
                           const struct sim_answered *a)
{
    (void)t;
    if (!a->accepted)
        return;
    s->work->premises_step[tag >> 3] = tag & 7;
    if ((tag & 7) == LEDGER__STATUS__RECTIFICATION_COMPLETED)
        work_ask_acceptance(s, tag >> 3);
    else if ((tag & 7) < LEDGER__STATUS__RECTIFICATION_COMPLETED && work_chance(s, 60))
        take_ledger_step(s, tag >> 3, (tag & 7) + 1);
}

static void take_ledger_step(struct sim *s, unsigned premises, unsigned step)
{
    Ledger__RecordStep c = LEDGER__RECORD_STEP__INIT;
    c.premises = lq_unconst(work_premises(s, premises));
    c.step = (Ledger__Status)(step > 6 ? 6 : step);
    const struct work_manner manner = {.occurred_ms = work_when(s),
                                       .done = status_changed,
                                       .tag = premises << 3 | (unsigned)c.step};
    work_send_ledger(s, work_person(s, work_chance(s, 50) ? "CLERK" : "L1"),
                     LEDGER__COMMAND__BODY_RECORD_STEP, &c, &manner);
}

void work_ledger_step(struct sim *s)
{
    const unsigned premises =
        work_chance(s, 50) ? work_supervised(s) : work_pick(s, s->work->premises_count);
    const unsigned step =
        work_chance(s, 85) ? s->work->premises_step[premises] + 1 : work_pick(s, 7);
    take_ledger_step(s, premises, step);
}

// ---------------------------------------------------------------- tips, oversight

void work_tip_about(struct sim *s, unsigned premises)
{
    Tips__RecordTip c = TIPS__RECORD_TIP__INIT;
    c.number = work_number(s, "J");
    c.channel = lq_unconst("hotline_12369");
    c.premises = lq_unconst(work_premises(s, premises));
    c.content = lq_unconst("夜间生产");
    struct work_tip *kept = &s->work->tips[s->work->tip_count++ % WORK_KEPT];
    *kept = (struct work_tip){.step = 0};
    keep_number(kept->number, c.number);
    c.verified = work_chance(s, 60);
    c.reward_yuan = work_chance(s, 50) ? 500 : 0;
    Tips__Command command = TIPS__COMMAND__INIT;
    command.body_case = TIPS__COMMAND__BODY_RECORD_TIP;
    command.record_tip = &c;
    work_send(s, work_person(s, "DESK1"), "tips", &command.base, NULL);
}

void work_tip(struct sim *s)
{
    work_tip_about(s, work_pick(s, s->work->premises_count));
}

void work_volunteer(struct sim *s)
{
    Tips__Volunteer c = TIPS__VOLUNTEER__INIT;
    c.number = work_chance(s, 80) ? work_number(s, "V") : lq_unconst("V0");
    c.name = lq_unconst("村民");
    c.village = lq_unconst("东庄");
    Tips__Command command = TIPS__COMMAND__INIT;
    command.body_case = TIPS__COMMAND__BODY_REGISTER_VOLUNTEER;
    command.register_volunteer = &c;
    work_send(s, work_person(s, "CLERK"), "tips", &command.base, NULL);
}

void work_meeting(struct sim *s)
{
    Oversight__RecordMeeting c = OVERSIGHT__RECORD_MEETING__INIT;
    c.number = work_chance(s, 60) ? work_number(s, "M") : lq_unconst("M0");
    c.issues_raised = work_pick(s, 9);
    c.issues_resolved = work_pick(s, 6);
    c.kind = (Oversight__Meeting__Kind)work_pick(s, 4);
    Oversight__Command command = OVERSIGHT__COMMAND__INIT;
    command.body_case = OVERSIGHT__COMMAND__BODY_RECORD_MEETING;
    command.record_meeting = &c;
    work_send(s, work_chance(s, 80) ? work_person(s, "CMD") : work_anybody(s), "oversight",
              &command.base, NULL);
}

// Of the meeting that may have been held, with or without a day.
void work_issue(struct sim *s)
{
    Oversight__Issue c = OVERSIGHT__ISSUE__INIT;
    c.meeting = lq_unconst(work_chance(s, 90) ? "M0" : "M-1");
    c.subject = lq_unconst("停电未落实");
    c.owner = lq_unconst("P1");
    c.due_day = work_chance(s, 98) ? lq_day_of(s->now_ms) + 7 : 0;
    c.verdict = (Oversight__Verdict)work_pick(s, 3);
    Oversight__Command command = OVERSIGHT__COMMAND__INIT;
    command.body_case = OVERSIGHT__COMMAND__BODY_RECORD_ISSUE;
    command.record_issue = &c;
    work_send(s, work_chance(s, 80) ? work_person(s, "CMD") : work_anybody(s), "oversight",
              &command.base, NULL);
}

static void fill_interview(Oversight__Command *command, Oversight__RecordInterview *c)
{
    c->kind = lq_unconst("official");
    command->body_case = OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW;
    command->record_interview = c;
}

static void interview(struct sim *s, struct sim_terminal *t, const struct work_manner *manner)
{
    Oversight__RecordInterview c = OVERSIGHT__RECORD_INTERVIEW__INIT;
    Oversight__Command command = OVERSIGHT__COMMAND__INIT;
    fill_interview(&command, &c);
    work_send(s, t, "oversight", &command.base, manner);
}

void work_interview(struct sim *s)
{
    const struct work_manner manner = {.occurred_ms = work_when(s)};
    interview(s, work_person(s, "INSP"), &manner);
}

// Some at once, each not before the one before; sometimes in one request.
void work_interviews_in_order(struct sim *s)
{
    struct lq_id before, id;
    struct sim_terminal *t = work_person(s, "INSP");
    interview(s, t, &(struct work_manner){.id = &before});
    if (work_chance(s, 50)) {
        Oversight__RecordInterview c = OVERSIGHT__RECORD_INTERVIEW__INIT;
        Oversight__Command command = OVERSIGHT__COMMAND__INIT;
        fill_interview(&command, &c);
        work_send_together(s, t, "oversight", &command.base, 1 + work_pick(s, WORK_TOGETHER),
                           &before);
        return;
    }
    for (int i = 0; i < 2; i++) {
        interview(s, t, &(struct work_manner){.id = &id, .after = &before});
        before = id;
    }
}
