// Reads the journals beside their writers, as `lq verify` does. The recount of the figures is
// written from services/stats/README.md, and shares nothing with the service.
#include "crash/audit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/clock.h"
#include "casefile.pb-c.h"
#include "config/policy.h"
#include "dispatch.pb-c.h"
#include "fund.pb-c.h"
#include "ledger.pb-c.h"
#include "monitor.pb-c.h"
#include "oversight.pb-c.h"
#include "pb/pb.h"
#include "runtime/verify.h"
#include "seizure.pb-c.h"
#include "service/service.h"
#include "stats.pb-c.h"
#include "tips.pb-c.h"

enum { SERVICES_MAX = 16, FIGURES = 32, NAMES = 1 << 18, CATCH_UP_MS = 300000 };

static const uint64_t MAP_BYTES = 4ULL << 30;

// What is counted under a name: an order, or a thing that counts once.
struct counted {
    char *name;
    int64_t vehicles, machines, people;
    bool settled, gone;
};

struct crash_audit {
    struct crash_system *system;
    struct load *load;
    struct lq_policy policy;
    struct lq_arena arena, policy_arena;
    uint64_t read[SERVICES_MAX], records;
    unsigned rounds;
    struct counted *counted;
    unsigned counted_count;
    int64_t figures[FIGURES];
};

static bool wrong(struct crash_audit *audit, const char *service, uint64_t seq, const char *what)
{
    snprintf(audit->load->wrong, sizeof audit->load->wrong, "%s, record %llu: %s", service,
             (unsigned long long)seq, what);
    return false;
}

struct crash_audit *crash_audit_open(struct crash_system *system, struct load *load)
{
    struct crash_audit *audit = calloc(1, sizeof *audit);
    LQ_ASSERT(audit != NULL);
    audit->system = system;
    audit->load = load;
    audit->counted = calloc(NAMES, sizeof *audit->counted);
    LQ_ASSERT(audit->counted != NULL);
    LQ_ASSERT(lq_policy_load(NULL, &audit->policy_arena, &audit->policy) == LQ_OK);
    return audit;
}

void crash_audit_close(struct crash_audit *audit)
{
    for (unsigned i = 0; i < NAMES; i++)
        free(audit->counted[i].name);
    free(audit->counted);
    lq_arena_free(&audit->arena);
    lq_arena_free(&audit->policy_arena);
    free(audit);
}

uint64_t crash_audit_records(const struct crash_audit *audit)
{
    return audit->records;
}

// ---------------------------------------------------------------- counting again

static struct counted *count_of(struct crash_audit *audit, unsigned figure, const char *number)
{
    char name[256];
    snprintf(name, sizeof name, "%u %s", figure, number);
    uint64_t hash = 14695981039346656037U; // FNV-1a
    for (const char *c = name; *c != '\0'; c++)
        hash = (hash ^ (uint8_t)*c) * 1099511628211U;
    size_t place = hash % NAMES;
    while (audit->counted[place].name != NULL && strcmp(audit->counted[place].name, name) != 0)
        place = (place + 1) % NAMES;
    if (audit->counted[place].name == NULL) {
        LQ_ASSERT(++audit->counted_count < NAMES / 2);
        audit->counted[place].name = strdup(name);
        LQ_ASSERT(audit->counted[place].name != NULL);
    }
    return &audit->counted[place];
}

static void count_once(struct crash_audit *audit, unsigned figure, const char *number)
{
    struct counted *thing = count_of(audit, figure, number);
    audit->figures[figure] += !thing->settled;
    thing->settled = true;
}

static void count_supervision(struct crash_audit *audit, const ProtobufCMessage *event)
{
    if (event->descriptor == &tips__event__descriptor) {
        const Tips__Event *e = (const void *)event;
        if (e->body_case == TIPS__EVENT__BODY_TIP_RECORDED)
            count_once(audit, STATS__FIGURE__LEADS, e->tip_recorded->number);
    } else if (event->descriptor == &monitor__event__descriptor) {
        const Monitor__Event *e = (const void *)event;
        if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_LIVE)
            count_once(audit, STATS__FIGURE__CAMERAS, e->channel_live->channel);
    } else if (event->descriptor == &fund__event__descriptor) {
        const Fund__Event *e = (const void *)event;
        if (e->body_case == FUND__EVENT__BODY_STEP_TAKEN &&
            e->step_taken->verb == RULES__VERB__PAY_OUT)
            count_once(audit, STATS__FIGURE__GRANTS, e->step_taken->number);
    }
}

static int64_t at_most(uint32_t count)
{
    return (int32_t)count < 0 ? INT32_MAX : count;
}

