#include "config/forms_check.h"

#include <string.h>

static const char *const BUILT_IN[] = {"agency", "abbreviation", "government", "superior",
                                       "court",  "number",       "thing",      "day"};

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
        const enum lq_status status = check_text(c, where, field->text);
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

enum lq_status lq_forms_check(const char *path, const struct lq_forms *forms,
                              struct lq_arena *arena)
{
    const struct lq_form *all = forms->forms.items;
    for (size_t i = 0; i < forms->forms.count; i++) {
        struct checking c = {.path = path, .form = &all[i]};
        for (size_t j = 0; j < i; j++)
            if (strcmp(all[j].id, all[i].id) == 0 || strcmp(all[j].title, all[i].title) == 0 ||
                strcmp(all[j].number, all[i].number) == 0)
                return lq_fault(LQ_E_INPUT,
                                "%s:%zu:%zu: the form %s has the id, the title or the numbers of "
                                "%s",
                                AT(&c, &all[i].where), all[i].id, all[j].id);
        const enum lq_status status = check_form(&c, arena);
        if (status != LQ_OK)
            return status;
    }
    return LQ_OK;
}
