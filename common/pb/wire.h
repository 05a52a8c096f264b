// Reading protobuf field by field, without a descriptor and without memory: what the check of
// messages (scan.c) is made of, and how the bus reads the two fields it needs of a request. As
// strict as protobuf-c: tags and lengths have at most five bytes.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct lq_pb_wire {
    const uint8_t *at, *end; // what is left to read
    bool broken;             // the bytes are not protobuf; set by lq_pb_next_field
};

struct lq_pb_tag {
    uint32_t number;
    ProtobufCWireType type;
};

struct lq_pb_field {
    struct lq_pb_tag tag;
    uint64_t value;       // of a varint
    struct lq_span bytes; // of the other types; borrowed
};

static inline struct lq_pb_wire lq_pb_wire(struct lq_span bytes)
{
    static const uint8_t nothing[1];
    const uint8_t *data = bytes.data != NULL ? bytes.data : nothing;
    return (struct lq_pb_wire){.at = data, .end = data + bytes.size};
}

// Takes the next field, whatever it is. False at the end, or if the bytes are broken.
bool lq_pb_next_field(struct lq_pb_wire *wire, struct lq_pb_field *field);

// ---------------------------------------------------------------- its parts

// All return false if the bytes end too early or are not what is asked for.

// Reads a varint of at most `most` bytes.
static inline bool lq_pb_take_varint(struct lq_pb_wire *wire, unsigned most, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < most && wire->at < wire->end; i++) {
        const uint8_t byte = *wire->at++;
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *out = value;
            return i < 9 || byte <= 1; // the tenth byte has room for one bit
        }
    }
    return false;
}

static inline bool lq_pb_take_tag(struct lq_pb_wire *wire, struct lq_pb_tag *out)
{
    uint64_t key;
    if (!lq_pb_take_varint(wire, 5, &key) || key > UINT32_MAX || key >> 3 == 0)
        return false;
    *out = (struct lq_pb_tag){(uint32_t)(key >> 3), (ProtobufCWireType)(key & 7)};
    return true;
}

static inline bool lq_pb_take_bytes(struct lq_pb_wire *wire, size_t size, struct lq_span *out)
{
    if (size > (size_t)(wire->end - wire->at))
        return false;
    *out = lq_span(wire->at, size);
    wire->at += size;
    return true;
}

// Reads a length and takes so many bytes.
static inline bool lq_pb_take_piece(struct lq_pb_wire *wire, struct lq_span *out)
{
    uint64_t size;
    return lq_pb_take_varint(wire, 5, &size) && lq_pb_take_bytes(wire, (size_t)size, out);
}

// Takes the value of a field whose tag was read.
static inline bool lq_pb_take_value(struct lq_pb_wire *wire, struct lq_pb_field *field)
{
    switch (field->tag.type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return lq_pb_take_varint(wire, 10, &field->value);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return lq_pb_take_bytes(wire, 8, &field->bytes);
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        return lq_pb_take_piece(wire, &field->bytes);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return lq_pb_take_bytes(wire, 4, &field->bytes);
    default:
        return false; // groups, and what does not exist
    }
}
