// What is told of a thing's records, held against all of them: read one by one, from the first.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "pb/pb.h"
#include "rules/clocks.h"
#include "pb/reflect.h"
#include "rules/attach.h"
#include "rules/correct.h"
#include "rules/trail.h"
#include "service/reading_tables.h"
#include "service/trail.h"
#include "service/voided.h"
#include "world.h"

// A number as the generator and the services make them; what else it makes may stand in any text.
static bool is_plain(const char *number)
{
    return number[0] >= 'A' && number[0] <= 'Z' &&
           number[strspn(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] == '\0';
}

static bool mentions(const ProtobufCMessage *message, const char *number)
{
    const size_t size = strlen(number);
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        for (size_t j = 0; j < lq_pb_count(message, field); j++) {
            const void *value = lq_pb_value(message, field, j);
            if (field->type == PROTOBUF_C_TYPE_MESSAGE && mentions(lq_pb_message_at(value), number))
                return true;
            if (field->type != PROTOBUF_C_TYPE_STRING)
                continue;
            const char *text = lq_pb_text_at(value);
            if (strncmp(text, number, size) == 0 && (text[size] == '\0' || text[size] == '/'))
                return true;
        }
    }
    return false;
}

enum { NUMBERS_MOST = 256, ROWS_MOST = 64 };

// The events that the service made itself, by the number of their record; NULL: it holds none.
struct events {
    struct lq_bed *bed;
    struct lq_arena arena;
    const ProtobufCMessage **all;
    uint64_t tip;
};

static void read_events(struct events *events, struct lq_bed *bed)
{
    *events = (struct events){.bed = bed, .tip = lq_bed_tip(bed)};
    events->all = LQ_NEW_ARRAY(&events->arena, const ProtobufCMessage *, events->tip + 1);
    for (uint64_t seq = 1; seq <= events->tip; seq++) {
        const Lq__Record *record = lq_bed_record(bed, seq);
        const char *why;
        if (record->event.len == 0)
            continue;
        const ProtobufCMessage *event =
            lq_pb_decode_within(&LQ_PB_RECORD, &events->arena, bed->service->event_type,
                                lq_span(record->event.data, record->event.len), &why);
        if (lq_event_row(bed->service, lq_pb_variant(event)) != NULL)
            events->all[seq] = event;
    }
    lq_bed_forget(bed);
}

struct told {
    uint64_t records[NUMBERS_MOST];
    size_t count;
};

