// A file of this machine that is to become evidence: looked at before anything of it is sent.
#pragma once

#include "lq/cli/cli.h"

enum { LQ_LOCAL_HEAD = 64 };

struct lq_local {
    int fd;
    const char *path, *name; // as it was typed; without its folders
    uint32_t bytes;
    const char *sha256;
    uint8_t head[LQ_LOCAL_HEAD];
    size_t head_size;
};

// Opens and hashes it. What cannot be read, is empty or too large is said, and so is a photograph
// or recording that ends too early, unless it is taken `as_it_is`. Gives the exit code; on success
// the caller closes `fd`.
int lq_local_open(struct lq_cli *cli, const char *path, bool as_it_is, struct lq_local *out);

// Reads `size` bytes from there on; false: it has become shorter, or cannot be read.
bool lq_local_read(const struct lq_local *local, uint32_t at, void *out, size_t size);

// Does it end where its own parts say that it does? JPEG: with its end marker; PNG: with IEND; MP4,
// MOV, HEIC: where its boxes end; PDF: with %%EOF. Of others nothing is known: true.
bool lq_local_is_whole(const struct lq_local *local);
