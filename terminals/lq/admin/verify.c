// lq verify: replays the journals on this machine, beside the services or without them, and holds
// what each service has followed against the journals of the others. Or those in a backup.
#include "lq/admin/verify.h"

#include <stdio.h>
#include <unistd.h>

#include "lq/admin/journals.h"
#include "lq/full.h"
#include "lq/nouns/nouns.h"
#include "lq/show/words.h"

static const struct lq_column COLUMNS[] = {
    {.key = "service", .title = "SERVICE", .zh = "服务", .whole = true},
    {.key = "records", .title = "RECORDS", .zh = "记录", .right = true},
    {.key = "events", .title = "EVENTS", .zh = "事件", .right = true},
    {.key = "tip_hash", .title = "TIP HASH", .zh = "末条哈希", .whole = true},
    {.key = "verdict", .title = "VERDICT", .zh = "结论", .whole = true},
};

struct verification {
    struct lq_cli *cli;
    struct lq_journals journals;
    struct lq_output *output;
    unsigned checked, wrong;
};

static void add_row(struct verification *v, const struct lq_service *service,
                    const struct lq_verified *verified, const char *verdict)
{
    enum { SHOWN_BYTES = 6 };
    char hash[2 * SHOWN_BYTES + 1] = "";
    for (int i = 0; i < SHOWN_BYTES && verified != NULL; i++)
        snprintf(hash + 2 * i, 3, "%02x", verified->tip_hash[i]);
    lq_output_text(v->output, lq_cli_service(v->cli, service->name));
    lq_output_number(v->output, verified != NULL ? (int64_t)verified->records : 0);
    lq_output_number(v->output, verified != NULL ? (int64_t)verified->events : 0);
    lq_output_text(v->output, hash);
    lq_output_text(v->output, verdict);
}

// A service that was named must have a journal here; others may run elsewhere.
static void verify_service(struct verification *v, const struct lq_service *service, bool named)
{
    if (!named && !lq_journal_is_here(&v->journals, service)) {
        add_row(v, service, NULL, lq_cli_word(v->cli, LQ_TR_LATER("not here")));
        return;
    }
    v->checked++;
    const struct lq_look replayed = lq_journal_replay(&v->journals, service);
    struct lq_look look = replayed;
    if (look.status == LQ_OK)
        look = lq_journal_followed(&v->journals, service);
    if (look.status != LQ_OK) {
        lq_cli_fail("%s: %s", service->name, look.fault);
        v->wrong++;
    }
    const bool other_version = look.status == LQ_OK && replayed.verified.other_version;
    if (other_version)
        lq_cli_say("%s: its records and their chain are in order; its tables are not compared: "
                   "another version made them, and this one makes them again from the records when "
                   "the service starts",
                   service->name);
    add_row(v, service,
            replayed.verified.records > 0 || replayed.status == LQ_OK ? &replayed.verified : NULL,
            lq_cli_word(v->cli, look.status != LQ_OK && look.differs ? LQ_TR_LATER("DIVERGED")
                                : look.status != LQ_OK               ? LQ_TR_LATER("WRONG")
                                : other_version ? LQ_TR_LATER("tables of another version")
                                                : LQ_TR_LATER("ok")));
    lq_output_mark(v->output, look.status != LQ_OK ? LQ_ALERT : LQ_PLAIN); // the verdict
}

static int check_names(struct lq_cli *cli, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lq_service_typed(names[i]) == NULL)
            return lq_cli_usage(
                cli, "there is no service \"%s\" (lq status lists them), and no file", names[i]);
    return LQ_EXIT_DONE;
}

static int verify_all(struct verification *v, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        verify_service(v, lq_service_typed(names[i]), true);
    for (const struct lq_service *const *s = lq_services; count == 0 && *s != NULL; s++)
        verify_service(v, *s, false);
    const int code = v->cli->quiet ? LQ_EXIT_DONE : lq_cli_print(v->cli, v->output);
    if (v->cli->quiet)
        lq_output_free(v->output);
    if (v->checked == 0) {
        lq_cli_say("there is no journal in %s", v->journals.system.journal);
        return LQ_EXIT_REFUSED;
    }
    return v->wrong > 0 ? LQ_EXIT_REFUSED : code;
}

static int verify_named(struct lq_cli *cli, const char *const *names, size_t count)
{
    struct verification v = {.cli = cli};
    const int code = lq_journals_open(&v.journals, cli);
    if (code != LQ_EXIT_DONE)
        return code;
    v.journals.shows_progress = isatty(STDERR_FILENO) && !cli->quiet;
    v.output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    return verify_all(&v, names, count);
}

int lq_verify_folder(struct lq_cli *cli, const char *data)
{
    const char *own = cli->data;
    cli->data = data;
    const int code = verify_named(cli, NULL, 0);
    cli->data = own;
    return code;
}

static int verify(struct lq_cli *cli)
{
    size_t count;
    const char *const *names = lq_given_all(cli, "SERVICE", &count);
    if (count == 1 && lq_service_typed(names[0]) == NULL && access(names[0], F_OK) == 0)
        return lq_verify_backup(cli, names[0]);
    const int code = check_names(cli, names, count);
    return code == LQ_EXIT_DONE ? verify_named(cli, names, count) : code;
}

static const struct lq_arg VERIFY[] = {LQ_POSITION("SERVICE", NULL, LQ_MAY, .kind = LQ_REST), {0}};

const struct lq_verb lq_verify_verbs[] = {
    LQ_VERB(
        "verify", "", "replay the journals and compare what they say", "重放日志并核对", VERIFY,
        .usage = "[SERVICE ... | FILE]",
        .notes =
            {"  Checks that no record was changed, that none is missing, and that the tables are "
             "what the\n  journal makes of them; and that no service has followed another one "
             "further than, or\n  otherwise than, that one's journal goes (DIVERGED: one of them "
             "was put back from an\n  older copy). Needs no running service, and disturbs none.\n  "
             "lq verify FILE does "
             "the same with what is in a backup (lq backup).\n",
             "  核对记录未被改动、没有缺失，各表与日志相符，且各服务所跟随的与对方日志一致"
             "（DIVERGED：\n  其中一方是从较旧的备份恢复的）。不需要服务运行，也不干扰服务。\n"
             "  lq verify FILE 以同样方式核对备份文件（lq backup）。\n"},
        .run = verify),
    {0},
};
