#include "lq/show/ask_all.h"
#include "lq/show/words.h"

#include "client/ask.h"
#include "pb/pb.h"

static void fail(struct lq_asked *asked, int code)
{
    asked->code = code;
    asked->correlation = 0;
}

// Asks for the next page, if there is one. (There are fewer services than requests of a window.)
static void submit(struct lq_cli *cli, const struct lq_ask_all *ask, struct lq_asked *asked,
                   const void *answer)
{
    const ProtobufCMessage *query = ask->page(cli, asked, answer, ask->question);
    asked->correlation = 0;
    if (query == NULL)
        return;
    const enum lq_status status =
        lq_client_submit_query(cli->client, asked->service->name, query, &asked->correlation);
    if (status != LQ_OK)
        fail(asked, lq_cli_fault(status));
}

// What came with the last of them is told with the table.
static void keep_told(struct lq_cli *cli, const struct lq_ask_all *ask,
                      const struct lq_asked *asked, const Lq__Answer *told)
{
    static const ProtobufCMessageDescriptor *const type = &lq__answer__descriptor;
    const char *why;
    if (asked == &ask->all[ask->count - 1])
        cli->told = (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &cli->arena, type,
                                                      lq_pb_encode(&cli->arena, &told->base), &why);
}

static void take(struct lq_cli *cli, const struct lq_ask_all *ask, struct lq_asked *asked,
                 const Lq__Reply *reply)
{
    const struct lq_hearing heard =
        lq_client_read_answer(&cli->arena, reply, asked->service->answer_type);
    if (heard.what != LQ_HEARD) {
        fail(asked, lq_cli_not_heard(asked->service->name, &heard));
        return;
    }
    keep_told(cli, ask, asked, heard.told);
    submit(cli, ask, asked, lq_pb_variant_message(heard.answer));
}

// Waits for one of them; what stays silent for so long after the last answer is waited for no more.
static bool hear_one(struct lq_cli *cli, const struct lq_ask_all *ask, const Lq__Reply **reply)
{
    enum { SILENCE_MS = 10000 };
    size_t silent = 0;
    for (size_t i = 0; i < ask->count; i++)
        silent += ask->all[i].correlation != 0;
    if (silent == 0)
        return false;
    if (lq_client_next(cli->client, SILENCE_MS, reply))
        return true;
    for (size_t i = 0; i < ask->count; i++)
        if (ask->all[i].correlation != 0) {
            lq_cli_fail("%s has not answered; what it has is missing here",
                        lq_service_shown(ask->all[i].service->name));
            fail(&ask->all[i], LQ_EXIT_UNREACHABLE);
        }
    return false;
}

static struct lq_asked *awaited(const struct lq_ask_all *ask, uint64_t correlation)
{
    for (size_t i = 0; i < ask->count; i++)
        if (ask->all[i].correlation == correlation)
            return &ask->all[i];
    return NULL;
}

int lq_ask_all(struct lq_cli *cli, struct lq_ask_all *ask)
{
    size_t services = 0;
    const int connected = lq_cli_connect(cli);
    ask->count = ask->heard = 0;
    if (connected != LQ_EXIT_DONE)
        return connected;
    while (lq_services[services] != NULL)
        services++;
    ask->all = LQ_NEW_ARRAY(&cli->arena, struct lq_asked, services);
    for (size_t i = 0; i < services; i++)
        if (ask->takes(lq_services[i]))
            ask->all[ask->count++].service = lq_services[i];
    for (size_t i = 0; i < ask->count; i++)
        submit(cli, ask, &ask->all[i], NULL);
    const Lq__Reply *reply;
    while (hear_one(cli, ask, &reply)) {
        struct lq_asked *asked = awaited(ask, reply->correlation);
        if (asked != NULL)
            take(cli, ask, asked, reply);
    }
    int code = LQ_EXIT_DONE;
    for (size_t i = 0; i < ask->count; i++) {
        ask->heard += ask->all[i].code == LQ_EXIT_DONE;
        code = code == LQ_EXIT_DONE ? ask->all[i].code : code;
    }
    return code;
}

void lq_asked_rows(struct lq_cli *cli, const struct lq_ask_all *ask, struct lq_list_rows *rows)
{
    for (size_t i = 0; i < ask->count; i++) {
        const struct lq_list_rows *told = &ask->all[i].rows;
        for (size_t k = 0; k < told->count; k++)
            lq_list_add(cli, rows, told->rows[k]);
        rows->cut = rows->cut || told->cut;
    }
}
