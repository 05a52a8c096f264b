// What the parts of the auditor share.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <string.h>

#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "envelope.pb-c.h"
#include "evidence.pb-c.h"
#include "fund.pb-c.h"
#include "ledger.pb-c.h"
#include "monitor.pb-c.h"
#include "oversight.pb-c.h"
#include "rules.pb-c.h"
#include "seizure.pb-c.h"
#include "shift.pb-c.h"
#include "sim/audit.h"
#include "stats.pb-c.h"
#include "tips.pb-c.h"

#define AUDIT(condition, property, ...) ((condition) ? (void)0 : sim_fail((property), __VA_ARGS__))

enum { AUDIT_STREAMS = 12, AUDIT_TEAMS = 8, AUDIT_HASH = 32, AUDIT_ID = 16 };

#define ROLE_BIT(name) (1U << LQ__ROLE__##name)
#define ROLE_PERSON 0x1edfeU // COMMANDER … OFFICER, HEAD, REVIEWER, SUPERVISOR … FINANCE

// ---------------------------------------------------------------- audit_map.c

// From keys to structs of one size, found by key or walked in the order in which they were added.
struct audit_entry {
    struct audit_entry *same_bucket, *next;
    size_t key_size;
    const uint8_t *key; // followed by a NUL
    void *value;
};

struct audit_map {
    size_t value_size, bucket_count, count;
    struct audit_entry **buckets, *first, **last;
};

void *audit_alloc(struct audit *a, size_t size); // zeroed; lives as long as the auditor
struct lq_span audit_copy(struct audit *a, struct lq_span bytes);
void *audit_find(const struct audit_map *map, struct lq_span key); // NULL: not there
void *audit_put(struct audit *a, struct audit_map *map, size_t value_size, struct lq_span key);
void *audit_find_text(const struct audit_map *map, const char *key);
void *audit_put_text(struct audit *a, struct audit_map *map, size_t value_size, const char *key);
struct lq_span audit_pair(struct audit *a, const char *first, const char *second); // a key
uint64_t audit_digest(struct lq_span bytes);

// A decoded message that lives as long as the auditor; NULL if it is not one.
const void *audit_decode(struct audit *a, const ProtobufCMessageDescriptor *type,
                         struct lq_span bytes);
#define audit_bytes(data_) lq_span((data_).data, (data_).len)

// ---------------------------------------------------------------- what is known

// A command, from the first time that it reached a service.
struct audit_command {
    const Lq__Command *sent; // NULL: the service's own
    const char *actor;
    uint32_t roles;
    struct lq_span bytes, after;  // of the Command; `after`: an id or empty
    const ProtobufCMessage *body; // NULL: does not decode
    bool decided, acknowledged;
    uint64_t seq;
    struct lq_span outcome;
};

// A request that a service has and has not answered.
// A command that a request names.
struct audit_named {
    struct audit_command *command; // NULL if it does not decode
    bool forged;                   // its id was used for something else
};

struct audit_asked {
    struct audit_asked *next;
    uint64_t route, correlation;
    const Lq__Request *request;
    const char *actor;
    uint32_t roles;
    int64_t since_ms;
    uint64_t arrival;             // its place in the service's queue
    struct audit_named *commands; // those that it asks for
    size_t command_count;
    uint64_t after; // of a fetch
    uint32_t max;
};

// Who may fetch an event: who sees what is for few sees all of the others.
enum audit_audience {
    AUDIT_FOR_ALL,
    AUDIT_FOR_READERS,
    AUDIT_FOR_INSPECTORS,
    AUDIT_FOR_SERVICES,
    AUDIT_AUDIENCES
};

struct audit_record {
    const Lq__Record *record;
    struct lq_span bytes;
    const ProtobufCMessage *event; // NULL: none
    enum audit_audience audience;  // who may fetch it
};

// What a stream's event must cause in one that follows it.
struct audit_due {
    uint64_t seq;
    uint64_t digest;
    struct audit_booking *booking; // stats only
};

struct audit_feed {
    struct audit_due *due;
    size_t head, count, room;
    uint64_t done; // seq of the last event that had its effect
    bool followed;
};

// What somebody was from then on, until the row behind it.
struct audit_person {
    int64_t from_ms;
    uint32_t role, rank;
    const char *team, *group;
    struct audit_person *earlier;
};

