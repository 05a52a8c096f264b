// The step: everything that came in is decided in one transaction, committed once, then answered.
#include "runtime/host.h"

#include <sodium.h>
#include <stdlib.h>

#include "language/language.h"
#include "pb/pb.h"
#include "runtime/host_parts.h"

void lq_host_plan(const struct lq_service *service, const char *names[LQ_STORE_TABLES],
                  struct lq_store_plan *plan)
{
    const struct lq_table *tables[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(service, tables);
    LQ_ASSERT(RUNTIME_TABLES + count <= LQ_STORE_TABLES);
    names[TABLE_DEDUPE] = "runtime.dedupe";
    names[TABLE_CURSORS] = "runtime.cursors";
    names[TABLE_TIMERS] = "runtime.timers";
    names[TABLE_TIMER_NAMES] = "runtime.timer_names";
    names[TABLE_VERSION] = "runtime.version";
    names[TABLE_MARKS] = "runtime.marks";
    names[TABLE_PARTINGS] = "runtime.partings";
    for (unsigned i = 0; i < count; i++)
        names[RUNTIME_TABLES + i] = tables[i]->name;
    plan->tables = names;
    plan->table_count = RUNTIME_TABLES + count;
}

// The last record must carry the hash that the one before asks for; lq verify looks at them all.
static enum lq_status check_tail(struct lq_host *host)
{
    if (host->tip == 0)
        return LQ_OK;
    uint8_t before[HASH_SIZE] = {0}, expected[HASH_SIZE];
    const uint8_t *hash;
    struct lq_span record;
    enum lq_status status = LQ_OK;
    if (host->tip > 1) {
        status = lq_store_record(host->store, host->tip - 1, &hash, &record);
        if (status == LQ_OK)
            memcpy(before, hash, HASH_SIZE);
    }
    if (status == LQ_OK)
        status = lq_store_record(host->store, host->tip, &hash, &record);
    if (status != LQ_OK)
        return status;
    lq_record_hash(before, record, expected);
    const char *why = NULL;
    const Lq__Record *last = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &host->arena, &lq__record__descriptor, record, &why);
    host->recorded_ms =
        last != NULL ? last->recorded_at_ms : 0; // else the replay says what is wrong
    if (memcmp(expected, hash, HASH_SIZE) == 0)
        return LQ_OK;
    return lq_fault(LQ_E_CORRUPT, "record %llu of %s does not carry the hash that its bytes give",
                    (unsigned long long)host->tip, host->service->name);
}

enum lq_status lq_host_new(const struct lq_service *service, struct lq_store *store,
                           const struct lq_policy *policy, const struct lq_law *law,
                           struct lq_host_io io, int64_t now_ms, struct lq_host **out)
{
    LQ_ASSERT(sodium_init() >= 0);
    enum lq_status status = lq_store_begin_read(store);
    if (status != LQ_OK)
        return status;
    struct lq_host *host = calloc(1, sizeof *host);
    LQ_ASSERT(host != NULL);
    host->service = service;
    host->table_count = lq_service_tables(service, host->tables);
    host->store = host->journal = store;
    host->policy = policy;
    host->law = law;
    host->io = io;
    host->started_ms = host->now_ms = now_ms;
    host->view = (struct lq_view){.ops = &lq_host_view_ops, .self = host, .arena = &host->arena};
    host->gathered = calloc((size_t)policy->fetch_max, sizeof(Lq__Event *));
    LQ_ASSERT(host->gathered != NULL);
    // Correlations start again with each process, so an answer to the one before is not taken for
    // an answer to this one.
    host->next_correlation = (uint64_t)now_ms << 16;
    host->growth_ms = -1;
    lq_room_look(host);
    host->tip = lq_store_tip(store, host->tip_hash);
    status = check_tail(host);
    const enum version made_by = lq_version_of(service, store);
    if (made_by == VERSION_OURS)
        lq_follow_open(host);
    lq_store_end_read(store);
    if (status == LQ_OK && made_by != VERSION_OURS)
        status = lq_rebuild(host);
    if (status != LQ_OK) {
        lq_host_free(host);
        return status;
    }
    *out = host;
    return LQ_OK;
}

void lq_host_free(struct lq_host *host)
{
    if (host == NULL)
        return;
    lq_queue_free(&host->queue);
    lq_queue_free(&host->parked);
    lq_queue_free(&host->later);
    lq_fetch_free(host);
    lq_readings_free(host);
    lq_follow_free(host);
    free(host->gathered);
    lq_arena_free(&host->arena);
    lq_arena_free(&host->news.arena);
    free(host);
}

void lq_host_take(struct lq_host *host, const struct lq_caller *caller, struct lq_span request)
{
    lq_queue_add(&host->queue, caller, request);
}

void lq_host_hear(struct lq_host *host, struct lq_span reply)
{
    lq_follow_heard(host, reply);
}

