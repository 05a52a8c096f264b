// lq attach KIND NUMBER FILE: a photograph, scan or recording belongs to what was recorded. The
// file is sent to evidence first, which verifies it; then its thing names it.
#include <string.h>
#include <unistd.h>

#include "lq/evidence/files.h"
#include "lq/evidence/upload.h"
#include "lq/nouns/nouns.h"
#include "rules/attach.h"

static int say_attached(const struct lq_named_thing *of, const Rules__AttachedFile *file)
{
    lq_cli_say("this file belongs to %s %s already, as its file %u", lq_thing_word(of->thing->kind),
               of->number, file->file);
    return LQ_EXIT_DONE;
}

static int attach(struct lq_cli *cli, const struct lq_named_thing *of, const struct lq_local *local,
                  Rules__FileType type)
{
    const char *place = lq_given_text(cli, "--place"), *by = lq_given_text(cli, "--by");
    Rules__Attach attach = RULES__ATTACH__INIT;
    attach.kind = lq_unconst(of->thing->kind);
    attach.number = lq_unconst(of->number);
    attach.sha256 = lq_unconst(local->sha256);
    attach.bytes = local->bytes;
    attach.type = type;
    attach.name = lq_unconst(local->name);
    attach.taken_at_ms = lq_given_number(cli, "--taken-at");
    attach.place = lq_unconst(place != NULL ? place : "");
    attach.by = lq_unconst(by != NULL ? by : "");
    return lq_thing_command(cli, of, "attach", &attach.base);
}

static int send(struct lq_cli *cli, const struct lq_named_thing *of, const struct lq_local *local)
{
    const Rules__Thing *thing;
    Rules__FileType type;
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_UNREACHABLE)
        lq_cli_say("nothing was sent, and %s stays where it is: run the same command again where "
                   "there is a signal",
                   local->path);
    if (code == LQ_EXIT_DONE)
        code = lq_files_ask(cli, of, &thing);
    if (code != LQ_EXIT_DONE)
        return code;
    for (size_t i = 0; i < thing->n_files; i++)
        if (strcmp(thing->files[i]->sha256, local->sha256) == 0)
            return say_attached(of, thing->files[i]);
    code = lq_upload(cli, local, of->thing->readers != 0, &type);
    return code == LQ_EXIT_DONE ? attach(cli, of, local, type) : code;
}

static int run(struct lq_cli *cli)
{
    struct lq_named_thing of;
    struct lq_local local;
    if (cli->later)
        return lq_cli_usage(cli, "a file is not kept in the outbox: it stays where it is; run this "
                                 "again where there is a signal");
    if (!lq_thing_typed(cli, lq_given_text(cli, "KIND"), lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    int code = lq_local_open(cli, lq_given_text(cli, "FILE"), lq_given(cli, "--as-it-is"), &local);
    if (code != LQ_EXIT_DONE)
        return code;
    code = send(cli, &of, &local);
    close(local.fd);
    return code;
}

static const struct lq_arg ATTACH[] = {
    LQ_POSITION("KIND", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_POSITION("FILE", NULL, LQ_MUST),
    LQ_OPTION("--taken-at", "TIME", NULL, LQ_SHOWN, "when it was taken", "拍摄时间",
              .kind = LQ_INSTANT),
    LQ_OPTION("--place", "TEXT", NULL, LQ_SHOWN, "where it was taken", "拍摄地点", .kind = LQ_TEXT),
    LQ_OPTION("--by", "WHO", NULL, LQ_MAY, "who took it (default: whose act this is)",
              "拍摄人（默认本人）", .kind = LQ_TEXT),
    LQ_OPTION("--as-it-is", NULL, NULL, LQ_MAY, "though the file is cut", "文件不完整也照收",
              .kind = LQ_FLAG),
    LQ_OPTION("--at", "TIME", NULL, LQ_MAY, NULL, NULL, .kind = LQ_GLOBAL),
    LQ_OPTION("--later", NULL, NULL, LQ_MAY, NULL, NULL, .kind = LQ_GLOBAL),
    {0},
};

const struct lq_verb lq_attach_verbs[] = {
    LQ_VERB(
        "attach", "", "attach a photograph, scan or recording to what was recorded",
        "为已登记的事项附上照片、扫描件或录像", ATTACH,
        .notes = {"  KIND: as lq correct has it: order, item, notice, case, premises, tip, …\n"
                  "  JPEG, PNG, HEIC, TIFF, PDF, MP4 or MOV, of at most 20 MiB. Where the line "
                  "is cut, the same command\n  goes on from there; what does not go on within "
                  "a day begins anew.\n",
                  "  KIND：与 lq correct 相同：指令、设备、整改通知单、刑事案件、场所、举报……\n"
                  "  可附 JPEG、PNG、HEIC、TIFF、PDF、MP4、MOV，最大 20 "
                  "MiB。线路中断后再次运行同一命令即从断处继续；\n  一天内未续传的须从头开始。\n"},
        .run = run),
    {0},
};