struct audit_shift {
    int64_t from_ms, to_ms;
    const char *group, *name;
};

// Who is who, as one stream's journal has it.
struct audit_roster {
    struct audit_map people; // badge -> audit_person *: the latest row
    struct audit_shift *shifts;
    size_t shift_count, shift_room;
};

// What is booked of one figure and kind, or of its part, day by day.
struct audit_series {
    uint32_t figure, by;
    struct audit_day_sum {
        int32_t day;
        int64_t sum, known_ms;
    } * days;
    size_t count, room;
};

struct audit_kind;

struct audit_stream {
    const char *name;
    unsigned node;
    const struct audit_kind *kind; // NULL: a service that the auditor knows nothing of
    struct audit_record *records;
    size_t count, room;
    uint8_t hash[AUDIT_HASH];
    struct audit_asked *asked;
    uint64_t arrived, taken;              // requests since the start; a turn takes a batch of them
    uint64_t last_event[AUDIT_AUDIENCES]; // that he may fetch who sees so much
    struct lq_span unfinished;            // id of a command whose outcome is still to come
    struct audit_reading *readings;       // recorded, and not told yet (audit_readings.c)
    struct audit_feed feeds[AUDIT_STREAMS]; // what it must make of others' events, by their node
    struct audit_map commands;              // id -> audit_command; an id belongs to one service
    struct audit_roster roster;
    struct audit_map premises; // number -> Lq premises as noted, audit_premises
    struct audit_map orders;   // number -> audit_order_note, as noted
};

// One of the two supervisors of premises, from then until then (0: no end is known).
enum { AUDIT_POSTED = 256 };
struct audit_posted {
    const char *number, *stands_in_for;
    int64_t from_ms, to_ms;
};

struct audit_premises {
    const char *township;
    uint32_t standing, status;
    int64_t since_ms;
    struct audit_posted posted[AUDIT_POSTED];
    unsigned posted_count;
    const char *there[2 * AUDIT_POSTED]; // who is at the post
    unsigned there_count;
    struct audit_acceptance *acceptance; // that was asked for; NULL: none
};

// Who has signed for premises, and how many of them as experts.
enum { AUDIT_SIGNED = 16 };
struct audit_acceptance {
    const char *premises, *signers[AUDIT_SIGNED];
    unsigned signed_count, experts;
    bool passed;
};

struct audit_order_note {
    const char *target;
    int64_t issued_ms;
    bool cancelled;
};

struct audit_team {
    const char *name;
    uint32_t step;
    int64_t last_ms, departed_ms;
    int64_t answered_ms; // acknowledged, or else declined; 0: silent
    bool declined, delivered, read;
};

struct audit_order {
    int64_t issued_ms;
    const char *target, *township;
    struct audit_team teams[AUDIT_TEAMS];
    size_t team_count;
    unsigned work; // done on it and not released, as far as dispatch has heard
    bool cancelled;
};

// An item that is sealed, as far as dispatch has heard.
struct audit_sealed {
    const char *order;
    bool released;
};

struct audit_item {
    bool sealed, released; // the latter: it is not in force any more
    bool unratified, asked, police_unasked, linked, case_from_paper;
    int64_t at_ms, since_ms; // taken; as it is
    const char *state, *order, *officer;
};

struct audit_notice {
    int64_t issued_ms;
    const char *township, *finding;
    bool voided;
    const char *state; // of its steps
    int64_t since_ms;  // when it came into it; 0: with its issue
};

struct audit_case {
    bool filed, solved, from_paper;
    int64_t opened_ms, filed_ms;
    const char *order;
};

struct audit_suspect {
    const char *of, *name, *actor; // who entered it
    uint32_t step;
    int64_t since_ms;
};

struct audit_meeting {
    uint32_t open;  // issues that it counts as raised and not resolved
    uint32_t tasks; // given out for these
};

struct audit_tip {
    const char *state;
    int64_t since_ms;
};

struct audit_tip_step {
    Rules__Verb verb;
    const char *from, *to, *ends, *begins;
};

struct audit_task {
    const char *owner, *state;
    const char *meeting; // whose issue it is; NULL: none's
    int64_t since_ms, reported_ms;
    int32_t due_day;
};

