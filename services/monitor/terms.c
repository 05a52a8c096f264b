// The term of a silent channel (OP-VIDEO of policy.yaml), and whom its marks name: the two who are
// responsible for the premises, then a call on dispatch's board, then the desk chief.
//
// A mark that is told to the desk is a call: that is where the desk looks. Where the gateway itself
// is silent, all channels are; then one call is enough for all of them.
#include "monitor.h"

#include "shift/replica/rota.h"
#include "shift/replica/told.h"

#define CHANNEL "channel"
#define TERM "OP-VIDEO"

enum { URGENT = 2 };

// "P1023、王小丽": each by his badge where it is known.
static const char *names_of_pair(struct lq_decision *d, const char *premises)
{
    const Monitor__PairMember *pair[MONITOR_PAIR_MOST];
    Monitor__PairMember by_name[2];
    const unsigned count =
        monitor_responsible(d->view, premises, d->facts->occurred_ms, pair, by_name);
    const char *names = "";
    for (unsigned i = 0; i < count; i++)
        names = lq_arena_format(d->arena, "%s%s%s", names, i > 0 ? "、" : "",
                                pair[i]->person[0] != '\0' ? pair[i]->person : pair[i]->name);
    return names;
}

void monitor_start_term(struct lq_decision *d, const Monitor__Channel *channel, int64_t since_ms)
{
    if (!channel->voluntary)
        lq_clock_start(d, &(struct lq_clock_start){.kind = CHANNEL,
                                                   .number = channel->number,
                                                   .rule = TERM,
                                                   .start_ms = since_ms,
                                                   .owner = names_of_pair(d, channel->premises)});
}

void monitor_stop_term(struct lq_decision *d, const Monitor__Channel *channel, int64_t at_ms)
{
    lq_clock_stop(d, CHANNEL, channel->number, TERM, at_ms);
}

// ---------------------------------------------------------------- whom a mark names

// Gives how many of the pair are told. Who cannot be told by the system, somebody else must call.
static unsigned add_pair(struct lq_decision *d, const char *premises, Rules__ClockRang *rang)
{
    const Monitor__PairMember *pair[MONITOR_PAIR_MOST];
    Monitor__PairMember by_name[2];
    const unsigned count =
        monitor_responsible(d->view, premises, d->facts->occurred_ms, pair, by_name);
    rang->missing = LQ_NEW_ARRAY(d->arena, char *, MONITOR_PAIR_MOST);
    for (unsigned i = 0; i < count; i++) {
        if (pair[i]->person[0] != '\0')
            lq_told_add(rang, pair[i]->person);
        else
            rang->missing[rang->n_missing++] = pair[i]->name;
    }
    return (unsigned)rang->n_badges;
}

// Those of the group that is on duty; all of them where nobody is, or none of that group is one.
static void add_desk_chiefs(struct lq_decision *d, Rules__ClockRang *rang)
{
    const Shift__Shift *shift = lq_rota_at(d->view, d->facts->occurred_ms);
    if (shift == NULL || lq_told_add_desk_chiefs(d, rang, shift->group) == 0)
        lq_told_add_desk_chiefs(d, rang, NULL);
}

void monitor_clock_people(struct lq_decision *d, const Rules__Clock *clock, Rules__ClockRang *rang)
{
    const Monitor__Channel *channel = monitor_find(d->view, clock->number);
    LQ_ASSERT(channel != NULL);
    lq_told_begin(d, rang);
    if (lq_told_to(rang, RULES__ADDRESSEE__OWNER) && add_pair(d, channel->premises, rang) == 0)
        lq_told_also_to(d, rang, RULES__ADDRESSEE__DESK);
    if (lq_told_to(rang, RULES__ADDRESSEE__DESK_CHIEF))
        add_desk_chiefs(d, rang);
}

// ---------------------------------------------------------------- the call

static bool is_to_desk(const Rules__Clock *clock)
{
    for (size_t i = 0; clock != NULL && i < clock->n_marks; i++) {
        const Rules__Mark *mark = clock->marks[i];
        if (mark->rung)
            continue;
        for (size_t j = 0; j < mark->n_to; j++)
            if (mark->to[j] == RULES__ADDRESSEE__DESK)
                return true;
        return false; // that is the next one
    }
    return false;
}

static bool is_called_already(struct lq_view *view, const Monitor__Channel *channel)
{
    const Monitor__Gateway gateway = monitor_heard(view);
    return channel->unheard && gateway.silent_since_ms != 0 && gateway.called;
}

struct lq_verdict monitor_ring_clock(struct lq_decision *d, const void *command)
{
    const Rules__ClockId *c = command;
    const bool calls = is_to_desk(lq_clock_of(d->view, c->kind, c->number, c->rule, c->start));
    LQ_TRY(lq_ring_clock(d, command));
    const Monitor__Channel *channel = monitor_find(d->view, c->number);
    if (!calls || is_called_already(d->view, channel))
        return LQ_ACCEPT;
    Rules__Called called = RULES__CALLED__INIT;
    called.kind = lq_unconst(CHANNEL);
    called.number = channel->number;
    called.premises = channel->premises;
    called.what = lq_unconst("video_silent");
    called.priority = URGENT;
    lq_emit(d, LQ_BODY_CALLED, &called.base);
    return LQ_ACCEPT;
}

void monitor_called(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__Called *e = event;
    const Monitor__Channel *channel = monitor_find(tables, e->number);
    Monitor__Gateway gateway = monitor_heard(tables);
    lq_called(tables, what, event);
    LQ_ASSERT(channel != NULL);
    if (!channel->unheard || gateway.silent_since_ms == 0)
        return;
    gateway.called = true;
    monitor_save_gateway(tables, &gateway);
}
