// The workload: what the people of a county do on a campaign day, as far as it is worth a test.
// What they believe (which order is open, who is wanted) comes from the answers they got; now and
// then they are wrong, on purpose. A new kind of act is a function and a row in work_acts.c.
#pragma once

#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "fund.pb-c.h"
#include "ledger.pb-c.h"
#include "oversight.pb-c.h"
#include "seizure.pb-c.h"
#include "shift.pb-c.h"
#include "sim/sim.h"
#include "stats.pb-c.h"
#include "tips.pb-c.h"

enum {
    WORK_KEPT = 24,
    WORK_PREMISES = 64,
    WORK_SENT = 48,
    WORK_NUMBER = 24,
    WORK_TEAMS = 4,
    WORK_TOGETHER = 5, // commands in one request
    WORK_PAPERS = 12,
    WORK_PAPER_NUMBER = 40,
};

// An order as its people see it.
struct work_order {
    char number[WORK_NUMBER];
    unsigned premises; // index
    unsigned teams[2], team_count;
    unsigned step[2]; // of each team
    int64_t issued_ms;
    bool cancelled;
};

struct work_item {
    char number[WORK_NUMBER];
};

// A notice as who corrects it believes it to be.
struct work_notice {
    char number[WORK_NUMBER];
    int64_t issued_ms;
    unsigned finding;
};

struct work_case {
    char number[WORK_NUMBER];
    unsigned step;
};

struct work_suspect {
    char number[WORK_NUMBER], of[WORK_NUMBER];
    unsigned step;
};

// A command that was sent, to be sent again.
struct work_sent {
    unsigned terminal, node;
    struct lq_span command; // in the run's arena
    bool answered;
};

struct sim_work {
    int64_t end_ms, burst_ends_ms, quiet_by_ms;
    int32_t planned_to_day; // the rota
    unsigned closing;       // questions that end a burst, still to be asked
    bool opened;            // the prelude is over
    uint64_t serial;        // of commands and numbers
    unsigned photographs;   // that there are
    unsigned channels;      // a bit for each that was registered, as far as the gateway knows
    unsigned doubtful;      // the last that was registered and does not answer
    struct work_order orders[WORK_KEPT];
    unsigned order_count;
    struct work_item items[WORK_KEPT];
    unsigned item_count;
    struct work_case cases[WORK_KEPT];
    unsigned case_count;
    struct work_suspect suspects[WORK_KEPT];
    unsigned suspect_count;
    struct work_notice notices[WORK_KEPT];
    unsigned notice_count;
    struct work_tip {
        char number[WORK_NUMBER];
        unsigned step;
    } tips[WORK_KEPT];
    unsigned tip_count;
    struct work_task {
        char number[WORK_NUMBER];
        const char *owner;
        unsigned step;
    } tasks[WORK_KEPT];
    unsigned task_count;
    struct work_limit {
        char number[WORK_NUMBER];
        unsigned kind, step;
    } limits[WORK_KEPT]; // decisions on production
    unsigned limit_count;
    unsigned premises_count, officer_count;
    unsigned premises_step[WORK_PREMISES];
    char acceptance[WORK_NUMBER]; // that was asked for last
    struct work_sent sent[WORK_SENT];
    uint64_t sent_count;
    char frozen_shift[WORK_NUMBER];                     // whose list was frozen last
    uint32_t frozen_list;                               // which of it
    char power_cut[WORK_NUMBER];                        // that was recorded last
    char grant[WORK_NUMBER];                            // that was proposed last
    char *last_seal;                                    // NULL: none yet
    uint64_t papers;                                    // that were issued
    char paper_numbers[WORK_PAPERS][WORK_PAPER_NUMBER]; // the last of them
    unsigned char paper_kinds[WORK_PAPERS];             // of each (work_papers.c)
    char bulletin[WORK_PAPER_NUMBER];                   // that was published last
    char pause_number[WORK_NUMBER];                     // the last pause that was asked for
    int32_t pause_from_day, pause_to_day;
};

// How a command is sent; all may be left out.
struct work_manner {
    const char *behalf, *reason;
    int64_t occurred_ms;
    const struct lq_id *after;
    struct lq_id *id; // where to put the command's own
    void (*done)(struct sim *s, struct sim_terminal *t, unsigned tag, const struct sim_answered *a);
    unsigned tag;
};

// ---------------------------------------------------------------- work.c

void work_send(struct sim *s, struct sim_terminal *t, const char *service,
               const ProtobufCMessage *body, const struct work_manner *manner);
// Several in one request, WORK_TOGETHER at most: commands that there are, or new ones of one kind.
void work_send_commands(struct sim *s, struct sim_terminal *t, unsigned node,
                        const struct lq_span *commands, unsigned count, const struct lq_id *after);
void work_send_together(struct sim *s, struct sim_terminal *t, const char *service,
                        const ProtobufCMessage *body, unsigned count, const struct lq_id *after);
void work_ask(struct sim *s, struct sim_terminal *t, const char *service,
              const ProtobufCMessage *query);

// ---------------------------------------------------------------- who and what (work_acts.c)

