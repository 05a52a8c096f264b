// A row whose number is recorded already is refused by the service. If the record says something
// else, the row was mended in the ledger: the reason then tells field by field what differs; or,
// when told so (--correct), the record is corrected.
#include <stdlib.h>

#include "base/clock.h"
#include "base/time.h"
#include "client/ask.h"
#include "lq/import/import.h"
#include "lq/show/withheld.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "pb/value.h"
#include "rules/correct.h"

enum { COMPARED_MOST = 200 }; // each is a question, where nothing is corrected by it

// A row beside what is recorded under its number.
struct pair {
    struct lq_import *import;
    struct lq_import_row *row;
    const struct lq_service *service;
    const struct lq_thing *thing;
    const char *number;
    const ProtobufCMessage *record, *own; // own: the command that the row says
};

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *type,
                                                const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(type, name);
}

// What is recorded; NULL: it cannot be had.
static const ProtobufCMessage *record_of(const struct pair *pair)
{
    struct lq_arena *arena = &pair->import->cli->arena;
    Rules__ShowThing asked = RULES__SHOW_THING__INIT;
    asked.kind = lq_unconst(pair->thing->kind);
    asked.number = lq_unconst(pair->number);
    const struct lq_hearing heard =
        lq_client_ask(pair->import->cli->client, arena, pair->service->name,
                      lq_pb_wrap(arena, pair->service->query_type, "thing", &asked.base),
                      pair->service->answer_type);
    if (heard.what != LQ_HEARD)
        return NULL;
    const Rules__Thing *told = (const void *)lq_pb_variant_message(heard.answer);
    const char *why = NULL;
    return told == NULL || told->thing.len == 0
               ? NULL
               : lq_pb_decode_within(&LQ_PB_REPLY, arena, lq_thing_type(pair->thing),
                                     lq_span(told->thing.data, told->thing.len), &why);
}

// A value as the column has it.
static const char *text_of(struct lq_arena *arena, const struct lq_ledger_column *column,
                           const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *value = lq_pb_value(message, field, 0);
    char *buffer = lq_arena_alloc(arena, LQ_WORD_TEXT);
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return lq_pb_text_at(value);
    const int64_t number = lq_pb_integer_at(field->type, value);
    switch (column->kind) {
    case LQ_CELL_DAY:
        return number != 0 ? lq_format_day((int32_t)number, buffer) : "";
    case LQ_CELL_INSTANT:
        return lq_format_instant(number, buffer);
    case LQ_CELL_DEGREES:
        return lq_degrees((int32_t)number, buffer);
    case LQ_CELL_WORD:
        return lq_word(field->descriptor, (int)number, buffer);
    default:
        return lq_arena_format(arena, "%lld", (long long)number);
    }
}

// The field of the record that a column is, if both have the same of it. NULL: none.
static const ProtobufCFieldDescriptor *kept_of(const struct pair *pair,
                                               const struct lq_ledger_column *column,
                                               const ProtobufCFieldDescriptor **own)
{
    *own = column->member != NULL ? field_of(pair->own->descriptor, column->member) : NULL;
    if (*own == NULL)
        return NULL;
    const ProtobufCFieldDescriptor *kept = field_of(pair->record->descriptor, column->member);
    return kept != NULL && kept->type == (*own)->type && kept->label == (*own)->label &&
                   kept->label != PROTOBUF_C_LABEL_REPEATED &&
                   !lq_is_withheld(pair->record, kept) // what cannot be read is not compared
               ? kept
               : NULL;
}

static const char *difference(const struct pair *pair)
{
    struct lq_arena *arena = &pair->import->cli->arena;
    const char *told = "";
    for (const struct lq_ledger_column *c = pair->row->ledger->columns; c->heading != NULL; c++) {
        const ProtobufCFieldDescriptor *own, *kept = kept_of(pair, c, &own);
        if (kept == NULL)
            continue;
        const char *here = text_of(arena, c, pair->own, own);
        const char *there = text_of(arena, c, pair->record, kept);
        if (strcmp(here, there) != 0)
            told = lq_arena_format(arena, lq_tr("%s; %s is \"%s\" in the record, \"%s\" here"),
                                   told, c->heading, there, here);
    }
    return told;
}

// ---------------------------------------------------------------- correcting

static void add_change(const struct pair *pair, Rules__Correct *correct,
                       const ProtobufCFieldDescriptor *field, const char *now)
{
    struct lq_arena *arena = &pair->import->cli->arena;
    const char *was = lq_pb_value_text(arena, pair->record, field);
    if (strcmp(was, now) == 0)
        return;
    Rules__Change *change = LQ_NEW(arena, Rules__Change);
    rules__change__init(change);
    change->field = lq_unconst(field->name);
    change->was = lq_unconst(was);
    change->now = lq_unconst(now);
    correct->changes[correct->n_changes++] = change;
}

