// Rows of one type with all their fields, one meaning a column: what CSV and books have.
#include "base/assert.h"
#include "base/span.h"
#include "lq/show/show.h"
#include "pb/pb.h"
#include "pb/reflect.h"

// Gives every row's cells, or with row NULL the columns' names.
struct flat {
    struct lq_output *output;
    struct lq_column *columns;
    size_t count;
};

// A number that is 0 is a number; a time that is 0 is none.
static const char *cell_text(struct lq_cli *cli, const ProtobufCMessage *row,
                             const ProtobufCFieldDescriptor *field)
{
    const char *text = lq_show_field(cli, row, field);
    const bool is_text = field->type == PROTOBUF_C_TYPE_STRING ||
                         field->type == PROTOBUF_C_TYPE_BYTES ||
                         field->type == PROTOBUF_C_TYPE_ENUM;
    if (*text != '\0' || is_text || field->label == PROTOBUF_C_LABEL_REPEATED ||
        lq_ends_with(field->name, "_ms") || lq_ends_with(field->name, "_day") ||
        lq_ends_with(field->name, "_e7"))
        return text;
    return field->type == PROTOBUF_C_TYPE_BOOL ? "no" : "0";
}

static bool is_number(const ProtobufCFieldDescriptor *field)
{
    return field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_BYTES &&
           field->type != PROTOBUF_C_TYPE_ENUM && field->type != PROTOBUF_C_TYPE_BOOL &&
           field->type != PROTOBUF_C_TYPE_MESSAGE && field->label != PROTOBUF_C_LABEL_REPEATED &&
           !lq_ends_with(field->name, "_ms") && !lq_ends_with(field->name, "_day") &&
           !lq_ends_with(field->name, "_e7");
}

static void add_cell(struct lq_cli *cli, struct lq_output *output, const ProtobufCMessage *row,
                     const ProtobufCFieldDescriptor *field)
{
    if (row != NULL && is_number(field))
        lq_output_number(output, lq_pb_integer_at(field->type, lq_pb_value(row, field, 0)));
    else
        lq_output_text(output, row != NULL ? cell_text(cli, row, field) : "");
}

static void flatten(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                    const ProtobufCMessage *row, struct flat *flat)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        const bool set = row != NULL && lq_pb_count(row, field) > 0;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE && field->label != PROTOBUF_C_LABEL_REPEATED) {
            flatten(cli, field->descriptor,
                    set ? lq_pb_message_at(lq_pb_value(row, field, 0)) : NULL, flat);
            continue;
        }
        if (flat->output != NULL)
            add_cell(cli, flat->output, set ? row : NULL, field);
        else
            flat->columns[flat->count++] = (struct lq_column){
                .key = lq_show_key(cli, field->name), .zh = lq_show_title(cli, type, field->name)};
    }
}

int lq_show_rows(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                 const ProtobufCMessage *const *rows, size_t count)
{
    enum { COLUMNS_MOST = 128 }; // no message of ours has half as many fields
    struct flat flat = {.columns = LQ_NEW_ARRAY(&cli->arena, struct lq_column, COLUMNS_MOST)};
    flatten(cli, type, NULL, &flat);
    LQ_ASSERT(flat.count <= COLUMNS_MOST);
    flat.output = lq_output_new(flat.columns, flat.count);
    for (size_t i = 0; i < count; i++)
        flatten(cli, type, rows[i], &flat);
    return lq_cli_print(cli, flat.output);
}
