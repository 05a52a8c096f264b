// What is known of a command besides what it says, and what holds of that for every service alike.
#include "runtime/host_parts.h"
#include "service/need.h"

bool lq_acts_for_other(const struct asked *asked, const Lq__Command *envelope)
{
    return envelope->on_behalf_of[0] != '\0' &&
           strcmp(envelope->on_behalf_of, asked->caller.actor) != 0;
}

struct lq_verdict lq_reject_by_runtime(struct lq_host *host, Lq__Reject code, const char *format,
                                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    const struct lq_verdict verdict =
        lq_vreject(&host->arena, LQ_REJECT_COMMON + (int)code, format, arguments);
    va_end(arguments);
    return verdict;
}

// What holds for every service alike, before its own rules are asked.
struct lq_verdict lq_facts_check(struct lq_host *host, const struct lq_command_row *row,
                                 const struct lq_facts *facts, int64_t said_to_occur_ms)
{
    if (facts->on_behalf_of[0] != '\0') {
        if (facts->reason[0] == '\0')
            return lq_reject_by_runtime(host, LQ__REJECT__REASON_REQUIRED,
                                        "acting on behalf of %s needs a reason",
                                        facts->on_behalf_of);
        if (host->service->roles_of != NULL) {
            const uint32_t roles =
                host->service->roles_of(&host->view, facts->on_behalf_of, facts->occurred_ms);
            char at[LQ_TIME_TEXT];
            if (roles == 0)
                return lq_reject_by_runtime(host, LQ__REJECT__PRINCIPAL_UNKNOWN,
                                            "%s is not on the roster of %s", facts->on_behalf_of,
                                            lq_format_local(facts->occurred_ms, at));
            if ((roles & row->who) == 0)
                return lq_reject_by_runtime(host, LQ__REJECT__NOT_THEIR_ROLE,
                                            "%s may not do this, so nobody may do it for them: "
                                            "%-s may",
                                            facts->on_behalf_of,
                                            lq_roles_text(&host->arena, row->who & LQ_ANY_PERSON));
        }
    }
    if (said_to_occur_ms > facts->now_ms + host->policy->future_tolerance_ms) {
        char when[LQ_TIME_TEXT], now[LQ_TIME_TEXT];
        return lq_reject_by_runtime(
            host, LQ__REJECT__TIME_IN_FUTURE, "it is said to have happened at %s, but it is %s",
            lq_format_local(said_to_occur_ms, when), lq_format_local(facts->now_ms, now));
    }
    const int32_t earliest = host->policy->limits.earliest_day;
    char when[LQ_TIME_TEXT], day[LQ_TIME_TEXT];
    if (lq_day_of(facts->occurred_ms) < earliest)
        return lq_reject_by_runtime(host, LQ__REJECT__QUANTITY_IMPLAUSIBLE,
                                    "it is said to have happened at %s, which is before %s "
                                    "(limits.earliest_day of policy.yaml, revision %s)",
                                    lq_format_local(facts->occurred_ms, when),
                                    lq_format_day(earliest, day), host->policy->revision);
    return LQ_ACCEPT;
}

struct lq_facts lq_facts_of(struct lq_host *host, const struct asked *asked,
                            const Lq__Command *envelope)
{
    const int64_t occurred = envelope->occurred_at_ms;
    const bool for_other = lq_acts_for_other(asked, envelope);
    return (struct lq_facts){
        .now_ms = host->now_ms,
        .occurred_ms = occurred == 0 || occurred > host->now_ms ? host->now_ms : occurred,
        .actor = asked->caller.actor,
        .roles = asked->caller.roles,
        .principal = for_other ? envelope->on_behalf_of : asked->caller.actor,
        .on_behalf_of = for_other ? envelope->on_behalf_of : "",
        .reason = envelope->reason,
        .law = host->law,
        .policy = host->policy,
    };
}

// What a service does by itself, it does now in its own name.
struct lq_facts lq_facts_own(struct lq_host *host, int64_t occurred_ms)
{
    const char *actor = lq_arena_format(&host->arena, "@%s", host->service->name);
    return (struct lq_facts){
        .now_ms = host->now_ms,
        .occurred_ms = occurred_ms > host->now_ms ? host->now_ms : occurred_ms,
        .actor = actor,
        .roles = LQ_ROLE(SERVICE),
        .principal = actor,
        .on_behalf_of = "",
        .reason = "",
        .law = host->law,
        .policy = host->policy,
    };
}
