// A command or question that no row of a verb names has a verb all the same, under its service's
// name and its own: the summary is the word that the .proto has for it, each field is an option,
// and each field of a list's rows a column. So a new command can be typed the day it is there.
#include <ctype.h>
#include <string.h>

#include "base/assert.h"
#include "base/span.h"
#include "lq/cli/cli.h"
#include "lq/cli/step_verbs.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "rules/correct.h"
#include "rules/trail.h"
#include "service/service.h"

// What the .proto says of a field or member, else its name.
static struct lq_phrase phrase_of(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                                  const char *name)
{
    const struct lq_proto_word *word = lq_proto_word(type->name, name);
    struct lq_phrase phrase = {lq_show_name(cli, name), NULL};
    if (word != NULL && *word->notes != '\0')
        phrase.en = word->notes;
    phrase.zh = word != NULL && *word->zh != '\0' ? word->zh : phrase.en;
    return phrase;
}

static bool is_of_page(const char *name)
{
    return strcmp(name, "after") == 0 || strcmp(name, "before") == 0 || strcmp(name, "limit") == 0;
}

static const char *takes(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        return NULL;
    case PROTOBUF_C_TYPE_ENUM:
        return "WORD";
    case PROTOBUF_C_TYPE_STRING:
        return "TEXT";
    case PROTOBUF_C_TYPE_INT64:
        return "TIME";
    case PROTOBUF_C_TYPE_INT32:
        return "DAY";
    case PROTOBUF_C_TYPE_SINT32:
        return "DEGREES";
    default:
        return "N";
    }
}

static char *option_name(struct lq_cli *cli, const char *field)
{
    char *name = lq_arena_format(&cli->arena, "--%s", lq_show_name(cli, field));
    for (char *at = name; *at != '\0'; at++)
        if (*at == ' ')
            *at = '-';
    return name;
}

// "verdict: unresolved, resolved, dropped"
static struct lq_phrase with_words(struct lq_cli *cli, struct lq_phrase phrase,
                                   const ProtobufCEnumDescriptor *type)
{
    char words[LQ_WORDS_TEXT];
    lq_words(type, words);
    return (struct lq_phrase){lq_arena_format(&cli->arena, "%s: %s", phrase.en, words),
                              lq_arena_format(&cli->arena, "%s：%s", phrase.zh, words)};
}

static const struct lq_arg *derive_args(struct lq_cli *cli, const ProtobufCMessageDescriptor *type)
{
    static const struct lq_arg LIMIT = LQ_LIMIT_OPTION;
    struct lq_arg *args = LQ_NEW_ARRAY(&cli->arena, struct lq_arg, type->n_fields + 1);
    size_t count = 0;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if (strcmp(field->name, "limit") == 0)
            args[count++] = LIMIT;
        if (is_of_page(field->name))
            continue;
        struct lq_phrase help = phrase_of(cli, type, field->name);
        if (field->type == PROTOBUF_C_TYPE_ENUM)
            help = with_words(cli, help, field->descriptor);
        args[count++] = (struct lq_arg){.option = option_name(cli, field->name),
                                        .takes = takes(field),
                                        .member = field->name,
                                        .use = LQ_SHOWN,
                                        .help = help};
    }
    return args;
}

static const struct lq_column *derive_columns(struct lq_cli *cli,
                                              const ProtobufCMessageDescriptor *row)
{
    struct lq_column *columns = LQ_NEW_ARRAY(&cli->arena, struct lq_column, row->n_fields + 1);
    size_t count = 0;
    for (unsigned i = 0; i < row->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &row->fields[i];
        if (field->type == PROTOBUF_C_TYPE_MESSAGE || field->label == PROTOBUF_C_LABEL_REPEATED)
            continue;
        char *title = lq_arena_text(&cli->arena, lq_show_name(cli, field->name));
        for (char *at = title; *at != '\0'; at++)
            *at = (char)toupper((unsigned char)*at);
        columns[count++] = (struct lq_column){.title = title,
                                              .zh = phrase_of(cli, row, field->name).zh,
                                              .member = field->name,
                                              .right = field->type == PROTOBUF_C_TYPE_UINT32,
                                              .whole = field->type != PROTOBUF_C_TYPE_STRING ||
                                                       strcmp(field->name, "number") == 0};
    }
    return columns;
}

// The type of an answer's rows; NULL if it is not a list.
static const ProtobufCMessageDescriptor *rows_of(const struct lq_service *service, unsigned variant)
{
    const ProtobufCMessageDescriptor *answer =
        protobuf_c_message_descriptor_get_field(service->answer_type, variant)->descriptor;
    const ProtobufCFieldDescriptor *first = &answer->fields[0];
    return first->type == PROTOBUF_C_TYPE_MESSAGE && first->label == PROTOBUF_C_LABEL_REPEATED
               ? first->descriptor
               : NULL;
}

static struct lq_verb derive(struct lq_cli *cli, const struct lq_service *service,
                             enum lq_asks asks, const ProtobufCFieldDescriptor *member)
{
    const bool is_query = asks == LQ_QUERY;
    const ProtobufCMessageDescriptor *rows = is_query ? rows_of(service, member->id) : NULL;
    const char *name = option_name(cli, member->name) + strlen("--");
    return (struct lq_verb){
        .noun = service->name,
        .verb = name,
        .summary =
            phrase_of(cli, is_query ? service->query_type : service->command_type, member->name),
        .args = derive_args(cli, member->descriptor),
        .service = service->name,
        .asks = asks,
        .variant = member->name,
        .columns = rows != NULL ? derive_columns(cli, rows) : NULL,
    };
}

