// Many terminals, one command each under way, and one alone.

#include "flush.h"
#include "stages.h"

enum { FILL_DEPTH = 4 }; // commands under way on each connection: full batches
static bool is_accepted(void *self, struct lq_span reply)
{
    (void)self;
    return site_is_accepted(reply);
}

static struct lq_span next_interview(void *self, unsigned client)
{
    struct site *site = self;
    lq_arena_reset(&site->arena);
    return site_interview(&site->arena, client + 1);
}

static struct load load_of(struct site *site, unsigned clients)
{
    return (struct load){
        .wire = {.kind = WIRE_ZMTP_CURVE, .port = site->port},
        .keys = site->leads,
        .clients = clients,
        .request = next_interview,
        .check = is_accepted,
        .self = site,
    };
}

void stage_load(struct site *site, double seconds, unsigned clients)
{
    struct load load = load_of(site, clients);
    load.seconds = seconds;
    const pid_t bus = (pid_t)site_status(site, "bus")->pid;
    const Lq__Status *before = site_status(site, "oversight");
    const pid_t service = (pid_t)before->pid;
    const uint64_t tip = before->tip->seq, written = written_by(service);
    const double bus_cpu = cpu_of(bus), service_cpu = cpu_of(service), began = wire_now();
    struct load_result result = load_run(&load);
    const double elapsed = wire_now() - began;
    const Lq__Status *after = site_status(site, "oversight");
    const double records = (double)(after->tip->seq - tip);
    tell("load", "bus_cpu", (cpu_of(bus) - bus_cpu) / elapsed);
    tell("load", "service_cpu", (cpu_of(service) - service_cpu) / elapsed);
    tell("load", "written_per_record", (double)(written_by(service) - written) / records);
    tell("load", "stored_per_record", (double)after->journal_bytes / (double)after->tip->seq);
    load_tell("load", &result);
}

struct load site_load(struct site *site, double seconds)
{
    struct load load = load_of(site, SITE_LEADS);
    load.seconds = seconds;
    return load;
}

void stage_fill(struct site *site, uint64_t records)
{
    struct load load = load_of(site, SITE_LEADS);
    const uint64_t tip = site_status(site, "oversight")->tip->seq;
    if (tip >= records)
        return;
    load.requests = records - tip;
    load.seconds = 3600;
    load.depth = FILL_DEPTH;
    const double began = wire_now();
    struct load_result result = load_run(&load);
    samples_free(&result.latency);
    if (result.failed)
        bench_die("the journal could not be filled");
    tell("fill", "seconds", wire_now() - began);
    tell("fill", "rate", (double)(records - tip) / (wire_now() - began));
}

// ---------------------------------------------------------------- one alone

static void time_ask(struct site *site, struct lq_span request, struct samples *samples)
{
    const double began = wire_now();
    if (site_ask(site, request) == NULL)
        bench_die("no reply");
    samples_add(samples, wire_now() - began);
}

// Side by side: a command, the bus's own Status, a commit and a flush, in turns.
void stage_one(struct site *site, unsigned rounds)
{
    struct samples command = {0}, round_trip = {0}, through = {0}, commit = {0}, file = {0};
    struct flush *flush = flush_open(site->data);
    for (unsigned i = 0; i < rounds; i++) {
        time_ask(site, site_interview(&site->arena, ++site->correlation), &command);
        time_ask(site, site_query(&site->arena, ++site->correlation, "bus", NULL), &round_trip);
        time_ask(site, site_query(&site->arena, ++site->correlation, "oversight", NULL), &through);
        double began = wire_now();
        flush_lmdb(flush);
        samples_add(&commit, wire_now() - began);
        began = wire_now();
        flush_file(flush);
        samples_add(&file, wire_now() - began);
        lq_arena_reset(&site->arena);
    }
    flush_close(flush);
    tell_samples("one.command", &command);
    tell_samples("one.bus", &round_trip);
    tell_samples("one.service", &through);
    tell_samples("one.lmdb_commit", &commit);
    tell_samples("one.fdatasync", &file);
}
