// What was written and not flushed is kept as a list of writes beside the bytes that are safe. A
// power cut takes the safe bytes and applies those sectors of those writes that the dice choose, in
// the order in which they were made: any sector may have any of the contents that it had since.
#include "crash/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

void disk_init(struct disk *disk)
{
    *disk = (struct disk){.file_count = 1};
    disk->files[0].directory = true;
}

void disk_free(struct disk *disk)
{
    for (unsigned i = 0; i < disk->file_count; i++) {
        free(disk->files[i].kept);
        free(disk->files[i].kept_at);
        free(disk->files[i].writes);
    }
    disk->file_count = 0;
}

void disk_copy(struct disk *to, const struct disk *from)
{
    *to = *from;
    for (unsigned i = 0; i < to->file_count; i++) {
        struct disk_file *file = &to->files[i];
        file->kept = malloc(file->kept_size + 1);
        file->kept_at = calloc(file->sector_count + 1, sizeof *file->kept_at);
        file->writes = calloc(file->write_room + 1, sizeof *file->writes);
        LQ_ASSERT(file->kept != NULL && file->kept_at != NULL && file->writes != NULL);
        if (file->sector_count > 0)
            memcpy(file->kept_at, from->files[i].kept_at,
                   file->sector_count * sizeof *file->kept_at);
        if (file->kept_size > 0)
            memcpy(file->kept, from->files[i].kept, file->kept_size);
        if (file->write_count > 0)
            memcpy(file->writes, from->files[i].writes, file->write_count * sizeof *file->writes);
    }
}

void disk_restart(struct disk *disk)
{
    memset(disk->handles, 0, sizeof disk->handles);
}

// ---------------------------------------------------------------- names

static void set_name(struct disk_name *names, unsigned *count, const struct disk_name *change)
{
    unsigned i = 0;
    while (i < *count &&
           (names[i].parent != change->parent || strcmp(names[i].name, change->name) != 0))
        i++;
    if (change->file == 0) {
        if (i < *count)
            names[i] = names[--*count];
        return;
    }
    LQ_ASSERT(i < DISK_NAMES);
    names[i] = *change;
    if (i == *count)
        ++*count;
}

static unsigned file_named(const struct disk *disk, unsigned parent, const char *name)
{
    for (unsigned i = 0; i < disk->seen_count; i++)
        if (disk->seen[i].parent == parent && strcmp(disk->seen[i].name, name) == 0)
            return disk->seen[i].file;
    return 0;
}

// Splits a path into the file of its directory and its last name.
static unsigned find_parent(const struct disk *disk, const char *path, const char **name)
{
    unsigned parent = 0;
    for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        char part[64];
        LQ_ASSERT((size_t)(slash - path) < sizeof part);
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        parent = file_named(disk, parent, part);
        LQ_ASSERT(parent != 0);
    }
    *name = path;
    return parent;
}

static unsigned find_file(const struct disk *disk, const char *path)
{
    const char *name;
    const unsigned parent = find_parent(disk, path, &name);
    return *name == '\0' ? parent : file_named(disk, parent, name);
}

static void change_name(struct disk *disk, const char *path, unsigned file)
{
    struct disk_name change = {.file = file};
    const char *name;
    change.parent = find_parent(disk, path, &name);
    snprintf(change.name, sizeof change.name, "%s", name);
    set_name(disk->seen, &disk->seen_count, &change);
    LQ_ASSERT(disk->change_count < DISK_NAMES);
    disk->changes[disk->change_count++] = change;
}

static void flush_names(struct disk *disk, const char *path)
{
    const unsigned parent = find_file(disk, path);
    unsigned left = 0;
    for (unsigned i = 0; i < disk->change_count; i++) {
        if (disk->changes[i].parent == parent)
            set_name(disk->kept, &disk->kept_count, &disk->changes[i]);
        else
            disk->changes[left++] = disk->changes[i];
    }
    disk->change_count = left;
}

// ---------------------------------------------------------------- bytes

static void grow(uint8_t **bytes, size_t *size, size_t wanted)
{
    if (wanted <= *size)
        return;
    *bytes = realloc(*bytes, wanted);
    LQ_ASSERT(*bytes != NULL);
    memset(*bytes + *size, 0, wanted - *size);
    *size = wanted;
}

static void apply(uint8_t **bytes, size_t *size, const struct op *op, size_t from, size_t to)
{
    if (op->kind == OP_RESIZE) {
        grow(bytes, size, op->offset);
        *size = op->offset;
        return;
    }
    grow(bytes, size, op->offset + to);
    memcpy(*bytes + op->offset + from, op->data + from, to - from);
}

static void add_write(struct disk_file *file, const struct op *op)
{
    if (file->write_count == file->write_room) {
        file->write_room = file->write_room == 0 ? 16 : 2 * file->write_room;
        file->writes = realloc(file->writes, file->write_room * sizeof *file->writes);
        LQ_ASSERT(file->writes != NULL);
    }
    file->writes[file->write_count++] =
        (struct disk_write){.op = *op, .number = ++file->next_number, .lost = op->lost};
}

