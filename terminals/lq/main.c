// lq: the command line. What all commands share is read here, wherever it stands on the line; then
// the noun and the verb find the row.
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lq/complete/complete.h"
#include "lq/full.h"
#include "lq/nouns/nouns.h"
#include "lq/outbox/state.h"

static const char *from_environment(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : otherwise;
}

static int run(struct lq_cli *cli, int argc, char **argv)
{
    if (argc > 0 && strcmp(argv[0], "complete") == 0)
        return lq_complete(cli, argc - 1, argv + 1);
    const bool wants_help = lq_cli_flag(&argc, argv, "--help") || lq_cli_flag(&argc, argv, "-h");
    if (lq_cli_flag(&argc, argv, "--version")) {
        puts("lq (Lianqin) " LQ_VERSION);
        return LQ_EXIT_DONE;
    }
    if (!lq_take_global(cli, &argc, argv))
        return LQ_EXIT_USAGE;
    cli->verbs = lq_verbs_whole(cli, lq_verbs);
    if (cli->as == NULL)
        cli->as = lq_terminal_person(cli);
    if (cli->as == NULL)
        cli->as = "clerk";
    if (argc > 0 && strcmp(argv[0], "help") == 0)
        return lq_help(cli, argc - 1, argv + 1);
    if (wants_help || argc == 0)
        return lq_help(cli, argc, argv);
    const struct lq_verb *table = lq_verbs_of(cli, argv[0]);
    if (table == NULL)
        return lq_unknown_noun(cli, argv[0]);
    cli->verb = lq_verb_named(table, argc > 1 ? argv[1] : NULL);
    if (cli->verb == NULL)
        return lq_unknown_verb(cli, table, argc > 1 ? argv[1] : NULL);
    const int words = *cli->verb->verb != '\0' ? 2 : 1;
    return lq_verb_run(cli, argc - words, argv + words);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    lq_language_use(lq_language_of_environment());
    struct lq_cli cli = {
        .data = from_environment("LQ_DATA", "./var"),
        .as = from_environment("LQ_AS", NULL),
        .bus = from_environment("LQ_BUS", NULL),
        .format = LQ_FORMAT_TABLE,
        .write_book = lq_write_book,
    };
    cli.typed = LQ_NEW_ARRAY(&cli.arena, char *, (size_t)argc + 1);
    memcpy(cli.typed, argv, (size_t)argc * sizeof *argv);
    int code = run(&cli, argc - 1, argv + 1);
    if (code == LQ_EXIT_DONE && cli.book != NULL && cli.books == 0)
        code = lq_cli_usage(&cli, "this has no table to write into %s", cli.book);
    lq_client_close(cli.client);
    lq_arena_free(&cli.arena);
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == LQ_EXIT_DONE) {
        lq_cli_say("standard output could not be written");
        code = LQ_EXIT_REFUSED;
    }
    return code;
}