// A decision on production, and what may become of one of its kinds.
struct audit_limit {
    const char *premises, *handler, *state;
    unsigned kind;
    int64_t since_ms, completed_ms;
    bool planned, revisited;
};
struct audit_limit_step {
    Rules__Verb verb;
    const char *from, *to;
    unsigned kinds;
    uint32_t who;
    const char *ends[5], *begins;
};

// Something that counts, as it must stand in stats.
struct audit_entry_due {
    uint32_t figure;
    int32_t day, amount;
    const char *kind, *number, *township, *team;
    const Dispatch__OrderIssued *order; // of an operation: whose teams
    int64_t known_ms;                   // when the record was written
};

struct audit_booking {
    struct audit_entry_due entries[40];
    size_t count;
};

struct audit {
    struct audit_policy policy;
    struct audit_block *blocks;
    struct audit_stream streams[AUDIT_STREAMS];
    unsigned stream_count;
    // the field, as its services' journals have it
    struct audit_map orders;           // audit_order
    struct audit_map sealed;           // item -> audit_sealed, as dispatch has heard
    struct audit_map participants;     // order, badge -> the team's name
    struct audit_map items;            // audit_item
    const struct audit_asked *asking;  // whose query is being answered
    struct audit_map handovers, calls; // audit_desk.c; call -> bool: open
    struct audit_desk {
        const char *badge; // who signed for it last; NULL: nobody
        int64_t since_ms;
    } desk;
    struct audit_map channels; // audit_monitor.c
    struct audit_gateway {
        int64_t last_ms; // of its last report
        bool silent;     // that was noticed
        uint32_t bits;   // that were given
    } gateway;
    struct audit_map acceptances;  // number -> audit_acceptance
    struct audit_map clocks;       // "item/I1/SZ6/1" -> audit_clock (audit_clocks.c)
    struct audit_map papers;       // audit_paper (audit_papers.c)
    struct audit_map paper_counts; // "inventory/2015" -> how many
    struct audit_map bulletins;    // audit_bulletin (audit_papers.c)
    struct audit_map power_cuts;   // audit_power (audit_basis.c)
    struct audit_map money;        // audit_fund.c
    struct audit_map seals, closed_sites, tips, interviews, issues;
    struct audit_map meetings; // audit_meeting
    struct audit_map tasks;    // audit_task (audit_tasks.c)
    struct audit_map limits;   // audit_limit (audit_limits.c)
    struct audit_map uploads;  // by hash (audit_evidence.c)
    struct audit_map attached; // order, hash -> nothing
    struct audit_map notices;  // audit_notice
    struct audit_map cases;    // audit_case
    struct audit_map suspects; // audit_suspect
    // stats
    struct audit_map counted;   // figure, number
    struct audit_map unsettled; // order -> audit_booking
    struct audit_map series;    // by, figure, kind, part -> audit_series
};

// What the auditor knows of one service.
struct audit_fact {
    const struct audit_stream *stream;
    const struct audit_record *record;
    const Lq__Record *r;
    const struct audit_command *command; // whose record it is; NULL: an idle timer
    const char *principal;               // whose act it is
    uint32_t principal_roles;            // as the roster says where somebody acts for him
    int64_t happened_ms;                 // as the sender said; now if he said nothing
};

struct audit_kind {
    const char *name;
    const ProtobufCMessageDescriptor *command, *event, *query, *answer;
    // Is this event right, given what was before? Takes it into the model.
    void (*event_happened)(struct audit *a, struct audit_stream *stream,
                           const struct audit_fact *fact, const void *event);
    // Is the answer what the model says? NULL: not looked at.
    void (*answered)(struct audit *a, struct audit_stream *stream, const void *query,
                     const void *answer, int64_t clock_ms);
};

extern const struct audit_kind audit_kinds[]; // ends with {0}

// ---------------------------------------------------------------- the parts

struct audit_stream *audit_stream_named(struct audit *a, const char *name);

// audit_may.c: do the rules let these roles do it? `behalf`: for somebody else.
bool audit_may(const char *service, int kind, const ProtobufCMessage *message, uint32_t roles,
               bool behalf);
