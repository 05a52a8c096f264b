// A verb that is only a row: its message is made by the descriptor, sent, and the answer shown.
#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"
#include "lq/outbox/snapshot.h"
#include "lq/show/list.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "service/service.h"

static const ProtobufCMessageDescriptor *whole_type(const struct lq_verb *verb)
{
    const struct lq_service *service = lq_service_named(verb->service);
    LQ_ASSERT(service != NULL);
    return verb->asks == LQ_COMMAND ? service->command_type : service->query_type;
}

const ProtobufCMessageDescriptor *lq_verb_message(const struct lq_verb *verb)
{
    if (verb->asks == LQ_NOTHING)
        return NULL;
    const ProtobufCFieldDescriptor *member =
        protobuf_c_message_descriptor_get_field_by_name(whole_type(verb), verb->variant);
    LQ_ASSERT(member != NULL);
    return member->descriptor;
}

static ProtobufCMessage *make_message(struct lq_cli *cli)
{
    const struct lq_verb *verb = cli->verb;
    ProtobufCMessage *message = lq_pb_new(&cli->arena, lq_verb_message(verb));
    if (verb->preset.member != NULL)
        lq_pb_set_integer(message,
                          protobuf_c_message_descriptor_get_field_by_name(message->descriptor,
                                                                          verb->preset.member),
                          verb->preset.value);
    lq_given_fill(cli, message);
    if (verb->complete != NULL)
        verb->complete(cli, message);
    return message;
}

int lq_verb_send(struct lq_cli *cli, ProtobufCMessage *message)
{
    const struct lq_verb *verb = cli->verb;
    return lq_cli_command(cli, verb->service,
                          lq_pb_wrap(&cli->arena, whole_type(verb), verb->variant, message));
}

// ---------------------------------------------------------------- answers

// An answer about one thing has the thing first; where it has nothing else, that is what is shown.
static int show_thing(struct lq_cli *cli, const ProtobufCMessage *answer)
{
    const ProtobufCMessageDescriptor *type = answer->descriptor;
    if (cli->verb->absent.en != NULL && lq_pb_count(answer, &type->fields[0]) == 0) {
        const char *of = cli->given_count > 0 ? cli->given[0].text : "";
        const struct lq_message absent = {{lq_phrase(&cli->verb->absent), of}, 2};
        lq_cli_say("%s", lq_message_text(lq_arena_room, &cli->arena, &absent));
        return LQ_EXIT_REFUSED;
    }
    if (cli->verb->show != NULL)
        return cli->verb->show(cli, answer);
    return lq_cli_show(cli, type->n_fields == 1
                                ? lq_pb_message_at(lq_pb_value(answer, &type->fields[0], 0))
                                : answer);
}

static int ask(struct lq_cli *cli, ProtobufCMessage *message)
{
    const struct lq_verb *verb = cli->verb;
    const ProtobufCMessageDescriptor *answer_type = lq_service_named(verb->service)->answer_type;
    ProtobufCMessage *query = lq_pb_wrap(&cli->arena, whole_type(verb), verb->variant, message),
                     *answer;
    if (verb->columns != NULL)
        return lq_cli_list(
            cli, &(struct lq_list){.service = verb->service,
                                   .query = query,
                                   .answer = answer_type,
                                   .columns = verb->columns,
                                   .order = verb->order != NULL ? verb->order(message) : NULL,
                                   .limit = (uint32_t)lq_given_number(cli, "--limit")});
    int code = lq_cli_query(cli, verb->service, query, answer_type, &answer);
    if (code == LQ_EXIT_DONE)
        code = show_thing(cli, lq_pb_variant_message(answer));
    return code == LQ_EXIT_DONE && verb->after != NULL && cli->format == LQ_FORMAT_TABLE
               ? verb->after(cli, message, lq_pb_variant_message(answer))
               : code;
}

static bool has_option(const struct lq_verb *verb, const char *name)
{
    LQ_EACH_ARG(arg, verb)
    if (arg->option != NULL && strcmp(arg->option, name) == 0)
        return true;
    return false;
}

// --at and --later are about an act. A question that would pass over them would answer another one
// than was asked.
static int check_act(struct lq_cli *cli)
{
    const struct lq_verb *verb = cli->verb;
    const bool is_act = verb->asks == LQ_COMMAND || verb->line != NULL ||
                        (verb->asks == LQ_NOTHING && has_option(verb, "--at"));
    if (cli->later && !is_act && !has_option(verb, "--later"))
        return lq_cli_usage(cli, "--later keeps an act until there is a signal; this is none");
    if (cli->book != NULL && is_act)
        return lq_cli_usage(cli, "--xlsx writes a table that was asked for; this is an act");
    if (cli->at_ms == 0 || is_act || has_option(verb, "--at"))
        return LQ_EXIT_DONE;
    return has_option(verb, "--on")
               ? lq_cli_usage(cli, "--at says when something happened; what was so at a time is "
                                   "asked with --on")
               : lq_cli_usage(cli, "--at says when something happened; this takes no time, and "
                                   "tells of now");
}

int lq_verb_run(struct lq_cli *cli, int argc, char **argv)
{
    const int about = check_act(cli);
    if (about != LQ_EXIT_DONE)
        return about;
    if (cli->verb->line != NULL)
        return cli->verb->line(cli, argc, argv);
    const int code = lq_take_arguments(cli, argc, argv);
    if (code != LQ_EXIT_DONE)
        return code;
    if (cli->verb->run != NULL)
        return cli->verb->run(cli);
    ProtobufCMessage *message = make_message(cli);
    return cli->verb->asks == LQ_COMMAND ? lq_verb_send(cli, message)
                                         : lq_snapshot_finish(cli, ask(cli, message));
}