// A page of it; the answer lives until the bed forgets.
static const Rules__Trail *ask_page(struct lq_bed *bed, Rules__ShowTrail question)
{
    const char *why;
    const uint64_t correlation = lq_bed_query(
        bed, "P1", LQ_ANYONE,
        lq_pb_variant_of(&bed->arena, bed->service->query_type, LQ_BODY_TRAIL, &question.base));
    lq_bed_turn(bed);
    const Lq__Reply *reply = lq_bed_find(bed, correlation)->reply;
    assert_int_equal(reply->kind_case, LQ__REPLY__KIND_ANSWER);
    const ProtobufCMessage *answer =
        lq_pb_decode_within(&LQ_PB_REPLY, &bed->arena, bed->service->answer_type,
                            lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    assert_non_null(answer);
    return (const void *)lq_pb_variant_message(answer);
}

static void ask(struct lq_bed *bed, const char *kind, const char *number, struct told *told)
{
    Rules__ShowTrail question = RULES__SHOW_TRAIL__INIT;
    question.kind = (char *)(uintptr_t)kind;
    question.number = (char *)(uintptr_t)number;
    const Rules__Trail *trail = ask_page(bed, question);
    assert_false(trail->more);
    assert_true(trail->n_records <= NUMBERS_MOST);
    told->count = trail->n_records;
    for (size_t i = 0; i < told->count; i++) {
        assert_true(i == 0 || trail->records[i] > trail->records[i - 1]);
        told->records[i] = trail->records[i];
    }
    lq_bed_forget(bed);
}

static bool is_told(const struct told *told, uint64_t seq)
{
    size_t i = 0;
    while (i < told->count && told->records[i] != seq)
        i++;
    return i < told->count;
}

// Of a person it is what changed him: who acts, is absent, or is told of a term, stands in much
// else. Of a shift, what became of it: swaps and roll calls name theirs.
static bool may_speak_of(const char *kind, const ProtobufCMessage *event)
{
    const char *name = lq_pb_variant_name(event);
    if (strcmp(kind, "person") == 0)
        return strncmp(name, "person_", strlen("person_")) == 0;
    if (strcmp(name, "handover_frozen") == 0) // the orders in the list are told when it is signed
        return strcmp(kind, "handover") == 0;
    const Rules__StepTaken *step = lq_pb_variant(event) == LQ_BODY_TAKE_STEP
                                       ? (const void *)lq_pb_variant_message(event)
                                       : NULL;
    if (strcmp(kind, "order") == 0 &&
        step != NULL) // another may name one, too, for what it is worth
        return strcmp(step->kind, "call") == 0 && step->verb == RULES__VERB__ASSIGN;
    if (strcmp(kind, "premises") == 0 && step != NULL) // of what is part of them; the rest is words
        return false;
    if (strcmp(kind, "limit") == 0 && step != NULL) // another may name an order of that number
        return strcmp(step->kind, kind) == 0;
    if (strcmp(kind, "power") == 0) // any number may be that of a power cut
        return step != NULL ? strcmp(step->kind, kind) == 0 : strcmp(name, "power_cut") == 0;
    if (strcmp(kind, "budget") == 0 || strcmp(kind, "grant") == 0)
        return step != NULL ? strcmp(step->kind, kind) == 0
                            : strcmp(name, *kind == 'b' ? "budget_set" : "grant_proposed") == 0;
    if (strcmp(kind, "shift") != 0)
        return true;
    if (step != NULL)
        return strcmp(step->kind, kind) == 0;
    return strcmp(name, "swap_asked") != 0 && strcmp(name, "roll_called") != 0;
}

// A file is told of with what it is attached to, and with what that is part of; who took it, and
// where, says nothing of people and places.
static bool is_attached_to(const ProtobufCMessage *event, const char *kind, const char *number)
{
    const Rules__Attached *attached = (const void *)lq_pb_variant_message(event);
    return strcmp(attached->kind, kind) == 0 && strcmp(attached->number, number) == 0;
}

static const char *text_of(const ProtobufCMessage *body, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(body->descriptor, name);
    return field != NULL && field->type == PROTOBUF_C_TYPE_STRING
               ? lq_pb_text_at(lq_pb_value(body, field, 0))
               : NULL;
}

// A handover names the shift that takes over, too: that is not its own; those that it gives up are.
// Money may be for what has any number, and a grant may have that of a budget. A step of what is at
// premises names them, if at all, with its own number (a measure's); what it says besides may be
// anything.
static bool is_its_own(const ProtobufCMessage *event, const char *kind, const char *number)
{
    const ProtobufCMessage *body = lq_pb_variant_message(event);
    const bool is_money = strcmp(kind, "grant") == 0 || strcmp(kind, "budget") == 0;
    const char *its = text_of(body, "number"), *of = text_of(body, "kind");
    if (strcmp(kind, "premises") == 0 && lq_pb_variant(event) == LQ_BODY_TAKE_STEP)
        return strncmp(its, number, strlen(number)) == 0;
    if (!is_money && strcmp(kind, "handover") != 0)
        return true;
    if (strcmp(lq_pb_variant_name(event), "handover_opened") == 0)
        return strcmp(text_of(body, "next"), number) != 0;
    if (text_of(body, "of_kind") != NULL) // a paper
        return strcmp(text_of(body, "of_kind"), kind) == 0 &&
               strcmp(text_of(body, "of_number"), number) == 0;
    return its != NULL && strcmp(its, number) == 0 &&
           (!is_money || of == NULL || strcmp(of, kind) == 0);
}

// Every record that speaks of the thing is told; and one that does not, only where it corrects or
// voids a part of it, or is a step of one, which it names alone.
static void assert_trail(const struct events *events, const char *kind, const char *number)
{
    struct told told;
    ask(events->bed, kind, number, &told);
    for (uint64_t seq = 1; seq <= events->tip; seq++) {
        const ProtobufCMessage *event = events->all[seq];
        const unsigned variant = event != NULL ? lq_pb_variant(event) : 0;
        const char *name = event != NULL ? lq_pb_variant_name(event) : "none";
        const bool of_part = variant == LQ_BODY_CORRECT || variant == LQ_BODY_VOID;
        const bool is_of =
            variant == LQ_BODY_ATTACH
                ? is_attached_to(event, kind, number)
                : event != NULL && variant != LQ_BODY_READING &&
                      mentions(lq_pb_variant_message(event), number) &&
                      (of_part || may_speak_of(kind, event)) && is_its_own(event, kind, number) &&
                      (strcmp(kind, "closure") != 0 || of_part ||
                       strcmp(name, "site_closed") == 0); // items are at a place, too
        const bool may_be_of_part = of_part || variant == LQ_BODY_TAKE_STEP ||
                                    strcmp(name, "handover_signed") == 0 ||
                                    variant == LQ_BODY_ATTACH || variant == LQ_BODY_RECOUNT_CLOCKS;
        if (is_told(&told, seq) != is_of && !(is_told(&told, seq) && may_be_of_part))
            fail_msg("%s: record %llu (%s) is %s told of %s %s: %s", events->bed->service->name,
                     (unsigned long long)seq, name, is_of ? "not" : "wrongly", kind, number,
                     lq_pb_text(&events->bed->arena, event));
    }
}

// ---------------------------------------------------------------- who entered a row

// What a row says of it; the row itself lives only as long as it is read.
struct said {
    bool any;
    uint64_t record;
    const char *actor, *on_behalf_of, *reason;
};

static struct said said_of(struct lq_arena *arena, const void *row)
{
    const Rules__Entered *entered = lq_entered_of(row);
    if (entered == NULL)
        return (struct said){0};
    return (struct said){.any = true,
                         .record = entered->record,
                         .actor = lq_arena_text(arena, entered->actor),
                         .on_behalf_of = lq_arena_text(arena, entered->on_behalf_of),
                         .reason = lq_arena_text(arena, entered->reason)};
}

static void assert_said(struct events *events, const struct lq_table *table, struct said said)
{
    if (!said.any)
        fail_msg("a row of %s does not say who entered it", table->name);
    assert_true(said.record >= 1 && said.record <= events->tip);
    assert_non_null(events->all[said.record]);
    const Lq__Record *record = lq_bed_record(events->bed, said.record);
    assert_string_equal(record->actor, said.actor);
    assert_string_equal(record->on_behalf_of, said.on_behalf_of);
    assert_string_equal(*record->on_behalf_of != '\0' ? record->reason : "", said.reason);
}

// What is kept of another's stream says nothing: its records are copies.
static bool is_copied(const struct lq_service *service, const struct lq_table *table)
{
    const struct lq_replica *const *replica = service->replicas;
    for (; replica != NULL && *replica != NULL; replica++)
        for (const struct lq_table *const *t = (*replica)->tables; *t != NULL; t++)
            if (*t == table)
                return true;
    return false;
}

static void assert_rows(struct events *events, const struct lq_table *table)
{
    struct said said[ROWS_MOST];
    unsigned count = 0;
    if (!lq_tells_entered(table->row))
        return;
    struct lq_scan s = lq_scan(lq_bed_read(events->bed), table, lq_key_none());
    while (count < ROWS_MOST && lq_scan_next(&s))
        said[count++] = said_of(&events->arena, s.row);
    lq_bed_end_read(events->bed);
    for (unsigned i = 0; i < count; i++)
        if (is_copied(events->bed->service, table))
            assert_false(said[i].any);
        else
            assert_said(events, table, said[i]);
    lq_bed_forget(events->bed);
}

// ---------------------------------------------------------------- all of them

// The numbers of the things that there are, or were.
static unsigned numbers_of(struct events *events, const struct lq_thing *thing,
                           const char **numbers)
{
    unsigned count = 0;
    struct lq_view *view = lq_bed_read(events->bed);
    struct lq_scan rows = lq_scan(view, thing->table, lq_key_none());
    while (count < NUMBERS_MOST && lq_scan_next(&rows)) {
        struct lq_key_reader reader = {.key = &rows.key};
        numbers[count++] = lq_arena_text(&events->arena, lq_key_read_text(&reader));
    }
    struct lq_scan voided = lq_scan(view, &lq_voided, lq_key_text(thing->table->name));
    while (count < NUMBERS_MOST && lq_scan_next(&voided)) {
        const Rules__VoidedThing *thing_then = voided.row;
        if (strcmp(thing_then->kind, thing->kind) == 0)
            numbers[count++] = lq_arena_text(&events->arena, thing_then->number);
    }
    lq_bed_end_read(events->bed);
    return count;
}

// ---------------------------------------------------------------- of premises

// The number of the premises that the row names.
static const char *premises_of(const struct lq_at_premises *at, const struct lq_key *key,
                               const void *row)
{
    if (at->field == NULL)
        return (const char *)key->bytes;
    const ProtobufCMessageDescriptor *type = at->table->row;
    return lq_pb_text_at(
        lq_pb_value(row, protobuf_c_message_descriptor_get_field_by_name(type, at->field), 0));
}

static const char *kind_kept_in(const struct lq_service *service, const struct lq_table *table)
{
    const struct lq_thing *thing = service->things;
    while (thing->table != table)
        thing++;
    return thing->kind;
}

// What was voided is told with its premises, too: only what there still is can be asked for here.
static void assert_row_is_told(struct events *events, const struct lq_at_premises *at,
                               struct lq_key key, const char *premises)
{
    struct told told;
    bool all[NUMBERS_MOST] = {false};
    Rules__ShowTrail question = RULES__SHOW_TRAIL__INIT;
    ask(events->bed, kind_kept_in(events->bed->service, at->table), (const char *)key.bytes, &told);
    question.premises = (char *)(uintptr_t)premises;
    for (bool more = true; more;) {
        const Rules__Trail *page = ask_page(events->bed, question);
        for (size_t i = 0; i < page->n_records; i++) {
            assert_true(page->records[i] > question.after);
            question.after = page->records[i];
            for (size_t j = 0; j < told.count; j++)
                all[j] = all[j] || told.records[j] == page->records[i];
        }
        more = page->more;
        lq_bed_forget(events->bed);
    }
    for (size_t j = 0; j < told.count; j++)
        if (!all[j])
            fail_msg("%s: record %llu of %s is not told of %s", events->bed->service->name,
                     (unsigned long long)told.records[j], (const char *)key.bytes, premises);
}

static void assert_premises(struct events *events, const struct lq_at_premises *at)
{
    struct lq_key keys[ROWS_MOST];
    const char *premises[ROWS_MOST];
    unsigned count = 0;
    struct lq_scan s = lq_scan(lq_bed_read(events->bed), at->table, lq_key_none());
    while (count < ROWS_MOST && lq_scan_next(&s)) {
        const char *number = premises_of(at, &s.key, s.row);
        if (!is_plain(number))
            continue;
        keys[count] = s.key;
        premises[count++] = lq_arena_text(&events->arena, number);
    }
    lq_bed_end_read(events->bed);
    lq_bed_forget(events->bed);
    for (unsigned i = 0; i < count; i++)
        if (is_plain((const char *)keys[i].bytes))
            assert_row_is_told(events, at, keys[i], premises[i]);
}

void world_check_trails(struct lq_bed *bed)
{
    struct events events;
    if (bed->service->things == NULL)
        return;
    read_events(&events, bed);
    const struct lq_table *tables[LQ_TABLES_MAX];
    const unsigned count = lq_service_tables(bed->service, tables);
    for (unsigned i = 0; i < count; i++)
        assert_rows(&events, tables[i]);
    for (const struct lq_thing *thing = bed->service->things; thing->kind != NULL; thing++) {
        const char *numbers[NUMBERS_MOST];
        if (thing->parts > 1)
            continue;
        const unsigned numbered = numbers_of(&events, thing, numbers);
        for (unsigned i = 0; i < numbered; i++)
            if (is_plain(numbers[i]))
                assert_trail(&events, thing->kind, numbers[i]);
    }
    const struct lq_at_premises *at = bed->service->at_premises;
    for (; at != NULL && at->table != NULL; at++)
        assert_premises(&events, at);
    lq_arena_free(&events.arena);
}
