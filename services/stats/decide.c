// What is booked: entries that are complete, that were not booked before, and of things and people
// that count once only the first. The rejections meet nobody in daily work, since only this service
// commands itself; they keep the tables right if a followed service errs.
#include "language/language.h"
#include "pb/pb.h"
#include "stats.h"

static bool is_short(const char *text)
{
    return strlen(text) <= LQ_PB_IDENTIFIER_BYTES;
}

// Only premises leave a status; everything else is taken out by withdrawing its order.
static bool amount_fits(const Stats__Entry *e)
{
    if (stats_is_state(e->figure))
        return e->amount == 1 || e->amount == -1;
    return stats_has_amounts(e->figure) ? e->amount > 0 : e->amount == 1;
}

// Whatever its amount.
static bool is_entry(const Stats__Entry *e)
{
    for (size_t i = 0; i < e->n_teams; i++)
        if (!lq_pb_key(e->teams[i]))
            return false;
    return e->figure != STATS__FIGURE__FIGURE_UNSPECIFIED && e->on_day > 0 &&
           e->on_day <= STATS_LAST_DAY && (stats_has_kinds(e->figure) || e->kind[0] == '\0') &&
           is_short(e->kind) && is_short(e->township) && is_short(e->team) && is_short(e->person) &&
           is_short(e->beside) && lq_pb_key(e->number) && lq_pb_key(e->stream) && e->seq > 0 &&
           e->known_ms >= 0 && e->at_ms >= 0;
}

static bool entry_fits(const Stats__Entry *e)
{
    return is_entry(e) && amount_fits(e);
}

static bool is_counted_twice(struct lq_decision *d, const Stats__Book *book, size_t at)
{
    const Stats__Entry *entry = book->entries[at];
    if (!stats_counts_once(entry->figure))
        return false;
    for (size_t i = 0; i < at; i++)
        if (book->entries[i]->figure == entry->figure &&
            strcmp(book->entries[i]->number, entry->number) == 0)
            return true;
    struct lq_scan counted = lq_scan(d->view, &stats_table_standing,
                                     stats_standing_prefix(entry->figure, entry->number));
    return lq_scan_next(&counted);
}

// The total of an entry's figure and kind, were the whole book booked.
static int64_t total_with(struct lq_decision *d, const Stats__Book *book, const Stats__Entry *entry)
{
    const struct stats_series series = {.figure = entry->figure, .kind = entry->kind, .part = ""};
    int64_t total = stats_of_all_days(d->view, &series);
    for (size_t i = 0; i < book->n_entries; i++)
        if (book->entries[i]->figure == entry->figure &&
            strcmp(book->entries[i]->kind, entry->kind) == 0)
            total += book->entries[i]->amount;
    return total;
}

static struct lq_verdict reject_entries(struct lq_decision *d, const Stats__Book *book)
{
    for (size_t i = 0; i < book->n_entries; i++) {
        const Stats__Entry *entry = book->entries[i];
        if (lq_exists(d->view, &stats_table_entries, stats_entry_key(entry, (unsigned)i)))
            return lq_reject(d, STATS__REJECT__ENTRY_KNOWN,
                             "record %llu of %s about %s is booked already",
                             (unsigned long long)entry->seq, entry->stream, entry->number);
        if (entry->amount < 0 && total_with(d, book, entry) < 0)
            return lq_reject(d, STATS__REJECT__BELOW_ZERO,
                             "record %llu of %s takes %s out of %-s, where nothing is left",
                             (unsigned long long)entry->seq, entry->stream, entry->number,
                             entry->kind[0] != '\0' ? entry->kind : LQ_TR_LATER("its figure"));
    }
    return LQ_ACCEPT;
}

static Stats__BookedEntry **booked_entries(struct lq_decision *d, const Stats__Book *book)
{
    Stats__BookedEntry **entries =
        LQ_NEW_ARRAY(d->arena, Stats__BookedEntry *, book->n_entries + 1);
    for (size_t i = 0; i < book->n_entries; i++)
        entries[i] = lq_pb_project(d->arena, &stats__booked_entry__descriptor, book->entries[i]);
    return entries;
}

struct lq_verdict stats_emit_book(struct lq_decision *d, const Stats__Book *book)
{
    const struct lq_verdict verdict = reject_entries(d, book);
    if (verdict.code != 0 || book->n_entries == 0)
        return verdict;
    Stats__Booked booked = STATS__BOOKED__INIT;
    booked.n_entries = book->n_entries;
    booked.entries = booked_entries(d, book);
    lq_emit(d, STATS__EVENT__BODY_BOOKED, &booked.base);
    return LQ_ACCEPT;
}

struct lq_verdict stats_book(struct lq_decision *d, const void *command)
{
    const Stats__Book *c = command;
    Stats__Book kept;
    stats__book__init(&kept);
    kept.entries = LQ_NEW_ARRAY(d->arena, Stats__Entry *, c->n_entries + 1);
    for (size_t i = 0; i < c->n_entries; i++) {
        if (!entry_fits(c->entries[i]))
            return lq_reject(
                d, STATS__REJECT__ENTRY_UNFIT,
                "entry %zu of record %llu of %s lacks a figure, a day from 1970 on, an "
                "amount that goes with the figure, a number or its record, or has a "
                "text of more than 64 bytes",
                i, (unsigned long long)c->entries[i]->seq, c->entries[i]->stream);
        if (!is_counted_twice(d, c, i))
            kept.entries[kept.n_entries++] = c->entries[i];
    }
    return stats_emit_book(d, &kept);
}

// ---------------------------------------------------------------- taken back

struct lq_verdict stats_take_back(struct lq_decision *d, const void *command)
{
    const Stats__TakeBack *c = command;
    Stats__Book book;
    stats__book__init(&book);
    book.n_entries = c->n_entries;
    book.entries = c->entries;
    bool fits = is_short(c->reopen) && is_short(c->close);
    for (size_t i = 0; i < c->n_entries; i++)
        fits = fits && is_entry(c->entries[i]) && c->entries[i]->amount != 0;
    if (!fits)
        return lq_reject(d, STATS__REJECT__ENTRY_UNFIT,
                         "what is taken back names the entries, with their record, and orders in "
                         "at most 64 bytes");
    const struct lq_verdict verdict = reject_entries(d, &book);
    if (verdict.code != 0)
        return verdict;
    Stats__TakenBack taken = STATS__TAKEN_BACK__INIT;
    taken.n_entries = book.n_entries;
    taken.entries = booked_entries(d, &book);
    taken.reopen = c->reopen;
    taken.close = c->close;
    lq_emit(d, STATS__EVENT__BODY_TAKEN_BACK, &taken.base);
    return LQ_ACCEPT;
}