// ---------------------------------------------------------------- the step

static bool unpack_request(struct lq_host *host, const struct waiting *waiting, struct asked *out)
{
    const char *why = LQ_TR_LATER("neither command, query nor fetch");
    *out = (struct asked){0};
    out->caller = (struct lq_caller){
        .route = lq_span(waiting->bytes, waiting->route_size),
        .actor = waiting->actor,
        .roles = waiting->roles,
    };
    out->request = (const void *)lq_pb_decode(
        &host->arena, &lq__request__descriptor,
        lq_span(waiting->bytes + waiting->route_size, waiting->size), &why);
    if (out->request != NULL && out->request->kind_case != LQ__REQUEST__KIND__NOT_SET)
        return true;
    // The asker knows the reply by the correlation; it may be legible though the rest is not.
    const char *reason = why;
    static const Lq__Request none = LQ__REQUEST__INIT;
    if (out->request == NULL)
        out->request = (const void *)lq_pb_decode_within(
            &LQ_PB_REPLY, &host->arena, &lq__request__descriptor,
            lq_span(waiting->bytes + waiting->route_size, waiting->size), &why);
    if (out->request == NULL)
        out->request = &none;
    lq_reply_refusal(host, out, LQ__REFUSAL__WHY__MALFORMED, "not a Request: %-s", reason);
    return false;
}

// May a request that is ahead of a followed stream still wait for it?
static bool may_wait(const struct lq_host *host, struct waiting *waiting)
{
    if (waiting->since_ms < 0)
        waiting->since_ms = host->steady_ms;
    return waiting->since_ms + host->policy->causal_wait_ms > host->steady_ms;
}

// Who remembers another history of this very service would wait for the others in vain.
static enum lq_status refuse_behind(struct lq_host *host, const struct asked *asked,
                                    const char *behind)
{
    const int kind = (int)asked->request->kind_case;
    if ((kind == LQ__REQUEST__KIND_COMMAND || kind == LQ__REQUEST__KIND_COMMANDS) &&
        !lq_has_room(host, asked))
        return LQ_OK; // that is why it has not caught up
    const enum lq_status status = lq_host_begin(host);
    if (status == LQ_OK && !lq_seen_differs(host, asked))
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__UNAVAILABLE,
                         "%-s has not caught up with %-s yet; try again",
                         lq_service_said(host, host->service->name), lq_service_said(host, behind));
    return status;
}

static enum lq_status decide_request(struct lq_host *host, const struct asked *asked)
{
    const enum lq_status status = lq_host_begin(host);
    return status != LQ_OK || lq_seen_differs(host, asked) ? status : lq_batch_request(host, asked);
}

// Handles one request; true if it is done with, false if it was put into a queue.
static enum lq_status handle(struct lq_host *host, struct waiting *waiting, bool *done)
{
    struct asked asked;
    *done = true;
    if (!unpack_request(host, waiting, &asked))
        return LQ_OK;
    if (asked.request->n_seen > 0 && lq_seen_refused(host, &asked))
        return LQ_OK;
    const char *behind = lq_follow_lagging(host, asked.request);
    if (behind != NULL) {
        *done = !may_wait(host, waiting);
        if (*done)
            return refuse_behind(host, &asked, behind);
        lq_queue_append(&host->parked, waiting);
        return LQ_OK;
    }
    if (asked.request->kind_case == LQ__REQUEST__KIND_COMMAND ||
        asked.request->kind_case == LQ__REQUEST__KIND_COMMANDS)
        return decide_request(host, &asked);
    lq_queue_append(&host->later, waiting);
    *done = false;
    return LQ_OK;
}

// What was parked comes before what is new, so that a sender's requests keep their order.
static enum lq_status work_requests(struct lq_host *host)
{
    struct queue parked = host->parked, queue = host->queue;
    host->parked = host->queue = (struct queue){0};
    enum lq_status status = LQ_OK;
    for (int64_t taken = 0; status == LQ_OK;) {
        struct waiting *waiting = lq_queue_take(&parked);
        // The parked do not count: however many wait, what is new is taken too.
        const bool counts = waiting == NULL;
        if (waiting == NULL && taken < host->policy->batch_max)
            waiting = lq_queue_take(&queue);
        if (waiting == NULL)
            break;
        const uint64_t before = host->counts.commands;
        bool done;
        status = handle(host, waiting, &done);
        if (done)
            free(waiting);
        const int64_t commands = (int64_t)(host->counts.commands - before);
        if (counts)
            taken += commands > 1 ? commands : 1;
    }
    lq_queue_free(&parked);
    host->queue = queue;
    if (queue.first == NULL)
        host->queue = (struct queue){0};
    return status;
}

