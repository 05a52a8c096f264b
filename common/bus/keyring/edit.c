// Edits keep every line that they do not concern byte for byte: administrators write remarks into
// this file. The lock is a file of its own beside the list, because the list itself is replaced by
// each edit, and a lock on it would lock the old file.
#include "bus/keyring/edit.h"

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
#include "bus/keyring/roles.h"
#include "pb/utf8.h"

static const char new_file[] = "# Keys that open the bus: <public key> <badge> <role[,role]> "
                               "[until <instant>] [revoked <instant>] [# remark]\n";

static enum lq_status take_lock(struct lq_keyring_edit *edit)
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

enum lq_status lq_keyring_edit_begin(struct lq_keyring_edit *edit, const char *path, bool create)
{
    *edit = (struct lq_keyring_edit){.path = path, .lock = -1, .mode = 0600};
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

void lq_keyring_edit_end(struct lq_keyring_edit *edit)
{
    lq_keyring_free(edit->keyring);
    free(edit->text);
    if (edit->lock >= 0)
        close(edit->lock);
}

enum lq_status lq_keyring_edit_write(struct lq_keyring_edit *edit, struct lq_span text)
{
    if (text.size > LQ_KEYRING_LIMIT)
        return lq_fault(LQ_E_FULL, "%s would be larger than %d bytes", edit->path,
                        (int)LQ_KEYRING_LIMIT);
    return lq_file_replace(edit->path, text, edit->mode & 0777);
}

enum lq_status lq_keyring_check_unknown(const struct lq_keyring_edit *edit, const char *public_key)
{
    const struct lq_key_entry *entry = lq_keyring_find(edit->keyring, public_key);
    if (entry == NULL)
        return LQ_OK;
    return lq_fault(LQ_E_BUSY, "%s has this key already, in line %u", edit->path, entry->line);
}

static enum lq_status append(struct lq_keyring_edit *edit, const char *public_key,
                             const char *badge, uint32_t roles)
{
    enum lq_status status = lq_keyring_check_unknown(edit, public_key);
    if (status != LQ_OK)
        return status;
    char names[LQ_ROLES_TEXT], *text = NULL;
    const bool ends = edit->size == 0 || edit->text[edit->size - 1] == '\n';
    const int size = asprintf(&text, "%.*s%s%s %s %s\n", (int)edit->size, edit->text,
                              ends ? "" : "\n", public_key, badge, lq_roles_format(roles, names));
    LQ_ASSERT(size >= 0);
    status = lq_keyring_edit_write(edit, lq_span(text, (size_t)size));
    free(text);
    return status;
}

enum lq_status lq_keyring_check_new(const char *public_key, const char *badge, uint32_t roles)
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
    return LQ_OK;
}

enum lq_status lq_keyring_add(const char *path, const char *public_key, const char *badge,
                              uint32_t roles)
{
    struct lq_keyring_edit edit;
    enum lq_status status = lq_keyring_check_new(public_key, badge, roles);
    if (status != LQ_OK)
        return status;
    if ((roles & lq_role_bit("newcomer")) != 0)
        return lq_fault(LQ_E_INPUT, "a one-time key has an end: it is added as a newcomer's");
    status = lq_keyring_edit_begin(&edit, path, true);
    if (status == LQ_OK)
        status = append(&edit, public_key, badge, roles);
    lq_keyring_edit_end(&edit);
    return status;
}

bool lq_remark_valid(const char *text)
{
    const size_t size = strlen(text);
    if (size == 0 || size >= LQ_REMARK_TEXT || text[0] == ' ' || text[size - 1] == ' ' ||
        !lq_utf8_valid(lq_span(text, size)))
        return false;
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    return true;
}

// ---------------------------------------------------------------- revoking

static enum lq_status nothing_found(const struct lq_keyring_edit *edit, const char *badge,
                                    const char *remark)
{
    if (remark == NULL)
        return lq_fault(LQ_E_MISSING, "%s has no key of badge \"%s\"", edit->path, badge);
    return lq_fault(LQ_E_MISSING,
                    "%s has no key of badge \"%s\" with the remark \"%s\" (lq key list shows them)",
                    edit->path, badge, remark);
}

// Writes the list again with the mark after the fields of each line that is meant.
static enum lq_status mark(struct lq_keyring_edit *edit, const char *badge, const char *remark,
                           int64_t at_ms, unsigned *changed)
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
        const bool theirs = present && strcmp(entry.badge, badge) == 0 &&
                            (remark == NULL || strcmp(entry.remark, remark) == 0);
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
        status = nothing_found(edit, badge, remark);
    else if (*changed > 0)
        status = lq_keyring_edit_write(edit, lq_span(text, size));
    free(text);
    return status;
}

enum lq_status lq_keyring_revoke(const char *path, const char *badge, const char *remark,
                                 int64_t at_ms, unsigned *changed)
{
    struct lq_keyring_edit edit;
    *changed = 0;
    enum lq_status status = lq_keyring_edit_begin(&edit, path, false);
    if (status == LQ_OK)
        status = mark(&edit, badge, remark, at_ms, changed);
    lq_keyring_edit_end(&edit);
    return status;
}
