#include "lq/show/mention.h"

#include <string.h>

#include "pb/reflect.h"

bool lq_mentions(const ProtobufCMessage *message, const char *number)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        for (size_t j = 0; j < lq_pb_count(message, field); j++) {
            const void *value = lq_pb_value(message, field, j);
            if (field->type == PROTOBUF_C_TYPE_STRING && strcmp(lq_pb_text_at(value), number) == 0)
                return true;
            if (field->type == PROTOBUF_C_TYPE_MESSAGE &&
                lq_mentions(lq_pb_message_at(value), number))
                return true;
        }
    }
    return false;
}
