// What every service promises, one command at a time: each test runs for each service of the
// registry. (test_world.c has what must hold over long lives.)
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "pb/pb.h"
#include "world.h"

enum { SERVICES_MAX = 32, GARBAGE = 300 };

static const int64_t START_MS = 1425600000000; // 2015-03-06T08:00:00+08:00

static const ProtobufCMessage *
empty_variant(struct lq_arena *arena, const ProtobufCMessageDescriptor *type, unsigned member)
{
    return lq_message_of(arena, type, type->fields[member].name);
}

// ---------------------------------------------------------------- the contract as data

static void assert_one_oneof(const ProtobufCMessageDescriptor *type)
{
    assert_true(type->n_fields > 0);
    for (unsigned i = 0; i < type->n_fields; i++) {
        assert_int_equal(type->fields[i].type, PROTOBUF_C_TYPE_MESSAGE);
        assert_true((type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0);
        assert_int_equal(type->fields[i].quantifier_offset, type->fields[0].quantifier_offset);
    }
}

static unsigned commands_for(const struct lq_service *service, uint32_t variant)
{
    unsigned rows = 0;
    for (const struct lq_command_row *row = service->commands; row->variant != 0; row++)
        rows += row->variant == variant;
    return rows;
}

static unsigned queries_for(const struct lq_service *service, uint32_t variant)
{
    unsigned rows = 0;
    for (const struct lq_query_row *row = service->queries; row->variant != 0; row++)
        rows += row->variant == variant;
    return rows;
}

// An event has a row, or is what one of the replicas records.
static unsigned events_for(const struct lq_service *service, const ProtobufCFieldDescriptor *event)
{
    unsigned rows = 0;
    for (const struct lq_event_row *row = service->events; row->variant != 0; row++)
        rows += row->variant == event->id;
    const struct lq_replica *const *replica = service->replicas;
    for (; replica != NULL && *replica != NULL; replica++)
        rows += strcmp((*replica)->event, event->name) == 0;
    return rows;
}

static void assert_roles(const struct lq_service *s, uint32_t who, uint32_t behalf)
{
    assert_int_not_equal(who, 0);
    assert_int_equal((who | behalf) & ~(uint32_t)LQ_ANYONE, 0);
    // To act for somebody, the runtime must be able to ask who he is.
    assert_true(behalf == 0 || s->roles_of != NULL);
}

static void test_each_message_has_one_row(void **state)
{
    const struct lq_service *s = *state;
    assert_one_oneof(s->command_type);
    assert_one_oneof(s->event_type);
    assert_one_oneof(s->query_type);
    assert_one_oneof(s->answer_type);
    for (unsigned i = 0; i < s->command_type->n_fields; i++)
        assert_int_equal(commands_for(s, s->command_type->fields[i].id), 1);
    for (unsigned i = 0; i < s->event_type->n_fields; i++)
        assert_int_equal(events_for(s, &s->event_type->fields[i]), 1);
    for (unsigned i = 0; i < s->query_type->n_fields; i++) {
        assert_int_equal(queries_for(s, s->query_type->fields[i].id), 1);
        // The answer to a query is the member of the same number.
        assert_int_equal(s->answer_type->fields[i].id, s->query_type->fields[i].id);
    }
    unsigned commands = 0, queries = 0;
    for (const struct lq_command_row *row = s->commands; row->variant != 0; row++, commands++) {
        assert_roles(s, row->who, row->behalf);
        assert_non_null(row->decide);
    }
    for (const struct lq_query_row *row = s->queries; row->variant != 0; row++, queries++) {
        assert_roles(s, row->who, 0);
        assert_true((row->answer != NULL) != (row->lists != NULL));
    }
    assert_int_equal(commands, s->command_type->n_fields);
    assert_int_equal(queries, s->query_type->n_fields);
    assert_int_equal(queries, s->answer_type->n_fields);
}

// An event that is kept as it is has the row's fields with the row's types: projecting asserts it.
static void test_what_is_kept_fits_its_row(void **state)
{
    const struct lq_service *s = *state;
    struct lq_arena arena = {0};
    for (const struct lq_event_row *row = s->events; row->variant != 0; row++) {
        assert_true((row->apply != NULL) != (row->keeps != NULL));
        if (row->keeps == NULL)
            continue;
        const ProtobufCFieldDescriptor *event =
            protobuf_c_message_descriptor_get_field(s->event_type, row->variant);
        const ProtobufCMessageDescriptor *type = event->descriptor;
        ProtobufCMessage *message = lq_arena_alloc(&arena, type->sizeof_message);
        protobuf_c_message_init(type, message);
        const ProtobufCMessage *kept = lq_pb_project(&arena, row->keeps->row, message);
        assert_ptr_equal(kept->descriptor, row->keeps->row);
        assert_int_equal(type->fields[0].id, row->keeps->row->fields[0].id);
    }
    lq_arena_free(&arena);
}

static void test_names_are_its_own(void **state)
{
    const struct lq_service *s = *state;
    assert_ptr_equal(lq_service_named(s->name), s);
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned followed = lq_service_streams(s, streams);
    for (unsigned i = 0; i < followed; i++) {
        const struct lq_service *other = lq_service_named(streams[i].name);
        assert_non_null(other);
        assert_ptr_not_equal(other, s);
        assert_ptr_equal(streams[i].event_type, other->event_type);
    }
    for (const struct lq_follow_row *row = s->follows; row != NULL && row->stream != NULL; row++) {
        assert_non_null(protobuf_c_message_descriptor_get_field(row->event_type, row->variant));
        assert_non_null(row->react);
    }
    const struct lq_table *tables[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(s, tables);
    for (unsigned i = 0; i < count; i++) {
        assert_true(strncmp(tables[i]->name, "runtime.", 8) != 0);
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(tables[i]->name, tables[j]->name);
    }
    const ProtobufCEnumDescriptor *codes = s->reject_codes;
    for (unsigned i = 0; i < codes->n_values; i++) {
        const char *name = codes->values[i].name;
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(name, codes->values[j].name);
        const ProtobufCEnumValue *same =
            protobuf_c_enum_descriptor_get_value_by_name(&lq__reject__descriptor, name);
        if (same != NULL && same->value != 0)
            fail_msg("%s of %s is a rejection of the runtime's", name, s->name);
        assert_true(codes->values[i].value < 1000);
    }
    for (unsigned i = 0; lq_services[i] != s; i++)
        assert_string_not_equal(lq_services[i]->name, s->name);
}

// ---------------------------------------------------------------- who may

static bool is_refused(struct lq_bed *bed, uint64_t correlation, Lq__Refusal__Why why)
{
    const struct lq_bed_reply *found = lq_bed_find(bed, correlation);
    assert_non_null(found);
    return found->reply->kind_case == LQ__REPLY__KIND_REFUSAL && found->reply->refusal->why == why;
}

static const char *itself(struct lq_bed *bed)
{
    return lq_arena_format(&bed->arena, "@%s", bed->service->name);
}

static void try_command(struct lq_bed *bed, const char *actor, unsigned member, uint32_t role,
                        bool for_other)
{
    const ProtobufCFieldDescriptor *field = &bed->service->command_type->fields[member];
    const struct lq_command_row *rule = lq_command_row(bed->service, field->id);
    const struct lq_bed_command command = {
        .actor = actor,
        .roles = role,
        .on_behalf_of = for_other ? "P2" : NULL,
        .reason = "a test",
        .body = empty_variant(&bed->arena, bed->service->command_type, member),
    };
    const struct lq_bed_digest before = lq_bed_digest(bed);
    const struct lq_bed_sent sent = lq_bed_send(bed, &command);
    lq_bed_turn(bed);
    // What a service may command it may command itself only.
    const uint32_t counts = strcmp(actor, itself(bed)) == 0 ? role : role & ~LQ_ROLE(SERVICE);
    const bool may = (counts & (for_other ? rule->behalf : rule->who)) != 0;
    if (is_refused(bed, sent.correlation, LQ__REFUSAL__WHY__NOT_PERMITTED) == may)
        fail_msg("%s %s: %s with role bits %x%s", bed->service->name, field->name, actor, role,
                 for_other ? " for another" : "");
    if (!may)
        lq_bed_assert_digest(bed, before);
}

// One role at a time, none, and every role but those that may.
static void try_roles(struct lq_bed *bed, const char *actor, unsigned member)
{
    const struct lq_command_row *rule =
        lq_command_row(bed->service, bed->service->command_type->fields[member].id);
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
        const uint32_t role = 1u << lq__role__descriptor.values[i].value;
        try_command(bed, actor, member, role, false);
        try_command(bed, actor, member, role, true);
    }
    try_command(bed, actor, member, 0, false);
    try_command(bed, actor, member, 0, true);
    try_command(bed, actor, member, ~rule->who, false);
    try_command(bed, actor, member, ~rule->behalf, true);
}

static void test_only_who_may_commands(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    for (unsigned member = 0; member < bed.service->command_type->n_fields; member++) {
        try_roles(&bed, "P1", member);
        try_roles(&bed, "@other", member);
        try_roles(&bed, itself(&bed), member);
        lq_bed_forget(&bed);
    }
    lq_bed_close(&bed);
}

static void test_only_who_may_asks(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    const ProtobufCMessageDescriptor *type = bed.service->query_type;
    for (unsigned member = 0; member < type->n_fields; member++)
        for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
            const uint32_t role = 1u << lq__role__descriptor.values[i].value;
            const struct lq_query_row *rule = lq_query_row(bed.service, type->fields[member].id);
            const uint64_t asked =
                lq_bed_query(&bed, "P1", role, empty_variant(&bed.arena, type, member));
            lq_bed_turn(&bed);
            assert_int_equal(is_refused(&bed, asked, LQ__REFUSAL__WHY__NOT_PERMITTED),
                             (role & rule->who) == 0);
            if ((role & rule->who) != 0) // an empty store has an answer to an empty question
                assert_int_equal(lq_bed_find(&bed, asked)->reply->kind_case,
                                 LQ__REPLY__KIND_ANSWER);
        }
    assert_int_equal(lq_bed_tip(&bed), 0);
    lq_bed_close(&bed);
}

