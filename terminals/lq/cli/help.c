// What lq tells of its verbs: help, usage lines, a list for completion, and what is near to a word
// that it does not know. All of it comes from the rows.
#include <stdio.h>
#include <string.h>

#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"
#include "lq/cli/placeholder.h"
#include "lq/show/paragraph.h"
#include "lq/show/text.h"
#include "lq/show/words.h"
#include "rules.pb-c.h"

enum { OPTION_COLUMN = 20, GLOBAL_COLUMN = 16, NAME_COLUMN = 28, NAMES_MOST = 96, LINE = 256 };

#define EACH_TABLE(table, cli)                                                                     \
    for (const struct lq_verb *const *table = (cli)->verbs; *table != NULL; table++)
#define EACH_VERB(verb, table)                                                                     \
    for (const struct lq_verb *verb = (table); verb->noun != NULL; verb++)

// ---------------------------------------------------------------- one verb

static const char *put_use(struct lq_cli *cli, const struct lq_verb *verb, const char *line,
                           const struct lq_arg *arg)
{
    const bool both = arg->option != NULL && arg->takes != NULL;
    const bool many = lq_arg_repeats(verb, arg);
    const bool optional = arg->use == LQ_SHOWN || (arg->option == NULL && arg->use == LQ_MAY);
    return lq_arena_format(&cli->arena, "%s%s%s%s%s%s%s%s", line, *line != '\0' ? " " : "",
                           optional ? "[" : "", arg->option != NULL ? arg->option : "",
                           both ? " " : "", arg->takes != NULL ? arg->takes : "", many ? "..." : "",
                           optional ? "]" : "");
}

const char *lq_verb_usage(struct lq_cli *cli, const struct lq_verb *verb)
{
    const char *line = "";
    if (verb->usage != NULL)
        return lq_placeholders(&cli->arena, verb->usage);
    LQ_EACH_ARG(arg, verb)
    if (arg->option == NULL)
        line = put_use(cli, verb, line, arg);
    LQ_EACH_ARG(arg, verb)
    if (arg->option != NULL && arg->use != LQ_MAY)
        line = put_use(cli, verb, line, arg);
    return lq_placeholders(&cli->arena,
                           verb->more ? lq_arena_format(&cli->arena, "%s ...", line) : line);
}

// The lines of a text as one: a terminal breaks them where its own width is.
static const char *on_one_line(struct lq_cli *cli, const char *text)
{
    char *line = lq_arena_text(&cli->arena, text), *to = line;
    for (const char *at = text; *at != '\0'; at += *at == '\n' ? 1 + strspn(at + 1, " ") : 1)
        *to++ = *at == '\n' ? ' ' : *at;
    *to = '\0';
    return line;
}

static void print_option_line(struct lq_cli *cli, const char *typed, const char *text,
                              size_t column)
{
    const char *names = lq_placeholders(&cli->arena, typed);
    const size_t line = lq_line_width(stdout), width = lq_text_width(names);
    const size_t pad = width <= column ? column - width : 2;
    text = lq_placeholders(&cli->arena, text);
    if (line > 0 && *text != '\0')
        lq_labelled(lq_arena_format(&cli->arena, "  %s", names), column + 1, on_one_line(cli, text),
                    line, stdout);
    else if (*text == '\0')
        printf("  %s\n", names);
    else
        printf("  %s%*s %s\n", names, (int)pad, "", text);
}

// An option without words shares the next one's line; one that is there twice is told once.
static void print_options(struct lq_cli *cli, const struct lq_arg *args, size_t column)
{
    char names[LINE];
    size_t used = 0;
    const char *before = "";
    for (const struct lq_arg *arg = args;
         arg != NULL && (arg->option != NULL || arg->takes != NULL); arg++) {
        const bool is_option = arg->option != NULL, both = is_option && arg->takes != NULL;
        const char *text = lq_phrase(&arg->help);
        if ((is_option && strcmp(arg->option, before) == 0) || (!is_option && text == NULL))
            continue;
        before = is_option ? arg->option : "";
        used +=
            (size_t)snprintf(names + used, sizeof names - used, "%s%s%s%s", used > 0 ? ", " : "",
                             before, both ? " " : "", arg->takes != NULL ? arg->takes : "");
        if (text == NULL)
            continue;
        print_option_line(cli, names, text, column);
        used = 0;
    }
}

