// What a paper says in its fields: what is given with the command, else what the records of the
// thing say (paper_records.c), else what the form says of itself.
#include <string.h>

#include "rules/papers_internal.h"
#include "service/need.h"

// ---------------------------------------------------------------- texts with placeholders

void lq_paper_add(struct lq_paper_text *text, const char *bytes, size_t size)
{
    if (size == 0)
        return;
    if (text->size + size > text->room) {
        text->room = 2 * (text->size + size) + 4096;
        char *more = lq_arena_alloc(text->arena, text->room);
        if (text->size > 0)
            memcpy(more, text->bytes, text->size);
        text->bytes = more;
    }
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
}

const char *lq_paper_day(struct lq_arena *arena, int32_t of)
{
    int year, month, day;
    lq_day_to_date(of, &year, &month, &day);
    return lq_arena_format(arena, "%d年%d月%d日", year, month, day);
}

static const char *built_in(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                            const char *name)
{
    const struct lq_paper_names *names = paper->names;
    const struct {
        const char *name, *text;
    } named[] = {{"agency", names->agency},     {"abbreviation", names->abbreviation},
                 {"superior", names->superior}, {"government", names->government},
                 {"court", names->court},       {"public_security", names->public_security},
                 {"thing", paper->thing}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcmp(named[i].name, name) == 0)
            return named[i].text;
    if (strcmp(name, "day") == 0)
        return lq_paper_day(arena, paper->day);
    return paper->number[0] != '\0' ? paper->number : "（文号）";
}

// A field's value; NULL: it is no field.
static const char *field_value(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                               const char *name)
{
    const struct lq_form_field *fields = lq_form_fields(paper->form);
    for (size_t i = 0; i < paper->form->fields.count; i++) {
        if (strcmp(fields[i].id, name) != 0)
            continue;
        const bool is_gap =
            paper->values[i][0] == '\0' && fields[i].required && paper->number[0] == '\0';
        return is_gap ? lq_arena_format(arena, "【缺：%s】", fields[i].word) : paper->values[i];
    }
    return NULL;
}

const char *lq_paper_text(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                          const char *text, unsigned *asked, unsigned *known)
{
    const char *out = "";
    while (*text != '\0') {
        const size_t plain = strcspn(text, "{");
        out = lq_arena_format(arena, "%s%.*s", out, (int)plain, text);
        text += plain;
        if (*text != '{')
            break;
        const size_t size = strcspn(++text, "}");
        const char *name = lq_arena_format(arena, "%.*s", (int)size, text);
        const char *value = field_value(arena, paper, name);
        if (value != NULL && asked != NULL && known != NULL) {
            ++*asked;
            *known += *value != '\0';
        }
        out = lq_arena_format(arena, "%s%s", out,
                              value != NULL ? value : built_in(arena, paper, name));
        text += size + (text[size] == '}');
    }
    return out;
}

// ---------------------------------------------------------------- all of it

static const struct lq_form_field *field_named(const struct lq_form *form, const char *name)
{
    const struct lq_form_field *fields = lq_form_fields(form);
    for (size_t i = 0; i < form->fields.count; i++)
        if (strcmp(fields[i].id, name) == 0 || strcmp(fields[i].word, name) == 0)
            return &fields[i];
    return NULL;
}

static const char *field_words(struct lq_arena *arena, const struct lq_form *form)
{
    const struct lq_form_field *fields = lq_form_fields(form);
    const char *text = "";
    for (size_t i = 0; i < form->fields.count; i++)
        text = lq_arena_format(arena, "%s%s%s", text, i > 0 ? "、" : "", fields[i].word);
    return text;
}

static void say(struct lq_drawn_paper *paper, size_t field, const char *value,
                Rules__DraftField__Source source)
{
    paper->values[field] = value;
    paper->sources[field] = *value != '\0' ? (uint8_t)source : RULES__DRAFT_FIELD__SOURCE__NOT_SAID;
}

static struct lq_verdict take_given(struct lq_decision *d, const Rules__IssuePaper *c,
                                    struct lq_drawn_paper *paper)
{
    for (size_t i = 0; i < c->n_fields; i++) {
        const struct lq_form_field *field = field_named(paper->form, c->fields[i]->id);
        if (field == NULL)
            return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%s is no field of the %s; it has: %s",
                             c->fields[i]->id, paper->form->title,
                             field_words(d->arena, paper->form));
        say(paper, (size_t)(field - lq_form_fields(paper->form)), c->fields[i]->value,
            RULES__DRAFT_FIELD__SOURCE__TYPED);
    }
    return LQ_ACCEPT;
}

// What the form says of itself, made of other fields (of the ones above it, where these are made
// so, too), if any of them is known.
static void take_own(struct lq_decision *d, struct lq_drawn_paper *paper)
{
    const struct lq_form_field *fields = lq_form_fields(paper->form);
    struct lq_drawn_paper as_issued = *paper;
    as_issued.number = "-"; // so that nothing that is missing says so within another field
    for (size_t i = 0; i < paper->form->fields.count; i++) {
        if (paper->values[i][0] != '\0' || fields[i].text == NULL)
            continue;
        unsigned asked = 0, known = 0;
        const char *text = lq_paper_text(d->arena, &as_issued, fields[i].text, &asked, &known);
        if (asked == 0 || known > 0)
            say(paper, i, text, RULES__DRAFT_FIELD__SOURCE__FROM_FORM);
    }
}

struct lq_verdict lq_paper_fill(struct lq_decision *d, const struct lq_thing *thing,
                                const void *row, const Rules__IssuePaper *command,
                                struct lq_drawn_paper *paper)
{
    const struct lq_form_field *fields = lq_form_fields(paper->form);
    const struct lq_paper_source source = lq_paper_source(d, thing, command->of_number, row, paper);
    paper->values = LQ_NEW_ARRAY(d->arena, const char *, paper->form->fields.count + 1);
    paper->sources = LQ_NEW_ARRAY(d->arena, uint8_t, paper->form->fields.count + 1);
    for (size_t i = 0; i < paper->form->fields.count; i++)
        say(paper, i, "", RULES__DRAFT_FIELD__SOURCE__NOT_SAID);
    LQ_TRY(take_given(d, command, paper));
    for (size_t i = 0; i < paper->form->fields.count; i++)
        if (paper->values[i][0] == '\0')
            say(paper, i, lq_paper_said(&source, &fields[i]),
                RULES__DRAFT_FIELD__SOURCE__FROM_RECORDS);
    take_own(d, paper);
    return LQ_ACCEPT;
}

size_t lq_paper_missing(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                        const struct lq_form_field ***missing)
{
    const struct lq_form_field *fields = lq_form_fields(paper->form);
    size_t count = 0;
    *missing = LQ_NEW_ARRAY(arena, const struct lq_form_field *, paper->form->fields.count + 1);
    for (size_t i = 0; i < paper->form->fields.count; i++)
        if (fields[i].required && paper->values[i][0] == '\0')
            (*missing)[count++] = &fields[i];
    return count;
}
