// The files of the outbox. Ids rise with time (UUIDv7), so the names are in the order of the acts.
#include "lq/outbox/outbox.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/time.h"
#include "bus/worker/frames.h"
#include "pb/pb.h"
#include "service/service.h"

static const char SUFFIX[] = ".request";

static const char *directory_of(struct lq_cli *cli)
{
    return lq_arena_format(&cli->arena, "%s/outbox/%s", cli->data, cli->as);
}

static const char *path_of(struct lq_cli *cli, const char *id)
{
    return lq_arena_format(&cli->arena, "%s/%s%s", directory_of(cli), id, SUFFIX);
}

// ---------------------------------------------------------------- keeping

static enum lq_status make_directories(struct lq_cli *cli)
{
    enum lq_status status = lq_make_directory(cli->data, 0700);
    if (status == LQ_OK)
        status = lq_make_directory(lq_arena_format(&cli->arena, "%s/outbox", cli->data), 0700);
    return status == LQ_OK ? lq_make_directory(directory_of(cli), 0700) : status;
}

int lq_outbox_keep(struct lq_cli *cli, const char *service, const Lq__Command *command)
{
    struct lq_id id;
    char text[LQ_ID_TEXT];
    LQ_ASSERT(lq_id_from_span(lq_span(command->id.data, command->id.len), &id));
    const struct lq_span bytes = lq_pb_encode(&cli->arena, &command->base);
    Lq__Request request = LQ__REQUEST__INIT;
    request.service = lq_arena_text(&cli->arena, service);
    request.kind_case = LQ__REQUEST__KIND_COMMAND;
    request.command = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    const struct lq_span file = lq_pb_encode(&cli->arena, &request.base);
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    enum lq_status status = make_directories(cli);
    if (status == LQ_OK)
        status = lq_file_create(path_of(cli, lq_id_format(id, text)), file, 0600);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!cli->quiet)
        printf("kept, not sent: %zu in the outbox (lq outbox send)\n", lq_outbox_count(cli));
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- reading

static enum lq_status not_kept(const char *path, const char *why)
{
    return lq_fault(LQ_E_INPUT, "%s is no command that was kept: %s", path, why);
}

static enum lq_status take_apart(struct lq_cli *cli, const char *path, struct lq_span file,
                                 struct lq_kept *out)
{
    struct lq_arena *arena = &cli->arena;
    const char *why = "it names none, or none of a service that is known";
    const Lq__Request *request =
        (const void *)lq_pb_decode(arena, &lq__request__descriptor, file, &why);
    const struct lq_service *service =
        request != NULL && request->kind_case == LQ__REQUEST__KIND_COMMAND
            ? lq_service_named(request->service)
            : NULL;
    if (service == NULL)
        return not_kept(path, why);
    out->service = request->service;
    out->command = lq_span(request->command.data, request->command.len);
    const Lq__Command *command =
        (const void *)lq_pb_decode(arena, &lq__command__descriptor, out->command, &why);
    struct lq_id id;
    char text[LQ_ID_TEXT];
    if (command == NULL)
        return not_kept(path, why);
    if (!lq_id_from_span(lq_span(command->id.data, command->id.len), &id) ||
        strcmp(lq_id_format(id, text), out->id) != 0)
        return not_kept(path, "its name is not the id that it holds");
    out->occurred_at_ms = command->occurred_at_ms;
    out->body = lq_pb_decode(arena, service->command_type,
                             lq_span(command->body.data, command->body.len), &why);
    return out->body != NULL ? LQ_OK : not_kept(path, why);
}

static enum lq_status read_one(struct lq_cli *cli, const char *name, struct lq_kept *out)
{
    struct lq_span file;
    out->id = lq_arena_format(&cli->arena, "%.*s", (int)(strlen(name) - strlen(SUFFIX)), name);
    const char *path = path_of(cli, out->id);
    const enum lq_status status = lq_file_load(path, LQ_REQUEST_LIMIT, &cli->arena, &file);
    return status == LQ_OK ? take_apart(cli, path, file, out) : status;
}

static int is_kept(const struct dirent *entry)
{
    const size_t size = strlen(entry->d_name), suffix = strlen(SUFFIX);
    return size > suffix && strcmp(entry->d_name + size - suffix, SUFFIX) == 0;
}

// None, if there is no outbox.
static int scan(struct lq_cli *cli, struct dirent ***entries)
{
    *entries = NULL;
    const int count = scandir(directory_of(cli), entries, is_kept, alphasort);
    return count < 0 && errno == ENOENT ? 0 : count;
}

static void free_entries(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
}

enum lq_status lq_outbox_read(struct lq_cli *cli, struct lq_kept **out, size_t *count)
{
    struct dirent **entries;
    const int found = scan(cli, &entries);
    if (found < 0)
        return lq_fault(LQ_E_IO, "cannot read %s: %s", directory_of(cli), strerror(errno));
    *count = (size_t)found;
    *out = LQ_NEW_ARRAY(&cli->arena, struct lq_kept, *count + 1);
    enum lq_status status = LQ_OK;
    for (size_t i = 0; status == LQ_OK && i < *count; i++)
        status = read_one(cli, entries[i]->d_name, &(*out)[i]);
    free_entries(entries, found);
    return status;
}

size_t lq_outbox_count(struct lq_cli *cli)
{
    struct dirent **entries;
    const int found = scan(cli, &entries);
    if (found < 0)
        return 0;
    free_entries(entries, found);
    return (size_t)found;
}

enum lq_status lq_outbox_remove(struct lq_cli *cli, const char *id)
{
    const char *path = path_of(cli, id);
    if (unlink(path) == 0)
        return LQ_OK;
    return lq_fault(errno == ENOENT ? LQ_E_MISSING : LQ_E_IO, "cannot remove %s: %s", path,
                    strerror(errno));
}
