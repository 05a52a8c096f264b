// What a paper says in its fields: what is given with the command, else what the records of the
// thing say, else what the form says of itself. All of it becomes text here, in the words of
// papers: 2015年7月16日, names of people instead of their badges.
#include <string.h>

#include "pb/reflect.h"
#include "pb/value.h"
#include "rules/clocks.h"
#include "rules/papers_internal.h"
#include "rules/step_terms.h"
#include "service/need.h"

// ---------------------------------------------------------------- texts with placeholders

static const char *day_text(struct lq_arena *arena, int32_t of)
{
    int year, month, day;
    lq_day_to_date(of, &year, &month, &day);
    return lq_arena_format(arena, "%d年%d月%d日", year, month, day);
}

static const char *built_in(struct lq_arena *arena, const struct lq_drawn_paper *paper,
                            const char *name)
{
    const struct lq_forms *forms = paper->forms;
    const struct {
        const char *name, *text;
    } named[] = {{"agency", forms->agency},     {"abbreviation", forms->abbreviation},
                 {"superior", forms->superior}, {"government", forms->government},
                 {"court", forms->court},       {"thing", paper->thing}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcmp(named[i].name, name) == 0)
            return named[i].text;
    if (strcmp(name, "day") == 0)
        return day_text(arena, paper->day);
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

// ---------------------------------------------------------------- what the records say

struct source {
    struct lq_decision *d;
    const struct lq_thing *thing;
    const char *number;
    const ProtobufCMessage *row;
    const struct lq_drawn_paper *paper;
};

static const char *word_for(const struct source *s, const char *of)
{
    const struct lq_form_word *words = s->paper->forms->words.items;
    for (size_t i = 0; i < s->paper->forms->words.count; i++)
        if (strcmp(words[i].of, of) == 0)
            return words[i].is;
    return of;
}

// The person or the premises as they are called; what is not known is called by its number.
static const char *name_of(const struct source *s, const char *as, const char *value)
{
    lq_paper_name_fn *name = s->d->service->paper_name;
    if (*as == '\0' || *value == '\0' || name == NULL)
        return word_for(s, value);
    const char *called = name(s->d->view, as, value, s->d->facts->occurred_ms);
    return called != NULL ? called : value;
}

static const char *instant_text(struct lq_arena *arena, const char *as, int64_t at_ms)
{
    const int32_t day = lq_day_of(at_ms);
    const int minute = (int)((at_ms - lq_day_start_ms(day)) / 60000);
    return strcmp(as, "day") == 0 ? day_text(arena, day)
                                  : lq_arena_format(arena, "%s%d时%02d分", day_text(arena, day),
                                                    minute / 60, minute % 60);
}

static const char *value_text(const struct source *s, const char *as,
                              const ProtobufCFieldDescriptor *field, const void *value)
{
    struct lq_arena *arena = s->d->arena;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return name_of(s, as, lq_pb_text_at(value));
    if (field->type == PROTOBUF_C_TYPE_MESSAGE || field->type == PROTOBUF_C_TYPE_BYTES ||
        lq_pb_is_zero(field, value))
        return "";
    if (field->type == PROTOBUF_C_TYPE_ENUM)
        return word_for(
            s, lq_word_of(arena, field->descriptor, (int)lq_pb_integer_at(field->type, value)));
    const int64_t number = lq_pb_integer_at(field->type, value);
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return "是";
    if (lq_ends_with(field->name, "_day"))
        return day_text(arena, (int32_t)number);
    if (lq_ends_with(field->name, "_ms"))
        return instant_text(arena, as, number);
    return lq_arena_format(arena, "%lld", (long long)number);
}

// Of a repeated field all values, as people list them.
static const char *member_text(const struct source *s, const char *as,
                               const ProtobufCMessage *message, const char *member)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor, member);
    const char *text = "";
    const size_t count = field != NULL ? lq_pb_count(message, field) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *one = value_text(s, as, field, lq_pb_value(message, field, i));
        text = lq_arena_format(s->d->arena, "%s%s%s", text, *text != '\0' ? "、" : "", one);
    }
    return text;
}

