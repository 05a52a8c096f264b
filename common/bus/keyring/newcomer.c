// One-time keys: the lines of the list that come and go. All other lines stay byte for byte.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "bus/keyring/edit.h"
#include "bus/keyring/roles.h"

// Writes the list again without this one-time key (NULL: without any), and with one more line
// ("": with none).
static enum lq_status rewrite(struct lq_keyring_edit *edit, const char *one_time_key,
                              const char *added)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    LQ_ASSERT(out != NULL);
    struct lq_span rest = lq_span(edit->text, edit->size), line;
    while (lq_keyring_next_line(&rest, &line)) {
        struct lq_key_entry entry;
        bool present;
        size_t end;
        LQ_ASSERT(lq_keyring_line(line, &entry, &present, &end) == NULL);
        if (present && entry.roles == lq_role_bit("newcomer") &&
            (one_time_key == NULL || strcmp(entry.public_key, one_time_key) == 0))
            continue;
        fprintf(out, "%.*s\n", (int)line.size, (const char *)line.data);
    }
    fputs(added, out);
    LQ_ASSERT(fclose(out) == 0);
    const enum lq_status status = lq_keyring_edit_write(edit, lq_span(text, size));
    free(text);
    return status;
}

static enum lq_status add_newcomer(struct lq_keyring_edit *edit, const char *public_key,
                                   const char *badge, int64_t until_ms)
{
    char when[LQ_TIME_TEXT], *line = NULL;
    enum lq_status status = lq_keyring_check_unknown(edit, public_key);
    if (status != LQ_OK)
        return status;
    LQ_ASSERT(asprintf(&line, "%s %s newcomer until %s\n", public_key, badge,
                       lq_format_instant(until_ms, when)) >= 0);
    status = rewrite(edit, NULL, line);
    free(line);
    return status;
}

enum lq_status lq_keyring_add_newcomer(const char *path, const char *public_key, const char *badge,
                                       int64_t until_ms)
{
    struct lq_keyring_edit edit;
    enum lq_status status = lq_keyring_check_new(public_key, badge, lq_role_bit("newcomer"));
    if (status != LQ_OK)
        return status;
    status = lq_keyring_edit_begin(&edit, path, false);
    if (status == LQ_OK)
        status = add_newcomer(&edit, public_key, badge, until_ms);
    lq_keyring_edit_end(&edit);
    return status;
}

// The line of a one-time key that opens; NULL: there is none.
static const struct lq_key_entry *find_open(const struct lq_keyring_edit *edit,
                                            const char *one_time_key, int64_t now_ms)
{
    const struct lq_key_entry *entry = lq_keyring_find(edit->keyring, one_time_key);
    return entry != NULL && entry->roles == lq_role_bit("newcomer") &&
                   lq_key_entry_opens(entry, now_ms)
               ? entry
               : NULL;
}

static enum lq_status admit(struct lq_keyring_edit *edit, const struct lq_key_entry *one_time,
                            const char *public_key, uint32_t roles, const char *remark)
{
    char names[LQ_ROLES_TEXT], *line = NULL;
    enum lq_status status = lq_keyring_check_unknown(edit, public_key);
    if (status != LQ_OK)
        return status;
    LQ_ASSERT(asprintf(&line, "%s %s %s # %s\n", public_key, one_time->badge,
                       lq_roles_format(roles, names), remark) >= 0);
    status = rewrite(edit, one_time->public_key, line);
    free(line);
    return status;
}

enum lq_status lq_keyring_admit(const char *path, const char *one_time_key, const char *public_key,
                                uint32_t roles, const char *remark, int64_t now_ms)
{
    struct lq_keyring_edit edit;
    if (!lq_remark_valid(remark) || (roles & lq_role_bit("newcomer")) != 0)
        return lq_fault(LQ_E_INPUT, "no remark, or no roles of a person: \"%s\"", remark);
    enum lq_status status = lq_keyring_edit_begin(&edit, path, false);
    const struct lq_key_entry *one_time =
        status == LQ_OK ? find_open(&edit, one_time_key, now_ms) : NULL;
    if (status == LQ_OK && one_time == NULL)
        status = lq_fault(LQ_E_MISSING, "the one-time key does not open any more: it was revoked "
                                        "or removed meanwhile, or its time is over");
    if (status == LQ_OK)
        status = lq_keyring_check_new(public_key, one_time->badge, roles);
    if (status == LQ_OK)
        status = admit(&edit, one_time, public_key, roles, remark);
    lq_keyring_edit_end(&edit);
    return status;
}

enum lq_status lq_keyring_drop_newcomer(const char *path, const char *one_time_key)
{
    struct lq_keyring_edit edit;
    enum lq_status status = lq_keyring_edit_begin(&edit, path, false);
    if (status == LQ_OK && lq_keyring_find(edit.keyring, one_time_key) != NULL)
        status = rewrite(&edit, one_time_key, "");
    lq_keyring_edit_end(&edit);
    return status;
}
