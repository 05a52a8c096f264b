// The contract as data: rows, names, what is kept.
#include "contract.h"
#include "pb/value.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/reading.h"
#include "rules/trail.h"
#include "service/trail.h"

static void assert_one_oneof(const ProtobufCMessageDescriptor *type)
{
    assert_true(type->n_fields > 0);
    for (unsigned i = 0; i < type->n_fields; i++) {
        assert_int_equal(type->fields[i].type, PROTOBUF_C_TYPE_MESSAGE);
        if (type->fields[i].id == LQ_EVENT_CLOCKS && strcmp(type->short_name, "Event") == 0) {
            assert_ptr_equal(type->fields[i].descriptor, &rules__clock__descriptor);
            continue; // beside the oneof
        }
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
    assert_int_equal((who | behalf) & ~(uint32_t)LQ_EVERY_ROLE, 0);
    // To act for somebody, the runtime must be able to ask who he is.
    assert_true(behalf == 0 || s->roles_of != NULL);
}

void test_each_message_has_one_row(void **state)
{
    const struct lq_service *s = *state;
    assert_one_oneof(s->command_type);
    assert_one_oneof(s->event_type);
    assert_one_oneof(s->query_type);
    assert_one_oneof(s->answer_type);
    for (unsigned i = 0; i < s->command_type->n_fields; i++)
        assert_int_equal(commands_for(s, s->command_type->fields[i].id), 1);
    for (unsigned i = 0; i < s->event_type->n_fields; i++)
        if (s->event_type->fields[i].id != LQ_EVENT_CLOCKS)
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
void test_what_is_kept_fits_its_row(void **state)
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

// What is told of a stream in part is what its owner has: every member under the same number, of
// the same type, with the same label; of messages, those fields that are there.
static void assert_part(const ProtobufCMessageDescriptor *part,
                        const ProtobufCMessageDescriptor *whole)
{
    for (unsigned i = 0; i < part->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &part->fields[i];
        const ProtobufCFieldDescriptor *owners =
            protobuf_c_message_descriptor_get_field(whole, field->id);
        assert_non_null(owners);
        assert_string_equal(field->name, owners->name);
        assert_int_equal(field->type, owners->type);
        assert_int_equal(field->label, owners->label);
        assert_int_not_equal(field->type, PROTOBUF_C_TYPE_ENUM); // whose numbers may grow
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            assert_part(field->descriptor, owners->descriptor);
    }
}

void test_names_are_its_own(void **state)
{
    const struct lq_service *s = *state;
    assert_ptr_equal(lq_service_named(s->name), s);
    struct lq_stream streams[LQ_STREAMS_MAX];
    const unsigned followed = lq_service_streams(s, streams);
    for (unsigned i = 0; i < followed; i++) {
        const struct lq_service *other = lq_service_named(streams[i].name);
        assert_non_null(other);
        assert_ptr_not_equal(other, s);
        if (streams[i].partial)
            assert_part(streams[i].event_type, other->event_type);
        else
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

// What can be corrected is a field of the thing's message whose value is a text, and stays apart
// from its key; the members of rules.proto have the numbers that all services give them.
void test_things_are_of_their_messages(void **state)
{
    const struct lq_service *s = *state;
    bool voids = false, corrects = false;
    struct lq_arena arena = {0};
    for (const struct lq_thing *thing = s->things; thing != NULL && thing->kind != NULL; thing++) {
        assert_non_null(thing->table);
        assert_true((thing->find != NULL) == (thing->type != NULL));
        assert_true(lq_tells_entered(thing->table->row));
        const bool changes = thing->fields[0] != '\0' || !thing->never_void;
        assert_true(changes ? thing->who != 0 : thing->steps != NULL);
        assert_true(thing->behalf == 0 || s->roles_of != NULL);
        const ProtobufCMessageDescriptor *type = lq_thing_type(thing);
        char *rest = lq_arena_text(&arena, thing->fields), *field;
        while ((field = strtok_r(NULL, " ", &rest)) != NULL) {
            const ProtobufCFieldDescriptor *found =
                protobuf_c_message_descriptor_get_field_by_name(type, field);
            if (found == NULL || !lq_pb_has_text(found))
                fail_msg("%s of a %s of %s cannot be corrected", field, thing->kind, s->name);
            assert_true(lq_thing_corrects(thing, field));
        }
        assert_ptr_equal(lq_thing_named(s, thing->kind), thing);
        voids = voids || !thing->never_void;
        corrects = corrects || thing->fields[0] != '\0';
    }
    if (corrects) {
        assert_ptr_equal(lq_command_row(s, LQ_BODY_CORRECT)->decide, lq_correct);
        assert_ptr_equal(lq_event_row(s, LQ_BODY_CORRECT)->apply, lq_corrected);
    } else {
        assert_null(lq_command_row(s, LQ_BODY_CORRECT));
    }
    if (s->things != NULL) {
        assert_ptr_equal(lq_query_row(s, LQ_BODY_THING)->answer, lq_show_thing);
        assert_ptr_equal(lq_query_row(s, LQ_BODY_TRAIL)->answer, lq_show_trail);
        assert_ptr_equal(lq_command_row(s, LQ_BODY_ATTACH)->decide, lq_attach);
        assert_ptr_equal(lq_event_row(s, LQ_BODY_ATTACH)->apply, lq_attached);
    }
    if (voids) {
        assert_ptr_equal(lq_command_row(s, LQ_BODY_VOID)->decide, lq_void);
        assert_ptr_equal(lq_event_row(s, LQ_BODY_VOID)->apply, lq_voided_thing);
    } else {
        assert_null(lq_command_row(s, LQ_BODY_VOID));
    }
    lq_arena_free(&arena);
}

static const ProtobufCMessageDescriptor *member_of(const ProtobufCMessageDescriptor *type,
                                                   unsigned variant)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(type, variant);
    return field != NULL ? field->descriptor : NULL;
}

// A message with such fields says which of them are withheld; its first field is the number.
static unsigned personal_fields(const struct lq_thing *thing,
                                const ProtobufCMessageDescriptor *type)
{
    unsigned found = 0;
    assert_non_null(protobuf_c_message_descriptor_get_field_by_name(type, "withheld"));
    assert_int_equal(type->fields[0].type, PROTOBUF_C_TYPE_STRING);
    for (unsigned i = 0; i < type->n_fields; i++) {
        if (!lq_is_personal(thing, type->fields[i].name))
            continue;
        assert_int_equal(type->fields[i].type, PROTOBUF_C_TYPE_STRING);
        assert_int_not_equal(type->fields[i].label, PROTOBUF_C_LABEL_REPEATED);
        found++;
    }
    return found;
}

// What is personal is a text of the thing's message, and of each event that is said to be of it;
// no other message of an event or answer of the service has a field of that thing without saying
// so. Who has such things records who reads them.
void test_what_is_personal_is_declared(void **state)
{
    const struct lq_service *s = *state;
    bool any = false;
    for (const struct lq_thing *thing = s->things; thing != NULL && thing->kind != NULL; thing++) {
        assert_true((thing->personal != NULL) == (thing->personal_to != 0));
        if (thing->personal == NULL)
            continue;
        any = true;
        assert_true(personal_fields(thing, lq_thing_type(thing)) > 0);
        unsigned events = 0;
        for (const struct lq_event_row *row = s->events; row->variant != 0; row++)
            events += row->of != NULL && strcmp(row->of, thing->kind) == 0;
        assert_true(events > 0);
    }
    for (const struct lq_event_row *row = s->events; row->variant != 0; row++) {
        const struct lq_thing *thing = row->of != NULL ? lq_thing_named(s, row->of) : NULL;
        assert_true(row->of == NULL || (thing != NULL && thing->personal != NULL));
        const ProtobufCMessageDescriptor *type = member_of(s->event_type, row->variant);
        const bool withholds =
            protobuf_c_message_descriptor_get_field_by_name(type, "withheld") != NULL;
        if (row->of != NULL)
            assert_true(personal_fields(thing, type) > 0);
        else if (row->variant < LQ_BODY_RULES)
            assert_false(withholds);
    }
    assert_true(!any || lq_has_readings(s));
    if (!lq_has_readings(s))
        return;
    assert_ptr_equal(lq_event_row(s, LQ_BODY_READING)->apply, lq_reading_recorded);
    assert_ptr_equal(lq_query_row(s, LQ_BODY_READING)->answer, lq_ask_readings);
    assert_int_equal(lq_query_row(s, LQ_BODY_READING)->who, LQ_READING_READERS);
    assert_ptr_equal(member_of(s->event_type, LQ_BODY_READING),
                     &rules__reading_recorded__descriptor);
    assert_ptr_equal(member_of(s->answer_type, LQ_BODY_READING),
                     &rules__readings_answer__descriptor);
}

static bool is_table_of(const struct lq_service *s, const struct lq_table *table)
{
    const struct lq_table *tables[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(s, tables);
    unsigned i = 0;
    while (i < count && tables[i] != table)
        i++;
    return i < count;
}

// Rows that are listed say who entered them, and what is part of a row is told with it. No event
// says any of it, so that none grows.
void test_rows_say_who_entered_them(void **state)
{
    const struct lq_service *s = *state;
    for (const struct lq_query_row *row = s->queries; row->variant != 0; row++)
        if (row->lists != NULL)
            assert_true(lq_tells_entered(row->lists->row));
    for (unsigned i = 0; i < s->event_type->n_fields; i++)
        assert_false(lq_tells_entered(s->event_type->fields[i].descriptor));
    for (const struct lq_part *part = s->parts; part != NULL && part->table != NULL; part++) {
        assert_true(is_table_of(s, part->table) && is_table_of(s, part->of));
        assert_true(lq_tells_entered(part->table->row) && lq_tells_entered(part->of->row));
        assert_true(part->by == NULL || protobuf_c_message_descriptor_get_field_by_name(
                                            part->table->row, part->by) != NULL);
    }
}