static void print_verb(struct lq_cli *cli, const struct lq_verb *verb)
{
    const char *arguments = lq_verb_usage(cli, verb);
    lq_paragraph(lq_tr("usage: lq %s%s%s%s%s\n  %s\n"), verb->noun, *verb->verb != '\0' ? " " : "",
                 verb->verb, *arguments != '\0' ? " " : "", arguments, lq_phrase(&verb->summary));
    if (verb->word != NULL && lq_language() == LQ_CHINESE)
        printf(lq_tr("  also: lq %s %s\n"), verb->noun, verb->word);
    print_options(cli, verb->args, verb->help_column > 0 ? verb->help_column : OPTION_COLUMN);
    if (verb->notes.en != NULL)
        lq_paragraph("%s", lq_placeholders(&cli->arena, lq_phrase(&verb->notes)));
}

// ---------------------------------------------------------------- all of them

static int print_overview(struct lq_cli *cli)
{
    lq_paragraph(
        "%s\n\n%s\n\n",
        lq_tr("lq: the command line of Lianqin, the operations bus of a joint enforcement force"),
        lq_tr("usage: lq NOUN [VERB] [ARGUMENT...] [--OPTION...]"));
    EACH_TABLE(table, cli)
    EACH_VERB(verb, *table)
    {
        char name[64];
        snprintf(name, sizeof name, "  %s%s%s", verb->noun, *verb->verb != '\0' ? " " : "",
                 verb->verb);
        lq_labelled(name, NAME_COLUMN, lq_phrase(&verb->summary), lq_line_width(stdout), stdout);
    }
    printf("\n%s\n", lq_tr("options of every command, anywhere on the line:"));
    print_options(cli, lq_global_options, GLOBAL_COLUMN);
    lq_paragraph("\n%s\n\n%s\n",
                 lq_tr("exit codes: 0 done, 1 refused (the reason is on standard error), 2 usage, "
                       "3 unreachable"),
                 lq_tr("lq help NOUN, or --help behind any command, tells more."));
    return LQ_EXIT_DONE;
}

static void print_noun(struct lq_cli *cli, const struct lq_verb *table)
{
    EACH_VERB(verb, table)
    {
        if (verb != table)
            putchar('\n');
        print_verb(cli, verb);
    }
}

static void list_options(const struct lq_arg *args)
{
    for (const struct lq_arg *arg = args;
         arg != NULL && (arg->option != NULL || arg->takes != NULL); arg++)
        printf(" %s%s%s", arg->option != NULL ? arg->option : "",
               arg->option != NULL && arg->takes != NULL ? "=" : "",
               arg->takes != NULL ? arg->takes : "");
    putchar('\n');
}

