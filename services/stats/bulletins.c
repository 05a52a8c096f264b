// The bulletin (周报): the figures of a week, frozen as they were counted when it was published,
// beside the week before and with the records that they rest on. A commander signs it who has not
// published it. What is corrected afterwards changes nothing of it: it is shown beside it. Whoever
// keeps the records knows by the signature (rules/bulletins.h) that only a commander corrects them
// now.
#include "language/language.h"
#include "pb/pb.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/take_step.h"
#include "stats.h"

#define BULLETIN "bulletin"

extern const struct lq_service lq_service_stats; // stats.c

const struct lq_table stats_table_bulletins = {"bulletins", &stats__bulletin__descriptor};
const struct lq_table stats_table_weeks = {"bulletin_weeks", &stats__bulletin_of_week__descriptor};
const struct lq_table stats_table_places = {"bulletin_places", &stats__bulletin_place__descriptor};
const struct lq_table stats_table_heard = {"heard", &stats__heard__descriptor};

// ---------------------------------------------------------------- what is counted in a week

struct week {
    const char *name;
    int32_t from, to; // inclusive
    int year;         // of its Thursday
};

static const Stats__Bulletin *find(struct lq_view *view, const char *number)
{
    return lq_find_numbered(view, &stats_table_bulletins, number);
}

static const Stats__Bulletin *latest_of(struct lq_view *view, const char *week)
{
    const Stats__BulletinOfWeek *latest = lq_find_numbered(view, &stats_table_weeks, week);
    return latest != NULL ? find(view, latest->number) : NULL;
}

// The ledger is a state: as of the end of the week.
static int64_t counted(struct lq_view *view, const struct stats_series *series, int32_t from,
                       int32_t to)
{
    const int64_t until = stats_until(view, series, to);
    return stats_is_state(series->figure) || from <= 1
               ? until
               : until - stats_until(view, series, from - 1);
}

// The series of the totals, figure by figure: each figure without kinds once, whether anything was
// ever booked under it or not, and each kind that there is.
struct totals {
    struct lq_scan scan;
    unsigned figure;
    bool found; // a series of this figure
};

static struct lq_scan scan_figure(struct lq_view *view, unsigned figure)
{
    return lq_scan(view, &stats_table_series,
                   lq_key_then_number(lq_key_number(STATS__BY__BY_NOTHING), figure));
}

static struct totals totals_of(struct lq_view *view)
{
    return (struct totals){.scan = scan_figure(view, STATS__FIGURE__OPERATIONS),
                           .figure = STATS__FIGURE__OPERATIONS};
}

static bool totals_next(struct totals *t, struct lq_view *view, struct lq_arena *arena,
                        struct stats_series *series)
{
    for (; t->figure < STATS_FIGURES; t->found = false) {
        if (lq_scan_next(&t->scan)) {
            t->found = true;
            *series = stats_series_read(arena, &t->scan.key);
            return true;
        }
        const Stats__Figure figure = (Stats__Figure)t->figure++;
        const bool blank = !t->found && !stats_has_kinds(figure);
        if (t->figure < STATS_FIGURES)
            t->scan = scan_figure(view, t->figure);
        if (!blank)
            continue;
        *series = (struct stats_series){.figure = figure, .kind = "", .part = ""};
        t->found = false;
        return true;
    }
    return false;
}

enum { FIGURES_MOST = 256 }; // figures and kinds of one bulletin

// Gives whether anything happened in the week: the ledger has a state all the time.
static bool freeze(struct lq_decision *d, const struct week *week, Stats__BulletinPublished *e)
{
    struct totals totals = totals_of(d->view);
    struct stats_series series;
    bool any = false;
    e->figures = LQ_NEW_ARRAY(d->arena, Stats__FrozenFigure *, FIGURES_MOST);
    while (e->n_figures < FIGURES_MOST && totals_next(&totals, d->view, d->arena, &series)) {
        Stats__FrozenFigure *one = LQ_NEW(d->arena, Stats__FrozenFigure);
        stats__frozen_figure__init(one);
        one->figure = series.figure;
        one->kind = lq_unconst(series.kind);
        one->count = counted(d->view, &series, week->from, week->to);
        one->before = counted(d->view, &series, week->from - 7, week->to - 7);
        any = any || (one->count != 0 && !stats_is_state(series.figure));
        if (one->count != 0 || one->before != 0 || !stats_has_kinds(series.figure))
            e->figures[e->n_figures++] = one;
    }
    return any;
}

static void name_records(struct lq_decision *d, Stats__BulletinPublished *e)
{
    e->counted = LQ_NEW_ARRAY(d->arena, Stats__CountedUpTo *, LQ_STREAMS_MAX);
    for (struct lq_scan s = lq_scan(d->view, &stats_table_heard, lq_key_none());
         e->n_counted < LQ_STREAMS_MAX && lq_scan_next(&s);) {
        Stats__CountedUpTo *one = LQ_NEW(d->arena, Stats__CountedUpTo);
        stats__counted_up_to__init(one);
        struct lq_key_reader reader = {.key = &s.key};
        one->stream = lq_arena_text(d->arena, lq_key_read_text(&reader));
        one->seq = ((const Stats__Heard *)s.row)->seq;
        e->counted[e->n_counted++] = one;
    }
}

