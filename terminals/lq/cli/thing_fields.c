// The fields of a thing that can be corrected, as people call them.
#include <string.h>

#include "lq/cli/arguments.h"
#include "lq/cli/things.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "rules/things.h"

const char *lq_field_word(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                          const char *field)
{
    const struct lq_proto_word *word = lq_proto_word(type->name, field);
    if (lq_language() == LQ_CHINESE && word != NULL && *word->zh != '\0')
        return lq_arena_format(&cli->arena, "%.*s", (int)strcspn(word->zh, "/"), word->zh);
    char *name = lq_show_name(cli, field);
    for (char *at = name; *at != '\0'; at++)
        if (*at == ' ')
            *at = '_';
    return name;
}

// "issued_at_ms" is meant by itself, issued_at, issued-at and 下达时间.
static bool is_field(struct lq_cli *cli, const ProtobufCMessageDescriptor *type, const char *field,
                     const char *typed)
{
    char *plain = lq_arena_text(&cli->arena, typed), *name = lq_show_name(cli, field);
    for (char *at = plain; *at != '\0'; at++)
        if (*at == '-' || *at == '_')
            *at = ' ';
    if (strcasecmp(field, typed) == 0 || strcasecmp(name, plain) == 0)
        return true;
    const struct lq_proto_word *word = lq_proto_word(type->name, field);
    for (const char *zh = word != NULL ? word->zh : ""; *zh != '\0';) {
        const size_t size = strcspn(zh, "/");
        if (strlen(typed) == size && memcmp(typed, zh, size) == 0)
            return true;
        zh += size + (zh[size] == '/');
    }
    return false;
}

// "raised" is how the number was typed when it was recorded: lq oversight record-meeting --raised.
static bool is_option(struct lq_cli *cli, const char *field, const char *service, const char *typed)
{
    for (const struct lq_verb *const *table = cli->verbs; *table != NULL; table++)
        for (const struct lq_verb *verb = *table; verb->noun != NULL; verb++) {
            if (verb->asks != LQ_COMMAND || strcmp(verb->service, service) != 0)
                continue;
            LQ_EACH_ARG(arg, verb)
            if (arg->option != NULL && arg->member != NULL && strcmp(arg->member, field) == 0 &&
                strcmp(arg->option + 2, typed) == 0)
                return true;
        }
    return false;
}

// "提出问题" of 提出问题数, as lists head it.
static bool begins(const ProtobufCMessageDescriptor *type, const char *field, const char *typed)
{
    const struct lq_proto_word *word = lq_proto_word(type->name, field);
    return *typed != '\0' && word != NULL && strncmp(word->zh, typed, strlen(typed)) == 0;
}

// The field as it is called; else the only one that an option or the beginning of its word means.
const ProtobufCFieldDescriptor *lq_field_typed(struct lq_cli *cli, const struct lq_thing *thing,
                                               const char *word)
{
    const ProtobufCMessageDescriptor *type = lq_thing_type(thing);
    const ProtobufCFieldDescriptor *meant = NULL;
    unsigned count = 0;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (!lq_thing_corrects(thing, field->name))
            continue;
        if (is_field(cli, type, field->name, word))
            return field;
        if (is_option(cli, field->name, type->package_name, word) ||
            begins(type, field->name, word)) {
            meant = field;
            count++;
        }
    }
    return count == 1 ? meant : NULL;
}

const char *lq_thing_fields(struct lq_cli *cli, const struct lq_thing *thing)
{
    const ProtobufCMessageDescriptor *type = lq_thing_type(thing);
    const char *fields = "";
    for (unsigned i = 0; i < type->n_fields; i++)
        if (lq_thing_corrects(thing, type->fields[i].name))
            fields =
                lq_arena_format(&cli->arena, "%s%s%s", fields, *fields != '\0' ? lq_tr(", ") : "",
                                lq_field_word(cli, type, type->fields[i].name));
    return fields;
}
