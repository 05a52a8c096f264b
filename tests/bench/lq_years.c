// Three years of what the figures are made of, entered as a clerk would enter them: orders with
// their participants, correction notices and the steps of rectification, in the townships of the
// county, at the pace of its campaign (262 orders, 5,214 person-times, 568 notices and 1,471 steps
// in a quarter of a year), day after day. Then all that stats has booked of it is written to a
// file, so that SQLite and PostgreSQL can be asked about the very same records.
//
// The commands go over one connection, so that an order is there before its participants, with some
// dozens under way.
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/time.h"
#include "casefile.pb-c.h"
#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"
#include "pb/pb.h"
#include "stages.h"
#include "stats.pb-c.h"

enum {
    PREMISES = 373,
    ORDERS = 262 * 12,
    PARTICIPANTS = 20, // of an order, each from a team of his own
    NOTICES = 568 * 12,
    STEPS = 1471 * 12,
    ASKED_DAYS = 1096, // three years, one of them a leap year
    MARGIN = 30,       // days before and behind them, so that the answer is of a range
    DAYS = ASKED_DAYS + 2 * MARGIN,
    MOST_UNDER_WAY = 32, // what the bus takes from one connection
};

static const char *const TOWNSHIPS[] = {
    "陌南镇", "淮镇",     "临河乡", "韩村镇",   "西城乡",     "徐留高乡",
    "陈庄镇", "小平王乡", "商林乡", "南河头乡", "段村乡",     "张村乡",
    "乐寿镇", "郭庄镇",   "垒头乡", "十五级乡", "本斋回族乡", "河城街镇",
};
enum { TOWNSHIP_COUNT = sizeof TOWNSHIPS / sizeof TOWNSHIPS[0] };

struct years {
    struct site *site;
    struct wire *wire;
    struct lq_arena arena; // of one message
    unsigned under_way;
    uint64_t sent;
    int64_t first_ms; // the first day's midnight
    Ledger__Status status[PREMISES];
    FILE *file;
};

// ---------------------------------------------------------------- many under way

static void heard(struct wire *wire, struct lq_span reply)
{
    struct years *y = wire_config(wire)->owner;
    if (!site_is_accepted(reply))
        bench_die("a record of the three years was not taken: %s",
                  lq_pb_text(&y->arena, &site_reply(&y->arena, reply)->base));
    y->under_way--;
}

static void wait_until_under_way(struct years *y, unsigned most)
{
    const double until = wire_now() + 60;
    while (y->under_way > most) {
        wire_turn(y->site->loop, 100);
        if (wire_now() > until || wire_broken(y->wire))
            bench_die("the three years cannot be entered");
    }
}

static void enter(struct years *y, const char *service, const ProtobufCMessage *body, int64_t at_ms)
{
    wait_until_under_way(y, MOST_UNDER_WAY - 1);
    wire_send(y->wire,
              site_command_at(&y->arena, ++y->sent, service, body, at_ms, "entered by the bench"));
    y->under_way++;
    lq_arena_reset(&y->arena);
}

static char *number_of(struct years *y, char letter, int width, unsigned number)
{
    char *text = LQ_NEW_ARRAY(&y->arena, char, 16);
    LQ_ASSERT(snprintf(text, 16, "%c%0*u", letter, width, number) < 16);
    return text;
}

// ---------------------------------------------------------------- what is entered

static void register_premises(struct years *y, unsigned index)
{
    Ledger__Premises premises = LEDGER__PREMISES__INIT;
    premises.number = premises.name = number_of(y, 'E', 3, index);
    premises.township = (char *)(uintptr_t)TOWNSHIPS[index % TOWNSHIP_COUNT];
    premises.standing = LEDGER__STANDING__ENTERPRISE;
    Ledger__Command command = LEDGER__COMMAND__INIT;
    command.body_case = LEDGER__COMMAND__BODY_REGISTER_PREMISES;
    command.register_premises = &premises;
    enter(y, "ledger", &command.base, 0);
}

static void record_participant(struct years *y, unsigned order, unsigned lead)
{
    Dispatch__RecordParticipant participant = DISPATCH__RECORD_PARTICIPANT__INIT;
    participant.order = number_of(y, 'R', 5, order);
    participant.team = number_of(y, 'T', 3, lead);
    participant.badge = number_of(y, 'L', 3, lead);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_RECORD_PARTICIPANT;
    command.record_participant = &participant;
    enter(y, "dispatch", &command.base, 0); // it counts on the order's day
}