// ---------------------------------------------------------------- publishing

static struct lq_verdict need_week(struct lq_decision *d, const char *text, struct week *week)
{
    char day[LQ_TIME_TEXT];
    if (!stats_week_read(text, &week->from))
        return lq_reject(d, STATS__REJECT__WEEK_UNFIT,
                         "a week is named by its year and number, as 2015-W20; \"%s\" is none",
                         text);
    week->to = week->from + 6;
    week->name = stats_period_name(d->arena, STATS__BY__WEEK, week->from);
    int month, of_month;
    lq_day_to_date(week->from + 3, &week->year, &month, &of_month);
    if (lq_day_of(d->facts->occurred_ms) > week->to)
        return LQ_ACCEPT;
    return lq_reject(d, STATS__REJECT__WEEK_NOT_OVER,
                     "week %s is not over: its last day is %s, and its bulletin comes out after it",
                     week->name, lq_format_day(week->to, day));
}

static struct lq_verdict need_unpublished(struct lq_decision *d, const struct week *week)
{
    const Stats__Bulletin *known = latest_of(d->view, week->name);
    char at[LQ_TIME_TEXT];
    if (known == NULL || known->state == STATS__BULLETIN_STATE__REFUSED ||
        known->state == STATS__BULLETIN_STATE__WITHDRAWN)
        return LQ_ACCEPT;
    lq_format_local(known->published_at_ms, at);
    if (known->state == STATS__BULLETIN_STATE__SIGNED)
        return lq_reject(d, STATS__REJECT__PUBLISHED_ALREADY,
                         "week %s has its bulletin %s, of %s, which is signed and stands; what was "
                         "corrected since is shown beside it",
                         week->name, known->number, at);
    return lq_reject(d, STATS__REJECT__PUBLISHED_ALREADY,
                     "week %s has its bulletin %s, of %s; withdraw it, or have it refused, to "
                     "publish another",
                     week->name, known->number, at);
}

struct lq_verdict stats_publish_bulletin(struct lq_decision *d, const void *command)
{
    const Stats__PublishBulletin *c = command;
    Stats__BulletinPublished e = STATS__BULLETIN_PUBLISHED__INIT;
    struct week week;
    LQ_TRY(need_week(d, c->week, &week));
    LQ_TRY(need_unpublished(d, &week));
    if (!freeze(d, &week, &e))
        return lq_reject(d, STATS__REJECT__NOTHING_COUNTED,
                         "nothing is counted in week %s: there is nothing to publish", week.name);
    name_records(d, &e);
    const Stats__BulletinPlace *place =
        lq_find(d->view, &stats_table_places, lq_key_number((uint64_t)week.year));
    e.week = lq_unconst(week.name);
    e.from_day = week.from;
    e.to_day = week.to;
    e.year = week.year;
    e.place = place != NULL ? place->last + 1 : 1;
    e.number = lq_arena_format(d->arena, "周报〔%d〕%u号", e.year, e.place);
    e.published_by = lq_unconst(d->facts->principal);
    e.published_at_ms = d->facts->occurred_ms;
    lq_emit(d, STATS__EVENT__BODY_BULLETIN_PUBLISHED, &e.base);
    lq_number(d, e.number);
    return LQ_ACCEPT;
}

void stats_bulletin_published(struct lq_view *tables, const struct lq_occurrence *what,
                              const void *event)
{
    (void)what;
    const Stats__BulletinPublished *e = event;
    Stats__Bulletin *row = lq_pb_project(lq_view_arena(tables), &stats__bulletin__descriptor, e);
    row->state = STATS__BULLETIN_STATE__PUBLISHED;
    lq_save(tables, &stats_table_bulletins, lq_key_text(e->number), &row->base);
    Stats__BulletinOfWeek latest = STATS__BULLETIN_OF_WEEK__INIT;
    latest.number = e->number;
    lq_save(tables, &stats_table_weeks, lq_key_text(e->week), &latest.base);
    Stats__BulletinPlace place = STATS__BULLETIN_PLACE__INIT;
    place.last = e->place;
    lq_save(tables, &stats_table_places, lq_key_number((uint64_t)e->year), &place.base);
}

// ---------------------------------------------------------------- the steps

// The record of the signature says which days it closes, for those who only hear of it.
static struct lq_verdict check_sign(struct lq_decision *d, struct lq_taking *taking)
{
    const Stats__Bulletin *bulletin = taking->row;
    if (strcmp(bulletin->published_by, d->facts->principal) == 0)
        return lq_reject(d, STATS__REJECT__OWN_BULLETIN,
                         "%s has published bulletin %s, and so cannot sign it: another commander "
                         "does",
                         d->facts->principal, bulletin->number);
    taking->act->from_day = bulletin->from_day;
    taking->act->to_day = bulletin->to_day;
    return LQ_ACCEPT;
}

