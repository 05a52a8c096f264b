// The files of the outbox: in the order of their numbers, and what is no kept command set aside, so
// that one bad file never stops the others.
#include "lq/outbox/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/span.h"
#include "bus/worker/frames.h"
#include "pb/pb.h"
#include "service/service.h"

static const char KEPT[] = ".request", ASIDE[] = ".unreadable";

enum { DIGITS = 6 };

const char *lq_outbox_directory(struct lq_cli *cli)
{
    return lq_arena_format(&cli->arena, "%s/outbox/%s", cli->data, cli->as);
}

const char *lq_outbox_path(struct lq_cli *cli, unsigned number)
{
    return lq_arena_format(&cli->arena, "%s/%0*u%s", lq_outbox_directory(cli), (int)DIGITS, number,
                           KEPT);
}

// ---------------------------------------------------------------- names

// "000003.request" -> 3; 0: the name does not begin with a number.
static unsigned number_of(const char *name)
{
    char *end;
    const unsigned long number = strspn(name, "0123456789") == DIGITS ? strtoul(name, &end, 10) : 0;
    return number > 0 && *end == '.' ? (unsigned)number : 0;
}

static int is_kept(const struct dirent *entry)
{
    return lq_ends_with(entry->d_name, KEPT);
}

static int is_aside(const struct dirent *entry)
{
    return lq_ends_with(entry->d_name, ASIDE);
}

// Kept under a name that gives no number.
static int has_no_number(const struct dirent *entry)
{
    return is_kept(entry) && number_of(entry->d_name) == 0;
}

// What was being written when its program or the machine ended: it was never acknowledged as kept.
static int is_unfinished(const struct dirent *entry)
{
    return strstr(entry->d_name, ".request.") != NULL && !is_aside(entry);
}

// None, if there is no outbox.
static int scan(struct lq_cli *cli, int (*filter)(const struct dirent *), struct dirent ***entries)
{
    *entries = NULL;
    const int count = scandir(lq_outbox_directory(cli), entries, filter, alphasort);
    return count < 0 && errno == ENOENT ? 0 : count;
}

static void free_entries(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
}

static size_t count_of(struct lq_cli *cli, int (*filter)(const struct dirent *))
{
    struct dirent **entries;
    const int found = scan(cli, filter, &entries);
    free_entries(entries, found);
    return found < 0 ? 0 : (size_t)found;
}

size_t lq_outbox_count(struct lq_cli *cli)
{
    return count_of(cli, is_kept);
}

size_t lq_outbox_unreadable(struct lq_cli *cli)
{
    return count_of(cli, is_aside);
}

unsigned lq_outbox_next_number(struct lq_cli *cli)
{
    struct dirent **entries;
    unsigned highest = 0;
    const int found = scan(cli, NULL, &entries);
    for (int i = 0; i < found; i++) {
        const unsigned number = number_of(entries[i]->d_name);
        highest = number > highest ? number : highest;
    }
    free_entries(entries, found);
    return highest + 1;
}

// ---------------------------------------------------------------- reading one

static const char *take_apart(struct lq_cli *cli, struct lq_span bytes, struct lq_kept *out)
{
    struct lq_arena *arena = &cli->arena;
    const char *why = lq_tr("it is empty");
    if (bytes.size == 0)
        return why;
    out->file =
        (void *)lq_pb_decode_within(&LQ_PB_REPLY, arena, &terminal__kept__descriptor, bytes, &why);
    if (out->file == NULL)
        return why;
    const struct lq_service *service = lq_service_named(out->file->service);
    if (service == NULL)
        return lq_tr("it names no service that is known");
    out->command =
        (void *)lq_pb_decode(arena, &lq__command__descriptor,
                             lq_span(out->file->command.data, out->file->command.len), &why);
    struct lq_id id;
    if (out->command == NULL)
        return why;
    if (!lq_id_from_span(lq_span(out->command->id.data, out->command->id.len), &id))
        return lq_tr("its command has no id");
    out->body = lq_pb_decode(arena, service->command_type,
                             lq_span(out->command->body.data, out->command->body.len), &why);
    if (out->body == NULL)
        return why;
    return lq_pb_variant(out->body) != 0 ? NULL : lq_tr("its command is empty");
}

