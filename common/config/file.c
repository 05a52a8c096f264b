// Plain POSIX, because the point is what stdio hides: how long a file may be, and that it is on the
// disk before it bears its name.
#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum lq_status read_all(int file, const char *path, uint8_t *data, size_t size,
                               size_t *out_used)
{
    *out_used = 0;
    while (*out_used < size) {
        const ssize_t got = read(file, data + *out_used, size - *out_used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return lq_fault(LQ_E_IO, "cannot read %s: %s", path, strerror(errno));
        if (got == 0)
            break;
        *out_used += (size_t)got;
    }
    return LQ_OK;
}

enum lq_status lq_config_read(const char *path, size_t most, struct lq_arena *arena,
                              struct lq_span *out)
{
    // O_NONBLOCK: a pipe under this name must be refused, not waited for.
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return lq_fault(errno == ENOENT ? LQ_E_MISSING : LQ_E_IO, "cannot open %s: %s", path,
                        strerror(errno));
    enum lq_status status = LQ_OK;
    struct stat about;
    if (fstat(file, &about) != 0) {
        status = lq_fault(LQ_E_IO, "cannot look at %s: %s", path, strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        status = lq_fault(LQ_E_INPUT, "%s is not a regular file", path);
    } else if (about.st_size > (off_t)most) {
        status = lq_fault(LQ_E_INPUT, "%s: the file is longer than %zu bytes", path, most);
    } else {
        // As long as it was when we looked: what is appended meanwhile is not waited for.
        uint8_t *data = lq_arena_alloc(arena, (size_t)about.st_size + 1);
        size_t used;
        status = read_all(file, path, data, (size_t)about.st_size, &used);
        *out = lq_span(data, used);
    }
    close(file);
    return status;
}

static enum lq_status write_all(int file, const char *path, struct lq_span bytes)
{
    for (size_t done = 0; done < bytes.size;) {
        const ssize_t put = write(file, bytes.data + done, bytes.size - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return lq_fault(errno == ENOSPC || errno == EDQUOT ? LQ_E_FULL : LQ_E_IO,
                            "cannot write %s: %s", path, strerror(errno));
        done += (size_t)put;
    }
    if (fchmod(file, 0644) != 0 || fsync(file) != 0)
        return lq_fault(LQ_E_IO, "cannot finish %s: %s", path, strerror(errno));
    return LQ_OK;
}

static enum lq_status flush_directory(const char *directory)
{
    const int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool flushed = file >= 0 && fsync(file) == 0;
    const int error = errno;
    if (file >= 0)
        close(file);
    return flushed ? LQ_OK : lq_fault(LQ_E_IO, "cannot flush %s: %s", directory, strerror(error));
}

enum lq_status lq_config_write(const char *directory, const char *name, struct lq_span bytes)
{
    char path[PATH_MAX], temporary[PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    const int temporary_length =
        snprintf(temporary, sizeof temporary, "%s/.%s.XXXXXX", directory, name);
    if (length >= PATH_MAX || temporary_length >= PATH_MAX)
        return lq_fault(LQ_E_IO, "the path of %s is too long", name);
    const int file = mkostemp(temporary, O_CLOEXEC);
    if (file < 0)
        return lq_fault(LQ_E_IO, "cannot create a file in %s: %s", directory, strerror(errno));
    enum lq_status status = write_all(file, path, bytes);
    close(file);
    if (status == LQ_OK && rename(temporary, path) != 0)
        status = lq_fault(LQ_E_IO, "cannot create %s: %s", path, strerror(errno));
    if (status != LQ_OK) {
        unlink(temporary);
        return status;
    }
    return flush_directory(directory);
}
