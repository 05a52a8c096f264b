// lq metrics: what there is to measure, once on standard output, or at an address for a scraper.
#include "lq/admin/metrics.h"

#include "client/pages.h"
#include "config/settings.h"
#include "dispatch.pb-c.h"
#include "lq/full.h"
#include "lq/nouns/nouns.h"
#include "pb/pb.h"
#include "runtime/system.h"

// One page of orders; NULL if dispatch does not answer.
static const Dispatch__OrdersAnswer *read_page(struct lq_arena *arena, struct lq_client *client,
                                               Dispatch__ListOrders *asked)
{
    Dispatch__Query question = DISPATCH__QUERY__INIT;
    question.body_case = DISPATCH__QUERY__BODY_LIST;
    question.list = asked;
    Lq__Query query = LQ__QUERY__INIT;
    const struct lq_span body = lq_pb_encode(arena, &question.base);
    query.body = (ProtobufCBinaryData){.len = body.size, .data = lq_unconst(body.data)};
    const Lq__Reply *reply = NULL;
    const char *why;
    if (lq_client_call_message(client, "dispatch", &query.base, &reply) != LQ_OK ||
        reply->kind_case != LQ__REPLY__KIND_ANSWER)
        return NULL;
    const Dispatch__Answer *answer = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, arena, &dispatch__answer__descriptor,
        lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    return answer != NULL && answer->body_case == DISPATCH__ANSWER__BODY_ORDERS ? answer->orders
                                                                                : NULL;
}

static int64_t count_orders(struct lq_arena *arena, struct lq_client *client, bool unanswered)
{
    Dispatch__ListOrders asked = DISPATCH__LIST_ORDERS__INIT;
    asked.open = true;
    asked.unanswered = unanswered;
    lq_page_limit(&asked.base, LQ_PAGE_ROWS);
    for (int64_t count = 0;;) {
        const Dispatch__OrdersAnswer *page = read_page(arena, client, &asked);
        if (page == NULL)
            return -1;
        count += (int64_t)page->n_orders;
        const ProtobufCMessage *last =
            page->n_orders > 0 ? &page->orders[page->n_orders - 1]->base : NULL;
        if (!lq_page_turn(&asked.base, &page->base, last))
            return count;
    }
}

void lq_metrics_take(struct lq_arena *arena, struct lq_client *client, struct lq_survey *survey,
                     struct lq_metrics_orders *orders)
{
    *orders = (struct lq_metrics_orders){-1, -1};
    lq_survey(arena, client, survey);
    if (survey->bus)
        orders->unanswered = count_orders(arena, client, true);
    if (orders->unanswered >= 0)
        orders->open = count_orders(arena, client, false);
}

static int print_once(struct lq_cli *cli)
{
    struct lq_client *client = NULL;
    struct lq_survey survey;
    struct lq_metrics_orders orders;
    const int code = lq_cli_open(cli, true, LQ_SURVEY_MS, &client);
    if (code != LQ_EXIT_DONE)
        return code;
    lq_metrics_take(&cli->arena, client, &survey, &orders);
    lq_client_close(client);
    if (!survey.bus)
        return lq_cli_not_signed_on(cli, survey.trouble, survey.services[0].why);
    lq_metrics_write(&survey, &orders, stdout);
    return LQ_EXIT_DONE;
}

static int serve_as_set(struct lq_cli *cli)
{
    struct lq_settings settings;
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    const char *path = lq_arena_format(&cli->arena, "%s/lianqin.yaml", system.config);
    const enum lq_status status = lq_settings_load(path, &cli->arena, &settings);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (*settings.metrics.listen != '\0')
        return lq_metrics_serve(cli, settings.metrics.listen);
    lq_cli_say("metrics.listen in %s is empty: write an address there (127.0.0.1:9464), or name it "
               "with --listen",
               path);
    return LQ_EXIT_USAGE;
}

static int run(struct lq_cli *cli)
{
    const char *address = lq_given_text(cli, "--listen");
    if (lq_given(cli, "--serve") && address != NULL)
        return lq_cli_usage(cli, "--serve and --listen name the address twice");
    if (lq_given(cli, "--serve"))
        return serve_as_set(cli);
    return address != NULL ? lq_metrics_serve(cli, address) : print_once(cli);
}

static const struct lq_arg METRICS_ARGUMENTS[] = {
    LQ_OPTION("--listen", "HOST:PORT", NULL, LQ_SHOWN,
              "serve them at http://HOST:PORT/metrics, until it is ended",
              "在 http://HOST:PORT/metrics 提供，直至被结束", .kind = LQ_TEXT),
    LQ_OPTION("--serve", NULL, NULL, LQ_SHOWN, "the same, at metrics.listen of config/lianqin.yaml",
              "同上，地址取自 config/lianqin.yaml 的 metrics.listen", .kind = LQ_FLAG),
    {0},
};

const struct lq_verb lq_metrics_verbs[] = {
    LQ_VERB(
        "metrics", "", "what there is to measure, in the text format of Prometheus",
        "以 Prometheus 文本格式输出各项监测指标", METRICS_ARGUMENTS, .help_column = 1,
        .notes =
            {"\nmetrics.listen in config/lianqin.yaml names an address that lq up serves.\n"
             "It signs on with a key of its own, \"metrics\", which it makes where the bus runs; "
             "--key FILE\nnames another.\n",
             "\nconfig/lianqin.yaml 的 metrics.listen 可指定地址，由 lq up 一并启动。\n"
             "登录使用专用密钥 metrics，在总线所在机器上自动签发；--key FILE 另行指定。\n"},
        .run = run),
    {0},
};
