// lq clock confirm: an administrator says that the clock is right, after it has leapt: to the bus
// and to every service that stands because of it.
#include <stdio.h>

#include "base/time.h"
#include "client/ask.h"
#include "lq/nouns/nouns.h"
#include "lq/show/show.h"
#include "pb/pb.h"
#include "service/service.h"

enum { PATIENCE_MS = 5000, WIDTH = 12 };

// What stood in the way; gives the exit code.
static int trouble(struct lq_cli *cli, const char *part, const struct lq_hearing *heard)
{
    const char *why = heard->what == LQ_HEARD_REFUSAL   ? lq_cli_refusal_text(heard->refusal)
                      : heard->what == LQ_HEARD_NOTHING ? lq_cli_fault_text()
                                                        : lq_tr("its answer cannot be read");
    lq_cli_fail("%s: %s", part, lq_arena_text(&cli->arena, why));
    return heard->what == LQ_HEARD_REFUSAL ? LQ_EXIT_REFUSED : LQ_EXIT_UNREACHABLE;
}

static int confirm_bus(struct lq_cli *cli, struct lq_client *client)
{
    Lq__ConfirmBusClock confirm = LQ__CONFIRM_BUS_CLOCK__INIT;
    Lq__BusQuery query = LQ__BUS_QUERY__INIT;
    query.body_case = LQ__BUS_QUERY__BODY_CONFIRM_CLOCK;
    query.confirm_clock = &confirm;
    const struct lq_hearing heard =
        lq_client_ask(client, &cli->arena, "bus", &query.base, &lq__bus_answer__descriptor);
    if (heard.what != LQ_HEARD)
        return trouble(cli, "bus", &heard);
    char at[LQ_TIME_TEXT];
    const Lq__BusAnswer *answer = (const void *)heard.answer;
    lq_show_line("bus", WIDTH, lq_format_local(answer->self->now_ms, at));
    return LQ_EXIT_DONE;
}

// The service's own status; NULL: *code says what it came to.
static const Lq__Status *ask_status(struct lq_cli *cli, struct lq_client *client, const char *name,
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
        *code = trouble(cli, name, &heard);
    return status;
}

static int send_confirmation(struct lq_cli *cli, struct lq_client *client, const char *name)
{
    Lq__ConfirmClock confirm = LQ__CONFIRM_CLOCK__INIT;
    Lq__RuntimeCommand runtime = LQ__RUNTIME_COMMAND__INIT;
    runtime.body_case = LQ__RUNTIME_COMMAND__BODY_CONFIRM_CLOCK;
    runtime.confirm_clock = &confirm;
    struct lq_id id;
    Lq__Command command = lq_client_command(&id, lq_span(NULL, 0));
    command.runtime = &runtime;
    if (cli->reason != NULL)
        command.reason = lq_arena_text(&cli->arena, cli->reason);
    const struct lq_hearing heard = lq_client_decide(client, &cli->arena, name, &command);
    if (heard.what != LQ_HEARD)
        return trouble(cli, name, &heard);
    if (heard.outcome->result_case == LQ__OUTCOME__RESULT_REJECTED) {
        lq_cli_fail("%s: %s", name, lq_cli_rejected_text(heard.outcome->rejected));
        return LQ_EXIT_REFUSED;
    }
    lq_show_line(name, WIDTH, lq_tr("confirmed: commands and timers go on"));
    return LQ_EXIT_DONE;
}

static int confirm_service(struct lq_cli *cli, struct lq_client *client, const char *name)
{
    int code = LQ_EXIT_DONE;
    const Lq__Status *status = ask_status(cli, client, name, &code);
    if (status == NULL)
        return code;
    if (status->clock != NULL)
        return send_confirmation(cli, client, name);
    lq_show_line(name, WIDTH, lq_tr("its clock has not leapt"));
    return LQ_EXIT_DONE;
}

// With a connection of its own: a service that stands cannot catch up with what another one has
// recorded meanwhile, and nobody who has seen that would be answered.
static int confirm_part(struct lq_cli *cli, const char *name)
{
    struct lq_client *client = NULL;
    int code = lq_cli_open(cli, true, PATIENCE_MS, &client);
    if (code != LQ_EXIT_DONE)
        return code;
    code = name == NULL ? confirm_bus(cli, client) : confirm_service(cli, client, name);
    lq_client_close(client);
    return code;
}

static int confirm(struct lq_cli *cli)
{
    int code = confirm_part(cli, NULL);
    const bool goes_on = code == LQ_EXIT_DONE;
    for (const struct lq_service *const *s = lq_services; goes_on && *s != NULL; s++) {
        const int one = confirm_part(cli, (*s)->name);
        code = code == LQ_EXIT_DONE ? one : code;
    }
    return code;
}

const struct lq_verb lq_clock_verbs[] = {
    LQ_VERB(
        "clock", "confirm", "the clock of the machine is right as it is now (administrators)",
        "确认主机当前时钟正确（管理员）", NULL,
        .notes =
            {"  A clock that leaps by more than a minute against the machine's steady one stops "
             "commands\n  and timers (clock_leap_ms in policy.yaml); lq status says so. They go on "
             "by themselves\n  once the clock is right again; where it is right as it is, this "
             "says "
             "so.\n",
             "  主机时钟相对稳定计时跳变一分钟以上时，暂停受理命令，定时事项也暂停\n"
             "  （policy.yaml 的 clock_leap_ms），lq status 会说明。时钟恢复正确后自动继续；\n"
             "  若现在的时间本来就正确，用此命令确认。\n"},
        .run = confirm),
    {0},
};
