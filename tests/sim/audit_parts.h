// What the parts of the auditor ask of each other; audit_map.h, audit_stream.h and audit_model.h
// have what they share.
#pragma once

#include <string.h>

#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "evidence.pb-c.h"
#include "fund.pb-c.h"
#include "ledger.pb-c.h"
#include "monitor.pb-c.h"
#include "oversight.pb-c.h"
#include "rules.pb-c.h"
#include "seizure.pb-c.h"
#include "shift.pb-c.h"
#include "sim/audit_model.h"
#include "stats.pb-c.h"
#include "tips.pb-c.h"

#define AUDIT(condition, property, ...) ((condition) ? (void)0 : sim_fail((property), __VA_ARGS__))

#define ROLE_BIT(name) (1U << LQ__ROLE__##name)
#define ROLE_PERSON 0x1edfeU // COMMANDER … OFFICER, HEAD, REVIEWER, SUPERVISOR … FINANCE

// audit_kinds.c: the rows of each service, one for each kind of event; each ends with {0}
extern const struct audit_event_row audit_shift_events[], audit_monitor_events[],
    audit_ledger_events[], audit_dispatch_events[], audit_seizure_events[], audit_casefile_events[],
    audit_tips_events[], audit_fund_events[], audit_oversight_events[], audit_evidence_events[],
    audit_stats_events[];
void audit_happened(struct audit *a, const struct audit_fact *fact); // by the row of its event
// The message of the event's kind, and the kind.
const void *audit_event_body(const ProtobufCMessage *event, uint32_t *kind);
struct audit_stream *audit_stream_named(struct audit *a, const char *name);

// What rows share: nobody of the simulated force makes it; audit_notes.c: what a service notes;
// audit_follow.c, audit_monitor.c: bulletins and cameras; audit_papers.c; audit_desk.c;
// audit_basis.c, audit_steps.c: of seizure; audit_correct.c: of casefile; audit_limits.c: of
// ledger; audit_evidence.c.
audit_event audit_never, audit_person_noted, audit_shift_noted, audit_order_noted,
    audit_premises_noted, audit_bulletin_noted, audit_camera_noted, audit_paper_issued,
    audit_paper_served, audit_bulletin_published, audit_bulletin_stepped, audit_call_opened,
    audit_call_stepped, audit_handover_opened, audit_handover_frozen, audit_handover_signed,
    audit_handover_refused, audit_site_closed, audit_power_cut, audit_filing,
    audit_notice_corrected, audit_notice_voided, audit_notice_stepped, audit_limit_decided,
    audit_attached;

// audit_may.c: do the rules let these roles do it? `behalf`: for somebody else.
bool audit_may(const char *service, int kind, const ProtobufCMessage *message, uint32_t roles,
               bool behalf);
void audit_tally(const char *service, const ProtobufCMessage *command, bool accepted);
uint32_t audit_roles_of(const struct audit_stream *stream, const char *badge, int64_t at_ms);

// audit_reject.c: is what a rejection says true?
void audit_rejected(struct audit *a, const struct audit_stream *stream,
                    const struct audit_fact *fact, const Lq__Rejected *rejected);

// audit_follow.c: the record is the effect that comes next of that stream, with that digest
void audit_take_effect(struct audit *a, const struct audit_fact *fact, const char *stream,
                       uint64_t digest);
void audit_follow_open(struct audit *a, struct audit_stream *stream);
void audit_caused(struct audit *a, struct audit_stream *stream, const struct audit_record *record);
void audit_expect(struct audit *a, struct audit_stream *follower, struct audit_stream *stream,
                  const struct audit_due *due);
uint64_t audit_person_digest(const Shift__PersonRegistered *person);
uint64_t audit_shift_digest(const Shift__ShiftPlanned *shift);
uint64_t audit_premises_digest(const char *number, const char *township, uint32_t standing);
uint64_t audit_order_digest(const char *number, bool cancelled);
uint64_t audit_camera_digest(const Ledger__CameraNote *note);
uint64_t audit_pair_digest(const char *premises, const char *number);
uint64_t audit_case_digest(const char *number, const char *order);
uint64_t audit_work_digest(int kind, const char *number, const char *order, const char *seal,
                           bool released);

// audit_stats.c
void audit_count(struct audit *a, struct audit_stream *stream, const struct audit_record *record);
void audit_figures(struct audit *a, struct audit_stream *stream, const void *query,
                   const void *answer, int64_t clock_ms);

// audit_shift.c; what several keep of it
void audit_note_person(struct audit *a, struct audit_stream *stream,
                       const Shift__PersonRegistered *person);
