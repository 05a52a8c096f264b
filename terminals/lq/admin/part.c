#include "lq/admin/part.h"

#include "pb/pb.h"

int lq_part_trouble(struct lq_cli *cli, const char *part, const struct lq_hearing *heard)
{
    const char *why = heard->what == LQ_HEARD_REFUSAL   ? lq_cli_refusal_text(heard->refusal)
                      : heard->what == LQ_HEARD_NOTHING ? lq_cli_fault_text()
                                                        : lq_tr("its answer cannot be read");
    lq_cli_fail("%s: %s", part, lq_arena_text(&cli->arena, why));
    return heard->what == LQ_HEARD_REFUSAL ? LQ_EXIT_REFUSED : LQ_EXIT_UNREACHABLE;
}

const Lq__Status *lq_part_status(struct lq_cli *cli, struct lq_client *client, const char *name,
                                 int *code)
{
    const Lq__Query query = LQ__QUERY__INIT;
    const Lq__Reply *reply;
    const char *why = NULL;
    struct lq_hearing heard = {.what = LQ_HEARD_NOT_READ};
    const Lq__Status *status = NULL;
    if (lq_client_call_message(client, name, &query.base, &reply) != LQ_OK)
        heard.what = LQ_HEARD_NOTHING;
    else if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        heard = (struct lq_hearing){.what = LQ_HEARD_REFUSAL, .refusal = reply->refusal};
    else if (reply->kind_case == LQ__REPLY__KIND_ANSWER)
        status = (const void *)lq_pb_decode_within(
            &LQ_PB_REPLY, &cli->arena, &lq__status__descriptor,
            lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    if (status == NULL)
        *code = lq_part_trouble(cli, name, &heard);
    return status;
}

int lq_part_command(struct lq_cli *cli, struct lq_client *client, const char *name,
                    Lq__RuntimeCommand *runtime)
{
    struct lq_id id;
    Lq__Command command = lq_client_command(&id, lq_span(NULL, 0));
    command.runtime = runtime;
    if (cli->reason != NULL)
        command.reason = lq_arena_text(&cli->arena, cli->reason);
    const struct lq_hearing heard = lq_client_decide(client, &cli->arena, name, &command);
    if (heard.what != LQ_HEARD)
        return lq_part_trouble(cli, name, &heard);
    if (heard.outcome->result_case != LQ__OUTCOME__RESULT_REJECTED)
        return LQ_EXIT_DONE;
    lq_cli_fail("%s: %s", name, lq_cli_rejected_text(heard.outcome->rejected));
    return LQ_EXIT_REFUSED;
}
