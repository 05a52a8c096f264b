#include "config/forms_check.h"

#include <string.h>
#include <strings.h>

#include "envelope.pb-c.h"
#include "language/language.h"

static const char *const BUILT_IN[] = {"agency",   "abbreviation",    "government",
                                       "superior", "public_security", "court",
                                       "number",   "thing",           "day"};

struct checking {
    const char *path;
    const struct lq_form *form;
    const struct lq_form_field *fields;
    bool *stands; // of each field: somewhere on the page, or in a text that does
};

#define AT(_c, _where) (_c)->path, (_where)->line, (_where)->column

static bool is_word(const char *word, const char *text, size_t size)
{
    return strlen(word) == size && memcmp(word, text, size) == 0;
}

// What stands between braces is a field or built in.
static enum lq_status check_text(struct checking *c, const struct lq_yaml_where *where,
                                 const char *text)
{
    for (const char *at = text != NULL ? strchr(text, '{') : NULL; at != NULL;
         at = strchr(at, '{')) {
        const size_t size = strcspn(++at, "{}");
        if (at[size] != '}')
            return lq_fault(LQ_E_INPUT, "%s:%zu:%zu: a '{' without its '}' in \"%s\"", AT(c, where),
                            text);
        bool known = false;
        for (size_t i = 0; i < sizeof BUILT_IN / sizeof *BUILT_IN; i++)
            known = known || is_word(BUILT_IN[i], at, size);
        for (size_t i = 0; i < c->form->fields.count; i++)
            if (is_word(c->fields[i].id, at, size))
                known = c->stands[i] = true;
        if (!known)
            return lq_fault(LQ_E_INPUT, "%s:%zu:%zu: {%.*s} is no field of the form %s",
                            AT(c, where), (int)size, at, c->form->id);
    }
    return LQ_OK;
}

static enum lq_status check_list(struct checking *c, const struct lq_yaml_where *where,
                                 const struct lq_yaml_list *list)
{
    const char *const *texts = list->items;
    enum lq_status status = LQ_OK;
    for (size_t i = 0; status == LQ_OK && i < list->count; i++)
        status = check_text(c, where, texts[i]);
    return status;
}

static enum lq_status check_block(struct checking *c, const struct lq_form_block *block)
{
    const char *const texts[] = {block->text, block->flush, block->heading,
                                 block->seal, block->note,  block->table};
    size_t given = (block->sign.count > 0) + (block->box.count > 0);
    enum lq_status status = check_text(c, &block->where, block->rows);
    for (size_t i = 0; status == LQ_OK && i < sizeof texts / sizeof *texts; i++) {
        given += texts[i] != NULL;
        status = check_text(c, &block->where, texts[i]);
    }
    if (status == LQ_OK && (given != 1 || (block->table != NULL) != (block->rows != NULL)))
        return lq_fault(LQ_E_INPUT,
                        "%s:%zu:%zu: a part of the page is one of text, flush, heading, seal, "
                        "note, sign, box, or table with rows",
                        AT(c, &block->where));
    if (status == LQ_OK)
        status = check_list(c, &block->where, &block->sign);
    return status == LQ_OK ? check_list(c, &block->where, &block->box) : status;
}

static bool is_balanced(const char *text)
{
    bool is_open = false;
    for (; *text != '\0'; text++) {
        if ((*text == '{' && is_open) || (*text == '}' && !is_open))
            return false;
        is_open = is_open ? *text != '}' : *text == '{';
    }
    return !is_open;
}

// A field has rows of a list, or is said by something else.
static enum lq_status check_rows(const struct checking *c, const struct lq_form_field *field)
{
    const struct lq_yaml_where *where = &c->form->where;
    if ((field->each != NULL) != (field->row != NULL) ||
        (field->between != NULL && field->each == NULL))
        return lq_fault(LQ_E_INPUT,
                        "%s:%zu:%zu: the form %s: the field %s has rows where it says of which "
                        "list (each: list.orders) and what each says (row: \"{number}|{kind}\")",
                        AT(c, where), c->form->id, field->id);
    if (field->each != NULL && field->from != NULL)
        return lq_fault(LQ_E_INPUT,
                        "%s:%zu:%zu: the form %s: the field %s is made of rows (each: …), and so "
                        "is not from elsewhere (from: …)",
                        AT(c, where), c->form->id, field->id);
    if (field->row != NULL && !is_balanced(field->row))
        return lq_fault(LQ_E_INPUT,
                        "%s:%zu:%zu: the form %s: a brace without its other in the rows of the "
                        "field %s: \"%s\"",
                        AT(c, where), c->form->id, field->id, field->row);
    return LQ_OK;
}

