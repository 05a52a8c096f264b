// The life of all services, as the input tells it: commands with fields out of pools and odd ones,
// by anybody, at any time; repeats, questions, fetches; time that passes or is set back; services
// that follow each other, hear things twice, and crash on either side of a commit. After every turn
// that wrote something `check` looks at the tables (support/bed.c); at the end each journal is
// replayed and must give the same tables.
//
// Input: a step after the other, each a byte that says which and what the step needs. See `step`.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "contract/world.h"
#include "fuzz.h"
#include "life_message.h"
#include "pb/pb.h"
#include "runtime/verify.h"

enum { STEPS_MAX = 200, KEPT = 16 };

static const int64_t MINUTE_MS = 60 * 1000LL, HOUR_MS = 3600 * 1000LL, DAY_MS = 24 * 3600 * 1000LL;

struct sent {
    struct lq_bed *bed;
    const char *actor;
    uint32_t roles;
    struct lq_span command, outcome;
};

static struct world world;
static struct sent kept[KEPT];
static unsigned kept_count;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return setenv("CMOCKA_TEST_ABORT", "1", 1); // the bed's assertions end the process
}

static struct lq_bed *pick_bed(struct fuzz_input *input)
{
    return world_bed(&world, fuzz_service(fuzz_u16(input))->name);
}

// ---------------------------------------------------------------- who

struct person {
    const char *badge;
    uint32_t roles;
};

// Those of world.c, one who holds every role, one who holds none, and the service itself.
static struct person pick_person(struct fuzz_input *input, const struct lq_bed *bed)
{
    static const struct person people[] = {
        {"P1", LQ_ROLE(COMMANDER)},
        {"P2", LQ_ROLE(DESK)},
        {"P3", LQ_ROLE(LIAISON)},
        {"P4", LQ_ROLE(CLERK)},
        {"P5", LQ_ROLE(LEAD)},
        {"P6", LQ_ROLE(LEAD)},
        {"P7", LQ_ROLE(OFFICER)},
        {"P8", LQ_ROLE(INSPECTOR)},
        {"P9", LQ_ROLE(ADMIN)},
        {"P1", LQ_ANY_PERSON},
        {"P11", LQ_ANY_PERSON},
        {"P5", LQ_ANYONE},
        {"P0", 0},
    };
    const unsigned choice = fuzz_byte(input) % 16;
    if (choice < sizeof people / sizeof people[0])
        return people[choice];
    return (struct person){lq_arena_format(&world.arena, "@%s", bed->service->name),
                           LQ_ROLE(SERVICE)};
}

// ---------------------------------------------------------------- commands

static int64_t pick_time(struct fuzz_input *input, int64_t now_ms)
{
    static const int64_t odd[] = {1, -1, INT64_MAX, INT64_MIN, 253402300799000, 253402300799001};
    const unsigned kind = fuzz_byte(input);
    if (kind < 128)
        return 0;
    if (kind < 240)
        return now_ms - (int64_t)fuzz_u16(input) * MINUTE_MS / 4;
    if (kind < 250)
        return now_ms + (int64_t)fuzz_u16(input) * 100;
    return odd[kind - 250];
}

static void keep(struct lq_bed *bed, struct person person, struct lq_span command,
                 struct lq_span outcome)
{
    kept[kept_count++ % KEPT] = (struct sent){
        .bed = bed,
        .actor = person.badge,
        .roles = person.roles,
        .command = lq_arena_copy(&world.arena, command),
        .outcome = lq_arena_copy(&world.arena, outcome),
    };
}

static void settle(struct lq_bed *bed, bool fail)
{
    bed->fail_commit = fail;
    const unsigned replies = bed->reply_count;
    if (lq_bed_try_turn(bed) != LQ_OK) {
        FUZZ_REQUIRE(fail && bed->reply_count == replies); // nobody heard what was not durable
        lq_bed_crash(bed);
    }
    bed->fail_commit = false;
    lq_bed_settle(bed);
}

