// What a program does to the files below one directory: every write, flush and change of a name, in
// order. recorder.c stands between the program and libc (its definitions of write, fdatasync and
// the rest are found first by our code and by LMDB alike), so that nothing in the product knows.
// The same place makes a disk fail: the k-th write or flush, once or from then on.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op_kind {
    OP_OPEN,   // path, made: the handle stands for that file from now on
    OP_WRITE,  // handle, offset, data; durable by itself where `flushed` (O_DSYNC)
    OP_RESIZE, // handle, offset: the new size
    OP_FLUSH,  // handle: all that was written to the file
    OP_LOSE, // handle: a flush failed; what was not flushed is in memory, but never will be on disk
    OP_FLUSH_NAMES, // path of a directory: its entries
    OP_MAKE_DIRECTORY,
    OP_UNLINK,
    OP_REMOVE_DIRECTORY,
    OP_RENAME, // path to other
    OP_TOLD,   // the program has told somebody that everything up to `position` is kept
};

struct op {
    enum op_kind kind;
    unsigned handle;
    bool made, flushed, lost; // lost: as by OP_LOSE, this write alone
    char *path, *other;       // below the directory
    uint64_t offset, position;
    uint8_t *data;
    size_t size;
};

struct recording {
    struct op *ops;
    size_t count, room;
};

// What does not work, or works badly, while it is recorded.
enum fault_kind {
    FAULT_NONE,
    FAULT_NO_SPACE,    // a write fails with ENOSPC
    FAULT_WRITE_ERROR, // with EIO
    FAULT_SHORT_WRITE, // writes half of it, and the next write fails with ENOSPC
    FAULT_FLUSH_ERROR, // a flush (or a write that is flushed at once) fails with EIO
};

struct fault_plan {
    enum fault_kind kind;
    unsigned at;  // which one fails, from 1
    bool forever; // and all that follow
};

// A fault planted in the flushing itself, to see that the tests find it.
enum flush_plant { PLANT_NO_FLUSH = 1, PLANT_NO_NAME_FLUSH = 2, PLANT_NO_META_FLUSH = 4 };

// Records what happens below the directory until recorder_stop. The recording is the caller's.
void recorder_start(const char *directory, struct recording *recording, unsigned plants);
void recorder_fail(struct fault_plan plan);
void recorder_told(uint64_t position);
void recorder_stop(void);

// How many writes and flushes there were since recorder_start, and whether the fault happened.
unsigned recorder_writes(void);
unsigned recorder_flushes(void);
bool recorder_failed(void);

// Flushing costs nothing and does nothing: for the checks, which need no durability.
void recorder_skip_flushes(bool skip);

void recording_free(struct recording *recording);