static void count_order(struct crash_audit *audit, const Dispatch__OrderIssued *order)
{
    struct counted *counted = count_of(audit, 0, order->number);
    counted->vehicles = at_most(order->vehicles);
    counted->machines = at_most(order->machines);
    audit->figures[STATS__FIGURE__OPERATIONS]++;
    audit->figures[STATS__FIGURE__VEHICLE_TIMES] += counted->vehicles;
    audit->figures[STATS__FIGURE__MACHINE_TIMES] += counted->machines;
}

// Cancelled before any team departed: what was booked for it is taken out again.
static void withdraw(struct crash_audit *audit, struct counted *order)
{
    if (order->settled || order->gone)
        return;
    order->gone = true;
    audit->figures[STATS__FIGURE__OPERATIONS]--;
    audit->figures[STATS__FIGURE__VEHICLE_TIMES] -= order->vehicles;
    audit->figures[STATS__FIGURE__MACHINE_TIMES] -= order->machines;
    audit->figures[STATS__FIGURE__PERSON_TIMES] -= order->people;
}

static void count_dispatch(struct crash_audit *audit, const Dispatch__Event *event)
{
    if (event->body_case == DISPATCH__EVENT__BODY_ORDER_ISSUED)
        count_order(audit, event->order_issued);
    if (event->body_case == DISPATCH__EVENT__BODY_PARTICIPANT_RECORDED) {
        count_of(audit, 0, event->participant_recorded->order)->people++;
        audit->figures[STATS__FIGURE__PERSON_TIMES]++;
    }
    if (event->body_case == DISPATCH__EVENT__BODY_STEP_REPORTED &&
        event->step_reported->step >= DISPATCH__STEP__DEPARTED)
        count_of(audit, 0, event->step_reported->order)->settled = true;
    if (event->body_case == DISPATCH__EVENT__BODY_ORDER_CANCELLED)
        withdraw(audit, count_of(audit, 0, event->order_cancelled->order));
}

static void count_seizure(struct crash_audit *audit, const Seizure__Event *event)
{
    if (event->body_case == SEIZURE__EVENT__BODY_ITEM_DISMANTLED)
        count_once(audit, STATS__FIGURE__DISMANTLED, event->item_dismantled->number);
    if (event->body_case == SEIZURE__EVENT__BODY_ITEM_SEALED)
        count_once(audit, STATS__FIGURE__SEALED, event->item_sealed->number);
    if (event->body_case == SEIZURE__EVENT__BODY_SITE_CLOSED)
        count_once(audit, STATS__FIGURE__SHUT_DOWN, event->site_closed->site);
}

static void count_suspect(struct crash_audit *audit, const Casefile__SuspectStepRecorded *recorded)
{
    if (recorded->step == CASEFILE__SUSPECT_STEP__LISTED_WANTED)
        count_once(audit, STATS__FIGURE__LISTED_WANTED, recorded->suspect);
    if (recorded->step == CASEFILE__SUSPECT_STEP__CAPTURED)
        count_once(audit, STATS__FIGURE__CAPTURED, recorded->suspect);
    if (recorded->step == CASEFILE__SUSPECT_STEP__DETAINED)
        count_once(audit, STATS__FIGURE__DETAINED, recorded->suspect);
    if (recorded->step == CASEFILE__SUSPECT_STEP__ARREST_APPROVED)
        count_once(audit, STATS__FIGURE__ARREST_APPROVED, recorded->suspect);
}

static void count_casefile(struct crash_audit *audit, const Casefile__Event *event)
{
    if (event->body_case == CASEFILE__EVENT__BODY_NOTICE_ISSUED)
        count_once(audit, STATS__FIGURE__NOTICES, event->notice_issued->number);
    if (event->body_case == CASEFILE__EVENT__BODY_CASE_FILED)
        count_once(audit, STATS__FIGURE__CASES_FILED, event->case_filed->number);
    if (event->body_case == CASEFILE__EVENT__BODY_CASE_SOLVED)
        count_once(audit, STATS__FIGURE__CASES_SOLVED, event->case_solved->number);
    if (event->body_case == CASEFILE__EVENT__BODY_SUSPECT_STEP_RECORDED)
        count_suspect(audit, event->suspect_step_recorded);
}

static void count_meeting(struct crash_audit *audit, const Oversight__MeetingRecorded *meeting)
{
    audit->figures[STATS__FIGURE__MEETINGS]++;
    audit->figures[STATS__FIGURE__ISSUES_RAISED] += at_most(meeting->issues_raised);
    audit->figures[STATS__FIGURE__ISSUES_SOLVED] += at_most(meeting->issues_resolved);
}