// For completion: a line for each verb, then the options of all ("*").
static int print_list(struct lq_cli *cli)
{
    EACH_TABLE(table, cli)
    EACH_VERB(verb, *table)
    {
        printf("%s%s%s", verb->noun, *verb->verb != '\0' ? " " : "", verb->verb);
        list_options(verb->args);
    }
    putchar('*');
    list_options(lq_global_options);
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- finding one

const struct lq_verb *lq_verbs_of(const struct lq_cli *cli, const char *noun)
{
    EACH_TABLE(table, cli)
    if (strcmp((*table)->noun, noun) == 0)
        return *table;
    return NULL;
}

// A verb can be typed in Chinese, too; for a step the .proto has the words.
static bool is_verb(const struct lq_verb *verb, const char *name)
{
    int typed, own;
    return strcmp(verb->verb, name) == 0 || (verb->word != NULL && strcmp(verb->word, name) == 0) ||
           (lq_word_parse(&rules__verb__descriptor, name, &typed) &&
            lq_word_parse(&rules__verb__descriptor, verb->verb, &own) && typed == own);
}

const struct lq_verb *lq_verb_named(const struct lq_verb *table, const char *name)
{
    const struct lq_verb *alone = NULL;
    EACH_VERB(verb, table)
    {
        if (name != NULL && *verb->verb != '\0' && is_verb(verb, name))
            return verb;
        if (*verb->verb == '\0')
            alone = verb;
    }
    return alone;
}

// In Chinese; "" where there is none.
static const char *verb_word(const struct lq_verb *verb, char buffer[static LQ_WORD_TEXT])
{
    int step;
    if (verb->word != NULL)
        return verb->word;
    return lq_word_parse(&rules__verb__descriptor, verb->verb, &step)
               ? lq_word_in(LQ_CHINESE, &rules__verb__descriptor, step, buffer)
               : "";
}

// The verbs as they can be typed, for a person: "issue 下达、list 一览".
static const char *verbs_told(struct lq_cli *cli, const struct lq_verb *table)
{
    const bool chinese = lq_language() == LQ_CHINESE;
    char buffer[LQ_WORD_TEXT];
    const char *list = "";
    EACH_VERB(verb, table)
    {
        const char *word = chinese ? verb_word(verb, buffer) : "";
        list = lq_arena_format(&cli->arena, "%s%s%s%s%s", list, *list != '\0' ? lq_tr(", ") : "",
                               verb->verb, *word != '\0' ? " " : "", word);
    }
    return list;
}

int lq_unknown_noun(struct lq_cli *cli, const char *typed)
{
    const char *names[NAMES_MOST] = {"help"};
    size_t count = 1;
    if (typed[0] == '-') {
        lq_cli_fail("%s is no option of every command; a command's own stand behind it", typed);
        return LQ_EXIT_USAGE;
    }
    EACH_TABLE(table, cli)
    if (count < NAMES_MOST)
        names[count++] = (*table)->noun;
    const char *nearest = lq_word_nearest(typed, names, count);
    if (nearest != NULL)
        lq_cli_fail("there is no command lq %s; did you mean \"%s\"? lq help lists all", typed,
                    nearest);
    else
        lq_cli_fail("there is no command lq %s; lq help lists all", typed);
    return LQ_EXIT_USAGE;
}

int lq_unknown_verb(struct lq_cli *cli, const struct lq_verb *table, const char *typed)
{
    const char *names[NAMES_MOST], *told = verbs_told(cli, table);
    size_t count = 0;
    if (typed == NULL || typed[0] == '-') {
        lq_cli_fail("lq %s takes one of: %s", table->noun, told);
        return LQ_EXIT_USAGE;
    }
    EACH_VERB(verb, table)
    {
        if (count + 2 > NAMES_MOST)
            break;
        names[count++] = verb->verb;
        if (verb->word != NULL)
            names[count++] = verb->word;
    }
    const char *nearest = lq_word_nearest(typed, names, count);
    if (nearest != NULL)
        lq_cli_fail("there is no command lq %s %s; did you mean \"%s\"? There are: %s", table->noun,
                    typed, nearest, told);
    else
        lq_cli_fail("there is no command lq %s %s; there are: %s", table->noun, typed, told);
    return LQ_EXIT_USAGE;
}

int lq_help(struct lq_cli *cli, int argc, char **argv)
{
    if (argc == 0)
        return print_overview(cli);
    if (strcmp(argv[0], "--list") == 0)
        return print_list(cli);
    const struct lq_verb *table = lq_verbs_of(cli, argv[0]);
    const bool named = argc > 1 && argv[1][0] != '-';
    if (table == NULL)
        return lq_unknown_noun(cli, argv[0]);
    const struct lq_verb *verb = named ? lq_verb_named(table, argv[1]) : NULL;
    if (named && verb == NULL)
        return lq_unknown_verb(cli, table, argv[1]);
    if (verb != NULL)
        print_verb(cli, verb);
    else
        print_noun(cli, table);
    printf("\n%s\n", lq_tr("lq help tells of the options that every command has."));
    return LQ_EXIT_DONE;
}
