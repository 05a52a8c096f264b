// Signing on: where the bus is, whose key opens it, and a first question to every service. On the
// machine that keeps the list of keys, a person who is registered gets a key when it is first
// asked for: there the file system is what guards them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/clock.h"
#include "bus/keyring/roles.h"
#include "config/settings.h"
#include "lq/cli/cli.h"
#include "lq/outbox/outbox.h"
#include "pb/pb.h"
#include "runtime/system.h"
#include "service/service.h"
#include "shift.pb-c.h"

enum {
    SILENCE_MS = 1000,
    PROBE_MS = 3000,    // to say that nobody is there
    PROBE_NEW_MS = 500, // for a key that the bus may not know yet: a refusal ends a connection,
    PROBES_NEW = 6,     // so that it is tried again on another
    ENDPOINT_BYTES = 4096,
};

static const char NOT_ADMITTED[] = "does not admit"; // the client's word on an unknown key

// ---------------------------------------------------------------- where

int lq_cli_endpoint(struct lq_cli *cli, const char **endpoint)
{
    if (cli->bus != NULL) {
        *endpoint = cli->bus;
        return LQ_EXIT_DONE;
    }
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    const char *path = lq_arena_format(&cli->arena, "%s/endpoint", system.run);
    char *text = NULL;
    size_t size;
    if (lq_file_read(path, ENDPOINT_BYTES, &text, &size, NULL) != LQ_OK) {
        if (access(cli->data, F_OK) != 0)
            lq_cli_say("there is no system in %s (lq up --data %s starts one; --data, LQ_DATA or "
                       "--bus name another)",
                       cli->data, cli->data);
        else
            lq_cli_say("the system in %s is not running (lq up --data %s)", cli->data, cli->data);
        return LQ_EXIT_UNREACHABLE;
    }
    text[strcspn(text, "\r\n")] = '\0';
    *endpoint = lq_arena_text(&cli->arena, text);
    free(text);
    return LQ_EXIT_DONE;
}

int lq_cli_unreachable(struct lq_cli *cli, const char *endpoint, const char *why)
{
    if (strstr(why, NOT_ADMITTED) != NULL) {
        lq_cli_say("the bus at %s does not admit %s: the key is not on its list, or revoked",
                   endpoint, cli->as);
        return LQ_EXIT_REFUSED;
    }
    if (strstr(why, "handshake") != NULL)
        lq_cli_say("no answer from %s: %s", endpoint, why);
    else
        lq_cli_say("no answer from %s — is it running? (lq up --data %s)", endpoint, cli->data);
    return LQ_EXIT_UNREACHABLE;
}

// ---------------------------------------------------------------- whose key

static int told_fault(void)
{
    lq_cli_say("%s", lq_fault_text());
    return LQ_EXIT_REFUSED;
}

// How patient to be, as lianqin.yaml says.
static enum lq_status take_patience(struct lq_cli *cli, const struct lq_system *system,
                                    struct lq_client_config *config)
{
    struct lq_settings settings;
    const char *path = lq_arena_format(&cli->arena, "%s/lianqin.yaml", system->config);
    const enum lq_status status =
        lq_settings_load(access(path, F_OK) == 0 ? path : NULL, &cli->arena, &settings);
    if (status != LQ_OK)
        return status;
    config->silence_ms = (uint32_t)settings.client.reply_ms;
    config->deadline_ms = (uint32_t)settings.client.give_up_ms;
    return LQ_OK;
}

static int open_with(struct lq_cli *cli, const char *key, bool once, uint32_t deadline_ms,
                     struct lq_client **out)
{
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    char bus_public_key[LQ_KEY_TEXT];
    struct lq_client_config config = {.bus_public_key = bus_public_key,
                                      .silence_ms = SILENCE_MS,
                                      .deadline_ms = deadline_ms,
                                      .once = once};
    const int code = lq_cli_endpoint(cli, &config.endpoint);
    if (code != LQ_EXIT_DONE)
        return code;
    enum lq_status status = lq_keys_load(key, &config.keys);
    if (status == LQ_OK && deadline_ms == 0)
        status = take_patience(cli, &system, &config);
    if (status == LQ_OK)
        status = lq_public_key_load(system.bus_public, bus_public_key);
    if (status == LQ_OK)
        status = lq_client_open(&config, out);
    lq_keys_wipe(&config.keys);
    return status == LQ_OK ? LQ_EXIT_DONE : told_fault();
}

