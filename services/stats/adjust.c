// What is booked and turns out to be otherwise: orders that come to nothing, and things that were
// corrected or declared void. Nothing that was booked is changed: a counter-entry takes it out on
// its own day, township and team, with the record that says so behind it, and what it is now is
// booked beside it. So a figure as of an earlier time is still what was known then.
#include "pb/pb.h"
#include "stats.h"

// The record that takes something out or changes it.
struct cause {
    char *stream;
    uint64_t seq, history;
    int64_t known_ms;
};

// A book that grows.
struct draft {
    struct lq_decision *d;
    struct cause cause;
    Stats__Book book;
    size_t room;
};

static struct draft draft_of(struct lq_decision *d, struct cause cause)
{
    struct draft draft = {.d = d, .cause = cause};
    stats__book__init(&draft.book);
    return draft;
}

// A copy of what is booked, with the cause behind it, at the end of the book.
static Stats__Entry *add_copy(struct draft *draft, const Stats__Entry *booked)
{
    Stats__Book *book = &draft->book;
    if (book->n_entries == draft->room) {
        const size_t room = draft->room == 0 ? 16 : 2 * draft->room;
        Stats__Entry **entries = LQ_NEW_ARRAY(draft->d->arena, Stats__Entry *, room);
        if (book->n_entries > 0)
            memcpy(entries, book->entries, book->n_entries * sizeof *entries);
        book->entries = entries;
        draft->room = room;
    }
    Stats__Entry *entry = LQ_NEW(draft->d->arena, Stats__Entry);
    *entry = *booked;
    entry->stream = draft->cause.stream;
    entry->seq = draft->cause.seq;
    entry->history = draft->cause.history;
    entry->known_ms = draft->cause.known_ms;
    book->entries[book->n_entries++] = entry;
    return entry;
}

static void take_out(struct draft *draft, const Stats__Entry *booked)
{
    Stats__Entry *entry = add_copy(draft, booked);
    entry->amount = -booked->amount;
}

static bool is_cause(const struct cause *cause)
{
    return lq_pb_key(cause->stream) && cause->seq > 0 && cause->known_ms >= 0;
}

// ---------------------------------------------------------------- orders that come to nothing

static void emit_settled(struct lq_decision *d, const char *number)
{
    Stats__OrderSettled settled = STATS__ORDER_SETTLED__INIT;
    settled.order = lq_unconst(number);
    lq_emit(d, STATS__EVENT__BODY_ORDER_SETTLED, &settled.base);
}

struct lq_verdict stats_settle_order(struct lq_decision *d, const void *command)
{
    const Stats__OrderNumber *c = command;
    if (!lq_pb_key(c->order))
        return lq_reject(d, STATS__REJECT__ENTRY_UNFIT,
                         "what is settled is an order, named in at most 64 bytes");
    if (stats_is_unsettled(d->view, c->order))
        emit_settled(d, c->order);
    return LQ_ACCEPT;
}

struct lq_verdict stats_withdraw_order(struct lq_decision *d, const void *command)
{
    const Stats__Withdrawal *c = command;
    struct draft draft = draft_of(d, (struct cause){c->stream, c->seq, c->history, c->known_ms});
    if (!lq_pb_key(c->order) || !is_cause(&draft.cause))
        return lq_reject(d, STATS__REJECT__ENTRY_UNFIT,
                         "a withdrawal names the order and the record of its cancellation, in at "
                         "most 64 bytes");
    if (!stats_is_unsettled(d->view, c->order))
        return LQ_ACCEPT; // a team was on its way: the order counts
    for (unsigned figure = STATS__FIGURE__OPERATIONS; figure < STATS_FIGURES; figure++) {
        const struct lq_key booked = stats_standing_prefix((Stats__Figure)figure, c->order);
        struct lq_scan s = lq_scan(d->view, &stats_table_standing, booked);
        while (stats_is_of_order((Stats__Figure)figure) && lq_scan_next(&s))
            take_out(&draft, s.row);
    }
    const struct lq_verdict verdict = stats_emit_book(d, &draft.book);
    if (verdict.code == 0)
        emit_settled(d, c->order);
    return verdict;
}

// ---------------------------------------------------------------- what was corrected

static bool is_short(const char *text)
{
    return strlen(text) <= LQ_PB_IDENTIFIER_BYTES;
}

