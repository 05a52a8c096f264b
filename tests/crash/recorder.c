// The functions of libc by which files change, defined here so that they are found before libc's.
// Each notes what it does if it is below the watched directory, or fails if that is the plan, and
// otherwise does what libc's does. The maps that LMDB writes through are not seen, and need not be:
// it maps only lock.mdb for writing, and that file means nothing after a power cut.
#include "crash/recorder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/assert.h"

enum { HANDLES = 1024 }; // file descriptors that are looked at

static struct {
    char directory[PATH_MAX];
    struct recording *recording; // NULL: nothing is recorded
    struct fault_plan plan;
    unsigned plants, writes, flushes;
    bool failed, fail_next, skip_flushes;
    unsigned next_handle;
    struct {
        unsigned handle; // 0: not watched
        bool flushed, directory;
        char *path;
    } open[HANDLES];
} recorder;

#define REAL(name) real_##name
#define FIND(name)                                                                                 \
    if (REAL(name) == NULL)                                                                        \
    REAL(name) = (__typeof__(REAL(name)))(uintptr_t)dlsym(RTLD_NEXT, #name)

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_mkdir)(const char *, mode_t);
static int (*real_unlink)(const char *);
static int (*real_rmdir)(const char *);
static int (*real_rename)(const char *, const char *);

// ---------------------------------------------------------------- noting

// The path below the watched directory ("" for itself), or NULL if it is not below it.
static const char *below(const char *path)
{
    const size_t size = strlen(recorder.directory);
    if (recorder.recording == NULL || strncmp(path, recorder.directory, size) != 0)
        return NULL;
    return path[size] == '/' ? path + size + 1 : path[size] == '\0' ? path + size : NULL;
}

static bool watched(int fd)
{
    return recorder.recording != NULL && fd >= 0 && fd < HANDLES && recorder.open[fd].handle != 0;
}

static struct op *note(enum op_kind kind)
{
    struct recording *r = recorder.recording;
    if (r->count == r->room) {
        r->room = r->room == 0 ? 256 : 2 * r->room;
        r->ops = realloc(r->ops, r->room * sizeof *r->ops);
        LQ_ASSERT(r->ops != NULL);
    }
    struct op *op = &r->ops[r->count++];
    *op = (struct op){.kind = kind};
    return op;
}

static void note_name(enum op_kind kind, const char *path, const char *other)
{
    struct op *op = note(kind);
    op->path = strdup(path);
    op->other = other != NULL ? strdup(other) : NULL;
}

static void note_write(int fd, const void *data, size_t size, uint64_t offset, bool lost)
{
    if (size == 0)
        return;
    struct op *op = note(OP_WRITE);
    op->handle = recorder.open[fd].handle;
    op->flushed = recorder.open[fd].flushed;
    op->lost = lost;
    op->offset = offset;
    op->size = size;
    op->data = malloc(size);
    LQ_ASSERT(op->data != NULL);
    memcpy(op->data, data, size);
}

// ---------------------------------------------------------------- failing

static bool due(unsigned number)
{
    const struct fault_plan *plan = &recorder.plan;
    const bool now = number == plan->at || (plan->forever && number > plan->at);
    recorder.failed = recorder.failed || now;
    return now;
}

// How much of a write of that size is to be done; less than all if it is to fail, with errno set.
static size_t write_share(size_t size)
{
    recorder.writes++;
    if (recorder.fail_next) {
        recorder.fail_next = false;
        errno = ENOSPC;
        return 0;
    }
    if (recorder.plan.kind == FAULT_NONE || recorder.plan.kind == FAULT_FLUSH_ERROR ||
        !due(recorder.writes))
        return size;
    errno = recorder.plan.kind == FAULT_NO_SPACE ? ENOSPC : EIO;
    recorder.fail_next = recorder.plan.kind == FAULT_SHORT_WRITE;
    return recorder.plan.kind == FAULT_SHORT_WRITE ? size / 2 : 0;
}

static bool flush_fails(int fd)
{
    if (!watched(fd))
        return false;
    recorder.flushes++;
    return recorder.plan.kind == FAULT_FLUSH_ERROR && due(recorder.flushes);
}

// ---------------------------------------------------------------- files

static void note_open(int fd, const char *path, int flags, bool made)
{
    struct stat is;
    LQ_ASSERT(fd < HANDLES && fstat(fd, &is) == 0);
    recorder.open[fd].handle = ++recorder.next_handle;
    recorder.open[fd].flushed = (flags & O_DSYNC) != 0;
    recorder.open[fd].directory = S_ISDIR(is.st_mode);
    free(recorder.open[fd].path);
    recorder.open[fd].path = strdup(path);
    if (recorder.open[fd].directory)
        return;
    note_name(OP_OPEN, path, NULL);
    struct op *op = &recorder.recording->ops[recorder.recording->count - 1];
    op->handle = recorder.next_handle;
    op->made = made;
}

static int open_noted(const char *path, int flags, mode_t mode)
{
    FIND(open);
    const char *const inside = below(path);
    const bool made = inside != NULL && (flags & O_CREAT) != 0 && access(path, F_OK) != 0;
    if (inside != NULL && (recorder.plants & PLANT_NO_META_FLUSH))
        flags &= ~O_DSYNC;
    const int fd = REAL(open)(path, flags, mode);
    if (fd >= 0 && inside != NULL)
        note_open(fd, inside, flags, made);
    else if (fd >= 0 && fd < HANDLES)
        recorder.open[fd].handle = 0;
    return fd;
}

int open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return open_noted(path, flags, mode);
}

// What a fortified build makes of open(path, variable): glibc's name, so it must be this one.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
int __open_2(const char *path, int flags);
int __open_2(const char *path, int flags)
{
    return open_noted(path, flags, 0);
}

