// Which streams are watched, and from where. The file of positions has a line "STREAM N HASH" for
// each; streams that are not watched this time keep theirs. The hash is that of record N, in
// hexadecimal: a stream that was put back from a backup has another there. It is missing where it
// was not told, and in files of earlier versions.
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "lq/show/words.h"
#include "lq/watch/watch.h"

enum { FILE_BYTES = 64 * 1024 };

static struct lq_watched *find(struct lq_watch *watch, const char *name, size_t size)
{
    for (unsigned i = 0; i < watch->count; i++) {
        const char *own = watch->streams[i].service->name;
        if (strlen(own) == size && strncmp(own, name, size) == 0)
            return &watch->streams[i];
    }
    return NULL;
}

static void add(struct lq_watch *watch, const struct lq_service *service)
{
    if (watch->count < LQ_WATCHED_MOST && find(watch, service->name, strlen(service->name)) == NULL)
        watch->streams[watch->count++] = (struct lq_watched){.service = service};
}

void lq_watch_place(struct lq_watched *of, uint64_t after, struct lq_span hash)
{
    of->after = after;
    of->is_placed = true;
    of->has_hash = hash.size == sizeof of->hash;
    if (of->has_hash)
        memcpy(of->hash, hash.data, sizeof of->hash);
}

static bool read_number(const char *text, char **end, uint64_t *out)
{
    errno = 0;
    const unsigned long long number = strtoull(text, end, 10);
    *out = number;
    return *text >= '0' && *text <= '9' && errno == 0;
}

// "N" or "N HASH".
static bool read_position(const char *text, struct lq_watched *out)
{
    char *end;
    const char *hash_end;
    size_t size;
    uint64_t after;
    uint8_t hash[LQ_WATCHED_HASH];
    if (!read_number(text, &end, &after))
        return false;
    lq_watch_place(out, after, lq_span(NULL, 0));
    if (*end == '\0')
        return true;
    if (*end != ' ' || strlen(end + 1) != 2 * sizeof hash ||
        sodium_hex2bin(hash, sizeof hash, end + 1, 2 * sizeof hash, NULL, &size, &hash_end) != 0 ||
        size != sizeof hash)
        return false;
    lq_watch_place(out, after, lq_span(hash, sizeof hash));
    return true;
}

// ---------------------------------------------------------------- the file

// Lines of streams that are not watched, as they stand in the file.
static char *others(const struct lq_watch *watch, char *text)
{
    char *kept = calloc(1, strlen(text) + 2), *rest = text;
    for (char *line; kept != NULL && (line = strsep(&rest, "\n")) != NULL;) {
        const size_t size = strcspn(line, " ");
        if (*line == '\0' || find((struct lq_watch *)(uintptr_t)watch, line, size) != NULL)
            continue;
        strcat(kept, line);
        strcat(kept, "\n");
    }
    return kept;
}

static void print_position(FILE *stream, const struct lq_watched *of)
{
    char hash[2 * sizeof of->hash + 1] = "";
    if (of->has_hash)
        sodium_bin2hex(hash, sizeof hash, of->hash, sizeof of->hash);
    fprintf(stream, "%s %llu%s%s\n", of->service->name, (unsigned long long)of->after,
            of->has_hash ? " " : "", hash);
}

enum lq_status lq_watch_save(const struct lq_watch *watch)
{
    char *text = NULL, *before = NULL, *kept = NULL;
    size_t size = 0;
    if (watch->resume == NULL)
        return LQ_OK;
    if (lq_file_read(watch->resume, FILE_BYTES, &before, &size, NULL) == LQ_OK)
        kept = others(watch, before);
    FILE *stream = open_memstream(&text, &size);
    if (stream != NULL) {
        fputs(kept != NULL ? kept : "", stream);
        for (unsigned i = 0; i < watch->count; i++)
            if (watch->streams[i].is_placed)
                print_position(stream, &watch->streams[i]);
        fclose(stream);
    }
    const enum lq_status status = lq_file_replace(watch->resume, lq_span(text, size), 0600);
    if (status != LQ_OK)
        lq_cli_say("%s", lq_cli_fault_text());
    free(before);
    free(kept);
    free(text);
    return status;
}

static int load_line(struct lq_watch *watch, char *line, unsigned number)
{
    const size_t size = strcspn(line, " ");
    struct lq_watched read = {0};
    if (*line == '\0')
        return LQ_EXIT_DONE;
    if (line[size] == '\0' || !read_position(line + size + 1, &read)) {
        lq_cli_say("%s:%u: \"%s\" is no position; a line is STREAM N or STREAM N HASH",
                   watch->resume, number, line);
        return LQ_EXIT_REFUSED;
    }
    struct lq_watched *of = find(watch, line, size);
    if (of != NULL)
        lq_watch_place(of, read.after, lq_span(read.hash, read.has_hash ? sizeof read.hash : 0));
    return LQ_EXIT_DONE;
}

static int load(struct lq_watch *watch)
{
    char *text = NULL;
    size_t size;
    if (watch->resume == NULL)
        return LQ_EXIT_DONE;
    const enum lq_status status = lq_file_read(watch->resume, FILE_BYTES, &text, &size, NULL);
    if (status == LQ_E_MISSING)
        return LQ_EXIT_DONE; // the first time
    if (status != LQ_OK)
        return lq_cli_fault(status);
    int code = LQ_EXIT_DONE;
    unsigned number = 0;
    char *rest = text;
    for (char *line; code == LQ_EXIT_DONE && (line = strsep(&rest, "\n")) != NULL;)
        code = load_line(watch, line, ++number);
    free(text);
    return code;
}

// ---------------------------------------------------------------- the options

static int add_services(struct lq_watch *watch)
{
    size_t count;
    const char *const *names = lq_given_all(watch->cli, "SERVICE", &count);
    for (size_t i = 0; i < count; i++) {
        const struct lq_service *service = lq_service_typed(names[i]);
        if (service == NULL)
            return lq_cli_usage(watch->cli, "there is no service \"%s\" (lq status lists them)",
                                names[i]);
        add(watch, service);
    }
    for (const struct lq_service *const *s = lq_services; count == 0 && *s != NULL; s++)
        add(watch, *s);
    return LQ_EXIT_DONE;
}

static int place(struct lq_watch *watch, const char *text)
{
    const size_t size = strcspn(text, "=");
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)size, text);
    const struct lq_service *service = lq_service_typed(name);
    struct lq_watched *of =
        service != NULL ? find(watch, service->name, strlen(service->name)) : NULL;
    uint64_t after;
    char *end;
    if (text[size] == '\0' || !read_number(text + size + 1, &end, &after) || *end != '\0')
        return lq_cli_usage(watch->cli, "--after takes STREAM=N, not \"%s\"", text);
    if (of == NULL)
        return lq_cli_usage(watch->cli, "--after %s: that stream is not watched", text);
    lq_watch_place(of, after, lq_span(NULL, 0));
    return LQ_EXIT_DONE;
}

int lq_watch_options(struct lq_watch *watch)
{
    struct lq_cli *cli = watch->cli;
    size_t count;
    const char *const *after = lq_given_all(cli, "--after", &count);
    watch->resume = lq_given_text(cli, "--resume");
    watch->wanted = (uint64_t)lq_given_number(cli, "--count");
    int code = add_services(watch);
    for (unsigned i = 0; lq_given(cli, "--from-start") && i < watch->count; i++)
        watch->streams[i].is_placed = true;
    if (code == LQ_EXIT_DONE)
        code = load(watch);
    for (size_t i = 0; code == LQ_EXIT_DONE && i < count; i++)
        code = place(watch, after[i]);
    return code;
}
