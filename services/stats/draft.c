#include "draft.h"

#include "pb/limits.h"

// What others take as free text becomes part of keys here: it is cut to a key's length, between
// characters (which are UTF-8, as everything decoded is: the cut moves back by three at most).
char *stats_fit(struct stats_draft *draft, const char *text)
{
    char *copy = lq_arena_text(draft->f->arena, text == NULL ? "" : text);
    size_t size = strlen(copy);
    if (size <= LQ_PB_IDENTIFIER_BYTES)
        return copy;
    size = LQ_PB_IDENTIFIER_BYTES;
    while (((unsigned char)copy[size] & 0xc0) == 0x80)
        size--;
    copy[size] = '\0';
    return copy;
}

Stats__Entry *stats_draft_entry(struct stats_draft *draft, const struct stats_thing *thing)
{
    LQ_ASSERT(draft->count < sizeof draft->entries / sizeof draft->entries[0]);
    const struct lq_occurrence *what = draft->what;
    const char *principal = what->on_behalf_of[0] != '\0' ? what->on_behalf_of : what->actor;
    Stats__Entry *entry = LQ_NEW(draft->f->arena, Stats__Entry);
    stats__entry__init(entry);
    entry->figure = thing->figure;
    entry->kind = stats_fit(draft, thing->kind);
    entry->township = stats_fit(draft, thing->township);
    entry->amount = 1;
    entry->number = stats_fit(draft, thing->number);
    entry->person = stats_fit(draft, thing->person != NULL ? thing->person : principal);
    entry->beside = stats_fit(draft, thing->beside);
    entry->at_ms = thing->at_ms != 0 ? thing->at_ms : what->occurred_ms;
    entry->on_day = lq_day_of(entry->at_ms);
    entry->known_ms = what->recorded_ms;
    entry->stream = lq_arena_text(draft->f->arena, what->stream);
    entry->seq = what->seq;
    entry->history = what->history;
    draft->entries[draft->count++] = entry;
    return entry;
}

void stats_draft_send(struct stats_draft *draft)
{
    Stats__Book book;
    stats__book__init(&book);
    book.entries = draft->entries;
    book.n_entries = draft->count;
    lq_command_self(draft->f, draft->what->occurred_ms, STATS__COMMAND__BODY_BOOK, &book.base);
}

void stats_book_one(struct lq_follow_up *f, const struct lq_occurrence *what,
                    const struct stats_thing *thing)
{
    struct stats_draft draft = {.f = f, .what = what};
    stats_draft_entry(&draft, thing);
    stats_draft_send(&draft);
}