// One to four commands for one service, decided in one batch.
static void say(struct fuzz_input *input, bool fail)
{
    struct lq_bed *bed = pick_bed(input);
    const ProtobufCMessageDescriptor *type = bed->service->command_type;
    struct {
        struct person person;
        struct lq_bed_sent sent;
    } batch[4];
    const unsigned count = 1 + fuzz_byte(input) % 4;
    for (unsigned i = 0; i < count; i++) {
        const struct person person = batch[i].person = pick_person(input, bed);
        const unsigned flags = fuzz_byte(input);
        const struct person other = flags & 1 ? pick_person(input, bed) : (struct person){0};
        const struct lq_bed_command command = {
            .actor = person.badge,
            .roles = person.roles,
            .on_behalf_of = other.badge,
            .reason = flags & 2 ? "as the input says" : NULL,
            .occurred_ms = flags & 4 ? pick_time(input, bed->now_ms) : 0,
            .seen_stream = flags & 8 ? fuzz_service(fuzz_u16(input))->name : NULL,
            .seen_seq = flags & 8 ? fuzz_byte(input) : 0,
            .body = life_message(input, &world.arena, type, bed->now_ms),
        };
        batch[i].sent = lq_bed_send(bed, &command);
        batch[i].sent.command = lq_arena_copy(&world.arena, batch[i].sent.command);
    }
    settle(bed, fail);
    for (unsigned i = 0; i < count; i++) {
        if (lq_bed_find(bed, batch[i].sent.correlation) == NULL)
            continue; // parked until its service has caught up, or lost in the crash
        const struct lq_bed_outcome outcome = lq_bed_outcome(bed, batch[i].sent.correlation);
        if (outcome.refusal == NULL)
            keep(bed, batch[i].person, batch[i].sent.command, outcome.bytes);
    }
}

// The same bytes again give the same outcome again and write nothing; from another they are
// refused.
static void repeat(struct fuzz_input *input)
{
    const unsigned choice = fuzz_byte(input);
    if (kept_count == 0)
        return;
    const struct sent *sent = &kept[choice % (kept_count < KEPT ? kept_count : KEPT)];
    struct lq_bed *bed = sent->bed;
    lq_bed_settle(bed);
    const uint64_t tip = lq_bed_tip(bed);
    const uint64_t again = lq_bed_send_bytes(bed, sent->actor, sent->roles, sent->command);
    const uint64_t other = lq_bed_send_bytes(bed, "PX", sent->roles, sent->command);
    lq_bed_turn(bed);
    const struct lq_bed_outcome outcome = lq_bed_outcome(bed, again);
    FUZZ_REQUIRE(outcome.refusal == NULL && outcome.repeated);
    FUZZ_REQUIRE(lq_span_equal(outcome.bytes, sent->outcome));
    FUZZ_REQUIRE(lq_bed_outcome(bed, other).refusal != NULL);
    FUZZ_REQUIRE(lq_bed_tip(bed) == tip);
}

// ---------------------------------------------------------------- reading

static void ask(struct fuzz_input *input)
{
    struct lq_bed *bed = pick_bed(input);
    const struct person person = pick_person(input, bed);
    const uint64_t tip = lq_bed_tip(bed);
    const ProtobufCMessage *query =
        life_message(input, &world.arena, bed->service->query_type, bed->now_ms);
    const uint64_t asked = lq_bed_query(bed, person.badge, person.roles, query);
    lq_bed_turn(bed);
    const struct lq_bed_reply *found = lq_bed_find(bed, asked);
    FUZZ_REQUIRE(found != NULL);
    const char *why = NULL;
    if (found->reply->kind_case == LQ__REPLY__KIND_ANSWER) { // and people can be shown it
        const ProtobufCBinaryData body = found->reply->answer->body;
        const ProtobufCMessage *answer =
            lq_pb_decode_within(&LQ_PB_REPLY, &bed->arena, bed->service->answer_type,
                                lq_span(body.data, body.len), &why);
        FUZZ_REQUIRE(answer != NULL);
        (void)lq_pb_text(&bed->arena, answer);
    }
    FUZZ_REQUIRE(lq_bed_tip(bed) >= tip);
}

