// A disk as a recording leaves it: what programs see, and what a power cut may leave of it. Between
// two flushes a disk may have written any part of what it was given, in any order, in whole sectors
// of 512 bytes; a name may have changed or not until its directory is flushed.
#pragma once

#include "crash/recorder.h"
#include "support/generate.h"

enum { DISK_SECTOR = 512, DISK_FILES = 64, DISK_NAMES = 64, DISK_HANDLES = 4096 };

struct disk_write {
    struct op op;    // a write, or a change of size; its data is borrowed
    uint64_t number; // in the order of all writes to the file
    bool lost;       // seen by programs, and never to be on the disk by a flush
};

struct disk_file {
    bool directory;
    uint8_t *kept; // what no power cut can take away
    size_t kept_size;
    uint64_t *kept_at; // of each sector: the latest write that is kept
    size_t sector_count;
    uint64_t next_number;
    struct disk_write *writes; // not kept yet
    size_t write_count, write_room;
};

struct disk_name {
    unsigned parent, file; // indexes of files; the root is 0. file 0: no longer there
    char name[64];
    bool with_previous; // the other half of a rename, which is done as a whole or not at all
};

// A disk borrows what was written from the recordings that were done to it.
struct disk {
    struct disk_file files[DISK_FILES];
    unsigned file_count;
    struct disk_name seen[DISK_NAMES], kept[DISK_NAMES];
    unsigned seen_count, kept_count;
    struct disk_name changes[DISK_NAMES]; // of names, not flushed yet
    unsigned change_count;
    unsigned handles[DISK_HANDLES]; // of the recording that is being done: handle -> file
};

void disk_init(struct disk *disk);
void disk_free(struct disk *disk);
void disk_copy(struct disk *to, const struct disk *from);

// Another recording begins: its handles count from 1 again.
void disk_restart(struct disk *disk);

// Does the next operation of a recording.
void disk_do(struct disk *disk, const struct op *op);

// Whether a power cut could take anything away.
bool disk_pending(const struct disk *disk);

// Makes the files below the directory, which is emptied first: as programs see them, or as a power
// cut may leave them. `kind` chooses how the disk behaved: 0 wrote nothing, 1 wrote all, others at
// random.
void disk_lay_out(const struct disk *disk, const char *directory);
void disk_cut_power(const struct disk *disk, const char *directory, unsigned kind,
                    struct lq_dice *dice);

// Removes everything below a directory.
void disk_empty(const char *directory);