static enum lq_status set_aside(struct lq_cli *cli, unsigned number, const char *why)
{
    const char *path = lq_outbox_path(cli, number);
    const char *aside =
        lq_arena_format(&cli->arena, "%.*s%s", (int)(strlen(path) - strlen(KEPT)), path, ASIDE);
    if (rename(path, aside) != 0)
        return lq_fault(LQ_E_IO, "cannot rename %s: %s", path, strerror(errno));
    lq_cli_say("%s cannot be read (%s): it is set aside as %s, the others go on", path, why, aside);
    return LQ_OK;
}

// *is_one: it could be read.
static enum lq_status read_one(struct lq_cli *cli, unsigned number, struct lq_kept *out,
                               bool *is_one)
{
    struct lq_span bytes = {0};
    out->number = number;
    out->path = lq_outbox_path(cli, number);
    const enum lq_status status = lq_file_load(out->path, LQ_REQUEST_LIMIT, &cli->arena, &bytes);
    if (status == LQ_E_MISSING) // sent by somebody else since
        return LQ_OK;
    const char *why = status == LQ_OK ? take_apart(cli, bytes, out) : lq_fault_text();
    *is_one = why == NULL;
    return why == NULL ? LQ_OK : set_aside(cli, number, lq_arena_text(&cli->arena, why));
}

// ---------------------------------------------------------------- reading all

static void remove_unfinished(struct lq_cli *cli)
{
    struct dirent **entries;
    const int found = scan(cli, is_unfinished, &entries);
    for (int i = 0; i < found; i++)
        (void)unlink(lq_arena_format(&cli->arena, "%s/%s", lq_outbox_directory(cli),
                                     entries[i]->d_name)); // it is in nobody's way
    free_entries(entries, found);
}

// A file that came here under another name gets the next number, the names being in order.
static enum lq_status give_numbers(struct lq_cli *cli)
{
    struct dirent **entries;
    enum lq_status status = LQ_OK;
    const int found = scan(cli, has_no_number, &entries);
    for (int i = 0; i < found && status == LQ_OK; i++) {
        const char *path =
            lq_arena_format(&cli->arena, "%s/%s", lq_outbox_directory(cli), entries[i]->d_name);
        if (rename(path, lq_outbox_path(cli, lq_outbox_next_number(cli))) != 0)
            status = lq_fault(LQ_E_IO, "cannot rename %s: %s", path, strerror(errno));
    }
    free_entries(entries, found);
    return status;
}

static enum lq_status read_all(struct lq_cli *cli, struct lq_kept **out, size_t *count)
{
    struct dirent **entries;
    remove_unfinished(cli);
    enum lq_status status = give_numbers(cli);
    if (status != LQ_OK)
        return status;
    const int found = scan(cli, is_kept, &entries);
    if (found < 0)
        return lq_fault(LQ_E_IO, "cannot read %s: %s", lq_outbox_directory(cli), strerror(errno));
    *out = LQ_NEW_ARRAY(&cli->arena, struct lq_kept, (size_t)found + 1);
    for (int i = 0; status == LQ_OK && i < found; i++) {
        bool is_one = false;
        status = read_one(cli, number_of(entries[i]->d_name), &(*out)[*count], &is_one);
        *count += is_one;
    }
    free_entries(entries, found);
    return status;
}

enum lq_status lq_outbox_read(struct lq_cli *cli, struct lq_kept **out, size_t *count)
{
    int lock;
    *count = 0;
    if (access(lq_outbox_directory(cli), F_OK) != 0)
        return LQ_OK;
    enum lq_status status = lq_outbox_lock_numbers(cli, &lock);
    if (status != LQ_OK)
        return status;
    status = read_all(cli, out, count);
    lq_outbox_unlock(lock);
    return status;
}

int lq_outbox_find(struct lq_cli *cli, struct lq_kept *out)
{
    struct lq_kept *kept;
    size_t count;
    const enum lq_status status = lq_outbox_read(cli, &kept, &count);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    const char *text = lq_given_text(cli, "NUMBER");
    char *end = NULL;
    const unsigned long number = text != NULL ? strtoul(text, &end, 10) : 0;
    if (number == 0 || *end != '\0')
        return lq_cli_usage(cli, "it takes a NUMBER as lq outbox lists them (3), not \"%s\"", text);
    for (size_t i = 0; i < count; i++)
        if (kept[i].number == number) {
            *out = kept[i];
            return LQ_EXIT_DONE;
        }
    lq_cli_say("there is no number %lu in the outbox of %s (lq outbox lists them)", number,
               cli->as);
    return LQ_EXIT_REFUSED;
}
