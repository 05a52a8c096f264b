// Issuing a paper: about what, by which form, what it says, under which number.
#include "rules/papers.h"

#include <string.h>

#include "base/sha256.h"
#include "pb/pb.h"
#include "rules/clocks.h"
#include "pb/utf8.h"
#include "rules/papers_internal.h"
#include "rules/reading.h"
#include "service/need.h"
#include "service/voided.h"

// ---------------------------------------------------------------- forms

const struct lq_form *lq_form_named(const struct lq_forms *forms, const char *name)
{
    const struct lq_form *all = forms->forms.items;
    for (size_t i = 0; i < forms->forms.count; i++)
        if (strcmp(all[i].id, name) == 0 || strcmp(all[i].title, name) == 0)
            return &all[i];
    return NULL;
}

bool lq_form_is_about(const struct lq_form *form, const char *kind)
{
    const char *const *kinds = form->of.items;
    for (size_t i = 0; i < form->of.count; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

// Are the characters of `text` in the title, in their order? 延期通知 in
// 延长查封（扣押）期限通知书.
static bool is_short_for(const char *text, const char *title)
{
    unsigned characters = 0;
    char one[8] = {0};
    for (size_t size; *text != '\0'; text += size, characters++) {
        uint32_t character;
        size = lq_utf8_next(lq_span_text(text), &character);
        if (size == 0 || size >= sizeof one)
            return false;
        memcpy(one, text, size);
        one[size] = '\0';
        if ((title = strstr(title, one)) == NULL)
            return false;
        title += size;
    }
    return characters > 1;
}

// The form about that kind for whose title this is short: the only one, or the only one that begins
// so (查封扣押决定书 is in the title of the decision to release, too). Of two nothing is guessed.
static const struct lq_form *form_meant(const struct lq_forms *forms, const char *name,
                                        const char *kind)
{
    const struct lq_form *all = forms->forms.items, *only = NULL, *begins = NULL;
    unsigned count = 0, begin = 0;
    uint32_t character;
    const size_t first = lq_utf8_next(lq_span_text(name), &character);
    for (size_t i = 0; i < forms->forms.count; i++) {
        if (!lq_form_is_about(&all[i], kind) || !is_short_for(name, all[i].title))
            continue;
        only = &all[i];
        count++;
        if (strncmp(all[i].title, name, first) == 0) {
            begins = &all[i];
            begin++;
        }
    }
    return count == 1 ? only : begin == 1 ? begins : NULL;
}

static const char *titles_about(struct lq_arena *arena, const struct lq_forms *forms,
                                const char *kind)
{
    const struct lq_form *all = forms->forms.items;
    const char *text = "";
    for (size_t i = 0; i < forms->forms.count; i++)
        if (lq_form_is_about(&all[i], kind))
            text = lq_arena_format(arena, "%s%s%s (%s)", text, *text != '\0' ? ", " : "",
                                   all[i].title, all[i].id);
    return text;
}

struct lq_verdict lq_paper_about(struct lq_decision *d, const Rules__IssuePaper *c,
                                 const struct lq_thing **thing, const void **row,
                                 struct lq_drawn_paper *paper)
{
    const struct lq_forms *forms = d->facts->policy->forms;
    *thing = lq_thing_named(d->service, c->of_kind);
    if (*thing == NULL)
        return lq_reject(d, LQ_COMMON(THING_UNKNOWN), "%s records no %s, only: %-s",
                         d->service->name, c->of_kind, lq_thing_kinds(d->arena, d->service));
    LQ_TRY(lq_need_thing(d, *thing, c->of_number, row));
    const struct lq_form *form = lq_form_named(forms, c->kind);
    if (form == NULL)
        form = form_meant(forms, c->kind, c->of_kind);
    if (form == NULL || !lq_form_is_about(form, c->of_kind))
        return lq_reject(
            d, LQ_COMMON(PAPER_UNFIT),
            "\"%s\" is no form of a paper about a %-s (forms.yaml, revision %s); there "
            "are: %s",
            c->kind, c->of_kind, forms->revision, titles_about(d->arena, forms, c->of_kind));
    *paper = (struct lq_drawn_paper){.forms = forms,
                                     .form = form,
                                     .names = lq_paper_names(d->facts->policy),
                                     .number = "",
                                     .thing = c->of_number,
                                     .day = lq_day_of(d->facts->occurred_ms)};
    return LQ_ACCEPT;
}

uint32_t lq_form_who(const struct lq_service *service, const struct lq_form *form)
{
    const bool says = form != NULL && form->may_roles != 0;
    return says ? form->may_roles : lq_thing_named(service, LQ_PAPER_KIND)->who;
}

struct lq_verdict lq_need_paper_right(struct lq_decision *d, const struct lq_form *form)
{
    const struct lq_thing *papers = lq_thing_named(d->service, LQ_PAPER_KIND);
    const uint32_t who = lq_form_who(d->service, form);
    if (lq_is_theirs(d, who, papers->behalf))
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(STEP_NOT_YOURS),
                     "a %s is not for %s to issue or serve, but for: %-s",
                     form != NULL ? form->title : LQ_PAPER_KIND, d->facts->principal,
                     lq_roles_text(d->arena, who));
}

// ---------------------------------------------------------------- numbers

// Of "{abbreviation}查〔{year}〕{n}号" what stands before and behind the {n}, filled.
struct series {
    const char *before, *after;
    int32_t year; // 0: they are counted within the thing
};

static const char *with_year(struct lq_arena *arena, const struct lq_drawn_paper *paper, int year,
                             const char *text, size_t size)
{
    static const char YEAR[] = "{year}";
    const char *part = lq_arena_format(arena, "%.*s", (int)size, text);
    const char *at = strstr(part, YEAR);
    if (at != NULL)
        part =
            lq_arena_format(arena, "%.*s%d%s", (int)(at - part), part, year, at + sizeof YEAR - 1);
    return lq_paper_text(arena, paper, part, NULL, NULL);
}

static struct series series_of(struct lq_arena *arena, const struct lq_drawn_paper *paper)
{
    const char *number = paper->form->number, *n = strstr(number, "{n}");
    int year, month, day;
    lq_day_to_date(paper->day, &year, &month, &day);
    LQ_ASSERT(n != NULL); // the forms were checked
    const bool of_year = strstr(number, "{year}") != NULL;
    return (struct series){.before = with_year(arena, paper, year, number, (size_t)(n - number)),
                           .after = with_year(arena, paper, year, n + 3, strlen(n + 3)),
                           .year = of_year ? year : 0};
}

// Which place in the series the number has; 0: it is none of it.
static uint32_t place_of(const struct series *series, const char *number)
{
    enum { DIGITS_MOST = 6 };
    const size_t before = strlen(series->before);
    if (strncmp(number, series->before, before) != 0)
        return 0;
    const char *at = number + before;
    uint32_t place = 0;
    for (; *at >= '0' && *at <= '9' && at - number - (ptrdiff_t)before < DIGITS_MOST; at++)
        place = place * 10 + (uint32_t)(*at - '0');
    return number[before] != '0' && strcmp(at, series->after) == 0 ? place : 0;
}

// The first four digits in a row that can be a year; 0: there are none.
static int year_in(const char *number)
{
    enum { YEAR_DIGITS = 4, FIRST = 1949, LAST = 2100 };
    for (const char *at = number; *at != '\0'; at++) {
        if (strspn(at, "0123456789") < YEAR_DIGITS)
            continue;
        const int year =
            (at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + at[3] - '0';
        if (year >= FIRST && year <= LAST)
            return year;
    }
    return 0;
}

// A number that this service itself will give one day, to a paper of another form or year, would
// stand in the way there: papers are numbered without gaps.
static struct lq_verdict need_not_of_another(struct lq_decision *d, const char *number,
                                             const struct lq_drawn_paper *paper,
                                             const struct series *series)
{
    const int year = year_in(number);
    for (size_t i = 0; i < paper->forms->forms.count; i++) {
        const struct lq_form *form = (const struct lq_form *)paper->forms->forms.items + i;
        struct lq_drawn_paper other = *paper;
        other.form = form;
        if (year != 0)
            other.day = lq_day_from_date(year, 1, 1);
        const struct series of = series_of(d->arena, &other);
        if (place_of(&of, number) == 0 || (form == paper->form && of.year == series->year))
            continue;
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                         "%s is a number of the series of \"%-s\", and not of this paper", number,
                         form->title);
    }
    return LQ_ACCEPT;
}

// The number on a paper of long ago is as it is; those of today are given one by one.
static struct lq_verdict take_number(struct lq_decision *d, const Rules__IssuePaper *c,
                                     const struct lq_drawn_paper *paper,
                                     const struct series *series, Rules__PaperIssued *issued)
{
    if (!lq_is_from_paper(d->facts))
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT),
                         "numbers of papers are given one by one: only what a clerk enters later "
                         "from paper has a number already, and this is to be %s",
                         c->number);
    if (!lq_pb_identifier(c->number))
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%s cannot be the number of a paper",
                         c->number);
    if (lq_exists(d->view, &lq_papers, lq_key_text(c->number)) ||
        lq_voided_find(d->view, &lq_papers, c->number) != NULL)
        return lq_reject(d, LQ_COMMON(PAPER_KNOWN), "paper %s is recorded already", c->number);
    LQ_TRY(need_not_of_another(d, c->number, paper, series));
    issued->number = c->number;
    issued->place = place_of(series, c->number);
    return LQ_ACCEPT;
}

