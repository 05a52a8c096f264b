// A disk's day is a guess: what the journals on it have grown a day in the last week, and that
// nothing else grows there. Where it cannot be guessed, that is what is said.
#include "lq/admin/disk.h"

#include <stdio.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "base/time.h"
#include "config/policy.h"
#include "language/language.h"
#include "runtime/system.h"

enum {
    SOON_DAYS = 30,  // a disk that is full so soon is told of
    FULL_TENTHS = 9, // and one that is so full
    FAR_DAYS = 3653, // ten years: as good as never
};

const char *lq_size_text(uint64_t bytes, char out[LQ_SIZE_TEXT])
{
    static const char *const UNITS[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    unsigned unit = 0;
    while (bytes >= 10000 && unit < 4) {
        bytes /= 1024;
        unit++;
    }
    snprintf(out, LQ_SIZE_TEXT, "%llu %s", (unsigned long long)bytes, UNITS[unit]);
    return out;
}

static struct lq_disk *disk_of(struct lq_disk *disks, unsigned *count, const Lq__Status *status)
{
    for (unsigned i = 0; i < *count; i++)
        if (disks[i].id == status->disk && disks[i].bytes == status->disk_bytes)
            return &disks[i];
    disks[*count] = (struct lq_disk){
        .id = status->disk, .bytes = status->disk_bytes, .free_bytes = status->disk_free_bytes};
    return &disks[(*count)++];
}

// A journal without records does not grow; one that is too young leaves the disk without a guess
// only if none is older.
unsigned lq_disks(const struct lq_survey *survey, struct lq_disk out[LQ_SURVEY_SERVICES])
{
    unsigned count = 0;
    for (unsigned i = 0; i < survey->count; i++) {
        const Lq__Status *status = survey->services[i].status;
        if (status == NULL || status->disk_bytes == 0)
            continue;
        struct lq_disk *disk = disk_of(out, &count, status);
        if (status->disk_free_bytes < disk->free_bytes)
            disk->free_bytes = status->disk_free_bytes;
        if (status->disk_refuse_bytes > disk->refuse_bytes)
            disk->refuse_bytes = status->disk_refuse_bytes;
        disk->growth_bytes += status->growth_bytes;
        if (status->growth_days > disk->growth_days)
            disk->growth_days = status->growth_days;
    }
    return count;
}

bool lq_disk_is_full(const struct lq_disk *disk)
{
    return disk->free_bytes < disk->refuse_bytes;
}

int64_t lq_disk_days_left(const struct lq_disk *disk)
{
    if (lq_disk_is_full(disk))
        return 0;
    if (disk->growth_days == 0 || disk->growth_bytes == 0)
        return -1;
    const uint64_t days = (disk->free_bytes - disk->refuse_bytes) / disk->growth_bytes;
    return days > FAR_DAYS ? -1 : (int64_t)days;
}

static bool is_nearly_full(const struct lq_disk *disk)
{
    const uint64_t used = disk->bytes - disk->free_bytes;
    return disk->free_bytes < 2 * disk->refuse_bytes || used / FULL_TENTHS >= disk->bytes / 10;
}

static void tell_day(const struct lq_disk *disk, int64_t days)
{
    char left[LQ_SIZE_TEXT], size[LQ_SIZE_TEXT], grown[LQ_SIZE_TEXT], day[LQ_TIME_TEXT];
    lq_size_text(disk->free_bytes, left);
    lq_size_text(disk->bytes, size);
    lq_cli_say("warning: the disk of the journals has %s free of %s; as the journals have grown in "
               "the last %u days (%s a day), it will be full, and commands refused, on %s",
               left, size, disk->growth_days, lq_size_text(disk->growth_bytes, grown),
               lq_format_day(lq_day_of(lq_wall_ms()) + (int32_t)days, day));
}

static void tell_of(const struct lq_disk *disk)
{
    char left[LQ_SIZE_TEXT], size[LQ_SIZE_TEXT], least[LQ_SIZE_TEXT];
    const int64_t days = lq_disk_days_left(disk);
    lq_size_text(disk->free_bytes, left);
    lq_size_text(disk->bytes, size);
    if (!is_nearly_full(disk) && (days < 0 || days > SOON_DAYS))
        return;
    if (lq_disk_is_full(disk))
        lq_cli_say("the disk of the journals is full: %s free of %s, and below %s no commands are "
                   "taken; make room on it, and they are taken again",
                   left, size, lq_size_text(disk->refuse_bytes, least));
    else if (days >= 0)
        tell_day(disk, days);
    else if (disk->growth_days == 0)
        lq_cli_say("warning: the disk of the journals is nearly full: %s free of %s; when it will "
                   "be full cannot be told: the journals are less than a day old",
                   left, size);
    else
        lq_cli_say("warning: the disk of the journals is nearly full: %s free of %s; the journals "
                   "have hardly grown in the last %u days, so that something else fills it, if "
                   "anything",
                   left, size, disk->growth_days);
}

void lq_disk_tell(const struct lq_survey *survey)
{
    struct lq_disk disks[LQ_SURVEY_SERVICES];
    const unsigned count = lq_disks(survey, disks);
    for (unsigned i = 0; i < count; i++)
        tell_of(&disks[i]);
}

// The limit is the file's, or the default where there is none that can be read.
static uint64_t refuse_bytes(struct lq_cli *cli, const struct lq_system *system)
{
    struct lq_policy policy;
    const char *path = lq_arena_format(&cli->arena, "%s/policy.yaml", system->config);
    if (lq_policy_load(path, &cli->arena, &policy) != LQ_OK &&
        lq_policy_load(NULL, &cli->arena, &policy) != LQ_OK)
        return 0;
    return (uint64_t)policy.disk_refuse_free_mib << 20;
}

void lq_disk_tell_here(struct lq_cli *cli)
{
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    struct statvfs found;
    if (statvfs(system.journal, &found) != 0)
        return; // they are on another machine
    const struct lq_disk disk = {
        .bytes = (uint64_t)found.f_blocks * found.f_frsize,
        .free_bytes = (uint64_t)found.f_bavail * found.f_frsize,
        .refuse_bytes = refuse_bytes(cli, &system),
    };
    char left[LQ_SIZE_TEXT], least[LQ_SIZE_TEXT];
    if (disk.free_bytes < disk.refuse_bytes)
        lq_cli_say("warning: the disk of %s has only %s free; below %s commands are refused, and a "
                   "service may not be able to start: make room on it",
                   system.journal, lq_size_text(disk.free_bytes, left),
                   lq_size_text(disk.refuse_bytes, least));
}
