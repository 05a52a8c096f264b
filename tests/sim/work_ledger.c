// The ledger beside what is done in the field: who supervises which premises, and when.
#include <stdio.h>
#include <string.h>

#include "pb/pb.h"
#include "rules/take_step.h"
#include "sim/work.h"

enum { SUPERVISED = 3 };

static const int64_t HOUR_MS = 3600 * 1000LL;

unsigned work_supervised(struct sim *s)
{
    return work_pick(s, SUPERVISED);
}

// Mostly one that there is: the service numbers them as they come.
static char *some_supervisor(struct sim *s, unsigned premises)
{
    static char number[WORK_NUMBER];
    snprintf(number, sizeof number, "%s/%u", work_premises(s, premises),
             1 + work_pick(s, work_chance(s, 70) ? 2 : 6));
    return number;
}

static void assign(struct sim *s, unsigned premises);

// Mostly the other of the two comes with him, and then both get their letter.
static void supervisor_came(struct sim *s, struct sim_terminal *t, unsigned tag,
                            const struct sim_answered *a)
{
    (void)t;
    if (work_chance(s, 50) && a->accepted)
        assign(s, tag);
    else if (work_chance(s, 60))
        work_issue_letter(s, tag);
}

static void assign(struct sim *s, unsigned premises)
{
    Ledger__Supervisor c = LEDGER__SUPERVISOR__INIT;
    const struct work_manner manner = {
        .occurred_ms = work_when(s), .done = supervisor_came, .tag = premises};
    c.premises = lq_unconst(work_premises(s, premises));
    c.name = work_number(s, "驻");
    c.from_beginning = work_chance(s, 10);
    work_send_ledger(s, work_person(s, "CLERK"), LEDGER__COMMAND__BODY_ASSIGN_SUPERVISOR, &c,
                     &manner);
}

void work_supervisor(struct sim *s)
{
    assign(s, work_pick(s, SUPERVISED));
}

void work_replace_supervisor(struct sim *s)
{
    Ledger__ReplaceSupervisor c = LEDGER__REPLACE_SUPERVISOR__INIT;
    const struct work_manner manner = {.occurred_ms = work_when(s)};
    const unsigned premises = work_pick(s, SUPERVISED);
    c.premises = lq_unconst(work_premises(s, premises));
    c.name = work_number(s, "驻");
    c.replaces = some_supervisor(s, premises);
    work_send_ledger(s, work_person(s, work_chance(s, 80) ? "CLERK" : "CMD"),
                     LEDGER__COMMAND__BODY_REPLACE_SUPERVISOR, &c, &manner);
}

void work_stand_in(struct sim *s)
{
    Ledger__StandIn c = LEDGER__STAND_IN__INIT;
    const unsigned premises = work_pick(s, SUPERVISED);
    c.premises = lq_unconst(work_premises(s, premises));
    c.name = work_number(s, "代");
    c.replaces = some_supervisor(s, premises);
    c.from_ms = work_chance(s, 50) ? 0 : s->now_ms + HOUR_MS;
    c.to_ms = s->now_ms + (int64_t)work_pick(s, 5) * HOUR_MS;
    work_send_ledger(s, work_person(s, "CLERK"), LEDGER__COMMAND__BODY_STAND_IN, &c, NULL);
}

// ---------------------------------------------------------------- who is at the post

static void send_post(struct sim *s, unsigned premises, const char *supervisor, bool arrives);

// Who has come leaves again, mostly, and somebody comes again.
static void at_post(struct sim *s, struct sim_terminal *t, unsigned tag,
                    const struct sim_answered *a)
{
    (void)t;
    if (a->accepted && work_chance(s, 60))
        send_post(s, tag >> 8,
                  lq_arena_format(&s->scratch, "%s/%u", work_premises(s, tag >> 8), tag & 127),
                  (tag & 128) == 0);
}

