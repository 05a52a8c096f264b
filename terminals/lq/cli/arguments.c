// Reads the arguments of a verb as its row says. The options are taken out of the line one by one,
// wherever they stand; what is left are the positions. So nothing that was typed can be passed over
// in silence.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/time.h"
#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"
#include "lq/cli/placeholder.h"
#include "lq/cli/things.h"
#include "lq/show/words.h"
#include "pb/build.h"

enum { REPEATS_MOST = 64 }; // of one option
enum { NUMBER_TEXT = 24 };

// ---------------------------------------------------------------- kinds

static enum lq_kind kind_of_field(const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return field->type == PROTOBUF_C_TYPE_ENUM ? LQ_MANY_WORDS : LQ_MANY;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return LQ_TEXT;
    case PROTOBUF_C_TYPE_BOOL:
        return LQ_FLAG;
    case PROTOBUF_C_TYPE_ENUM:
        return LQ_WORD;
    case PROTOBUF_C_TYPE_INT64:
        LQ_ASSERT(lq_ends_with(field->name, "_ms"));
        return LQ_INSTANT;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
        return lq_ends_with(field->name, "_day") ? LQ_DAY : LQ_DEGREES;
    default:
        LQ_ASSERT(field->type == PROTOBUF_C_TYPE_UINT32);
        return LQ_NUMBER;
    }
}

static const ProtobufCFieldDescriptor *field_of(const struct lq_verb *verb,
                                                const struct lq_arg *arg)
{
    const ProtobufCMessageDescriptor *type = lq_verb_message(verb);
    return type != NULL && arg->member != NULL
               ? protobuf_c_message_descriptor_get_field_by_name(type, arg->member)
               : NULL;
}

static enum lq_kind kind_of(const struct lq_verb *verb, const struct lq_arg *arg)
{
    if (arg->kind != LQ_OF_MEMBER)
        return arg->kind;
    const ProtobufCFieldDescriptor *field = field_of(verb, arg);
    return field != NULL ? kind_of_field(field) : arg->takes != NULL ? LQ_TEXT : LQ_FLAG;
}

bool lq_arg_repeats(const struct lq_verb *verb, const struct lq_arg *arg)
{
    const enum lq_kind kind = kind_of(verb, arg);
    return kind == LQ_MANY || kind == LQ_MANY_WORDS || kind == LQ_REST;
}

// ---------------------------------------------------------------- values

bool lq_arg_number(const char *typed, int64_t *out)
{
    char text[NUMBER_TEXT], *end;
    struct lq_arena arena = {0};
    snprintf(text, sizeof text, "%s", lq_narrow(&arena, typed));
    lq_arena_free(&arena);
    errno = 0;
    const unsigned long long number = strtoull(text, &end, 10);
    *out = (int64_t)number;
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && number <= UINT32_MAX;
}

static bool read_instant(const char *text, bool end, int64_t *out)
{
    int32_t day;
    if (lq_cli_instant(text, out))
        return true;
    if (!lq_cli_day(text, &day))
        return false;
    *out = lq_day_start_ms(day) + (end ? LQ_DAY_MS : 0);
    return true;
}

static bool read_value(const struct lq_cli *cli, const struct lq_arg *arg, const char *text,
                       int64_t *out)
{
    const enum lq_kind kind = kind_of(cli->verb, arg);
    int32_t number = 0;
    bool is_one = true;
    switch (kind) {
    case LQ_NUMBER:
    case LQ_DAYS_AHEAD:
    case LQ_LIMIT:
        return lq_arg_number(text, out) && (arg->kind != LQ_NUMBER || *out > 0);
    case LQ_INSTANT:
    case LQ_INSTANT_END:
        return read_instant(text, kind == LQ_INSTANT_END, out);
    case LQ_DAY:
        is_one = lq_cli_day(text, &number);
        break;
    case LQ_DEGREES:
        is_one = lq_degrees_parse(text, &number);
        break;
    case LQ_WORD:
    case LQ_WORD_SET:
    case LQ_MANY_WORDS:
        is_one = lq_word_parse(field_of(cli->verb, arg)->descriptor, text, &number) &&
                 (kind == LQ_WORD || number != 0);
        break;
    default:
        number = *text != '\0';
    }
    *out = number;
    return is_one;
}

