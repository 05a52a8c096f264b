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
    bool current;   // a key that opens has the roster's role
    bool revoked;   // there is one that was revoked
    uint32_t other; // the roles of one that opens and has not the roster's
};

static enum lq_status read_standing(const struct lq_system *system, const Shift__Person *person,
                                    struct standing *out)
{
    struct lq_keyring *keyring;
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

// All keys of the person are revoked, and a new one takes their place.
static enum lq_status renew(struct lq_cli *cli, const struct lq_system *system,
                            const Shift__Person *person)
{
    const char *path = lq_arena_format(&cli->arena, "%s/%s.key", system->keys, person->badge);
    struct lq_key_pair keys;
    unsigned changed;
    enum lq_status status = lq_keys_generate(&keys);
    if (status == LQ_OK)
        status = lq_keyring_revoke(system->authorized, person->badge, NULL, lq_wall_ms(), &changed);
    if (status == LQ_OK)
        status = lq_keys_write(path, &keys);
    if (status == LQ_OK)
        status = lq_keyring_add(system->authorized, keys.public_key, person->badge,
                                lq_roster_roles_of(person));
    lq_keys_wipe(&keys);
    return status;
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
    enum lq_status status = read_standing(system, person, &standing);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    const bool was_revoked = standing.revoked && !standing.current && standing.other == 0;
    *what = NULL;
    if (was_revoked && lq_given(cli, "--all")) { // who was shut out is let in again by name only
        lq_cli_say("%s is left out: the key was revoked (lq key issue %s makes a new one)",
                   person->badge, person->badge);
        return LQ_EXIT_DONE;
    }
    *what = lq_cli_word(cli, standing.current ? LQ_TR_LATER("unchanged") : LQ_TR_LATER("new"));
    if (standing.other != 0) {
        status = renew(cli, system, person);
        *what = lq_cli_word(cli, LQ_TR_LATER("new role"));
    } else if (was_revoked) {
        status = renew(cli, system, person);
        *what = lq_cli_word(cli, LQ_TR_LATER("new, was revoked"));
    } else {
        status =
            lq_system_issue_key(&cli->arena, system, person->badge, lq_roster_roles_of(person));
    }
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (standing.other != 0)
        say_role_changed(person, standing.other);
    else if (was_revoked)
        lq_cli_say("%s: the old key stays revoked, this is a new one: bring it to that terminal",
                   person->badge);
    return LQ_EXIT_DONE;
}