static void send_post(struct sim *s, unsigned premises, const char *supervisor, bool arrives)
{
    Ledger__Post c = LEDGER__POST__INIT;
    const struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s),
                                       .done = at_post,
                                       .tag = premises << 8 | (arrives ? 128U : 0U) |
                                              (unsigned)(strrchr(supervisor, '/')[1] - '0')};
    c.premises = lq_unconst(work_premises(s, premises));
    c.supervisor = lq_unconst(supervisor);
    work_send_ledger(s,
                     work_chance(s, 5) ? work_anybody(s)
                                       : work_person(s, work_chance(s, 50) ? "CLERK" : "DESK1"),
                     arrives ? LEDGER__COMMAND__BODY_ARRIVE_POST : LEDGER__COMMAND__BODY_LEAVE_POST,
                     &c, &manner);
}

void work_post(struct sim *s)
{
    const unsigned premises = work_supervised(s);
    send_post(s, premises, some_supervisor(s, premises), work_chance(s, 80));
}

// ---------------------------------------------------------------- the gate

static void send_step(struct sim *s, const char *who, Rules__Verb verb, const struct work_manner *m)
{
    Rules__Act act = RULES__ACT__INIT;
    Rules__TakeStep c = RULES__TAKE_STEP__INIT;
    act.note = lq_unconst("未装除尘");
    c.kind = lq_unconst("acceptance");
    c.number = s->work->acceptance;
    c.verb = verb;
    c.act = &act;
    work_send_ledger(s, work_chance(s, 4) ? work_anybody(s) : work_person(s, who),
                     (Ledger__Command__BodyCase)LQ_BODY_TAKE_STEP, &c, m);
}

// Who has signed tells the next, mostly; the lead passes it sooner or later, sometimes too soon.
static void signed_one(struct sim *s, struct sim_terminal *t, unsigned tag,
                       const struct sim_answered *a)
{
    static const char *const signers[] = {"ACC1", "ACC2", "ACC3", "EXP"};
    (void)t, (void)a;
    const struct work_manner manner = {.done = signed_one, .tag = tag + 1};
    if (tag >= 4 || work_chance(s, tag == 3 ? 40 : 8))
        send_step(s, "L1", work_chance(s, 90) ? RULES__VERB__PASS : RULES__VERB__FAIL, NULL);
    else
        send_step(s, signers[tag], RULES__VERB__SIGN, &manner);
}

static void acceptance_asked(struct sim *s, struct sim_terminal *t, unsigned tag,
                             const struct sim_answered *a)
{
    (void)tag;
    if (!a->accepted || strlen(a->number) >= WORK_NUMBER)
        return;
    strcpy(s->work->acceptance, a->number);
    signed_one(s, t, work_chance(s, 60) ? 0 : 1, a);
}

void work_ask_acceptance(struct sim *s, unsigned premises)
{
    Ledger__AskAcceptance c = LEDGER__ASK_ACCEPTANCE__INIT;
    const struct work_manner manner = {.done = acceptance_asked};
    c.premises = lq_unconst(work_premises(s, premises));
    work_send_ledger(s, work_person(s, work_chance(s, 70) ? "L1" : "CLERK"),
                     LEDGER__COMMAND__BODY_ASK_ACCEPTANCE, &c, &manner);
}

void work_ask_some_acceptance(struct sim *s)
{
    work_ask_acceptance(s, work_supervised(s));
}

void work_acceptance_step(struct sim *s)
{
    static const struct {
        const char *who;
        Rules__Verb verb;
    } steps[] = {{"ACC1", RULES__VERB__SIGN}, {"ACC2", RULES__VERB__SIGN},
                 {"EXP", RULES__VERB__SIGN},  {"L1", RULES__VERB__PASS},
                 {"L1", RULES__VERB__FAIL},   {"CLERK", RULES__VERB__WITHDRAW}};
    const unsigned i = work_pick(s, work_chance(s, 85) ? 4 : 6);
    if (s->work->acceptance[0] != '\0')
        send_step(s, steps[i].who, steps[i].verb, NULL);
}
