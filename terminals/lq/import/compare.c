// A row whose number is recorded already is refused by the service. If the record says something
// else, the row was corrected in the ledger: the reason then tells field by field what differs.
#include <stdlib.h>

#include "base/time.h"
#include "client/ask.h"
#include "lq/import/import.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"

enum { COMPARED_MOST = 200 }; // each is a question

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *type,
                                                const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(type, name);
}

// The message that the answer has at that path; NULL if there is none.
static const ProtobufCMessage *follow(const ProtobufCMessage *from, const char *const path[2])
{
    for (int i = 0; i < 2 && from != NULL && path[i] != NULL; i++) {
        const ProtobufCFieldDescriptor *field = field_of(from->descriptor, path[i]);
        from = field != NULL && lq_pb_count(from, field) == 1
                   ? lq_pb_message_at(lq_pb_value(from, field, 0))
                   : NULL;
    }
    return from;
}

static const ProtobufCMessage *record_of(struct lq_import *import, const struct lq_import_row *row)
{
    struct lq_arena *arena = &import->cli->arena;
    const struct lq_ledger *ledger = row->ledger;
    ProtobufCMessage *question =
        lq_pb_new(arena, field_of(ledger->shown.query, "show")->descriptor);
    lq_pb_set_text(question, field_of(question->descriptor, "number"),
                   lq_import_marked(row, LQ_MARK_NUMBER));
    const struct lq_hearing heard = lq_client_ask(
        import->cli->client, arena, ledger->service,
        lq_pb_wrap(arena, ledger->shown.query, "show", question), ledger->shown.answer);
    if (heard.what != LQ_HEARD)
        return NULL;
    return follow(lq_pb_variant_message(heard.answer), ledger->shown.path);
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

static const char *difference(struct lq_arena *arena, const struct lq_ledger *ledger,
                              const ProtobufCMessage *row, const ProtobufCMessage *record)
{
    const char *told = "";
    for (const struct lq_ledger_column *c = ledger->columns; c->heading != NULL; c++) {
        if (c->member == NULL)
            continue;
        const ProtobufCFieldDescriptor *own = field_of(row->descriptor, c->member);
        const ProtobufCFieldDescriptor *kept = field_of(record->descriptor, c->member);
        if (kept == NULL || kept->type != own->type || kept->label != own->label ||
            own->label == PROTOBUF_C_LABEL_REPEATED)
            continue;
        const char *here = text_of(arena, c, row, own), *there = text_of(arena, c, record, kept);
        if (strcmp(here, there) != 0)
            told = lq_arena_format(arena, lq_tr("%s; %s is \"%s\" in the record, \"%s\" here"),
                                   told, c->heading, there, here);
    }
    return told;
}

static void compare(struct lq_import *import, struct lq_import_row *row)
{
    struct lq_arena *arena = &import->cli->arena;
    const char *why = NULL;
    const ProtobufCMessage *record = record_of(import, row);
    const ProtobufCMessage *command = lq_pb_decode(arena, row->ledger->command, row->body, &why);
    if (record == NULL || command == NULL)
        return;
    const char *told = difference(arena, row->ledger, lq_pb_variant_message(command), record);
    row->why = *told != '\0'
                   ? lq_arena_format(arena, "%s%s", row->why, told)
                   : lq_arena_format(arena, lq_tr("%s; the record says the same"), row->why);
}

void lq_import_compare(struct lq_import *import)
{
    unsigned compared = 0;
    for (size_t i = 0; i < import->count && compared < COMPARED_MOST; i++) {
        struct lq_import_row *row = &import->rows[i];
        if (row->ledger->shown.query == NULL || row->code == NULL || row->turned_away ||
            !lq_ends_with(row->code, "_KNOWN"))
            continue;
        compare(import, row);
        compared++;
    }
}
