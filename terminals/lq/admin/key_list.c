// lq key list and revoke: what each key opens as, beside what the roster says of its person.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/time.h"
#include "bus/keyring/keyring.h"
#include "bus/keyring/roles.h"
#include "lq/admin/key.h"
#include "lq/show/words.h"
#include "service/roles.h"
#include "shift/replica/roster.h"

// ---------------------------------------------------------------- list

// The pages of the roster that were read; NULL: it was not reached.
struct roster {
    const Shift__PeopleAnswer *page;
    struct roster *next;
};

static int read_roster(struct lq_cli *cli, struct roster **out)
{
    const char *after = "";
    bool more = true;
    *out = NULL;
    while (more) {
        struct roster *one = LQ_NEW(&cli->arena, struct roster);
        const int code = lq_people_page(cli, after, &one->page);
        if (code != LQ_EXIT_DONE)
            return code;
        one->next = *out;
        *out = one;
        more = one->page->more && one->page->n_people > 0;
        if (more)
            after = one->page->people[one->page->n_people - 1]->badge;
    }
    return LQ_EXIT_DONE;
}

static const Shift__Person *find(const struct roster *roster, const char *badge)
{
    for (; roster != NULL; roster = roster->next)
        for (size_t i = 0; i < roster->page->n_people; i++)
            if (strcmp(roster->page->people[i]->badge, badge) == 0)
                return roster->page->people[i];
    return NULL;
}

static const char *difference(const struct lq_key_entry *entry, const struct roster *roster,
                              const Shift__Person *person)
{
    const bool by_roster = entry->badge[0] != '@' && strcmp(entry->badge, "clerk") != 0 &&
                           strcmp(entry->badge, "admin") != 0;
    if (entry->revoked || entry->until_ms != 0 || roster == NULL || !by_roster)
        return "";
    if (person == NULL)
        return lq_tr("≠ not on the roster");
    return entry->roles == lq_roster_roles_of(person) ? "" : lq_tr("≠ roles differ");
}

// What stands in the place of a device.
enum { ONE_TIME_TEXT = 96 };
static const char *one_time(const struct lq_key_entry *entry, char text[ONE_TIME_TEXT])
{
    char until[LQ_TIME_TEXT];
    snprintf(text, ONE_TIME_TEXT, lq_tr("one-time key, until %s"),
             lq_format_local(entry->until_ms, until));
    return text;
}

static void list_entry(struct lq_output *output, const struct lq_key_entry *entry,
                       const struct roster *roster)
{
    char roles[LQ_ROLES_SHOWN], role[LQ_WORD_TEXT] = "", when[LQ_TIME_TEXT], until[ONE_TIME_TEXT];
    const Shift__Person *person = find(roster, entry->badge);
    if (person != NULL)
        lq_word_shown(&lq__role__descriptor, (int)person->role, role);
    lq_output_text(output, entry->badge);
    lq_output_text(output, person != NULL ? person->name : "");
    lq_output_text(output, lq_roles_shown(entry->roles, roles));
    lq_output_text(output, role);
    lq_output_text(output, difference(entry, roster, person));
    if (entry->revoked)
        lq_output_text(output, lq_format_local(entry->revoked_ms, when));
    else
        lq_output_none(output);
    lq_output_text(output, entry->until_ms == 0 ? entry->remark : one_time(entry, until));
    lq_output_text(output, entry->public_key);
}

int lq_key_list(struct lq_cli *cli)
{
    static const struct lq_column columns[] = {
        LQ_COLUMN("BADGE", "警号", NULL, .key = "badge", .whole = true),
        LQ_COLUMN("NAME", "姓名", NULL, .key = "name"),
        LQ_COLUMN("KEY'S ROLES", "密钥角色", NULL, .key = "roles", .whole = true),
        LQ_COLUMN("ON ROSTER", "名册角色", NULL, .key = "roster_role", .whole = true),
        LQ_COLUMN("DIFFERS", "不符", NULL, .key = "differs", .whole = true),
        LQ_COLUMN("REVOKED", "吊销", NULL, .key = "revoked", .whole = true),
        LQ_COLUMN("DEVICE", "设备", NULL, .key = "device"),
        LQ_COLUMN("PUBLIC KEY", "公钥", NULL, .key = "public_key", .whole = true, .spare = true),
    };
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    struct lq_keyring *keyring;
    struct roster *roster;
    const enum lq_status status = lq_keyring_load(system.authorized, &keyring);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (read_roster(cli, &roster) != LQ_EXIT_DONE) {
        roster = NULL;
        lq_cli_say("the roster was not read, so that names and differences are missing");
    }
    struct lq_output *output = lq_output_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < lq_keyring_count(keyring); i++)
        list_entry(output, lq_keyring_at(keyring, i), roster);
    lq_keyring_free(keyring);
    return lq_cli_print(cli, output);
}

// ---------------------------------------------------------------- revoke

static bool is_meant(const struct lq_key_entry *entry, const char *badge, const char *device)
{
    return strcmp(entry->badge, badge) == 0 &&
           (device == NULL || strcmp(entry->remark, device) == 0);
}

static enum lq_status is_last_admin(const struct lq_system *system, const char *badge,
                                    const char *device, bool *is)
{
    struct lq_keyring *keyring;
    unsigned own = 0, others = 0;
    const enum lq_status status = lq_keyring_load(system->authorized, &keyring);
    if (status != LQ_OK)
        return status;
    for (size_t i = 0; i < lq_keyring_count(keyring); i++) {
        const struct lq_key_entry *entry = lq_keyring_at(keyring, i);
        if (entry->revoked || (entry->roles & LQ_ROLE(ADMIN)) == 0)
            continue;
        own += is_meant(entry, badge, device);
        others += !is_meant(entry, badge, device);
    }
    lq_keyring_free(keyring);
    *is = own > 0 && others == 0;
    return LQ_OK;
}

static bool agrees(const char *badge)
{
    char answer[16];
    fprintf(stderr,
            lq_tr("%s is the last administrator: nobody else's key opens as admin. Revoke it? "
                  "[y/N] "),
            badge);
    return fgets(answer, sizeof answer, stdin) != NULL && lq_cli_is_yes(answer);
}

static int ask_first(struct lq_cli *cli, const struct lq_system *system, const char *badge,
                     const char *device)
{
    bool is_last;
    const enum lq_status status = is_last_admin(system, badge, device, &is_last);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!is_last || lq_given(cli, "--yes") || (isatty(STDIN_FILENO) != 0 && agrees(badge)))
        return LQ_EXIT_DONE;
    lq_cli_say("not revoked: %s is the last administrator (--yes revokes all the same)", badge);
    return LQ_EXIT_REFUSED;
}

int lq_key_revoke(struct lq_cli *cli)
{
    const char *badge = lq_given_text(cli, "BADGE"), *device = lq_given_text(cli, "--device");
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    unsigned changed;
    const int code = ask_first(cli, &system, badge, device);
    if (code != LQ_EXIT_DONE)
        return code;
    const enum lq_status status =
        lq_keyring_revoke(system.authorized, badge, device, lq_wall_ms(), &changed);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!cli->quiet && changed == 0)
        printf(lq_tr("%s: no key revoked, all were before\n"), badge);
    else if (!cli->quiet && changed == 1)
        printf(lq_tr("%s: 1 key revoked\n"), badge);
    else if (!cli->quiet)
        printf(lq_tr("%s: %u keys revoked\n"), badge, changed);
    return LQ_EXIT_DONE;
}