static size_t first_sector(const struct op *op)
{
    return op->offset / DISK_SECTOR;
}

static size_t end_sector(const struct op *op)
{
    return (op->offset + op->size + DISK_SECTOR - 1) / DISK_SECTOR;
}

// The part of a write that lies in the sectors first … end - 1.
static void apply_sectors(uint8_t **bytes, size_t *size, const struct op *op, size_t first,
                          size_t end)
{
    const size_t start = first * DISK_SECTOR, stop = end * DISK_SECTOR;
    const size_t from = start > op->offset ? start - op->offset : 0;
    const size_t to = stop > op->offset ? stop - op->offset : 0;
    if (op->kind == OP_WRITE && from < op->size && to > 0)
        apply(bytes, size, op, from, to < op->size ? to : op->size);
}

// A write is kept from now on. Sectors are written as they are seen, and so with what was written
// to them before, even where a flush of that had failed.
static void keep(struct disk_file *file, const struct op *op, uint64_t number, size_t earlier)
{
    if (op->kind == OP_RESIZE) {
        apply(&file->kept, &file->kept_size, op, 0, 0);
        return;
    }
    const size_t first = first_sector(op), end = end_sector(op);
    for (size_t i = 0; i < earlier; i++)
        apply_sectors(&file->kept, &file->kept_size, &file->writes[i].op, first, end);
    apply(&file->kept, &file->kept_size, op, 0, op->size);
    if (end > file->sector_count) {
        file->kept_at = realloc(file->kept_at, end * sizeof *file->kept_at);
        LQ_ASSERT(file->kept_at != NULL);
        memset(file->kept_at + file->sector_count, 0,
               (end - file->sector_count) * sizeof *file->kept_at);
        file->sector_count = end;
    }
    for (size_t sector = first; sector < end; sector++)
        file->kept_at[sector] = number;
}

// What is lost stays so: it is seen, but no flush will write it.
static void flush_file(struct disk_file *file)
{
    size_t left = 0;
    for (size_t i = 0; i < file->write_count; i++) {
        const struct disk_write write = file->writes[i];
        if (write.lost)
            file->writes[left++] = write;
        else
            keep(file, &write.op, write.number, left);
    }
    file->write_count = left;
}

static void do_write(struct disk_file *file, const struct op *op)
{
    if (op->flushed && !op->lost)
        keep(file, op, ++file->next_number, file->write_count);
    else
        add_write(file, op);
}

// ---------------------------------------------------------------- operations

static unsigned make_file(struct disk *disk, const char *path, bool directory)
{
    LQ_ASSERT(disk->file_count < DISK_FILES);
    const unsigned file = disk->file_count++;
    disk->files[file] = (struct disk_file){.directory = directory};
    change_name(disk, path, file);
    return file;
}

void disk_do(struct disk *disk, const struct op *op)
{
    LQ_ASSERT(op->handle < DISK_HANDLES);
    struct disk_file *file = &disk->files[disk->handles[op->handle]];
    switch (op->kind) {
    case OP_OPEN:
        disk->handles[op->handle] =
            op->made ? make_file(disk, op->path, false) : find_file(disk, op->path);
        return;
    case OP_WRITE:
        do_write(file, op);
        return;
    case OP_RESIZE:
        add_write(file, op);
        return;
    case OP_FLUSH:
        flush_file(file);
        return;
    case OP_LOSE:
        for (size_t i = 0; i < file->write_count; i++)
            file->writes[i].lost = true;
        return;
    case OP_FLUSH_NAMES:
        flush_names(disk, op->path);
        return;
    case OP_MAKE_DIRECTORY:
        make_file(disk, op->path, true);
        return;
    case OP_UNLINK:
    case OP_REMOVE_DIRECTORY:
        change_name(disk, op->path, 0);
        return;
    case OP_RENAME:
        change_name(disk, op->other, find_file(disk, op->path));
        change_name(disk, op->path, 0);
        disk->changes[disk->change_count - 1].with_previous = true;
        return;
    case OP_TOLD:
        return;
    }
}

bool disk_pending(const struct disk *disk)
{
    bool pending = disk->change_count > 0;
    for (unsigned i = 0; i < disk->file_count; i++)
        pending = pending || disk->files[i].write_count > 0;
    return pending;
}

// ---------------------------------------------------------------- how a disk behaves

// The ways in which disks order their writes; several are rare if every sector is chosen alone.
enum behaviour { NOTHING, EVERYTHING, ANY_HALF, FEW, MOST, FIRST_ONES, LAST_ONES, BEHAVIOURS };

struct choice {
    enum behaviour behaviour;
    size_t turning; // the sector, counted over all writes, where it stopped or began
    size_t number;
    struct lq_dice *dice;
};

