// Small files, read and replaced as a whole.
#pragma once

#include <sys/types.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"

// Replaces the file by these bytes, durably: at any moment a reader, or a restart after a crash,
// finds either the old bytes or the new ones. LQ_E_FULL if there is no room, else LQ_E_IO.
enum lq_status lq_file_replace(const char *path, struct lq_span bytes, mode_t mode) LQ_MUST_CHECK;

// Creates a file that does not exist yet, durably and with this mode from its first instant.
// LQ_E_BUSY if there is one.
enum lq_status lq_file_create(const char *path, struct lq_span bytes, mode_t mode) LQ_MUST_CHECK;

// Gives a file or directory another name on its disk, durably; a file of that name is replaced.
// LQ_E_IO.
enum lq_status lq_file_rename(const char *from, const char *to) LQ_MUST_CHECK;

// Makes a directory, if there is none. LQ_E_IO.
enum lq_status lq_make_directory(const char *path, mode_t mode) LQ_MUST_CHECK;

// Reads a whole file of at most `limit` bytes, and adds a NUL. The caller frees *text.
// LQ_E_MISSING if there is none, LQ_E_INPUT if it is larger or no plain file.
enum lq_status lq_file_read(const char *path, size_t limit, char **text, size_t *size,
                            mode_t *mode) LQ_MUST_CHECK;

// The same into an arena.
enum lq_status lq_file_load(const char *path, size_t limit, struct lq_arena *arena,
                            struct lq_span *out) LQ_MUST_CHECK;
