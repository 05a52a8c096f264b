// Work for callgrind: a service's real host on a memory store, given requests a batch at a time.
// instructions.py runs it twice with different counts, so that what is done once cancels out, and
// counts only what happens within lq_host_take and lq_host_step.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/id.h"
#include "config/policy.h"
#include "dispatch.pb-c.h"
#include "envelope.pb-c.h"
#include "config/law.h"
#include "oversight.pb-c.h"
#include "pb/pb.h"
#include "runtime/host.h"
#include "support/message.h"

enum { BATCH = 50, TEAMS = 50, STEPS = 4, PARKED = 200 };

static const int64_t START_MS = 1425600000000; // 2015-03-06

struct rig {
    struct lq_host *host;
    struct lq_store *store;
    struct lq_policy policy;
    struct lq_law *law;
    struct lq_arena settings, arena; // arena: of one request
    int64_t now_ms;
    uint64_t requests, outcomes, refusals, events;
    const char *hears; // a stream, or NULL
    uint64_t fetch;    // the correlation of its Fetch
};

extern const struct lq_service lq_service_oversight, lq_service_dispatch;

// Looks only at the tag behind the correlation: this is counted too.
static void count_answer(void *self, struct lq_span route, struct lq_span bytes)
{
    struct rig *rig = self;
    (void)route;
    size_t i = 1;
    while ((bytes.data[i] & 0x80) != 0)
        i++;
    const unsigned field = bytes.data[i + 1] >> 3;
    rig->outcomes += field == 2;
    rig->events += field == 4;
    rig->refusals += field == 5;
}

// Keeps the Fetch of the stream that is to be heard; the others go nowhere.
static bool keep_fetch(void *self, struct lq_span bytes)
{
    struct rig *rig = self;
    const char *why = NULL;
    const Lq__Request *request =
        (const void *)lq_pb_decode(&rig->arena, &lq__request__descriptor, bytes, &why);
    LQ_ASSERT(request != NULL);
    if (rig->hears == NULL || strcmp(request->service, rig->hears) != 0)
        return false;
    rig->fetch = request->correlation;
    return true;
}

static void open_rig(struct rig *rig, const struct lq_service *service)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    *rig = (struct rig){.now_ms = START_MS};
    LQ_ASSERT(lq_policy_load(NULL, &rig->settings, &rig->policy) == LQ_OK);
    rig->law = lq_law_from_builtin();
    lq_host_plan(service, names, &plan);
    rig->store = lq_store_new_memory(&plan);
    const struct lq_host_io io = {.self = rig, .answer = count_answer, .ask = keep_fetch};
    LQ_ASSERT(lq_host_new(service, rig->store, &rig->policy, rig->law, io, rig->now_ms,
                          &rig->host) == LQ_OK);
}

static void close_rig(struct rig *rig)
{
    LQ_ASSERT(rig->refusals == 0);
    lq_host_free(rig->host);
    lq_store_close(rig->store);
    lq_law_free(rig->law);
    lq_arena_free(&rig->settings);
    lq_arena_free(&rig->arena);
}

static void turn(struct rig *rig)
{
    rig->now_ms++;
    LQ_ASSERT(lq_host_step(rig->host, rig->now_ms) == LQ_OK);
}

static void take(struct rig *rig, const char *actor, uint32_t roles, Lq__Request *request)
{
    request->correlation = ++rig->requests;
    const uint64_t route = rig->requests;
    const struct lq_caller caller = {
        .route = lq_span(&route, sizeof route), .actor = actor, .roles = roles};
    lq_host_take(rig->host, &caller, lq_pb_encode(&rig->arena, &request->base));
    lq_arena_reset(&rig->arena);
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = (uint8_t *)(uintptr_t)bytes.data};
}

static void command(struct rig *rig, const char *service, const char *actor, uint32_t roles,
                    const ProtobufCMessageDescriptor *type, const char *text)
{
    struct lq_id id = lq_id_derive(
        rig->now_ms,
        lq_span_text(lq_arena_format(&rig->arena, "%llu", (unsigned long long)rig->requests)));
    Lq__Command envelope = LQ__COMMAND__INIT;
    envelope.id = binary(lq_span(id.bytes, sizeof id.bytes));
    envelope.body = binary(lq_pb_encode(&rig->arena, lq_message_of(&rig->arena, type, text)));
    Lq__Request request = LQ__REQUEST__INIT;
    request.service = (char *)(uintptr_t)service;
    request.kind_case = LQ__REQUEST__KIND_COMMAND;
    request.command = binary(lq_pb_encode(&rig->arena, &envelope.base));
    take(rig, actor, roles, &request);
    if (rig->requests % BATCH == 0)
        turn(rig);
}

// ---------------------------------------------------------------- the cases

static void interview(struct rig *rig)
{
    command(rig, "oversight", "P1005", LQ_ROLE(INSPECTOR), &oversight__command__descriptor,
            "record_interview {kind=\"enterprise\"}");
}

static void record_interview(struct rig *rig, unsigned count)
{
    open_rig(rig, &lq_service_oversight);
    for (unsigned i = 0; i < count; i++)
        interview(rig);
    turn(rig);
    LQ_ASSERT(rig->outcomes == count);
}

