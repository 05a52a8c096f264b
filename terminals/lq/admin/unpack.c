// Reading a backup's file. Nothing is written outside of the folder, and nothing but plain files: a
// file that names anything else is no backup.
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "lq/admin/archive.h"
#include "lq/admin/sums.h"

enum { SUMS_LIMIT = 1 << 24, BLOCK = 1 << 16 };

struct unpacking {
    struct archive *tar;
    const char *path, *into;
    struct lq_sums sums; // of what was read
    char *told;          // what SHA256SUMS says; NULL: it did not come yet
    size_t told_size;
};

static enum lq_status damaged(const struct unpacking *u)
{
    const char *why = archive_error_string(u->tar);
    return lq_fault(LQ_E_CORRUPT, "%s is damaged, or not a backup of lq backup: %s", u->path,
                    why != NULL ? why : "?");
}

static bool is_safe(const char *name)
{
    bool known = false;
    for (const char *const *folder = lq_archive_folders; *folder != NULL; folder++) {
        const size_t size = strlen(*folder);
        known = known || (strncmp(name, *folder, size) == 0 && name[size] == '/');
    }
    for (const char *part = name; known && part != NULL;) {
        const size_t size = strcspn(part, "/");
        if (size == 0 || (size == 1 && *part == '.') || (size == 2 && strncmp(part, "..", 2) == 0))
            return false;
        part = part[size] == '/' ? part + size + 1 : NULL;
    }
    return known;
}

static enum lq_status make_folders_of(char *path, size_t from)
{
    enum lq_status status = LQ_OK;
    for (char *slash = strchr(path + from, '/'); status == LQ_OK && slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = lq_make_directory(path, 0700);
        *slash = '/';
    }
    return status;
}

// ---------------------------------------------------------------- one file

static enum lq_status write_all(int to, const char *path, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(to, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return lq_fault(errno == ENOSPC || errno == EDQUOT ? LQ_E_FULL : LQ_E_IO,
                            "cannot write %s: %s", path, strerror(errno));
        bytes += written;
        size -= (size_t)written;
    }
    return LQ_OK;
}

static enum lq_status unpack_bytes(struct unpacking *u, int to, const char *path)
{
    static char bytes[BLOCK];
    la_ssize_t got;
    while ((got = archive_read_data(u->tar, bytes, sizeof bytes)) > 0) {
        lq_sums_bytes(&u->sums, bytes, (size_t)got);
        const enum lq_status status = write_all(to, path, bytes, (size_t)got);
        if (status != LQ_OK)
            return status;
    }
    if (got < 0)
        return damaged(u);
    if (fsync(to) != 0)
        return lq_fault(LQ_E_IO, "cannot flush %s: %s", path, strerror(errno));
    return LQ_OK;
}

static enum lq_status unpack_file(struct unpacking *u, const char *name)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", u->into, name) >= (int)sizeof path)
        return lq_fault(LQ_E_IO, "path too long: %s", name);
    enum lq_status status = make_folders_of(path, strlen(u->into) + 1);
    if (status != LQ_OK)
        return status;
    const int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (to < 0)
        return lq_fault(LQ_E_IO, "cannot create %s: %s", path, strerror(errno));
    status = unpack_bytes(u, to, path);
    close(to);
    lq_sums_file(&u->sums, name);
    return status;
}

static enum lq_status read_sums(struct unpacking *u, int64_t size)
{
    if (size < 0 || size > SUMS_LIMIT || u->told != NULL)
        return lq_fault(LQ_E_CORRUPT, "%s is damaged: its %s cannot be one", u->path, LQ_SUMS_NAME);
    u->told_size = (size_t)size;
    u->told = calloc(1, u->told_size + 1);
    LQ_ASSERT(u->told != NULL);
    return archive_read_data(u->tar, u->told, u->told_size) == size ? LQ_OK : damaged(u);
}

static enum lq_status unpack_entry(struct unpacking *u, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    const bool is_file = name != NULL && archive_entry_filetype(entry) == AE_IFREG &&
                         archive_entry_hardlink(entry) == NULL;
    if (is_file && strcmp(name, LQ_SUMS_NAME) == 0)
        return read_sums(u, archive_entry_size(entry));
    if (!is_file || !is_safe(name))
        return lq_fault(LQ_E_CORRUPT,
                        "%s is damaged, or not a backup of lq backup: it holds \"%s\", but only "
                        "plain files below config, keys, links and journal are wanted",
                        u->path, name != NULL ? name : "?");
    return unpack_file(u, name);
}

// ---------------------------------------------------------------- is it what was written

// The first line that differs names the file.
static enum lq_status name_altered(const struct unpacking *u, const char *line)
{
    const char *told = u->told;
    const size_t name = 2 * crypto_hash_sha256_BYTES + 2;
    size_t size = strcspn(line, "\n");
    while (*line != '\0' && strncmp(line, told, size + 1) == 0) {
        line += size + 1;
        told += size + 1;
        size = strcspn(line, "\n");
    }
    if (size <= name)
        return lq_fault(LQ_E_CORRUPT, "%s is damaged: parts of it are missing", u->path);
    char altered[PATH_MAX];
    snprintf(altered, sizeof altered, "%.*s", (int)(size - name), line + name);
    return lq_fault(LQ_E_CORRUPT,
                    "%s is damaged: \"%s\" in it is not what was put there (its SHA-256 differs)",
                    u->path, altered);
}

static enum lq_status compare_sums(struct unpacking *u)
{
    const struct lq_span read = lq_sums_text(&u->sums);
    if (u->told == NULL)
        return lq_fault(LQ_E_CORRUPT,
                        "%s is cut off, or not a backup of lq backup: %s, its last part, is "
                        "missing",
                        u->path, LQ_SUMS_NAME);
    if (read.size == u->told_size && memcmp(read.data, u->told, read.size) == 0)
        return LQ_OK;
    return name_altered(u, (const char *)read.data);
}

static enum lq_status unpack_all(struct unpacking *u)
{
    struct archive_entry *entry;
    archive_read_support_format_tar(u->tar);
    if (archive_read_open_filename(u->tar, u->path, BLOCK) != ARCHIVE_OK)
        return damaged(u);
    int result;
    while ((result = archive_read_next_header(u->tar, &entry)) == ARCHIVE_OK) {
        const enum lq_status status = unpack_entry(u, entry);
        if (status != LQ_OK)
            return status;
    }
    return result == ARCHIVE_EOF ? compare_sums(u) : damaged(u);
}

enum lq_status lq_archive_unpack(const char *path, const char *into)
{
    struct unpacking u = {.tar = archive_read_new(), .path = path, .into = into};
    LQ_ASSERT(u.tar != NULL);
    lq_sums_begin(&u.sums);
    const enum lq_status status = unpack_all(&u);
    archive_read_free(u.tar);
    lq_sums_end(&u.sums);
    free(u.told);
    return status;
}