static void record_order(struct years *y, unsigned order, int64_t at_ms)
{
    const unsigned first = order * PARTICIPANTS % SITE_LEADS;
    char *teams[PARTICIPANTS];
    Dispatch__IssueOrder issue = DISPATCH__ISSUE_ORDER__INIT;
    issue.number = number_of(y, 'R', 5, order);
    issue.kind = (char[]){"raid"};
    issue.target = number_of(y, 'E', 3, order % PREMISES);
    issue.priority = DISPATCH__PRIORITY__ROUTINE;
    issue.vehicles = 1 + order % 5;
    issue.machines = order % 3;
    issue.override = true; // nobody was on duty then, as far as the bench's rota goes
    issue.n_teams = PARTICIPANTS;
    issue.teams = teams;
    for (unsigned i = 0; i < PARTICIPANTS; i++)
        teams[i] = number_of(y, 'T', 3, first + i);
    Dispatch__Command command = DISPATCH__COMMAND__INIT;
    command.body_case = DISPATCH__COMMAND__BODY_ISSUE_ORDER;
    command.issue_order = &issue;
    enter(y, "dispatch", &command.base, at_ms);
    for (unsigned i = 0; i < PARTICIPANTS; i++)
        record_participant(y, order, first + i);
}

static void issue_notice(struct years *y, unsigned notice, int64_t at_ms)
{
    Casefile__IssueNotice issue = CASEFILE__ISSUE_NOTICE__INIT;
    issue.number = number_of(y, 'N', 6, notice);
    issue.premises = number_of(y, 'E', 3, notice % PREMISES);
    issue.due_day = lq_day_of(at_ms) + 14;
    issue.finding = (char[]){"no dust collector at the furnace"};
    Casefile__Command command = CASEFILE__COMMAND__INIT;
    command.body_case = CASEFILE__COMMAND__BODY_ISSUE_NOTICE;
    command.issue_notice = &issue;
    enter(y, "casefile", &command.base, at_ms);
}

// Up to trial production, and then back to rectification for a breach, again and again.
static void take_step(struct years *y, unsigned step, int64_t at_ms)
{
    Ledger__Status *status = &y->status[step % PREMISES];
    *status =
        *status == LEDGER__STATUS__ACCEPTED ? LEDGER__STATUS__RECTIFICATION_STARTED : *status + 1;
    Ledger__RecordStep taken = LEDGER__RECORD_STEP__INIT;
    taken.premises = number_of(y, 'E', 3, step % PREMISES);
    taken.step = *status;
    Ledger__Command command = LEDGER__COMMAND__INIT;
    command.body_case = LEDGER__COMMAND__BODY_RECORD_STEP;
    command.record_step = &taken;
    enter(y, "ledger", &command.base, at_ms);
}

// The first of so many that is on a day or later: they are spread evenly.
static unsigned first_of(unsigned total, unsigned day)
{
    return (unsigned)((uint64_t)total * day / DAYS);
}

static void enter_day(struct years *y, unsigned day)
{
    const int64_t at_ms = y->first_ms + day * LQ_DAY_MS + LQ_DAY_MS / 3;
    for (unsigned i = first_of(ORDERS, day); i < first_of(ORDERS, day + 1); i++)
        record_order(y, i, at_ms);
    for (unsigned i = first_of(NOTICES, day); i < first_of(NOTICES, day + 1); i++)
        issue_notice(y, i, at_ms);
    for (unsigned i = first_of(STEPS, day); i < first_of(STEPS, day + 1); i++)
        take_step(y, i, at_ms);
}

static void enter_all(struct years *y)
{
    for (unsigned i = 0; i < PREMISES; i++)
        register_premises(y, i);
    wait_until_under_way(y, 0);
    site_wait_followed(y->site, "dispatch", "ledger");
    site_wait_followed(y->site, "casefile", "ledger");
    for (unsigned day = 0; day < DAYS; day++)
        enter_day(y, day);
    wait_until_under_way(y, 0);
    static const char *const followed[] = {"dispatch", "seizure", "casefile", "ledger"};
    for (size_t i = 0; i < sizeof followed / sizeof followed[0]; i++)
        site_wait_followed(y->site, "stats", followed[i]);
}

// ---------------------------------------------------------------- what was booked

