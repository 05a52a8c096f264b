// A service: the host that production runs, on a journal in memory whose commit is watched. A crash
// falls on either side of a commit: before it, so that nothing of the turn ever happened; or after
// it, with only some of the answers on their way. Afterwards the journal is all that is left.
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "journal/engine.h"
#include "runtime/host_parts.h"
#include "runtime/verify.h"
#include "sim/sim.h"

int64_t sim_node_clock(const struct sim *s, const struct sim_node *node)
{
    return s->now_ms + node->skew_ms;
}

unsigned sim_node_named(const struct sim *s, const char *service)
{
    for (unsigned i = 0; i < s->node_count; i++)
        if (strcmp(s->nodes[i].service->name, service) == 0)
            return i;
    lq_panic(__FILE__, __LINE__, "there is no service %s", service);
}

// ---------------------------------------------------------------- the commit

// The engine that a node's store has: the real one's functions, and whose node it is.
struct watched_engine {
    struct lq_store_engine engine;
    struct sim_node *node;
};

static struct sim_node *node_of(struct lq_store *store)
{
    return ((const struct watched_engine *)(const void *)store->engine)->node;
}

static enum lq_status watched_commit(struct lq_store *store)
{
    struct sim_node *node = node_of(store);
    struct sim *s = node->sim;
    const bool writes = store->tip.seq != store->committed.seq;
    if (!node->dead && writes && node->doom == SIM_BEFORE_COMMIT && node->doom_commits-- == 0) {
        s->counts.crashes_before++;
        SIM_TELL(s, "%s CRASHES before the commit of records %llu to %llu", node->service->name,
                 (unsigned long long)store->committed.seq + 1, (unsigned long long)store->tip.seq);
        node->dead = true;
    }
    if (node->dead)
        return lq_fault(LQ_E_IO, "the process has ended");
    const enum lq_status status = node->real_engine->commit(store);
    s->counts.commits += writes;
    node->committed |= writes;
    audit_committed(s->audit, node->index, store, sim_node_clock(s, node));
    if (writes && node->doom == SIM_AFTER_COMMIT && node->doom_commits-- == 0) {
        s->counts.crashes_after++;
        SIM_TELL(s, "%s CRASHES after the commit of record %llu; %u answers get out",
                 node->service->name, (unsigned long long)store->tip.seq, node->doom_answers);
        node->dead = true;
    }
    return status;
}

static void plan_of(const struct lq_service *service, const char *names[LQ_STORE_TABLES],
                    struct lq_store_plan *plan)
{
    *plan = (struct lq_store_plan){0};
    lq_host_plan(service, names, plan);
}

static void open_store(struct sim_node *node)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    plan_of(node->service, names, &plan);
    node->store = lq_store_new_memory(&plan);
    node->real_engine = node->store->engine;
    struct watched_engine *watched = malloc(sizeof *watched);
    LQ_ASSERT(watched != NULL);
    *watched = (struct watched_engine){.engine = *node->real_engine, .node = node};
    watched->engine.commit = watched_commit;
    node->engine = &watched->engine;
    node->store->engine = node->engine;
}

// ---------------------------------------------------------------- what goes out

static uint64_t route_in(struct lq_span route)
{
    uint64_t number = 0;
    LQ_ASSERT(route.size == sizeof number);
    memcpy(&number, route.data, sizeof number);
    return number;
}

static void answer(void *self, struct lq_span route, struct lq_span bytes)
{
    struct sim_node *node = self;
    struct sim *s = node->sim;
    const uint64_t number = route_in(route);
    if (node->dead && node->doom != SIM_AFTER_COMMIT)
        return;
    if (node->dead && node->doom_answers == 0)
        return;
    if (node->dead)
        node->doom_answers--;
    audit_answered(s->audit, node->index, number, bytes, sim_node_clock(s, node));
    SIM_TELL(s, "%s answers: %s", node->service->name, sim_text(s, &lq__reply__descriptor, bytes));
    sim_bus_answer(s, node, number, bytes, node->busy_until_ms);
}