static void count_oversight(struct crash_audit *audit, const Oversight__Event *event)
{
    if (event->body_case == OVERSIGHT__EVENT__BODY_MEETING_RECORDED)
        count_meeting(audit, event->meeting_recorded);
    if (event->body_case == OVERSIGHT__EVENT__BODY_INTERVIEW_RECORDED)
        audit->figures[STATS__FIGURE__INTERVIEWS]++;
    if (event->body_case == OVERSIGHT__EVENT__BODY_TASK_ASSIGNED &&
        event->task_assigned->adds_issue)
        audit->figures[STATS__FIGURE__ISSUES_RAISED]++;
    if (event->body_case == OVERSIGHT__EVENT__BODY_STEP_TAKEN &&
        event->step_taken->verb == RULES__VERB__VERIFY &&
        event->step_taken->act->related[0] != '\0')
        count_once(audit, STATS__FIGURE__ISSUES_SOLVED, event->step_taken->number);
}

static void count_event(struct crash_audit *audit, const struct lq_service *service,
                        const Lq__Record *record)
{
    const char *why;
    if (record->event.len == 0)
        return;
    const ProtobufCMessage *event =
        lq_pb_decode_within(&LQ_PB_RECORD, &audit->arena, service->event_type,
                            lq_span(record->event.data, record->event.len), &why);
    LQ_ASSERT(event != NULL);
    if (event->descriptor == &dispatch__event__descriptor)
        count_dispatch(audit, (const void *)event);
    if (event->descriptor == &seizure__event__descriptor)
        count_seizure(audit, (const void *)event);
    if (event->descriptor == &casefile__event__descriptor)
        count_casefile(audit, (const void *)event);
    if (event->descriptor == &oversight__event__descriptor)
        count_oversight(audit, (const void *)event);
    count_supervision(audit, event);
    if (event->descriptor == &ledger__event__descriptor) {
        const Ledger__Event *ledger = (const void *)event;
        // Premises move from one status to another; in all there are as many as have one.
        if (ledger->body_case == LEDGER__EVENT__BODY_STATUS_CHANGED)
            audit->figures[STATS__FIGURE__LEDGER] +=
                ledger->status_changed->from == LEDGER__STATUS__NO_STATUS;
    }
}

// ---------------------------------------------------------------- the journals

// The last record of a command: is it one that was sent, decided for the first time, as told?
static bool check_outcome(struct crash_audit *audit, const char *service, const Lq__Record *record)
{
    struct lq_id id;
    if (record->actor[0] == '@')
        return true; // what a service says to itself
    if (!lq_id_from_span(lq_span(record->command_id.data, record->command_id.len), &id))
        return wrong(audit, service, record->seq, "its command id is none");
    struct score *score = load_find(audit->load, id);
    if (score == NULL)
        return wrong(audit, service, record->seq, "nobody sent it");
    if (strcmp(score->service, service) != 0 || score->decided++ > 0)
        return wrong(audit, service, record->seq, "its command was decided before");
    if (score->outcome.data == NULL)
        return wrong(audit, service, record->seq, "decided, but never answered");
    if (score->position != record->seq ||
        !lq_span_equal(score->outcome, lq_span(record->outcome.data, record->outcome.len)))
        return wrong(audit, service, record->seq, "its outcome is not what was acknowledged");
    return true;
}

static bool read_record(struct crash_audit *audit, const struct lq_service *service,
                        struct lq_store *store, uint64_t seq)
{
    const uint8_t *hash;
    const char *why;
    struct lq_span bytes;
    if (lq_store_record(store, seq, &hash, &bytes) != LQ_OK)
        return wrong(audit, service->name, seq, lq_fault_text());
    const Lq__Record *record = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &audit->arena, &lq__record__descriptor, bytes, &why);
    if (record == NULL)
        return wrong(audit, service->name, seq, why);
    count_event(audit, service, record);
    audit->records++;
    const bool well = record->outcome.len == 0 || check_outcome(audit, service->name, record);
    lq_arena_reset(&audit->arena);
    return well;
}

static bool replay(struct crash_audit *audit, const struct lq_service *service,
                   struct lq_store *store, const struct lq_store_plan *plan)
{
    struct lq_verified verified;
    struct lq_store *scratch = lq_store_new_memory(plan);
    const enum lq_status status =
        lq_verify(service, store, scratch, &audit->policy, NULL, NULL, &verified);
    lq_store_close(scratch);
    return status == LQ_OK || wrong(audit, service->name, verified.records, lq_fault_text());
}