void audit_tally(const char *service, const ProtobufCMessage *command, bool accepted);
uint32_t audit_roles_of(const struct audit_stream *stream, const char *badge, int64_t at_ms);

// audit_reject.c: is what a rejection says true?
void audit_rejected(struct audit *a, const struct audit_stream *stream,
                    const struct audit_fact *fact, const Lq__Rejected *rejected);

// audit_follow.c
void audit_follow_open(struct audit *a, struct audit_stream *stream);
void audit_caused(struct audit *a, struct audit_stream *stream, const struct audit_record *record);
void audit_take_effect(struct audit *a, struct audit_stream *follower, const char *stream,
                       uint64_t digest, const struct audit_booking *booking, uint64_t seq);
void audit_expect(struct audit *a, struct audit_stream *follower, struct audit_stream *stream,
                  const struct audit_due *due);
uint64_t audit_person_digest(const Shift__PersonRegistered *person);
uint64_t audit_shift_digest(const Shift__ShiftPlanned *shift);
uint64_t audit_premises_digest(const char *number, const char *township, uint32_t standing);
uint64_t audit_order_digest(const char *number, bool cancelled);
uint64_t audit_camera_digest(const Ledger__CameraNote *note);
uint64_t audit_pair_digest(const char *premises, const char *number);
bool audit_is_of_person(const Shift__Event *event);
uint64_t audit_case_digest(const char *number, const char *order);
void audit_bulletin_noted(struct audit *a, struct audit_stream *stream,
                          const struct audit_fact *fact, const Rules__BulletinNote *noted);
uint64_t audit_work_digest(int kind, const char *number, const char *order, const char *seal,
                           bool released);

// audit_stats.c
void audit_count(struct audit *a, struct audit_stream *stream, const struct audit_record *record);
void audit_booked(struct audit *a, struct audit_stream *stream, const struct audit_fact *fact,
                  const void *event);
void audit_figures(struct audit *a, struct audit_stream *stream, const void *query,
                   const void *answer, int64_t clock_ms);

// audit_force.c: shift, dispatch; and what several keep of them
void audit_note_person(struct audit *a, struct audit_stream *stream,
                       const Shift__PersonRegistered *person);
// What an event says of a person; of one who has left, in `left`: of no team and no role.
const Shift__PersonRegistered *audit_person_said(const Shift__Event *e,
                                                 Shift__PersonRegistered *left);
bool audit_is_of_person(const Shift__Event *e); // does it register, amend or leave?
void audit_note_shift(struct audit *a, struct audit_stream *stream,
                      const Shift__ShiftPlanned *shift);
void audit_shift_event(struct audit *a, struct audit_stream *stream, const struct audit_fact *fact,
                       const void *event);
void audit_dispatch_event(struct audit *a, struct audit_stream *stream,
                          const struct audit_fact *fact, const void *event);
void audit_dispatch_answer(struct audit *a, struct audit_stream *stream, const void *query,
                           const void *answer, int64_t clock_ms);
bool audit_is_engaged(const struct audit *a, const char *team);
bool audit_order_is_open(const struct audit_order *order);

// audit_desk.c: handing over; the shift that ends then, and the one that begins next after that
const struct audit_shift *audit_shift_that_ends(const struct audit_roster *roster, int64_t end_ms);
const struct audit_shift *audit_shift_behind(const struct audit_roster *roster, int64_t from_ms);
void audit_desk_event(struct audit *a, const struct audit_stream *stream,
                      const struct audit_fact *fact, const Dispatch__Event *e);

const struct audit_person *audit_person_at(const struct audit_roster *roster, const char *badge,
                                           int64_t at_ms); // NULL: not registered by then
const struct audit_shift *audit_on_duty(const struct audit_roster *roster, int64_t at_ms);
struct audit_team *audit_team_of(struct audit_order *order, const char *team);

// audit_terms.c: where a term ends, and its marks
bool audit_term_in_days(const Rules__Clock *c);
int32_t audit_act_by_day(int32_t last); // the last working day up to that day
int64_t audit_midnight_after(int32_t day);
bool audit_is_paused(const Rules__Clock *c, int32_t day);
int64_t audit_as_promised(const Rules__Clock *c, int64_t at_ms);
bool audit_is_from_paper(const struct audit_fact *fact);
void audit_count_term(struct audit *a, Rules__Clock *c, const struct audit_fact *fact);