static void fetch(struct fuzz_input *input)
{
    struct lq_bed *bed = pick_bed(input);
    const struct person person = pick_person(input, bed);
    const uint64_t after = fuzz_byte(input), tip = lq_bed_tip(bed);
    const uint32_t max = fuzz_byte(input), wait_ms = fuzz_u16(input);
    const uint64_t asked = lq_bed_fetch(bed, person.badge, person.roles, after, max, wait_ms);
    lq_bed_turn(bed);
    const struct lq_bed_reply *found = lq_bed_find(bed, asked);
    if (found == NULL) {
        FUZZ_REQUIRE(wait_ms > 0);
        return;
    }
    if (after > tip && found->reply->kind_case == LQ__REPLY__KIND_REFUSAL) {
        FUZZ_REQUIRE(found->reply->refusal->why == LQ__REFUSAL__WHY__DIVERGED);
        return;
    }
    FUZZ_REQUIRE(found->reply->kind_case == LQ__REPLY__KIND_EVENTS);
    const Lq__Events *events = found->reply->events;
    uint64_t last = after;
    for (size_t i = 0; i < events->n_events; last = events->events[i]->seq, i++)
        FUZZ_REQUIRE(events->events[i]->seq > last);
    FUZZ_REQUIRE(events->next_after >= last && (max == 0 || events->n_events <= max));
}

// ---------------------------------------------------------------- time and trouble

static void pass_time(struct fuzz_input *input)
{
    const unsigned kind = fuzz_byte(input), amount = fuzz_byte(input);
    const int64_t unit_ms = kind < 100 ? MINUTE_MS : kind < 180 ? HOUR_MS : DAY_MS;
    // A clock that is set back stays behind; the journal's times then do not rise.
    const int64_t by_ms = kind >= 250 ? -(int64_t)amount * MINUTE_MS : amount * unit_ms;
    for (unsigned i = 0; i < world.count; i++) {
        world.beds[i].now_ms += by_ms;
        lq_bed_settle(&world.beds[i]);
    }
}

static void trouble(struct fuzz_input *input)
{
    struct lq_bed *bed = pick_bed(input);
    if (fuzz_byte(input) % 2 == 0)
        lq_bed_crash(bed); // between two commits
    else
        lq_bed_lose_cursors(bed); // and everything that it follows will be heard again
    lq_bed_settle(bed);
}

static void step(struct fuzz_input *input)
{
    switch (fuzz_byte(input) % 16) {
    default:
        say(input, false);
        break;
    case 8:
        say(input, true);
        break;
    case 9:
        repeat(input);
        break;
    case 10:
        pass_time(input);
        break;
    case 11:
    case 12:
        world_pump(&world);
        break;
    case 13:
        ask(input);
        break;
    case 14:
        fetch(input);
        break;
    case 15:
        trouble(input);
        break;
    }
    for (unsigned i = 0; i < world.count; i++)
        lq_bed_forget(&world.beds[i]);
}

// ---------------------------------------------------------------- the end

static void require_replays(struct lq_bed *bed)
{
    const char *names[LQ_STORE_TABLES];
    struct lq_store_plan plan = {0};
    struct lq_verified verified;
    lq_host_plan(bed->service, names, &plan);
    struct lq_store *scratch = lq_store_new_memory(&plan);
    FUZZ_REQUIRE(
        lq_verify(bed->service, bed->store, scratch, &bed->policy, NULL, NULL, &verified) == LQ_OK);
    FUZZ_REQUIRE(verified.records == lq_bed_tip(bed));
    lq_store_close(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    kept_count = 0;
    world_open(&world, 0);
    world_begin(&world);
    world_pump(&world);
    for (int steps = 0; steps < STEPS_MAX && input.left > 0; steps++)
        step(&input);
    world_pump(&world);
    for (unsigned i = 0; i < world.count; i++)
        require_replays(&world.beds[i]);
    world_close(&world);
    return 0;
}