static int complain_word(struct lq_cli *cli, const struct lq_arg *arg, const char *text)
{
    char words[LQ_WORDS_TEXT], zero[LQ_WORD_TEXT];
    const ProtobufCEnumDescriptor *type = field_of(cli->verb, arg)->descriptor;
    const char *list = lq_words(type, words), *mark = lq_tr(", ");
    if (arg->kind == LQ_WORD_SET && *lq_word(type, 0, zero) != '\0') // it is the first of the list
        list = strstr(list, mark) + strlen(mark);
    return arg->option != NULL
               ? lq_cli_usage(cli, "%s takes one of %s, not \"%s\"", arg->option, list, text)
               : lq_cli_usage(cli, "%s is one of %s, not \"%s\"",
                              lq_placeholders(&cli->arena, arg->takes), list, text);
}

static int complain_value(struct lq_cli *cli, const struct lq_arg *arg, const char *text)
{
    static const char INSTANT[] =
        LQ_TR_LATER("a day (2015-03-06, today) or a time (\"2015-03-06 13:14\")");
    static const char NUMBER[] = LQ_TR_LATER("a whole number from 0 on");
    static const char COUNT[] = LQ_TR_LATER("a whole number from 1 on");
    const char *const TAKES[] = {
        [LQ_NUMBER] = arg->kind == LQ_NUMBER ? COUNT : NUMBER,
        [LQ_DAYS_AHEAD] = NUMBER,
        [LQ_LIMIT] = NUMBER,
        [LQ_DAY] = LQ_TR_LATER("a day (2015-03-06, today, yesterday, tomorrow)"),
        [LQ_INSTANT] = INSTANT,
        [LQ_INSTANT_END] = INSTANT,
        [LQ_DEGREES] = LQ_TR_LATER("degrees (38.36568)"),
    };
    const enum lq_kind kind = kind_of(cli->verb, arg);
    return kind == LQ_WORD || kind == LQ_WORD_SET || kind == LQ_MANY_WORDS
               ? complain_word(cli, arg, text)
               : lq_cli_usage(cli, "%s takes %s, not \"%s\"", arg->option, lq_tr(TAKES[kind]),
                              text);
}

// ---------------------------------------------------------------- taking

static int take_value(struct lq_cli *cli, const struct lq_arg *arg, const char *text)
{
    int64_t number;
    if (!read_value(cli, arg, text, &number))
        return complain_value(cli, arg, text);
    cli->given[cli->given_count++] = (struct lq_given_value){arg, text, number};
    return LQ_EXIT_DONE;
}

static int point_elsewhere(struct lq_cli *cli, const struct lq_arg *arg)
{
    const struct lq_arg *told = arg;
    while (told->help.en == NULL)
        told++;
    return lq_cli_usage(cli, "%s: %s", arg->option, lq_phrase(&told->help));
}

static int take_repeated(struct lq_cli *cli, const struct lq_arg *arg, int *argc, char **argv)
{
    const char *text;
    for (int i = 0; i < REPEATS_MOST && (text = lq_cli_option(argc, argv, arg->option)) != NULL;
         i++) {
        if (*text == '\0' && arg->member != NULL)
            break;
        const int code = take_value(cli, arg, text);
        if (code != LQ_EXIT_DONE)
            return code;
    }
    return LQ_EXIT_DONE;
}

static int take_option(struct lq_cli *cli, const struct lq_arg *arg, int *argc, char **argv)
{
    const enum lq_kind kind = arg->option == NULL ? LQ_GLOBAL : kind_of(cli->verb, arg);
    if (kind == LQ_GLOBAL)
        return LQ_EXIT_DONE;
    if (kind == LQ_FLAG)
        return lq_cli_flag(argc, argv, arg->option) ? take_value(cli, arg, "yes") : LQ_EXIT_DONE;
    if (kind == LQ_MANY || kind == LQ_MANY_WORDS)
        return take_repeated(cli, arg, argc, argv);
    const char *text = lq_cli_option(argc, argv, arg->option);
    if (text == NULL && arg->bare != NULL && lq_cli_flag(argc, argv, arg->option))
        text = arg->bare;
    if (text != NULL && kind == LQ_ELSEWHERE)
        return point_elsewhere(cli, arg);
    return text != NULL ? take_value(cli, arg, text) : LQ_EXIT_DONE;
}

