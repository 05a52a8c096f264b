// What the records of a thing say for a paper about it: single values, and rows of their lists. All
// of it becomes text here, in the words of papers: 2015年7月16日, names of people instead of their
// badges.
#include <string.h>

#include "pb/reflect.h"
#include "pb/value.h"
#include "rules/clocks_internal.h"
#include "rules/papers_internal.h"
#include "rules/step_terms.h"

struct lq_paper_source lq_paper_source(struct lq_decision *d, const struct lq_thing *thing,
                                       const char *number, const void *row,
                                       const struct lq_drawn_paper *paper)
{
    struct lq_paper_source s = {.d = d, .thing = thing, .number = number, .paper = paper};
    LQ_ASSERT(thing->paper_source == NULL || thing->personal == NULL); // nothing is withheld of it
    if (thing->paper_source != NULL)
        s.scopes[s.depth++] = thing->paper_source(d->view, number, row, d->facts->occurred_ms);
    s.scopes[s.depth++] = row;
    return s;
}

// ---------------------------------------------------------------- values as text

// What forms.yaml calls a word of that member ("figure.sealed"), or else a word wherever it stands.
static const char *word_for(const struct lq_paper_source *s, const char *member, const char *of)
{
    const struct lq_form_word *words = s->paper->forms->words.items;
    const size_t size = strlen(member);
    const char *is = of;
    for (size_t i = 0; i < s->paper->forms->words.count; i++) {
        if (strcmp(words[i].of, of) == 0)
            is = words[i].is;
        if (strncmp(words[i].of, member, size) == 0 && words[i].of[size] == '.' &&
            strcmp(words[i].of + size + 1, of) == 0)
            return words[i].is;
    }
    return is;
}

// What a term is called by the law or the county's policy.
static const char *rule_text(const struct lq_paper_source *s, const char *rule)
{
    const struct lq_clock *clock = lq_clock_rule(s->d->facts, rule, "", s->d->facts->occurred_ms);
    return clock != NULL && clock->title_zh != NULL ? clock->title_zh : rule;
}

// The person or the premises as they are called; what is not known is called by its number.
static const char *name_of(const struct lq_paper_source *s, const char *as, const char *member,
                           const char *value)
{
    if (*as == '\0' || *value == '\0')
        return word_for(s, member, value);
    if (strcmp(as, "rule") == 0)
        return rule_text(s, value);
    const struct lq_paper_name *names = s->d->service->paper_names;
    for (; names != NULL && names->as != NULL; names++)
        if (strcmp(names->as, as) == 0) {
            const char *called = names->name(s->d->view, value, s->d->facts->occurred_ms);
            return called != NULL ? called : value;
        }
    return word_for(s, member, value);
}

static const char *instant_text(struct lq_arena *arena, const char *as, int64_t at_ms)
{
    const int32_t day = lq_day_of(at_ms);
    const int minute = (int)((at_ms - lq_day_start_ms(day)) / 60000);
    return strcmp(as, "day") == 0 ? lq_paper_day(arena, day)
                                  : lq_arena_format(arena, "%s%d时%02d分", lq_paper_day(arena, day),
                                                    minute / 60, minute % 60);
}

// Where nothing is recorded a field says nothing; of a row a figure is 0.
static const char *zero_text(const struct lq_paper_source *s, const ProtobufCFieldDescriptor *field)
{
    const bool is_figure = s->in_row && field->type != PROTOBUF_C_TYPE_BOOL &&
                           field->type != PROTOBUF_C_TYPE_ENUM &&
                           !lq_ends_with(field->name, "_day") && !lq_ends_with(field->name, "_ms");
    return is_figure ? "0" : "";
}

static const char *value_text(const struct lq_paper_source *s, const char *as,
                              const ProtobufCFieldDescriptor *field, const void *value)
{
    struct lq_arena *arena = s->d->arena;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return name_of(s, as, field->name, lq_pb_text_at(value));
    if (field->type == PROTOBUF_C_TYPE_MESSAGE || field->type == PROTOBUF_C_TYPE_BYTES)
        return "";
    if (lq_pb_is_zero(field, value))
        return zero_text(s, field);
    if (field->type == PROTOBUF_C_TYPE_ENUM)
        return word_for(
            s, field->name,
            lq_word_of(arena, field->descriptor, (int)lq_pb_integer_at(field->type, value)));
    const int64_t number = lq_pb_integer_at(field->type, value);
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return "是";
    if (lq_ends_with(field->name, "_day"))
        return lq_paper_day(arena, (int32_t)number);
    if (lq_ends_with(field->name, "_ms"))
        return instant_text(arena, as, number);
    return lq_arena_format(arena, "%lld", (long long)number);
}