// The first place that is free: behind all that were given in a row, past those from paper.
static uint32_t next_place(struct lq_view *view, struct lq_key series)
{
    const Rules__PaperCount *count = lq_find(view, &lq_paper_counts, series);
    return count != NULL ? count->last + 1 : 1;
}

static struct lq_verdict give_number(struct lq_decision *d, const Rules__IssuePaper *c,
                                     const struct lq_drawn_paper *paper, Rules__PaperIssued *issued)
{
    const struct series series = series_of(d->arena, paper);
    issued->year = series.year;
    if (c->number[0] != '\0')
        return take_number(d, c, paper, &series, issued);
    issued->place =
        next_place(d->view, lq_paper_series_key(paper->form->id, series.year, c->of_number));
    issued->number =
        lq_arena_format(d->arena, "%s%u%s", series.before, issued->place, series.after);
    if (!lq_pb_identifier(issued->number))
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%s cannot be the number of a paper",
                         issued->number);
    if (lq_exists(d->view, &lq_papers, lq_key_text(issued->number)) ||
        lq_voided_find(d->view, &lq_papers, issued->number) != NULL)
        return lq_reject(d, LQ_COMMON(PAPER_KNOWN), "paper %s is recorded already", issued->number);
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- what it says

static struct lq_verdict need_complete(struct lq_decision *d, const char *kind,
                                       const struct lq_drawn_paper *paper)
{
    const struct lq_form_field **missing;
    const size_t count = lq_paper_missing(d->arena, paper, &missing);
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = lq_arena_format(d->arena, "%s%s%s（%s）", text, i > 0 ? "、" : "", missing[i]->word,
                               missing[i]->law);
    if (count == 0)
        return LQ_ACCEPT;
    return lq_reject(d, LQ_COMMON(PAPER_INCOMPLETE), "the %s about %-s %s lacks: %s",
                     paper->form->title, kind, paper->thing, text);
}

