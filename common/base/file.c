// The order of the calls matters: bytes reach the disk before the name does, and the name before we
// return.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

static enum lq_status sync_directory_of(const char *path)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    if (length >= sizeof directory)
        return lq_fault(LQ_E_IO, "path too long: %s", path);
    memcpy(directory, path, length);
    directory[length] = '\0';
    const char *name = slash == NULL ? "." : length == 0 ? "/" : directory;
    const int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return lq_fault(LQ_E_IO, "cannot open directory %s: %s", name, strerror(errno));
    const bool synced = fsync(fd) == 0;
    const int problem = errno;
    close(fd);
    if (!synced)
        return lq_fault(LQ_E_IO, "cannot flush directory %s: %s", name, strerror(problem));
    return LQ_OK;
}

static bool write_all(int fd, struct lq_span bytes)
{
    while (bytes.size > 0) {
        const ssize_t written = write(fd, bytes.data, bytes.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = lq_span(bytes.data + written, bytes.size - (size_t)written);
    }
    return true;
}

// Writes a new file that does not have its final name yet, or that only we may read.
static enum lq_status fill(int fd, const char *path, struct lq_span bytes)
{
    const bool done = write_all(fd, bytes) && fsync(fd) == 0;
    const int problem = errno;
    close(fd);
    if (done)
        return LQ_OK;
    unlink(path);
    return lq_fault(problem == ENOSPC || problem == EDQUOT ? LQ_E_FULL : LQ_E_IO,
                    "cannot write %s: %s", path, strerror(problem));
}

enum lq_status lq_file_create(const char *path, struct lq_span bytes, mode_t mode)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0 && errno == EEXIST)
        return lq_fault(LQ_E_BUSY, "%s exists already", path);
    if (fd < 0)
        return lq_fault(LQ_E_IO, "cannot create %s: %s", path, strerror(errno));
    const enum lq_status status = fill(fd, path, bytes);
    return status != LQ_OK ? status : sync_directory_of(path);
}

enum lq_status lq_file_replace(const char *path, struct lq_span bytes, mode_t mode)
{
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return lq_fault(LQ_E_IO, "path too long: %s", path);
    const int fd = mkostemp(temporary, O_CLOEXEC); // made 0600
    if (fd < 0)
        return lq_fault(LQ_E_IO, "cannot create %s: %s", temporary, strerror(errno));
    if (fchmod(fd, mode) != 0) {
        const int problem = errno;
        close(fd);
        unlink(temporary);
        return lq_fault(LQ_E_IO, "cannot set the mode of %s: %s", temporary, strerror(problem));
    }
    const enum lq_status status = fill(fd, temporary, bytes);
    if (status != LQ_OK)
        return status;
    if (rename(temporary, path) != 0) {
        const int problem = errno;
        unlink(temporary);
        return lq_fault(LQ_E_IO, "cannot replace %s: %s", path, strerror(problem));
    }
    return sync_directory_of(path);
}

enum lq_status lq_file_rename(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        return lq_fault(LQ_E_IO, "cannot rename %s to %s: %s", from, to, strerror(errno));
    return sync_directory_of(to);
}

static enum lq_status read_open(int fd, const char *path, size_t limit, char **text, size_t *size)
{
    char *buffer = malloc(limit + 2);
    LQ_ASSERT(buffer != NULL);
    size_t used = 0;
    for (ssize_t got; used <= limit; used += (size_t)got) {
        got = read(fd, buffer + used, limit + 1 - used);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR) {
            got = 0;
            continue;
        }
        if (got < 0) {
            free(buffer);
            return lq_fault(LQ_E_IO, "cannot read %s: %s", path, strerror(errno));
        }
    }
    if (used > limit) {
        free(buffer);
        return lq_fault(LQ_E_INPUT, "%s is larger than %zu bytes", path, limit);
    }
    buffer[used] = '\0';
    *text = buffer;
    *size = used;
    return LQ_OK;
}

enum lq_status lq_make_directory(const char *path, mode_t mode)
{
    if (mkdir(path, mode) != 0 && errno != EEXIST)
        return lq_fault(LQ_E_IO, "cannot make directory %s: %s", path, strerror(errno));
    return LQ_OK;
}

// O_NONBLOCK: a FIFO of this name is to be refused, not waited for.
enum lq_status lq_file_read(const char *path, size_t limit, char **text, size_t *size, mode_t *mode)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return lq_fault(errno == ENOENT ? LQ_E_MISSING : LQ_E_IO, "cannot open %s: %s", path,
                        strerror(errno));
    struct stat about;
    enum lq_status status = LQ_OK;
    if (fstat(fd, &about) != 0)
        status = lq_fault(LQ_E_IO, "cannot examine %s: %s", path, strerror(errno));
    else if (!S_ISREG(about.st_mode))
        status = lq_fault(LQ_E_INPUT, "%s is not a plain file", path);
    else
        status = read_open(fd, path, limit, text, size);
    close(fd);
    if (status == LQ_OK && mode != NULL)
        *mode = about.st_mode;
    return status;
}

enum lq_status lq_file_load(const char *path, size_t limit, struct lq_arena *arena,
                            struct lq_span *out)
{
    char *text = NULL;
    size_t size = 0;
    const enum lq_status status = lq_file_read(path, limit, &text, &size, NULL);
    if (status != LQ_OK)
        return status;
    *out = lq_arena_copy(arena, lq_span(text, size));
    free(text);
    return LQ_OK;
}
