// The folder: which file is which ledger. Names are taken as they are written, English or Chinese;
// what only looks like one is not guessed but named, because two files of one ledger would make two
// statements of one.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lq/import/cell.h"
#include "lq/import/import.h"
#include "lq/show/words.h"

// Endings of files that are read, and of tables that are not.
static const char *const READ[] = {".csv", ".xlsx", ".tsv", ".txt", NULL};
static const char *const TABLES[] = {".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers", NULL};

static const char *ending_of(const char *name, const char *const *endings)
{
    const size_t size = strlen(name);
    for (; *endings != NULL; endings++) {
        const size_t length = strlen(*endings);
        if (size > length && strcasecmp(name + size - length, *endings) == 0)
            return name + size - length;
    }
    return NULL;
}

// Is this the name of the ledger, without its ending?
static bool is_ledger(const struct lq_ledger *ledger, const char *stem)
{
    const size_t size = strlen(stem);
    if (strcspn(ledger->file, ".") == size && strncmp(ledger->file, stem, size) == 0)
        return true;
    for (const char *zh = ledger->zh; zh != NULL; zh = strchr(zh, '/')) {
        zh += *zh == '/';
        if (strcspn(zh, "/") == size && strncmp(zh, stem, size) == 0)
            return true;
    }
    return false;
}

static const struct lq_ledger *ledger_of(const char *stem)
{
    for (const struct lq_ledger *ledger = lq_ledgers; ledger->file != NULL; ledger++)
        if (is_ledger(ledger, stem))
            return ledger;
    return NULL;
}

// ---------------------------------------------------------------- what a name may have meant

// Takes off what file managers add: "tips (1)", "tips - 副本", "tips_2".
static void take_off_copies(char *stem)
{
    static const char *const COPIES[] = {"副本", "copy"};
    for (size_t size = strlen(stem); size > 0; size = strlen(stem)) {
        size_t kept = size;
        for (size_t i = 0; i < sizeof COPIES / sizeof *COPIES; i++)
            if (lq_ends_with(stem, COPIES[i]))
                kept = size - strlen(COPIES[i]);
        if (kept == size && strchr("0123456789()_- ", stem[size - 1]) != NULL)
            kept = size - 1;
        if (kept == size)
            return;
        stem[kept] = '\0';
    }
}

// The ledger's file that may have been meant; NULL: none is near.
static const char *nearest_file(struct lq_arena *arena, const char *stem)
{
    char *word = lq_arena_text(arena, lq_cell_word(arena, stem));
    take_off_copies(word);
    const struct lq_ledger *ledger = ledger_of(word);
    if (ledger != NULL)
        return ledger->file;
    const char *known[LQ_LEDGERS_MAX];
    size_t count = 0;
    for (ledger = lq_ledgers; ledger->file != NULL; ledger++)
        known[count++] =
            lq_arena_format(arena, "%.*s", (int)strcspn(ledger->file, "."), ledger->file);
    const char *near = lq_word_nearest(word, known, count);
    return near != NULL ? lq_arena_format(arena, "%s.csv", near) : NULL;
}

// ---------------------------------------------------------------- one file

static const char *why_no_ledger(struct lq_arena *arena, const char *stem)
{
    const char *near = nearest_file(arena, stem);
    return near != NULL ? lq_arena_format(arena, lq_tr("did you mean %s?"), near)
                        : lq_tr("it has the name of no ledger");
}

static void judge(const struct lq_import *import, struct lq_import_file *file)
{
    struct lq_arena *arena = &import->cli->arena;
    struct stat status;
    const char *path = lq_arena_format(arena, "%s/%s", import->directory, file->name);
    const char *ending = ending_of(file->name, READ);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        file->why = lq_tr("it is a folder");
    } else if (strncmp(file->name, "~$", 2) == 0 || strncmp(file->name, ".~", 2) == 0) {
        file->why = lq_tr("a spreadsheet has this book open; what is not saved there is not here");
    } else if (ending_of(file->name, TABLES) != NULL) {
        file->is_table = true;
        file->why = lq_tr("tables are read from .csv and .xlsx; save it as one of these");
    } else if (ending == NULL) {
        file->why = lq_tr("it is no table");
    } else {
        const char *stem = lq_arena_format(arena, "%.*s", (int)(ending - file->name), file->name);
        file->ledger = ledger_of(stem);
        file->is_table = file->ledger == NULL && strcasecmp(ending, ".txt") != 0;
        if (file->ledger == NULL)
            file->why = why_no_ledger(arena, stem);
    }
}

// Of two files of one ledger the one with its own name is taken, or the first.
static void part_ways(const struct lq_import *import, const struct lq_ledger *ledger)
{
    struct lq_import_file *taken = NULL;
    for (size_t i = 0; i < import->file_count; i++) {
        struct lq_import_file *file = &import->files[i];
        if (file->ledger == ledger && (taken == NULL || strcmp(file->name, ledger->file) == 0))
            taken = file;
    }
    for (size_t i = 0; i < import->file_count; i++) {
        struct lq_import_file *file = &import->files[i];
        if (file->ledger != ledger || file == taken)
            continue;
        file->ledger = NULL;
        file->is_table = true;
        file->why =
            lq_arena_format(&import->cli->arena,
                            lq_tr("%s is the same ledger; put all rows into one"), taken->name);
    }
}

// ---------------------------------------------------------------- the folder

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct lq_import_file *)a)->name,
                  ((const struct lq_import_file *)b)->name);
}

static enum lq_status list_names(struct lq_import *import)
{
    DIR *folder = opendir(import->directory);
    if (folder == NULL)
        return lq_fault(LQ_E_INPUT, "cannot read the folder %s: %s", import->directory,
                        strerror(errno));
    size_t room = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (import->file_count == room) {
            room = room * 2 + 32;
            import->files = realloc(import->files, room * sizeof *import->files);
            LQ_ASSERT(import->files != NULL);
        }
        import->files[import->file_count++] =
            (struct lq_import_file){.name = lq_arena_text(&import->cli->arena, entry->d_name)};
    }
    closedir(folder);
    if (import->file_count > 0)
        qsort(import->files, import->file_count, sizeof *import->files, by_name);
    return LQ_OK;
}

enum lq_status lq_import_find_files(struct lq_import *import)
{
    const enum lq_status status = list_names(import);
    if (status != LQ_OK)
        return status;
    for (size_t i = 0; i < import->file_count; i++)
        judge(import, &import->files[i]);
    size_t taken = 0;
    for (const struct lq_ledger *ledger = lq_ledgers; ledger->file != NULL; ledger++)
        part_ways(import, ledger);
    for (size_t i = 0; i < import->file_count; i++)
        taken += import->files[i].ledger != NULL;
    if (taken > 0)
        return LQ_OK;
    lq_import_name_files(import);
    return lq_fault(LQ_E_INPUT, "%s holds none of the ledgers (people.csv, operations.csv, …)",
                    import->directory);
}
