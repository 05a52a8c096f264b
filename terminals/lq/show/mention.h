// Which messages speak of something.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

// Is one of the message's texts, or of those within it, this number?
bool lq_mentions(const ProtobufCMessage *message, const char *number);
