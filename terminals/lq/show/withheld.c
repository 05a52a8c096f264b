#include "lq/show/withheld.h"

#include <string.h>

#include "language/language.h"
#include "pb/reflect.h"

bool lq_names_withheld(const ProtobufCFieldDescriptor *field)
{
    return strcmp(field->name, "withheld") == 0 && field->type == PROTOBUF_C_TYPE_STRING &&
           field->label == PROTOBUF_C_LABEL_REPEATED;
}

bool lq_is_withheld(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const ProtobufCFieldDescriptor *list =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, "withheld");
    if (list == NULL || !lq_names_withheld(list))
        return false;
    const size_t count = lq_pb_count(message, list);
    for (size_t i = 0; i < count; i++)
        if (strcmp(lq_pb_text_at(lq_pb_value(message, list, i)), field->name) == 0)
            return true;
    return false;
}

// (What is called a name in rules.proto is that of a file.)
static bool is_name_of_somebody(const ProtobufCMessage *message,
                                const ProtobufCFieldDescriptor *field)
{
    return strcmp(field->name, "person") == 0 ||
           (strcmp(field->name, "name") == 0 &&
            strcmp(message->descriptor->package_name, "rules") != 0);
}

const char *lq_withheld_word(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if (!lq_is_withheld(message, field))
        return NULL;
    return is_name_of_somebody(message, field) ? lq_tr("(name withheld)") : lq_tr("(withheld)");
}