static bool ask(void *self, struct lq_span bytes)
{
    struct sim_node *node = self;
    struct sim *s = node->sim;
    if (node->dead || s->bus.registered[node->index] != node->life)
        return false; // asked again a little later
    Lq__Request *request = lq__request__unpack(NULL, bytes.size, bytes.data);
    LQ_ASSERT(request != NULL);
    audit_asks(s->audit, node->index, bytes);
    const struct sim_peer self_peer = {
        .is_service = true, .index = node->index, .life = node->life};
    sim_bus_ask(s, self_peer, sim_node_named(s, request->service), request->correlation, bytes,
                node->busy_until_ms);
    lq__request__free_unpacked(request, NULL);
    return true;
}

// ---------------------------------------------------------------- turns

static void run_turn(struct sim *s, struct sim_parcel *parcel);

static void plan_turn(struct sim *s, struct sim_node *node, int64_t at_ms)
{
    if (at_ms < node->busy_until_ms)
        at_ms = node->busy_until_ms;
    if (at_ms >= node->turn_at_ms)
        return;
    node->turn_at_ms = at_ms;
    struct sim_parcel *parcel = sim_plan(s, at_ms, run_turn, 0);
    parcel->node = node->index;
    parcel->life = node->life;
    parcel->number = ++node->turn_number;
}

// How long the flush of this turn takes.
static int64_t flush_ms(struct sim *s)
{
    if (s->calm)
        return 1;
    const bool slow =
        (s->weather.faults & SIM_SLOW) != 0 && sim_chance(&s->fault_dice, s->weather.slow);
    s->counts.slow += slow;
    return slow ? sim_between(&s->fault_dice, 200, 4000) : sim_between(&s->fault_dice, 1, 5);
}

static void run_turn(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_node *node = &s->nodes[parcel->node];
    if (node->life != parcel->life || node->turn_number != parcel->number || node->host == NULL)
        return;
    const int64_t clock_ms = sim_node_clock(s, node);
    node->turn_at_ms = INT64_MAX;
    node->committed = false;
    node->busy_until_ms = s->now_ms + flush_ms(s);
    const enum lq_status status = lq_host_step(node->host, clock_ms);
    if (node->dead) {
        sim_node_crash(s, node, NULL);
        return;
    }
    if (status != LQ_OK)
        sim_fail("turn", "a turn of %s failed: %s", node->service->name, lq_fault_text());
    if (!node->committed)
        node->busy_until_ms = s->now_ms; // no flush
    audit_turned(s->audit, node->index, s->now_ms);
    const int64_t wake_ms = lq_host_wake_ms(node->host, clock_ms) - node->skew_ms;
    plan_turn(s, node, wake_ms > s->now_ms ? wake_ms : s->now_ms + 1);
}

// ---------------------------------------------------------------- what comes in

void sim_node_take(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_node *node = &s->nodes[parcel->node];
    if (node->life != parcel->life || node->host == NULL)
        return;
    char actor[72];
    uint32_t roles = LQ_ROLE(SERVICE);
    if (parcel->peer.is_service) {
        snprintf(actor, sizeof actor, "@%s", s->nodes[parcel->peer.index].service->name);
    } else {
        snprintf(actor, sizeof actor, "%s", s->terminals[parcel->peer.index].badge);
        roles = s->terminals[parcel->peer.index].roles;
    }
    const struct lq_caller caller = {
        .route = lq_span(&parcel->route, sizeof parcel->route), .actor = actor, .roles = roles};
    const struct lq_span bytes = lq_span(parcel->bytes, parcel->size);
    audit_asked(s->audit, node->index, parcel->route, actor, roles, bytes, s->now_ms);
    SIM_TELL(s, "%s takes from %s: %s", node->service->name, actor,
             sim_text(s, &lq__request__descriptor, bytes));
    lq_host_take(node->host, &caller, bytes);
    plan_turn(s, node, s->now_ms);
}

void sim_node_hear(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_node *node = &s->nodes[parcel->peer.index];
    if (node->life != parcel->peer.life || node->host == NULL)
        return;
    lq_host_hear(node->host, lq_span(parcel->bytes, parcel->size));
    plan_turn(s, node, s->now_ms);
}

