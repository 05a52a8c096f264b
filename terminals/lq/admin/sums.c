#include "lq/admin/sums.h"

#include <stdlib.h>

#include "base/assert.h"

void lq_sums_begin(struct lq_sums *sums)
{
    *sums = (struct lq_sums){0};
    sums->list = open_memstream(&sums->text, &sums->size);
    LQ_ASSERT(sums->list != NULL);
    crypto_hash_sha256_init(&sums->state);
}

void lq_sums_bytes(struct lq_sums *sums, const void *bytes, size_t size)
{
    crypto_hash_sha256_update(&sums->state, bytes, size);
}

void lq_sums_file(struct lq_sums *sums, const char *name)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[2 * sizeof hash + 1];
    crypto_hash_sha256_final(&sums->state, hash);
    crypto_hash_sha256_init(&sums->state);
    sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    LQ_ASSERT(fprintf(sums->list, "%s  %s\n", text, name) > 0);
}

struct lq_span lq_sums_text(struct lq_sums *sums)
{
    LQ_ASSERT(fflush(sums->list) == 0);
    return lq_span(sums->text, sums->size);
}

void lq_sums_end(struct lq_sums *sums)
{
    fclose(sums->list);
    free(sums->text);
}
