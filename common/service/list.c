#include "service/list.h"

#include <string.h>

#include "service/rows.h"

enum { FILTERS_MAX = 8 };

// Fields of the question that are set, beside the rows' fields of the same name.
struct filters {
    struct filter {
        const void *wanted;
        const ProtobufCFieldDescriptor *field;
    } all[FILTERS_MAX];
    unsigned count;
};

static const char *text_at(const void *value)
{
    const char *text;
    memcpy(&text, value, sizeof text);
    return text;
}

static bool is_set(const ProtobufCFieldDescriptor *field, const void *value)
{
    int number;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return text_at(value)[0] != '\0';
    memcpy(&number, value, sizeof number);
    return number != 0;
}

static bool can_filter(const ProtobufCFieldDescriptor *field)
{
    return field->label != PROTOBUF_C_LABEL_REPEATED &&
           (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_ENUM);
}

static struct filters filters_of(const ProtobufCMessageDescriptor *row, const void *query)
{
    struct filters filters = {0};
    const ProtobufCMessageDescriptor *asked = ((const ProtobufCMessage *)query)->descriptor;
    for (unsigned i = 0; i < asked->n_fields; i++) {
        const ProtobufCFieldDescriptor *question = &asked->fields[i];
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(row, question->name);
        const void *wanted = (const char *)query + question->offset;
        if (field == NULL || field->type != question->type || !can_filter(field) ||
            !is_set(question, wanted))
            continue;
        LQ_ASSERT(filters.count < FILTERS_MAX);
        filters.all[filters.count++] = (struct filter){.wanted = wanted, .field = field};
    }
    return filters;
}

static bool passes(const struct filters *filters, const void *row)
{
    for (unsigned i = 0; i < filters->count; i++) {
        const struct filter *filter = &filters->all[i];
        const void *value = (const char *)row + filter->field->offset;
        const bool same = filter->field->type == PROTOBUF_C_TYPE_STRING
                              ? strcmp(text_at(filter->wanted), text_at(value)) == 0
                              : memcmp(filter->wanted, value, sizeof(int)) == 0;
        if (!same)
            return false;
    }
    return true;
}

void lq_list(struct lq_reading *r, const struct lq_table *table, const void *query, void *answer)
{
    const ProtobufCMessageDescriptor *asked = ((const ProtobufCMessage *)query)->descriptor;
    const ProtobufCFieldDescriptor *after =
        protobuf_c_message_descriptor_get_field_by_name(asked, "after");
    const ProtobufCFieldDescriptor *limit =
        protobuf_c_message_descriptor_get_field_by_name(asked, "limit");
    LQ_ASSERT(after != NULL && limit != NULL);
    uint32_t most;
    memcpy(&most, (const char *)query + limit->offset, sizeof most);
    struct lq_rows rows = lq_rows(r->arena, most);
    const struct filters filters = filters_of(table->row, query);
    struct lq_scan s =
        lq_scan_after(r->view, table, lq_key_none(), text_at((const char *)query + after->offset));
    while (lq_scan_next(&s))
        if (passes(&filters, s.row) && !lq_rows_add(&rows, s.row))
            break;
    lq_rows_answer(&rows, answer);
}
