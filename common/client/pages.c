// Where the next page begins is read from the messages themselves.
#include "client/pages.h"

#include "base/assert.h"
#include "pb/reflect.h"

static void *place(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    return field != NULL ? (char *)(uintptr_t)message + field->offset : NULL;
}

const ProtobufCFieldDescriptor *lq_page_rows(const ProtobufCMessage *page)
{
    for (unsigned i = 0; i < page->descriptor->n_fields; i++)
        if (page->descriptor->fields[i].label == PROTOBUF_C_LABEL_REPEATED)
            return &page->descriptor->fields[i];
    LQ_UNREACHABLE();
}

// A row's number is its first field, or that of its first field.
static const char *number_of(const ProtobufCMessage *row)
{
    const ProtobufCFieldDescriptor *field = &row->descriptor->fields[0];
    const void *value = lq_pb_value(row, field, 0);
    return field->type == PROTOBUF_C_TYPE_MESSAGE ? number_of(lq_pb_message_at(value))
                                                  : lq_pb_text_at(value);
}

bool lq_page_turn(ProtobufCMessage *asked, const ProtobufCMessage *page,
                  const ProtobufCMessage *last)
{
    const protobuf_c_boolean *more = place(page, "more");
    char **const after = place(asked, "after"), **const before = place(asked, "before");
    if (more == NULL || !*more)
        return false;
    if (before != NULL) {
        char **const next = place(page, "next_before");
        LQ_ASSERT(next != NULL);
        *before = *next;
        return **before != '\0';
    }
    LQ_ASSERT(after != NULL);
    if (last == NULL)
        return false;
    *after = (char *)(uintptr_t)number_of(last);
    return true;
}

void lq_page_limit(ProtobufCMessage *asked, uint32_t rows)
{
    uint32_t *const limit = place(asked, "limit");
    LQ_ASSERT(limit != NULL);
    *limit = rows;
}