enum lq_status lq_host_commit(struct lq_host *host)
{
    if (!host->writing)
        return LQ_OK;
    host->writing = false;
    const enum lq_status status = lq_store_commit(host->store);
    if (status == LQ_OK && host->dirty)
        host->counts.commits++;
    host->dirty = false;
    return status;
}

void lq_host_say(struct lq_host *host)
{
    lq_reply_flush(host);
    lq_arena_reset(&host->arena);
}

static void answer_later(struct lq_host *host, struct waiting *waiting)
{
    struct asked asked;
    if (!unpack_request(host, waiting, &asked))
        return;
    if (asked.request->n_seen > 0 && lq_seen_differs(host, &asked))
        return;
    if (asked.request->kind_case == LQ__REQUEST__KIND_QUERY)
        lq_ask_query(host, &asked);
    else
        lq_fetch_start(host, &asked);
}

static enum lq_status begin_read_again(struct lq_host *host)
{
    lq_store_end_read(host->store);
    const enum lq_status status = lq_readings_record(host);
    return status == LQ_OK ? lq_store_begin_read(host->store) : status;
}

// Everything that reads committed state. Each answer goes out at once, so that a step takes the
// memory of one of them, however many ask; but what is not for everybody is held until it is
// recorded who is told it.
static enum lq_status answer_waiting(struct lq_host *host, bool committed, bool fetch_due)
{
    enum lq_status status = lq_store_begin_read(host->store);
    for (struct waiting *waiting;
         status == LQ_OK && (waiting = lq_queue_take(&host->later)) != NULL; free(waiting)) {
        answer_later(host, waiting);
        lq_host_say(host);
        if (lq_readings_many(host))
            status = begin_read_again(host);
    }
    if (status != LQ_OK)
        return status;
    if (committed || fetch_due)
        lq_fetch_wake(host);
    lq_store_end_read(host->store);
    return LQ_OK;
}

static enum lq_status work_reads(struct lq_host *host, bool committed)
{
    bool fetch_due = lq_fetch_wake_ms(host, INT64_MAX) <= host->steady_ms;
    while (host->later.first != NULL || committed || fetch_due) {
        const uint64_t tip_before = host->tip;
        enum lq_status status = answer_waiting(host, committed, fetch_due);
        if (status == LQ_OK)
            status = lq_readings_record(host);
        if (status != LQ_OK)
            return status;
        // That somebody has read is news for the inspector, and for services.
        committed = host->tip != tip_before;
        fetch_due = false;
    }
    return LQ_OK;
}

// Steady time goes on with the wall clock, except that it stays where that is set back.
static int64_t steady_at(const struct lq_host *host, int64_t now_ms)
{
    return host->steady_ms + (now_ms > host->now_ms ? now_ms - host->now_ms : 0);
}

enum lq_status lq_host_step(struct lq_host *host, int64_t now_ms)
{
    host->steady_ms = steady_at(host, now_ms);
    host->now_ms = now_ms;
    host->fault = LQ_OK;
    lq_room_look(host);
    const uint64_t tip_before = host->tip;

    enum lq_status status = lq_follow_work(host);
    if (status == LQ_OK)
        status = work_requests(host);
    // A paper record that is still in the queue may be about what a timer would find undone.
    if (status == LQ_OK && host->queue.first == NULL)
        status = lq_timers_work(host);
    if (status == LQ_OK)
        status = host->fault;
    if (status == LQ_OK)
        status = lq_host_commit(host);
    if (status != LQ_OK)
        return status; // the open transaction is never committed; the process ends

    lq_host_say(host); // durable: may be heard
    status = work_reads(host, host->tip != tip_before);
    lq_follow_ask(host);
    lq_arena_reset(&host->arena);
    return status;
}

static int64_t parked_wake_ms(const struct lq_host *host, int64_t otherwise)
{
    for (const struct waiting *w = host->parked.first; w != NULL; w = w->next)
        if (w->since_ms + host->policy->causal_wait_ms < otherwise)
            otherwise = w->since_ms + host->policy->causal_wait_ms;
    return otherwise;
}

int64_t lq_host_wake_ms(const struct lq_host *host, int64_t now_ms)
{
    if (host->queue.first != NULL)
        return now_ms;
    const int64_t steady_ms = steady_at(host, now_ms);
    int64_t wake_ms = parked_wake_ms(host, steady_ms + 60000);
    wake_ms = lq_fetch_wake_ms(host, wake_ms);
    // What is due and what was heard wait for room, or for the clock to be right.
    if (lq_host_is_full(host, FULL_BEYOND) || host->clock_off_ms != 0)
        return now_ms + lq_room_wake_ms(host, wake_ms) - steady_ms;
    wake_ms = lq_follow_wake_ms(host, wake_ms);
    return lq_timers_wake_ms(host, now_ms + wake_ms - steady_ms);
}

struct lq_host_counts lq_host_counts(const struct lq_host *host)
{
    return host->counts;
}