// ---------------------------------------------------------------- members, and paths to them

// The part of "list.orders" up to the next dot, and what is behind it; NULL: nothing.
static const char *first_part(struct lq_arena *arena, const char *path, const char **rest)
{
    const size_t size = strcspn(path, ".");
    *rest = path[size] == '.' ? path + size + 1 : NULL;
    return lq_arena_format(arena, "%.*s", (int)size, path);
}

static const ProtobufCFieldDescriptor *member_named(const ProtobufCMessage *message,
                                                    const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
}

// "2.name": of the second of a list the name; gives 2, and moves behind it. 0: of all of them.
static size_t place_in_list(struct lq_arena *arena, const char **rest)
{
    const char *behind, *part = first_part(arena, *rest, &behind);
    if (part[0] < '1' || part[0] > '9' || part[1] != '\0' || behind == NULL)
        return 0;
    *rest = behind;
    return (size_t)(part[0] - '0');
}

// Of a list all values, as people list them. NULL: the message has no such member.
static const char *member_text(const struct lq_paper_source *s, const char *as,
                               const ProtobufCMessage *message, const char *path)
{
    const char *rest, *text = "";
    const ProtobufCFieldDescriptor *field =
        member_named(message, first_part(s->d->arena, path, &rest));
    if (field == NULL)
        return NULL;
    const bool goes_on = rest != NULL && field->type == PROTOBUF_C_TYPE_MESSAGE;
    const size_t place = goes_on ? place_in_list(s->d->arena, &rest) : 0;
    for (size_t i = 0; i < lq_pb_count(message, field); i++) {
        const void *value = lq_pb_value(message, field, i);
        const char *one = place != 0 && place != i + 1 ? ""
                          : goes_on ? member_text(s, as, lq_pb_message_at(value), rest)
                                    : value_text(s, as, field, value);
        if (one != NULL && *one != '\0')
            text = lq_arena_format(s->d->arena, "%s%s%s", text, *text != '\0' ? "、" : "", one);
    }
    return text;
}

// Of the innermost message that has such a member: the element of a list, what that is within, the
// thing itself.
static const char *said_by_member(const struct lq_paper_source *s, const char *as, const char *path)
{
    for (unsigned i = s->depth; i-- > 0;) {
        const char *text = member_text(s, as, s->scopes[i], path);
        if (text != NULL)
            return text;
    }
    return "";
}

// ---------------------------------------------------------------- a field's value

// "term SZ6": the last day of the thing's term by that rule.
static const char *term_text(const struct lq_paper_source *s, const char *rule)
{
    const Rules__Clock *clock = lq_has_clocks(s->d->service)
                                    ? lq_clock_find(s->d->view, s->thing->kind, s->number, rule)
                                    : NULL;
    return clock != NULL && !clock->voided && clock->due_ms != 0
               ? lq_paper_day(s->d->arena, lq_law_last_day(clock->due_ms))
               : "";
}

// "decide_release.ground": what was said with the latest step of that verb.
static const char *step_text(const struct lq_paper_source *s, const char *member)
{
    const size_t size = strcspn(member, ".");
    const ProtobufCEnumDescriptor *verbs = &rules__verb__descriptor;
    for (unsigned i = 0; member[size] == '.' && i < verbs->n_values; i++) {
        const char *word = lq_word_of(s->d->arena, verbs, verbs->values[i].value);
        if (strlen(word) != size || memcmp(word, member, size) != 0)
            continue;
        const Rules__Step *step =
            lq_step_latest(s->d->view, s->thing->kind, s->number, verbs->values[i].value);
        const char *text = step != NULL && step->act != NULL
                               ? member_text(s, "", &step->act->base, member + size + 1)
                               : NULL;
        return text != NULL ? text : "";
    }
    return "";
}