static bool read_journal(struct crash_audit *audit, unsigned number, bool replays)
{
    const struct lq_service *service = lq_services[number];
    const char *names[LQ_STORE_TABLES];
    const struct lq_store_options options = {.max_bytes = MAP_BYTES};
    struct lq_store_plan plan;
    struct lq_store *store;
    uint8_t hash[LQ_HASH_SIZE];
    lq_host_plan(service, names, &plan);
    const char *url = lq_arena_format(&audit->policy_arena, "lmdb:%s/%s",
                                      audit->system->paths.journal, service->name);
    if (lq_store_open_readonly(url, &plan, &options, &store) != LQ_OK)
        return wrong(audit, service->name, 0, lq_fault_text());
    LQ_ASSERT(lq_store_begin_read(store) == LQ_OK);
    const uint64_t tip = lq_store_tip(store, hash);
    bool well = tip >= audit->read[number] ||
                wrong(audit, service->name, tip, "the journal has become shorter");
    while (well && audit->read[number] < tip)
        well = read_record(audit, service, store, ++audit->read[number]);
    lq_store_end_read(store);
    well = well && (!replays || replay(audit, service, store, &plan));
    lq_store_close(store);
    return well;
}

static bool check_scores(struct crash_audit *audit)
{
    for (size_t i = 0; i < audit->load->count; i++) {
        const struct score *score = &audit->load->scores[i];
        if (score->outcome.data != NULL && score->decided != 1)
            return wrong(audit, score->service, score->position,
                         "acknowledged, and not in the journal");
    }
    return true;
}

// ---------------------------------------------------------------- the figures

static const Lq__Answer *ask(struct crash_audit *audit, const char *service, struct lq_span body)
{
    const Lq__Reply *reply;
    Lq__Query query = LQ__QUERY__INIT;
    query.body = (ProtobufCBinaryData){.len = body.size, .data = (uint8_t *)(uintptr_t)body.data};
    if (lq_client_call_message(audit->load->terminals[0], service, &query.base, &reply) != LQ_OK ||
        reply->kind_case != LQ__REPLY__KIND_ANSWER)
        return NULL;
    return reply->answer;
}

// Has the service followed everything that was read?
static bool caught_up(struct crash_audit *audit, const char *service)
{
    const Lq__Answer *answer = ask(audit, service, lq_span(NULL, 0));
    Lq__Status *status =
        answer != NULL ? lq__status__unpack(NULL, answer->body.len, answer->body.data) : NULL;
    bool all = status != NULL;
    for (size_t i = 0; all && i < status->n_follows; i++)
        for (unsigned s = 0; lq_services[s] != NULL; s++)
            if (strcmp(lq_services[s]->name, status->follows[i]->stream) == 0)
                all = all && status->follows[i]->seq >= audit->read[s];
    lq__status__free_unpacked(status, NULL);
    return all;
}

static bool await_followers(struct crash_audit *audit)
{
    const int64_t until = lq_steady_ms() + CATCH_UP_MS;
    for (unsigned s = 0; lq_services[s] != NULL;) {
        if (!read_journal(audit, s, false))
            return false;
        if (caught_up(audit, lq_services[s]->name))
            s++;
        else if (lq_steady_ms() > until)
            return wrong(audit, lq_services[s]->name, 0, "it does not catch up with the others");
        else
            poll(NULL, 0, 20);
    }
    return true;
}

static bool check_figures(struct crash_audit *audit)
{
    char text[128];
    int64_t told[FIGURES] = {0};
    Stats__Figures all = STATS__FIGURES__INIT;
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_FIGURES;
    query.figures = &all;
    const Lq__Answer *reply = ask(audit, "stats", lq_pb_encode(&audit->arena, &query.base));
    Stats__Answer *answer =
        reply != NULL ? stats__answer__unpack(NULL, reply->body.len, reply->body.data) : NULL;
    if (answer == NULL || answer->body_case != STATS__ANSWER__BODY_FIGURES)
        return wrong(audit, "stats", 0, "does not tell the figures");
    for (size_t i = 0; i < answer->figures->n_counts; i++)
        told[answer->figures->counts[i]->figure] += answer->figures->counts[i]->total;
    stats__answer__free_unpacked(answer, NULL);
    lq_arena_reset(&audit->arena);
    for (unsigned figure = 0; figure < FIGURES; figure++) {
        snprintf(text, sizeof text, "figure %u is %lld, and the records give %lld", figure,
                 (long long)told[figure], (long long)audit->figures[figure]);
        if (told[figure] != audit->figures[figure])
            return wrong(audit, "stats", 0, text);
    }
    return true;
}

// Twice around, because what a service hears late it writes late.
bool crash_audit(struct crash_audit *audit, bool thorough)
{
    for (int round = 0; round < 2; round++)
        if (!await_followers(audit))
            return false;
    if (!check_figures(audit))
        return false;
    unsigned count = 0;
    while (lq_services[count] != NULL)
        count++;
    LQ_ASSERT(count > 0 && count <= SERVICES_MAX);
    const unsigned turn = audit->rounds++ % count;
    for (unsigned s = 0; s < count; s++)
        if (!read_journal(audit, s, thorough || s == turn))
            return false;
    return check_scores(audit);
}
