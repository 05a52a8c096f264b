// From the others' events to entries: each event that counts becomes one command to myself, whose
// entries carry the record behind them. What counts is said in README.md; whether a thing was
// counted before is decided in decide.c, where the tables are up to date.
#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "draft.h"
#include "fund.pb-c.h"
#include "ledger.pb-c.h"
#include "monitor.pb-c.h"
#include "oversight.pb-c.h"
#include "seizure.pb-c.h"
#include "tips.pb-c.h"

// ---------------------------------------------------------------- dispatch

static struct stats_thing of_order(Stats__Figure figure, const Dispatch__OrderIssued *order)
{
    return (struct stats_thing){.figure = figure,
                                .number = order->number,
                                .township = order->township,
                                .person = order->desk,
                                .beside = order->target,
                                .at_ms = order->issued_at_ms};
}

// Vehicles or machines of an order; none are not booked.
static void draft_means(struct stats_draft *draft, Stats__Figure figure,
                        const Dispatch__OrderIssued *order, uint32_t count)
{
    const struct stats_thing means = of_order(figure, order);
    if (count > 0)
        stats_draft_entry(draft, &means)->amount = count < INT32_MAX ? (int32_t)count : INT32_MAX;
}

static void book_order(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Dispatch__OrderIssued *order = event;
    struct stats_draft draft = {.f = f, .what = what};
    const struct stats_thing operation = of_order(STATS__FIGURE__OPERATIONS, order);
    Stats__Entry *entry = stats_draft_entry(&draft, &operation);
    entry->n_teams = order->n_assignments;
    entry->teams = LQ_NEW_ARRAY(f->arena, char *, order->n_assignments);
    for (size_t i = 0; i < order->n_assignments; i++)
        entry->teams[i] = stats_fit(&draft, order->assignments[i]->team);
    draft_means(&draft, STATS__FIGURE__VEHICLE_TIMES, order, order->vehicles);
    draft_means(&draft, STATS__FIGURE__MACHINE_TIMES, order, order->machines);
    stats_draft_send(&draft);
}

static void book_participant(struct lq_follow_up *f, const struct lq_occurrence *what,
                             const void *event)
{
    const Dispatch__ParticipantRecorded *participant = event;
    struct stats_draft draft = {.f = f, .what = what};
    const struct stats_thing person_time = {.figure = STATS__FIGURE__PERSON_TIMES,
                                            .number = participant->order,
                                            .township = participant->township,
                                            .person = participant->badge};
    stats_draft_entry(&draft, &person_time)->team = stats_fit(&draft, participant->team);
    stats_draft_send(&draft);
}

// Only the first departure settles an order; the other teams' are not worth a record.
static void settle(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Dispatch__StepReported *reported = event;
    if (reported->step < DISPATCH__STEP__DEPARTED || !stats_is_unsettled(f->view, reported->order))
        return;
    Stats__OrderNumber order;
    stats__order_number__init(&order);
    order.order = reported->order;
    lq_command_self(f, what->occurred_ms, STATS__COMMAND__BODY_SETTLE_ORDER, &order.base);
}

static void withdraw(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Dispatch__OrderCancelled *cancelled = event;
    if (!stats_is_unsettled(f->view, cancelled->order))
        return;
    Stats__Withdrawal withdrawal;
    stats__withdrawal__init(&withdrawal);
    withdrawal.order = cancelled->order;
    withdrawal.stream = lq_arena_text(f->arena, what->stream);
    withdrawal.seq = what->seq;
    withdrawal.history = what->history;
    withdrawal.known_ms = what->recorded_ms;
    lq_command_self(f, what->occurred_ms, STATS__COMMAND__BODY_WITHDRAW_ORDER, &withdrawal.base);
}

// ---------------------------------------------------------------- seizure

static void book_item(struct lq_follow_up *f, const struct lq_occurrence *what,
                      Stats__Figure figure, const Seizure__ItemTaken *item)
{
    stats_book_one(
        f, what,
        &(struct stats_thing){.figure = figure,
                              .kind = item->kind,
                              .number = item->number,
                              .township = item->township,
                              .person = item->officer_1,
                              .beside = item->seal[0] != '\0' ? item->seal : item->order});
}

static void book_dismantled(struct lq_follow_up *f, const struct lq_occurrence *what,
                            const void *event)
{
    book_item(f, what, STATS__FIGURE__DISMANTLED, event);
}

static void book_sealed(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    book_item(f, what, STATS__FIGURE__SEALED, event);
}

static void book_closure(struct lq_follow_up *f, const struct lq_occurrence *what,
                         const void *event)
{
    const Seizure__SiteClosed *closed = event;
    stats_book_one(f, what,
                   &(struct stats_thing){.figure = STATS__FIGURE__SHUT_DOWN,
                                         .kind = closed->kind,
                                         .number = closed->site,
                                         .township = closed->township,
                                         .person = closed->by,
                                         .beside = closed->order});
}

