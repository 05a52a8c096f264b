// A random life of all services. Everything that is random comes from the seed; crashes come from
// dice of their own, so that a world with crashes must end as the same world without.
#include "world_parts.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "pb/pb.h"
#include "support/message.h"

static const int64_t MINUTE_MS = 60 * 1000LL, DAY_MS = 24 * 3600 * 1000LL;

// ---------------------------------------------------------------- people

const struct person WORLD_PEOPLE[] = {
    {"P1", LQ_ROLE(COMMANDER) | LQ_ROLE(HEAD)},
    {"P2", LQ_ROLE(DESK)},
    {"P3", LQ_ROLE(LIAISON)},
    {"P4", LQ_ROLE(CLERK)},
    {"P5", LQ_ROLE(LEAD)},
    {"P6", LQ_ROLE(LEAD)},
    {"P7", LQ_ROLE(OFFICER)},
    {"P8", LQ_ROLE(INSPECTOR) | LQ_ROLE(REVIEWER) | LQ_ROLE(EXPERT)},
    {"P9", LQ_ROLE(ADMIN) | LQ_ROLE(FINANCE)},
    {"PH", LQ_ROLE(HEAD)},
    {"V1", LQ_ROLE(GATEWAY)},
};
enum { PEOPLE_COUNT = sizeof WORLD_PEOPLE / sizeof WORLD_PEOPLE[0] };

static const struct {
    const char *service;
    unsigned person; // who says it: index in WORLD_PEOPLE
    const char *command;
} PRELUDE[] = {
    {"shift", 8,
     "register_person {badge=\"P1\" name=\"一\" role=COMMANDER also=[HEAD] from_beginning=true}"},
    {"shift", 8,
     "register_person {badge=\"P2\" name=\"二\" role=DESK rank=DESK_CHIEF group=\"A\" "
     "from_beginning=true}"},
    {"shift", 8, "register_person {badge=\"P3\" name=\"三\" role=LIAISON from_beginning=true}"},
    {"shift", 8, "register_person {badge=\"P4\" name=\"四\" role=CLERK from_beginning=true}"},
    {"shift", 8,
     "register_person {badge=\"P5\" name=\"五\" role=LEAD team=\"T01\" group=\"A\" "
     "from_beginning=true}"},
    {"shift", 8,
     "register_person {badge=\"P6\" name=\"六\" role=LEAD team=\"T02\" group=\"A\" "
     "from_beginning=true}"},
    {"shift", 8,
     "register_person {badge=\"P7\" name=\"七\" role=OFFICER team=\"T01\" group=\"A\" "
     "from_beginning=true}"},
    {"shift", 8,
     "register_person {badge=\"P8\" name=\"八\" role=INSPECTOR also=[REVIEWER] "
     "from_beginning=true}"},
    {"shift", 1,
     "plan_shift {name=\"day\" group=\"A\" starts_at_ms=2015-03-06T08:00:00+08:00 "
     "ends_at_ms=2015-03-06T20:00:00+08:00}"},
    {"shift", 1,
     "plan_shift {number=\"S1\" group=\"A\" starts_at_ms=2015-03-14T08:00:00+08:00 "
     "ends_at_ms=2015-03-14T20:00:00+08:00}"},
    {"ledger", 3,
     "register_premises {number=\"E1\" name=\"厂\" township=\"乡1\" owner=\"主\" "
     "lat_e7=383654800 lon_e7=1165402400 kind=\"foundry\" standing=ENTERPRISE}"},
    {"ledger", 3,
     "register_premises {number=\"E2\" township=\"乡2\" kind=\"charcoal_workshop\" "
     "standing=UNLICENSED_SITE}"},
};

// ---------------------------------------------------------------- life and death

static const struct lq_minimum ENOUGH = {"officer", 1};

void world_open(struct world *world, uint64_t seed)
{
    int64_t now_ms = 0;
    *world = (struct world){.dice = lq_dice(seed), .bad_luck = lq_dice(seed ^ 0x5eed)};
    assert_true(lq_parse_instant("2015-03-06T09:00:00+08:00", &now_ms));
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        assert_true(world->count < WORLD_SERVICES);
        struct lq_bed *bed = &world->beds[world->count++];
        lq_bed_open(bed, *s, now_ms);
        bed->policy.minimum = &ENOUGH; // or nobody would ever be missed
        bed->policy.minimum_count = 1;
    }
}

