#include "lq/evidence/files.h"

#include <stdio.h>
#include <string.h>

#include "lq/show/words.h"
#include "pb/pb.h"
#include "rules/attach.h"

static int ask(struct lq_cli *cli, const struct lq_service *service, const char *kind,
               const char *number, const Rules__Thing **thing)
{
    Rules__ShowThing question = RULES__SHOW_THING__INIT;
    question.kind = lq_unconst(kind);
    question.number = lq_unconst(number);
    ProtobufCMessage *answer;
    const int code = lq_cli_ask(
        cli, service->name,
        lq_pb_variant_of(&cli->arena, service->query_type, LQ_BODY_THING, &question.base),
        service->answer_type, &answer);
    if (code == LQ_EXIT_DONE)
        *thing = (const void *)lq_pb_variant_message(answer);
    return code;
}

int lq_files_ask(struct lq_cli *cli, const struct lq_named_thing *of, const Rules__Thing **thing)
{
    const int code = ask(cli, of->service, of->thing->kind, of->number, thing);
    if (code != LQ_EXIT_DONE || (*thing)->thing.len > 0)
        return code;
    lq_cli_fail("there is no %s %s, or it is void", lq_thing_word(of->thing->kind), of->number);
    return LQ_EXIT_REFUSED;
}

static void add_row(struct lq_cli *cli, struct lq_output *output, const Rules__AttachedFile *file)
{
    char word[LQ_WORD_TEXT];
    lq_output_number(output, file->file);
    lq_output_text(output, lq_word_shown(&rules__file_type__descriptor, (int)file->type, word));
    lq_output_number(output, ((int64_t)file->bytes + 1023) / 1024);
    if (file->taken_at_ms != 0)
        lq_output_minute(output, file->taken_at_ms);
    else
        lq_output_none(output);
    lq_output_text(output, file->place);
    lq_output_text(output, file->by);
    lq_output_text(output, file->name);
    lq_output_text(output, lq_arena_format(&cli->arena, "%.*s", LQ_HASH_SHOWN, file->sha256));
}

int lq_files_show(struct lq_cli *cli, const struct lq_service *service, const char *kind,
                  const char *number)
{
    static const struct lq_column COLUMNS[] = {
        LQ_COLUMN("NO.", "序号", NULL, .key = "file", .right = true),
        LQ_COLUMN("TYPE", "类型", NULL, .key = "type"),
        LQ_COLUMN("KIB", "KiB", NULL, .key = "kib", .right = true),
        LQ_COLUMN("TAKEN", "拍摄", NULL, .key = "taken_at", .whole = true),
        LQ_COLUMN("PLACE", "地点", NULL, .key = "place"),
        LQ_COLUMN("BY", "拍摄人", NULL, .key = "by"),
        LQ_COLUMN("NAME", "文件名", NULL, .key = "name"),
        LQ_COLUMN("HASH", "校验值", NULL, .key = "sha256", .whole = true, .spare = true),
    };
    const Rules__Thing *thing;
    if (cli->format != LQ_FORMAT_TABLE || !lq_has_files(service))
        return LQ_EXIT_DONE;
    const int code = ask(cli, service, kind, number, &thing);
    if (code != LQ_EXIT_DONE || thing->n_files == 0)
        return code;
    struct lq_output *output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; i < thing->n_files; i++)
        add_row(cli, output, thing->files[i]);
    printf("\n%s\n", lq_tr("files:"));
    return lq_cli_print(cli, output);
}
