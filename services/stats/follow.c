// From the others' events to entries: each event that counts becomes one command to myself, whose
// entries carry the record behind them. What counts is said in README.md; whether a thing was
// counted before is decided in decide.c, where the tables are up to date.
#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"
#include "pb/limits.h"
#include "seizure.pb-c.h"
#include "stats.h"

// A book under construction: the entries of one event.
struct draft {
    struct lq_follow_up *f;
    const struct lq_occurrence *what;
    Stats__Entry *entries[3];
    size_t count;
};

// What others take as free text becomes part of keys here: it is cut to a key's length, between
// characters (which are UTF-8, as everything decoded is: the cut moves back by three at most).
static char *fit(struct draft *draft, const char *text)
{
    char *copy = lq_arena_text(draft->f->arena, text);
    size_t size = strlen(copy);
    if (size <= LQ_PB_IDENTIFIER_BYTES)
        return copy;
    size = LQ_PB_IDENTIFIER_BYTES;
    while (((unsigned char)copy[size] & 0xc0) == 0x80)
        size--;
    copy[size] = '\0';
    return copy;
}

static Stats__Entry *draft_entry(struct draft *draft, Stats__Figure figure, const char *number,
                                 const char *township)
{
    LQ_ASSERT(draft->count < sizeof draft->entries / sizeof draft->entries[0]);
    Stats__Entry *entry = LQ_NEW(draft->f->arena, Stats__Entry);
    stats__entry__init(entry);
    entry->figure = figure;
    entry->on_day = lq_day_of(draft->what->occurred_ms);
    entry->township = fit(draft, township);
    entry->amount = 1;
    entry->number = fit(draft, number);
    entry->stream = lq_arena_text(draft->f->arena, draft->what->stream);
    entry->seq = draft->what->seq;
    draft->entries[draft->count++] = entry;
    return entry;
}

static void send_book(struct draft *draft)
{
    Stats__Book book;
    stats__book__init(&book);
    book.entries = draft->entries;
    book.n_entries = draft->count;
    Stats__Command command;
    stats__command__init(&command);
    command.body_case = STATS__COMMAND__BODY_BOOK;
    command.book = &book;
    lq_command_self(draft->f, draft->what->occurred_ms, &command.base);
}

// Books one thing of a figure.
static void book_one(struct lq_follow_up *f, const struct lq_occurrence *what, Stats__Figure figure,
                     const char *kind, const char *number, const char *township)
{
    struct draft draft = {.f = f, .what = what};
    draft_entry(&draft, figure, number, township)->kind = fit(&draft, kind);
    send_book(&draft);
}

// ---------------------------------------------------------------- dispatch

// Vehicles or machines of an order; none are not booked.
static void draft_means(struct draft *draft, Stats__Figure figure, const Dispatch__Order *order,
                        uint32_t count)
{
    if (count == 0)
        return;
    Stats__Entry *entry = draft_entry(draft, figure, order->number, order->township);
    entry->on_day = lq_day_of(order->issued_at_ms);
    entry->amount = count < INT32_MAX ? (int32_t)count : INT32_MAX;
}

static void book_order(struct lq_follow_up *f, const struct lq_occurrence *what,
                       const Dispatch__Order *order)
{
    struct draft draft = {.f = f, .what = what};
    Stats__Entry *entry =
        draft_entry(&draft, STATS__FIGURE__OPERATIONS, order->number, order->township);
    entry->on_day = lq_day_of(order->issued_at_ms);
    entry->n_teams = order->n_assignments;
    entry->teams = LQ_NEW_ARRAY(f->arena, char *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++)
        entry->teams[i] = fit(&draft, order->assignments[i]->team);
    draft_means(&draft, STATS__FIGURE__VEHICLE_TIMES, order, order->vehicles);
    draft_means(&draft, STATS__FIGURE__MACHINE_TIMES, order, order->machines);
    send_book(&draft);
}

static void book_participant(struct lq_follow_up *f, const struct lq_occurrence *what,
                             const Dispatch__ParticipantRecorded *participant)
{
    struct draft draft = {.f = f, .what = what};
    Stats__Entry *entry =
        draft_entry(&draft, STATS__FIGURE__PERSON_TIMES, participant->order, participant->township);
    entry->team = fit(&draft, participant->team);
    send_book(&draft);
}

