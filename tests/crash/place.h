// Directories for stores that are written and thrown away thousands of times: in memory (/dev/shm)
// where there is such a place, else below TMPDIR.
#pragma once

#include <stdbool.h>

enum { PLACE_TEXT = 200 };

struct place {
    char root[PLACE_TEXT - 16];
    char live[PLACE_TEXT], state[PLACE_TEXT]; // directories in it
    char second[PLACE_TEXT], apart[PLACE_TEXT];
};

void place_make(struct place *place, const char *name);
void place_remove(const struct place *place);

// DIRECTORY/NAME into a buffer of PLACE_TEXT + 16.
void place_join(char *out, const char *directory, const char *name);