static struct lq_verdict need_superseded(struct lq_decision *d, const Rules__IssuePaper *c,
                                         const struct lq_form *form)
{
    if (c->supersedes[0] == '\0')
        return LQ_ACCEPT;
    const Rules__Paper *old =
        lq_pb_key(c->supersedes) ? lq_find(d->view, &lq_papers, lq_key_text(c->supersedes)) : NULL;
    char at[LQ_TIME_TEXT], now[LQ_TIME_TEXT];
    if (old == NULL)
        return lq_reject(d, LQ_COMMON(THING_UNKNOWN), "there is no paper %s", c->supersedes);
    if (strcmp(old->kind, form->id) != 0 || strcmp(old->of_kind, c->of_kind) != 0 ||
        strcmp(old->of_number, c->of_number) != 0)
        return lq_reject(d, LQ_COMMON(PAPER_UNFIT),
                         "paper %s is a %s about %-s %s: another of the same kind about the same "
                         "takes its place",
                         old->number, old->title, old->of_kind, old->of_number);
    if (old->superseded_by[0] != '\0')
        return lq_reject(d, LQ_COMMON(PAPER_UNFIT), "paper %s was superseded by %s", old->number,
                         old->superseded_by);
    if (d->facts->occurred_ms < old->issued_at_ms)
        return lq_reject(d, LQ_COMMON(BEFORE_PREVIOUS_STEP),
                         "this is dated %s, but paper %s was issued only at %s",
                         lq_format_local(d->facts->occurred_ms, now), old->number,
                         lq_format_local(old->issued_at_ms, at));
    return LQ_ACCEPT;
}

