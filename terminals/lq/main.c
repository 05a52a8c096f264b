// lq: the command line. What all commands share is read here, wherever it stands on the line; then
// the noun and the verb find the command.
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lq/cli/cli.h"
#include "lq/show/words.h"

static const struct lq_cli_command *const TABLES[] = {
    lq_up_commands,     lq_status_commands,  lq_import_commands,    lq_order_commands,
    lq_shift_commands,  lq_seizure_commands, lq_case_commands,      lq_notice_commands,
    lq_ledger_commands, lq_tips_commands,    lq_oversight_commands, lq_stats_commands,
    lq_watch_commands,  lq_verify_commands,  lq_key_commands,       lq_record_commands,
    lq_outbox_commands,
};

enum { TABLE_COUNT = sizeof TABLES / sizeof *TABLES, NAMES_MOST = 64 };

static const char OPTIONS[] =
    "options of every command, anywhere on the line:\n"
    "  --data DIR       which system (default: LQ_DATA, else ./var)\n"
    "  --as BADGE       whose key signs on (default: LQ_AS, else clerk)\n"
    "  --for BADGE      act on behalf of somebody, with --reason\n"
    "  --reason TEXT    why: on behalf of somebody, or against a rule\n"
    "  --at TIME        when it happened: 13:14, \"2015-03-06 13:14\", RFC 3339 (default: now)\n"
    "  --id ID          the same command again that nobody had answered: it is carried out once\n"
    "  --later          keep it for when there is a signal: lq outbox send\n"
    "  --format FORMAT  table, json or csv; --json and --csv for short\n"
    "  --bom            csv that begins with a byte order mark, for spreadsheets\n"
    "  --quiet          of what was done, only the number; no remarks\n"
    "  --bus ENDPOINT   where the bus is (default: LQ_BUS, else what DIR/run says)\n"
    "  --key FILE       the key to sign on with, where it is not in DIR/keys\n"
    "  --help, --version\n";

static const char EXIT_CODES[] =
    "exit codes: 0 done, 1 refused (the reason is on standard error), 2 usage, 3 unreachable\n";

// ---------------------------------------------------------------- help

static void print_line_of(const struct lq_cli_command *command)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", command->noun, *command->verb != '\0' ? " " : "",
             command->verb);
    printf("  %-26s  %s\n", name, command->summary);
}

static int print_overview(void)
{
    fputs("lq: the command line of Lianqin, the operations bus of a joint enforcement force\n\n"
          "usage: lq NOUN [VERB] [ARGUMENT...] [--OPTION...]\n\n",
          stdout);
    for (int i = 0; i < TABLE_COUNT; i++)
        for (const struct lq_cli_command *c = TABLES[i]; c->noun != NULL; c++)
            print_line_of(c);
    printf("\n%s\n%s\nlq help NOUN, or --help behind any command, tells more.\n", OPTIONS,
           EXIT_CODES);
    return LQ_EXIT_DONE;
}

static void print_command(const struct lq_cli_command *command)
{
    const bool verb = *command->verb != '\0', more = *command->arguments != '\0';
    printf("usage: lq %s%s%s%s%s\n  %s\n", command->noun, verb ? " " : "", command->verb,
           more ? " " : "", command->arguments, command->summary);
    if (command->help != NULL)
        printf("%s", command->help);
}

// ---------------------------------------------------------------- finding the command

static const struct lq_cli_command *table_of(const char *noun)
{
    for (int i = 0; i < TABLE_COUNT; i++)
        if (TABLES[i]->noun != NULL && strcmp(TABLES[i]->noun, noun) == 0)
            return TABLES[i];
    return NULL;
}

static int unknown(const char *what, const char *typed, const char *const *known, size_t count)
{
    const char *nearest = lq_word_nearest(typed, known, count);
    if (nearest != NULL)
        lq_cli_say("there is no %s \"%s\"; did you mean \"%s\"?", what, typed, nearest);
    else
        lq_cli_say("there is no %s \"%s\"; lq help lists what there is", what, typed);
    return LQ_EXIT_USAGE;
}

static int unknown_noun(const char *typed)
{
    const char *names[TABLE_COUNT + 1] = {"help"};
    if (typed[0] == '-') {
        lq_cli_say("%s is no option of every command; a command's own stand behind it", typed);
        return LQ_EXIT_USAGE;
    }
    for (int i = 0; i < TABLE_COUNT; i++)
        names[i + 1] = TABLES[i]->noun;
    return unknown("command", typed, names, TABLE_COUNT + 1);
}

static int unknown_verb(const struct lq_cli_command *table, const char *typed)
{
    const char *names[NAMES_MOST];
    size_t count = 0;
    for (const struct lq_cli_command *c = table; c->noun != NULL && count < NAMES_MOST; c++)
        names[count++] = c->verb;
    if (typed != NULL && typed[0] != '-') {
        char what[64];
        snprintf(what, sizeof what, "command lq %s", table->noun);
        return unknown(what, typed, names, count);
    }
    char list[512];
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", names[i]);
    lq_cli_say("lq %s takes one of: %s", table->noun, list);
    return LQ_EXIT_USAGE;
}

// NULL if the verb is none of the noun's, and the noun does not stand alone.
static const struct lq_cli_command *command_of(const struct lq_cli_command *table, const char *verb)
{
    const struct lq_cli_command *alone = NULL;
    for (const struct lq_cli_command *c = table; c->noun != NULL; c++) {
        if (verb != NULL && *c->verb != '\0' && strcmp(c->verb, verb) == 0)
            return c;
        if (*c->verb == '\0')
            alone = c;
    }
    return alone;
}

