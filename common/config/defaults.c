// Writes out what is compiled in. Two processes that start at once may both find a file missing;
// both then put the same whole file in place, so no lock is needed.
#include "config/defaults.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "base/file.h"

struct lq_span lq_default_file(const char *name)
{
    for (const struct lq_default_file *file = lq_default_files; file->name != NULL; file++)
        if (strcmp(file->name, name) == 0)
            return lq_span(file->data, file->size);
    lq_panic(__FILE__, __LINE__, "no file %s is compiled in", name);
}

void lq_default_load(const char *name, const struct lq_yaml_field *fields, void *out,
                     struct lq_arena *arena)
{
    if (lq_yaml_load(lq_default_file(name), name, fields, out, arena) != LQ_OK)
        lq_panic(__FILE__, __LINE__, "compiled in: %s", lq_fault_text());
}

enum lq_status lq_config_write_defaults(const char *directory)
{
    for (const struct lq_default_file *file = lq_default_files; file->name != NULL; file++) {
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", directory, file->name) >= PATH_MAX)
            return lq_fault(LQ_E_IO, "the path of %s is too long", file->name);
        struct stat about;
        if (lstat(path, &about) == 0)
            continue; // even a dangling link: it was put there on purpose
        if (errno != ENOENT)
            return lq_fault(LQ_E_IO, "cannot look at %s: %s", path, strerror(errno));
        const enum lq_status status = lq_file_replace(path, lq_span(file->data, file->size), 0644);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}
