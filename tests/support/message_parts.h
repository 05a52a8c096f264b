// What the parser of patterns and their users share; seen by this folder alone.
#pragma once

#include "support/message.h"

struct lq_pattern_value {
    int64_t number; // of every kind of number, of enums and of bool
    const char *text;
    ProtobufCBinaryData bytes;
    const struct lq_pattern *message;
    struct lq_pattern_value *next;
};

struct lq_pattern_field {
    const ProtobufCFieldDescriptor *field;
    struct lq_pattern_value *values;
    size_t count;
    struct lq_pattern_field *next;
};

struct lq_pattern {
    const ProtobufCMessageDescriptor *type;
    struct lq_pattern_field *fields;
};