// "term SZ6": the last day of the thing's term by that rule.
static const char *term_text(const struct source *s, const char *rule)
{
    const Rules__Clock *clock = lq_clock_find(s->d->view, s->thing->kind, s->number, rule);
    return clock != NULL && !clock->voided && clock->due_ms != 0
               ? day_text(s->d->arena, lq_law_last_day(clock->due_ms))
               : "";
}

// "decide_release.ground": what was said with the latest step of that verb.
static const char *step_text(const struct source *s, const char *member)
{
    const size_t size = strcspn(member, ".");
    const ProtobufCEnumDescriptor *verbs = &rules__verb__descriptor;
    for (unsigned i = 0; member[size] == '.' && i < verbs->n_values; i++) {
        const char *word = lq_word_of(s->d->arena, verbs, verbs->values[i].value);
        if (strlen(word) != size || memcmp(word, member, size) != 0)
            continue;
        const Rules__Step *step =
            lq_step_latest(s->d->view, s->thing->kind, s->number, verbs->values[i].value);
        return step != NULL && step->act != NULL
                   ? member_text(s, "", &step->act->base, member + size + 1)
                   : "";
    }
    return "";
}

static const char *paper_text(const struct source *s, const char *kind)
{
    const Rules__Paper *paper = lq_paper_latest(s->d->view, s->thing->kind, s->number, kind);
    return paper != NULL ? paper->number : "";
}

// One of "party", "person officer_1", "term SZ6", "step decide_release.ground", "paper
// prior_notice".
static const char *said_by(const struct source *s, const char *from)
{
    const char *words = from;
    const char *as = lq_step_word_next(s->d->arena, &words);
    const char *what = lq_step_word_next(s->d->arena, &words);
    if (what == NULL)
        return member_text(s, "", s->row, as);
    if (strcmp(as, "term") == 0)
        return term_text(s, what);
    if (strcmp(as, "step") == 0)
        return step_text(s, what);
    if (strcmp(as, "paper") == 0)
        return paper_text(s, what);
    return member_text(s, as, s->row, what);
}

// The first of those between the bars that says something.
static const char *said_by_records(const struct source *s, const char *from)
{
    const char *value = "";
    while (from != NULL && *value == '\0' && *from != '\0') {
        const size_t size = strcspn(from, "|");
        value = said_by(s, lq_arena_format(s->d->arena, "%.*s", (int)size, from));
        from += size + (from[size] == '|');
    }
    return value;
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

static struct lq_verdict take_given(struct lq_decision *d, const Rules__IssuePaper *c,
                                    struct lq_drawn_paper *paper)
{
    for (size_t i = 0; i < c->n_fields; i++) {
        const struct lq_form_field *field = field_named(paper->form, c->fields[i]->id);
        if (field == NULL)
            return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%s is no field of the %s; it has: %s",
                             c->fields[i]->id, paper->form->title,
                             field_words(d->arena, paper->form));
        paper->values[field - lq_form_fields(paper->form)] = c->fields[i]->value;
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
            paper->values[i] = text;
    }
}

struct lq_verdict lq_paper_fill(struct lq_decision *d, const struct lq_thing *thing,
                                const void *row, const Rules__IssuePaper *command,
                                struct lq_drawn_paper *paper)
{
    const struct lq_form_field *fields = lq_form_fields(paper->form);
    const struct source source = {
        .d = d, .thing = thing, .number = command->of_number, .row = row, .paper = paper};
    paper->values = LQ_NEW_ARRAY(d->arena, const char *, paper->form->fields.count + 1);
    for (size_t i = 0; i < paper->form->fields.count; i++)
        paper->values[i] = "";
    LQ_TRY(take_given(d, command, paper));
    for (size_t i = 0; i < paper->form->fields.count; i++)
        if (paper->values[i][0] == '\0')
            paper->values[i] = said_by_records(&source, fields[i].from);
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
