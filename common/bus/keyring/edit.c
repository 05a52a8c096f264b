// Edits keep every line that they do not concern byte for byte: administrators write remarks into
// this file. The lock is a file of its own beside the list, because the list itself is replaced by
// each edit, and a lock on it would lock the old file.
#include "bus/keyring/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/time.h"
#include "bus/keyring/line.h"
#include "bus/keyring/roles.h"

static const char new_file[] = "# Keys that open the bus: <public key> <badge> <role[,role]> "
                               "[revoked <instant>] [# remark]\n";

struct edit {
    const char *path;
    int lock;
    char *text;
    size_t size;
    mode_t mode;
    struct lq_keyring *keyring;
};

static enum lq_status take_lock(struct edit *edit)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.lock", edit->path) >= (int)sizeof path)
        return lq_fault(LQ_E_IO, "path too long: %s", edit->path);
    edit->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (edit->lock < 0)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    while (flock(edit->lock, LOCK_EX) != 0)
        if (errno != EINTR)
            return lq_fault(LQ_E_IO, "cannot lock %s: %s", path, strerror(errno));
    return LQ_OK;
}

// Takes the lock and reads the list, which must be in order: an edit never hides a broken line.
static enum lq_status begin(struct edit *edit, const char *path, bool create)
{
    *edit = (struct edit){.path = path, .lock = -1, .mode = 0600};
    enum lq_status status = take_lock(edit);
    if (status != LQ_OK)
        return status;
    status = lq_file_read(path, LQ_KEYRING_LIMIT, &edit->text, &edit->size, &edit->mode);
    if (status == LQ_E_MISSING && create) {
        edit->text = strdup(new_file);
        LQ_ASSERT(edit->text != NULL);
        edit->size = strlen(new_file);
        status = LQ_OK;
    }
    if (status != LQ_OK)
        return status;
    return lq_keyring_parse(path, lq_span(edit->text, edit->size), &edit->keyring);
}

static void end(struct edit *edit)
{
    lq_keyring_free(edit->keyring);
    free(edit->text);
    if (edit->lock >= 0)
        close(edit->lock);
}

static enum lq_status write_back(struct edit *edit, const char *text, size_t size)
{
    if (size > LQ_KEYRING_LIMIT)
        return lq_fault(LQ_E_FULL, "%s would be larger than %d bytes", edit->path,
                        (int)LQ_KEYRING_LIMIT);
    return lq_file_replace(edit->path, lq_span(text, size), edit->mode & 0777);
}

static enum lq_status append(struct edit *edit, const char *public_key, const char *badge,
                             uint32_t roles)
{
    if (lq_keyring_find(edit->keyring, public_key) != NULL)
        return lq_fault(LQ_E_BUSY, "%s has this key already, in line %u", edit->path,
                        lq_keyring_find(edit->keyring, public_key)->line);
    char names[LQ_ROLES_TEXT], *text = NULL;
    const bool ends = edit->size == 0 || edit->text[edit->size - 1] == '\n';
    const int size = asprintf(&text, "%.*s%s%s %s %s\n", (int)edit->size, edit->text,
                              ends ? "" : "\n", public_key, badge, lq_roles_format(roles, names));
    LQ_ASSERT(size >= 0);
    const enum lq_status status = write_back(edit, text, (size_t)size);
    free(text);
    return status;
}

enum lq_status lq_keyring_add(const char *path, const char *public_key, const char *badge,
                              uint32_t roles)
{
    char names[LQ_ROLES_TEXT];
    uint32_t known = 0;
    if (!lq_key_text_valid(public_key))
        return lq_fault(LQ_E_INPUT, "not a public key: \"%s\"", public_key);
    if (!lq_roles_parse(lq_roles_format(roles, names), &known) || known != roles)
        return lq_fault(LQ_E_INPUT, "no or unknown roles for badge \"%s\"", badge);
    if (!lq_badge_valid(badge, roles))
        return lq_fault(LQ_E_INPUT,
                        "\"%s\" is not a badge: letters, digits and \"._-\"; \"@name\" has the "
                        "role service alone",
                        badge);
    struct edit edit;
    enum lq_status status = begin(&edit, path, true);
    if (status == LQ_OK)
        status = append(&edit, public_key, badge, roles);
    end(&edit);
    return status;
}

// Writes the list again with the mark after the fields of each line of that badge.
static enum lq_status mark(struct edit *edit, const char *badge, int64_t at_ms, unsigned *changed)
{
    char when[LQ_TIME_TEXT], *text = NULL;
    size_t size = 0;
    unsigned found = 0;
    FILE *out = open_memstream(&text, &size);
    LQ_ASSERT(out != NULL);
    lq_format_instant(at_ms, when);
    struct lq_span rest = lq_span(edit->text, edit->size), line;
    while (lq_keyring_next_line(&rest, &line)) {
        struct lq_key_entry entry;
        bool present;
        size_t fields = 0;
        LQ_ASSERT(lq_keyring_line(line, &entry, &present, &fields) == NULL);
        const bool theirs = present && strcmp(entry.badge, badge) == 0;
        found += theirs;
        if (theirs && !entry.revoked) {
            fprintf(out, "%.*s revoked %s", (int)fields, (const char *)line.data, when);
            line = lq_span(line.data + fields, line.size - fields);
            ++*changed;
        }
        fprintf(out, "%.*s\n", (int)line.size, (const char *)line.data);
    }
    LQ_ASSERT(fclose(out) == 0);
    enum lq_status status = LQ_OK;
    if (found == 0)
        status = lq_fault(LQ_E_MISSING, "%s has no key of badge \"%s\"", edit->path, badge);
    else if (*changed > 0)
        status = write_back(edit, text, size);
    free(text);
    return status;
}

enum lq_status lq_keyring_revoke(const char *path, const char *badge, int64_t at_ms,
                                 unsigned *changed)
{
    struct edit edit;
    *changed = 0;
    enum lq_status status = begin(&edit, path, false);
    if (status == LQ_OK)
        status = mark(&edit, badge, at_ms, changed);
    end(&edit);
    return status;
}