// ---------------------------------------------------------------- casefile

Stats__Figure stats_figure_of(int step)
{
    switch ((Casefile__SuspectStep)step) {
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
    case CASEFILE__SUSPECT_STEP__SUMMONED:
    case CASEFILE__SUSPECT_STEP__ARRESTED:
    case _CASEFILE__SUSPECT_STEP_IS_INT_SIZE:
        break;
    }
    return STATS__FIGURE__FIGURE_UNSPECIFIED; // not counted
}

static void book_suspect(struct lq_follow_up *f, const struct lq_occurrence *what,
                         const void *event)
{
    const Casefile__SuspectStepRecorded *recorded = event;
    const Stats__Figure figure = stats_figure_of((int)recorded->step);
    if (figure != STATS__FIGURE__FIGURE_UNSPECIFIED)
        stats_book_one(f, what,
                       &(struct stats_thing){.figure = figure,
                                             .number = recorded->suspect,
                                             .township = recorded->township,
                                             .beside = recorded->case_number});
}

static void book_notice(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Casefile__NoticeIssued *notice = event;
    stats_book_one(f, what,
                   &(struct stats_thing){.figure = STATS__FIGURE__NOTICES,
                                         .number = notice->number,
                                         .township = notice->township,
                                         .person = notice->by,
                                         .beside = notice->premises});
}

static void book_case(struct lq_follow_up *f, const struct lq_occurrence *what,
                      Stats__Figure figure, const Casefile__CaseStepTaken *step)
{
    stats_book_one(f, what,
                   &(struct stats_thing){
                       .figure = figure, .number = step->number, .township = step->township});
}

static void book_filed(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    book_case(f, what, STATS__FIGURE__CASES_FILED, event);
}

