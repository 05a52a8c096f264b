// Random messages that a service may well accept: fields get values by their names, out of pools so
// small that commands meet each other's numbers. The same seed gives the same messages.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "base/arena.h"

//
// `era` moves the numbers of orders, items and cases on, so that a long life does not run out of
// them: whoever owns the dice raises it now and then.
struct lq_dice {
    uint64_t state;
    unsigned era;
};

struct lq_dice lq_dice(uint64_t seed);
uint64_t lq_throw(struct lq_dice *dice, uint64_t sides); // 0 … sides - 1
bool lq_chance(struct lq_dice *dice, unsigned percent);

// A message of the type, about things around now_ms. One value in twenty is missing or odd.
ProtobufCMessage *lq_generate(struct lq_dice *dice, struct lq_arena *arena,
                              const ProtobufCMessageDescriptor *type, int64_t now_ms);

// The same for a message with one oneof, with that member set (an index into the type's fields).
ProtobufCMessage *lq_generate_variant(struct lq_dice *dice, struct lq_arena *arena,
                                      const ProtobufCMessageDescriptor *type, unsigned member,
                                      int64_t now_ms);

// Of an Event's members: no command makes it any more, only journals of before have it; or it is no
// event, but the terms that go with one.
bool lq_event_of_before(const ProtobufCFieldDescriptor *member);
