// Which values there are is found by asking for the whole list: only when somebody has asked for
// something that has no row, so that it costs nothing otherwise.
#include "lq/show/absent.h"

#include <stdio.h>
#include <string.h>

#include "lq/cli/arguments.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"

enum { NAMES_MOST = 1024, LISTED_MOST = 20, LIST_TEXT = 768 };

struct names {
    struct lq_cli *cli;
    const char *member;
    const char *names[NAMES_MOST];
    size_t count;
    bool has_member; // rows of that type do
};

// ---------------------------------------------------------------- which there are

static void add_name(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i], name) == 0)
            return;
    if (*name != '\0' && names->count < NAMES_MOST)
        names->names[names->count++] = lq_arena_text(&names->cli->arena, name);
}

static void take(struct names *names, const ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const bool is_text = field->type == PROTOBUF_C_TYPE_STRING;
        const bool is_it = is_text && strcmp(field->name, names->member) == 0;
        names->has_member = names->has_member || is_it;
        for (size_t j = 0; j < lq_pb_count(message, field); j++) {
            const void *value = lq_pb_value(message, field, j);
            if (is_it)
                add_name(names, lq_kind_shown(lq_kind_member(message->descriptor, field->name),
                                              lq_pb_text_at(value)));
            else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
                take(names, lq_pb_message_at(value));
        }
    }
}

static int find_names(const struct lq_list *list, struct names *names)
{
    struct lq_cli *cli = names->cli;
    const ProtobufCMessageDescriptor *type = lq_pb_variant_message(list->query)->descriptor;
    const struct lq_list whole = {
        .service = list->service,
        .query = lq_pb_wrap(&cli->arena, list->query->descriptor, lq_pb_variant_name(list->query),
                            lq_pb_new(&cli->arena, type)),
        .answer = list->answer,
    };
    struct lq_list_rows rows = {0};
    const int code = lq_list_gather(cli, &whole, &rows);
    for (size_t i = 0; code == LQ_EXIT_DONE && i < rows.count; i++)
        take(names, rows.rows[i]);
    return code;
}

// ---------------------------------------------------------------- saying it

static const char *joined(const char *const *names, size_t count)
{
    static char text[LIST_TEXT];
    const char *mark = lq_tr(", ");
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < count; i++) {
        const bool last = i == LISTED_MOST || used + strlen(names[i]) + 8 > sizeof text;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? mark : "",
                                 last ? "…" : names[i]);
        if (last)
            break;
    }
    return text;
}

int lq_absent_say(struct lq_cli *cli, const char *what, const char *typed, const char *const *names,
                  size_t count)
{
    const char *nearest = lq_word_nearest(typed, names, count);
    if (count == 0)
        lq_cli_fail("there is no %s \"%s\"; there is none at all", what, typed);
    else if (nearest != NULL)
        lq_cli_fail("there is no %s \"%s\"; did you mean \"%s\"?", what, typed, nearest);
    else
        lq_cli_fail("there is no %s \"%s\"; there are: %s", what, typed, joined(names, count));
    (void)cli;
    return LQ_EXIT_REFUSED;
}

// ---------------------------------------------------------------- one value

static bool is_among(const struct names *names, const char *typed)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i], typed) == 0)
            return true;
    return false;
}

int lq_absent_value(struct lq_cli *cli, const struct lq_list *list, const char *member,
                    const char *typed)
{
    const ProtobufCMessageDescriptor *type = lq_pb_variant_message(list->query)->descriptor;
    const char *number = lq_number_typed(cli, list->service, member, typed), *noun;
    if (lq_number_is_unknown(cli, list->service, member, number, &noun)) {
        lq_cli_fail("there is no %s %s", lq_tr(noun), number);
        return LQ_EXIT_REFUSED;
    }
    if (noun != NULL)
        return LQ_EXIT_DONE;
    struct names *names = LQ_NEW(&cli->arena, struct names);
    names->cli = cli;
    names->member = member;
    const int code = find_names(list, names);
    const char *as = lq_kind_member(type, member),
               *shown = lq_kind_shown(as, lq_kind_typed(as, typed));
    if (code != LQ_EXIT_DONE || !names->has_member || is_among(names, shown))
        return code;
    return lq_absent_say(cli, lq_show_title(cli, type, member), typed, names->names, names->count);
}

int lq_absent_check(struct lq_cli *cli, const struct lq_list *list)
{
    const ProtobufCMessageDescriptor *type = lq_pb_variant_message(list->query)->descriptor;
    int code = LQ_EXIT_DONE;
    for (size_t i = 0; i < cli->given_count && code == LQ_EXIT_DONE && cli->client != NULL; i++) {
        const struct lq_arg *arg = cli->given[i].arg;
        const ProtobufCFieldDescriptor *field =
            arg->member != NULL ? protobuf_c_message_descriptor_get_field_by_name(type, arg->member)
                                : NULL;
        if (field != NULL && field->type == PROTOBUF_C_TYPE_STRING && *cli->given[i].text != '\0')
            code = lq_absent_value(cli, list, arg->member, cli->given[i].text);
    }
    return code;
}
