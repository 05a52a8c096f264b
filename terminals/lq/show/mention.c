#include "lq/show/mention.h"

#include <string.h>

#include "pb/reflect.h"

// The number itself, or, where a thing is named by more parts, its first one ("O0263/T02").
static bool is_number(const char *text, const char *number)
{
    const size_t size = strlen(number);
    return strncmp(text, number, size) == 0 && (text[size] == '\0' || text[size] == '/');
}

bool lq_mentions(const ProtobufCMessage *message, const char *number)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        for (size_t j = 0; j < lq_pb_count(message, field); j++) {
            const void *value = lq_pb_value(message, field, j);
            if (field->type == PROTOBUF_C_TYPE_STRING && is_number(lq_pb_text_at(value), number))
                return true;
            if (field->type == PROTOBUF_C_TYPE_MESSAGE &&
                lq_mentions(lq_pb_message_at(value), number))
                return true;
        }
    }
    return false;
}