static bool is_written(struct choice *choice)
{
    const size_t number = choice->number++;
    switch (choice->behaviour) {
    case NOTHING:
        return false;
    case EVERYTHING:
        return true;
    case ANY_HALF:
        return lq_chance(choice->dice, 50);
    case FEW:
        return lq_chance(choice->dice, 10);
    case MOST:
        return lq_chance(choice->dice, 90);
    case FIRST_ONES:
        return number < choice->turning;
    case LAST_ONES:
        return number >= choice->turning;
    case BEHAVIOURS:
        break;
    }
    LQ_UNREACHABLE();
}

static size_t count_sectors(const struct disk *disk)
{
    size_t count = 0;
    for (unsigned i = 0; i < disk->file_count; i++)
        for (size_t w = 0; w < disk->files[i].write_count; w++)
            count += 1 + disk->files[i].writes[w].op.size / DISK_SECTOR;
    return count;
}

static void write_some(const struct disk_file *file, const struct disk_write *write,
                       uint8_t **bytes, size_t *size, struct choice *choice)
{
    if (write->op.kind == OP_RESIZE) {
        if (is_written(choice))
            apply(bytes, size, &write->op, 0, 0);
        return;
    }
    const size_t end = end_sector(&write->op);
    for (size_t sector = first_sector(&write->op); sector < end; sector++) {
        const bool older = sector < file->sector_count && file->kept_at[sector] > write->number;
        if (is_written(choice) && !older)
            apply_sectors(bytes, size, &write->op, sector, sector + 1);
    }
}

// ---------------------------------------------------------------- laying out

void disk_empty(const char *directory)
{
    char path[PATH_MAX];
    DIR *entries = opendir(directory);
    LQ_ASSERT(entries != NULL);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        LQ_ASSERT((size_t)snprintf(path, sizeof path, "%s/%s", directory, entry->d_name) <
                  sizeof path);
        if (unlink(path) == 0)
            continue;
        disk_empty(path);
        LQ_ASSERT(rmdir(path) == 0);
    }
    closedir(entries);
}

// LMDB's lock file means nothing after a power cut, and so is left out.
static void lay_out_file(const struct disk_file *file, const char *path, struct choice *choice)
{
    size_t size = file->kept_size;
    uint8_t *bytes = malloc(size + 1);
    LQ_ASSERT(bytes != NULL);
    if (size > 0)
        memcpy(bytes, file->kept, size);
    for (size_t i = 0; i < file->write_count; i++)
        write_some(file, &file->writes[i], &bytes, &size, choice);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    LQ_ASSERT(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    close(fd);
    free(bytes);
}

static void lay_out_below(const struct disk *disk, const struct disk_name *names, unsigned count,
                          unsigned parent, const char *directory, struct choice *choice)
{
    char path[PATH_MAX];
    for (unsigned i = 0; i < count; i++) {
        if (names[i].parent != parent || strcmp(names[i].name, "lock.mdb") == 0)
            continue;
        LQ_ASSERT((size_t)snprintf(path, sizeof path, "%s/%s", directory, names[i].name) <
                  sizeof path);
        if (disk->files[names[i].file].directory) {
            LQ_ASSERT(mkdir(path, 0750) == 0 || errno == EEXIST);
            lay_out_below(disk, names, count, names[i].file, path, choice);
        } else {
            lay_out_file(&disk->files[names[i].file], path, choice);
        }
    }
}

void disk_lay_out(const struct disk *disk, const char *directory)
{
    struct choice choice = {.behaviour = EVERYTHING};
    disk_empty(directory);
    lay_out_below(disk, disk->seen, disk->seen_count, 0, directory, &choice);
}

void disk_cut_power(const struct disk *disk, const char *directory, unsigned kind,
                    struct lq_dice *dice)
{
    struct choice choice = {.dice = dice};
    choice.behaviour = kind < 2 ? (enum behaviour)kind : (enum behaviour)lq_throw(dice, BEHAVIOURS);
    choice.turning = lq_throw(dice, count_sectors(disk) + 1);
    struct disk_name names[DISK_NAMES];
    unsigned count = disk->kept_count;
    memcpy(names, disk->kept, sizeof names);
    // A file system with a log keeps a first part of the changes, one without any of them.
    const size_t some = lq_throw(dice, disk->change_count + 1);
    const bool logs = lq_chance(dice, 50);
    bool done = false;
    for (unsigned i = 0; i < disk->change_count; i++) {
        const bool chosen = logs ? i < some : lq_chance(dice, 50);
        done = disk->changes[i].with_previous ? done : kind != 0 && (kind == 1 || chosen);
        if (done)
            set_name(names, &count, &disk->changes[i]);
    }
    disk_empty(directory);
    lay_out_below(disk, names, count, 0, directory, &choice);
}