// Only the first departure settles an order; the other teams' are not worth a record.
static void settle(struct lq_follow_up *f, const struct lq_occurrence *what,
                   const Dispatch__StepReported *reported)
{
    if (reported->step < DISPATCH__STEP__DEPARTED || !stats_is_unsettled(f->view, reported->order))
        return;
    Stats__OrderNumber order;
    stats__order_number__init(&order);
    order.order = reported->order;
    Stats__Command command;
    stats__command__init(&command);
    command.body_case = STATS__COMMAND__BODY_SETTLE_ORDER;
    command.settle_order = &order;
    lq_command_self(f, what->occurred_ms, &command.base);
}

static void withdraw(struct lq_follow_up *f, const struct lq_occurrence *what,
                     const Dispatch__OrderCancelled *cancelled)
{
    if (!stats_is_unsettled(f->view, cancelled->order))
        return;
    Stats__Withdrawal withdrawal;
    stats__withdrawal__init(&withdrawal);
    withdrawal.order = cancelled->order;
    withdrawal.stream = lq_arena_text(f->arena, what->stream);
    withdrawal.seq = what->seq;
    Stats__Command command;
    stats__command__init(&command);
    command.body_case = STATS__COMMAND__BODY_WITHDRAW_ORDER;
    command.withdraw_order = &withdrawal;
    lq_command_self(f, what->occurred_ms, &command.base);
}

static void react_to_dispatch(struct lq_follow_up *f, const struct lq_occurrence *what,
                              const Dispatch__Event *event)
{
    switch (event->body_case) {
    case DISPATCH__EVENT__BODY_ORDER_ISSUED:
        book_order(f, what, event->order_issued);
        return;
    case DISPATCH__EVENT__BODY_STEP_REPORTED:
        settle(f, what, event->step_reported);
        return;
    case DISPATCH__EVENT__BODY_ORDER_CANCELLED:
        withdraw(f, what, event->order_cancelled);
        return;
    case DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED:
        book_participant(f, what, event->participant_recorded);
        return;
    case DISPATCH__EVENT__BODY_ORDER_DECLINED:
    case DISPATCH__EVENT__BODY_PERSON_NOTED:
    case DISPATCH__EVENT__BODY_SHIFT_NOTED:
    case DISPATCH__EVENT__BODY_PREMISES_NOTED:
    case DISPATCH__EVENT__BODY__NOT_SET:
    case _DISPATCH__EVENT__BODY__CASE_IS_INT_SIZE:
        return;
    }
}

// ---------------------------------------------------------------- seizure

static void react_to_seizure(struct lq_follow_up *f, const struct lq_occurrence *what,
                             const Seizure__Event *event)
{
    switch (event->body_case) {
    case SEIZURE__EVENT__BODY_ITEM_DISMANTLED:
        book_one(f, what, STATS__FIGURE__DISMANTLED, event->item_dismantled->kind,
                 event->item_dismantled->number, event->item_dismantled->township);
        return;
    case SEIZURE__EVENT__BODY_ITEM_SEALED:
        book_one(f, what, STATS__FIGURE__SEALED, event->item_sealed->kind,
                 event->item_sealed->number, event->item_sealed->township);
        return;
    case SEIZURE__EVENT__BODY_SITE_CLOSED:
        book_one(f, what, STATS__FIGURE__SHUT_DOWN, event->site_closed->kind,
                 event->site_closed->site, event->site_closed->township);
        return;
    case SEIZURE__EVENT__BODY_SEAL_EXTENDED:
    case SEIZURE__EVENT__BODY_SEAL_RELEASED:
    case SEIZURE__EVENT__BODY_SEAL_LAPSED:
    case SEIZURE__EVENT__BODY_PERSON_NOTED:
    case SEIZURE__EVENT__BODY_ORDER_NOTED:
    case SEIZURE__EVENT__BODY_PREMISES_NOTED:
    case SEIZURE__EVENT__BODY__NOT_SET:
    case _SEIZURE__EVENT__BODY__CASE_IS_INT_SIZE:
        return;
    }
}

// ---------------------------------------------------------------- casefile

static Stats__Figure figure_of(Casefile__SuspectStep step)
{
    switch (step) {
    case CASEFILE__SUSPECT_STEP__LISTED_WANTED:
        return STATS__FIGURE__LISTED_WANTED;
    case CASEFILE__SUSPECT_STEP__CAPTURED:
        return STATS__FIGURE__CAPTURED;
    case CASEFILE__SUSPECT_STEP__DETAINED:
        return STATS__FIGURE__DETAINED;
    case CASEFILE__SUSPECT_STEP__ARREST_APPROVED:
        return STATS__FIGURE__ARREST_APPROVED;
    case CASEFILE__SUSPECT_STEP__IDENTIFIED:
    case CASEFILE__SUSPECT_STEP__ARREST_REQUESTED:
    case CASEFILE__SUSPECT_STEP__ARREST_REFUSED:
    case CASEFILE__SUSPECT_STEP__DISCHARGED:
    case _CASEFILE__SUSPECT_STEP_IS_INT_SIZE:
        break;
    }
    return STATS__FIGURE__FIGURE_UNSPECIFIED; // not counted
}