static int complain_unknown(struct lq_cli *cli, const char *typed, size_t size)
{
    enum { MOST = 64 };
    const char *names[MOST], *option = lq_arena_format(&cli->arena, "%.*s", (int)size, typed);
    size_t count = 0;
    LQ_EACH_ARG(arg, cli->verb)
    if (arg->option != NULL && count < MOST)
        names[count++] = arg->option;
    const char *nearest = lq_word_nearest(option, names, count);
    if (nearest != NULL)
        return lq_cli_usage(cli, "there is no option %s here; did you mean %s?", option, nearest);
    return lq_cli_usage(cli, "there is no option %s here", option);
}

// An option that is still there: unknown, given twice, or without its value.
static int complain_option(struct lq_cli *cli, const char *typed)
{
    const size_t size = strcspn(typed, "=");
    bool known = false;
    LQ_EACH_ARG(arg, cli->verb)
    known = known || (arg->option != NULL && strlen(arg->option) == size &&
                      strncmp(arg->option, typed, size) == 0);
    if (!known)
        return complain_unknown(cli, typed, size);
    if (typed[size] == '=')
        return lq_cli_usage(cli, "the option %.*s takes no value, or is given twice", (int)size,
                            typed);
    return lq_cli_usage(cli, "the option %.*s needs a value, or is given twice", (int)size, typed);
}

// Was its member given by an option ("--premises E0061")? Then it has no position.
static bool is_filled(const struct lq_cli *cli, const struct lq_arg *position)
{
    for (size_t i = 0; i < cli->given_count && position->member != NULL; i++)
        if (cli->given[i].arg->member != NULL &&
            strcmp(cli->given[i].arg->member, position->member) == 0)
            return true;
    return false;
}

// How many words the positions after this one cannot do without; where something is changed, none.
static int wanted_after(const struct lq_cli *cli, const struct lq_arg *position)
{
    int count = 0;
    const struct lq_arg *arg = position + 1;
    for (; !cli->amends && (arg->option != NULL || arg->takes != NULL); arg++)
        count += arg->option == NULL && arg->use == LQ_MUST && !is_filled(cli, arg);
    return count;
}

// A word that may be left out is there if there are more words than the others need: of "[NOTICE]
// PREMISES" one word is the premises.
static int take_positions(struct lq_cli *cli, int argc, char **argv)
{
    int at = 0, code = LQ_EXIT_DONE;
    LQ_EACH_ARG(arg, cli->verb)
    {
        if (arg->option != NULL || is_filled(cli, arg) ||
            (arg->use != LQ_MUST && argc - at <= wanted_after(cli, arg)))
            continue;
        if (arg->use == LQ_MUST && at == argc && !cli->amends)
            return lq_cli_missing(cli);
        for (bool more = true; more && at < argc; more = arg->kind == LQ_REST)
            cli->positions[at] = arg, at++;
    }
    if (at < argc)
        return lq_cli_too_many(cli, argv[at]);
    for (int i = 0; i < argc && code == LQ_EXIT_DONE; i++)
        code = take_value(cli, cli->positions[i], argv[i]);
    return code;
}

int lq_cli_missing(struct lq_cli *cli)
{
    return lq_cli_usage(cli, "something is missing: it takes %s", lq_verb_usage(cli, cli->verb));
}

int lq_cli_too_many(struct lq_cli *cli, const char *word)
{
    return lq_cli_usage(cli, "\"%s\" is one word too many", word);
}

static bool is_set(const struct lq_cli *cli, const struct lq_arg *arg)
{
    for (size_t i = 0; i < cli->given_count; i++)
        if (cli->given[i].arg == arg && cli->given[i].number != 0)
            return true;
    return false;
}

// What was not given is found elsewhere, or missed.
static int complete(struct lq_cli *cli, const struct lq_arg *arg)
{
    const char *text = "";
    if (is_set(cli, arg) || cli->amends)
        return LQ_EXIT_DONE;
    const int code = arg->otherwise != NULL ? arg->otherwise(cli, &text) : LQ_EXIT_DONE;
    if (code == LQ_EXIT_DONE && *text != '\0')
        return take_value(cli, arg, text);
    if (code != LQ_EXIT_DONE || arg->option == NULL || arg->use != LQ_MUST)
        return code;
    const char *needs = lq_phrase(&cli->verb->needs);
    return needs != NULL ? lq_cli_usage(cli, "%s", needs) : lq_cli_missing(cli);
}

