// Signing on: where the bus is, whose key opens it, and a first question to every service. On the
// machine that keeps the list of keys, a person who is registered gets a key when it is first
// asked for: there the file system is what guards them.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "bus/keyring/keyring.h"
#include "bus/keyring/roles.h"
#include "lq/cli/cli.h"
#include "lq/nouns/people.h"
#include "lq/outbox/clock.h"
#include "lq/outbox/outbox.h"
#include "lq/show/words.h"
#include "pb/pb.h"
#include "runtime/system.h"
#include "service/service.h"

enum {
    PROBE_MS = 3000,    // to say that nobody is there
    PROBE_NEW_MS = 500, // for a key that the bus may not know yet: a refusal ends a connection,
    PROBES_NEW = 6,     // so that it is tried again on another
};

// ---------------------------------------------------------------- where, and what is in the way

int lq_cli_endpoint(struct lq_cli *cli, const char **endpoint)
{
    *endpoint = cli->bus;
    if (cli->bus != NULL)
        return LQ_EXIT_DONE;
    const enum lq_sign_on found = lq_sign_on_endpoint(&cli->arena, cli->data, endpoint);
    return found == LQ_SIGNED_ON ? LQ_EXIT_DONE : lq_cli_not_signed_on(cli, found, "");
}

int lq_cli_not_signed_on(struct lq_cli *cli, enum lq_sign_on what, const char *why)
{
    const char *endpoint = cli->bus, *data = cli->data;
    if (endpoint == NULL && what != LQ_SIGN_ON_NO_SYSTEM && what != LQ_SIGN_ON_NOT_RUNNING &&
        lq_cli_endpoint(cli, &endpoint) != LQ_EXIT_DONE)
        return LQ_EXIT_UNREACHABLE; // it went while it was asked
    switch (what) {
    case LQ_SIGNED_ON:
        return LQ_EXIT_DONE;
    case LQ_SIGN_ON_NO_SYSTEM:
        lq_cli_fail("there is no system in %s (lq up --data %s starts one; --data, LQ_DATA or "
                    "--bus name another)",
                    data, data);
        break;
    case LQ_SIGN_ON_NOT_RUNNING:
        lq_cli_fail("the system in %s is not running (lq up --data %s)", data, data);
        break;
    case LQ_SIGN_ON_NO_ANSWER:
        lq_cli_fail("no answer from %s — is it running? (lq up --data %s)", endpoint, data);
        break;
    case LQ_SIGN_ON_NO_HANDSHAKE:
        lq_cli_fail("no answer from %s: %s", endpoint, why);
        break;
    case LQ_SIGN_ON_NOT_ADMITTED:
        lq_cli_fail("the bus at %s does not admit %s: the key is not on its list, or revoked",
                    endpoint, cli->as);
        return LQ_EXIT_REFUSED;
    }
    return LQ_EXIT_UNREACHABLE;
}

// ---------------------------------------------------------------- whose key

static int open_with(struct lq_cli *cli, const char *key, bool once, uint32_t deadline_ms,
                     struct lq_client **out)
{
    const char *endpoint;
    const int code = lq_cli_endpoint(cli, &endpoint);
    if (code != LQ_EXIT_DONE)
        return code;
    const enum lq_status status =
        lq_sign_on_open(&cli->arena, cli->data, endpoint, key, once, deadline_ms, out);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}

static int connect_with(struct lq_cli *cli, const char *key, bool is_new, struct lq_client **out)
{
    const uint32_t deadline_ms = is_new ? PROBE_NEW_MS : PROBE_MS;
    enum lq_sign_on found = LQ_SIGN_ON_NO_ANSWER;
    const char *why = "";
    struct lq_client *asking = NULL;
    for (int i = 0; i < (is_new ? PROBES_NEW : 1) && found != LQ_SIGNED_ON; i++) {
        lq_client_close(asking);
        asking = NULL;
        const int code = open_with(cli, key, true, deadline_ms, &asking);
        if (code != LQ_EXIT_DONE)
            return code;
        found = lq_sign_on_probe(&cli->arena, asking, lq_services, deadline_ms, &why);
    }
    int code = lq_cli_not_signed_on(cli, found, why);
    const enum lq_status status =
        code == LQ_EXIT_DONE ? lq_sign_on_stay(&cli->arena, cli->data, asking) : LQ_OK;
    if (status != LQ_OK)
        code = lq_cli_fault(status);
    if (code == LQ_EXIT_DONE)
        *out = asking;
    else
        lq_client_close(asking);
    return code;
}

// ---------------------------------------------------------------- a key for somebody registered

// Who was shut out gets no key by asking for one.
static bool was_revoked(const struct lq_system *system, const char *badge)
{
    struct lq_keyring *keyring;
    bool revoked = false, opens = false;
    if (lq_keyring_load(system->authorized, &keyring) != LQ_OK)
        return false;
    for (size_t i = 0; i < lq_keyring_count(keyring); i++) {
        const struct lq_key_entry *entry = lq_keyring_at(keyring, i);
        if (strcmp(entry->badge, badge) == 0) {
            revoked = revoked || entry->revoked;
            opens = opens || !entry->revoked;
        }
    }
    lq_keyring_free(keyring);
    return revoked && !opens;
}