// ---------------------------------------------------------------- what is no message

static struct lq_span envelope_of(struct lq_bed *bed, struct lq_span id, struct lq_span body)
{
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = id.size, .data = lq_unconst(id.data)};
    command.body = (ProtobufCBinaryData){.len = body.size, .data = lq_unconst(body.data)};
    return lq_pb_encode(&bed->arena, &command.base);
}

static void assert_malformed(struct lq_bed *bed, struct lq_span command)
{
    const struct lq_bed_digest before = lq_bed_digest(bed);
    const uint64_t sent = lq_bed_send_bytes(bed, "P1", LQ_ANYONE, command);
    lq_bed_turn(bed);
    lq_bed_assert_refused(bed, sent, LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_digest(bed, before);
}

static void test_what_is_no_command_is_refused(void **state)
{
    static const uint8_t unknown_variant[] = {0xa2, 0x1f, 0x00};           // field 500, a message
    static const uint8_t unknown_field[] = {0x0a, 0x03, 0xa0, 0x1f, 0x01}; // in the first member
    static const uint8_t cut_short[] = {0x0a, 0x05, 0x0a};
    static const uint8_t not_utf8[] = {0x0a, 0x04, 0x0a, 0x02, 0xc3, 0x28};
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    const struct lq_id id = lq_id_derive(START_MS, lq_span_text("one"));
    const struct lq_span known = lq_span(id.bytes, LQ_ID_SIZE);
    const struct lq_span bodies[] = {
        lq_span(NULL, 0),
        lq_span(unknown_variant, sizeof unknown_variant),
        lq_span(unknown_field, sizeof unknown_field),
        lq_span(cut_short, sizeof cut_short),
        lq_span(not_utf8, sizeof not_utf8),
        lq_span_text("garbage"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_malformed(&bed, envelope_of(&bed, known, bodies[i]));
    const struct lq_span good =
        lq_pb_encode(&bed.arena, empty_variant(&bed.arena, bed.service->command_type, 0));
    assert_malformed(&bed, envelope_of(&bed, lq_span(NULL, 0), good));
    assert_malformed(&bed, envelope_of(&bed, lq_span(id.bytes, 15), good));
    uint8_t version_4[LQ_ID_SIZE];
    memcpy(version_4, id.bytes, sizeof version_4);
    version_4[6] = (uint8_t)(0x40 | (version_4[6] & 0x0f));
    assert_malformed(&bed, envelope_of(&bed, lq_span(version_4, LQ_ID_SIZE), good));
    assert_malformed(&bed, lq_span_text("no envelope"));
    lq_bed_close(&bed);
}

// What is no request is refused too, and a request of no kind.
static void test_what_is_no_request_is_refused(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    Lq__Request none = LQ__REQUEST__INIT;
    const uint64_t asked = lq_bed_take(&bed, "P1", LQ_ANYONE, &none);
    lq_bed_take_bytes(&bed, "P1", LQ_ANYONE, lq_span_text("garbage"));
    lq_bed_turn(&bed);
    lq_bed_assert_refused(&bed, asked, LQ__REFUSAL__WHY__MALFORMED);
    lq_bed_assert_refused(&bed, 0, LQ__REFUSAL__WHY__MALFORMED);
    assert_int_equal(lq_bed_tip(&bed), 0);
    lq_bed_close(&bed);
}

// Good commands with some bytes changed: either they still are commands, or nothing comes of them.
static void test_damaged_commands_do_no_harm(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    struct lq_dice dice = lq_dice(4711);
    const ProtobufCMessageDescriptor *type = bed.service->command_type;
    for (int i = 0; i < GARBAGE; i++) {
        const unsigned member = (unsigned)lq_throw(&dice, type->n_fields);
        const struct lq_span body = lq_pb_encode(
            &bed.arena, lq_generate_variant(&dice, &bed.arena, type, member, START_MS));
        uint8_t *damaged = lq_unconst(lq_arena_copy(&bed.arena, body).data);
        for (uint64_t n = lq_throw(&dice, 4); body.size > 0 && n > 0; n--)
            damaged[lq_throw(&dice, body.size)] = (uint8_t)lq_throw(&dice, 256);
        const struct lq_id id = lq_id_derive(START_MS, lq_span(&i, sizeof i));
        const size_t size = lq_chance(&dice, 20) ? lq_throw(&dice, body.size + 1) : body.size;
        const struct lq_bed_digest before = lq_bed_digest(&bed);
        const uint64_t sent = lq_bed_send_bytes(
            &bed, "P1", LQ_ANYONE,
            envelope_of(&bed, lq_span(id.bytes, LQ_ID_SIZE), lq_span(damaged, size)));
        lq_bed_turn(&bed);
        if (lq_bed_outcome(&bed, sent).refusal != NULL)
            lq_bed_assert_digest(&bed, before);
        else
            assert_true(lq_bed_outcome(&bed, sent).seq <= lq_bed_tip(&bed));
        lq_bed_forget(&bed);
    }
    lq_bed_close(&bed);
}

// ---------------------------------------------------------------- repeats and crashes

static struct lq_bed_command first_command(struct lq_bed *bed)
{
    return (struct lq_bed_command){
        .actor = itself(bed),
        .roles = LQ_ANYONE,
        .body = empty_variant(&bed->arena, bed->service->command_type, 0),
    };
}

static void test_a_repeat_is_told_the_same(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    const struct lq_bed_command command = first_command(&bed);
    const struct lq_bed_sent sent = lq_bed_send(&bed, &command);
    lq_bed_turn(&bed);
    const struct lq_bed_outcome first = lq_bed_outcome(&bed, sent.correlation);
    assert_null(first.refusal);
    assert_false(first.repeated);
    bed.now_ms += 60000;
    lq_bed_settle(&bed);
    const struct lq_bed_digest before = lq_bed_digest(&bed);

    const uint64_t again = lq_bed_send_bytes(&bed, itself(&bed), LQ_ANYONE, sent.command);
    const uint64_t by_other = lq_bed_send_bytes(&bed, "P2", LQ_ANYONE, sent.command);
    struct lq_bed_command changed = command;
    changed.id = sent.id;
    changed.reason = "other bytes";
    const struct lq_bed_sent reused = lq_bed_send(&bed, &changed);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, again).repeated);
    assert_true(lq_span_equal(lq_bed_outcome(&bed, again).bytes, first.bytes));
    const struct lq_command_row *rule =
        lq_command_row(bed.service, bed.service->command_type->fields[0].id);
    const bool only_itself = (rule->who & LQ_ANY_PERSON) == 0;
    lq_bed_assert_refused(&bed, by_other,
                          only_itself ? LQ__REFUSAL__WHY__NOT_PERMITTED
                                      : LQ__REFUSAL__WHY__ID_REUSED);
    lq_bed_assert_refused(&bed, reused.correlation, LQ__REFUSAL__WHY__ID_REUSED);
    lq_bed_assert_digest(&bed, before);
    lq_bed_close(&bed);
}

static void test_a_crash_before_the_commit_leaves_nothing(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    const struct lq_bed_digest before = lq_bed_digest(&bed);
    const struct lq_bed_command command = first_command(&bed);
    const struct lq_bed_sent sent = lq_bed_send(&bed, &command);
    bed.fail_commit = true;
    assert_int_equal(lq_bed_try_turn(&bed), LQ_E_IO);
    assert_int_equal(bed.reply_count, 0);
    lq_bed_crash(&bed);
    lq_bed_assert_digest(&bed, before);

    const uint64_t again = lq_bed_send_bytes(&bed, itself(&bed), LQ_ANYONE, sent.command);
    lq_bed_turn(&bed);
    const struct lq_bed_outcome outcome = lq_bed_outcome(&bed, again);
    assert_null(outcome.refusal);
    assert_false(outcome.repeated);
    assert_true(lq_bed_tip(&bed) >= 1);
    lq_bed_crash(&bed); // and now it lasts
    const uint64_t third = lq_bed_send_bytes(&bed, itself(&bed), LQ_ANYONE, sent.command);
    lq_bed_turn(&bed);
    assert_true(lq_bed_outcome(&bed, third).repeated);
    assert_true(lq_span_equal(lq_bed_outcome(&bed, third).bytes, outcome.bytes));
    lq_bed_close(&bed);
}

// ---------------------------------------------------------------- waiting for what was seen

// A user reads his own writes: whoever has seen record N of a stream is answered by its followers
// only from N on.
static void wait_for(struct world *world, struct lq_bed *bed, const char *stream)
{
    const uint64_t tip = lq_bed_tip(world_bed(world, stream));
    assert_true(tip > 0);
    lq_bed_settle(bed);
    struct lq_bed_command command = first_command(bed);
    command.seen_stream = stream;
    command.seen_seq = tip;
    const struct lq_bed_sent sent = lq_bed_send(bed, &command);
    lq_bed_settle(bed);
    assert_null(lq_bed_find(bed, sent.correlation));
    world_pump(world);
    assert_null(lq_bed_outcome(bed, sent.correlation).refusal);

    command.seen_seq = lq_bed_tip(world_bed(world, stream)) + 1; // never comes
    const struct lq_bed_sent hopeless = lq_bed_send(bed, &command);
    lq_bed_settle(bed);
    bed->now_ms += bed->policy.causal_wait_ms - 1;
    lq_bed_settle(bed);
    assert_null(lq_bed_find(bed, hopeless.correlation));
    bed->now_ms++;
    lq_bed_settle(bed);
    lq_bed_assert_refused(bed, hopeless.correlation, LQ__REFUSAL__WHY__UNAVAILABLE);
    assert_true(lq_bed_find(bed, hopeless.correlation)->reply->refusal->retry);
}

static void test_who_has_seen_is_answered_from_there(void **state)
{
    const struct lq_service *service = *state;
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned followed = lq_service_streams(service, streams);
    for (unsigned i = 0; i < followed; i++) {
        struct world world;
        world_open(&world, 1);
        world_begin(&world);
        // The other has a record at least, be it a rejection.
        struct lq_bed *other = world_bed(&world, streams[i].name);
        const struct lq_bed_command command = first_command(other);
        lq_bed_do(other, &command);
        wait_for(&world, world_bed(&world, service->name), streams[i].name);
        world_close(&world);
    }
}

// What an event causes, it causes once, however often it is heard.
static void test_an_event_heard_twice_has_one_effect(void **state)
{
    const struct lq_service *service = *state;
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned followed = lq_service_streams(service, streams);
    if (followed == 0)
        return;
    struct world world;
    world_open(&world, 2);
    world_begin(&world);
    struct lq_bed *bed = world_bed(&world, service->name);
    lq_bed_settle(bed);
    for (unsigned i = 0; i < followed; i++) {
        struct lq_bed *other = world_bed(&world, streams[i].name);
        for (uint64_t seq = 1; seq <= lq_bed_tip(other); seq++) {
            const ProtobufCMessage *event = lq_bed_event(other, lq_bed_record(other, seq));
            if (event != NULL)
                lq_bed_feed(bed, streams[i].name, START_MS, event);
        }
    }
    lq_bed_pump(bed);
    const struct lq_bed_digest before = lq_bed_digest(bed);
    for (unsigned i = 0; i < followed; i++) {
        const uint64_t count = lq_bed_stream(bed, streams[i].name)->count;
        if (count == 0)
            continue;
        lq_bed_hear(bed, streams[i].name, 1, count); // once more, though it asked for what follows
        lq_bed_settle(bed);
        assert_int_equal(lq_bed_stream(bed, streams[i].name)->ask.after, count);
    }
    lq_bed_assert_digest(bed, before);
    world_close(&world);
}

// ---------------------------------------------------------------- the suite

static const struct {
    const char *name;
    CMUnitTestFunction function;
} CONTRACT[] = {
    {"each message has one row", test_each_message_has_one_row},
    {"what is kept fits its row", test_what_is_kept_fits_its_row},
    {"names are its own", test_names_are_its_own},
    {"only who may commands", test_only_who_may_commands},
    {"only who may asks", test_only_who_may_asks},
    {"what is no command is refused", test_what_is_no_command_is_refused},
    {"what is no request is refused", test_what_is_no_request_is_refused},
    {"damaged commands do no harm", test_damaged_commands_do_no_harm},
    {"a repeat is told the same", test_a_repeat_is_told_the_same},
    {"a crash before the commit leaves nothing", test_a_crash_before_the_commit_leaves_nothing},
    {"who has seen is answered from there", test_who_has_seen_is_answered_from_there},
    {"an event heard twice has one effect", test_an_event_heard_twice_has_one_effect},
};
enum { CONTRACT_COUNT = sizeof CONTRACT / sizeof CONTRACT[0] };

int main(void)
{
    static struct CMUnitTest tests[SERVICES_MAX * CONTRACT_COUNT];
    struct lq_arena arena = {0};
    size_t count = 0;
    for (unsigned s = 0; lq_services[s] != NULL; s++)
        for (size_t i = 0; i < CONTRACT_COUNT; i++) {
            LQ_ASSERT(count < SERVICES_MAX * CONTRACT_COUNT);
            tests[count++] = (struct CMUnitTest){
                .name = lq_arena_format(&arena, "%s: %s", lq_services[s]->name, CONTRACT[i].name),
                .test_func = CONTRACT[i].function,
                .initial_state = lq_unconst(lq_services[s])};
        }
    const int failed = _cmocka_run_group_tests("contract", tests, count, NULL, NULL);
    lq_arena_free(&arena);
    return failed;
}
