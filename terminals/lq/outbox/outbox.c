// lq outbox: what was done where there was no signal (--later), and what became of it.
#include "lq/outbox/outbox.h"

#include <stdio.h>
#include <string.h>

#include "lq/complete/complete.h"
#include "lq/nouns/nouns.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/pb.h"

const char *lq_command_words(struct lq_cli *cli, const ProtobufCMessage *body)
{
    const char *name = lq_pb_variant_name(body);
    const ProtobufCMessage *what = lq_pb_variant_message(body);
    if (cli->format == LQ_FORMAT_TABLE && lq_language() == LQ_CHINESE)
        return lq_arena_format(&cli->arena, lq_tr("%s: %s"), lq_show_variant(body),
                               lq_show_brief(cli, what));
    const char *text = what != NULL ? lq_pb_text(&cli->arena, what) : "";
    const char *fields = strchr(text, '{');
    if (fields == NULL)
        return name;
    return lq_arena_format(&cli->arena, "%s %.*s", name, (int)strlen(fields) - 2, fields + 1);
}

// ---------------------------------------------------------------- list

static const struct lq_column COLUMNS[] = {
    LQ_COLUMN("NO", "序号", NULL, .key = "number", .right = true),
    LQ_COLUMN("HAPPENED", "发生", NULL, .key = "happened", .whole = true),
    LQ_COLUMN("STATE", "状态", NULL, .key = "state", .whole = true),
    LQ_COLUMN("SERVICE", "服务", NULL, .key = "service", .whole = true),
    LQ_COLUMN("COMMAND", "命令", NULL, .key = "command", .whole = true),
    LQ_COLUMN("FOR", "代", NULL, .key = "on_behalf_of", .whole = true),
    LQ_COLUMN("REASON", "事由", NULL, .key = "reason", .whole = true),
    LQ_COLUMN("WHY NOT", "未收原因", NULL, .key = "why", .whole = true),
};

static const char *state_of(const struct lq_kept *kept)
{
    if (lq_kept_is_rejected(kept))
        return LQ_TR_LATER("rejected");
    return kept->file->tried ? LQ_TR_LATER("not answered") : LQ_TR_LATER("not sent");
}

const char *lq_kept_why(struct lq_cli *cli, const struct lq_kept *kept)
{
    const Terminal__Kept *file = kept->file;
    const char *text = lq_cli_sentence(file->text, file->sentence, file->n_sentence);
    return lq_arena_format(&cli->arena, lq_tr("%s (%s)"), text, file->code);
}

static void add_row(struct lq_cli *cli, struct lq_output *output, const struct lq_kept *kept)
{
    const Terminal__Kept *file = kept->file;
    lq_output_number(output, kept->number);
    lq_output_minute(output, kept->command->occurred_at_ms);
    lq_output_text(output, lq_cli_word(cli, state_of(kept)));
    lq_output_text(output, file->service);
    lq_output_text(output, lq_command_words(cli, kept->body));
    lq_output_text(output, kept->command->on_behalf_of);
    lq_output_text(output, kept->command->reason);
    lq_output_text(output, lq_kept_is_rejected(kept) ? lq_kept_why(cli, kept) : "");
}

static int list(struct lq_cli *cli)
{
    struct lq_kept *kept;
    size_t count;
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    const enum lq_status status = lq_outbox_read(cli, &kept, &count);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    struct lq_output *output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; i < count; i++)
        add_row(cli, output, &kept[i]);
    const size_t aside = lq_outbox_unreadable(cli);
    if (aside > 0 && !cli->quiet)
        lq_cli_say("%zu set aside because they could not be read: %s/outbox/%s/*.unreadable", aside,
                   cli->data, cli->as);
    return lq_cli_print(cli, output);
}

// ---------------------------------------------------------------- drop

static int drop_one(struct lq_cli *cli)
{
    struct lq_kept kept;
    const int code = lq_outbox_find(cli, &kept);
    if (code != LQ_EXIT_DONE)
        return code;
    const enum lq_status status = lq_outbox_remove(&kept);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (!cli->quiet)
        printf(lq_tr("dropped, not sent: %s\n"), lq_command_words(cli, kept.body));
    return LQ_EXIT_DONE;
}

static int drop(struct lq_cli *cli)
{
    return lq_outbox_alone(cli, drop_one);
}

// ---------------------------------------------------------------- the verbs

static bool suggest(struct lq_cli *cli, const struct lq_arg *arg, char **words)
{
    struct lq_kept *kept;
    size_t count;
    (void)words;
    if (strcmp(arg->takes, "NUMBER") != 0 || lq_cli_check_badge(cli) != LQ_EXIT_DONE ||
        lq_outbox_read(cli, &kept, &count) != LQ_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        lq_candidate(lq_arena_format(&cli->arena, "%u", kept[i].number),
                     lq_command_words(cli, kept[i].body));
    return true;
}

static const struct lq_arg DROP[] = {LQ_POSITION("NUMBER", NULL, LQ_MUST), {0}};
static const struct lq_arg SEND[] = {LQ_POSITION("NUMBER", NULL, LQ_MAY), {0}};
static const struct lq_arg EDIT[] = {
    LQ_POSITION("NUMBER", NULL, LQ_MUST),
    LQ_POSITION("LINE", NULL, LQ_MAY, .kind = LQ_REST),
    {0},
};

const struct lq_verb lq_outbox_verbs[] = {
    LQ_VERB("outbox", "", "what was kept with --later, whole, and why it was rejected",
            "用 --later 存下的全部内容及被拒原因", NULL, .run = list),
    LQ_VERB(
        "outbox", "send", "send all that is not rejected, or this one, in the order of entry",
        "按录入先后发送未被拒的，或只发一条", SEND,
        .notes =
            {"Each is carried out once, however often it is sent, and leaves the outbox when the "
             "service\nhas accepted it. What is rejected stays with its reason until you change it "
             "(lq outbox edit),\nsend it once more by its number, as a new command, or drop it "
             "(lq outbox drop).\n",
             "每条无论发几次只执行一次，服务受理后离开待发箱。被拒的连同原因留下，\n"
             "直到改正（lq outbox edit）、按序号作为新命令重发或删除（lq outbox drop）。\n"},
        .run = lq_outbox_send, .suggest = suggest),
    LQ_VERB("outbox", "edit", "change one: options of its own command, or its whole line anew",
            "修改一条：原命令的选项，或整行重写", EDIT, .usage = "NUMBER OPTIONS|LINE",
            .notes = {"  lq outbox edit 3 --at 13:14\n"
                      "  lq outbox edit 3 order ack O0263 T01\n",
                      "  lq outbox edit 3 --at 13:14\n"
                      "  lq outbox edit 3 order ack O0263 T01\n"},
            .line = lq_outbox_edit, .suggest = suggest),
    LQ_VERB("outbox", "drop", "take one out of the outbox without sending it", "取出一条而不发送",
            DROP, .run = drop, .suggest = suggest),
    {0},
};
