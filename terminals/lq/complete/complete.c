#include "lq/complete/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lq/cli/arguments.h"
#include "lq/show/words.h"
#include "lq/nouns/nouns.h"
#include "lq/outbox/state.h"
#include "service/service.h"
#include "stats.pb-c.h"

// What is typed so far, and where in it the next word stands.
struct typed {
    struct lq_cli *cli;
    const struct lq_verb *table, *verb; // NULL: not typed yet
    const struct lq_arg *pending;       // the option whose value comes next; NULL: none
    char **words;                       // behind noun and verb, without options of all commands
    int count, positions;
};

static struct {
    const char *word;   // that is to be completed
    const char *before; // "--as=", which it begins with
} current;

void lq_candidate(const char *word, const char *what)
{
    const size_t size = strlen(current.word);
    if (strncasecmp(word, current.word, size) != 0)
        return;
    printf("%s%s\t%.*s\n", current.before, word, (int)strcspn(what, "\n"), what);
}

void lq_candidate_either(const char *english, const char *chinese)
{
    const bool is_chinese = lq_language() == LQ_CHINESE;
    if (*english == '\0')
        return;
    lq_candidate(is_chinese ? chinese : english, is_chinese ? english : chinese);
    if (*current.word != '\0' && strcmp(english, chinese) != 0)
        lq_candidate(is_chinese ? english : chinese, is_chinese ? chinese : english);
}

// ---------------------------------------------------------------- values

static void add_words(const ProtobufCEnumDescriptor *type)
{
    for (unsigned i = 0; i < type->n_values; i++) {
        char english[LQ_WORD_TEXT], chinese[LQ_WORD_TEXT];
        lq_word_in(LQ_ENGLISH, type, type->values[i].value, english);
        lq_word_in(LQ_CHINESE, type, type->values[i].value, chinese);
        lq_candidate_either(english, chinese);
    }
}

static void add_kinds(const ProtobufCMessageDescriptor *type, const char *member)
{
    const char *kind;
    for (size_t i = 0; (kind = lq_kind_known(type, member, i)) != NULL; i++)
        lq_candidate_either(kind, lq_tr_in(LQ_CHINESE, kind));
}

static void add_list(const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        lq_candidate(words[i], "");
}

#define ADD(...)                                                                                   \
    add_list((const char *const[]){__VA_ARGS__},                                                   \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void add_services(void)
{
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++)
        lq_candidate_either((*service)->name, lq_service_title((*service)->name));
}

static void add_days(void)
{
    lq_candidate_either("today", "今天");
    lq_candidate_either("yesterday", "昨天");
    lq_candidate_either("tomorrow", "明天");
}

// What takes no member of a message, by what stands for it in the usage line.
static bool add_by_name(const struct lq_arg *arg)
{
    const char *takes = arg->takes;
    if (strcmp(takes, "FILE") == 0)
        puts(":files");
    else if (strcmp(takes, "DIR") == 0)
        puts(":folders");
    else if (strcmp(takes, "LANG") == 0)
        ADD("zh", "en");
    else if (strcmp(takes, "FORMAT") == 0)
        ADD("table", "json", "csv");
    else if (strcmp(takes, "SHELL") == 0)
        ADD("bash", "zsh");
    else if (strcmp(takes, "WHEN") == 0)
        ADD("auto", "always", "never");
    else if (strcmp(takes, "SERVICE") == 0)
        add_services();
    else if (strcmp(takes, "FIGURE") == 0)
        add_words(&stats__figure__descriptor);
    else if (strcmp(takes, "township|month|team") == 0)
        ADD("township", "month", "team");
    else if (strcmp(takes, "DATE") == 0 || strcmp(takes, "TIME") == 0)
        add_days();
    else
        return false;
    return true;
}

static void add_value(struct typed *t, const struct lq_arg *arg)
{
    const struct lq_verb *verb = t->verb;
    const ProtobufCMessageDescriptor *type = verb != NULL ? lq_verb_message(verb) : NULL;
    const ProtobufCFieldDescriptor *field =
        type != NULL && arg->member != NULL
            ? protobuf_c_message_descriptor_get_field_by_name(type, arg->member)
            : NULL;
    const char *service = verb != NULL && verb->service != NULL ? verb->service : "";
    if (field != NULL && field->type == PROTOBUF_C_TYPE_ENUM)
        add_words(field->descriptor);
    else if (field != NULL && lq_kind_known(type, arg->member, 0) != NULL)
        add_kinds(type, arg->member);
    else if (add_by_name(arg))
        return;
    else if (field != NULL && strcmp(arg->takes, "NOTICE") != 0) // it is a new one
        lq_candidates_live(t->cli, service, arg->member);
    else if (verb != NULL && verb->suggest != NULL && verb->suggest(t->cli, arg, t->words))
        return;
    else if (strcmp(arg->takes, "BADGE") == 0)
        lq_candidates_live(t->cli, "", "badge");
    else if (strcmp(arg->takes, "TEAM") == 0 || strcmp(arg->takes, "ORDER") == 0)
        lq_candidates_live(t->cli, "", strcmp(arg->takes, "TEAM") == 0 ? "team" : "order");
    else if (strcmp(arg->takes, "NUMBER") == 0 && arg->option != NULL)
        lq_candidates_live(t->cli, "", "premises");
}

// ---------------------------------------------------------------- nouns, verbs, options

static void add_nouns(const struct lq_cli *cli)
{
    for (const struct lq_verb *const *table = cli->verbs; *table != NULL; table++)
        lq_candidate((*table)->noun, *(*table)->verb == '\0' ? lq_phrase(&(*table)->summary) : "");
    lq_candidate("help", "");
}