static void set_values(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                       Rules__PaperIssued *issued)
{
    const struct lq_form_field *fields = lq_form_fields(paper->form);
    issued->fields = LQ_NEW_ARRAY(arena, Rules__PaperField *, paper->form->fields.count + 1);
    for (size_t i = 0; i < paper->form->fields.count; i++) {
        if (paper->values[i][0] == '\0')
            continue;
        Rules__PaperField *one = LQ_NEW(arena, Rules__PaperField);
        rules__paper_field__init(one);
        one->id = lq_unconst(fields[i].id);
        one->word = lq_unconst(fields[i].word);
        one->value = lq_unconst(paper->values[i]);
        issued->fields[issued->n_fields++] = one;
    }
}

static size_t size_of_values(const Rules__PaperIssued *issued, const Rules__PaperField **longest)
{
    size_t size = 0, most = 0;
    for (size_t i = 0; i < issued->n_fields; i++) {
        const size_t one = strlen(issued->fields[i]->value);
        size += one;
        if (one <= most)
            continue;
        most = one;
        *longest = issued->fields[i];
    }
    return size;
}

// The page is fixed with the event, and so is what it says: its hash is that of every word.
static struct lq_verdict fix_page(struct lq_decision *d, const struct lq_drawn_paper *paper,
                                  Rules__PaperIssued *issued)
{
    enum { VALUES_BYTES = 24 * 1024 }; // with the page they fit into an event
    const Rules__PaperField none = RULES__PAPER_FIELD__INIT, *longest = &none;
    set_values(d->arena, paper, issued);
    const struct lq_span page = lq_paper_page(d->arena, paper);
    const size_t values = size_of_values(issued, &longest);
    const size_t most = strlen(longest->value);
    if (page.size > LQ_PAPER_PAGE_BYTES || values > VALUES_BYTES || most > LQ_PB_RECORD.text_bytes)
        return lq_reject(
            d, LQ_COMMON(VALUE_UNFIT),
            "the %s would be too long: %zu bytes, and what it says %zu; at most %d and %d. Most of "
            "it is %s, with %zu (at most %zu): say that shorter (%s=…)",
            paper->form->title, page.size, values, LQ_PAPER_PAGE_BYTES, VALUES_BYTES, longest->word,
            most, LQ_PB_RECORD.text_bytes, longest->word);
    char hash[LQ_SHA256_HEX + 1];
    issued->html.data = lq_unconst(page.data);
    issued->html.len = page.size;
    issued->hash = lq_arena_text(d->arena, lq_sha256_text(page, hash));
    return LQ_ACCEPT;
}

struct lq_verdict lq_issue_paper(struct lq_decision *d, const void *command)
{
    const Rules__IssuePaper *c = command;
    const struct lq_thing *thing;
    const void *row;
    struct lq_drawn_paper paper;
    Rules__PaperIssued issued = RULES__PAPER_ISSUED__INIT;
    LQ_TRY(lq_paper_about(d, c, &thing, &row, &paper));
    LQ_TRY(lq_need_paper_right(d, paper.form));
    LQ_TRY(need_superseded(d, c, paper.form));
    row = lq_as_readable(d->view, thing, c->of_number, row, d->facts->actor, d->facts->roles);
    LQ_TRY(lq_paper_fill(d, thing, row, c, &paper));
    LQ_TRY(need_complete(d, c->of_kind, &paper));
    LQ_TRY(give_number(d, c, &paper, &issued));
    paper.number = issued.number;
    LQ_TRY(fix_page(d, &paper, &issued));
    issued.kind = lq_unconst(paper.form->id);
    issued.title = lq_unconst(paper.form->title);
    issued.of_kind = c->of_kind;
    issued.of_number = c->of_number;
    issued.form = lq_unconst(paper.forms->revision);
    issued.issued_at_ms = d->facts->occurred_ms;
    issued.issued_by = lq_unconst(d->facts->principal);
    issued.supersedes = c->supersedes;
    lq_emit(d, LQ_BODY_ISSUE_PAPER, &issued.base);
    lq_number(d, issued.number);
    return LQ_ACCEPT;
}
