#include "lq/evidence/local.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sha256.h"
#include "rules/attach.h"

enum { BLOCK = 48 * 1024 };

bool lq_local_read(const struct lq_local *local, uint32_t at, void *out, size_t size)
{
    size_t done = 0;
    while (done < size) {
        const ssize_t got = pread(local->fd, (char *)out + done, size - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

// A block at a time: no more of it than that is ever in memory.
static bool hash(struct lq_cli *cli, struct lq_local *local)
{
    uint8_t block[BLOCK], kept[LQ_SHA256_STATE_MOST];
    struct lq_arena arena = {0};
    struct lq_span state = lq_span(NULL, 0);
    uint32_t at = 0;
    bool is_read = true;
    while (is_read && at < local->bytes) {
        const size_t size = local->bytes - at < BLOCK ? local->bytes - at : BLOCK;
        is_read = lq_local_read(local, at, block, size);
        state = lq_sha256_add(&arena, state, at, lq_span(block, size));
        memcpy(kept, state.data, state.size);
        state.data = kept;
        lq_arena_reset(&arena);
        at += (uint32_t)size;
    }
    local->sha256 = lq_sha256_hex(&cli->arena, state, local->bytes);
    lq_arena_free(&arena);
    return is_read;
}

static int check_size(struct lq_local *local)
{
    struct stat is;
    if (fstat(local->fd, &is) != 0 || !S_ISREG(is.st_mode))
        lq_cli_fail("%s is no file that can be attached", local->path);
    else if (is.st_size == 0)
        lq_cli_fail("%s is empty: nothing was sent", local->path);
    else if (is.st_size > LQ_FILE_BYTES_MOST)
        lq_cli_fail("%s has %lld bytes; the most is %d (20 MiB): nothing was sent", local->path,
                    (long long)is.st_size, LQ_FILE_BYTES_MOST);
    else {
        local->bytes = (uint32_t)is.st_size;
        return LQ_EXIT_DONE;
    }
    return LQ_EXIT_REFUSED;
}

static int look_at(struct lq_cli *cli, struct lq_local *local, bool as_it_is)
{
    const int code = check_size(local);
    if (code != LQ_EXIT_DONE)
        return code;
    local->head_size = local->bytes < LQ_LOCAL_HEAD ? local->bytes : LQ_LOCAL_HEAD;
    if (!lq_local_read(local, 0, local->head, local->head_size) || !hash(cli, local)) {
        lq_cli_fail("%s cannot be read: nothing was sent", local->path);
        return LQ_EXIT_REFUSED;
    }
    if (as_it_is || lq_local_is_whole(local))
        return LQ_EXIT_DONE;
    lq_cli_fail("%s is cut: it ends before its own end. Nothing was sent; copy it anew from the "
                "camera, or attach it --as-it-is",
                local->path);
    return LQ_EXIT_REFUSED;
}

int lq_local_open(struct lq_cli *cli, const char *path, bool as_it_is, struct lq_local *out)
{
    const char *slash = strrchr(path, '/');
    *out = (struct lq_local){.path = path, .name = slash != NULL ? slash + 1 : path};
    out->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a pipe would wait for its writer
    if (out->fd < 0) {
        lq_cli_fail("%s cannot be read (%s): nothing was sent", path, lq_tr(strerror(errno)));
        return LQ_EXIT_REFUSED;
    }
    const int code = look_at(cli, out, as_it_is);
    if (code != LQ_EXIT_DONE)
        close(out->fd);
    return code;
}