static int issue_key(struct lq_cli *cli, const struct lq_system *system,
                     const Shift__Person *person)
{
    if (was_revoked(system, cli->as)) {
        lq_cli_say("the key of %s was revoked (lq key issue %s makes a new one)", cli->as, cli->as);
        return LQ_EXIT_REFUSED;
    }
    const enum lq_status status =
        lq_system_issue_key(&cli->arena, system, cli->as, 1u << person->role);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    char role[LQ_WORD_TEXT];
    lq_word_in(lq_language(), &lq__role__descriptor, (int)person->role, role);
    if (*person->team == '\0')
        lq_cli_say("made a key for %s %s (%s)", person->badge, person->name, role);
    else
        lq_cli_say("made a key for %s %s (%s, %s)", person->badge, person->name, role,
                   person->team);
    return LQ_EXIT_DONE;
}

// Asks the roster, signed on as the clerk.
static int make_key(struct lq_cli *cli, const struct lq_system *system, const char *clerk)
{
    struct lq_client *client = NULL;
    int code = connect_with(cli, clerk, false, &client);
    if (code != LQ_EXIT_DONE)
        return code;
    cli->client = client;
    const Shift__Person *person = NULL;
    code = lq_person_find(cli, cli->as, &person);
    cli->client = NULL;
    if (code == LQ_EXIT_DONE && person == NULL) {
        lq_cli_say("there is no key for %s, and nobody with that badge is registered (lq shift "
                   "people lists who is)",
                   cli->as);
        code = LQ_EXIT_REFUSED;
    }
    if (code == LQ_EXIT_DONE)
        code = issue_key(cli, system, person);
    lq_client_close(client);
    return code;
}

// A badge becomes a file's name, and must be nothing else.
static bool is_badge(const char *text)
{
    return lq_pb_identifier(text) && strchr(text, '/') == NULL && text[0] != '.' && text[0] != '@';
}

int lq_cli_check_badge(const struct lq_cli *cli)
{
    if (is_badge(cli->as))
        return LQ_EXIT_DONE;
    lq_cli_say("--as takes a badge (P1016, clerk), not \"%s\"", cli->as);
    return LQ_EXIT_USAGE;
}

// The key file of --as; made where this machine may make it.
static int find_key(struct lq_cli *cli, const char **key, bool *is_new)
{
    *is_new = false;
    *key = cli->key;
    if (cli->key != NULL)
        return LQ_EXIT_DONE;
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    const char *clerk = lq_arena_format(&cli->arena, "%s/clerk.key", system.keys);
    *key = lq_arena_format(&cli->arena, "%s/%s.key", system.keys, cli->as);
    if (access(*key, F_OK) == 0)
        return LQ_EXIT_DONE;
    if (strcmp(cli->as, "clerk") != 0 && access(clerk, R_OK) == 0 &&
        access(system.authorized, W_OK) == 0) {
        *is_new = true;
        return make_key(cli, &system, clerk);
    }
    const char *endpoint;
    const int code = lq_cli_endpoint(cli, &endpoint); // first things first: is there a system?
    if (code != LQ_EXIT_DONE)
        return code;
    lq_cli_say("there is no key %s; --as BADGE chooses another, --key FILE names one, and lq key "
               "makes one where the bus runs",
               *key);
    return LQ_EXIT_REFUSED;
}

// ---------------------------------------------------------------- for commands

// Whoever has a signal again is told what has not been sent yet.
static void remind_of_outbox(struct lq_cli *cli)
{
    const size_t count = lq_outbox_count(cli);
    if (count > 0 && !cli->quiet && strcmp(cli->verb->noun, "outbox") != 0)
        lq_cli_say("%zu in the outbox, not sent yet (lq outbox send)", count);
}

int lq_cli_connect(struct lq_cli *cli)
{
    const char *key;
    bool is_new;
    if (cli->client != NULL)
        return LQ_EXIT_DONE;
    int code = find_key(cli, &key, &is_new);
    if (code == LQ_EXIT_DONE)
        code = connect_with(cli, key, is_new, &cli->client);
    if (code == LQ_EXIT_DONE) {
        lq_clock_measure(cli, cli->client);
        remind_of_outbox(cli);
    }
    return code;
}

int lq_cli_open(struct lq_cli *cli, bool once, uint32_t deadline_ms, struct lq_client **out)
{
    const char *key;
    bool is_new;
    int code = find_key(cli, &key, &is_new);
    if (code == LQ_EXIT_DONE && is_new) { // waits until the bus knows it
        code = connect_with(cli, key, true, out);
        if (code == LQ_EXIT_DONE)
            lq_client_close(*out);
    }
    return code == LQ_EXIT_DONE ? open_with(cli, key, once, deadline_ms, out) : code;
}
