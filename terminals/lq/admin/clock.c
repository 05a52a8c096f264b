// lq clock confirm: an administrator says that the clock is right, after it has leapt: to the bus
// and to every service that stands because of it.
#include <stdio.h>

#include "base/time.h"
#include "lq/admin/part.h"
#include "lq/nouns/nouns.h"
#include "lq/show/show.h"
#include "service/service.h"

enum { WIDTH = 12 };

static int confirm_bus(struct lq_cli *cli, struct lq_client *client)
{
    Lq__ConfirmBusClock confirm = LQ__CONFIRM_BUS_CLOCK__INIT;
    Lq__BusQuery query = LQ__BUS_QUERY__INIT;
    query.body_case = LQ__BUS_QUERY__BODY_CONFIRM_CLOCK;
    query.confirm_clock = &confirm;
    const struct lq_hearing heard =
        lq_client_ask(client, &cli->arena, "bus", &query.base, &lq__bus_answer__descriptor);
    if (heard.what != LQ_HEARD)
        return lq_part_trouble(cli, "bus", &heard);
    char at[LQ_TIME_TEXT];
    const Lq__BusAnswer *answer = (const void *)heard.answer;
    lq_show_line("bus", WIDTH, lq_format_local(answer->self->now_ms, at));
    return LQ_EXIT_DONE;
}

static int send_confirmation(struct lq_cli *cli, struct lq_client *client, const char *name)
{
    Lq__ConfirmClock confirm = LQ__CONFIRM_CLOCK__INIT;
    Lq__RuntimeCommand runtime = LQ__RUNTIME_COMMAND__INIT;
    runtime.body_case = LQ__RUNTIME_COMMAND__BODY_CONFIRM_CLOCK;
    runtime.confirm_clock = &confirm;
    const int code = lq_part_command(cli, client, name, &runtime);
    if (code != LQ_EXIT_DONE)
        return code;
    lq_show_line(name, WIDTH, lq_tr("confirmed: commands and timers go on"));
    return LQ_EXIT_DONE;
}

static int confirm_service(struct lq_cli *cli, struct lq_client *client, const char *name)
{
    int code = LQ_EXIT_DONE;
    const Lq__Status *status = lq_part_status(cli, client, name, &code);
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
    int code = lq_cli_open(cli, true, LQ_PART_MS, &client);
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
