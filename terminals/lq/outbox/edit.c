// lq outbox edit: the kept command changed by options of its own verb, or its whole line typed
// anew.
#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/outbox/outbox.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"

// ---------------------------------------------------------------- which verb made it

static bool has_preset(const struct lq_verb *verb, const ProtobufCMessage *message)
{
    if (verb->preset.member == NULL)
        return true;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, verb->preset.member);
    return field != NULL &&
           lq_pb_integer_at(field->type, lq_pb_value(message, field, 0)) == verb->preset.value;
}

// Of those that send the message: the one whose preset it has, else the first.
static const struct lq_verb *verb_of(const struct lq_cli *cli, const struct lq_kept *kept)
{
    const struct lq_verb *first = NULL;
    const ProtobufCMessage *message = lq_pb_variant_message(kept->body);
    for (const struct lq_verb *const *table = cli->verbs; *table != NULL; table++)
        for (const struct lq_verb *verb = *table; verb->noun != NULL; verb++) {
            if (verb->asks != LQ_COMMAND || strcmp(verb->service, kept->file->service) != 0 ||
                strcmp(verb->variant, lq_pb_variant_name(kept->body)) != 0)
                continue;
            if (has_preset(verb, message))
                return verb;
            first = first != NULL ? first : verb;
        }
    return first;
}

// ---------------------------------------------------------------- changing it

// What the options of every command leave open stays as it was.
static void keep_the_rest(struct lq_cli *cli, struct lq_kept *kept)
{
    const Lq__Command *command = kept->command;
    if (cli->for_badge == NULL && *command->on_behalf_of != '\0')
        cli->for_badge = command->on_behalf_of;
    if (cli->reason == NULL && *command->reason != '\0')
        cli->reason = command->reason;
    if (cli->at_ms == 0)
        cli->at_ms = command->occurred_at_ms;
    else
        kept->file->by_clock = false;
    cli->later = true;
    cli->edited = kept;
}

// A repeated field that is given is given whole.
static void empty_repeated(const struct lq_cli *cli, ProtobufCMessage *message)
{
    for (size_t i = 0; i < cli->given_count; i++) {
        const ProtobufCFieldDescriptor *field =
            cli->given[i].arg->member != NULL ? protobuf_c_message_descriptor_get_field_by_name(
                                                    message->descriptor, cli->given[i].arg->member)
                                              : NULL;
        if (field != NULL && field->label == PROTOBUF_C_LABEL_REPEATED)
            *(size_t *)(void *)((char *)message + field->quantifier_offset) = 0;
    }
}

static int change_by_options(struct lq_cli *cli, struct lq_kept *kept, int argc, char **argv)
{
    const bool nothing =
        argc == 0 && cli->for_badge == NULL && cli->reason == NULL && cli->at_ms == 0;
    const struct lq_verb *verb = verb_of(cli, kept);
    if (verb == NULL)
        return lq_cli_usage(cli, "no verb makes %s: type the line anew, or drop it",
                            lq_pb_variant_name(kept->body));
    cli->verb = verb;
    if (nothing)
        return lq_cli_usage(cli, "what is to be different? Number %u is lq %s %s", kept->number,
                            verb->noun, verb->verb);
    cli->amends = true;
    const int code = lq_take_arguments(cli, argc, argv);
    if (code != LQ_EXIT_DONE)
        return code;
    ProtobufCMessage *message = (ProtobufCMessage *)(uintptr_t)lq_pb_variant_message(kept->body);
    empty_repeated(cli, message);
    lq_given_fill(cli, message);
    keep_the_rest(cli, kept);
    return lq_verb_send(cli, message);
}

static int change_line(struct lq_cli *cli, struct lq_kept *kept, const struct lq_verb *verb,
                       int argc, char **argv)
{
    if (verb->asks != LQ_COMMAND)
        return lq_cli_usage(cli, "lq %s %s is no command that could be kept", verb->noun,
                            verb->verb);
    keep_the_rest(cli, kept);
    cli->verb = verb;
    const int words = *verb->verb != '\0' ? 2 : 1;
    return lq_verb_run(cli, argc - words, argv + words);
}

static int edit(struct lq_cli *cli, int argc, char **argv)
{
    struct lq_kept kept;
    const int code = lq_outbox_find(cli, &kept);
    if (code != LQ_EXIT_DONE)
        return code;
    const struct lq_verb *table = argc > 0 ? lq_verbs_of(cli, argv[0]) : NULL;
    const struct lq_verb *verb = table != NULL && argc > 1 ? lq_verb_named(table, argv[1]) : NULL;
    return verb != NULL ? change_line(cli, &kept, verb, argc, argv)
                        : change_by_options(cli, &kept, argc, argv);
}

int lq_outbox_edit(struct lq_cli *cli, int argc, char **argv)
{
    int lock, code = lq_take_arguments(cli, argc > 1 ? 1 : argc, argv); // the number
    if (code == LQ_EXIT_DONE)
        code = lq_cli_check_badge(cli);
    if (code != LQ_EXIT_DONE)
        return code;
    const enum lq_status status = lq_outbox_lock(cli, &lock);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    code = edit(cli, argc - 1, argv + 1);
    lq_outbox_unlock(lock);
    return code;
}
