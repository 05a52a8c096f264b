// Writing a backup's file. unpack.c reads it.
#include "lq/admin/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "lq/admin/sums.h"

struct lq_archive {
    struct archive *tar;
    char *path;
    int fd;
    struct lq_sums sums;
};

const char *const lq_archive_folders[] = {"config", "keys", "links", "journal", NULL};

static enum lq_status cannot_write(const struct lq_archive *archive)
{
    const int problem = archive_errno(archive->tar);
    return lq_fault(problem == ENOSPC || problem == EDQUOT ? LQ_E_FULL : LQ_E_IO,
                    "cannot write %s: %s", archive->path, archive_error_string(archive->tar));
}

enum lq_status lq_archive_begin(const char *path, struct lq_archive **out)
{
    struct lq_archive *archive = calloc(1, sizeof *archive);
    LQ_ASSERT(archive != NULL);
    *out = archive;
    archive->path = strdup(path);
    archive->tar = archive_write_new();
    LQ_ASSERT(archive->path != NULL && archive->tar != NULL);
    lq_sums_begin(&archive->sums);
    archive->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (archive->fd < 0)
        return lq_fault(LQ_E_IO, "cannot create %s: %s", path, strerror(errno));
    const bool opened = // names are bytes, whatever the language of the terminal
        archive_write_set_format_pax_restricted(archive->tar) == ARCHIVE_OK &&
        archive_write_set_options(archive->tar, "hdrcharset=BINARY") == ARCHIVE_OK &&
        archive_write_open_fd(archive->tar, archive->fd) == ARCHIVE_OK;
    return opened ? LQ_OK : cannot_write(archive);
}

// ---------------------------------------------------------------- one file

static enum lq_status write_head(struct lq_archive *archive, const char *name, int64_t size,
                                 time_t changed)
{
    struct archive_entry *entry = archive_entry_new();
    LQ_ASSERT(entry != NULL);
    archive_entry_copy_pathname(entry, name);
    archive_entry_set_size(entry, size);
    archive_entry_set_mtime(entry, changed, 0);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    const int result = archive_write_header(archive->tar, entry);
    archive_entry_free(entry);
    return result == ARCHIVE_OK ? LQ_OK : cannot_write(archive);
}

static enum lq_status write_bytes(struct lq_archive *archive, int from, const char *path,
                                  int64_t size)
{
    static char bytes[1 << 16];
    while (size > 0) {
        const size_t most = size < (int64_t)sizeof bytes ? (size_t)size : sizeof bytes;
        const ssize_t got = read(from, bytes, most);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            return lq_fault(LQ_E_IO, "cannot read %s: it became shorter meanwhile", path);
        if (got < 0)
            return lq_fault(LQ_E_IO, "cannot read %s: %s", path, strerror(errno));
        if (archive_write_data(archive->tar, bytes, (size_t)got) != got)
            return cannot_write(archive);
        lq_sums_bytes(&archive->sums, bytes, (size_t)got);
        size -= got;
    }
    return LQ_OK;
}

static enum lq_status add_open(struct lq_archive *archive, int from, const char *path,
                               const char *name)
{
    struct stat about;
    if (fstat(from, &about) != 0)
        return lq_fault(LQ_E_IO, "cannot examine %s: %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode))
        return LQ_OK;
    enum lq_status status = write_head(archive, name, about.st_size, about.st_mtime);
    if (status == LQ_OK)
        status = write_bytes(archive, from, path, about.st_size);
    lq_sums_file(&archive->sums, name);
    return status;
}

// A file that is gone since the folder was read was not meant to stay: another one took its place.
static enum lq_status add_file(struct lq_archive *archive, const char *path, const char *name)
{
    const int from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (from < 0 && (errno == ENOENT || errno == ENXIO)) // ENXIO: a socket
        return LQ_OK;
    if (from < 0)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    const enum lq_status status = add_open(archive, from, path, name);
    close(from);
    return status;
}

// ---------------------------------------------------------------- folders

static enum lq_status add_entry(struct lq_archive *archive, const char *root, const char *folder,
                                const char *entry)
{
    char path[PATH_MAX];
    struct stat about;
    const int size = snprintf(path, sizeof path, "%s/%s/%s", root, folder, entry);
    if (size >= (int)sizeof path)
        return lq_fault(LQ_E_IO, "path too long: %s", entry);
    const char *name = path + strlen(root) + 1;
    if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return lq_archive_add(archive, root, name);
    return add_file(archive, path, name);
}

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

enum lq_status lq_archive_add(struct lq_archive *archive, const char *root, const char *folder)
{
    char path[PATH_MAX];
    struct dirent **entries;
    if (snprintf(path, sizeof path, "%s/%s", root, folder) >= (int)sizeof path)
        return lq_fault(LQ_E_IO, "path too long: %s", folder);
    const int count = scandir(path, &entries, is_entry, alphasort);
    if (count < 0 && errno == ENOENT)
        return LQ_OK;
    if (count < 0)
        return lq_fault(LQ_E_IO, "cannot read %s: %s", path, strerror(errno));
    enum lq_status status = LQ_OK;
    for (int i = 0; i < count; i++) {
        if (status == LQ_OK)
            status = add_entry(archive, root, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return status;
}

// ---------------------------------------------------------------- the end

enum lq_status lq_archive_end(struct lq_archive *archive)
{
    const struct lq_span sums = lq_sums_text(&archive->sums);
    const enum lq_status status = write_head(archive, LQ_SUMS_NAME, (int64_t)sums.size, time(NULL));
    if (status != LQ_OK)
        return status;
    if (archive_write_data(archive->tar, sums.data, sums.size) != (la_ssize_t)sums.size ||
        archive_write_close(archive->tar) != ARCHIVE_OK)
        return cannot_write(archive);
    if (fsync(archive->fd) != 0)
        return lq_fault(LQ_E_IO, "cannot flush %s: %s", archive->path, strerror(errno));
    return LQ_OK;
}

void lq_archive_close(struct lq_archive *archive)
{
    if (archive == NULL)
        return;
    archive_write_free(archive->tar);
    if (archive->fd >= 0)
        close(archive->fd);
    lq_sums_end(&archive->sums);
    free(archive->path);
    free(archive);
}
