// That the limits of common/pb/limits.h stand before every service, whatever way a message takes to
// it: nothing past them is decided, queried or kept, and what lies just within is.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "bus/keyring/keyring.h"
#include "bus/wire.h"
#include "bus/worker/frames.h"
#include "pb/pb.h"
#include "support/bed.h"
#include "support/message.h"

static const int64_t START_MS = 1425600000000; // 2015-03-06T08:00:00+08:00

enum { SERVICES_MAX = 32 };

static void put(void *message, unsigned offset, const void *value, size_t size)
{
    memcpy((char *)message + offset, value, size);
}

// The member of the oneof, with one field set: a text of `size` bytes, `size` elements, or an enum
// number.
static ProtobufCMessage *with_field(struct lq_arena *arena, const ProtobufCMessageDescriptor *type,
                                    unsigned member, const ProtobufCFieldDescriptor *field,
                                    size_t size)
{
    const ProtobufCFieldDescriptor *variant = &type->fields[member];
    const ProtobufCMessageDescriptor *inner = variant->descriptor;
    ProtobufCMessage *message = lq_arena_alloc(arena, type->sizeof_message);
    ProtobufCMessage *body = lq_arena_alloc(arena, inner->sizeof_message);
    protobuf_c_message_init(type, message);
    protobuf_c_message_init(inner, body);
    put(message, variant->quantifier_offset, &variant->id, sizeof variant->id);
    put(message, variant->offset, &body, sizeof body);
    if (field->type == PROTOBUF_C_TYPE_ENUM) {
        const int32_t number = (int32_t)size;
        put(body, field->offset, &number, sizeof number);
        return message;
    }
    char *text = lq_arena_alloc(arena, size + 1);
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        memset(text, 'x', size);
        put(body, field->offset, &text, sizeof text);
        return message;
    }
    char **list = LQ_NEW_ARRAY(arena, char *, size);
    for (size_t i = 0; i < size; i++)
        list[i] = text; // empty
    put(body, field->offset, &list, sizeof list);
    put(body, field->quantifier_offset, &size, sizeof size);
    return message;
}

static bool is_malformed(struct lq_bed *bed, uint64_t correlation)
{
    const struct lq_bed_reply *found = lq_bed_find(bed, correlation);
    assert_non_null(found);
    return found->reply->kind_case == LQ__REPLY__KIND_REFUSAL &&
           found->reply->refusal->why == LQ__REFUSAL__WHY__MALFORMED;
}

static uint64_t ask(struct lq_bed *bed, bool query, const ProtobufCMessage *body)
{
    if (query)
        return lq_bed_query(bed, "P1", LQ_ANYONE, body);
    const struct lq_bed_command command = {.actor = "P1", .roles = LQ_ANYONE, .body = body};
    return lq_bed_send(bed, &command).correlation;
}

static void try_size(struct lq_bed *bed, bool query, unsigned member,
                     const ProtobufCFieldDescriptor *field, size_t size, bool malformed)
{
    const ProtobufCMessageDescriptor *type =
        query ? bed->service->query_type : bed->service->command_type;
    const uint64_t tip = lq_bed_tip(bed);
    const uint64_t asked = ask(bed, query, with_field(&bed->arena, type, member, field, size));
    lq_bed_turn(bed);
    if (is_malformed(bed, asked) != malformed)
        fail_msg("%s.%s.%s of %zu", bed->service->name, type->fields[member].name, field->name,
                 size);
    if (malformed)
        assert_int_equal(lq_bed_tip(bed), tip);
    lq_bed_forget(bed);
}

static void try_field(struct lq_bed *bed, bool query, unsigned member,
                      const ProtobufCFieldDescriptor *field)
{
    const struct lq_pb_limits *limits = query ? &LQ_PB_QUERY : &LQ_PB_REQUEST;
    const bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const size_t text =
            limits->text_characters > 0 ? limits->text_characters : limits->text_bytes;
        const size_t most = repeated ? limits->elements : text;
        try_size(bed, query, member, field, most, false);
        try_size(bed, query, member, field, most + 1, true);
    } else if (field->type == PROTOBUF_C_TYPE_ENUM && !repeated) {
        const ProtobufCEnumDescriptor *words = field->descriptor;
        const int last = words->values[words->n_values - 1].value;
        try_size(bed, query, member, field, (size_t)last, false);
        try_size(bed, query, member, field, (size_t)last + 1000, true);
    }
}

