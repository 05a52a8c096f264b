// A followed stream has another history than was followed: what was booked because of records that
// are gone is taken out by counter-entries, on the day, township and team that it was booked on,
// with our own record behind them that had booked it. The last comes first, so that each finds the
// figures as it had left them. What the stream has now is booked as ever.
#include "pb/pb.h"
#include "stats.h"

// Our own record that booked it stands for what is gone, and is taken back once.
static bool is_taken_back(struct lq_follow_up *f, const Stats__TakeBack *take)
{
    return take->n_entries > 0 &&
           lq_exists(f->view, &stats_table_entries, stats_entry_key(take->entries[0], 0));
}

static Stats__Entry *counter(struct lq_follow_up *f, const struct lq_parting *parting,
                             const struct lq_occurrence *what, const Stats__BookedEntry *booked)
{
    Stats__Entry *entry = lq_pb_project(f->arena, &stats__entry__descriptor, booked);
    entry->amount = -booked->amount;
    entry->stream = lq_arena_text(f->arena, what->stream);
    entry->seq = what->seq;
    entry->history = 0;
    entry->known_ms = parting->at_ms;
    if (entry->at_ms == 0) // of an earlier version: it is dated as the record was
        entry->at_ms = what->occurred_ms;
    return entry;
}

// All entries of a booking have one record behind them; if it is of that stream, it is gone.
static void take_back_booking(struct lq_follow_up *f, const struct lq_parting *parting,
                              const struct lq_occurrence *what, const Stats__Booked *booked)
{
    Stats__TakeBack take = STATS__TAKE_BACK__INIT;
    LQ_ASSERT(booked->n_entries > 0); // else nothing would have been booked
    const Stats__BookedEntry *first = booked->entries[0];
    if (strcmp(first->stream, parting->stream) != 0)
        return;
    take.entries = LQ_NEW_ARRAY(f->arena, Stats__Entry *, booked->n_entries);
    for (size_t i = booked->n_entries; i > 0; i--)
        take.entries[take.n_entries++] = counter(f, parting, what, booked->entries[i - 1]);
    if (first->figure == STATS__FIGURE__OPERATIONS && first->amount > 0)
        take.close = first->number;
    if (!is_taken_back(f, &take))
        lq_command_self(f, parting->at_ms, STATS__COMMAND__BODY_TAKE_BACK, &take.base);
}

// Orders are settled because of what dispatch has recorded, and nobody else.
static void take_back_settlement(struct lq_follow_up *f, const struct lq_parting *parting,
                                 const Stats__OrderSettled *settled)
{
    Stats__TakeBack take = STATS__TAKE_BACK__INIT;
    take.reopen = settled->order;
    if (strcmp(parting->stream, "dispatch") == 0)
        lq_command_self(f, parting->at_ms, STATS__COMMAND__BODY_TAKE_BACK, &take.base);
}

void stats_hear_parted(struct lq_follow_up *f, const struct lq_parting *parting,
                       const struct lq_occurrence *what, const void *event)
{
    const Stats__Event *own = event;
    if (own->body_case == STATS__EVENT__BODY_BOOKED)
        take_back_booking(f, parting, what, own->booked);
    else if (own->body_case == STATS__EVENT__BODY_ORDER_SETTLED)
        take_back_settlement(f, parting, own->order_settled);
}
