// A wall clock that has leapt (base/leap.h), as the shell has found: nothing is decided by it, no
// timer fires and nothing is followed, so that no record bears a day that has not come. Questions
// are answered, as of what the time must be. An administrator who confirms the clock does so with a
// command that the journal keeps like any other; it has no event, for no table changes.
#include "language/language.h"
#include "runtime/host_parts.h"

void lq_host_clock_off(struct lq_host *host, int64_t by_ms)
{
    host->clock_off_ms = by_ms;
}

bool lq_host_clock_confirmed(struct lq_host *host)
{
    const bool confirmed = host->clock_confirmed;
    host->clock_confirmed = false;
    return confirmed;
}

int64_t lq_host_recorded_ms(const struct lq_host *host)
{
    return host->recorded_ms;
}

#define FOUND                                                                                      \
    LQ_TR_LATER("the clock says %s, but by what has passed since it was right, or by the last "    \
                "record, it must be %s: %-s takes no commands and its timers stand until the "     \
                "clock is right again, or until an administrator says that it is (lq clock "       \
                "confirm)")

bool lq_clock_refused(struct lq_host *host, const struct asked *asked)
{
    if (host->clock_off_ms == 0)
        return false;
    char says[LQ_TIME_TEXT], is[LQ_TIME_TEXT];
    lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__CLOCK_LEAPT, FOUND,
                     lq_format_local(host->now_ms, says),
                     lq_format_local(host->now_ms - host->clock_off_ms, is),
                     lq_service_said(host, host->service->name));
    return true;
}

Lq__ClockLeap *lq_clock_told(struct lq_host *host)
{
    if (host->clock_off_ms == 0)
        return NULL;
    char says[LQ_TIME_TEXT], is[LQ_TIME_TEXT];
    const struct lq_message *found =
        lq_reject_by_runtime(host, LQ__REJECT__REJECT_UNSPECIFIED, FOUND,
                             lq_format_local(host->now_ms, says),
                             lq_format_local(host->now_ms - host->clock_off_ms, is),
                             lq_service_said(host, host->service->name))
            .why;
    Lq__ClockLeap *told = LQ_NEW(&host->arena, Lq__ClockLeap);
    lq__clock_leap__init(told);
    told->by_ms = host->clock_off_ms;
    told->text = lq_unconst(lq_message_text(lq_arena_room, &host->arena, found));
    lq_sentence(found, &told->sentence, &told->n_sentence);
    return told;
}

// ---------------------------------------------------------------- confirming

struct lq_verdict lq_clock_confirm(struct lq_host *host)
{
    if (host->clock_off_ms == 0)
        return lq_reject_by_runtime(host, LQ__REJECT__CLOCK_IS_RIGHT,
                                    "the clock of %-s is right: there is nothing to confirm",
                                    lq_service_said(host, host->service->name));
    host->clock_off_ms = 0;
    host->clock_confirmed = true;
    return LQ_ACCEPT;
}
