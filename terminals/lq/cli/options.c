// The words of a line, and saying what is wrong with them.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "lq/cli/cli.h"
#include "lq/show/paragraph.h"
#include "lq/show/text.h"

// ---------------------------------------------------------------- saying what is wrong

__attribute__((format(printf, 2, 0))) static void say(enum lq_mark mark, const char *format,
                                                      va_list arguments)
{
    enum { INDENT = sizeof "lq:" }; // behind the name and a space
    char *raw = NULL;
    LQ_ASSERT(vasprintf(&raw, lq_tr(format), arguments) >= 0);
    char *text = lq_text_printable(raw);
    fflush(stdout); // so that the two streams keep their order where they are one
    const bool color = lq_color_on(stderr);
    fprintf(stderr, "%slq:%s ", lq_mark_on(color, mark), lq_mark_off(color, mark));
    lq_text_hanging(text, INDENT, INDENT, lq_line_width(stderr), stderr);
    free(text);
    free(raw);
}

void lq_cli_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(LQ_PLAIN, format, arguments);
    va_end(arguments);
}

void lq_cli_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(LQ_ALERT, format, arguments);
    va_end(arguments);
}

void lq_cli_print_usage(struct lq_cli *cli)
{
    const char *space = *cli->verb->verb != '\0' ? " " : "", *takes = lq_verb_usage(cli, cli->verb);
    lq_text_wrapped(
        lq_arena_format(&cli->arena, lq_tr("usage: lq %s%s%s%s%s   (lq %s%s%s --help tells more)"),
                        cli->verb->noun, space, cli->verb->verb, *takes != '\0' ? " " : "", takes,
                        cli->verb->noun, space, cli->verb->verb),
        lq_line_width(stderr), stderr);
}

int lq_cli_usage(struct lq_cli *cli, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(LQ_ALERT, format, arguments);
    va_end(arguments);
    lq_cli_print_usage(cli);
    return LQ_EXIT_USAGE;
}

// ---------------------------------------------------------------- taking out

static void take_out(int *argc, char **argv, int at, int count)
{
    for (int i = at; i + count < *argc; i++)
        argv[i] = argv[i + count];
    *argc -= count;
}

bool lq_cli_is_option(const char *text)
{
    return text[0] == '-' && text[1] == '-';
}

bool lq_cli_is_yes(const char *typed)
{
    return *typed == 'y' || *typed == 'Y' || strncmp(typed, "是", strlen("是")) == 0;
}

const char *lq_cli_option(int *argc, char **argv, const char *name)
{
    const size_t size = strlen(name);
    for (int i = 0; i < *argc; i++) {
        if (strncmp(argv[i], name, size) != 0)
            continue;
        const char *value = argv[i] + size;
        if (*value == '=') {
            take_out(argc, argv, i, 1);
            return value + 1;
        }
        if (*value == '\0' && i + 1 < *argc && !lq_cli_is_option(argv[i + 1])) {
            value = argv[i + 1];
            take_out(argc, argv, i, 2);
            return value;
        }
    }
    return NULL;
}

bool lq_cli_flag(int *argc, char **argv, const char *name)
{
    bool found = false;
    for (int i = 0; i < *argc;) {
        if (strcmp(argv[i], name) == 0) {
            take_out(argc, argv, i, 1);
            found = true;
        } else {
            i++;
        }
    }
    return found;
}