static bool adjustment_fits(const Stats__Adjustment *c)
{
    for (size_t i = 0; i < c->n_figures; i++)
        if (c->figures[i] == STATS__FIGURE__FIGURE_UNSPECIFIED ||
            (c->kind[0] != '\0' && !stats_has_kinds(c->figures[i])) ||
            (c->amount != 0 && !stats_has_amounts(c->figures[i])))
            return false;
    return lq_pb_key(c->number) && c->n_figures > 0 && is_short(c->kind) && is_short(c->township) &&
           c->amount >= 0 && (c->at_ms == 0 || lq_day_of(c->at_ms) > 0);
}

// As it is now. What leaves a status goes on leaving one.
static void book_again(struct draft *draft, const Stats__Entry *was, const Stats__Adjustment *c)
{
    Stats__Entry *entry = add_copy(draft, was);
    if (c->kind[0] != '\0')
        entry->kind = c->kind;
    if (c->township[0] != '\0')
        entry->township = c->township;
    if (c->amount != 0)
        entry->amount = c->amount;
    if (c->at_ms == 0)
        return;
    entry->at_ms = c->at_ms;
    entry->on_day = lq_day_of(c->at_ms);
}

// (Entries of an earlier version have only the day.)
static bool is_booked_at(const Stats__Entry *booked, int64_t at_ms)
{
    return booked->at_ms != 0 ? booked->at_ms == at_ms : booked->on_day == lq_day_of(at_ms);
}

static bool is_meant(const Stats__Adjustment *c, const Stats__Entry *booked)
{
    return (c->was_ms == 0 || is_booked_at(booked, c->was_ms)) &&
           (c->team[0] == '\0' || strcmp(c->team, booked->team) == 0) &&
           (c->person[0] == '\0' || strcmp(c->person, booked->person) == 0);
}

// What the figure is counted with: vehicles with the operation, issues with the meeting.
static Stats__Figure counted_with(Stats__Figure figure)
{
    if (figure == STATS__FIGURE__VEHICLE_TIMES || figure == STATS__FIGURE__MACHINE_TIMES)
        return STATS__FIGURE__OPERATIONS;
    return figure == STATS__FIGURE__ISSUES_RAISED || figure == STATS__FIGURE__ISSUES_SOLVED
               ? STATS__FIGURE__MEETINGS
               : STATS__FIGURE__FIGURE_UNSPECIFIED;
}

// An order that took no vehicles has no entry that could be taken out: what it took is booked as
// its operation is, and the issues of a meeting that raised none as the meeting is.
static void book_means(struct draft *draft, Stats__Figure figure, const Stats__Adjustment *c)
{
    struct lq_scan s = lq_scan(draft->d->view, &stats_table_standing,
                               stats_standing_prefix(counted_with(figure), c->number));
    if (counted_with(figure) == STATS__FIGURE__FIGURE_UNSPECIFIED || c->out || c->amount == 0 ||
        !lq_scan_next(&s))
        return;
    book_again(draft, s.row, c);
    Stats__Entry *entry = draft->book.entries[draft->book.n_entries - 1];
    entry->figure = figure;
    entry->n_teams = 0;
}

static void adjust_figure(struct draft *draft, Stats__Figure figure, const Stats__Adjustment *c)
{
    const struct lq_key booked = stats_standing_prefix(figure, c->number);
    bool found = false;
    for (struct lq_scan s = lq_scan(draft->d->view, &stats_table_standing, booked);
         lq_scan_next(&s);) {
        found = true;
        if (!is_meant(c, s.row))
            continue;
        take_out(draft, s.row);
        if (!c->out)
            book_again(draft, s.row, c);
    }
    if (!found)
        book_means(draft, figure, c);
}

struct lq_verdict stats_adjust(struct lq_decision *d, const void *command)
{
    const Stats__Adjustment *c = command;
    struct draft draft = draft_of(d, (struct cause){c->stream, c->seq, c->history, c->known_ms});
    if (!adjustment_fits(c) || !is_cause(&draft.cause))
        return lq_reject(d, STATS__REJECT__ENTRY_UNFIT,
                         "an adjustment names a number, the figures that it is booked under, and "
                         "the record of the correction, in at most 64 bytes; a kind and an amount "
                         "only where the figures have them");
    for (size_t i = 0; i < c->n_figures; i++)
        adjust_figure(&draft, c->figures[i], c);
    return stats_emit_book(d, &draft.book);
}