// What the services say of where they are.
struct probe {
    unsigned answers; // of anybody, refusals included
    const char *why;  // if there were none
};

static struct probe ask_tips(struct lq_cli *cli, struct lq_client *client, uint32_t deadline_ms)
{
    const Lq__Query query = LQ__QUERY__INIT;
    const struct lq_span body = lq_pb_encode(&cli->arena, &query.base);
    const int64_t until = lq_steady_ms() + deadline_ms;
    struct probe probe = {.why = ""};
    uint64_t correlation;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        if (lq_client_submit(client, (*s)->name, LQ_ASK_QUERY, body, &correlation) != LQ_OK)
            break; // more services than the window is wide: the first are enough
    const Lq__Reply *reply;
    while (lq_client_next(client, -1, &reply)) {
        if (lq_steady_ms() < until) // later ones are the client's own, who gave up
            probe.answers++;
        else if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
            probe.why = lq_arena_text(&cli->arena, reply->refusal->text);
    }
    return probe;
}

static int connect_with(struct lq_cli *cli, const char *key, bool is_new, struct lq_client **out)
{
    const uint32_t deadline_ms = is_new ? PROBE_NEW_MS : PROBE_MS;
    struct probe probe = {0};
    struct lq_client *asking = NULL;
    for (int i = 0; i < (is_new ? PROBES_NEW : 1) && probe.answers == 0; i++) {
        lq_client_close(asking);
        asking = NULL;
        const int code = open_with(cli, key, true, deadline_ms, &asking);
        if (code != LQ_EXIT_DONE)
            return code;
        probe = ask_tips(cli, asking, deadline_ms);
    }
    const char *endpoint;
    int code = lq_cli_endpoint(cli, &endpoint);
    if (code == LQ_EXIT_DONE && probe.answers == 0)
        code = lq_cli_unreachable(cli, endpoint, probe.why);
    if (code == LQ_EXIT_DONE)
        code = open_with(cli, key, false, 0, out);
    for (const struct lq_service *const *s = lq_services; code == LQ_EXIT_DONE && *s != NULL; s++)
        lq_client_saw(*out, (*s)->name, lq_client_seen(asking, (*s)->name));
    lq_client_close(asking);
    return code;
}

// ---------------------------------------------------------------- a key for somebody registered

static const Shift__Person *find_person(struct lq_cli *cli, const char *badge, int *code)
{
    Shift__People people = SHIFT__PEOPLE__INIT;
    people.badge = lq_arena_text(&cli->arena, badge);
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_PEOPLE;
    query.people = &people;
    ProtobufCMessage *answer;
    *code = lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &answer);
    if (*code != LQ_EXIT_DONE)
        return NULL;
    const Shift__Answer *found = (const void *)answer;
    return found->body_case == SHIFT__ANSWER__BODY_PEOPLE && found->people->n_people == 1
               ? found->people->people[0]
               : NULL;
}

static int issue_key(struct lq_cli *cli, const struct lq_system *system,
                     const Shift__Person *person)
{
    if (lq_system_issue_key(&cli->arena, system, cli->as, 1u << person->role) != LQ_OK)
        return told_fault();
    const char *role = lq_role_name(person->role);
    lq_cli_say("made a key for %s %s (%s%s%s)", person->badge, person->name,
               role != NULL ? role : "?", *person->team != '\0' ? ", " : "", person->team);
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
    const Shift__Person *person = find_person(cli, cli->as, &code);
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
    if (code == LQ_EXIT_DONE)
        remind_of_outbox(cli);
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