// One line an entry: day, figure, kind, township, number, amount. No field holds a tab.
static unsigned write_entries(struct years *y, const Lq__Event *event)
{
    const char *why = NULL;
    const Stats__Event *body =
        (const void *)lq_pb_decode_within(&LQ_PB_RECORD, &y->site->arena, &stats__event__descriptor,
                                          lq_span(event->body.data, event->body.len), &why);
    LQ_ASSERT(body != NULL);
    if (body->body_case != STATS__EVENT__BODY_BOOKED)
        return 0;
    for (size_t i = 0; i < body->booked->n_entries; i++) {
        const Stats__BookedEntry *e = body->booked->entries[i];
        fprintf(y->file, "%d\t%d\t%s\t%s\t%s\t%d\n", e->on_day, (int)e->figure, e->kind,
                e->township, e->number, e->amount);
    }
    return (unsigned)body->booked->n_entries;
}

static uint64_t export(struct years *y)
{
    uint64_t entries = 0;
    for (uint64_t after = 0, tip = 1; after < tip;) {
        const Lq__Reply *reply = site_ask(
            y->site, site_fetch(&y->site->arena, ++y->site->correlation, "stats", after, 0, 0));
        if (reply == NULL || reply->kind_case != LQ__REPLY__KIND_EVENTS)
            bench_die("stats does not tell its events");
        for (size_t i = 0; i < reply->events->n_events; i++)
            entries += write_entries(y, reply->events->events[i]);
        after = reply->events->next_after;
        tip = reply->events->tip;
        lq_arena_reset(&y->site->arena);
    }
    return entries;
}

static void write_file(struct years *y)
{
    const char *path = lq_arena_format(&y->site->arena, "%s/facts.tsv", y->site->data);
    y->file = fopen(path, "w");
    if (y->file == NULL)
        bench_die("%s cannot be written", path);
    const uint64_t entries = export(y);
    if (fclose(y->file) != 0)
        bench_die("the facts cannot be written");
    tell("years", "entries", (double)entries);
}

// ---------------------------------------------------------------- asking

static void time_ask(struct site *site, struct lq_span request, struct samples *samples)
{
    const double began = wire_now();
    const Lq__Reply *reply = site_ask(site, request);
    if (reply == NULL || reply->kind_case != LQ__REPLY__KIND_ANSWER)
        bench_die("stats does not answer");
    samples_add(samples, wire_now() - began);
}

// The figures, and in turns with them the service's Status, whose way is the same.
static void ask_figures(struct years *y, unsigned rounds)
{
    struct samples figures = {0}, status = {0};
    struct site *site = y->site;
    Stats__Figures asked = STATS__FIGURES__INIT;
    asked.by = STATS__BY__TOWNSHIP;
    asked.from_day = lq_day_of(y->first_ms) + MARGIN;
    asked.to_day = asked.from_day + ASKED_DAYS - 1;
    Stats__Query query = STATS__QUERY__INIT;
    query.body_case = STATS__QUERY__BODY_FIGURES;
    query.figures = &asked;
    for (unsigned i = 0; i < rounds; i++) {
        time_ask(site, site_query(&site->arena, ++site->correlation, "stats", &query.base),
                 &figures);
        time_ask(site, site_query(&site->arena, ++site->correlation, "stats", NULL), &status);
        lq_arena_reset(&site->arena);
    }
    tell("years", "from_day", asked.from_day);
    tell("years", "to_day", asked.to_day);
    tell_samples("years.figures", &figures);
    tell_samples("years.status", &status);
}

void stage_years(struct site *site, unsigned rounds)
{
    static struct years y;
    const int64_t today_ms = lq_wall_ms() / LQ_DAY_MS * LQ_DAY_MS;
    y = (struct years){.site = site, .first_ms = today_ms - (DAYS + 1) * LQ_DAY_MS};
    site_prepare(site);
    const struct wire_config config = {.kind = WIRE_ZMTP_CURVE,
                                       .port = site->port,
                                       .keys = &site->desk,
                                       .heard = heard,
                                       .owner = &y};
    y.wire = wire_open(site->loop, &config);
    if (!wire_wait_ready(site->loop, 20))
        bench_die("the clerk could not connect");
    const double began = wire_now();
    enter_all(&y);
    tell("years", "seconds", wire_now() - began);
    tell("years", "commands", (double)y.sent);
    wire_close(y.wire);
    write_file(&y);
    ask_figures(&y, rounds);
    lq_arena_free(&y.arena);
}
