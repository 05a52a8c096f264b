// What holds for every service alike, before its own rules are asked.
#include "runtime/host_parts.h"

__attribute__((format(printf, 3, 4))) static struct lq_verdict
reject_by_runtime(struct lq_host *host, Lq__Reject code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const struct lq_verdict verdict =
        lq_vreject(&host->arena, LQ_REJECT_COMMON + (int)code, format, arguments);
    va_end(arguments);
    return verdict;
}

struct lq_verdict lq_facts_check(struct lq_host *host, const struct lq_command_row *row,
                                 const struct lq_facts *facts, int64_t said_to_occur_ms)
{
    if (facts->on_behalf_of[0] != '\0') {
        if (facts->reason[0] == '\0')
            return reject_by_runtime(host, LQ__REJECT__REASON_REQUIRED,
                                     "acting on behalf of %s needs a reason", facts->on_behalf_of);
        if (host->service->roles_of != NULL) {
            const uint32_t roles = host->service->roles_of(&host->view, facts->on_behalf_of);
            if (roles == 0)
                return reject_by_runtime(host, LQ__REJECT__PRINCIPAL_UNKNOWN,
                                         "%s is not on the roster", facts->on_behalf_of);
            if ((roles & row->who) == 0)
                return reject_by_runtime(host, LQ__REJECT__NOT_THEIR_ROLE,
                                         "%s may not do this, so nobody may do it for them",
                                         facts->on_behalf_of);
        }
    }
    if (said_to_occur_ms > facts->now_ms + host->policy->future_tolerance_ms) {
        char when[LQ_TIME_TEXT], now[LQ_TIME_TEXT];
        return reject_by_runtime(
            host, LQ__REJECT__TIME_IN_FUTURE, "it is said to have happened at %s, but it is %s",
            lq_format_local(said_to_occur_ms, when), lq_format_local(facts->now_ms, now));
    }
    const int32_t earliest = host->policy->limits.earliest_day;
    char when[LQ_TIME_TEXT], day[LQ_TIME_TEXT];
    if (lq_day_of(facts->occurred_ms) < earliest)
        return reject_by_runtime(host, LQ__REJECT__QUANTITY_IMPLAUSIBLE,
                                 "it is said to have happened at %s, which is before %s "
                                 "(limits.earliest_day of policy.yaml, revision %s)",
                                 lq_format_local(facts->occurred_ms, when),
                                 lq_format_day(earliest, day), host->policy->revision);
    return LQ_ACCEPT;
}
