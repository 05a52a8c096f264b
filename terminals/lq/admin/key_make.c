// Which key a person should have: the one that is there, a first one, or a new one because the old
// one was revoked or opens as what the person no longer is.
#include <string.h>

#include "base/clock.h"
#include "bus/keyring/keyring.h"
#include "bus/keyring/roles.h"
#include "lq/admin/key.h"
#include "lq/show/words.h"
#include "shift/replica/roster.h"

struct standing {
    bool current;      // a key that opens has the roster's role
    bool revoked;      // there is one that was revoked
    bool has_file;     // the key of keys/BADGE.key is among them; devices have others
    bool file_revoked; // and was revoked
    uint32_t other;    // the roles of one that opens and has not the roster's
};

static const char *file_of(struct lq_arena *arena, const struct lq_system *system,
                           const Shift__Person *person)
{
    return lq_arena_format(arena, "%s/%s.key", system->keys, person->badge);
}

// The public half in the file; "": there is none, or none that can be read, which whoever uses it
// is told.
static void read_file(const char *path, char public_key[LQ_KEY_TEXT])
{
    struct lq_key_pair keys = {0};
    if (lq_keys_load(path, &keys) != LQ_OK)
        keys.public_key[0] = '\0';
    memcpy(public_key, keys.public_key, LQ_KEY_TEXT);
    lq_keys_wipe(&keys);
}

static enum lq_status read_standing(const struct lq_system *system, const Shift__Person *person,
                                    const char *path, struct standing *out)
{
    struct lq_keyring *keyring;
    char in_file[LQ_KEY_TEXT];
    read_file(path, in_file);
    const enum lq_status status = lq_keyring_load(system->authorized, &keyring);
    *out = (struct standing){0};
    if (status != LQ_OK)
        return status;
    for (size_t i = 0; i < lq_keyring_count(keyring); i++) {
        const struct lq_key_entry *entry = lq_keyring_at(keyring, i);
        if (strcmp(entry->badge, person->badge) != 0)
            continue;
        if (entry->until_ms != 0) // a one-time key is nobody's key yet
            continue;
        if (strcmp(entry->public_key, in_file) == 0) {
            out->has_file = true;
            out->file_revoked = entry->revoked;
        }
        // an administrator may have granted more than the roster says
        if (entry->revoked)
            out->revoked = true;
        else if ((entry->roles & lq_roster_roles_of(person)) == lq_roster_roles_of(person))
            out->current = true;
        else
            out->other = entry->roles;
    }
    lq_keyring_free(keyring);
    return LQ_OK;
}

// A new key takes the place of the one in the file.
static enum lq_status replace(const struct lq_system *system, const Shift__Person *person,
                              const char *path)
{
    struct lq_key_pair keys;
    enum lq_status status = lq_keys_generate(&keys);
    if (status == LQ_OK)
        status = lq_keys_write(path, &keys);
    if (status == LQ_OK)
        status = lq_keyring_add(system->authorized, keys.public_key, person->badge,
                                lq_roster_roles_of(person));
    lq_keys_wipe(&keys);
    return status;
}

// All keys of the person are revoked, those of devices too, and a new one takes their place.
static enum lq_status renew(const struct lq_system *system, const Shift__Person *person,
                            const char *path)
{
    unsigned changed;
    const enum lq_status status =
        lq_keyring_revoke(system->authorized, person->badge, NULL, lq_wall_ms(), &changed);
    return status == LQ_OK ? replace(system, person, path) : status;
}

static void say_role_changed(const Shift__Person *person, uint32_t before)
{
    char before_shown[LQ_ROLES_SHOWN], now_shown[LQ_ROLES_SHOWN];
    lq_cli_say(
        "%s: the key opened as %s, the roster says %s: the old key is revoked, bring the new "
        "one to that terminal",
        person->badge, lq_roles_shown(before, before_shown),
        lq_roles_shown(lq_roster_roles_of(person), now_shown));
}

int lq_key_make(struct lq_cli *cli, const struct lq_system *system, const Shift__Person *person,
                const char **what)
{
    struct standing standing;
    const char *path = file_of(&cli->arena, system, person);
    enum lq_status status = read_standing(system, person, path, &standing);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    const bool was_revoked = standing.revoked && !standing.current && standing.other == 0;
    *what = NULL;
    if (was_revoked && lq_given(cli, "--all")) { // who was shut out is let in again by name only
        lq_cli_say("%s is left out: the key was revoked (lq key issue %s makes a new one)",
                   person->badge, person->badge);
        return LQ_EXIT_DONE;
    }
    const bool stays = standing.current && standing.has_file;
    const bool anew = standing.file_revoked && !lq_given(cli, "--all"); // a device's key opens
    *what = lq_cli_word(cli, stays ? LQ_TR_LATER("unchanged") : LQ_TR_LATER("new"));
    if (standing.other != 0) {
        status = renew(system, person, path);
        *what = lq_cli_word(cli, LQ_TR_LATER("new role"));
    } else if (was_revoked) {
        status = renew(system, person, path);
        *what = lq_cli_word(cli, LQ_TR_LATER("new, was revoked"));
    } else if (anew) {
        status = replace(system, person, path);
        *what = lq_cli_word(cli, LQ_TR_LATER("new, was revoked"));
    } else {
        status =
            lq_system_issue_key(&cli->arena, system, person->badge, lq_roster_roles_of(person));
    }
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (standing.other != 0)
        say_role_changed(person, standing.other);
    else if (was_revoked || anew)
        lq_cli_say("%s: the old key stays revoked, this is a new one: bring it to that terminal",
                   person->badge);
    return LQ_EXIT_DONE;
}
