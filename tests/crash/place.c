#include "crash/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "crash/disk.h"

static const char *parent(void)
{
    const char *temporary = getenv("TMPDIR");
    if (access("/dev/shm", W_OK | X_OK) == 0)
        return "/dev/shm";
    return temporary != NULL && *temporary != '\0' ? temporary : "/tmp";
}

static void make(char *out, const char *root, const char *name)
{
    LQ_ASSERT(snprintf(out, PLACE_TEXT, "%s/%s", root, name) < PLACE_TEXT);
    LQ_ASSERT(mkdir(out, 0700) == 0);
}

void place_make(struct place *place, const char *name)
{
    const size_t room = sizeof place->root;
    LQ_ASSERT((size_t)snprintf(place->root, room, "%s/%s-XXXXXX", parent(), name) < room);
    LQ_ASSERT(mkdtemp(place->root) != NULL);
    make(place->live, place->root, "live");
    make(place->state, place->root, "state");
    make(place->second, place->root, "second");
    make(place->apart, place->root, "apart");
}

void place_remove(const struct place *place)
{
    disk_empty(place->root);
    LQ_ASSERT(rmdir(place->root) == 0);
}

void place_join(char *out, const char *directory, const char *name)
{
    LQ_ASSERT(snprintf(out, PLACE_TEXT + 16, "%s/%s", directory, name) < PLACE_TEXT + 16);
}