void world_close(struct world *world)
{
    for (unsigned i = 0; i < world->count; i++)
        lq_bed_close(&world->beds[i]);
    lq_arena_free(&world->arena);
}

struct lq_bed *world_bed(struct world *world, const char *service)
{
    for (unsigned i = 0; i < world->count; i++)
        if (strcmp(world->beds[i].service->name, service) == 0)
            return &world->beds[i];
    return NULL;
}

void world_begin(struct world *world)
{
    for (size_t i = 0; i < sizeof PRELUDE / sizeof PRELUDE[0]; i++) {
        struct lq_bed *bed = world_bed(world, PRELUDE[i].service);
        if (bed == NULL)
            continue;
        const struct lq_bed_command command = {
            .actor = WORLD_PEOPLE[PRELUDE[i].person].badge,
            .roles = WORLD_PEOPLE[PRELUDE[i].person].roles,
            .body = lq_message_of(&world->arena, bed->service->command_type, PRELUDE[i].command),
        };
        const struct lq_bed_outcome outcome = lq_bed_do(bed, &command);
        if (!outcome.accepted)
            fail_msg("%s: %s", PRELUDE[i].command,
                     outcome.refusal != NULL ? outcome.refusal->text : outcome.text);
    }
}

// ---------------------------------------------------------------- following

// Answers the Fetch that is out through the other's own host; false if there is nothing new.
static bool carry(struct world *world, struct lq_bed *follower, struct lq_bed_stream *stream)
{
    struct lq_bed *other = world_bed(world, stream->name);
    assert_non_null(other);
    if (!stream->ask.out || lq_bed_tip(other) <= stream->ask.after)
        return false;
    const char *actor = lq_arena_format(&follower->arena, "@%s", follower->service->name);
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = stream->ask.after;
    fetch.after_hash = (ProtobufCBinaryData){stream->ask.hash_size, stream->ask.hash};
    fetch.max = world->fetch_max;
    const uint64_t correlation = lq_bed_fetch_message(other, actor, LQ_ROLE(SERVICE), &fetch);
    lq_bed_turn(other);
    const struct lq_bed_reply *found = lq_bed_find(other, correlation);
    assert_non_null(found);
    Lq__Reply reply = *found->reply;
    assert_int_equal(reply.kind_case, LQ__REPLY__KIND_EVENTS);
    reply.correlation = stream->ask.correlation;
    stream->ask.out = false;
    lq_host_hear(follower->host, lq_pb_encode(&follower->arena, &reply.base));
    lq_bed_settle(follower);
    return true;
}

// A stream to its end before the next: after a crash pages are asked for again, and which stream is
// heard first must not hang on how many.
void world_pump(struct world *world)
{
    for (unsigned i = 0; i < world->count; i++)
        lq_bed_settle(&world->beds[i]);
    for (bool moved = true; moved;) {
        moved = false;
        for (unsigned i = 0; i < world->count; i++)
            for (unsigned s = 0; s < world->beds[i].stream_count; s++)
                while (carry(world, &world->beds[i], &world->beds[i].streams[s]))
                    moved = true;
    }
}

// ---------------------------------------------------------------- commands

// Mostly somebody who may, sometimes anybody; the service itself where only it may.
static struct person pick_person(struct world *world, struct lq_bed *bed, uint32_t who)
{
    if ((who & LQ_ANY_PERSON) == 0 && lq_chance(&world->dice, 95))
        return (struct person){lq_arena_format(&world->arena, "@%s", bed->service->name),
                               LQ_ROLE(SERVICE)};
    for (int i = 0; i < 40; i++) {
        const struct person *person = &WORLD_PEOPLE[lq_throw(&world->dice, PEOPLE_COUNT)];
        if ((person->roles & who) != 0)
            return *person;
    }
    return WORLD_PEOPLE[lq_throw(&world->dice, PEOPLE_COUNT)];
}

static int64_t pick_time(struct world *world, int64_t now_ms)
{
    const uint64_t kind = lq_throw(&world->dice, 10);
    if (kind < 6)
        return 0;
    if (kind < 9)
        return now_ms - (int64_t)lq_throw(&world->dice, 600) * MINUTE_MS;
    return now_ms + (int64_t)lq_throw(&world->dice, 20) * 1000;
}

