#include "bus/broker/run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

enum lq_status lq_broker_path(const struct lq_broker *broker, const char *name, char path[PATH_MAX])
{
    if (snprintf(path, PATH_MAX, "%s/%s", broker->run_dir, name) >= PATH_MAX)
        return lq_fault(LQ_E_INPUT, "path too long: %s/%s", broker->run_dir, name);
    return LQ_OK;
}

// Any process that can open the socket in this directory can act as any service, so no other user
// may.
static enum lq_status make_link_directory(const struct lq_broker *broker)
{
    char path[PATH_MAX];
    struct stat about;
    enum lq_status status = lq_broker_path(broker, "link", path);
    if (status == LQ_OK)
        status = lq_make_directory(path, 0700);
    if (status != LQ_OK)
        return status;
    if (lstat(path, &about) != 0)
        return lq_fault(LQ_E_IO, "cannot examine %s: %s", path, strerror(errno));
    if (!S_ISDIR(about.st_mode) || about.st_uid != geteuid() || (about.st_mode & 077) != 0)
        return lq_fault(LQ_E_INPUT, "%s must be a directory of the bus's own user, chmod 700",
                        path);
    return LQ_OK;
}

static enum lq_status take_lock(struct lq_broker *broker)
{
    char path[PATH_MAX];
    const enum lq_status status = lq_broker_path(broker, "bus.lock", path);
    if (status != LQ_OK)
        return status;
    broker->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (broker->lock < 0)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    if (flock(broker->lock, LOCK_EX | LOCK_NB) != 0)
        return lq_fault(LQ_E_BUSY, "another bus is running in %s", broker->run_dir);
    return LQ_OK;
}

enum lq_status lq_broker_open_run_dir(struct lq_broker *broker)
{
    enum lq_status status = lq_make_directory(broker->run_dir, 0755);
    if (status == LQ_OK)
        status = make_link_directory(broker);
    return status == LQ_OK ? take_lock(broker) : status;
}

enum lq_status lq_pipe_endpoint(const char *run_dir, char endpoint[LQ_PIPE_ENDPOINT_TEXT])
{
    enum { SOCKET_PATH_LIMIT = 107 }; // of sun_path
    const int length = snprintf(endpoint, LQ_PIPE_ENDPOINT_TEXT, "unix://%s/link/bus", run_dir);
    if (length - (int)strlen("unix://") > SOCKET_PATH_LIMIT)
        return lq_fault(LQ_E_INPUT, "%s/link/bus is too long for the path of a socket", run_dir);
    return LQ_OK;
}
