// lq again: the last command once more, with the same id and the same bytes, if nobody answered it.
// Had it been carried out, its service tells what came of it then.
#include "base/time.h"
#include "lq/nouns/nouns.h"
#include "lq/outbox/outbox.h"
#include "lq/outbox/state.h"
#include "pb/pb.h"
#include "service/service.h"

// A UUIDv7 begins with its time, in 48 bits.
static int64_t time_of(const struct lq_id *id)
{
    int64_t at_ms = 0;
    for (int i = 0; i < 6; i++)
        at_ms = at_ms << 8 | id->bytes[i];
    return at_ms;
}

static int repeat(struct lq_cli *cli, const Terminal__Kept *kept)
{
    struct lq_id id;
    char when[LQ_TIME_TEXT];
    const char *why = NULL;
    const struct lq_service *service = lq_service_named(kept->service);
    const Lq__Command *command =
        (const void *)lq_pb_decode(&cli->arena, &lq__command__descriptor,
                                   lq_span(kept->command.data, kept->command.len), &why);
    const ProtobufCMessage *body =
        command != NULL && service != NULL
            ? lq_pb_decode(&cli->arena, service->command_type,
                           lq_span(command->body.data, command->body.len), &why)
            : NULL;
    if (body == NULL || !lq_id_from_span(lq_span(command->id.data, command->id.len), &id)) {
        lq_cli_say("what was sent last cannot be read any more; type it again");
        return LQ_EXIT_REFUSED;
    }
    if (!cli->quiet)
        lq_cli_say("again, as of %s: %s", lq_format_local(time_of(&id), when),
                   lq_command_words(cli, body));
    cli->has_id = true;
    return lq_cli_send(cli, kept->service, command, id);
}

static int again(struct lq_cli *cli)
{
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    const Terminal__Kept *kept =
        (const Terminal__Kept *)lq_state_get(cli, LQ_UNANSWERED, &terminal__kept__descriptor);
    if (kept != NULL)
        return repeat(cli, kept);
    lq_cli_say("there is nothing to repeat: whatever %s sent last from here was answered", cli->as);
    return LQ_EXIT_REFUSED;
}

const struct lq_verb lq_again_verbs[] = {
    LQ_VERB("again", "",
            "the last command once more, if nobody answered it: it is carried out once",
            "重发无人答复的上一命令，只执行一次", NULL, .run = again),
    {0},
};