bool work_chance(struct sim *s, unsigned percent);
unsigned work_pick(struct sim *s, unsigned count); // 0 … count - 1; count > 0
struct sim_terminal *work_person(struct sim *s, const char *badge);
struct sim_terminal *work_anybody(struct sim *s);
// Whose hand it is: the clerk's on his behalf with so many chances in a hundred, anybody's with so
// many more, else his own.
struct sim_terminal *work_hand(struct sim *s, struct sim_terminal *own, unsigned clerk,
                               unsigned anybody, struct work_manner *manner);
struct sim_terminal *work_lead(struct sim *s, unsigned team);
const char *work_team(unsigned team);               // T01 …
char *work_number(struct sim *s, const char *stem); // a new one
const char *work_premises(struct sim *s, unsigned premises);
const char *work_township(unsigned premises);
bool work_is_site(unsigned premises); // unlicensed
int64_t work_when(struct sim *s);     // mostly now (0), sometimes late, rarely in the future

// Does something.
void work_act(struct sim *s);

// work_force.c, work_field.c
void work_register_force(struct sim *s); // the prelude
void work_plan_rota(struct sim *s);
void work_register_premises(struct sim *s, unsigned premises);
void work_register_officer(struct sim *s);
void work_amend_officer(struct sim *s);
void work_leave(struct sim *s);
void work_wrong_lead(struct sim *s);
void work_wrong_shift(struct sim *s);
void work_issue_order(struct sim *s);
void work_issue_old_order(struct sim *s);
void work_report_step(struct sim *s);
void work_seen(struct sim *s);

// work_fund.c
void work_set_budget(struct sim *s);
void work_propose_grant(struct sim *s);
void work_grant_step(struct sim *s);

void work_decline(struct sim *s);
void work_cancel(struct sim *s);
void work_participant(struct sim *s);

// work_desk.c
void work_freeze(struct sim *s);
void work_sign(struct sim *s);
void work_sign_on_paper(struct sim *s);
void work_refuse_list(struct sim *s);
void work_amend(struct sim *s);
void work_help(struct sim *s);
void work_crew(struct sim *s);

void work_take_item(struct sim *s);
void work_old_papers(struct sim *s);
void work_extend(struct sim *s);
void work_release(struct sim *s);
void work_close_site(struct sim *s); // these: work_basis.c
void work_cut_power(struct sim *s);
void work_restore_power(struct sim *s);
void work_basis(struct sim *s, Seizure__TakeItem *c);
void work_notice(struct sim *s);
void work_open_case(struct sim *s);
void work_case_step(struct sim *s);
void work_identify(struct sim *s);
void work_suspect_step(struct sim *s);
void work_read(struct sim *s); // work_readings.c
void work_ask_readings(struct sim *s);
void work_ledger_step(struct sim *s);
void work_send_ledger(struct sim *s, struct sim_terminal *t, Ledger__Command__BodyCase which,
                      void *body, const struct work_manner *manner);
void work_replace_supervisor(struct sim *s);
void work_stand_in(struct sim *s);
void work_post(struct sim *s);
void work_ask_acceptance(struct sim *s, unsigned premises);
void work_ask_some_acceptance(struct sim *s);
void work_acceptance_step(struct sim *s);
unsigned work_supervised(struct sim *s); // premises that have a pair, mostly
void work_channel(struct sim *s);        // work_monitor.c
void work_retire_channel(struct sim *s);
void work_void_channel(struct sim *s);
void work_alive(struct sim *s);
void work_supervisor(struct sim *s);
void work_tip(struct sim *s);
void work_volunteer(struct sim *s);
void work_tip_about(struct sim *s, unsigned premises);
void work_meeting(struct sim *s);
void work_issue(struct sim *s);
void work_interview(struct sim *s);
void work_interviews_in_order(struct sim *s);

// work_tips.c
void work_tip_step(struct sim *s);

// work_limits.c
void work_decide_limit(struct sim *s);
void work_limit_step(struct sim *s);

// work_tasks.c
void work_assign_task(struct sim *s);
void work_task_step(struct sim *s);

// work_clocks.c
void work_pause(struct sim *s);
void work_take_seal(struct sim *s);
void work_step(struct sim *s);
void work_take_order(struct sim *s);
void work_issue_paper(struct sim *s); // work_papers.c
void work_issue_sheet(struct sim *s);
void work_issue_letter(struct sim *s, unsigned premises);
void work_serve_paper(struct sim *s);
void work_bulletin(struct sim *s);
void work_recount_seals(struct sim *s);
void work_recount_orders(struct sim *s);
void work_ask_clocks(struct sim *s);
void work_ask_all_clocks(struct sim *s, const char *service);

// What they share.
struct work_order *work_some_order(struct sim *s); // NULL: none yet
char *work_some_item(struct sim *s);               // a sealed one's number; NULL: none yet
void work_send_seizure(struct sim *s, struct sim_terminal *t, Seizure__Command__BodyCase which,
                       void *body, const struct work_manner *manner);
// Who reports for the team: mostly its lead, or somebody in his name.
struct sim_terminal *work_reporter(struct sim *s, unsigned team, struct work_manner *manner);
// work_correct.c
void work_keep_notice(struct sim *s, const char *number, int64_t issued_ms);
void work_correct_notice(struct sim *s);
void work_notice_step(struct sim *s);
void work_void_notice(struct sim *s); // or uses its number once more

// work_evidence.c
void work_upload(struct sim *s); // a piece of some photograph
void work_upload_whole(struct sim *s);
void work_ask_upload(struct sim *s);
void work_attach(struct sim *s);
