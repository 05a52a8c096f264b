#include "bus/broker/keys.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "envelope.pb-c.h"

// ---------------------------------------------------------------- open and close

enum lq_status lq_broker_open_keys(struct lq_broker *broker, const char *path)
{
    char directory[PATH_MAX];
    if (strlen(path) >= sizeof directory)
        return lq_fault(LQ_E_INPUT, "path too long: %s", path);
    strcpy(broker->keyring_path, path);
    strcpy(directory, path);
    char *slash = strrchr(directory, '/');
    if (slash == NULL)
        strcpy(directory, ".");
    else
        slash[slash == directory] = '\0';
    broker->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (broker->inotify < 0 ||
        inotify_add_watch(broker->inotify, directory,
                          IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE) < 0)
        return lq_fault(LQ_E_IO, "cannot watch %s: %s", directory, strerror(errno));
    if (stat(path, &broker->keyring_stat) != 0)
        return lq_fault(LQ_E_MISSING, "there is no list of keys %s", path);
    return lq_keyring_load(path, &broker->keyring);
}

void lq_broker_close_keys(struct lq_broker *broker)
{
    if (broker->inotify >= 0)
        close(broker->inotify);
    lq_keyring_free(broker->keyring);
}

// ---------------------------------------------------------------- changes

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

// If the new list cannot be read the old one stays in force: a slip of the editor must not lock 200
// people out.
void lq_broker_check_keys(struct lq_broker *broker)
{
    struct stat now = {0};
    if (stat(broker->keyring_path, &now) != 0)
        now = (struct stat){0};
    if (same_file(&now, &broker->keyring_stat))
        return;
    broker->keyring_stat = now;
    struct lq_keyring *keyring = NULL;
    if (lq_keyring_load(broker->keyring_path, &keyring) != LQ_OK) {
        lq_log_error("the list of keys was not taken, the old one stays in force: %s",
                     lq_fault_text());
        return;
    }
    lq_log_info("the list of keys was read: %zu keys", lq_keyring_count(keyring));
    lq_keyring_free(broker->keyring);
    broker->keyring = keyring;
}

void lq_broker_refresh_keys(struct lq_broker *broker)
{
    char events[4096];
    bool any = false;
    while (read(broker->inotify, events, sizeof events) > 0)
        any = true;
    if (any)
        lq_broker_check_keys(broker);
}

// ---------------------------------------------------------------- lookup

const struct lq_key_entry *lq_broker_key(const struct lq_broker *broker, const char *key)
{
    const struct lq_key_entry *entry = lq_keyring_find(broker->keyring, key);
    return entry != NULL && lq_key_entry_opens(entry, lq_wall_ms()) ? entry : NULL;
}

bool lq_broker_is_service_key(const struct lq_broker *broker, const char *key)
{
    const struct lq_key_entry *entry = lq_broker_key(broker, key);
    return entry != NULL && (entry->roles & (1u << LQ__ROLE__SERVICE)) != 0;
}
