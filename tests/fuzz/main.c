// The driver of a build without libFuzzer: feeds the target every file that is named, and every
// file of every directory that is named, each from a block of its own size so that ASan sees what
// is read past the end.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static unsigned fed;

static void feed_file(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    FUZZ_REQUIRE(fseek(file, 0, SEEK_END) == 0);
    const long size = ftell(file);
    FUZZ_REQUIRE(size >= 0);
    rewind(file);
    uint8_t *data = malloc((size_t)size + (size == 0));
    FUZZ_REQUIRE(data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size);
    fclose(file);
    if (getenv("LQ_FUZZ_TELL") != NULL)
        fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    fed++;
}

static int is_no_dot(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void feed(const char *path)
{
    struct dirent **entries;
    const int count = scandir(path, &entries, is_no_dot, alphasort);
    if (count < 0) {
        feed_file(path);
        return;
    }
    for (int i = 0; i < count; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        feed_file(name);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        feed(argv[i]);
    printf("%u inputs\n", fed);
    return fed > 0 ? 0 : 2;
}
