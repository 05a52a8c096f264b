// lq diverged: streams whose history is another than those have followed who follow them. A journal
// was put back from an older copy, or replaced. Where it is to stand as it is, an administrator
// accepts it, follower by follower; what people have recorded by what is gone, they look through.
#include <string.h>

#include "base/time.h"
#include "lq/admin/part.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/record.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/pb.h"
#include "service/service.h"

// ---------------------------------------------------------------- all of them

static const struct lq_column COLUMNS[] = {
    {.key = "service", .title = "SERVICE", .zh = "服务", .whole = true},
    {.key = "stream", .title = "STREAM", .zh = "所跟随的流", .whole = true},
    {.key = "state", .title = "STATE", .zh = "状态", .whole = true},
    {.key = "followed", .title = "FOLLOWED", .zh = "已跟随至", .right = true},
    {.key = "parts_after", .title = "PARTS AFTER", .zh = "分叉于其后", .right = true},
    {.key = "at", .title = "AT", .zh = "时间", .whole = true},
    {.key = "by", .title = "BY", .zh = "办理", .whole = true},
    {.key = "look_at", .title = "LOOK AT", .zh = "待核查记录", .whole = true},
    {.key = "reason", .title = "REASON", .zh = "事由"},
};

static void add_halt(struct lq_cli *cli, struct lq_output *output, const char *service,
                     const Lq__Halt *halt)
{
    lq_output_text(output, service);
    lq_output_text(output, halt->stream);
    lq_output_text(output, lq_cli_word(cli, LQ_TR_LATER("stands")));
    lq_output_mark(output, LQ_ALERT);
    lq_output_number(output, (int64_t)halt->behind);
    if (halt->parts_known)
        lq_output_number(output, (int64_t)halt->parts_after);
    else
        lq_output_none(output);
    for (int i = 0; i < 4; i++)
        lq_output_none(output);
}

static void add_parting(struct lq_cli *cli, struct lq_output *output, const char *service,
                        const Lq__Parting *parting)
{
    char at[LQ_TIME_TEXT];
    lq_output_text(output, service);
    lq_output_text(output, parting->stream);
    lq_output_text(output, lq_cli_word(cli, LQ_TR_LATER("accepted")));
    lq_output_number(output, (int64_t)parting->was);
    lq_output_number(output, (int64_t)parting->after);
    lq_output_text(output, lq_format_local(parting->at_ms, at));
    lq_output_text(output, parting->actor);
    if (parting->own + 1 < parting->seq)
        lq_output_text(output, lq_arena_format(&cli->arena, "%llu-%llu",
                                               (unsigned long long)parting->own + 1,
                                               (unsigned long long)parting->seq - 1));
    else
        lq_output_none(output);
    lq_output_text(output, parting->reason);
}

// Services are asked one by one. True if it stands.
static bool add_service(struct lq_cli *cli, struct lq_output *output, const char *name, int *code)
{
    struct lq_client *client = NULL;
    bool stands = false;
    const int opened = lq_cli_open(cli, true, LQ_PART_MS, &client);
    if (opened != LQ_EXIT_DONE) {
        *code = opened;
        return false;
    }
    const Lq__Status *status = lq_part_status(cli, client, name, code);
    for (size_t i = 0; status != NULL && i < status->n_partings; i++)
        add_parting(cli, output, name, status->partings[i]);
    for (size_t i = 0; status != NULL && i < status->n_halts; i++)
        if (status->halts[i]->why == LQ__HALT__WHY__DIVERGED) {
            add_halt(cli, output, name, status->halts[i]);
            stands = true;
        }
    lq_client_close(client);
    return stands;
}

static int list(struct lq_cli *cli)
{
    struct lq_output *output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    int code = LQ_EXIT_DONE;
    bool stands = false;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        stands = add_service(cli, output, (*s)->name, &code) || stands;
    const int printed = lq_cli_print(cli, output);
    if (stands && !cli->quiet)
        lq_cli_say("where a stream is to stand as it is now: lq diverged accept STREAM --reason "
                   "TEXT; else put the right journal back, and all go on by themselves");
    return code != LQ_EXIT_DONE ? code : stands ? LQ_EXIT_REFUSED : printed;
}

// ---------------------------------------------------------------- accepting

static const Lq__Halt *halt_of(const Lq__Status *status, const char *stream)
{
    for (size_t i = 0; i < status->n_halts; i++)
        if (strcmp(status->halts[i]->stream, stream) == 0 &&
            status->halts[i]->why == LQ__HALT__WHY__DIVERGED)
            return status->halts[i];
    return NULL;
}