static void book_solved(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    book_case(f, what, STATS__FIGURE__CASES_SOLVED, event);
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

static void draft_status(struct stats_draft *draft, const Ledger__StatusChanged *changed,
                         Ledger__Status status, int32_t amount)
{
    const char *kind = kind_of(status);
    if (kind == NULL)
        return;
    const struct stats_thing place = {.figure = STATS__FIGURE__LEDGER,
                                      .kind = kind,
                                      .number = changed->premises,
                                      .township = changed->township};
    stats_draft_entry(draft, &place)->amount = amount;
}

static void book_status(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Ledger__StatusChanged *changed = event;
    struct stats_draft draft = {.f = f, .what = what};
    draft_status(&draft, changed, changed->from, -1);
    draft_status(&draft, changed, changed->to, 1);
    stats_draft_send(&draft);
}

// ---------------------------------------------------------------- oversight

static void draft_issues(struct stats_draft *draft, Stats__Figure figure,
                         const Oversight__MeetingRecorded *meeting, uint32_t count)
{
    const struct stats_thing issues = {
        .figure = figure, .number = meeting->number, .at_ms = meeting->held_at_ms};
    if (count > 0)
        stats_draft_entry(draft, &issues)->amount = count < INT32_MAX ? (int32_t)count : INT32_MAX;
}

static void book_meeting(struct lq_follow_up *f, const struct lq_occurrence *what,
                         const void *event)
{
    const Oversight__MeetingRecorded *meeting = event;
    struct stats_draft draft = {.f = f, .what = what};
    draft_issues(&draft, STATS__FIGURE__MEETINGS, meeting, 1);
    draft_issues(&draft, STATS__FIGURE__ISSUES_RAISED, meeting, meeting->issues_raised);
    draft_issues(&draft, STATS__FIGURE__ISSUES_SOLVED, meeting, meeting->issues_resolved);
    stats_draft_send(&draft);
}

static void book_interview(struct lq_follow_up *f, const struct lq_occurrence *what,
                           const void *event)
{
    const Oversight__InterviewRecorded *interview = event;
    stats_book_one(f, what,
                   &(struct stats_thing){.figure = STATS__FIGURE__INTERVIEWS,
                                         .number = interview->number,
                                         .at_ms = interview->at_ms});
}

static void book_issue(struct lq_follow_up *f, const struct lq_occurrence *what,
                       Stats__Figure figure, const char *task, const char *meeting)
{
    stats_book_one(f, what,
                   &(struct stats_thing){.figure = figure, .number = task, .beside = meeting});
}

// An issue that the meeting had not counted is one more; the others it counts itself.
static void book_task(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Oversight__TaskAssigned *task = event;
    if (task->adds_issue)
        book_issue(f, what, STATS__FIGURE__ISSUES_RAISED, task->number, task->parent);
}

// The task of a meeting's issue is closed: the record says of which meeting.
static void book_step(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Rules__StepTaken *step = event;
    if (step->verb == RULES__VERB__VERIFY && step->act->related[0] != '\0')
        book_issue(f, what, STATS__FIGURE__ISSUES_SOLVED, step->number, step->act->related);
}

// ---------------------------------------------------------------- leads, cameras, grants

// Everybody reads figures and the entries behind them, and not everybody a tip: of one it is said
// that there is one, and when it came.
static void book_tip(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Tips__TipRecorded *tip = event;
    stats_book_one(f, what,
                   &(struct stats_thing){.figure = STATS__FIGURE__LEADS,
                                         .number = tip->number,
                                         .at_ms = tip->received_at_ms});
}

// (A camera that was live and a grant that was paid are not voided.)
static void book_camera(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Monitor__ChannelLive *live = event;
    stats_book_one(f, what,
                   &(struct stats_thing){.figure = STATS__FIGURE__CAMERAS,
                                         .number = live->channel,
                                         .beside = live->premises});
}

static void book_grant(struct lq_follow_up *f, const struct lq_occurrence *what, const void *event)
{
    const Rules__StepTaken *step = event;
    if (step->verb == RULES__VERB__PAY_OUT)
        stats_book_one(
            f, what,
            &(struct stats_thing){.figure = STATS__FIGURE__GRANTS, .number = step->number});
}

// ---------------------------------------------------------------- what counts

#define DISPATCH "dispatch", &dispatch__event__descriptor
#define SEIZURE "seizure", &seizure__event__descriptor
#define CASEFILE "casefile", &casefile__event__descriptor
#define LEDGER "ledger", &ledger__event__descriptor
#define OVERSIGHT "oversight", &oversight__event__descriptor
#define TIPS "tips", &tips__event__descriptor
#define MONITOR "monitor", &monitor__event__descriptor
#define FUND "fund", &fund__event__descriptor
const struct lq_follow_row stats_follows[] = {
    {DISPATCH, DISPATCH__EVENT__BODY_ORDER_ISSUED, book_order},
    {DISPATCH, DISPATCH__EVENT__BODY_STEP_REPORTED, settle},
    {DISPATCH, DISPATCH__EVENT__BODY_ORDER_CANCELLED, withdraw},
    {DISPATCH, DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED, book_participant},
    {DISPATCH, DISPATCH__EVENT__BODY_CORRECTED, stats_hear_corrected},
    {DISPATCH, DISPATCH__EVENT__BODY_VOIDED, stats_hear_voided},
    {SEIZURE, SEIZURE__EVENT__BODY_ITEM_DISMANTLED, book_dismantled},
    {SEIZURE, SEIZURE__EVENT__BODY_ITEM_SEALED, book_sealed},
    {SEIZURE, SEIZURE__EVENT__BODY_SITE_CLOSED, book_closure},
    {SEIZURE, SEIZURE__EVENT__BODY_CORRECTED, stats_hear_corrected},
    {SEIZURE, SEIZURE__EVENT__BODY_VOIDED, stats_hear_voided},
    {CASEFILE, CASEFILE__EVENT__BODY_NOTICE_ISSUED, book_notice},
    {CASEFILE, CASEFILE__EVENT__BODY_CASE_FILED, book_filed},
    {CASEFILE, CASEFILE__EVENT__BODY_CASE_SOLVED, book_solved},
    {CASEFILE, CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED, book_suspect},
    {CASEFILE, CASEFILE__EVENT__BODY_CORRECTED, stats_hear_corrected},
    {CASEFILE, CASEFILE__EVENT__BODY_VOIDED, stats_hear_voided},
    {LEDGER, LEDGER__EVENT__BODY_STATUS_CHANGED, book_status},
    {LEDGER, LEDGER__EVENT__BODY_CORRECTED, stats_hear_corrected},
    {LEDGER, LEDGER__EVENT__BODY_VOIDED, stats_hear_voided},
    {OVERSIGHT, OVERSIGHT__EVENT__BODY_MEETING_RECORDED, book_meeting},
    {OVERSIGHT, OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED, book_interview},
    {OVERSIGHT, OVERSIGHT__EVENT__BODY_TASK_ASSIGNED, book_task},
    {OVERSIGHT, OVERSIGHT__EVENT__BODY_STEP_TAKEN, book_step},
    {OVERSIGHT, OVERSIGHT__EVENT__BODY_CORRECTED, stats_hear_corrected},
    {OVERSIGHT, OVERSIGHT__EVENT__BODY_VOIDED, stats_hear_voided},
    {TIPS, TIPS__EVENT__BODY_TIP_RECORDED, book_tip},
    {TIPS, TIPS__EVENT__BODY_CORRECTED, stats_hear_corrected},
    {TIPS, TIPS__EVENT__BODY_VOIDED, stats_hear_voided},
    {MONITOR, MONITOR__EVENT__BODY_CHANNEL_LIVE, book_camera},
    {FUND, FUND__EVENT__BODY_STEP_TAKEN, book_grant},
    {0},
};