static const char *paper_text(const struct lq_paper_source *s, const char *kind)
{
    const Rules__Paper *paper = lq_paper_latest(s->d->view, s->thing->kind, s->number, kind);
    return paper != NULL ? paper->number : "";
}

// One of "party", "person officer_1", "term SZ6", "step decide_release.ground", "paper
// prior_notice".
static const char *said_by(const struct lq_paper_source *s, const char *from)
{
    const char *words = from;
    const char *as = lq_step_word_next(s->d->arena, &words);
    const char *what = lq_step_word_next(s->d->arena, &words);
    if (what == NULL)
        return said_by_member(s, "", as);
    if (strcmp(as, "term") == 0)
        return term_text(s, what);
    if (strcmp(as, "step") == 0)
        return step_text(s, what);
    if (strcmp(as, "paper") == 0)
        return paper_text(s, what);
    return said_by_member(s, as, what);
}

// The first of those between the bars that says something.
static const char *said_by_records(const struct lq_paper_source *s, const char *from)
{
    const char *value = "";
    while (from != NULL && *value == '\0' && *from != '\0') {
        const size_t size = strcspn(from, "|");
        value = said_by(s, lq_arena_format(s->d->arena, "%.*s", (int)size, from));
        from += size + (from[size] == '|');
    }
    return value;
}

// ---------------------------------------------------------------- rows of a list

struct rows {
    struct lq_paper_source source; // with the messages on the way to the element
    const struct lq_form_field *field;
    struct lq_paper_text text;
    unsigned count;
};

// What was typed is no mark between cells, and ends no row.
static void add_cell(struct lq_paper_text *text, const char *value)
{
    for (; *value != '\0'; value++)
        if (*value == '|')
            lq_paper_add(text, "｜", sizeof "｜" - 1);
        else
            lq_paper_add(text, *value == '\n' ? " " : value, 1);
}

// "{number}|{person badge}" of one element; "{n}": which of the rows it is.
static void add_row(struct rows *rows)
{
    struct lq_arena *arena = rows->source.d->arena;
    const char *between = rows->field->between != NULL ? rows->field->between : "\n";
    if (rows->count++ > 0)
        lq_paper_add(&rows->text, between, strlen(between));
    for (const char *at = rows->field->row; *at != '\0';) {
        const size_t plain = strcspn(at, "{");
        lq_paper_add(&rows->text, at, plain);
        at += plain;
        if (*at == '\0')
            return;
        const size_t size = strcspn(++at, "}");
        const char *from = lq_arena_format(arena, "%.*s", (int)size, at);
        add_cell(&rows->text, strcmp(from, "n") == 0 ? lq_arena_format(arena, "%u", rows->count)
                                                     : said_by_records(&rows->source, from));
        at += size + (at[size] == '}');
    }
}

// The path goes through lists: of each element of each of them.
static void add_rows(struct rows *rows, const ProtobufCMessage *message, const char *path)
{
    struct lq_paper_source *s = &rows->source;
    const char *rest;
    const ProtobufCFieldDescriptor *field =
        member_named(message, first_part(s->d->arena, path, &rest));
    if (field == NULL || field->type != PROTOBUF_C_TYPE_MESSAGE || s->depth == LQ_PAPER_SCOPES)
        return;
    for (size_t i = 0; i < lq_pb_count(message, field); i++) {
        const ProtobufCMessage *one = lq_pb_message_at(lq_pb_value(message, field, i));
        s->scopes[s->depth++] = one;
        if (rest == NULL)
            add_row(rows);
        else
            add_rows(rows, one, rest);
        s->depth--;
    }
}

static const char *said_by_rows(const struct lq_paper_source *s, const struct lq_form_field *field)
{
    struct rows rows = {.source = *s, .field = field, .text = {.arena = s->d->arena}};
    rows.source.in_row = true;
    for (unsigned i = 0; i < s->depth && rows.count == 0; i++)
        add_rows(&rows, s->scopes[i], field->each);
    lq_paper_add(&rows.text, "", 1);
    return rows.text.bytes;
}

const char *lq_paper_said(const struct lq_paper_source *s, const struct lq_form_field *field)
{
    return field->each != NULL ? said_by_rows(s, field) : said_by_records(s, field->from);
}
