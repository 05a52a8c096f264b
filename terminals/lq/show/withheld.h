// What the service has kept back because it is not for whoever asks (rules/reading.h): never a
// blank without a word.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

// Is the field one of those that the message's `withheld` names?
bool lq_is_withheld(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// What stands in its place, in the person's language; NULL: it is not withheld.
const char *lq_withheld_word(const ProtobufCMessage *message,
                             const ProtobufCFieldDescriptor *field);

// Is it that list itself? The words stand in the place of what it names.
bool lq_names_withheld(const ProtobufCFieldDescriptor *field);