int lq_take_arguments(struct lq_cli *cli, int argc, char **argv)
{
    int code = LQ_EXIT_DONE;
    size_t args = 0;
    LQ_EACH_ARG(arg, cli->verb)
    args++;
    cli->given_count = 0;
    cli->given = LQ_NEW_ARRAY(&cli->arena, struct lq_given_value, (size_t)argc + args + 1);
    cli->positions = LQ_NEW_ARRAY(&cli->arena, const struct lq_arg *, (size_t)argc + 1);
    LQ_EACH_ARG(arg, cli->verb)
    if (code == LQ_EXIT_DONE)
        code = take_option(cli, arg, &argc, argv);
    for (int i = 0; i < argc && code == LQ_EXIT_DONE; i++)
        if (lq_cli_is_option(argv[i]))
            code = complain_option(cli, argv[i]);
    if (code == LQ_EXIT_DONE)
        code = take_positions(cli, argc, argv);
    LQ_EACH_ARG(arg, cli->verb)
    if (code == LQ_EXIT_DONE)
        code = complete(cli, arg);
    return code;
}

// ---------------------------------------------------------------- what was given

// What refers to something by its number; a number that is given to something new is as it is
// typed; it can be left out, which one of what is there cannot.
static const char *text_typed(struct lq_cli *cli, const struct lq_arg *arg,
                              const ProtobufCFieldDescriptor *field, const char *typed)
{
    const bool is_person = strcmp(cli->verb->service, "shift") == 0;
    const bool is_new = cli->verb->asks == LQ_COMMAND && (arg->use != LQ_MUST || is_person) &&
                        strcmp(field->name, is_person ? "badge" : "number") == 0;
    const char *text =
        lq_kind_typed(lq_kind_member(lq_verb_message(cli->verb), field->name), typed);
    const char *of_noun =
        strcmp(field->name, "number") == 0 ? lq_number_member(cli->verb->noun, 0) : "";
    return is_new ? text
                  : lq_number_typed(cli, cli->verb->service,
                                    *of_noun != '\0' ? of_noun : field->name, text);
}

// "T04,T05": each of them.
static void add_texts(struct lq_cli *cli, ProtobufCMessage *message, const struct lq_arg *arg,
                      const ProtobufCFieldDescriptor *field, const char *typed)
{
    static const char *const COMMAS[] = {",", "，", "、"};
    char *rest = lq_arena_text(&cli->arena, typed);
    for (size_t i = 1; i < sizeof COMMAS / sizeof *COMMAS; i++)
        for (char *at; (at = strstr(rest, COMMAS[i])) != NULL;)
            memcpy(at, ",  ", strlen(COMMAS[i]));
    for (char *one; (one = strsep(&rest, ", ")) != NULL;)
        if (*one != '\0')
            lq_pb_add_text(&cli->arena, message, field, text_typed(cli, arg, field, one));
}

static void fill_one(struct lq_cli *cli, ProtobufCMessage *message,
                     const struct lq_given_value *value)
{
    const ProtobufCFieldDescriptor *field = field_of(cli->verb, value->arg);
    const enum lq_kind kind = kind_of(cli->verb, value->arg);
    if (kind == LQ_TEXT)
        lq_pb_set_text(message, field, text_typed(cli, value->arg, field, value->text));
    else if (kind == LQ_MANY)
        add_texts(cli, message, value->arg, field, value->text);
    else if (kind == LQ_MANY_WORDS)
        lq_pb_add_number(&cli->arena, message, field, (int32_t)value->number);
    else if (kind != LQ_DAYS_AHEAD)
        lq_pb_set_integer(message, field, value->number);
    else if (value->number > 0)
        lq_pb_set_integer(message, field, lq_wall_ms() + value->number * LQ_DAY_MS);
}

void lq_given_fill(struct lq_cli *cli, ProtobufCMessage *message)
{
    for (size_t i = 0; i < cli->given_count; i++)
        if (cli->given[i].arg->member != NULL)
            fill_one(cli, message, &cli->given[i]);
}
