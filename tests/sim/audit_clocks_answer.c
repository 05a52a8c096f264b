// What is told of terms: those that were asked for, as they stand at that time.
#include "sim/audit_parts.h"

static Rules__ClockStatus status_at(const Rules__Clock *c, int64_t at_ms)
{
    if (c->due_ms == 0)
        return RULES__CLOCK_STATUS__NOT_COUNTED;
    if (c->stop_ms != 0 && c->stop_ms <= at_ms)
        return c->stop_ms < c->due_ms ? RULES__CLOCK_STATUS__MET : RULES__CLOCK_STATUS__LATE;
    if (at_ms >= c->due_ms)
        return audit_term_waits(c) ? RULES__CLOCK_STATUS__ENDED : RULES__CLOCK_STATUS__OVERDUE;
    return audit_is_paused(c, audit_day(at_ms)) ? RULES__CLOCK_STATUS__PAUSED
                                                : RULES__CLOCK_STATUS__RUNNING;
}

static bool is_to_role(Rules__Addressee to, uint32_t roles)
{
    static const uint32_t of[] = {[RULES__ADDRESSEE__DESK_CHIEF] = ROLE_BIT(DESK),
                                  [RULES__ADDRESSEE__DESK] = ROLE_BIT(DESK),
                                  [RULES__ADDRESSEE__LIAISON] = ROLE_BIT(LIAISON),
                                  [RULES__ADDRESSEE__HEAD] = ROLE_BIT(HEAD),
                                  [RULES__ADDRESSEE__COMMANDER] = ROLE_BIT(COMMANDER)};
    return ((unsigned)to < sizeof of / sizeof of[0] ? of[to] & roles : 0) != 0;
}

// By name or by role; desk chiefs by role only where nobody was named.
static bool was_told(const struct audit_asked *asked, const Rules__Clock *c)
{
    bool told = false;
    for (size_t m = 0; m < c->n_marks; m++) {
        const Rules__Mark *mark = c->marks[m];
        for (size_t i = 0; mark->rung && i < mark->n_badges; i++)
            told |= strcmp(mark->badges[i], asked->actor) == 0;
        for (size_t i = 0; mark->rung && i < mark->n_to; i++)
            told |= is_to_role(mark->to[i], asked->roles) &&
                    (mark->to[i] != RULES__ADDRESSEE__DESK_CHIEF || mark->n_badges == 0);
    }
    return told;
}

static bool is_asked_for(const struct audit *a, const Rules__AskClocks *q, const Rules__Clock *c,
                         int64_t at_ms)
{
    const Rules__ClockStatus status = status_at(c, at_ms);
    const bool uncounted = status == RULES__CLOCK_STATUS__NOT_COUNTED;
    const bool over = status == RULES__CLOCK_STATUS__MET || status == RULES__CLOCK_STATUS__LATE ||
                      (uncounted && !audit_clock_runs(c));
    const bool ended =
        status == RULES__CLOCK_STATUS__OVERDUE || status == RULES__CLOCK_STATUS__ENDED;
    const size_t stem = strlen(q->rule);
    return c->start_ms <= at_ms && (q->all || !over) && (q->all || q->not_counted == uncounted) &&
           (q->kind[0] != '\0' || q->all || q->on_ms != 0 || audit_clock_runs(c)) &&
           (q->kind[0] == '\0' || strcmp(q->kind, c->kind) == 0) &&
           (q->number[0] == '\0' || strcmp(q->number, c->number) == 0) &&
           (stem == 0 || strncmp(q->rule, c->rule, stem) == 0 ||
            (c->n_extensions > 0 && strcmp(q->rule, c->extensions[0]->rule) == 0)) &&
           (!q->alerts || was_told(a->asking, c)) &&
           (!q->mine || was_told(a->asking, c) || strcmp(c->owner, a->asking->actor) == 0) &&
           (!q->overdue || status == RULES__CLOCK_STATUS__OVERDUE) &&
           (q->within_day == 0 ||
            (!uncounted && !ended && audit_day(c->due_ms - 1) <= q->within_day));
}

static void check_told(struct audit *a, const struct audit_stream *stream,
                       const Rules__AskClocks *q, const Rules__Clock *told, int64_t at_ms)
{
    const Rules__Clock *c =
        audit_clock_start_of(a, told->kind, told->number, told->rule, told->start);
    AUDIT(c != NULL && is_asked_for(a, q, c, at_ms), "answer",
          "%s tells of the term %s of %s %s, which was not asked for", stream->name, told->rule,
          told->kind, told->number);
    AUDIT(told->status == status_at(c, at_ms) && told->due_ms == c->due_ms &&
              told->stop_ms == c->stop_ms,
          "answer", "%s says of the term %s of %s %s that it is %d, ends at %lld; it is %d, %lld",
          stream->name, told->rule, told->kind, told->number, (int)told->status,
          (long long)told->due_ms, (int)status_at(c, at_ms), (long long)c->due_ms);
    const int32_t last_day = c->due_ms != 0 ? audit_day(c->due_ms - 1) : 0;
    AUDIT(told->last_day == last_day &&
              told->act_by_day == (last_day != 0 ? audit_act_by_day(c) : 0) &&
              told->in_days == audit_term_in_days(c) && told->n_marks == c->n_marks,
          "answer", "%s tells of another last day of the term %s of %s %s", stream->name,
          told->rule, told->kind, told->number);
}

void audit_clocks_answer(struct audit *a, const struct audit_stream *stream,
                         const Rules__AskClocks *q, const Rules__ClocksAnswer *answer,
                         int64_t clock_ms)
{
    const int64_t at_ms = q->on_ms != 0 ? q->on_ms : clock_ms;
    const bool by_end = !q->all && q->on_ms == 0 && q->kind[0] == '\0';
    size_t asked = 0;
    for (size_t i = 0; i < answer->n_clocks; i++)
        check_told(a, stream, q, answer->clocks[i], at_ms);
    for (size_t i = 1; by_end && i < answer->n_clocks; i++)
        AUDIT(answer->clocks[i - 1]->due_ms <= answer->clocks[i]->due_ms, "answer",
              "%s tells of a term before one that ends earlier", stream->name);
    for (const struct audit_entry *e = a->clocks.first; e != NULL; e = e->next) {
        const struct audit_clock *clock = e->value;
        asked += clock->stream == stream->name && is_asked_for(a, q, clock->row, at_ms);
    }
    AUDIT(answer->more || answer->n_clocks == asked, "answer",
          "%s tells of %zu terms; by its records there are %zu", stream->name, answer->n_clocks,
          asked);
}
