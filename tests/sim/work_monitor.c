// Cameras are registered, retired and voided, and the gateway reports which of them answer: mostly
// in time and those that did before, now and then late, twice, or of one that there is not.
#include "monitor.pb-c.h"
#include "pb/pb.h"
#include "sim/work.h"

enum { CHANNELS = 6 };

static void send(struct sim *s, const char *who, Monitor__Command__BodyCase which, void *body,
                 const struct work_manner *manner)
{
    Monitor__Command command = MONITOR__COMMAND__INIT;
    command.body_case = which;
    command.register_channel = body; // the oneof's members lie in one place
    work_send(s, work_person(s, who), "monitor", &command.base, manner);
}

static char *channel_of(struct sim *s, unsigned number)
{
    return lq_arena_format(&s->scratch, "SP%04u", number + 1);
}

void work_channel(struct sim *s)
{
    Monitor__RegisterChannel c = MONITOR__REGISTER_CHANNEL__INIT;
    const unsigned number = work_pick(s, CHANNELS);
    c.number = channel_of(s, number);
    c.premises = lq_unconst(work_premises(s, work_pick(s, work_chance(s, 95) ? 3 : WORK_PREMISES)));
    c.address = lq_unconst(work_chance(s, 95) ? "rtsp://10.1.2.3:554/1" : "rtsp://a:b@10.1.2.3/1");
    c.voluntary = work_chance(s, 25);
    if (work_chance(s, 60))
        s->work->channels |= 1U << number;
    else // it does not hang yet, and may be a mistake
        s->work->doubtful = number;
    send(s, work_chance(s, 80) ? "CLERK" : "DESK1", MONITOR__COMMAND__BODY_REGISTER_CHANNEL, &c,
         NULL);
}

void work_retire_channel(struct sim *s)
{
    Monitor__RetireChannel c = MONITOR__RETIRE_CHANNEL__INIT;
    const struct work_manner manner = {.occurred_ms = work_when(s)};
    c.channel = channel_of(s, work_pick(s, CHANNELS));
    c.why = lq_unconst("拆除");
    send(s, "CLERK", MONITOR__COMMAND__BODY_RETIRE_CHANNEL, &c, &manner);
}

// What was registered by mistake; or what has answered, or without a reason.
void work_void_channel(struct sim *s)
{
    Rules__VoidRecord c = RULES__VOID_RECORD__INIT;
    const struct work_manner manner = {.reason = work_chance(s, 92) ? "登记重复" : NULL};
    c.kind = lq_unconst("channel");
    c.number = channel_of(s, work_chance(s, 75) ? s->work->doubtful : work_pick(s, CHANNELS));
    send(s, work_chance(s, 90) ? "CLERK" : "GATE", MONITOR__COMMAND__BODY_VOID_RECORD, &c, &manner);
}

void work_alive(struct sim *s)
{
    Monitor__Alive c = MONITOR__ALIVE__INIT;
    char *channels[CHANNELS + 1];
    struct work_manner manner = {0};
    c.channels = channels;
    for (unsigned i = 0; i < CHANNELS; i++)
        if ((s->work->channels >> i & 1) != 0 && work_chance(s, 80))
            channels[c.n_channels++] = channel_of(s, i);
    if (work_chance(s, 5))
        channels[c.n_channels++] = channel_of(s, CHANNELS + work_pick(s, 20));
    if (work_chance(s, 20))
        manner.occurred_ms = s->now_ms - (int64_t)work_pick(s, 150) * 1000;
    send(s, "GATE", MONITOR__COMMAND__BODY_ALIVE, &c, &manner);
}
