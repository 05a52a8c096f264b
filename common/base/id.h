// A command id: a UUIDv7 (RFC 9562, section 5.7). Its first 48 bits are a time in milliseconds,
// so that ids rise and the table of ids that every command touches stays dense.
#pragma once

#include "base/span.h"

#define LQ_ID_SIZE 16
#define LQ_ID_TEXT 37 // "018f…" in 8-4-4-4-12 form and a NUL

struct lq_id {
    uint8_t bytes[LQ_ID_SIZE];
};

// A new random id at the given time.
struct lq_id lq_id_new(int64_t at_ms);

// The id of what must get the same id on every attempt, such as a row of a ledger. The 74 free bits
// are a hash of `what`.
struct lq_id lq_id_derive(int64_t at_ms, struct lq_span what);

// The same for a command that a service gives itself, but version 8. Ids of senders are version 7,
// so that nobody can take the id of a command that a service will give itself.
struct lq_id lq_id_derive_own(int64_t at_ms, struct lq_span what);

const char *lq_id_format(struct lq_id id, char *buffer);
bool lq_id_parse(const char *text, struct lq_id *out);
bool lq_id_from_span(struct lq_span bytes, struct lq_id *out); // false unless 16 bytes of version 7
bool lq_id_from_record(struct lq_span bytes, struct lq_id *out); // of version 7 or 8
