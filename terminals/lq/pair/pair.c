// lq key pair: a device makes a key of its own, and who administers the bus lets it in. On the
// bus's machine only: the service "pair" registers over the socket of its services, and the list of
// keys is a file there (docs/decisions/0049).
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "bus/broker/broker.h"
#include "bus/keyring/keyring.h"
#include "config/settings.h"
#include "lq/full.h"
#include "lq/nouns/people.h"
#include "lq/pair/pairing.h"
#include "lq/pair/qr.h"
#include "runtime/system.h"
#include "shift/replica/roster.h"

enum { OPEN_MS = 10 * 60 * 1000 };

// ---------------------------------------------------------------- where the page is

// The end of an address from its port on: ":7443".
static const char *port_of(const char *listen)
{
    const char *colon = strrchr(listen, ':');
    return colon != NULL ? colon : "";
}

static int take_url(struct lq_cli *cli, const char *given, const char **url)
{
    const size_t size = strlen(given);
    if (strncmp(given, "https://", strlen("https://")) != 0 &&
        strncmp(given, "http://", strlen("http://")) != 0)
        return lq_cli_usage(cli, "--url takes http(s)://NAME:PORT, not \"%s\"", given);
    *url = lq_arena_format(&cli->arena, "%.*s", (int)(size - (given[size - 1] == '/')), given);
    return LQ_EXIT_DONE;
}

// By https under its first name; where there is none, on this machine itself.
static int find_page(struct lq_cli *cli, const struct lq_system *system, const char **url)
{
    struct lq_settings settings;
    const char *given = lq_given_text(cli, "--url"),
               *path = lq_arena_format(&cli->arena, "%s/lianqin.yaml", system->config);
    if (given != NULL)
        return take_url(cli, given, url);
    const enum lq_status status = lq_settings_load(path, &cli->arena, &settings);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (*settings.web.tls_listen != '\0' && settings.web.names.count > 0) {
        *url = lq_arena_format(&cli->arena, "https://%s%s",
                               ((const char *const *)settings.web.names.items)[0],
                               port_of(settings.web.tls_listen));
        return LQ_EXIT_DONE;
    }
    if (*settings.web.listen == '\0') {
        lq_cli_say("the page is served nowhere: %s has neither web.tls_listen with web.names nor "
                   "web.listen (--url says where a gateway has it)",
                   path);
        return LQ_EXIT_REFUSED;
    }
    lq_cli_say("%s is reached from this machine only; for phones, web.tls_listen and web.names in "
               "%s, or --url where a gateway has the page",
               settings.web.listen, path);
    *url = settings.web.listen;
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- for whom

// Two keys of one name could not be told apart when one of them is to be revoked.
static int check_device(struct lq_cli *cli, const struct lq_system *system, const char *badge,
                        const char *device)
{
    struct lq_keyring *keyring;
    if (!lq_remark_valid(device))
        return lq_cli_usage(cli, "--device takes a name of 1 to %d bytes, in one line",
                            LQ_REMARK_TEXT - 1);
    const enum lq_status status = lq_keyring_load(system->authorized, &keyring);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    bool known = false;
    for (size_t i = 0; i < lq_keyring_count(keyring); i++) {
        const struct lq_key_entry *entry = lq_keyring_at(keyring, i);
        known = known || (!entry->revoked && strcmp(entry->badge, badge) == 0 &&
                          strcmp(entry->remark, device) == 0);
    }
    lq_keyring_free(keyring);
    if (!known)
        return LQ_EXIT_DONE;
    lq_cli_say("%s has a key for a device of that name already: give this one another, or revoke "
               "that one first (lq key revoke %s --device \"%s\")",
               badge, badge, device);
    return LQ_EXIT_REFUSED;
}

static int find_person(struct lq_cli *cli, const char *badge, const Shift__Person **out)
{
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = lq_person_find(cli, badge, out);
    if (code != LQ_EXIT_DONE)
        return code;
    if (*out != NULL && lq_roster_roles_of(*out) != 0)
        return LQ_EXIT_DONE;
    lq_cli_say("%s is not on the roster; only people of the force get keys", badge);
    return LQ_EXIT_REFUSED;
}

// ---------------------------------------------------------------- the service

static int register_service(const struct lq_system *system, struct lq_link **link)
{
    char endpoint[LQ_PIPE_ENDPOINT_TEXT];
    enum lq_status status = lq_pipe_endpoint(system->run, endpoint);
    const struct lq_link_config config = {.endpoint = endpoint, .name = "pair", .quiet = true};
    if (status == LQ_OK)
        status = lq_link_open(&config, link);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (lq_pairing_register(*link))
        return LQ_EXIT_DONE;
    if (lq_link_state(*link) == LQ_LINK_NAME_TAKEN) {
        lq_cli_say("another lq key pair is running: one device after another");
        return LQ_EXIT_REFUSED;
    }
    lq_cli_say("the bus does not answer at %s: lq key pair runs on the bus's machine, as the user "
               "that runs it, while it is up",
               endpoint);
    return LQ_EXIT_UNREACHABLE;
}

static int watch_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

// ---------------------------------------------------------------- telling

static enum lq_status show_link(struct lq_cli *cli, const struct lq_pairing *p, const char *page,
                                const char *bus_public_key)
{
    const char *link = lq_pair_link(&cli->arena, page, &p->one_time, bus_public_key), *code;
    const enum lq_status status = lq_qr_draw(&cli->arena, link, isatty(STDOUT_FILENO) != 0, &code);
    if (status != LQ_OK)
        return status;
    printf(lq_tr("For %s %s, on %s: scan the code, or open this link. It is good for %d minutes, "
                 "once.\n"),
           p->badge, p->name, p->device, OPEN_MS / 60000);
    printf(
        "%s\n%s\n%s", link,
        lq_tr("The device then shows a number, which is compared here. Ctrl-C ends this, and the "
              "link."),
        code);
    fflush(stdout);
    return LQ_OK;
}

static int tell_end(const struct lq_pairing *p, enum lq_pairing_end end)
{
    static const char *const WORDS[] = {
        [LQ_PAIRING_REFUSED] = LQ_TR_LATER("not registered: it was not confirmed"),
        [LQ_PAIRING_INTERRUPTED] = LQ_TR_LATER("not registered: it was broken off"),
        [LQ_PAIRING_EXPIRED] = LQ_TR_LATER("not registered: nobody has confirmed it in time"),
        [LQ_PAIRING_REPLACED] =
            LQ_TR_LATER("not registered: another process registers devices now"),
    };
    printf("\n");
    fflush(stdout);
    lq_cli_say("%s: %s", p->badge, lq_tr(WORDS[end]));
    return LQ_EXIT_REFUSED;
}

// ---------------------------------------------------------------- all of it

static int admit(struct lq_cli *cli, const struct lq_system *system, const struct lq_pairing *p,
                 uint32_t roles)
{
    char public_key[LQ_KEY_TEXT];
    LQ_ASSERT(zmq_z85_encode(public_key, p->public_key, LQ_KEY_BYTES) != NULL);
    const enum lq_status status = lq_keyring_admit(system->authorized, p->one_time.public_key,
                                                   public_key, roles, p->device, lq_wall_ms());
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!cli->quiet)
        printf(lq_tr("%s: %s is registered. If it is lost: lq key revoke %s --device \"%s\"\n"),
               p->badge, p->device, p->badge, p->device);
    return LQ_EXIT_DONE;
}