// Each text, list and enum of each command and query, at the edge.
static void limits_stand_before_the_service(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    for (int query = 0; query < 2; query++) {
        const ProtobufCMessageDescriptor *type =
            query ? bed.service->query_type : bed.service->command_type;
        for (unsigned member = 0; member < type->n_fields; member++) {
            const ProtobufCMessageDescriptor *inner = type->fields[member].descriptor;
            for (unsigned i = 0; i < inner->n_fields; i++)
                try_field(&bed, query != 0, member, &inner->fields[i]);
        }
    }
    lq_bed_close(&bed);
}

// The envelope's own texts, and the request as a whole.
static void limits_stand_before_the_envelope(void **state)
{
    struct lq_bed bed = {0};
    lq_bed_open(&bed, *state, START_MS);
    const ProtobufCMessageDescriptor *type = bed.service->command_type;
    const ProtobufCMessage *body = lq_message_of(&bed.arena, type, type->fields[0].name);
    char reason[8192];
    assert_true(LQ_PB_REQUEST.text_characters + 2 <= sizeof reason);
    for (size_t size = LQ_PB_REQUEST.text_characters; size <= LQ_PB_REQUEST.text_characters + 1; size++) {
        memset(reason, 'x', size);
        reason[size] = '\0';
        const struct lq_bed_command command = {
            .actor = "P1", .roles = LQ_ANYONE, .reason = reason, .body = body};
        const uint64_t sent = lq_bed_send(&bed, &command).correlation;
        lq_bed_turn(&bed);
        assert_int_equal(is_malformed(&bed, sent), size > LQ_PB_REQUEST.text_characters);
    }
    uint8_t *bytes = calloc(1, LQ_REQUEST_LIMIT + 1);
    assert_non_null(bytes);
    lq_bed_take_bytes(&bed, "P1", LQ_ANYONE, lq_span(bytes, LQ_REQUEST_LIMIT + 1));
    lq_bed_turn(&bed);
    assert_true(is_malformed(&bed, 0));
    free(bytes);
    lq_bed_close(&bed);
}

// The bus measures before it decodes, by numbers of its own; they must not say something else.
static void the_bus_says_the_same(void **state)
{
    (void)state;
    assert_int_equal(LQ_REQUEST_LIMIT, LQ_PB_REQUEST.message_bytes);
    assert_true(LQ_REPLY_LIMIT <= LQ_PB_REPLY.message_bytes);
    assert_true(LQ_SEEN_LIMIT <= LQ_PB_REQUEST.elements);
    assert_int_equal(LQ_BADGE_TEXT, LQ_PB_IDENTIFIER_BYTES); // a badge fits, and its NUL
    // What was decided within the limits of a request can be recorded, read again and shown.
    assert_true(LQ_PB_REQUEST.message_bytes * 4 <= LQ_PB_RECORD.message_bytes);
    assert_true(LQ_PB_RECORD.message_bytes <= LQ_PB_REPLY.message_bytes);
}

// ---------------------------------------------------------------- depth

static unsigned depth_of(const ProtobufCMessageDescriptor *type, unsigned most)
{
    unsigned deepest = 0;
    for (unsigned i = 0; most > 0 && i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        const unsigned depth = depth_of(field->descriptor, most - 1);
        if (depth > deepest)
            deepest = depth;
    }
    return 1 + deepest;
}

// No type of ours holds itself, or comes near the depth at which messages are refused.
static void no_type_is_deep(void **state)
{
    const struct lq_service *s = *state;
    assert_true(depth_of(s->command_type, 20) <= LQ_PB_REQUEST.depth);
    assert_true(depth_of(s->query_type, 20) <= LQ_PB_QUERY.depth);
    assert_true(depth_of(s->event_type, 20) <= LQ_PB_RECORD.depth);
    assert_true(depth_of(s->answer_type, 20) <= LQ_PB_REPLY.depth);
    const struct lq_table *tables[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(s, tables);
    for (unsigned i = 0; i < count; i++)
        assert_true(depth_of(tables[i]->row, 20) <= LQ_PB_RECORD.depth);
}

int main(void)
{
    struct CMUnitTest tests[SERVICES_MAX * 3 + 1];
    size_t count = 0;
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_bus_says_the_same);
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        void *service = lq_unconst(*s);
        const struct CMUnitTest each[] = {
            cmocka_unit_test_prestate(limits_stand_before_the_service, service),
            cmocka_unit_test_prestate(limits_stand_before_the_envelope, service),
            cmocka_unit_test_prestate(no_type_is_deep, service),
        };
        assert_true(count + 3 <= sizeof tests / sizeof tests[0]);
        for (size_t i = 0; i < 3; i++)
            tests[count++] = each[i];
    }
    return _cmocka_run_group_tests("limits", tests, count, NULL, NULL);
}
