// What the fuzz targets share. A target is one fuzz_NAME.c with LLVMFuzzerTestOneInput; built with
// LQ_FUZZ it is driven by libFuzzer, else by main.c, which feeds it the files of its corpus.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "service/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv); // main.c calls it too; each target has one

// What must hold, whatever the bytes are. Not LQ_ASSERT, because fuzz_record.c lets that one pass.
#define FUZZ_REQUIRE(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

// ---------------------------------------------------------------- taking an input apart

// Past the end everything is zero or empty, so that every input is one.
struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

uint8_t fuzz_byte(struct fuzz_input *input);
uint16_t fuzz_u16(struct fuzz_input *input);
uint64_t fuzz_u64(struct fuzz_input *input);
struct lq_span
fuzz_piece(struct fuzz_input *input); // two bytes of length, then as many as are left
struct lq_span fuzz_rest(struct fuzz_input *input);

// ---------------------------------------------------------------- choosing by name

// A choice by the hash of a name, so that a corpus keeps its meaning when services and types are
// added: the one whose hash is next from `choice` on.
const ProtobufCMessageDescriptor *fuzz_type(uint16_t choice);
const struct lq_service *fuzz_service(uint16_t choice);

// The other way round, for seeds.
uint16_t fuzz_choice_of(const char *name);

// Every message type that has bytes of its own somewhere: the envelope's, and each service's
// commands, events, queries and answers. NULL past the last.
const ProtobufCMessageDescriptor *fuzz_type_at(size_t index);

// ---------------------------------------------------------------- files

// A file in memory that holds these bytes, and its path, for readers that want a path. The same
// file each time: the last bytes are gone.
const char *fuzz_file(struct lq_span bytes);

// A new empty directory, removed with all that is in it when the process ends in good order.
const char *fuzz_directory(void);
