#include "runtime/system.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "bus/keyring/keyring.h"
#include "config/defaults.h"
#include "envelope.pb-c.h"

struct lq_system lq_system_at(struct lq_arena *arena, const char *data)
{
    return (struct lq_system){
        .data = lq_arena_text(arena, data),
        .config = lq_arena_format(arena, "%s/config", data),
        .keys = lq_arena_format(arena, "%s/keys", data),
        .links = lq_arena_format(arena, "%s/links", data),
        .run = lq_arena_format(arena, "%s/run", data),
        .journal = lq_arena_format(arena, "%s/journal", data),
        .bus_key = lq_arena_format(arena, "%s/keys/bus.key", data),
        .bus_public = lq_arena_format(arena, "%s/keys/bus.pub", data),
        .authorized = lq_arena_format(arena, "%s/keys/authorized", data),
    };
}

static enum lq_status make_bus_key(const struct lq_system *system)
{
    struct lq_key_pair keys;
    enum lq_status status = lq_keys_create(system->bus_key, &keys);
    if (status == LQ_E_BUSY)
        status = lq_keys_load(system->bus_key, &keys);
    if (status == LQ_OK && access(system->bus_public, F_OK) != 0)
        status = lq_public_key_write(system->bus_public, keys.public_key);
    lq_keys_wipe(&keys);
    return status;
}

// An empty list, not none: a bus without a list would have nobody to let in and no reason to say.
static enum lq_status make_key_list(const struct lq_system *system)
{
    const int fd = open(system->authorized, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return lq_fault(LQ_E_IO, "cannot make %s: %s", system->authorized, strerror(errno));
    close(fd);
    return LQ_OK;
}

enum lq_status lq_system_prepare_remote(const struct lq_system *system)
{
    const char *const directories[] = {system->data, system->config, system->keys, system->run,
                                       system->journal};
    enum lq_status status = LQ_OK;
    for (size_t i = 0; status == LQ_OK && i < sizeof directories / sizeof directories[0]; i++)
        status = lq_make_directory(directories[i], 0700);
    return status != LQ_OK ? status : lq_config_write_defaults(system->config);
}

enum lq_status lq_system_prepare(const struct lq_system *system)
{
    enum lq_status status = lq_system_prepare_remote(system);
    if (status == LQ_OK)
        status = make_bus_key(system);
    if (status == LQ_OK)
        status = make_key_list(system);
    return status;
}

// ---------------------------------------------------------------- keys for others

static enum lq_status issue_at(struct lq_arena *arena, const struct lq_system *system,
                               const char *directory, const char *badge, uint32_t roles)
{
    const char *path = lq_arena_format(arena, "%s/%s.key", directory, badge);
    struct lq_key_pair keys;
    enum lq_status status = lq_keys_create(path, &keys);
    if (status == LQ_E_BUSY)
        status = lq_keys_load(path, &keys);
    if (status != LQ_OK)
        return status;
    status = lq_keyring_add(system->authorized, keys.public_key, badge, roles);
    lq_keys_wipe(&keys);
    return status == LQ_E_BUSY ? LQ_OK : status;
}

enum lq_status lq_system_issue_key(struct lq_arena *arena, const struct lq_system *system,
                                   const char *badge, uint32_t roles)
{
    return issue_at(arena, system, system->keys, badge, roles);
}

enum lq_status lq_system_issue_link(struct lq_arena *arena, const struct lq_system *system,
                                    const char *service)
{
    const char *directory = lq_arena_format(arena, "%s/%s", system->links, service);
    char bus_public_key[LQ_KEY_TEXT];
    enum lq_status status = lq_make_directory(system->links, 0700);
    if (status == LQ_OK)
        status = lq_make_directory(directory, 0700);
    if (status == LQ_OK)
        status = issue_at(arena, system, directory, lq_arena_format(arena, "@%s", service),
                          1u << LQ__ROLE__SERVICE);
    if (status == LQ_OK)
        status = lq_public_key_load(system->bus_public, bus_public_key);
    return status != LQ_OK ? status
                           : lq_public_key_write(lq_arena_format(arena, "%s/bus.pub", directory),
                                                 bus_public_key);
}

static bool is_listed(const struct lq_keyring *keyring, const char *badge)
{
    for (size_t i = 0; i < lq_keyring_count(keyring); i++)
        if (strcmp(lq_keyring_at(keyring, i)->badge, badge) == 0)
            return true;
    return false;
}

static enum lq_status issue_once(struct lq_arena *arena, const struct lq_system *system,
                                 const char *badge, uint32_t roles)
{
    struct lq_keyring *keyring;
    enum lq_status status = lq_keyring_load(system->authorized, &keyring);
    if (status != LQ_OK)
        return status;
    if (!is_listed(keyring, badge))
        status = lq_system_issue_key(arena, system, badge, roles);
    lq_keyring_free(keyring);
    return status;
}

enum lq_status lq_system_issue_first_keys(struct lq_arena *arena, const struct lq_system *system)
{
    const enum lq_status status = issue_once(arena, system, "clerk", 1u << LQ__ROLE__CLERK);
    return status != LQ_OK ? status : issue_once(arena, system, "admin", 1u << LQ__ROLE__ADMIN);
}

enum lq_status lq_system_issue_metrics_key(struct lq_arena *arena, const struct lq_system *system)
{
    return issue_once(arena, system, LQ_METRICS_BADGE, 1u << LQ__ROLE__OFFICER);
}
