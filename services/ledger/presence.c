// Who of the pair is at the post (驻厂), from when until when. Who is there now stands with the
// premises; who was, in a table of its own.
#include "ledger.h"
#include "service/need.h"

const struct lq_table ledger_presence = {"presence", &ledger__presence__descriptor};

static bool is_office(const struct lq_facts *f)
{
    return (f->roles & (LQ_ROLE(CLERK) | LQ_ROLE(DESK))) != 0;
}

// The supervisor himself, by his own key, or the office for him.
static struct lq_verdict need_his_own(struct lq_decision *d, const char *person, const char *name)
{
    if (is_office(d->facts) || (person[0] != '\0' && strcmp(person, d->facts->principal) == 0))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                     "who comes to the post and leaves it is for %s to say, by his own key, or for "
                     "the office: not for %s",
                     name, d->facts->principal);
}

const Ledger__Presence *ledger_at_post(const Ledger__Entry *entry, const char *supervisor)
{
    for (size_t i = 0; i < entry->n_at_post; i++)
        if (strcmp(entry->at_post[i]->supervisor, supervisor) == 0)
            return entry->at_post[i];
    return NULL;
}

// ---------------------------------------------------------------- arriving

static struct lq_verdict need_gone(struct lq_decision *d, const Ledger__Entry *entry,
                                   const Ledger__Supervisor *s)
{
    char at[LQ_TIME_TEXT];
    const Ledger__Presence *open = ledger_at_post(entry, s->number);
    if (open != NULL)
        return lq_reject(d, LEDGER__REJECT__AT_POST_ALREADY,
                         "%s is at the post of %s since %s already", s->name, s->premises,
                         lq_format_local(open->from_ms, at));
    struct lq_scan scan =
        lq_scan_backwards(d->view, &ledger_presence, lq_key_text(entry->premises->number));
    while (lq_scan_next(&scan)) {
        const Ledger__Presence *was = scan.row;
        if (strcmp(was->supervisor, s->number) == 0 && was->to_ms > d->facts->occurred_ms)
            return lq_reject(d, LEDGER__REJECT__PRESENCE_OVERLAPS,
                             "%s was at the post of %s until %s: he cannot have come before that",
                             s->name, s->premises, lq_format_local(was->to_ms, at));
    }
    return LQ_ACCEPT;
}

static void emit(struct lq_decision *d, unsigned variant, const Ledger__Entry *entry,
                 const char *supervisor, const char *name)
{
    Ledger__AtPost post = LEDGER__AT_POST__INIT;
    post.premises = entry->premises->number;
    post.supervisor = lq_unconst(supervisor);
    post.name = lq_unconst(name);
    lq_emit(d, variant, &post.base);
    lq_number(d, post.premises);
}

struct lq_verdict ledger_arrive_post(struct lq_decision *d, const void *command)
{
    const Ledger__Post *c = command;
    const Ledger__Entry *entry;
    char at[LQ_TIME_TEXT];
    bool several;
    LQ_TRY(ledger_need_premises(d, c->premises, &entry));
    const char *called = c->supervisor[0] != '\0' ? c->supervisor : d->facts->principal;
    const Ledger__Supervisor *s =
        ledger_supervisor_called(entry, called, "", d->facts->occurred_ms, &several);
    if (s == NULL)
        return lq_reject(d, LEDGER__REJECT__SUPERVISOR_UNKNOWN, "%s is no supervisor of %s at %s",
                         called, c->premises, lq_format_local(d->facts->occurred_ms, at));
    if (several)
        return lq_reject(d, LEDGER__REJECT__SUPERVISOR_UNKNOWN,
                         "%s are two supervisors of %s: name the number", called, c->premises);
    LQ_TRY(need_his_own(d, s->person, s->name));
    LQ_TRY(need_gone(d, entry, s));
    ledger_stop_post(d, entry, d->facts->occurred_ms);
    emit(d, LEDGER__EVENT__BODY_POST_ARRIVED, entry, s->number, s->name);
    return LQ_ACCEPT;
}

