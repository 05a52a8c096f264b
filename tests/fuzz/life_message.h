// Messages for fuzz_life.c: mostly such as a service may accept, with a few fields bent.
#pragma once

#include "fuzz.h"

// Reads from the input: which member of the type's oneof (a byte), the seed of what
// support/generate.c fills it with (two bytes), and how many fields are then set otherwise (a
// byte), each by its place and what is put there.
const ProtobufCMessage *life_message(struct fuzz_input *input, struct lq_arena *arena,
                                     const ProtobufCMessageDescriptor *type, int64_t now_ms);
