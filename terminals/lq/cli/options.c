// The options of one command are taken out of the line one by one, wherever they stand; what is
// left are its arguments. So a command reads its line in the order that suits it, and nothing
// that was typed can be passed over in silence.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "lq/cli/cli.h"
#include "lq/show/text.h"
#include "lq/show/words.h"

// ---------------------------------------------------------------- saying what is wrong

__attribute__((format(printf, 1, 0))) static void say(const char *format, va_list arguments)
{
    char *raw = NULL;
    LQ_ASSERT(vasprintf(&raw, format, arguments) >= 0);
    char *text = lq_text_printable(raw);
    fflush(stdout); // so that the two streams keep their order where they are one
    fprintf(stderr, "lq: %s\n", text);
    free(text);
    free(raw);
}

void lq_cli_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
}

int lq_cli_usage(const struct lq_cli_command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(format, arguments);
    va_end(arguments);
    const bool verb = *command->verb != '\0', more = *command->arguments != '\0';
    fprintf(stderr, "usage: lq %s%s%s%s%s   (lq %s%s%s --help tells more)\n", command->noun,
            verb ? " " : "", command->verb, more ? " " : "", command->arguments, command->noun,
            verb ? " " : "", command->verb);
    return LQ_EXIT_USAGE;
}

// ---------------------------------------------------------------- taking out

static void take_out(int *argc, char **argv, int at, int count)
{
    for (int i = at; i + count < *argc; i++)
        argv[i] = argv[i + count];
    *argc -= count;
}

static bool is_option(const char *text)
{
    return text[0] == '-' && text[1] == '-';
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
        if (*value == '\0' && i + 1 < *argc && !is_option(argv[i + 1])) {
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

char *lq_cli_text(int *argc, char **argv, const char *name)
{
    const char *value = lq_cli_option(argc, argv, name);
    static char none[1] = "";
    return value != NULL ? (char *)(uintptr_t)value : none; // messages do not know const
}

// An option that is still there: unknown, given twice, or without its value.
static int complain_option(const struct lq_cli_command *command, const char *option)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(option, "="), option);
    const char *known = command->help != NULL ? strstr(command->help, name) : NULL;
    if (known == NULL)
        return lq_cli_usage(command, "there is no option %s here", name);
    if (strchr(option, '=') != NULL)
        return lq_cli_usage(command, "the option %s takes no value, or is given twice", name);
    return lq_cli_usage(command, "the option %s needs a value, or is given twice", name);
}

bool lq_cli_arguments(const struct lq_cli_command *command, int argc, char **argv, int least,
                      int most)
{
    for (int i = 0; i < argc; i++)
        if (is_option(argv[i])) {
            complain_option(command, argv[i]);
            return false;
        }
    if (argc < least) {
        lq_cli_usage(command, "something is missing: it takes %s", command->arguments);
        return false;
    }
    if (most >= 0 && argc > most) {
        lq_cli_usage(command, "\"%s\" is one word too many", argv[most]);
        return false;
    }
    return true;
}

// ---------------------------------------------------------------- values of a kind

bool lq_cli_day_option(const struct lq_cli_command *command, int *argc, char **argv,
                       const char *name, int32_t *out)
{
    const char *text = lq_cli_option(argc, argv, name);
    if (text == NULL || lq_cli_day(text, out))
        return true;
    lq_cli_usage(command, "%s takes a day (2015-03-06, today, yesterday, tomorrow), not \"%s\"",
                 name, text);
    return false;
}

bool lq_cli_instant_option(const struct lq_cli_command *command, int *argc, char **argv,
                           const char *name, bool end, int64_t *out_ms)
{
    const char *text = lq_cli_option(argc, argv, name);
    int32_t day;
    if (text == NULL || lq_cli_instant(text, out_ms))
        return true;
    if (lq_cli_day(text, &day)) {
        *out_ms = lq_day_start_ms(day) + (end ? LQ_DAY_MS : 0);
        return true;
    }
    lq_cli_usage(command,
                 "%s takes a day (2015-03-06, today) or a time (\"2015-03-06 13:14\"), not \"%s\"",
                 name, text);
    return false;
}

bool lq_cli_number_option(const struct lq_cli_command *command, int *argc, char **argv,
                          const char *name, uint32_t *out)
{
    const char *text = lq_cli_option(argc, argv, name);
    if (text == NULL)
        return true;
    char *end;
    errno = 0;
    const unsigned long long number = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && number <= UINT32_MAX) {
        *out = (uint32_t)number;
        return true;
    }
    lq_cli_usage(command, "%s takes a whole number, not \"%s\"", name, text);
    return false;
}

bool lq_cli_enum_option(const struct lq_cli_command *command, int *argc, char **argv,
                        const char *name, const ProtobufCEnumDescriptor *type, int *out)
{
    const char *text = lq_cli_option(argc, argv, name);
    if (text == NULL || lq_word_parse(type, text, out))
        return true;
    char words[LQ_WORDS_TEXT];
    lq_cli_usage(command, "%s takes one of %s, not \"%s\"", name, lq_words(type, words), text);
    return false;
}