static void book_suspect(struct lq_follow_up *f, const struct lq_occurrence *what,
                         const Casefile__SuspectStepRecorded *recorded)
{
    const Stats__Figure figure = figure_of(recorded->step);
    if (figure != STATS__FIGURE__FIGURE_UNSPECIFIED)
        book_one(f, what, figure, "", recorded->suspect, recorded->township);
}

static void react_to_casefile(struct lq_follow_up *f, const struct lq_occurrence *what,
                              const Casefile__Event *event)
{
    switch (event->body_case) {
    case CASEFILE__EVENT__BODY_NOTICE_ISSUED:
        book_one(f, what, STATS__FIGURE__NOTICES, "", event->notice_issued->number,
                 event->notice_issued->township);
        return;
    case CASEFILE__EVENT__BODY_CASE_FILED:
        book_one(f, what, STATS__FIGURE__CASES_FILED, "", event->case_filed->number,
                 event->case_filed->township);
        return;
    case CASEFILE__EVENT__BODY_CASE_SOLVED:
        book_one(f, what, STATS__FIGURE__CASES_SOLVED, "", event->case_solved->number,
                 event->case_solved->township);
        return;
    case CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED:
        book_suspect(f, what, event->suspect_step_recorded);
        return;
    case CASEFILE__EVENT__BODY_CASE_OPENED:
    case CASEFILE__EVENT__BODY_SUSPECT_IDENTIFIED:
    case CASEFILE__EVENT__BODY_PERSON_NOTED:
    case CASEFILE__EVENT__BODY_ORDER_NOTED:
    case CASEFILE__EVENT__BODY_PREMISES_NOTED:
    case CASEFILE__EVENT__BODY__NOT_SET:
    case _CASEFILE__EVENT__BODY__CASE_IS_INT_SIZE:
        return;
    }
}

// ---------------------------------------------------------------- ledger

// The status as the county's files have it; NULL: it is not booked.
static const char *kind_of(Ledger__Status status)
{
    switch (status) {
    case LEDGER__STATUS__SUSPENDED:
        return "suspended";
    case LEDGER__STATUS__INSPECTED:
        return "inspected";
    case LEDGER__STATUS__RECTIFICATION_STARTED:
        return "rectification_started";
    case LEDGER__STATUS__RECTIFICATION_COMPLETED:
        return "rectification_completed";
    case LEDGER__STATUS__ACCEPTED:
        return "accepted";
    case LEDGER__STATUS__CLOSED:
        return "closed";
    case LEDGER__STATUS__NO_STATUS:
    case _LEDGER__STATUS_IS_INT_SIZE:
        break;
    }
    return NULL;
}

static void draft_status(struct draft *draft, const Ledger__StatusChanged *changed,
                         Ledger__Status status, int32_t amount)
{
    const char *kind = kind_of(status);
    if (kind == NULL)
        return;
    Stats__Entry *entry =
        draft_entry(draft, STATS__FIGURE__LEDGER, changed->premises, changed->township);
    entry->kind = fit(draft, kind);
    entry->amount = amount;
}

static void react_to_ledger(struct lq_follow_up *f, const struct lq_occurrence *what,
                            const Ledger__Event *event)
{
    if (event->body_case != LEDGER__EVENT__BODY_STATUS_CHANGED)
        return;
    struct draft draft = {.f = f, .what = what};
    draft_status(&draft, event->status_changed, event->status_changed->from, -1);
    draft_status(&draft, event->status_changed, event->status_changed->to, 1);
    send_book(&draft);
}

LQ_REACT(react_dispatch, react_to_dispatch, Dispatch__Event)
LQ_REACT(react_seizure, react_to_seizure, Seizure__Event)
LQ_REACT(react_casefile, react_to_casefile, Casefile__Event)
LQ_REACT(react_ledger, react_to_ledger, Ledger__Event)

const struct lq_follow stats_follows[] = {
    {.stream = "dispatch", .event_type = &dispatch__event__descriptor, .react = react_dispatch},
    {.stream = "seizure", .event_type = &seizure__event__descriptor, .react = react_seizure},
    {.stream = "casefile", .event_type = &casefile__event__descriptor, .react = react_casefile},
    {.stream = "ledger", .event_type = &ledger__event__descriptor, .react = react_ledger},
    {0},
};
