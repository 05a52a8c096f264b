// A whole system of real processes in a directory of its own, each part `lianqind PART` as `lq up`
// starts it, that can be killed part by part.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "runtime/system.h"

enum { SYSTEM_PARTS = 32, SYSTEM_BUS = 0 };

struct crash_part {
    const char *name;
    pid_t pid;
};

struct crash_system {
    struct lq_arena arena;
    struct lq_system paths;
    const char *program, *endpoint, *log;
    struct crash_part parts[SYSTEM_PARTS]; // the bus first
    unsigned count;
    char bus_public[LQ_KEY_TEXT];
};

// Makes the directory's keys and configuration, and starts every part. `program` is lianqind.
void system_start(struct crash_system *system, const char *directory, const char *program);

// SIGKILL, and starts the part again at once.
void system_kill(struct crash_system *system, unsigned part);
void system_kill_all(struct crash_system *system);

// A part that ended without being killed: its name, or NULL.
const char *system_ended(struct crash_system *system);

// SIGTERM to all: NULL, or the name of a part that does not end with code 0 within five minutes.
const char *system_stop(struct crash_system *system);