static void print_noun(const struct lq_cli_command *table)
{
    for (const struct lq_cli_command *c = table; c->noun != NULL; c++) {
        if (c != table)
            putchar('\n');
        print_command(c);
    }
}

static int help(int argc, char **argv)
{
    if (argc == 0)
        return print_overview();
    const struct lq_cli_command *table = table_of(argv[0]);
    const bool verb = argc > 1 && argv[1][0] != '-';
    if (table == NULL)
        return unknown_noun(argv[0]);
    const struct lq_cli_command *command = verb ? command_of(table, argv[1]) : NULL;
    if (verb && command == NULL)
        return unknown_verb(table, argv[1]);
    if (command != NULL)
        print_command(command);
    else
        print_noun(table);
    puts("\nlq help tells of the options that every command has.");
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- the options of all commands

static const char *from_environment(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : otherwise;
}

static bool take_text(int *argc, char **argv, const char *name, const char **out)
{
    const char *value = lq_cli_option(argc, argv, name);
    if (value != NULL)
        *out = value;
    for (int i = 0; i < *argc; i++)
        if (strcmp(argv[i], name) == 0) {
            lq_cli_say(value != NULL ? "%s is given twice" : "%s needs a value behind it", name);
            return false;
        }
    return true;
}

static bool take_format(struct lq_cli *cli, int *argc, char **argv)
{
    const char *format = NULL;
    if (!take_text(argc, argv, "--format", &format))
        return false;
    if (format != NULL && !lq_format_parse(format, &cli->format)) {
        lq_cli_say("--format takes table, json or csv, not \"%s\"", format);
        return false;
    }
    if (lq_cli_flag(argc, argv, "--json"))
        cli->format = LQ_FORMAT_JSON;
    if (lq_cli_flag(argc, argv, "--csv"))
        cli->format = LQ_FORMAT_CSV;
    cli->bom = lq_cli_flag(argc, argv, "--bom");
    cli->quiet = lq_cli_flag(argc, argv, "--quiet");
    return true;
}

static bool take_id(const char *text, struct lq_id *out)
{
    struct lq_id id;
    return lq_id_parse(text, &id) && lq_id_from_span(lq_span(id.bytes, LQ_ID_SIZE), out);
}

static bool take_options(struct lq_cli *cli, int *argc, char **argv)
{
    const char *at = NULL, *id = NULL;
    if (!take_text(argc, argv, "--data", &cli->data) || !take_text(argc, argv, "--as", &cli->as) ||
        !take_text(argc, argv, "--bus", &cli->bus) || !take_text(argc, argv, "--key", &cli->key) ||
        !take_text(argc, argv, "--for", &cli->for_badge) ||
        !take_text(argc, argv, "--reason", &cli->reason) || !take_text(argc, argv, "--at", &at) ||
        !take_text(argc, argv, "--id", &id) || !take_format(cli, argc, argv))
        return false;
    cli->has_id = id != NULL;
    cli->later = lq_cli_flag(argc, argv, "--later");
    if (cli->has_id && cli->later) {
        lq_cli_say("--later keeps a new command, --id repeats one that was sent: not both");
        return false;
    }
    if (id != NULL && !take_id(id, &cli->id)) {
        lq_cli_say("--id takes the id that lq told when nobody had answered "
                   "(0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b), not \"%s\"",
                   id);
        return false;
    }
    if (at != NULL && !lq_cli_instant(at, &cli->at_ms)) {
        lq_cli_say("--at takes a time (13:14, \"2015-03-06 13:14\", 2015-03-06T13:14:38+08:00), "
                   "not \"%s\"",
                   at);
        return false;
    }
    return true;
}

// ---------------------------------------------------------------- running

static int run(struct lq_cli *cli, int argc, char **argv)
{
    const bool wants_help = lq_cli_flag(&argc, argv, "--help") || lq_cli_flag(&argc, argv, "-h");
    if (lq_cli_flag(&argc, argv, "--version")) {
        puts("lq (Lianqin) " LQ_VERSION);
        return LQ_EXIT_DONE;
    }
    if (!take_options(cli, &argc, argv))
        return LQ_EXIT_USAGE;
    if (argc > 0 && strcmp(argv[0], "help") == 0)
        return help(argc - 1, argv + 1);
    if (wants_help || argc == 0)
        return help(argc, argv);
    const struct lq_cli_command *table = table_of(argv[0]);
    if (table == NULL)
        return unknown_noun(argv[0]);
    cli->command = command_of(table, argc > 1 ? argv[1] : NULL);
    if (cli->command == NULL)
        return unknown_verb(table, argc > 1 ? argv[1] : NULL);
    const int words = *cli->command->verb != '\0' ? 2 : 1;
    return cli->command->run(cli, argc - words, argv + words);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    struct lq_cli cli = {
        .data = from_environment("LQ_DATA", "./var"),
        .as = from_environment("LQ_AS", "clerk"),
        .bus = from_environment("LQ_BUS", NULL),
        .format = LQ_FORMAT_TABLE,
    };
    int code = run(&cli, argc - 1, argv + 1);
    lq_client_close(cli.client);
    lq_arena_free(&cli.arena);
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == LQ_EXIT_DONE) {
        lq_cli_say("standard output could not be written");
        code = LQ_EXIT_REFUSED;
    }
    return code;
}