// All in which the row differs from the record; what cannot be corrected is the service's to say.
static Rules__Correct *correction_of(const struct pair *pair)
{
    struct lq_arena *arena = &pair->import->cli->arena;
    Rules__Correct *correct = LQ_NEW(arena, Rules__Correct);
    rules__correct__init(correct);
    correct->kind = lq_unconst(pair->thing->kind);
    correct->number = lq_unconst(pair->number);
    correct->changes = LQ_NEW_ARRAY(arena, Rules__Change *, LQ_LEDGER_COLUMNS_MAX + 1);
    for (const struct lq_ledger_column *c = pair->row->ledger->columns; c->heading != NULL; c++) {
        const ProtobufCFieldDescriptor *own, *kept = kept_of(pair, c, &own);
        if (kept != NULL && lq_pb_has_text(kept))
            add_change(pair, correct, kept, lq_pb_value_text(arena, pair->own, own));
    }
    const char *when = pair->row->ledger->thing.when;
    if (when != NULL && pair->row->occurred_ms != 0)
        add_change(pair, correct, field_of(pair->record->descriptor, when),
                   lq_arena_format(arena, "%lld", (long long)pair->row->occurred_ms));
    return correct;
}

// Sends it; NULL: it was accepted, else why not.
static const char *send(const struct pair *pair, Rules__Correct *correct)
{
    struct lq_arena *arena = &pair->import->cli->arena;
    const struct lq_cli *cli = pair->import->cli;
    const ProtobufCMessage *body =
        lq_pb_wrap(arena, pair->service->command_type, "correct", &correct->base);
    const struct lq_span bytes = lq_pb_encode(arena, body);
    const struct lq_id id = lq_id_new(lq_wall_ms());
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = (ProtobufCBinaryData){.len = LQ_ID_SIZE, .data = lq_unconst(id.bytes)};
    command.body = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    command.reason = lq_unconst(cli->reason);
    command.on_behalf_of = lq_unconst(
        pair->row->on_behalf_of != NULL && pair->thing->behalf != 0 ? pair->row->on_behalf_of : "");
    const Lq__Reply *reply;
    if (lq_client_call_message(cli->client, pair->service->name, &command.base, &reply) != LQ_OK)
        return lq_cli_fault_text();
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        return lq_cli_refusal_text(reply->refusal);
    const char *why = NULL;
    const Lq__Outcome *outcome = reply->kind_case != LQ__REPLY__KIND_OUTCOME
                                     ? NULL
                                     : (const void *)lq_pb_decode_within(
                                           &LQ_PB_REPLY, arena, &lq__outcome__descriptor,
                                           lq_span(reply->outcome.data, reply->outcome.len), &why);
    LQ_ASSERT(outcome != NULL);
    return outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED
               ? NULL
               : lq_arena_text(arena, lq_cli_rejected_text(outcome->rejected));
}

static void correct_record(const struct pair *pair)
{
    struct lq_arena *arena = &pair->import->cli->arena;
    Rules__Correct *correct = correction_of(pair);
    if (correct->n_changes == 0) {
        pair->row->state = LQ_ROW_KNOWN; // the record says the same
        pair->row->why = NULL;
        return;
    }
    const char *why = send(pair, correct);
    if (why == NULL)
        pair->row->state = LQ_ROW_CORRECTED;
    pair->row->why =
        why == NULL ? NULL : lq_arena_format(arena, lq_tr("it was not corrected: %s"), why);
}

// ---------------------------------------------------------------- rows

static void compare(struct lq_import *import, struct lq_import_row *row)
{
    struct lq_arena *arena = &import->cli->arena;
    const char *why = NULL;
    struct pair pair = {.import = import,
                        .row = row,
                        .service = lq_service_named(row->ledger->service),
                        .number = lq_import_marked(row, LQ_MARK_NUMBER)};
    pair.thing = lq_thing_named(pair.service, row->ledger->thing.kind);
    LQ_ASSERT(pair.thing != NULL);
    const ProtobufCMessage *command = lq_pb_decode(arena, row->ledger->command, row->body, &why);
    pair.own = command != NULL ? lq_pb_variant_message(command) : NULL;
    pair.record = record_of(&pair);
    if (pair.record == NULL || pair.own == NULL)
        return;
    if (lq_given(import->cli, "--correct")) {
        correct_record(&pair);
        return;
    }
    const char *told = difference(&pair);
    row->why = *told != '\0'
                   ? lq_arena_format(arena, lq_tr("%s%s; lq import --correct corrects the record"),
                                     row->why, told)
                   : lq_arena_format(arena, lq_tr("%s; the record says the same"), row->why);
}

void lq_import_compare(struct lq_import *import)
{
    const bool all = lq_given(import->cli, "--correct");
    unsigned compared = 0;
    for (size_t i = 0; i < import->count && (all || compared < COMPARED_MOST); i++) {
        struct lq_import_row *row = &import->rows[i];
        if (row->ledger->thing.kind == NULL || row->code == NULL || row->turned_away ||
            (row->state != LQ_ROW_REFUSED && row->state != LQ_ROW_REFUSED_BEFORE) ||
            !lq_ends_with(row->code, "_KNOWN"))
            continue;
        compare(import, row);
        compared++;
    }
}