static int accept_halt(struct lq_cli *cli, struct lq_client *client, const char *name,
                       const Lq__Halt *halt)
{
    Lq__AcceptDiverged accept = LQ__ACCEPT_DIVERGED__INIT;
    Lq__RuntimeCommand runtime = LQ__RUNTIME_COMMAND__INIT;
    accept.stream = halt->stream;
    accept.after = halt->parts_after;
    runtime.body_case = LQ__RUNTIME_COMMAND__BODY_ACCEPT_DIVERGED;
    runtime.accept_diverged = &accept;
    const int code = lq_part_command(cli, client, name, &runtime);
    if (code == LQ_EXIT_DONE && !cli->quiet)
        lq_cli_say("%s follows %s from record %llu on anew, and has taken back what it had made of "
                   "records %llu to %llu that are gone. What people have recorded in it since is "
                   "theirs to look at: lq diverged show %s",
                   name, halt->stream, (unsigned long long)halt->parts_after + 1,
                   (unsigned long long)halt->parts_after + 1, (unsigned long long)halt->behind,
                   name);
    return code;
}

// Counts those that stand before it.
static int accept_in(struct lq_cli *cli, const char *name, const char *stream, unsigned *found)
{
    struct lq_client *client = NULL;
    int code = lq_cli_open(cli, true, LQ_PART_MS, &client);
    if (code != LQ_EXIT_DONE)
        return code;
    const Lq__Status *status = lq_part_status(cli, client, name, &code);
    const Lq__Halt *halt = status != NULL ? halt_of(status, stream) : NULL;
    if (halt != NULL) {
        ++*found;
        code = accept_halt(cli, client, name, halt);
    }
    lq_client_close(client);
    return code;
}

static int accept(struct lq_cli *cli)
{
    size_t count;
    unsigned found = 0;
    const struct lq_service *stream = lq_service_typed(lq_given_text(cli, "STREAM"));
    const char *const *names = lq_given_all(cli, "SERVICE", &count);
    if (stream == NULL)
        return lq_cli_usage(cli, "there is no stream \"%s\" (lq status lists them)",
                            lq_given_text(cli, "STREAM"));
    for (size_t i = 0; i < count; i++)
        if (lq_service_typed(names[i]) == NULL)
            return lq_cli_usage(cli, "there is no service \"%s\" (lq status lists them)", names[i]);
    if (cli->reason == NULL || cli->reason[0] == '\0')
        return lq_cli_usage(cli, "a --reason is needed: how did it come to that?");
    int code = LQ_EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        const int one = accept_in(cli, lq_service_typed(names[i])->name, stream->name, &found);
        code = code == LQ_EXIT_DONE ? one : code;
    }
    for (const struct lq_service *const *s = lq_services; count == 0 && *s != NULL; s++) {
        const int one = accept_in(cli, (*s)->name, stream->name, &found);
        code = code == LQ_EXIT_DONE ? one : code;
    }
    if (found > 0 || code != LQ_EXIT_DONE)
        return code;
    lq_cli_say("nobody stands before another history of %s: there is nothing to accept",
               stream->name);
    return LQ_EXIT_REFUSED;
}

// ---------------------------------------------------------------- what is to be looked at

static const struct lq_column RECORDS[] = {
    {.key = "record", .title = "RECORD", .zh = "记录", .whole = true},
    {.key = "happened", .title = "HAPPENED", .zh = "发生", .whole = true},
    {.key = "event", .title = "WHAT", .zh = "事项", .whole = true},
    {.key = "by", .title = "BY", .zh = "办理"},
    {.key = "details", .title = "DETAILS", .zh = "内容"},
};

static void add_record(struct lq_cli *cli, struct lq_output *output,
                       const struct lq_service *service, const Lq__Event *event)
{
    const char *why = NULL;
    const ProtobufCMessage *body =
        lq_pb_decode_within(&LQ_PB_REPLY, &cli->arena, service->event_type,
                            lq_span(event->body.data, event->body.len), &why);
    if (event->actor[0] == '@' || body == NULL || lq_pb_variant_message(body) == NULL)
        return; // what it did itself was taken back
    lq_output_text(output, lq_arena_format(&cli->arena, "%s#%llu", service->name,
                                           (unsigned long long)event->seq));
    lq_output_minute(output, event->occurred_at_ms);
    lq_output_text(output, cli->format == LQ_FORMAT_TABLE ? lq_show_variant(body)
                                                          : lq_pb_variant_name(body));
    lq_output_text(output, lq_show_actor(cli, event->actor, event->on_behalf_of, event->reason));
    lq_output_text(output, lq_show_brief(cli, lq_pb_variant_message(body)));
}

