#include "service/trail.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "service/service.h"
#include "service/view.h"

const struct lq_table lq_trail = {"trail", &rules__trail_mark__descriptor};

// ---------------------------------------------------------------- who entered it

static void *entered_in(const void *row)
{
    const ProtobufCMessageDescriptor *type = ((const ProtobufCMessage *)row)->descriptor;
    void *entered = NULL;
    if (lq_tells_entered(type))
        memcpy(&entered, (const char *)row + type->fields[type->n_fields - 1].offset,
               sizeof entered);
    return entered;
}

const Rules__Entered *lq_entered_of(const void *row)
{
    return entered_in(row);
}

Rules__Entered *lq_entered(struct lq_view *tables)
{
    const struct lq_occurrence *what = tables->what;
    if (what == NULL)
        return NULL;
    Rules__Entered *entered = LQ_NEW(tables->arena, Rules__Entered);
    rules__entered__init(entered);
    entered->actor = lq_unconst(what->actor);
    entered->record = what->seq;
    if (what->on_behalf_of[0] == '\0')
        return entered;
    entered->on_behalf_of = lq_unconst(what->on_behalf_of);
    entered->reason = lq_unconst(what->reason);
    return entered;
}

static const void *list_without(struct lq_arena *arena, const ProtobufCFieldDescriptor *field,
                                const ProtobufCMessage *message)
{
    const size_t count = lq_pb_count(message, field);
    const void **list = LQ_NEW_ARRAY(arena, const void *, count);
    for (size_t i = 0; i < count; i++)
        list[i] = lq_without_entered(arena, lq_pb_message_at(lq_pb_value(message, field, i)));
    return list;
}

const void *lq_without_entered(struct lq_arena *arena, const void *message)
{
    const ProtobufCMessageDescriptor *type = ((const ProtobufCMessage *)message)->descriptor;
    char *copy = lq_pb_project(arena, type, message);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        const void *value = NULL;
        if (field->type != PROTOBUF_C_TYPE_MESSAGE || lq_pb_count(message, field) == 0)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            value = list_without(arena, field, message);
        else if (field->id != LQ_ENTERED)
            value = lq_without_entered(arena, lq_pb_message_at(lq_pb_value(message, field, 0)));
        memcpy(copy + field->offset, &value, sizeof value);
    }
    return copy;
}

// ---------------------------------------------------------------- written behind a row

// The row's bytes with the member behind them, which is its last. That is what encoding the message
// would give, for a fraction of the work: this is on the way of every command.
enum { VARINT_MOST = 10, TAG_AND_SIZE_MOST = 2 + VARINT_MOST };

static uint8_t *put_varint(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

static size_t varint_size(uint64_t value)
{
    size_t size = 1;
    for (; value >= 0x80; value >>= 7)
        size++;
    return size;
}

static uint8_t *put_text(uint8_t *at, unsigned field, const char *text, size_t size)
{
    if (size == 0)
        return at;
    *at++ = (uint8_t)(field << 3 | 2);
    at = put_varint(at, size);
    memcpy(at, text, size);
    return at + size;
}

static size_t text_size(size_t size)
{
    return size == 0 ? 0 : 1 + varint_size(size) + size;
}

static struct lq_span with_entered(struct lq_view *tables, struct lq_span row)
{
    const struct lq_occurrence *what = tables->what;
    const size_t actor = strlen(what->actor), behalf = strlen(what->on_behalf_of),
                 reason = behalf == 0 ? 0 : strlen(what->reason);
    const size_t size =
        text_size(actor) + text_size(behalf) + text_size(reason) + 1 + varint_size(what->seq);
    uint8_t *bytes = lq_arena_alloc(tables->arena, row.size + TAG_AND_SIZE_MOST + size);
    memcpy(bytes, row.data, row.size);
    uint8_t *at = put_varint(bytes + row.size, LQ_ENTERED << 3 | 2);
    at = put_varint(at, size);
    at = put_text(at, 1, what->actor, actor);
    at = put_text(at, 2, what->on_behalf_of, behalf);
    at = put_text(at, 3, what->reason, reason);
    *at++ = 4 << 3;
    at = put_varint(at, what->seq);
    return lq_span(bytes, (size_t)(at - bytes));
}

// ---------------------------------------------------------------- at premises

static struct lq_key then_bytes(struct lq_key key, struct lq_span bytes)
{
    LQ_ASSERT(key.size + bytes.size <= sizeof key.bytes);
    memcpy(key.bytes + key.size, bytes.data, bytes.size);
    key.size = (uint8_t)(key.size + bytes.size);
    return key;
}

const struct lq_table lq_premises_things = {"at_premises", &rules__trail_mark__descriptor};

// NULL: the table's rows are of none, or this one says none.
static const char *premises_of(const struct lq_service *service, const struct lq_table *table,
                               const struct lq_key *key, const ProtobufCMessage *row)
{
    const struct lq_at_premises *at = service->at_premises;
    while (at != NULL && at->table != NULL && at->table != table)
        at++;
    if (at == NULL || at->table == NULL)
        return NULL;
    const char *number = (const char *)key->bytes;
    if (at->field != NULL) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(row->descriptor, at->field);
        LQ_ASSERT(field != NULL && field->type == PROTOBUF_C_TYPE_STRING);
        number = lq_pb_text_at(lq_pb_value(row, field, 0));
    }
    return lq_pb_identifier(number) ? number : NULL; // else a record of before does not name them
}