int close(int fd)
{
    FIND(close);
    if (fd >= 0 && fd < HANDLES)
        recorder.open[fd].handle = 0;
    return REAL(close)(fd);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    FIND(pwrite);
    if (!watched(fd))
        return REAL(pwrite)(fd, data, size, offset);
    const size_t share = write_share(size);
    if (share == 0 && size > 0)
        return -1;
    const bool lost = recorder.open[fd].flushed && flush_fails(fd);
    note_write(fd, data, share, (uint64_t)offset, lost);
    const ssize_t done = REAL(pwrite)(fd, data, share, offset);
    if (!lost)
        return done;
    errno = EIO; // the kernel says so, and goes on showing what was written
    return -1;
}

ssize_t write(int fd, const void *data, size_t size)
{
    FIND(write);
    if (!watched(fd))
        return REAL(write)(fd, data, size);
    const size_t share = write_share(size);
    if (share == 0 && size > 0)
        return -1;
    note_write(fd, data, share, (uint64_t)lseek(fd, 0, SEEK_CUR), false);
    return REAL(write)(fd, data, share);
}

// Done as one write, because a part of it may be all that is done.
ssize_t writev(int fd, const struct iovec *parts, int count)
{
    FIND(writev);
    FIND(write);
    if (!watched(fd))
        return REAL(writev)(fd, parts, count);
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += parts[i].iov_len;
    uint8_t *all = malloc(size + 1); // the parts may all be empty
    LQ_ASSERT(all != NULL);
    size = 0;
    for (int i = 0; i < count; size += parts[i++].iov_len)
        memcpy(all + size, parts[i].iov_base, parts[i].iov_len);
    const ssize_t done = write(fd, all, size);
    const int error = errno;
    free(all);
    errno = error;
    return done;
}

int ftruncate(int fd, off_t size)
{
    FIND(ftruncate);
    if (watched(fd)) {
        struct op *op = note(OP_RESIZE);
        op->handle = recorder.open[fd].handle;
        op->offset = (uint64_t)size;
    }
    return REAL(ftruncate)(fd, size);
}

// ---------------------------------------------------------------- flushes

static int flush_noted(int fd, int (*flush)(int))
{
    if (flush_fails(fd)) {
        if (!recorder.open[fd].directory)
            note(OP_LOSE)->handle = recorder.open[fd].handle;
        errno = EIO;
        return -1;
    }
    if (watched(fd) && recorder.open[fd].directory) {
        if (!(recorder.plants & PLANT_NO_NAME_FLUSH))
            note_name(OP_FLUSH_NAMES, recorder.open[fd].path, NULL);
    } else if (watched(fd) && !(recorder.plants & PLANT_NO_FLUSH)) {
        note(OP_FLUSH)->handle = recorder.open[fd].handle;
    }
    return recorder.skip_flushes ? 0 : flush(fd);
}

int fsync(int fd)
{
    FIND(fsync);
    return flush_noted(fd, REAL(fsync));
}

int fdatasync(int fd)
{
    FIND(fdatasync);
    return flush_noted(fd, REAL(fdatasync));
}

// ---------------------------------------------------------------- names

int mkdir(const char *path, mode_t mode)
{
    FIND(mkdir);
    const int result = REAL(mkdir)(path, mode);
    if (result == 0 && below(path) != NULL)
        note_name(OP_MAKE_DIRECTORY, below(path), NULL);
    return result;
}

int unlink(const char *path)
{
    FIND(unlink);
    const int result = REAL(unlink)(path);
    if (result == 0 && below(path) != NULL)
        note_name(OP_UNLINK, below(path), NULL);
    return result;
}

int rmdir(const char *path)
{
    FIND(rmdir);
    const int result = REAL(rmdir)(path);
    if (result == 0 && below(path) != NULL)
        note_name(OP_REMOVE_DIRECTORY, below(path), NULL);
    return result;
}

int rename(const char *from, const char *to)
{
    FIND(rename);
    const int result = REAL(rename)(from, to);
    if (result == 0 && below(from) != NULL && below(to) != NULL)
        note_name(OP_RENAME, below(from), below(to));
    return result;
}

// ---------------------------------------------------------------- for the tests

void recorder_start(const char *directory, struct recording *recording, unsigned plants)
{
    snprintf(recorder.directory, sizeof recorder.directory, "%s", directory);
    recorder.recording = recording;
    recorder.plants = plants;
    recorder.plan = (struct fault_plan){0};
    recorder.writes = recorder.flushes = recorder.next_handle = 0;
    recorder.failed = recorder.fail_next = false;
}

void recorder_fail(struct fault_plan plan)
{
    recorder.plan = plan;
    recorder.fail_next = false;
}

void recorder_told(uint64_t position)
{
    if (recorder.recording != NULL)
        note(OP_TOLD)->position = position;
}

void recorder_stop(void)
{
    recorder.recording = NULL;
    recorder.plan = (struct fault_plan){0};
    for (int fd = 0; fd < HANDLES; fd++) {
        recorder.open[fd].handle = 0;
        free(recorder.open[fd].path);
        recorder.open[fd].path = NULL;
    }
}

unsigned recorder_writes(void)
{
    return recorder.writes;
}

unsigned recorder_flushes(void)
{
    return recorder.flushes;
}

bool recorder_failed(void)
{
    return recorder.failed;
}

void recorder_skip_flushes(bool skip)
{
    recorder.skip_flushes = skip;
}

void recording_free(struct recording *recording)
{
    for (size_t i = 0; i < recording->count; i++) {
        free(recording->ops[i].path);
        free(recording->ops[i].other);
        free(recording->ops[i].data);
    }
    free(recording->ops);
    *recording = (struct recording){0};
}
