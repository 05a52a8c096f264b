#include "lq/evidence/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sha256.h"
#include "lq/evidence/upload.h"
#include "pb/pb.h"

struct download {
    struct lq_cli *cli;
    const char *sha256, *to;
    char *part; // the name until it is whole
    int fd;
    uint32_t bytes, at;
    uint8_t state[LQ_SHA256_STATE_MOST]; // of the hash of the pieces so far
    size_t state_size;
    struct lq_arena arena; // of one piece
};

static bool write_all(int fd, struct lq_span bytes)
{
    for (size_t done = 0; done < bytes.size;) {
        const ssize_t wrote = write(fd, bytes.data + done, bytes.size - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return false;
        done += (size_t)wrote;
    }
    return true;
}

static int say_not_written(const struct download *d)
{
    lq_cli_fail("%s cannot be written: %s", d->to, lq_tr(strerror(errno)));
    return LQ_EXIT_REFUSED;
}

static int take_piece(struct download *d, const Evidence__ChunkAnswer *answer)
{
    const struct lq_span piece = lq_span(answer->content.data, answer->content.len);
    if (answer->file == NULL) {
        lq_cli_fail("there is no file %s, or it is not for you", d->sha256);
        return LQ_EXIT_REFUSED;
    }
    d->bytes = answer->file->bytes;
    if (piece.size == 0 || piece.size > d->bytes - d->at) {
        lq_cli_fail("evidence has no piece of %s at byte %u: lq verify looks at what is kept",
                    d->sha256, d->at);
        return LQ_EXIT_REFUSED;
    }
    if (!write_all(d->fd, piece))
        return say_not_written(d);
    const struct lq_span state =
        lq_sha256_add(&d->arena, lq_span(d->state, d->state_size), d->at, piece);
    memcpy(d->state, state.data, state.size);
    d->state_size = state.size;
    d->at += (uint32_t)piece.size;
    return LQ_EXIT_DONE;
}

static int read_pieces(struct download *d)
{
    int code = LQ_EXIT_DONE;
    do {
        Evidence__AskChunk question = EVIDENCE__ASK_CHUNK__INIT;
        question.sha256 = lq_unconst(d->sha256);
        question.offset = d->at;
        const ProtobufCMessage *answer = NULL;
        lq_arena_reset(&d->arena);
        code = lq_evidence_ask(d->cli, &d->arena, "chunk", &question.base, &answer);
        if (code == LQ_EXIT_DONE)
            code = take_piece(d, (const void *)answer);
    } while (code == LQ_EXIT_DONE && d->at < d->bytes);
    return code;
}

static int check_hash(struct download *d)
{
    const char *found = lq_sha256_hex(&d->arena, lq_span(d->state, d->state_size), d->bytes);
    if (strcmp(found, d->sha256) == 0)
        return LQ_EXIT_DONE;
    lq_cli_fail("what came has the hash %s, not %s: it is not kept here", found, d->sha256);
    return LQ_EXIT_REFUSED;
}

// Its name, once all is on the disk.
static int name_it(struct download *d, bool replace)
{
    if (fsync(d->fd) != 0)
        return say_not_written(d);
    if (!replace && access(d->to, F_OK) == 0) { // it came meanwhile
        errno = EEXIST;
        return say_not_written(d);
    }
    const enum lq_status status = lq_file_rename(d->part, d->to);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}

static int fetch(struct download *d, bool replace)
{
    d->part = lq_arena_format(&d->cli->arena, "%s.part-XXXXXX", d->to);
    d->fd = mkostemp(d->part, O_CLOEXEC);
    if (d->fd < 0)
        return say_not_written(d);
    const mode_t mask = umask(0);
    umask(mask);
    int code = fchmod(d->fd, 0666 & ~mask) == 0 ? LQ_EXIT_DONE : say_not_written(d);
    if (code == LQ_EXIT_DONE)
        code = read_pieces(d);
    if (code == LQ_EXIT_DONE)
        code = check_hash(d);
    if (code == LQ_EXIT_DONE)
        code = name_it(d, replace);
    close(d->fd);
    if (code != LQ_EXIT_DONE)
        unlink(d->part);
    return code;
}

int lq_download(struct lq_cli *cli, const char *sha256, const char *to, bool replace)
{
    struct download d = {.cli = cli, .sha256 = sha256, .to = to};
    if (!replace && access(to, F_OK) == 0) {
        lq_cli_fail("%s is there already; --force replaces it", to);
        return LQ_EXIT_REFUSED;
    }
    const int code = fetch(&d, replace);
    if (code == LQ_EXIT_DONE && !cli->quiet)
        printf(lq_tr("%s: %u bytes, verified\n"), to, d.bytes);
    lq_arena_free(&d.arena);
    return code;
}
