// lq sign-on: sets this terminal up from the one file that the administrator made.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "lq/admin/bundle.h"
#include "lq/nouns/nouns.h"
#include "lq/outbox/state.h"
#include "runtime/system.h"

// ---------------------------------------------------------------- may it

static bool is_of_other_system(const struct lq_system *system, const struct lq_bundle *bundle)
{
    char known[LQ_KEY_TEXT];
    return access(system->bus_public, F_OK) == 0 &&
           (lq_public_key_load(system->bus_public, known) != LQ_OK ||
            strcmp(known, bundle->bus_public_key) != 0);
}

// What is here belongs to somebody: a system's own keys are never touched, another person's only
// if that is meant.
static int check_place(struct lq_cli *cli, const struct lq_system *system,
                       const struct lq_bundle *bundle)
{
    const char *owner = lq_terminal_person(cli);
    if (access(system->bus_key, F_OK) == 0) {
        lq_cli_say("%s is the system itself, whose keys are there already (--data DIR names "
                   "another place for a terminal)",
                   cli->data);
        return LQ_EXIT_REFUSED;
    }
    if (lq_given(cli, "--force"))
        return LQ_EXIT_DONE;
    if (owner != NULL && strcmp(owner, bundle->badge) != 0) {
        lq_cli_say("this terminal is set up for %s, the file is for %s: --force hands it over",
                   owner, bundle->badge);
        return LQ_EXIT_REFUSED;
    }
    if (is_of_other_system(system, bundle)) {
        lq_cli_say("this terminal is set up for another system, whose bus has another key: --force "
                   "changes to the one of the file");
        return LQ_EXIT_REFUSED;
    }
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- installing

static enum lq_status install(struct lq_cli *cli, const struct lq_system *system,
                              const struct lq_bundle *bundle)
{
    const char *key = lq_arena_format(&cli->arena, "%s/%s.key", system->keys, bundle->badge);
    const char *endpoint = lq_arena_format(&cli->arena, "%s/endpoint", system->run);
    const char *address = lq_arena_format(&cli->arena, "%s\n", bundle->address);
    enum lq_status status = lq_system_prepare_remote(system);
    if (status == LQ_OK)
        status = lq_keys_write(key, &bundle->keys);
    if (status == LQ_OK)
        status = lq_public_key_write(system->bus_public, bundle->bus_public_key);
    if (status == LQ_OK)
        status = lq_file_replace(endpoint, lq_span_text(address), 0644);
    return status == LQ_OK ? lq_terminal_belongs_to(cli, bundle->badge) : status;
}

static int sign_on(struct lq_cli *cli, const struct lq_bundle *bundle)
{
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    cli->as = bundle->badge; // which becomes a file's name
    int code = lq_cli_check_badge(cli);
    if (code == LQ_EXIT_DONE)
        code = check_place(cli, &system, bundle);
    if (code != LQ_EXIT_DONE)
        return code;
    const enum lq_status status = install(cli, &system, bundle);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (*bundle->team != '\0')
        lq_remember_team(cli, bundle->badge, bundle->team);
    if (!cli->quiet)
        printf(lq_tr("this terminal is set up for %s; the bus is at %s\n"), bundle->badge,
               bundle->address);
    lq_cli_say("delete %s: whoever has it can sign on as %s", lq_given_text(cli, "FILE"),
               bundle->badge);
    return LQ_EXIT_DONE;
}

static int run_sign_on(struct lq_cli *cli)
{
    struct lq_bundle bundle;
    const enum lq_status status = lq_bundle_read(&cli->arena, lq_given_text(cli, "FILE"), &bundle);
    const int code = status == LQ_OK ? sign_on(cli, &bundle) : lq_cli_fault(status);
    lq_keys_wipe(&bundle.keys);
    return code;
}

static const struct lq_arg SIGN_ON[] = {
    LQ_POSITION("FILE", NULL, LQ_MUST),
    LQ_OPTION("--force", NULL, NULL, LQ_MAY,
              "also where the terminal is set up for somebody else, or for another system",
              "即使本终端已为他人或其他系统设置"),
    {0},
};

const struct lq_verb lq_sign_on_verbs[] = {
    LQ_VERB("sign-on", "", "set up this terminal from the file of lq key issue --bundle",
            "用 lq key issue --bundle 的文件设置本终端", SIGN_ON, .run = run_sign_on),
    {0},
};