static struct lq_key premises_key(const char *premises, const struct lq_table *table,
                                  const struct lq_key *key)
{
    const struct lq_key of = lq_key_then_text(lq_key_text(premises), table->name);
    return then_bytes(of, lq_span(key->bytes, key->size));
}

static void keep_premises(struct lq_view *tables, const char *premises,
                          const struct lq_table *table, const struct lq_key *key)
{
    const struct lq_key at = premises_key(premises, table, key);
    tables->ops->put(tables->self, &lq_premises_things, lq_span(at.bytes, at.size), lq_span("", 0));
}

void lq_trail_moved(struct lq_view *tables, const struct lq_table *table, const struct lq_key *key,
                    const void *before, const void *after)
{
    const struct lq_service *service = tables->what->service;
    const char *from = premises_of(service, table, key, before);
    const char *to = premises_of(service, table, key, after);
    if (from == to || (from != NULL && to != NULL && strcmp(from, to) == 0))
        return;
    if (from != NULL) {
        const struct lq_key at = premises_key(from, table, key);
        tables->ops->erase(tables->self, &lq_premises_things, lq_span(at.bytes, at.size));
    }
    if (to != NULL)
        keep_premises(tables, to, table, key);
}

// ---------------------------------------------------------------- the trail

// Of a row with a part's place among those of what it is part of.
static struct lq_key part_key(const struct lq_part *part, const struct lq_key *key)
{
    const size_t first = strnlen((const char *)key->bytes, key->size - 1u) + 1;
    struct lq_key of = then_bytes(lq_key_text(part->of->name), lq_span(key->bytes, first));
    of = lq_key_then_text(of, part->table->name);
    return then_bytes(of, lq_span(key->bytes + first, key->size - first));
}

static struct lq_key key_of(const struct lq_part *part, const struct lq_table *table,
                            const struct lq_key *key)
{
    return part != NULL && part->by == NULL
               ? part_key(part, key)
               : then_bytes(lq_key_text(table->name), lq_span(key->bytes, key->size));
}

struct lq_key lq_trail_key(const struct lq_service *service, const struct lq_table *table,
                           const struct lq_key *key)
{
    return key_of(lq_part_of(service, table), table, key);
}

static void mark(struct lq_view *tables, struct lq_key key, uint64_t record)
{
    key = lq_key_then_number(key, record);
    tables->ops->put(tables->self, &lq_trail, lq_span(key.bytes, key.size), lq_span("", 0));
}

// Of the row that this one names in a field.
static void mark_whole(struct lq_view *tables, const struct lq_part *part, const struct lq_key *key,
                       const ProtobufCMessage *row)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(row->descriptor, part->by);
    if (field == NULL)
        return; // what it is kept of does not say
    LQ_ASSERT(field->type == PROTOBUF_C_TYPE_STRING);
    const char *number = lq_pb_text_at(lq_pb_value(row, field, 0));
    if (*number == '\0')
        return; // part of none
    struct lq_key of = lq_key_text(part->of->name);
    of = lq_key_then_text(of, number);
    of = lq_key_then_text(of, part->table->name);
    mark(tables, then_bytes(of, lq_span(key->bytes, key->size)), tables->what->seq);
}

// Of a part that is there already: what it was made by is told by the new row no more.
static void mark_replaced(struct lq_view *tables, const struct lq_part *part,
                          const struct lq_table *table, const struct lq_key *key)
{
    if (!lq_exists(tables, table, *key))
        return;
    const Rules__Entered *before = entered_in(lq_find(tables, table, *key));
    LQ_ASSERT(before != NULL);
    mark(tables, part_key(part, key), before->record);
}

struct lq_span lq_trail_save(struct lq_view *tables, const struct lq_table *table,
                             const struct lq_key *key, const ProtobufCMessage *row,
                             struct lq_span bytes)
{
    const struct lq_part *part = lq_part_of(tables->what->service, table);
    if (part != NULL && part->by != NULL)
        mark_whole(tables, part, key, row);
    if (entered_in(row) == NULL) {
        if (part != NULL && part->by == NULL)
            mark_replaced(tables, part, table, key);
        const char *premises = premises_of(tables->what->service, table, key, row);
        if (premises != NULL)
            keep_premises(tables, premises, table, key);
        return with_entered(tables, bytes);
    }
    mark(tables, key_of(part, table, key), tables->what->seq);
    return bytes;
}

void lq_trail_mark(struct lq_view *tables, const struct lq_table *table, const struct lq_key *key)
{
    const struct lq_part *part = lq_part_of(tables->what->service, table);
    mark(tables, key_of(part, table, key), tables->what->seq);
}

// What it was made by is told by no row any more.
void lq_trail_erase(struct lq_view *tables, const struct lq_table *table, const struct lq_key *key)
{
    const struct lq_part *part = lq_part_of(tables->what->service, table);
    const void *row = lq_find(tables, table, *key);
    const Rules__Entered *entered = row != NULL ? entered_in(row) : NULL;
    LQ_ASSERT(entered != NULL); // what is erased is there, and every row was saved with it
    const struct lq_key of = key_of(part, table, key);
    mark(tables, of, entered->record);
    mark(tables, of, tables->what->seq);
    if (part != NULL && part->by != NULL)
        mark_whole(tables, part, key, row);
}
