#include "service/rows.h"

#include <string.h>

#include "base/assert.h"
#include "pb/pb.h"

struct lq_scan lq_scan_after(struct lq_view *view, const struct lq_table *table,
                             struct lq_key prefix, const char *after)
{
    return lq_scan_from(view, table, prefix, lq_key_then_text(prefix, after), true);
}

struct lq_rows lq_rows(struct lq_arena *arena, unsigned asked)
{
    const unsigned usual = 100, most = 500;
    const unsigned limit = asked == 0 ? usual : asked > most ? most : asked;
    return (struct lq_rows){
        .arena = arena, .rows = LQ_NEW_ARRAY(arena, void *, limit), .limit = limit};
}

bool lq_rows_add(struct lq_rows *rows, const void *row)
{
    if (rows->count == rows->limit) {
        rows->more = true;
        return false;
    }
    rows->rows[rows->count++] = lq_unconst(row);
    return true;
}

// The rows as messages of the type that the answer lists.
static void **as_told(const struct lq_rows *rows, const ProtobufCMessageDescriptor *type)
{
    if (rows->count == 0 || ((const ProtobufCMessage *)rows->rows[0])->descriptor == type)
        return rows->rows;
    void **told = LQ_NEW_ARRAY(rows->arena, void *, rows->count);
    for (size_t i = 0; i < rows->count; i++)
        told[i] = lq_pb_project(rows->arena, type, rows->rows[i]);
    return told;
}

void lq_rows_answer(const struct lq_rows *rows, void *answer)
{
    const ProtobufCMessageDescriptor *type = ((const ProtobufCMessage *)answer)->descriptor;
    const ProtobufCFieldDescriptor *list = &type->fields[0];
    const ProtobufCFieldDescriptor *more =
        protobuf_c_message_descriptor_get_field_by_name(type, "more");
    LQ_ASSERT(list->label == PROTOBUF_C_LABEL_REPEATED && list->descriptor != NULL);
    LQ_ASSERT(more != NULL && more->type == PROTOBUF_C_TYPE_BOOL);
    void **told = as_told(rows, list->descriptor);
    const protobuf_c_boolean is_more = rows->more;
    memcpy((char *)answer + list->quantifier_offset, &rows->count, sizeof rows->count);
    memcpy((char *)answer + list->offset, &told, sizeof told);
    memcpy((char *)answer + more->offset, &is_more, sizeof is_more);
}
