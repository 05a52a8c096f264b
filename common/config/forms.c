// What the table of config/yaml.h cannot express is checked behind it: that every placeholder has a
// field, that every field stands on the page (whose hash then covers all that a paper says), that
// what the law asks for names the law.
#include "config/forms.h"

#include <stddef.h>
#include <string.h>

#include "config/defaults.h"
#include "config/forms_check.h"
#include "language/language.h"

static const char *check_word(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const size_t length = strspn(text, letters);
    return length >= 1 && length <= 40 && text[length] == '\0'
               ? NULL
               : LQ_TR_LATER("1 to 40 small letters, digits and underscores");
}

static const char *check_text(const char *text)
{
    return *text == '\0' ? LQ_TR_LATER("a text that is not empty") : NULL;
}

#define TEXT                                                                                       \
    {                                                                                              \
        .kind = LQ_YAML_TEXT, .check = check_text                                                  \
    }
#define WORD                                                                                       \
    {                                                                                              \
        .kind = LQ_YAML_TEXT, .check = check_word                                                  \
    }

static const struct lq_yaml_type any_text = TEXT, any_word = WORD;

#define AT(member) offsetof(struct lq_form_field, member)
static const struct lq_yaml_field field_keys[] = {
    {"id", true, AT(id), WORD},
    {"word", true, AT(word), TEXT},
    {"required", false, AT(required), {.kind = LQ_YAML_BOOL}},
    {"law", false, AT(law), TEXT},
    {"from", false, AT(from), TEXT},
    {"text", false, AT(text), TEXT},
    {"each", false, AT(each), TEXT},
    {"row", false, AT(row), TEXT},
    {"between", false, AT(between), TEXT},
    {0},
};
#undef AT
static const struct lq_form_field blank_field = {.required = true};
static const struct lq_yaml_type field_type = {.kind = LQ_YAML_MAP,
                                               .fields = field_keys,
                                               .size = sizeof(struct lq_form_field),
                                               .blank = &blank_field};

#define AT(member) offsetof(struct lq_form_block, member)
static const struct lq_yaml_field block_keys[] = {
    {"text", false, AT(text), TEXT},
    {"flush", false, AT(flush), TEXT},
    {"heading", false, AT(heading), TEXT},
    {"seal", false, AT(seal), TEXT},
    {"note", false, AT(note), TEXT},
    {"sign", false, AT(sign), {.kind = LQ_YAML_LIST, .items = &any_text}},
    {"box", false, AT(box), {.kind = LQ_YAML_LIST, .items = &any_text}},
    {"table", false, AT(table), TEXT},
    {"rows", false, AT(rows), TEXT},
    {"(where)", false, AT(where), {.kind = LQ_YAML_WHERE}},
    {0},
};
#undef AT
static const struct lq_yaml_type block_type = {
    .kind = LQ_YAML_MAP, .fields = block_keys, .size = sizeof(struct lq_form_block)};

#define AT(member) offsetof(struct lq_form, member)
static const struct lq_yaml_field form_keys[] = {
    {"id", true, AT(id), WORD},
    {"title", true, AT(title), TEXT},
    {"number", true, AT(number), TEXT},
    {"of", true, AT(of), {.kind = LQ_YAML_LIST, .items = &any_word}},
    {"takes", false, AT(takes), WORD},
    {"may", false, AT(may), {.kind = LQ_YAML_LIST, .items = &any_text}},
    {"fields", true, AT(fields), {.kind = LQ_YAML_LIST, .items = &field_type}},
    {"layout", true, AT(layout), {.kind = LQ_YAML_LIST, .items = &block_type}},
    {"(where)", false, AT(where), {.kind = LQ_YAML_WHERE}},
    {0},
};
#undef AT
static const struct lq_yaml_type form_type = {
    .kind = LQ_YAML_MAP, .fields = form_keys, .size = sizeof(struct lq_form)};

static const struct lq_yaml_field word_keys[] = {
    {"of", true, offsetof(struct lq_form_word, of), TEXT},
    {"is", true, offsetof(struct lq_form_word, is), TEXT},
    {0},
};
const struct lq_yaml_type lq_form_word_type = {
    .kind = LQ_YAML_MAP, .fields = word_keys, .size = sizeof(struct lq_form_word)};

#define AT(member) offsetof(struct lq_forms, member)
static const struct lq_yaml_field keys[] = {
    {"revision", true, AT(revision), TEXT},
    {"agency", false, AT(names.agency), TEXT}, // these belong into policy.yaml
    {"abbreviation", false, AT(names.abbreviation), TEXT},
    {"government", false, AT(names.government), TEXT},
    {"superior", false, AT(names.superior), TEXT},
    {"court", false, AT(names.court), TEXT},
    {"public_security", false, AT(names.public_security), TEXT},
    {"words", false, AT(words), {.kind = LQ_YAML_LIST, .items = &lq_form_word_type}},
    {"forms", true, AT(forms), {.kind = LQ_YAML_LIST, .items = &form_type}},
    {0},
};
#undef AT

enum lq_status lq_forms_load(const char *path, struct lq_arena *arena, struct lq_forms *out)
{
    *out = (struct lq_forms){.names.public_security = ""};
    if (path == NULL) {
        lq_default_load("forms.yaml", keys, out, arena);
        return lq_forms_check("forms.yaml", out, arena);
    }
    const enum lq_status status = lq_yaml_load_file(path, keys, out, arena);
    return status == LQ_OK ? lq_forms_check(path, out, arena) : status;
}