// The one-time key stands in the list from here on until it is decided.
static int converse(struct lq_cli *cli, const struct lq_system *system, struct lq_pairing *p,
                    uint32_t roles, const char *page)
{
    char bus_public_key[LQ_KEY_TEXT];
    enum lq_status status = lq_public_key_load(system->bus_public, bus_public_key);
    if (status == LQ_OK)
        status = lq_keys_generate(&p->one_time);
    if (status == LQ_OK)
        status = lq_keyring_add_newcomer(system->authorized, p->one_time.public_key, p->badge,
                                         lq_wall_ms() + OPEN_MS);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    p->until_ms = lq_steady_ms() + OPEN_MS;
    status = show_link(cli, p, page, bus_public_key);
    const enum lq_pairing_end end = status == LQ_OK ? lq_pairing_run(p) : LQ_PAIRING_REFUSED;
    if (end == LQ_PAIRING_CONFIRMED && admit(cli, system, p, roles) == LQ_EXIT_DONE)
        return LQ_EXIT_DONE;
    const enum lq_status dropped =
        lq_keyring_drop_newcomer(system->authorized, p->one_time.public_key);
    if (dropped != LQ_OK)
        return lq_cli_fault(dropped);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    return end == LQ_PAIRING_CONFIRMED ? LQ_EXIT_REFUSED : tell_end(p, end);
}

int lq_key_pair(struct lq_cli *cli)
{
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    const char *badge = lq_given_text(cli, "BADGE"), *device = lq_given_text(cli, "--device"),
               *page = NULL;
    const Shift__Person *person = NULL;
    struct lq_arena answers = {0};
    int code = check_device(cli, &system, badge, device);
    if (code == LQ_EXIT_DONE)
        code = find_page(cli, &system, &page);
    if (code == LQ_EXIT_DONE)
        code = find_person(cli, badge, &person);
    if (code != LQ_EXIT_DONE)
        return code;
    struct lq_pairing p = {.badge = person->badge,
                           .name = person->name,
                           .device = device,
                           .signals = watch_signals(),
                           .arena = &answers};
    code = register_service(&system, &p.link);
    if (code == LQ_EXIT_DONE)
        code = converse(cli, &system, &p, lq_roster_roles_of(person), page);
    lq_keys_wipe(&p.one_time);
    lq_link_close(p.link);
    lq_arena_free(&answers);
    close(p.signals);
    return code;
}