static const struct lq_step STEPS[] = {
    {.from = STATS__BULLETIN_STATE__PUBLISHED,
     .to = STATS__BULLETIN_STATE__SIGNED,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__SIGN,
     .who = LQ_ROLE(COMMANDER),
     .rule = check_sign},
    {.from = STATS__BULLETIN_STATE__PUBLISHED,
     .to = STATS__BULLETIN_STATE__REFUSED,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__REFUSE,
     .who = LQ_ROLE(COMMANDER),
     .needs = "note"},
    {.from = STATS__BULLETIN_STATE__PUBLISHED,
     .to = STATS__BULLETIN_STATE__WITHDRAWN,
     .command = LQ_BODY_TAKE_STEP,
     .verb = RULES__VERB__WITHDRAW,
     .who = LQ_ROLE(CLERK) | LQ_ROLE(COMMANDER),
     .needs = "note"},
};

const struct lq_steps stats_bulletin_steps = {
    .entity = BULLETIN,
    .states = &stats__bulletin_state__descriptor,
    .steps = STEPS,
    .count = sizeof STEPS / sizeof STEPS[0],
};

void stats_bulletin_stepped(struct lq_view *tables, const Rules__Step *step, void *row)
{
    (void)tables;
    Stats__Bulletin *bulletin = row;
    if (step->act != NULL)
        bulletin->note = step->act->note;
    if (step->verb != RULES__VERB__SIGN)
        return;
    bulletin->signed_by = step->by;
    bulletin->signed_at_ms = step->at_ms;
}

// ---------------------------------------------------------------- asking

static const Stats__FrozenFigure *frozen_of(const Stats__Bulletin *bulletin,
                                            const struct stats_series *series)
{
    for (size_t i = 0; i < bulletin->n_figures; i++)
        if (bulletin->figures[i]->figure == series->figure &&
            strcmp(bulletin->figures[i]->kind, series->kind) == 0)
            return bulletin->figures[i];
    return NULL;
}

// What was frozen, and what came to be counted only since; a kind that was booked once is still
// among the totals.
static void compare(struct lq_view *view, const Stats__Bulletin *bulletin,
                    Stats__BulletinAnswer *told)
{
    struct lq_arena *arena = lq_view_arena(view);
    struct totals totals = totals_of(view);
    struct stats_series series;
    told->lines = LQ_NEW_ARRAY(arena, Stats__BulletinLine *, FIGURES_MOST);
    while (told->n_lines < FIGURES_MOST && totals_next(&totals, view, arena, &series)) {
        const Stats__FrozenFigure *frozen = frozen_of(bulletin, &series);
        const int64_t now = counted(view, &series, bulletin->from_day, bulletin->to_day);
        // Without kinds, all that there were are frozen: one that is not was not counted by then.
        if (frozen == NULL && (now == 0 || !stats_has_kinds(series.figure)))
            continue;
        Stats__BulletinLine *line = LQ_NEW(arena, Stats__BulletinLine);
        stats__bulletin_line__init(line);
        line->figure = series.figure;
        line->kind = lq_unconst(series.kind);
        line->count = frozen != NULL ? frozen->count : 0;
        line->before = frozen != NULL ? frozen->before : 0;
        line->now = now;
        told->lines[told->n_lines++] = line;
    }
}

void stats_query_bulletin(struct lq_reading *r, const void *query, void *answer)
{
    const Stats__ShowBulletin *q = query;
    Stats__BulletinAnswer *told = answer;
    const Stats__Bulletin *found =
        q->number[0] != '\0' ? find(r->view, q->number) : latest_of(r->view, q->week);
    if (found == NULL)
        return;
    told->bulletin = lq_unconst(found);
    compare(r->view, found, told);
    lq_next(r, &stats_bulletin_steps, (int)found->state, found->number, found);
}

const ProtobufCMessage *stats_bulletin_lines(struct lq_view *view, const char *number,
                                             const void *row, int64_t at_ms)
{
    (void)number, (void)at_ms; // what is known when the paper is issued
    Stats__BulletinAnswer *told = LQ_NEW(lq_view_arena(view), Stats__BulletinAnswer);
    stats__bulletin_answer__init(told);
    compare(view, row, told);
    return &told->base;
}

// ---------------------------------------------------------------- invariants

void stats_check_bulletins(struct lq_view *view)
{
    lq_steps_check(&lq_service_stats, view);
    lq_papers_check(view);
    uint64_t count = 0, places = 0;
    for (struct lq_scan s = lq_scan(view, &stats_table_bulletins, lq_key_none());
         lq_scan_next(&s);) {
        const Stats__Bulletin *row = s.row;
        LQ_ASSERT(row->to_day == row->from_day + 6 && latest_of(view, row->week) != NULL);
        LQ_ASSERT((row->state == STATS__BULLETIN_STATE__SIGNED) == (row->signed_at_ms != 0));
        count++;
    }
    for (struct lq_scan s = lq_scan(view, &stats_table_places, lq_key_none()); lq_scan_next(&s);)
        places += ((const Stats__BulletinPlace *)s.row)->last;
    LQ_ASSERT(count == places); // their numbers have no gaps
}