// What an event says of a person; of one who has left, in `left`: of no team and no role.
const Shift__PersonRegistered *audit_person_said(const Shift__Event *e,
                                                 Shift__PersonRegistered *left);
bool audit_is_of_person(const Shift__Event *e); // does it register, amend or leave?
void audit_note_shift(struct audit *a, struct audit_stream *stream,
                      const Shift__ShiftPlanned *shift);

// audit_dispatch.c
struct audit_team *audit_team_of(struct audit_order *order, const char *team);
void audit_dispatch_answer(struct audit *a, struct audit_stream *stream, const void *query,
                           const void *answer, int64_t clock_ms);
bool audit_is_engaged(const struct audit *a, const char *team);
bool audit_order_is_open(const struct audit_order *order);

// audit_desk.c: handing over; the shift that ends then, and the one that begins next after that
const struct audit_shift *audit_shift_that_ends(const struct audit_roster *roster, int64_t end_ms);
const struct audit_shift *audit_shift_behind(const struct audit_roster *roster, int64_t from_ms);

// audit_shift.c
const struct audit_person *audit_person_at(const struct audit_roster *roster, const char *badge,
                                           int64_t at_ms); // NULL: not registered by then
const struct audit_shift *audit_on_duty(const struct audit_roster *roster, int64_t at_ms);

// audit_terms.c: where a term ends, and its marks
bool audit_term_in_days(const Rules__Clock *c);
bool audit_term_waits(const Rules__Clock *c); // whose end is nobody's fault
int32_t audit_act_by_day(const Rules__Clock *c); // the last working day of the term, if it has one
int64_t audit_midnight_after(int32_t day);
bool audit_is_public_holiday(int32_t day);
bool audit_is_paused(const Rules__Clock *c, int32_t day);
int64_t audit_as_promised(const Rules__Clock *c, int64_t at_ms);
bool audit_is_from_paper(const struct audit_fact *fact);
void audit_count_term(struct audit *a, Rules__Clock *c, const struct audit_fact *fact);

// audit_clocks.c: the terms that a record must carry: just those that its event starts, changes or
// ends.
struct audit_clock {
    const Rules__Clock *row;
    const char *stream;
};

struct audit_carried {
    struct audit *a;
    const struct audit_stream *stream;
    const struct audit_fact *fact;
    Rules__Clock *rows[AUDIT_TEAMS + 64]; // what it must carry
    size_t count;
    Rules__Clock **told; // what it carries
    size_t told_count;
};

void audit_clocks(struct audit *a, const struct audit_fact *fact, const ProtobufCMessage *event);
// The latest term of the thing by that rule, and the term with that start. NULL: none was started.
const Rules__Clock *audit_clock_of(struct audit *a, const char *kind, const char *thing,
                                   const char *rule);
const Rules__Clock *audit_clock_start_of(struct audit *a, const char *kind, const char *thing,
                                         const char *rule, unsigned start);
bool audit_clock_runs(const Rules__Clock *c);
const Rules__Clock *audit_running(struct audit_carried *k, const char *kind, const char *thing,
                                  const char *rule);
Rules__Clock *audit_carry(struct audit_carried *k, const Rules__Clock *clock); // to be changed
// A term that the record starts, to be counted. NULL: one runs already, and goes on.
Rules__Clock *audit_clock_begin(struct audit_carried *k, const char *kind, const char *thing,
                                const char *rule, const char *variant);
// The same, counted by the day of the fact, for him or for whose act it is.
void audit_clock_begin_for(struct audit_carried *k, const char *kind, const char *thing,
                           const char *rule, const char *owner, uint32_t length);
void audit_clock_begin_of(struct audit_carried *k, const char *kind, const char *thing,
                          const char *rule);
void audit_clock_stop(struct audit_carried *k, const char *kind, const char *thing,
                      const char *rule, int64_t at_ms);
void audit_clock_only_rung(Rules__Clock *c); // of what has ended those marks are left
void audit_clock_extend(struct audit_carried *k, Rules__Clock *c, const char *rule, int32_t by,
                        char *paper);
void audit_clock_taken(struct audit_carried *k, const void *body);  // Rules__ClockTaken
void audit_clock_paused(struct audit_carried *k, const void *body); // Rules__ClockPaused
bool audit_pause_fits(const Rules__Clock *c, const char *cause, int32_t from_day, int32_t to_day,
                      const char *paper);

// What facts do to terms; each ends with {0}.
extern const struct audit_term_row audit_dispatch_terms[], audit_seizure_terms[],
    audit_monitor_terms[], audit_oversight_terms[], audit_tips_terms[], audit_limit_terms[];