// ---------------------------------------------------------------- which ones

static bool has_row(const struct lq_verb *const *tables, const struct lq_service *service,
                    enum lq_asks asks, const char *variant)
{
    for (; *tables != NULL; tables++)
        for (const struct lq_verb *verb = *tables; verb->noun != NULL; verb++)
            if (verb->asks == asks && strcmp(verb->service, service->name) == 0 &&
                strcmp(verb->variant, variant) == 0)
                return true;
    return false;
}

// Nobody types a photograph.
static bool has_bytes(const ProtobufCMessageDescriptor *type)
{
    unsigned i = 0;
    while (i < type->n_fields && type->fields[i].type != PROTOBUF_C_TYPE_BYTES)
        i++;
    return i < type->n_fields;
}

// What services say to themselves is nobody's to type; things of every kind are corrected by
// lq correct and lq void, and lq log reads their trail.
static bool is_for_people(const struct lq_service *service, enum lq_asks asks, unsigned variant)
{
    if (variant >= LQ_BODY_RULES)
        return false;
    const uint32_t who = asks == LQ_COMMAND ? lq_command_row(service, variant)->who
                                            : lq_query_row(service, variant)->who;
    return (who & LQ_ANY_PERSON) != 0;
}

// Some verbs have hooks that ask and send more than one message, so that no row names it.
static const struct {
    const char *service, *variant;
} ASKED_BY_HOOKS[] = {
    {"evidence", "chunk"}, {"shift", "plan_shift"}, {"shift", "rota"},
    {"stats", "figures"},  {"stats", "records"},
};

static bool is_asked_by_hook(const struct lq_service *service, const char *variant)
{
    for (size_t i = 0; i < sizeof ASKED_BY_HOOKS / sizeof *ASKED_BY_HOOKS; i++)
        if (strcmp(ASKED_BY_HOOKS[i].service, service->name) == 0 &&
            strcmp(ASKED_BY_HOOKS[i].variant, variant) == 0)
            return true;
    return false;
}

// The verbs of one kind that no row names; gives how many the table has then.
static size_t add_missing(struct lq_cli *cli, const struct lq_verb *const *tables,
                          const struct lq_service *service, enum lq_asks asks,
                          struct lq_verb *table, size_t count)
{
    const ProtobufCMessageDescriptor *whole =
        asks == LQ_QUERY ? service->query_type : service->command_type;
    for (unsigned i = 0; i < whole->n_fields; i++) {
        const ProtobufCFieldDescriptor *member = &whole->fields[i];
        if (is_for_people(service, asks, member->id) && !has_bytes(member->descriptor) &&
            !is_asked_by_hook(service, member->name) &&
            !has_row(tables, service, asks, member->name))
            table[count++] = derive(cli, service, asks, member);
    }
    return count;
}

// The rows of the noun that is called as the service, and what no row of any noun names.
static const struct lq_verb *table_of(struct lq_cli *cli, const struct lq_verb *const *tables,
                                      const struct lq_service *service, const struct lq_verb *rows)
{
    size_t given = 0;
    while (rows != NULL && rows[given].noun != NULL)
        given++;
    struct lq_verb *table =
        LQ_NEW_ARRAY(&cli->arena, struct lq_verb,
                     given + service->query_type->n_fields + service->command_type->n_fields + 1);
    if (given > 0)
        memcpy(table, rows, given * sizeof *rows);
    size_t count = add_missing(cli, tables, service, LQ_QUERY, table, given);
    count = add_missing(cli, tables, service, LQ_COMMAND, table, count);
    return count > given ? table : NULL;
}

// Where the table of the noun stands, or the end.
static size_t place_of(const struct lq_verb *const *tables, const char *noun)
{
    size_t at = 0;
    while (tables[at] != NULL && strcmp(tables[at]->noun, noun) != 0)
        at++;
    return at;
}

static size_t count_kinds(void)
{
    size_t count = 0;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        for (const struct lq_thing *t = (*s)->things; t != NULL && t->kind != NULL; t++)
            count += t->steps != NULL;
    return count;
}

const struct lq_verb *const *lq_verbs_whole(struct lq_cli *cli, const struct lq_verb *const *tables)
{
    size_t count = 0, services = 0;
    while (tables[count] != NULL)
        count++;
    while (lq_services[services] != NULL)
        services++;
    const struct lq_verb **whole =
        LQ_NEW_ARRAY(&cli->arena, const struct lq_verb *, count + services + count_kinds() + 1);
    memcpy(whole, tables, count * sizeof *tables);
    for (size_t i = 0; i < services; i++) {
        const size_t at = place_of(whole, lq_services[i]->name);
        const struct lq_verb *table = table_of(cli, tables, lq_services[i], whole[at]);
        if (table != NULL)
            whole[at] = table;
        const struct lq_thing *thing = lq_services[i]->things;
        for (; thing != NULL && thing->kind != NULL; thing++) {
            const size_t of = place_of(whole, thing->kind);
            if (thing->steps != NULL)
                whole[of] = lq_step_verbs(cli, lq_services[i], thing, whole[of]);
        }
    }
    return whole;
}