// audit_clocks.c: the terms of seizure and dispatch. A record must carry just those that the event
// starts, changes or ends; looked at after the event was taken into the model.
struct audit_clock {
    const Rules__Clock *row;
    const char *stream;
};

// What an event must carry.
struct audit_carried {
    struct audit *a;
    const struct audit_stream *stream;
    const struct audit_fact *fact;
    Rules__Clock *rows[AUDIT_TEAMS + 64];
    size_t count;
};

void audit_clocks(struct audit *a, const struct audit_stream *stream, const struct audit_fact *fact,
                  const ProtobufCMessage *event);
void audit_clocks_answer(struct audit *a, const struct audit_stream *stream,
                         const Rules__AskClocks *q, const Rules__ClocksAnswer *answer,
                         int64_t clock_ms);
const Rules__Clock *audit_clock_of(struct audit *a, const char *kind, const char *thing,
                                   const char *rule); // NULL: none was started
bool audit_clock_runs(const Rules__Clock *c);
const Rules__Clock *audit_running(struct audit_carried *k, const char *kind, const char *thing,
                                  const char *rule);
Rules__Clock *audit_carry(struct audit_carried *k, const Rules__Clock *clock); // to be changed
bool audit_pause_fits(const Rules__Clock *c, const char *cause, int32_t from_day, int32_t to_day,
                      const char *paper);

// audit_steps.c: the steps of items
struct audit_item_step {
    const char *verb, *from, *to;
    uint32_t who;
    const char *ends[7], *begins[3]; // terms; end with NULL
};
// audit_field.c, audit_basis.c
void audit_check_order(const struct audit_stream *stream, const struct audit_fact *fact,
                       const char *order, const char *target);
void audit_dismantled(const Seizure__ItemTaken *item);
void audit_site_closed(struct audit *a, const struct audit_stream *stream,
                       const struct audit_fact *fact, const Seizure__SiteClosed *e);
void audit_power_cut(struct audit *a, const struct audit_stream *stream,
                     const struct audit_fact *fact, const Seizure__PowerWasCut *e);
void audit_power_back(struct audit *a, const struct audit_fact *fact,
                      const Rules__StepTaken *taken);
bool audit_power_is_off(const struct audit *a, const char *number);
bool audit_is_public_holiday(int32_t day); // audit_terms.c

const struct audit_item_step *audit_item_step(const Rules__StepTaken *taken);
// audit_papers.c
void audit_paper_issued(struct audit *a, const struct audit_fact *fact,
                        const Rules__PaperIssued *issued);
void audit_paper_served(struct audit *a, const struct audit_fact *fact,
                        const Rules__PaperServed *served);
// Is what the paper is about in the state from which its service leads on?
bool audit_paper_takes_step(const struct audit *a, const char *number);
void audit_paper_of_step(struct audit *a, const struct audit_fact *fact,
                         const Rules__StepTaken *taken);
// What it says in that field; in how many rows, where it has some.
const char *audit_paper_says(const Rules__PaperIssued *e, const char *field);
size_t audit_paper_rows(const Rules__PaperIssued *e, const char *field);
void audit_letter_issued(const struct audit_fact *fact, const Rules__PaperIssued *e); // ledger
void audit_sheet_issued(struct audit *a, const Rules__PaperIssued *e);                // desk
void audit_report_issued(struct audit *a, const Rules__PaperIssued *e);
void audit_bulletin_published(struct audit *a, const struct audit_fact *fact,
                              const Stats__BulletinPublished *e);
void audit_bulletin_stepped(struct audit *a, const struct audit_fact *fact,
                            const Rules__StepTaken *e);
void audit_item_stepped(struct audit *a, const struct audit_fact *fact,
                        const Rules__StepTaken *taken);
void audit_filing(struct audit *a, const struct audit_fact *fact,
                  const Seizure__FilingNoted *noted);

// audit_rings.c: what terms tell
const Rules__Mark *audit_next_mark(const Rules__Clock *c); // NULL: all have rung
void audit_rang(struct audit_carried *k, const Rules__ClockRang *rang);
void audit_timer(struct audit *a, const struct audit_stream *stream, const Lq__Record *r);
void audit_overdue(struct audit *a, const struct audit_stream *stream, int64_t now_ms);