static void dispatch(struct rig *rig, const char *actor, uint32_t roles, const char *text)
{
    command(rig, "dispatch", actor, roles, &dispatch__command__descriptor, text);
}

// Lets the host hear an event of a stream, as its `seq`-th.
static void hear(struct rig *rig, const char *stream, const ProtobufCMessageDescriptor *type,
                 uint64_t seq, const char *text)
{
    rig->hears = stream;
    for (rig->fetch = 0; rig->fetch == 0; rig->now_ms += 1000)
        turn(rig); // until it asks again
    Lq__Event event = LQ__EVENT__INIT, *events[] = {&event};
    event.seq = seq;
    event.recorded_at_ms = event.occurred_at_ms = rig->now_ms;
    event.body = binary(lq_pb_encode(&rig->arena, lq_message_of(&rig->arena, type, text)));
    Lq__Events heard = LQ__EVENTS__INIT;
    heard.events = events;
    heard.n_events = 1;
    heard.next_after = heard.tip = seq;
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = rig->fetch;
    reply.kind_case = LQ__REPLY__KIND_EVENTS;
    reply.events = &heard;
    rig->hears = NULL;
    lq_host_hear(rig->host, lq_pb_encode(&rig->arena, &reply.base));
    turn(rig);
    lq_arena_reset(&rig->arena);
}

static void prepare_teams(struct rig *rig)
{
    char text[256];
    for (unsigned i = 0; i < TEAMS; i++) {
        snprintf(text, sizeof text,
                 "person_registered {badge=\"L%02u\" name=\"L%02u\" role=LEAD team=\"T%02u\" "
                 "group=\"A\"}",
                 i, i, i);
        hear(rig, "shift", &shift__event__descriptor, i + 1, text);
    }
    snprintf(text, sizeof text,
             "shift_planned {name=\"day\" group=\"A\" starts_at_ms=%lld ends_at_ms=%lld}",
             (long long)START_MS - 1000, (long long)START_MS + 80000000);
    hear(rig, "shift", &shift__event__descriptor, TEAMS + 1, text);
    hear(rig, "ledger", &ledger__event__descriptor, 1,
         "premises_registered {number=\"B1\" name=\"B1\"}");
}

static void issue(struct rig *rig, unsigned number)
{
    char text[1024];
    int size = snprintf(
        text, sizeof text,
        "issue_order {number=\"O%05u\" kind=\"raid\" target=\"B1\" priority=FLASH teams=[", number);
    for (int i = 0; i < TEAMS; i++)
        size +=
            snprintf(text + size, sizeof text - (size_t)size, "%s\"T%02d\"", i > 0 ? "," : "", i);
    snprintf(text + size, sizeof text - (size_t)size, "]}");
    dispatch(rig, "P1005", LQ_ROLE(DESK), text);
    turn(rig);
}

// All steps of orders to fifty teams; the issuing is in it, once in two hundred.
static void report_step(struct rig *rig, unsigned count)
{
    char text[128], badge[8];
    open_rig(rig, &lq_service_dispatch);
    prepare_teams(rig);
    for (unsigned i = 0; i < count; i++) {
        const unsigned order = i / (TEAMS * STEPS), step = i / TEAMS % STEPS, team = i % TEAMS;
        if (i % (TEAMS * STEPS) == 0)
            issue(rig, order);
        if (team == 0)
            turn(rig);
        snprintf(badge, sizeof badge, "L%02u", team);
        snprintf(text, sizeof text, "report_step {order=\"O%05u\" team=\"T%02u\" step=%u}", order,
                 team, step + 1);
        dispatch(rig, badge, LQ_ROLE(LEAD), text);
    }
    turn(rig);
    LQ_ASSERT(rig->outcomes == count + (count + TEAMS * STEPS - 1) / (TEAMS * STEPS));
}

static void park(struct rig *rig, uint64_t after)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = after;
    fetch.wait_ms = 30000;
    Lq__Request request = LQ__REQUEST__INIT;
    request.service = (char[]){"oversight"};
    request.kind_case = LQ__REQUEST__KIND_FETCH;
    request.fetch = binary(lq_pb_encode(&rig->arena, &fetch.base));
    take(rig, "L001", LQ_ROLE(LEAD), &request);
}

// A fetch's whole life: parked, and woken by one event together with two hundred others.
static void fetch_woken(struct rig *rig, unsigned count)
{
    open_rig(rig, &lq_service_oversight);
    for (unsigned i = 0; i < count; i++) {
        park(rig, i / PARKED);
        if (i % PARKED == PARKED - 1) {
            turn(rig);
            interview(rig);
            turn(rig);
        }
    }
    LQ_ASSERT(rig->events == count);
}

int main(int argc, char **argv)
{
    static struct rig rig;
    const unsigned count = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
    if (count > 0 && strcmp(argv[1], "record_interview") == 0) {
        record_interview(&rig, count);
    } else if (count > 0 && strcmp(argv[1], "report_step") == 0) {
        report_step(&rig, count);
    } else if (count > 0 && strcmp(argv[1], "fetch_woken") == 0) {
        fetch_woken(&rig, count);
    } else {
        fputs("usage: lq-bench-instructions record_interview|report_step|fetch_woken COUNT\n",
              stderr);
        return 2;
    }
    close_rig(&rig);
    return 0;
}