static int add_records(struct lq_cli *cli, struct lq_client *client, struct lq_output *output,
                       const struct lq_service *service, const Lq__Parting *parting)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = parting->own;
    while (fetch.after + 1 < parting->seq) {
        const Lq__Reply *reply;
        const enum lq_status status =
            lq_client_call_message(client, service->name, &fetch.base, &reply);
        if (status != LQ_OK)
            return lq_cli_fault(status);
        if (reply->kind_case != LQ__REPLY__KIND_EVENTS)
            return reply->kind_case == LQ__REPLY__KIND_REFUSAL ? lq_cli_refused(reply->refusal)
                                                               : LQ_EXIT_UNREACHABLE;
        for (size_t i = 0; i < reply->events->n_events; i++)
            if (reply->events->events[i]->seq < parting->seq)
                add_record(cli, output, service, reply->events->events[i]);
        if (reply->events->next_after <= fetch.after)
            break;
        fetch.after = reply->events->next_after;
    }
    return LQ_EXIT_DONE;
}

static int show(struct lq_cli *cli)
{
    struct lq_client *client = NULL;
    const struct lq_service *service = lq_service_typed(lq_given_text(cli, "SERVICE"));
    if (service == NULL)
        return lq_cli_usage(cli, "there is no service \"%s\" (lq status lists them)",
                            lq_given_text(cli, "SERVICE"));
    int code = lq_cli_open(cli, true, LQ_PART_MS, &client);
    if (code != LQ_EXIT_DONE)
        return code;
    struct lq_output *output = lq_output_new(RECORDS, sizeof RECORDS / sizeof *RECORDS);
    const Lq__Status *status = lq_part_status(cli, client, service->name, &code);
    for (size_t i = 0; status != NULL && code == LQ_EXIT_DONE && i < status->n_partings; i++)
        code = add_records(cli, client, output, service, status->partings[i]);
    lq_client_close(client);
    if (code == LQ_EXIT_DONE)
        return lq_cli_print(cli, output);
    lq_output_free(output);
    return code;
}

// ---------------------------------------------------------------- as it is typed

static const struct lq_arg ACCEPT[] = {
    LQ_POSITION("STREAM", NULL, LQ_MUST, .kind = LQ_TEXT),
    LQ_POSITION("SERVICE", NULL, LQ_MAY, .kind = LQ_REST),
    LQ_OPTION("--reason", "TEXT", NULL, LQ_SHOWN, "how it came to that", "事由", .kind = LQ_GLOBAL),
    {0},
};

static const struct lq_arg SHOW[] = {LQ_POSITION("SERVICE", NULL, LQ_MUST, .kind = LQ_TEXT), {0}};

const struct lq_verb lq_diverged_verbs[] = {
    LQ_VERB(
        "diverged", "", "who has followed another history of a stream than it has now",
        "哪些服务跟随过的历史与对方现有日志不一致", NULL,
        .notes =
            {"  A journal that was put back from an older copy has another history than those "
             "have followed\n  who follow it: they stand, and say so. PARTS AFTER: the last "
             "record that is known to be in both.\n  LOOK AT: what the service recorded while it "
             "went by "
             "what is gone.\n",
             "  日志从较旧的备份恢复后，与各服务先前所跟随的历史不一致，各服务停止跟随并说明。\n"
             "  “分叉于其后”：已知双方共有的最后一条记录；“待核查记录”：依据已不存在的历史\n"
             "  所作的记录。\n"},
        .run = list),
    LQ_VERB(
        "diverged", "accept", "the stream stands as it is now: follow it so (administrators)",
        "以该流现有日志为准，各服务据此重新跟随（管理员）", ACCEPT,
        .usage = "STREAM [SERVICE ...] --reason TEXT",
        .notes = {"  Of all that stand before it, or of the services named. Each puts back what it "
                  "keeps of the\n  stream to where the histories part, takes back by "
                  "counter-entries what it booked of\n  records that are gone, and follows on from "
                  "there; it is recorded with the reason.\n  What people have decided meanwhile "
                  "stands: lq diverged show SERVICE names it.\n",
                  "  对所有停跟该流的服务，或只对列出的服务。各服务将所抄录的内容退回分叉处，\n"
                  "  以冲减分录冲回依据已不存在的记录所入的账，再由此继续跟随，并记录事由。\n"
                  "  其间人员所作的决定保持不变，由 lq diverged show 服务 逐一列出。\n"},
        .run = accept),
    LQ_VERB("diverged", "show", "what people recorded while a service went by what is gone",
            "服务依据已不存在的历史期间，人员所作的记录", SHOW, .run = show),
    {0},
};
