// Streams that are followed no further until somebody has done something about it. Of one whose
// history is another than was followed, it is found out where the two part: the marks are asked
// after, the latest first, until one is found that the stream has too. So whoever has to decide
// what is to stand is told how much of what was followed is gone.
#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"
#include "language/language.h"
#include "pb/pb.h"
#include "runtime/host_parts.h"

bool lq_is_halted(const struct following *f)
{
    return f->halt.why != LQ__HALT__WHY__WHY_UNSPECIFIED;
}

__attribute__((format(printf, 4, 5))) static void halt(struct following *f, Lq__Halt__Why why,
                                                       bool until_restart, const char *format, ...)
{
    struct lq_buffer_room room = {.bytes = f->halt.parts, .size = sizeof f->halt.parts};
    const bool is_new = f->halt.why != why;
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    if (!lq_message_take(&f->halt.message, lq_buffer_room_take, &room, format, arguments))
        f->halt.message.count = 0;
    vsnprintf(f->halt.text, sizeof f->halt.text, format, again);
    va_end(again);
    va_end(arguments);
    f->halt.why = why;
    f->halt.until_restart = until_restart;
    f->behind_until = 0;
    if (is_new)
        lq_log_error("%s", f->halt.text);
}

void lq_halt_for_upgrade(struct lq_host *host, struct following *f, uint64_t seq, const char *why)
{
    halt(f, LQ__HALT__WHY__NEEDS_UPGRADE, true,
         "%s needs upgrade: event %llu of %s is not understood by version %s (%-s). It does not "
         "follow %s beyond record %llu until it is started in the version that %s has",
         host->service->name, (unsigned long long)seq, f->stream.name, LQ_VERSION, why,
         f->stream.name, (unsigned long long)f->cursor, f->stream.name);
}

// ---------------------------------------------------------------- another history

// Without a hash nobody could tell, once the stream has grown again, that it is another one.
void lq_halt_diverged(struct lq_host *host, struct following *f, const char *found)
{
    halt(f, LQ__HALT__WHY__DIVERGED, !f->hash.known,
         "%s has followed %s up to record %llu and does not follow it any further, because %s. "
         "`lq verify` says which journals do not fit together: stop the system and put back all "
         "journals from one and the same backup, or the one of %s that belongs to the others. If "
         "%s is to stand as it is now, `lq diverged` says where the histories part, and how that "
         "is accepted",
         host->service->name, f->stream.name, (unsigned long long)f->cursor, found, f->stream.name,
         f->stream.name);
    // What both had before they have still, unless the journal was changed once more.
    f->parts.looking = true;
    f->parts.below = f->parts.known ? f->parts.mark.seq + 1 : f->cursor;
}

void lq_halt_end(struct lq_host *host, struct following *f)
{
    if (!lq_is_halted(f))
        return;
    lq_log_info("%s is again what %s has followed; going on behind record %llu", f->stream.name,
                host->service->name, (unsigned long long)f->cursor);
    f->halt.why = LQ__HALT__WHY__WHY_UNSPECIFIED;
    f->parts.looking = f->parts.known = false;
}

// The beginning is common to all.
void lq_parts_choose(struct lq_host *host, struct following *f)
{
    f->parts.mark = (struct mark){0};
    if (lq_store_begin_read(host->store) != LQ_OK)
        return;
    if (!lq_mark_before(host, f->stream.name, f->parts.below, &f->parts.mark))
        f->parts.mark = (struct mark){0};
    lq_store_end_read(host->store);
}

bool lq_parts_heard(struct lq_host *host, struct following *f, const Lq__Reply *reply)
{
    if (!f->parts.looking)
        return false;
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL &&
        reply->refusal->why == LQ__REFUSAL__WHY__DIVERGED && f->parts.mark.seq > 0) {
        f->parts.known = false;
        f->parts.below = f->parts.mark.seq;
        f->ask_again_ms = 0;
        return true;
    }
    f->refused = true; // looks again after a while whether the stream is what it was
    if (reply->kind_case != LQ__REPLY__KIND_EVENTS)
        return true;
    if (!f->parts.known)
        lq_log_info("%s and what %s has followed of it part behind record %llu", f->stream.name,
                    host->service->name, (unsigned long long)f->parts.mark.seq);
    f->parts.looking = false;
    f->parts.known = true;
    f->parts.tip = reply->events->tip;
    return true;
}
