// Keeping commands, and rewriting what is kept.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "lq/outbox/clock.h"
#include "lq/outbox/files.h"
#include "pb/pb.h"

// ---------------------------------------------------------------- locks

static enum lq_status lock_file(struct lq_cli *cli, const char *name, bool tell, int *lock)
{
    const char *path = lq_arena_format(&cli->arena, "%s/%s", lq_outbox_directory(cli), name);
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*lock < 0)
        return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
    if (tell && flock(*lock, LOCK_EX | LOCK_NB) == 0)
        return LQ_OK;
    if (tell)
        lq_cli_say("another lq sends from this outbox or changes it; waiting until it has ended");
    while (flock(*lock, LOCK_EX) != 0)
        if (errno != EINTR) {
            const int problem = errno;
            lq_outbox_unlock(*lock);
            return lq_fault(LQ_E_IO, "cannot lock %s: %s", path, strerror(problem));
        }
    return LQ_OK;
}

void lq_outbox_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

enum lq_status lq_outbox_lock(struct lq_cli *cli, int *lock)
{
    *lock = -1;
    if (access(lq_outbox_directory(cli), F_OK) != 0)
        return LQ_OK;
    return lock_file(cli, "sending", true, lock);
}

int lq_outbox_alone(struct lq_cli *cli, int (*work)(struct lq_cli *cli))
{
    int lock;
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    const enum lq_status status = lq_outbox_lock(cli, &lock);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    const int code = work(cli);
    lq_outbox_unlock(lock);
    return code;
}

enum lq_status lq_outbox_lock_numbers(struct lq_cli *cli, int *lock)
{
    return lock_file(cli, "lock", false, lock);
}

// ---------------------------------------------------------------- keeping

static enum lq_status make_directories(struct lq_cli *cli)
{
    enum lq_status status = lq_make_directory(cli->data, 0700);
    if (status == LQ_OK)
        status = lq_make_directory(lq_arena_format(&cli->arena, "%s/outbox", cli->data), 0700);
    return status == LQ_OK ? lq_make_directory(lq_outbox_directory(cli), 0700) : status;
}

static ProtobufCBinaryData command_bytes(struct lq_cli *cli, const Lq__Command *command)
{
    const struct lq_span bytes = lq_pb_encode(&cli->arena, &command->base);
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static enum lq_status write_file(struct lq_cli *cli, const char *path, Terminal__Kept *file,
                                 const Lq__Command *command)
{
    file->command = command_bytes(cli, command);
    return lq_file_replace(path, lq_pb_encode(&cli->arena, &file->base), 0600);
}

enum lq_status lq_outbox_write(struct lq_cli *cli, struct lq_kept *kept)
{
    return write_file(cli, kept->path, kept->file, kept->command);
}

enum lq_status lq_outbox_remove(const struct lq_kept *kept)
{
    if (unlink(kept->path) == 0)
        return LQ_OK;
    return lq_fault(errno == ENOENT ? LQ_E_MISSING : LQ_E_IO, "cannot remove %s: %s", kept->path,
                    strerror(errno));
}

void lq_kept_renew(struct lq_cli *cli, struct lq_kept *kept)
{
    const struct lq_id id = lq_id_new(lq_wall_ms());
    const struct lq_span bytes = lq_arena_copy(&cli->arena, lq_span(id.bytes, LQ_ID_SIZE));
    kept->command->id = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    kept->file->code = kept->file->text = lq_unconst("");
    kept->file->n_sentence = 0;
    kept->file->tried = false;
}

static enum lq_status add(struct lq_cli *cli, const char *service, Terminal__Kept *file,
                          const Lq__Command *command)
{
    int lock;
    enum lq_status status = make_directories(cli);
    if (status == LQ_OK)
        status = lq_outbox_lock_numbers(cli, &lock);
    if (status != LQ_OK)
        return status;
    file->service = lq_arena_text(&cli->arena, service);
    status = write_file(cli, lq_outbox_path(cli, lq_outbox_next_number(cli)), file, command);
    lq_outbox_unlock(lock);
    return status;
}

// An edited command keeps its id, unless that stands for a rejection: had it been carried out as it
// was before, its service refuses other words under the same id, and nothing is done twice.
static enum lq_status change(struct lq_cli *cli, struct lq_kept *kept, const char *service,
                             const Lq__Command *command)
{
    Lq__Command changed = *command;
    if (lq_kept_is_rejected(kept))
        lq_kept_renew(cli, kept);
    changed.id = kept->command->id;
    *kept->command = changed;
    kept->file->service = lq_arena_text(&cli->arena, service);
    return lq_outbox_write(cli, kept);
}

// What happened now happened now, whenever it is sent.
static int keep_new(struct lq_cli *cli, const char *service, const Lq__Command *given)
{
    char when[LQ_TIME_TEXT];
    Terminal__Kept file = TERMINAL__KEPT__INIT;
    Lq__Command command = *given;
    if (command.occurred_at_ms == 0)
        lq_clock_stamp(cli, &file, &command);
    const enum lq_status status = add(cli, service, &file, &command);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (cli->quiet)
        return LQ_EXIT_DONE;
    const size_t count = lq_outbox_count(cli);
    const long long off_s = lq_clock_seconds(file.offset_ms);
    lq_format_local(command.occurred_at_ms, when);
    if (off_s == 0)
        printf(lq_tr("kept, not sent: %zu in the outbox (lq outbox send)\n"), count);
    else if (off_s < 0)
        printf(
            lq_tr(
                "kept, not sent: %zu in the outbox (lq outbox send); this clock is %lld s ahead of "
                "the bus's, so it is kept as of %s\n"),
            count, -off_s, when);
    else
        printf(
            lq_tr("kept, not sent: %zu in the outbox (lq outbox send); this clock is %lld s behind "
                  "the bus's, so it is kept as of %s\n"),
            count, off_s, when);
    return LQ_EXIT_DONE;
}

int lq_outbox_keep(struct lq_cli *cli, const char *service, const Lq__Command *command)
{
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    if (cli->edited == NULL)
        return keep_new(cli, service, command);
    const enum lq_status status = change(cli, cli->edited, service, command);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!cli->quiet)
        printf(lq_tr("changed, not sent: number %u in the outbox (lq outbox send)\n"),
               cli->edited->number);
    return LQ_EXIT_DONE;
}
