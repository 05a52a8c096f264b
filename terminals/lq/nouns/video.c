// lq video: the cameras of premises: which answer, and since when one does not.
#include <stdio.h>

#include "base/clock.h"
#include "base/time.h"
#include "lq/nouns/nouns.h"
#include "lq/show/list.h"
#include "lq/show/output.h"
#include "lq/show/words.h"
#include "monitor.pb-c.h"
#include "pb/build.h"
#include "pb/pb.h"

// ---------------------------------------------------------------- lists

static void add_state(struct lq_output *output, const void *row)
{
    const Monitor__Channel *channel = row;
    lq_output_word(output, &monitor__channel_state__descriptor, (int)channel->state);
    lq_output_mark(output, channel->state == MONITOR__CHANNEL_STATE__SILENT && !channel->voluntary
                               ? LQ_ALERT
                               : LQ_PLAIN);
}

static void add_required(struct lq_output *output, const void *row)
{
    lq_output_flag(output, !((const Monitor__Channel *)row)->voluntary);
}

static const struct lq_column CHANNELS[] = {
    LQ_COLUMN("CHANNEL", "通道", "number", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("PLACE", "位置", "place"),
    LQ_COLUMN("STATE", "状态", NULL, .cell = add_state, .whole = true),
    LQ_COLUMN("SINCE", "起于", "since_ms", .whole = true),
    LQ_COLUMN("REQUIRED", "必装", NULL, .cell = add_required, .whole = true),
    LQ_COLUMN("ADDRESS", "地址", "address"),
    {0},
};

static void add_for(struct lq_output *output, const void *row)
{
    const Monitor__Dark *dark = row;
    const int64_t until_ms = dark->until_ms != 0 ? dark->until_ms : lq_wall_ms();
    lq_output_number(output, (until_ms - dark->since_ms) / 60000);
    lq_output_mark(output, dark->until_ms == 0 && !dark->voluntary ? LQ_ALERT : LQ_PLAIN);
}

static void add_why(struct lq_output *output, const void *row)
{
    lq_output_text(output, ((const Monitor__Dark *)row)->unheard ? lq_tr("the gateway")
                                                                 : lq_tr("the camera"));
}

static const struct lq_column DARK[] = {
    LQ_COLUMN("CHANNEL", "通道", "channel", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("PLACE", "位置", "place"),
    LQ_COLUMN("SINCE", "中断起于", "since_ms", .whole = true),
    LQ_COLUMN("UNTIL", "恢复", "until_ms", .whole = true),
    LQ_COLUMN("MINUTES", "分钟", NULL, .cell = add_for, .right = true),
    LQ_COLUMN("SILENT IS", "何者中断", NULL, .cell = add_why),
    {0},
};

#define MINUTES_OF(_name, _member)                                                                 \
    static void add_##_name(struct lq_output *output, const void *row)                             \
    {                                                                                              \
        lq_output_number(output, ((const Monitor__Uptime *)row)->_member / 60000);                 \
    }
MINUTES_OF(live, live_ms)
MINUTES_OF(dark, dark_ms)
MINUTES_OF(not_recorded, not_recorded_ms)

static const struct lq_column UPTIME[] = {
    LQ_COLUMN("CHANNEL", "通道", "channel", .whole = true),
    LQ_COLUMN("PREMISES", "场所", "premises", .whole = true),
    LQ_COLUMN("FROM", "起", "from_ms", .whole = true),
    LQ_COLUMN("TO", "止", "to_ms", .whole = true),
    LQ_COLUMN("LIVE", "在线(分)", NULL, .cell = add_live, .right = true),
    LQ_COLUMN("DARK", "中断(分)", NULL, .cell = add_dark, .right = true),
    LQ_COLUMN("NOT RECORDED", "未记录(分)", NULL, .cell = add_not_recorded, .right = true),
    LQ_COLUMN("TIMES", "次数", "silences", .right = true),
    {0},
};

// ---------------------------------------------------------------- what can be typed

static const struct lq_arg LIST[] = {
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these premises", "只看这一场所的"),
    LQ_OPTION("--state", "STATE", "state", LQ_SHOWN, "registered, live, silent, retired",
              "registered 待接通，live 在线，silent 中断，retired 已停用", .kind = LQ_WORD_SET),
    LQ_OPTION("--required", NULL, "required", LQ_SHOWN, "only those that are required",
              "只看必装的"),
    LQ_ONLY_OF_NOW("lq video dark --on"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg ONE[] = {LQ_POSITION("CHANNEL", "number", LQ_MUST), {0}};

static const struct lq_arg REGISTER[] = {
    LQ_POSITION("PREMISES", "premises", LQ_MUST),
    LQ_OPTION("--address", "ADDRESS", "address", LQ_ASKED,
              "rtsp://HOST[:PORT]/PATH or tcp://HOST:PORT; without a password",
              "rtsp://主机[:端口]/路径 或 tcp://主机:端口；不写密码"),
    LQ_OPTION("--place", "TEXT", "place", LQ_SHOWN, "where it looks", "装在何处"),
    LQ_OPTION("--number", "CHANNEL", "number", LQ_MAY, "of its own (default: the next, SP0001)",
              "自定编号（默认取下一个：SP0001）"),
    LQ_OPTION("--voluntary", NULL, "voluntary", LQ_MAY,
              "not required of the premises: nobody is called when it falls silent",
              "自愿安装，非必装：中断时不提醒"),
    {0},
};

static const struct lq_arg RETIRE[] = {
    LQ_POSITION("CHANNEL", "channel", LQ_MUST),
    LQ_OPTION("--why", "TEXT", "why", LQ_ASKED, "why it is used no more", "停用原因"),
    {0},
};

static const struct lq_arg DARK_ARGS[] = {
    LQ_OPTION("--on", "TIME", "on_ms", LQ_SHOWN,
              "as it was then, by what is known now (default: now)",
              "当时的情况，按现在所知（默认现在）"),
    LQ_OPTION("--required", NULL, "required", LQ_SHOWN, "only those that are required",
              "只看必装的"),
    LQ_OPTION("--as-of", "TIME", NULL, LQ_MAY,
              "what was known then is not kept apart: lq video dark --on tells what was so",
              "不另存当时所知；查当时情况用 lq video dark --on", .kind = LQ_ELSEWHERE),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg UPTIME_ARGS[] = {
    LQ_POSITION("CHANNEL", "channel", LQ_SHOWN),
    LQ_OPTION("--premises", "NUMBER", "premises", LQ_SHOWN, "of these premises", "只看这一场所的"),
    LQ_OPTION("--from", "TIME", "from_ms", LQ_SHOWN, NULL, NULL),
    LQ_OPTION("--to", "TIME", "to_ms", LQ_SHOWN,
              "between these instants (default: from its registration until now)",
              "两时刻之间（默认自登记起至现在）"),
    LQ_OPTION("--on", "TIME", NULL, LQ_MAY, NULL, NULL, .kind = LQ_ELSEWHERE),
    LQ_OPTION("--as-of", "TIME", NULL, LQ_MAY, "uptime is of a period: lq video uptime --from --to",
              "在线时间按时段计算：用 lq video uptime --from --to", .kind = LQ_ELSEWHERE),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg ALIVE[] = {
    LQ_POSITION("CHANNEL", NULL, LQ_SHOWN, .kind = LQ_REST),
    {0},
};

static void name_channels(struct lq_cli *cli, ProtobufCMessage *message)
{
    Monitor__Alive *alive = (void *)message;
    const char *const *channels = lq_given_all(cli, "CHANNEL", &alive->n_channels);
    alive->channels = LQ_NEW_ARRAY(&cli->arena, char *, alive->n_channels);
    for (size_t i = 0; i < alive->n_channels; i++)
        alive->channels[i] = lq_unconst(channels[i]);
}

const struct lq_verb lq_video_verbs[] = {
    LQ_VERB("video", "list", "the cameras of premises, and which answer", "各场所的视频通道", LIST,
            LQ_ASKS_FOR("monitor", "channels"), .columns = CHANNELS),
    LQ_VERB("video", "show", "one of them, and what it was when", "一路视频及其经过", ONE,
            LQ_ASKS_FOR("monitor", "show"), .after = lq_log_after,
            .absent = {"there is no channel %s (lq video list lists them)",
                       "没有视频通道 %s（用 lq video list 查看）"}),
    LQ_VERB("video", "state", "how many are required, live and dark; when the gateway reported",
            "必装、在线、中断各多少路，网关最近何时报告", NULL, LQ_ASKS_FOR("monitor", "overview")),
    LQ_VERB("video", "dark", "those that are silent, and since when", "中断的视频及起始时间",
            DARK_ARGS, LQ_ASKS_FOR("monitor", "dark"), .columns = DARK),
    LQ_VERB("video", "uptime", "for how long each was live, dark, or not recorded",
            "每路在线、中断、未记录的时间", UPTIME_ARGS, LQ_ASKS_FOR("monitor", "uptime"),
            .columns = UPTIME),
    LQ_VERB("video", "register", "enter a camera of premises", "登记视频通道", REGISTER,
            LQ_SENDS("monitor", "register_channel")),
    LQ_VERB("video", "retire", "a camera is used no more", "停用视频通道", RETIRE, .word = "停用",
            LQ_SENDS("monitor", "retire_channel")),
    LQ_VERB(
        "video", "alive", "report which channels answer now: for the gateway",
        "报告此刻应答的通道（视频网关用）", ALIVE, LQ_SENDS("monitor", "alive"),
        .complete = name_channels,
        .notes = {"  One report a minute, of all channels; those that are not named are silent. "
                  "lianqin-probe\n  sends them by itself.\n",
                  "  每分钟一次，一次报全部通道；未列出的即为中断。lianqin-probe 会自行报告。\n"}),
    {0},
};