static const struct lq_command_row *rule_of(const struct lq_bed *bed, unsigned member)
{
    return lq_command_row(bed->service, bed->service->command_type->fields[member].id);
}

// What only the service itself may say comes by following, and is rarely said here.
static unsigned pick_member(struct world *world, const struct lq_bed *bed)
{
    const unsigned count = bed->service->command_type->n_fields;
    for (int i = 0; i < 3; i++) {
        const unsigned member = (unsigned)lq_throw(&world->dice, count);
        if ((rule_of(bed, member)->who & LQ_ANY_PERSON) != 0 || lq_chance(&world->dice, 3))
            return member;
    }
    return (unsigned)lq_throw(&world->dice, count);
}

// The roster changes rarely, or no team would ever be led by anybody.
static unsigned pick_service(struct world *world)
{
    const unsigned service = (unsigned)lq_throw(&world->dice, world->count);
    if (strcmp(world->beds[service].service->name, "shift") == 0 && lq_chance(&world->dice, 80))
        return (unsigned)lq_throw(&world->dice, world->count);
    return service;
}

void world_note_outcome(struct world *world, unsigned service, struct world_sent *sent,
                        uint64_t correlation)
{
    const struct lq_bed_outcome outcome = lq_bed_outcome(sent->bed, correlation);
    sent->outcome = (struct lq_span){0};
    if (outcome.refusal != NULL)
        return;
    sent->outcome = lq_arena_copy(&world->arena, outcome.bytes);
    world->decided++;
    if (outcome.accepted) {
        world->accepted++;
        world->accepted_of[service][sent->member]++;
    }
    world->sent[world->sent_count++ % WORLD_SENT] = *sent;
}

static struct lq_bed_sent send_random(struct world *world, struct lq_bed *bed,
                                      struct world_sent *out)
{
    const ProtobufCMessageDescriptor *type = bed->service->command_type;
    struct lq_dice *dice = &world->dice;
    out->bed = bed;
    out->member = pick_member(world, bed);
    const struct lq_command_row *rule = rule_of(bed, out->member);
    const bool for_other = rule->behalf != 0 && lq_chance(dice, 25);
    const unsigned variant = type->fields[out->member].id;
    uint32_t who = rule->who;
    const ProtobufCMessage *aimed = world_aim_step(world, bed, variant, &who);
    const struct person person = pick_person(world, bed, for_other ? rule->behalf : who);
    if (aimed == NULL)
        aimed = world_aim(world, bed, variant);
    if (aimed == NULL)
        aimed = world_aim_clock(world, bed, variant);
    if (aimed == NULL)
        aimed = world_aim_paper(world, bed, variant);
    const struct lq_bed_command command = {
        .actor = person.badge,
        .roles = person.roles,
        .on_behalf_of = for_other ? pick_person(world, bed, who).badge : NULL,
        .reason = lq_chance(dice, for_other ? 95 : 60) ? "phoned in" : NULL,
        .occurred_ms = pick_time(world, bed->now_ms),
        .body = aimed != NULL
                    ? aimed
                    : lq_generate_variant(dice, &world->arena, type, out->member, bed->now_ms),
    };
    const struct lq_bed_sent sent = lq_bed_send(bed, &command);
    out->actor = person.badge;
    out->roles = person.roles;
    out->command = lq_arena_copy(&world->arena, sent.command);
    return sent;
}

// The disk fails under the batch: nobody has heard anything, and after the restart everybody sends
// again what was not answered.
static void crash_under(struct world *world, struct lq_bed *bed, const struct world_sent *batch,
                        uint64_t *correlations, unsigned count)
{
    const struct lq_bed_digest before = lq_bed_digest(bed);
    const unsigned replies = bed->reply_count;
    bed->fail_commit = true;
    if (lq_bed_try_turn(bed) != LQ_OK)
        assert_int_equal(bed->reply_count, replies);
    else // all of them were refused before a transaction was needed
        assert_int_equal(bed->reply_count, replies + count);
    lq_bed_crash(bed);
    lq_bed_assert_digest(bed, before);
    for (unsigned i = 0; i < count; i++)
        correlations[i] = lq_bed_send_bytes(bed, batch[i].actor, batch[i].roles, batch[i].command);
    world->crashed++;
}