static enum lq_status check_fields(struct checking *c)
{
    const struct lq_yaml_where *where = &c->form->where;
    for (size_t i = 0; i < c->form->fields.count; i++) {
        const struct lq_form_field *field = &c->fields[i];
        for (size_t j = 0; j < i; j++)
            if (strcmp(c->fields[j].id, field->id) == 0)
                return lq_fault(LQ_E_INPUT, "%s:%zu:%zu: the form %s has the field %s twice",
                                AT(c, where), c->form->id, field->id);
        if (field->required && field->law == NULL)
            return lq_fault(LQ_E_INPUT,
                            "%s:%zu:%zu: the form %s requires the field %s by which law? (law: …, "
                            "or required: false)",
                            AT(c, where), c->form->id, field->id);
        enum lq_status status = check_text(c, where, field->text);
        if (status == LQ_OK)
            status = check_rows(c, field);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}

// A number within its year, or within what the paper is about.
static enum lq_status check_number(const struct checking *c)
{
    const char *number = c->form->number, *n = strstr(number, "{n}");
    const bool of_year = strstr(number, "{year}") != NULL;
    const bool of_thing = strstr(number, "{thing}") != NULL;
    if (n != NULL && strstr(n + 1, "{n}") == NULL && of_year != of_thing)
        return LQ_OK;
    return lq_fault(LQ_E_INPUT,
                    "%s:%zu:%zu: numbers of the form %s must have {n} once, and {year} or {thing}",
                    AT(c, &c->form->where), c->form->id);
}

// ---------------------------------------------------------------- who may

static bool is_among(const char *word, const char *words)
{
    while (*words != '\0') {
        const size_t size = strcspn(words, "/");
        if (is_word(word, words, size))
            return true;
        words += size + (words[size] == '/');
    }
    return false;
}

// As roles are typed: "clerk", and 内勤.
static bool is_role(const ProtobufCEnumValue *role, const char *typed)
{
    const struct lq_proto_word *word = lq_proto_word(lq__role__descriptor.name, role->name);
    return strcasecmp(role->name, typed) == 0 || (word != NULL && is_among(typed, word->zh));
}

// What services and machines are, nobody is who issues a paper.
static bool is_of_people(const ProtobufCEnumValue *role)
{
    return role->value != LQ__ROLE__ROLE_UNSPECIFIED && role->value != LQ__ROLE__SERVICE &&
           role->value != LQ__ROLE__NEWCOMER && role->value != LQ__ROLE__GATEWAY;
}

static const char *all_roles(struct lq_arena *arena)
{
    const char *text = "";
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
        const ProtobufCEnumValue *role = &lq__role__descriptor.values[i];
        if (!is_of_people(role))
            continue;
        char *name = lq_arena_text(arena, role->name);
        for (char *c = name; *c != '\0'; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        text = lq_arena_format(arena, "%s%s%s", text, *text != '\0' ? ", " : "", name);
    }
    return text;
}

static enum lq_status read_roles(const struct checking *c, struct lq_form *form,
                                 struct lq_arena *arena)
{
    const char *const *typed = form->may.items;
    form->may_roles = 0;
    for (size_t i = 0; i < form->may.count; i++) {
        uint32_t bit = 0;
        for (unsigned j = 0; j < lq__role__descriptor.n_values && bit == 0; j++) {
            const ProtobufCEnumValue *role = &lq__role__descriptor.values[j];
            if (is_of_people(role) && is_role(role, typed[i]))
                bit = 1u << role->value;
        }
        if (bit == 0)
            return lq_fault(LQ_E_INPUT,
                            "%s:%zu:%zu: the form %s is for \"%s\" to issue, which is no role of "
                            "people; roles are: %s (without may: whoever issues the papers of its "
                            "service)",
                            AT(c, &form->where), form->id, typed[i], all_roles(arena));
        form->may_roles |= bit;
    }
    return LQ_OK;
}

static enum lq_status check_form(struct checking *c, struct lq_arena *arena)
{
    const struct lq_form_block *blocks = c->form->layout.items;
    c->fields = c->form->fields.items;
    c->stands = LQ_NEW_ARRAY(arena, bool, c->form->fields.count + 1);
    enum lq_status status = check_number(c);
    if (status == LQ_OK)
        status = check_fields(c);
    for (size_t i = 0; status == LQ_OK && i < c->form->layout.count; i++)
        status = check_block(c, &blocks[i]);
    for (size_t i = 0; status == LQ_OK && i < c->form->fields.count; i++)
        if (!c->stands[i])
            return lq_fault(LQ_E_INPUT, "%s:%zu:%zu: the field %s stands nowhere on the form %s",
                            AT(c, &c->form->where), c->fields[i].id, c->form->id);
    return status;
}

// Half of another county would be no county.
static enum lq_status check_names(const char *path, const struct lq_paper_names *names)
{
    const char *const said[] = {names->agency, names->abbreviation, names->government,
                                names->superior, names->court};
    size_t count = 0;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        count += said[i] != NULL;
    if (count == 0 || count == sizeof said / sizeof *said)
        return LQ_OK;
    return lq_fault(
        LQ_E_INPUT,
        "%s: of agency, abbreviation, government, superior and court all are said here, "
        "or none (then policy.yaml has them, under papers:)",
        path);
}

enum lq_status lq_forms_check(const char *path, struct lq_forms *forms, struct lq_arena *arena)
{
    struct lq_form *all = forms->forms.items;
    const enum lq_status named = check_names(path, &forms->names);
    if (named != LQ_OK)
        return named;
    for (size_t i = 0; i < forms->forms.count; i++) {
        struct checking c = {.path = path, .form = &all[i]};
        for (size_t j = 0; j < i; j++)
            if (strcmp(all[j].id, all[i].id) == 0 || strcmp(all[j].title, all[i].title) == 0 ||
                strcmp(all[j].number, all[i].number) == 0)
                return lq_fault(LQ_E_INPUT,
                                "%s:%zu:%zu: the form %s has the id, the title or the numbers of "
                                "%s",
                                AT(&c, &all[i].where), all[i].id, all[j].id);
        enum lq_status status = check_form(&c, arena);
        if (status == LQ_OK)
            status = read_roles(&c, &all[i], arena);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}
