#include "lq/outbox/clock.h"

#include "base/clock.h"
#include "base/time.h"
#include "client/ask.h"
#include "lq/outbox/state.h"
#include "pb/pb.h"

enum {
    SLOW_MS = 4000,         // an answer that took longer says too little
    WORTH_MS = 1000,        // less is not worth a word
    CHANGED_MS = 500,       // a difference that is written down
    STALE_MS = 3600 * 1000, // the same offset is written again, with the time of its measurement
};

static const char NAME[] = "clock";

static const Terminal__Clock *remembered(struct lq_cli *cli)
{
    return (const Terminal__Clock *)lq_state_get(cli, NAME, &terminal__clock__descriptor);
}

static int64_t magnitude(int64_t number)
{
    return number < 0 ? -number : number;
}

// ---------------------------------------------------------------- measuring

static void remember(struct lq_cli *cli, int64_t offset_ms)
{
    const Terminal__Clock *before = remembered(cli);
    Terminal__Clock clock = TERMINAL__CLOCK__INIT;
    clock.offset_ms = offset_ms;
    clock.measured_at_ms = lq_wall_ms();
    if (before == NULL || magnitude(before->offset_ms - offset_ms) >= CHANGED_MS ||
        magnitude(before->measured_at_ms - clock.measured_at_ms) >= STALE_MS)
        lq_state_put(cli, NAME, &clock.base);
}

// The answer was made somewhere between question and hearing it: in the middle, give or take half
// of the way. What that could explain is no offset.
void lq_clock_measure(struct lq_cli *cli, struct lq_client *client)
{
    Lq__AskSelf ask = LQ__ASK_SELF__INIT;
    Lq__BusQuery query = LQ__BUS_QUERY__INIT;
    query.body_case = LQ__BUS_QUERY__BODY_SELF;
    query.self = &ask;
    const int64_t asked = lq_steady_ms();
    const struct lq_hearing heard =
        lq_client_ask(client, &cli->arena, "bus", &query.base, &lq__bus_answer__descriptor);
    const int64_t took = lq_steady_ms() - asked, now = lq_wall_ms();
    if (heard.what != LQ_HEARD || took > SLOW_MS)
        return;
    const Lq__BusAnswer *answer = (const Lq__BusAnswer *)heard.answer;
    const int64_t offset = answer->self->now_ms + took / 2 - now;
    remember(cli, magnitude(offset) <= took / 2 ? 0 : offset);
}

int64_t lq_clock_offset(struct lq_cli *cli, bool *known)
{
    const Terminal__Clock *clock = remembered(cli);
    *known = clock != NULL;
    return clock != NULL && magnitude(clock->offset_ms) >= WORTH_MS ? clock->offset_ms : 0;
}

// ---------------------------------------------------------------- applying

void lq_clock_stamp(struct lq_cli *cli, Terminal__Kept *file, Lq__Command *command)
{
    bool known;
    file->by_clock = true;
    file->offset_ms = lq_clock_offset(cli, &known);
    file->measured = known;
    command->occurred_at_ms = lq_wall_ms() + file->offset_ms;
}

bool lq_clock_correct(struct lq_cli *cli, Terminal__Kept *file, Lq__Command *command)
{
    bool known;
    const int64_t offset = lq_clock_offset(cli, &known);
    if (!file->by_clock || file->tried || !known || file->offset_ms == offset)
        return false;
    if (file->measured && command->occurred_at_ms <= lq_wall_ms() + offset)
        return false; // the clock may have been set since: what was measured then holds
    command->occurred_at_ms += offset - file->offset_ms;
    file->offset_ms = offset;
    file->measured = true;
    return true;
}