// audit_clocks_answer.c
void audit_clocks_answer(struct audit *a, const struct audit_stream *stream,
                         const Rules__AskClocks *q, const Rules__ClocksAnswer *answer,
                         int64_t clock_ms);

// audit_steps.c: the steps of items
struct audit_item_step {
    const char *verb, *from, *to;
    uint32_t who;
    const char *ends[7], *begins[3]; // terms; end with NULL
};
const struct audit_item_step *audit_item_step(const Rules__StepTaken *taken);
void audit_item_stepped(struct audit *a, const struct audit_fact *fact,
                        const Rules__StepTaken *taken);

// audit_seizure.c, audit_basis.c
void audit_check_order(const struct audit_fact *fact, const char *order, const char *target);
void audit_dismantled(const Seizure__ItemTaken *item);
void audit_power_back(struct audit *a, const struct audit_fact *fact,
                      const Rules__StepTaken *taken);
bool audit_power_is_off(const struct audit *a, const char *number);

// audit_papers.c: is what the paper is about in the state from which its service leads on?
bool audit_paper_takes_step(const struct audit *a, const char *number);
void audit_paper_of_step(struct audit *a, const struct audit_fact *fact,
                         const Rules__StepTaken *taken);
// What it says in that field; in how many rows, where it has some.
const char *audit_paper_says(const Rules__PaperIssued *e, const char *field);
size_t audit_paper_rows(const Rules__PaperIssued *e, const char *field);
void audit_letter_issued(const struct audit_fact *fact, const Rules__PaperIssued *e); // ledger
void audit_sheet_issued(struct audit *a, const Rules__PaperIssued *e);                // desk
void audit_report_issued(struct audit *a, const Rules__PaperIssued *e);

// audit_rings.c: what terms tell
void audit_clock_rang(struct audit_carried *k, const void *body); // Rules__ClockRang
const Rules__Mark *audit_next_mark(const Rules__Clock *c);        // NULL: all have rung
void audit_timer(struct audit *a, const struct audit_stream *stream, const Lq__Record *r);
void audit_overdue(struct audit *a, const struct audit_stream *stream, int64_t now_ms);

// audit_seizure.c, audit_ledger.c
void audit_seizure_answer(struct audit *a, struct audit_stream *stream, const void *query,
                          const void *answer, int64_t clock_ms);
void audit_ledger_answer(struct audit *a, struct audit_stream *stream, const void *query,
                         const void *answer, int64_t clock_ms);

// audit_limits.c
bool audit_limit_known(struct audit *a, const Ledger__DecideLimit *c);
void audit_limit_stepped(struct audit *a, const struct audit_fact *fact,
                         const Rules__StepTaken *taken);

// audit_monitor.c
bool audit_camera_said(struct audit *a, const Monitor__Event *event, Ledger__CameraNote *out);
bool audit_is_required(struct audit *a, const char *channel);
void audit_gateway_quiet(struct audit *a, const struct audit_stream *stream, int64_t now_ms);
bool audit_report_is(const struct audit *a, int64_t at_ms, int64_t now_ms, const char *code);

// audit_evidence.c
void audit_evidence_answer(struct audit *a, struct audit_stream *stream, const void *query,
                           const void *answer, int64_t clock_ms);
enum audit_audience audit_evidence_audience(const void *event);
bool audit_offset_differs(struct audit *a, const void *command);
bool audit_upload_unknown(struct audit *a, const void *command);
bool audit_file_whole(struct audit *a, const void *command);

// audit_readings.c: what one asker is told of, with one answer or one page of events (first to
// last)
enum { AUDIT_TOLD = 600 };
struct audit_told {
    struct {
        const char *kind, *number;
    } of[AUDIT_TOLD];
    unsigned count;
    uint64_t first, last;
};
const Rules__ReadingRecorded *audit_reading_of(const ProtobufCMessage *event); // NULL: another one
void audit_read(struct audit *a, struct audit_stream *stream, const struct audit_record *record,
                int64_t clock_ms);
void audit_told(struct audit_stream *stream, const struct audit_asked *asked, const char *what,
                const struct audit_told *told);
void audit_answer_told(struct audit *a, struct audit_stream *stream,
                       const struct audit_asked *asked, const void *answer);
// Is the event what the record holds, but for what is not for the asker?
bool audit_event_told(struct audit *a, const struct audit_asked *asked,
                      const struct audit_record *record, const Lq__Event *event,
                      struct audit_told *told);

// audit_correct.c
bool audit_notice_was(const struct audit_notice *notice, const Rules__Change *change);

int32_t audit_day(int64_t at_ms); // the county's, UTC+8