void ledger_post_arrived(struct lq_view *tables, const struct lq_occurrence *what,
                         const void *event)
{
    const Ledger__AtPost *post = event;
    Ledger__Entry entry = ledger_copy(tables, post->premises);
    Ledger__Presence **there =
        LQ_NEW_ARRAY(lq_view_arena(tables), Ledger__Presence *, entry.n_at_post + 1);
    for (size_t i = 0; i < entry.n_at_post; i++)
        there[i] = entry.at_post[i];
    Ledger__Presence *row =
        lq_pb_project(lq_view_arena(tables), &ledger__presence__descriptor, event);
    row->from_ms = what->occurred_ms;
    row->entered = lq_entered(tables);
    there[entry.n_at_post++] = row;
    entry.at_post = there;
    entry.presences++;
    ledger_save(tables, &entry);
}

// ---------------------------------------------------------------- leaving

// Who is there, by number, badge or name; he may be none of the pair any more.
static const Ledger__Presence *there(const Ledger__Entry *entry, const char *called,
                                     const Ledger__Supervisor **who)
{
    for (size_t i = 0; i < entry->n_at_post; i++) {
        *who = ledger_supervisor_numbered(entry, entry->at_post[i]->supervisor);
        const char *person = *who != NULL ? (*who)->person : "";
        if (strcmp(entry->at_post[i]->supervisor, called) == 0 ||
            strcmp(entry->at_post[i]->name, called) == 0 ||
            (person[0] != '\0' && strcmp(person, called) == 0))
            return entry->at_post[i];
    }
    return NULL;
}

struct lq_verdict ledger_leave_post(struct lq_decision *d, const void *command)
{
    const Ledger__Post *c = command;
    const Ledger__Entry *entry;
    const Ledger__Supervisor *who = NULL;
    char at[LQ_TIME_TEXT], from[LQ_TIME_TEXT];
    LQ_TRY(ledger_need_premises(d, c->premises, &entry));
    const char *called = c->supervisor[0] != '\0' ? c->supervisor : d->facts->principal;
    const Ledger__Presence *open = there(entry, called, &who);
    if (open == NULL)
        return lq_reject(d, LEDGER__REJECT__NOT_AT_POST, "%s is not at the post of %s", called,
                         c->premises);
    LQ_TRY(need_his_own(d, who != NULL ? who->person : "", open->name));
    if (d->facts->occurred_ms < open->from_ms)
        return lq_reject(d, LEDGER__REJECT__PRESENCE_OVERLAPS,
                         "%s came to the post of %s only at %s: he cannot have left it at %s",
                         open->name, c->premises, lq_format_local(open->from_ms, from),
                         lq_format_local(d->facts->occurred_ms, at));
    if (entry->n_at_post == 1 && entry->status == LEDGER__STATUS__RECTIFICATION_STARTED) {
        Ledger__Entry without = *entry;
        without.n_at_post = 0;
        ledger_start_post(d, &without, d->facts->occurred_ms);
    }
    emit(d, LEDGER__EVENT__BODY_POST_LEFT, entry, open->supervisor, open->name);
    return LQ_ACCEPT;
}

void ledger_post_left(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Ledger__AtPost *post = event;
    Ledger__Entry entry = ledger_copy(tables, post->premises);
    Ledger__Presence **left =
        LQ_NEW_ARRAY(lq_view_arena(tables), Ledger__Presence *, entry.n_at_post + 1);
    size_t count = 0;
    for (size_t i = 0; i < entry.n_at_post; i++) {
        if (strcmp(entry.at_post[i]->supervisor, post->supervisor) != 0) {
            left[count++] = entry.at_post[i];
            continue;
        }
        Ledger__Presence was = *entry.at_post[i];
        was.to_ms = what->occurred_ms;
        lq_save(tables, &ledger_presence,
                lq_key_then_number(lq_key_text(post->premises), entry.presences - entry.n_at_post),
                &was.base);
    }
    entry.at_post = left;
    entry.n_at_post = count;
    ledger_save(tables, &entry);
}