// ---------------------------------------------------------------- life and death

static void start(struct sim *s, struct sim_node *node)
{
    const struct lq_host_io io = {.self = node, .answer = answer, .ask = ask};
    node->life++;
    node->doom = SIM_NO_DOOM;
    node->dead = false;
    node->turn_at_ms = INT64_MAX;
    node->busy_until_ms = s->now_ms;
    audit_started(s->audit, node->index, node->store);
    if (lq_host_new(node->service, node->store, &s->policy, s->law, io, sim_node_clock(s, node),
                    &node->host) != LQ_OK)
        sim_fail("restart", "%s does not start: %s", node->service->name, lq_fault_text());
    sim_bus_register(s, node);
    plan_turn(s, node, s->now_ms);
}

// Another version made the tables of this one: it will make them anew from the journal.
static void forget_version(struct sim *s, struct sim_node *node)
{
    struct lq_store *store = node->store;
    s->counts.rebuilt++;
    LQ_ASSERT(lq_store_begin_write(store) == LQ_OK);
    LQ_ASSERT(lq_store_clear(store, TABLE_VERSION) == LQ_OK);
    node->dead = false;
    node->doom = SIM_NO_DOOM;
    LQ_ASSERT(lq_store_commit(store) == LQ_OK);
}

static void restart(struct sim *s, struct sim_parcel *parcel)
{
    struct sim_node *node = &s->nodes[parcel->node];
    if (node->host != NULL || node->life != parcel->life)
        return;
    const bool as_another = sim_chance(&s->fault_dice, 150);
    SIM_TELL(s, "%s starts again%s", node->service->name, as_another ? " as another version" : "");
    if (as_another)
        forget_version(s, node);
    start(s, node);
}

void sim_node_crash(struct sim *s, struct sim_node *node, const char *why)
{
    if (node->host == NULL)
        return;
    if (why != NULL)
        SIM_TELL(s, "%s CRASHES %s", node->service->name, why);
    s->counts.crashes++;
    sim_trace(s, 0xdead, lq_span(&node->index, 0));
    lq_host_free(node->host);
    node->host = NULL;
    lq_store_crash(node->store);
    node->store->failed = false; // another process opens it
    audit_crashed(s->audit, node->index);
    if (s->bus.registered[node->index] == node->life)
        sim_bus_lost(s, node);
    struct sim_parcel *parcel =
        sim_plan(s, s->now_ms + sim_between(&s->fault_dice, 50, 5000), restart, 0);
    parcel->node = node->index;
    parcel->life = node->life;
}

void sim_node_restart_now(struct sim *s, struct sim_node *node)
{
    if (node->host == NULL)
        start(s, node);
}

void sim_node_open(struct sim *s, struct sim_node *node, const struct lq_service *service)
{
    *node = (struct sim_node){.sim = s, .service = service, .index = s->node_count++};
    open_store(node);
    audit_service(s->audit, node->index, service->name);
    start(s, node);
}

void sim_node_close(struct sim_node *node)
{
    lq_host_free(node->host);
    lq_store_close(node->store);
    free(node->engine);
}

// ---------------------------------------------------------------- looking inside

void sim_node_check(struct sim_node *node)
{
    uint8_t hash[LQ_HASH_SIZE];
    const uint64_t tip = lq_store_tip(node->store, hash);
    if (node->service->check == NULL || tip < node->check_at)
        return;
    node->check_at = tip + tip / 8 + 1; // a check walks all tables
    struct lq_arena arena = {0};
    struct lq_view view = {.ops = &lq_host_view_ops, .self = node->host, .arena = &arena};
    LQ_ASSERT(lq_store_begin_read(node->store) == LQ_OK);
    node->service->check(&view);
    lq_store_end_read(node->store);
    lq_arena_free(&arena);
}

void sim_node_verify(struct sim_node *node)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan;
    struct lq_verified verified;
    plan_of(node->service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    if (lq_verify(node->service, node->store, scratch, &node->sim->policy, NULL, NULL, &verified) !=
        LQ_OK)
        sim_fail("replay", "%s: %s", node->service->name, lq_fault_text());
    lq_store_close(scratch);
}
