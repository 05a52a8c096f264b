// The sums of a backup's files, as `sha256sum -c` reads them, in the order of the files.
#pragma once

#include <sodium.h>
#include <stdio.h>

#include "base/span.h"

#define LQ_SUMS_NAME "SHA256SUMS"

struct lq_sums {
    FILE *list;
    char *text;
    size_t size;
    crypto_hash_sha256_state state; // of the file that is being read
};

void lq_sums_begin(struct lq_sums *sums);
void lq_sums_bytes(struct lq_sums *sums, const void *bytes, size_t size);
void lq_sums_file(struct lq_sums *sums, const char *name); // its bytes were told
struct lq_span lq_sums_text(struct lq_sums *sums);         // valid until the next call
void lq_sums_end(struct lq_sums *sums);
