// The service tells which command takes a step; what is typed for it is found in the tables of
// verbs, so that no words of the terminal stand in a service.
#include "lq/show/next.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/text.h"
#include "lq/show/words.h"
#include "pb/json.h"
#include "rules.pb-c.h"
#include "service/roles.h"

// ---------------------------------------------------------------- what is typed

static bool says(const ProtobufCMessageDescriptor *type, const char *member, int value,
                 const char *word)
{
    char name[LQ_WORD_TEXT];
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, member);
    LQ_ASSERT(field != NULL);
    return field->type == PROTOBUF_C_TYPE_ENUM &&
           strcmp(lq_word(field->descriptor, value, name), word) == 0;
}

// Is the step what this position of the verb is for?
static bool is_for(const struct lq_arg *arg, const ProtobufCMessageDescriptor *type,
                   const char *step)
{
    int value;
    if (arg->option != NULL || arg->member == NULL)
        return false;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, arg->member);
    return field != NULL && field->type == PROTOBUF_C_TYPE_ENUM &&
           lq_word_parse(field->descriptor, step, &value);
}

// The step in the person's language, in which it can be typed, too.
static const char *step_shown(const struct lq_arg *arg, const ProtobufCMessageDescriptor *type,
                              const char *step)
{
    static char word[LQ_WORD_TEXT];
    int value = 0;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, arg->member);
    return lq_word_parse(field->descriptor, step, &value)
               ? lq_word_in(lq_language(), field->descriptor, value, word)
               : step;
}

static const char *verb_shown(const struct lq_verb *verb)
{
    return verb->word != NULL && lq_language() == LQ_CHINESE ? verb->word : verb->verb;
}

// What is typed for the step if this verb takes it; else NULL.
static const char *typed(struct lq_cli *cli, const struct lq_verb *verb, const char *service,
                         const Lq__NextStep *step)
{
    if (verb->asks != LQ_COMMAND || strcmp(verb->service, service) != 0 ||
        strcmp(verb->variant, step->command) != 0)
        return NULL;
    const ProtobufCMessageDescriptor *type = lq_verb_message(verb);
    if (verb->preset.member != NULL)
        return says(type, verb->preset.member, verb->preset.value, step->step) ? verb_shown(verb)
                                                                               : NULL;
    LQ_EACH_ARG(arg, verb)
    if (is_for(arg, type, step->step))
        return lq_arena_format(&cli->arena, "%s %s", verb_shown(verb),
                               step_shown(arg, type, step->step));
    return verb_shown(verb);
}

// A step by its word, in which it can be typed.
static const char *step_verb(struct lq_cli *cli, const char *name)
{
    char word[LQ_WORD_TEXT];
    int verb = 0;
    if (!lq_word_parse(&rules__verb__descriptor, name, &verb))
        return name;
    char *text =
        lq_arena_text(&cli->arena, lq_word_in(lq_language(), &rules__verb__descriptor, verb, word));
    for (char *at = text; *at != '\0'; at++)
        if (*at == '_')
            *at = '-';
    return text;
}

const char *lq_next_verb(struct lq_cli *cli, const char *service, const Lq__NextStep *step)
{
    if (*step->verb != '\0')
        return step_verb(cli, step->verb);
    for (const struct lq_verb *const *table = cli->verbs; *table != NULL; table++)
        for (const struct lq_verb *verb = *table; verb->noun != NULL; verb++) {
            const char *text = typed(cli, verb, service, step);
            if (text != NULL)
                return text;
        }
    return *step->step == '\0' ? step->command
                               : lq_arena_format(&cli->arena, "%s %s", step->command, step->step);
}

// ---------------------------------------------------------------- what is told

static bool is_for_anyone(const Lq__NextStep *step)
{
    uint32_t who = 0;
    for (size_t i = 0; i < step->n_who; i++)
        who |= 1u << step->who[i];
    return (who & LQ_ANY_PERSON) == LQ_ANY_PERSON;
}

static const char *roles(struct lq_cli *cli, const Lq__NextStep *step)
{
    char word[LQ_WORD_TEXT];
    const char *text = "";
    if (is_for_anyone(step))
        return lq_tr("anyone of the force");
    for (size_t i = 0; i < step->n_who; i++)
        text = lq_arena_format(&cli->arena, "%s%s%s", text, i > 0 ? lq_tr(", ") : "",
                               lq_word_shown(&lq__role__descriptor, (int)step->who[i], word));
    return text;
}

// Is there a verb for the step, too? Then it is told once, by that.
static bool has_verb(const Lq__Answer *told, const Lq__NextStep *step)
{
    for (size_t i = 0; *step->verb == '\0' && i < told->n_next; i++)
        if (*told->next[i]->verb != '\0' && *step->step != '\0' &&
            strcmp(told->next[i]->step, step->step) == 0 &&
            strcmp(told->next[i]->of, step->of) == 0)
            return true;
    return false;
}

// A line for the steps from the first one on that are of the same thing; gives the next one's.
static size_t show_one(struct lq_cli *cli, size_t first)
{
    const Lq__Answer *told = cli->told;
    const char *of = told->next[first]->of, *text = "";
    size_t i = first;
    for (; i < told->n_next && strcmp(told->next[i]->of, of) == 0; i++)
        if (!has_verb(told, told->next[i]))
            text = lq_arena_format(
                &cli->arena, lq_tr("%s%s%s (%s)"), text, *text != '\0' ? lq_tr(", ") : "",
                lq_next_verb(cli, cli->verb->service, told->next[i]), roles(cli, told->next[i]));
    if (cli->given_count > 0 && strcmp(cli->given[0].text, of) == 0)
        text = lq_arena_format(&cli->arena, lq_tr("next: %s"), text);
    else
        text = lq_arena_format(&cli->arena, lq_tr("next for %s: %s"), of, text);
    lq_paragraph("%s", text);
    return i;
}

static void show_all(struct lq_cli *cli)
{
    for (size_t i = 0; i < cli->told->n_next;)
        i = show_one(cli, i);
}

void lq_next_show(struct lq_cli *cli)
{
    if (cli->told == NULL || cli->told->n_next == 0)
        return;
    putchar('\n');
    show_all(cli);
}

int lq_next_print(struct lq_cli *cli)
{
    if (cli->format == LQ_FORMAT_JSON) {
        json_t *object = json_object();
        LQ_ASSERT(json_object_set_new(object, "next", json_array()) == 0);
        lq_next_json(cli, object);
        lq_print_json(object, false, stdout);
        return LQ_EXIT_DONE;
    }
    if (cli->told == NULL || cli->told->n_next == 0)
        puts(lq_tr("no step leads on from here"));
    else
        show_all(cli);
    return LQ_EXIT_DONE;
}

void lq_next_json(struct lq_cli *cli, json_t *object)
{
    if (cli->told == NULL || cli->told->n_next == 0)
        return;
    json_t *next = json_array();
    for (size_t i = 0; i < cli->told->n_next; i++)
        json_array_append_new(next, lq_pb_json(&cli->told->next[i]->base));
    LQ_ASSERT(json_object_set_new(object, "next", next) == 0);
}