static void add_verbs(const struct lq_verb *table)
{
    for (const struct lq_verb *verb = table; verb->noun != NULL; verb++)
        if (*verb->verb != '\0')
            lq_candidate(verb->verb, lq_phrase(&verb->summary));
}

static void add_options(const struct lq_arg *args)
{
    const char *before = "";
    for (const struct lq_arg *arg = args; arg != NULL && (arg->option || arg->takes); arg++) {
        if (arg->option == NULL || strcmp(arg->option, before) == 0)
            continue;
        before = arg->option;
        const char *help = lq_phrase(&arg->help);
        lq_candidate(arg->option, help != NULL ? help : "");
    }
}

static const struct lq_arg *option_named(const struct lq_arg *args, const char *name, size_t size)
{
    for (const struct lq_arg *arg = args; arg != NULL && (arg->option || arg->takes); arg++)
        if (arg->option != NULL && strlen(arg->option) == size &&
            strncmp(arg->option, name, size) == 0)
            return arg;
    return NULL;
}

static const struct lq_arg *find_option(const struct typed *t, const char *name, size_t size)
{
    const struct lq_arg *found = t->verb != NULL ? option_named(t->verb->args, name, size) : NULL;
    return found != NULL && found->kind != LQ_GLOBAL ? found
                                                     : option_named(lq_global_options, name, size);
}

// ---------------------------------------------------------------- what is typed so far

// Takes the options of all commands out of the line, so that the system, the key and the language
// are those of the line that is being typed.
static void take_global(struct typed *t, int argc, char **argv)
{
    struct lq_cli *cli = t->cli;
    t->words = LQ_NEW_ARRAY(&cli->arena, char *, (size_t)argc + 1);
    memcpy(t->words, argv, (size_t)argc * sizeof *argv);
    t->count = argc;
    (void)lq_take_global(cli, &t->count, t->words); // what is wrong is said when it is run
    cli->verbs = lq_verbs_whole(cli, lq_verbs);
    cli->as = cli->as != NULL ? cli->as : lq_terminal_person(cli);
    cli->as = cli->as != NULL ? cli->as : "clerk";
}

static void find_verb(struct typed *t)
{
    int words = 0;
    if (t->count > 0)
        t->table = lq_verbs_of(t->cli, t->words[0]);
    if (t->table != NULL)
        t->verb = lq_verb_named(t->table, t->count > 1 ? t->words[1] : NULL);
    if (t->verb != NULL)
        words = *t->verb->verb != '\0' ? 2 : 1;
    t->words += words;
    t->count -= words;
}

static void count_positions(struct typed *t)
{
    for (int i = 0; i < t->count; i++) {
        const struct lq_arg *option = find_option(t, t->words[i], strlen(t->words[i]));
        if (strncmp(t->words[i], "--", 2) != 0)
            t->words[t->positions++] = t->words[i];
        else if (option != NULL && option->takes != NULL)
            i++;
    }
}

static void add_position(struct typed *t)
{
    int at = 0;
    for (const struct lq_arg *arg = t->verb->args; arg != NULL && (arg->option || arg->takes);
         arg++) {
        if (arg->option != NULL)
            continue;
        if (at++ == t->positions || arg->kind == LQ_REST) {
            add_value(t, arg);
            return;
        }
    }
}

static void add_help(struct typed *t)
{
    t->table = t->count > 1 ? lq_verbs_of(t->cli, t->words[1]) : NULL;
    if (t->count == 1)
        add_nouns(t->cli);
    else if (t->count == 2 && t->table != NULL)
        add_verbs(t->table);
}

static void add_all(struct typed *t)
{
    const size_t size = strcspn(current.word, "=");
    if (t->pending != NULL) {
        add_value(t, t->pending);
    } else if (current.word[0] == '-' && current.word[size] == '=') {
        const struct lq_arg *arg = find_option(t, current.word, size);
        current.before = lq_arena_format(&t->cli->arena, "%.*s=", (int)size, current.word);
        current.word += size + 1;
        if (arg != NULL && arg->takes != NULL)
            add_value(t, arg);
    } else if (current.word[0] == '-') {
        add_options(t->verb != NULL ? t->verb->args : NULL);
        add_options(lq_global_options);
    } else if (t->verb == NULL && t->table == NULL && t->count > 0) {
        if (strcmp(t->words[0], "help") == 0)
            add_help(t);
    } else if (t->table == NULL) {
        add_nouns(t->cli);
    } else {
        if ((t->verb == NULL && t->count == 1) ||
            (t->verb != NULL && *t->verb->verb == '\0' && t->positions == 0))
            add_verbs(t->table);
        if (t->verb != NULL)
            add_position(t);
    }
}

int lq_complete(struct lq_cli *cli, int argc, char **argv)
{
    struct typed t = {.cli = cli};
    if (freopen("/dev/null", "w", stderr) == NULL)
        return LQ_EXIT_REFUSED;
    current.word = argc > 0 ? argv[argc - 1] : "";
    current.before = "";
    argc -= argc > 0;
    // The last whole word may be an option that has no value yet.
    const char *last = argc > 0 ? argv[argc - 1] : "";
    const bool is_option = strncmp(last, "--", 2) == 0 && strchr(last, '=') == NULL;
    take_global(&t, argc - is_option, argv);
    find_verb(&t);
    count_positions(&t);
    const struct lq_arg *option = is_option ? find_option(&t, last, strlen(last)) : NULL;
    if (option != NULL && option->takes != NULL)
        t.pending = option;
    add_all(&t);
    return LQ_EXIT_DONE;
}