static void do_batch(struct world *world, unsigned service)
{
    enum { BATCH = 4 };
    struct lq_bed *bed = &world->beds[service];
    struct world_sent batch[BATCH];
    uint64_t correlations[BATCH];
    const unsigned count = 1 + (unsigned)lq_throw(&world->dice, BATCH);
    for (unsigned i = 0; i < count; i++)
        correlations[i] = send_random(world, bed, &batch[i]).correlation;
    if (world->crashes && lq_chance(&world->bad_luck, 15))
        crash_under(world, bed, batch, correlations, count);
    lq_bed_settle(bed);
    for (unsigned i = 0; i < count; i++)
        world_note_outcome(world, service, &batch[i], correlations[i]);
    lq_bed_forget(bed);
    if (world->crashes && lq_chance(&world->bad_luck, 5)) {
        lq_bed_crash(bed); // after the commit: nothing is lost
        world->crashed++;
    }
}

// ---------------------------------------------------------------- repeats

// Who acts for himself by his own name: from anybody else the same bytes are for another.
static bool names_its_actor(const struct world_sent *sent)
{
    const char *why = NULL;
    const Lq__Command *command = (const void *)lq_pb_decode(
        &sent->bed->arena, &lq__command__descriptor, sent->command, &why);
    assert_non_null(command);
    return strcmp(command->on_behalf_of, sent->actor) == 0;
}

// The same bytes again give the same outcome again, and write nothing.
static void repeat_one(struct world *world)
{
    const uint64_t kept = world->sent_count < WORLD_SENT ? world->sent_count : WORLD_SENT;
    if (kept == 0)
        return;
    const struct world_sent *sent = &world->sent[lq_throw(&world->dice, kept)];
    const struct lq_bed_digest before = lq_bed_digest(sent->bed);
    const uint64_t again = lq_bed_send_bytes(sent->bed, sent->actor, sent->roles, sent->command);
    const uint64_t other = lq_bed_send_bytes(sent->bed, "P0", sent->roles, sent->command);
    lq_bed_turn(sent->bed);
    const struct lq_bed_outcome outcome = lq_bed_outcome(sent->bed, again);
    assert_null(outcome.refusal);
    assert_true(outcome.repeated);
    assert_true(lq_span_equal(outcome.bytes, sent->outcome));
    if (!names_its_actor(sent)) // then the row may not let the other one at all
        lq_bed_assert_refused(sent->bed, other,
                              sent->actor[0] == '@' ? LQ__REFUSAL__WHY__NOT_PERMITTED
                                                    : LQ__REFUSAL__WHY__ID_REUSED);
    lq_bed_assert_digest(sent->bed, before);
    lq_bed_forget(sent->bed);
}

// ---------------------------------------------------------------- time

static void pass_time(struct world *world)
{
    const uint64_t kind = lq_throw(&world->dice, 100);
    const int64_t by_ms = kind < 90   ? (int64_t)lq_throw(&world->dice, 30) * MINUTE_MS
                          : kind < 99 ? 12 * 60 * MINUTE_MS
                                      : 8 * DAY_MS;
    for (unsigned i = 0; i < world->count; i++) {
        struct lq_bed *bed = &world->beds[i];
        bed->now_ms += by_ms;
        if (world->crashes && lq_chance(&world->bad_luck, 3)) {
            bed->fail_commit = true; // under the timers, if any is due
            if (lq_bed_try_turn(bed) != LQ_OK)
                world->crashed++;
            lq_bed_crash(bed);
        }
        lq_bed_settle(bed);
    }
}

void world_go_on(struct world *world, unsigned steps)
{
    for (unsigned step = 0; step < steps; step++) {
        do_batch(world, pick_service(world));
        world->dice.era = step / 40;
        if (lq_chance(&world->dice, 2))
            world_play(world);
        if (lq_chance(&world->dice, 20))
            repeat_one(world);
        if (lq_chance(&world->dice, 50))
            world_pump(world);
        if (lq_chance(&world->dice, 30))
            pass_time(world);
        for (unsigned i = 0; i < world->count; i++)
            lq_bed_forget(&world->beds[i]);
    }
    world_pump(world);
}