// audit_field.c: seizure, casefile, tips, oversight; audit_ledger.c: ledger
void audit_seizure_event(struct audit *a, struct audit_stream *stream,
                         const struct audit_fact *fact, const void *event);
void audit_seizure_answer(struct audit *a, struct audit_stream *stream, const void *query,
                          const void *answer, int64_t clock_ms);
void audit_casefile_event(struct audit *a, struct audit_stream *stream,
                          const struct audit_fact *fact, const void *event);
void audit_ledger_event(struct audit *a, struct audit_stream *stream, const struct audit_fact *fact,
                        const void *event);
void audit_person_noted(struct audit *a, struct audit_stream *stream, uint64_t seq,
                        const Shift__PersonRegistered *person);
void audit_ledger_answer(struct audit *a, struct audit_stream *stream, const void *query,
                         const void *answer, int64_t clock_ms);
void audit_fund_event(struct audit *a, struct audit_stream *stream, const struct audit_fact *fact,
                      const void *event); // audit_fund.c
void audit_tips_event(struct audit *a, struct audit_stream *stream, const struct audit_fact *fact,
                      const void *event);
// audit_tips.c
const struct audit_tip_step *audit_tip_step(const Rules__StepTaken *taken); // NULL: there is none
void audit_tip_stepped(struct audit *a, const struct audit_fact *fact,
                       const Rules__StepTaken *taken);

// audit_limits.c
const struct audit_limit_step *audit_limit_step(const struct audit_limit *limit,
                                                const Rules__StepTaken *taken);
bool audit_limit_known(struct audit *a, const Ledger__DecideLimit *c);
void audit_limit_decided(struct audit *a, const struct audit_stream *stream,
                         const struct audit_fact *fact, const Ledger__LimitDecided *e);
void audit_limit_stepped(struct audit *a, const struct audit_fact *fact,
                         const Rules__StepTaken *taken);

// audit_tasks.c
void audit_task_assigned(struct audit *a, const struct audit_stream *stream,
                         const struct audit_fact *fact, const Oversight__TaskAssigned *e);
void audit_task_stepped(struct audit *a, const struct audit_fact *fact,
                        const Rules__StepTaken *taken);

void audit_oversight_event(struct audit *a, struct audit_stream *stream,
                           const struct audit_fact *fact, const void *event);

// audit_monitor.c
void audit_monitor_event(struct audit *a, struct audit_stream *stream,
                         const struct audit_fact *fact, const void *event);
bool audit_camera_said(struct audit *a, const Monitor__Event *event, Ledger__CameraNote *out);
void audit_camera_noted(struct audit *a, struct audit_stream *stream, const struct audit_fact *fact,
                        const Ledger__CameraNote *note);
bool audit_is_required(struct audit *a, const char *channel);
void audit_gateway_quiet(struct audit *a, const struct audit_stream *stream, int64_t now_ms);
bool audit_report_is(const struct audit *a, int64_t at_ms, int64_t now_ms, const char *code);

// audit_evidence.c
void audit_evidence_event(struct audit *a, struct audit_stream *stream,
                          const struct audit_fact *fact, const void *event);
void audit_evidence_answer(struct audit *a, struct audit_stream *stream, const void *query,
                           const void *answer, int64_t clock_ms);
enum audit_audience audit_evidence_audience(const void *event);
bool audit_offset_differs(struct audit *a, const void *command);
bool audit_upload_unknown(struct audit *a, const void *command);
bool audit_file_whole(struct audit *a, const void *command);
void audit_attached(struct audit *a, const struct audit_fact *fact, const Rules__Attached *e);

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
void audit_notice_corrected(struct audit *a, const struct audit_fact *fact,
                            const Rules__Corrected *e);
void audit_notice_stepped(struct audit *a, const struct audit_fact *fact,
                          const Rules__StepTaken *taken);
void audit_notice_voided(struct audit *a, const struct audit_fact *fact, const Rules__Voided *e);
bool audit_notice_was(const struct audit_notice *notice, const Rules__Change *change);

int32_t audit_day(int64_t at_ms); // the county's, UTC+8
