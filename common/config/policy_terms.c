// The terms that a county sets for its own work, and the marks at which terms are told of.
#include "config/policy_terms.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "language/language.h"

// ---------------------------------------------------------------- what the file may contain

// An enum is read as an int (config/yaml.h).
_Static_assert(sizeof(enum lq_addressee) == sizeof(int), "an enum as wide as an int");

static const char *const addressee_words[] = {"owner",   "deputy", "desk_chief", "desk",
                                              "liaison", "head",   "commander",  NULL};
static const char *check_id(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    const size_t length = strspn(text, letters);
    return length >= 1 && length <= 15 && text[length] == '\0'
               ? NULL
               : LQ_TR_LATER("1 to 15 letters, digits and hyphens");
}

static const char *check_not_empty(const char *text)
{
    return *text == '\0' ? LQ_TR_LATER("a text that is not empty") : NULL;
}

// "-72h", "0", "+10min", "60s", "7d" in milliseconds; false: it is none of these.
static bool read_offset(const char *text, int64_t *out)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"s", 1000}, {"min", 60 * 1000}, {"h", 3600 * 1000}, {"d", 86400 * 1000}};
    char *end = NULL;
    const long long number = strtoll(text, &end, 10);
    if (end == text || number < -100000 || number > 100000)
        return false;
    *out = 0;
    if (number == 0 && *end == '\0')
        return true;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(end, units[i].unit) == 0) {
            *out = number * units[i].ms;
            return true;
        }
    return false;
}

static const char *check_offset(const char *text)
{
    int64_t offset_ms;
    return read_offset(text, &offset_ms) ? NULL : LQ_TR_LATER("0, or as -72h, +10min, 60s, 7d");
}

struct mark_row {
    const char *at;
    struct lq_yaml_list to; // enum lq_addressee
};

static const struct lq_yaml_type addressee_type = {.kind = LQ_YAML_WORD, .words = addressee_words};
static const struct lq_yaml_field mark_fields[] = {
    {"at", true, offsetof(struct mark_row, at), {.kind = LQ_YAML_TEXT, .check = check_offset}},
    {"to", true, offsetof(struct mark_row, to), {.kind = LQ_YAML_LIST, .items = &addressee_type}},
    {0},
};
static const struct lq_yaml_type mark_type = {
    .kind = LQ_YAML_MAP, .fields = mark_fields, .size = sizeof(struct mark_row)};

#define MARKS(member)                                                                              \
    {                                                                                              \
#member, true,                                                                             \
            offsetof(struct lq_policy_terms_file, marks.member) -                                  \
                offsetof(struct lq_policy_terms_file, marks),                                      \
        {                                                                                          \
            .kind = LQ_YAML_LIST, .items = &mark_type                                              \
        }                                                                                          \
    }
const struct lq_yaml_field lq_policy_marks[] = {MARKS(days), MARKS(hours), {0}};

const struct lq_yaml_type lq_policy_clock_id = {.kind = LQ_YAML_TEXT, .check = check_id};

struct term_row {
    struct lq_clock clock;
    struct lq_yaml_list marks; // struct mark_row
    struct lq_yaml_where where;
};

static const struct term_row blank_row = {
    .clock = {.in_force_from = INT32_MIN,
              .in_force_to = INT32_MAX,
              .exclude_start_day = true,
              .instrument = "policy.yaml",
              .article = "",
              .enabled = true},
};

#define TERM(member) offsetof(struct term_row, clock.member)
static const struct lq_yaml_field term_fields[] = {
    {"id", true, TERM(id), {.kind = LQ_YAML_TEXT, .check = check_id}},
    {"variant", false, TERM(variant), {.kind = LQ_YAML_TEXT, .check = check_id}},
    {"title_zh", true, TERM(title_zh), {.kind = LQ_YAML_TEXT, .check = check_not_empty}},
    {"title_en", true, TERM(title_en), {.kind = LQ_YAML_TEXT, .check = check_not_empty}},
    {"number", true, TERM(number), {.kind = LQ_YAML_INT, .least = 1, .most = 100000}},
    {"unit", true, TERM(unit), {.kind = LQ_YAML_WORD, .words = lq_clock_unit_words}},
    {"exclude_start_day", false, TERM(exclude_start_day), {.kind = LQ_YAML_BOOL}},
    {"roll", false, TERM(roll), {.kind = LQ_YAML_WORD, .words = lq_clock_roll_words}},
    {"enabled", false, TERM(enabled), {.kind = LQ_YAML_BOOL}},
    {"marks", false, offsetof(struct term_row, marks), {.kind = LQ_YAML_LIST, .items = &mark_type}},
    {"(where)", false, offsetof(struct term_row, where), {.kind = LQ_YAML_WHERE}},
    {0},
};
const struct lq_yaml_type lq_policy_term_type = {.kind = LQ_YAML_MAP,
                                                 .fields = term_fields,
                                                 .size = sizeof(struct term_row),
                                                 .blank = &blank_row};

// ---------------------------------------------------------------- what no table can express

static enum lq_status take_marks(const char *path, const char *of, const struct lq_yaml_list *list,
                                 struct lq_arena *arena, struct lq_clock_marks *out)
{
    const struct mark_row *rows = list->items;
    struct lq_clock_mark *marks = LQ_NEW_ARRAY(arena, struct lq_clock_mark, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const bool is_read = read_offset(rows[i].at, &marks[i].offset_ms);
        LQ_ASSERT(is_read);
        marks[i].to = rows[i].to.items;
        marks[i].to_count = rows[i].to.count;
        if (i > 0 && marks[i].offset_ms <= marks[i - 1].offset_ms)
            return lq_fault(LQ_E_INPUT, "%s: marks of %s: %s comes after %s: they must rise", path,
                            of, rows[i].at, rows[i - 1].at);
    }
    *out = (struct lq_clock_marks){.marks = marks, .count = list->count};
    return LQ_OK;
}

static bool is_same(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static enum lq_status take_terms(struct lq_policy *policy, const char *path,
                                 const struct lq_yaml_list *list, struct lq_arena *arena)
{
    const struct term_row *rows = list->items;
    struct lq_clock *terms = LQ_NEW_ARRAY(arena, struct lq_clock, list->count);
    for (size_t i = 0; i < list->count; i++) {
        terms[i] = rows[i].clock;
        for (size_t j = 0; j < i; j++)
            if (is_same(terms[j].id, terms[i].id) && is_same(terms[j].variant, terms[i].variant))
                return lq_fault(LQ_E_INPUT, "%s:%zu:%zu: %s stands here a second time", path,
                                rows[i].where.line, rows[i].where.column, terms[i].id);
        if (!lq_clock_in_days(&terms[i]))
            terms[i].exclude_start_day = false;
        const enum lq_status status =
            take_marks(path, terms[i].id, &rows[i].marks, arena, &terms[i].marks);
        if (status != LQ_OK)
            return status;
    }
    policy->terms = terms;
    policy->term_count = list->count;
    return LQ_OK;
}

enum lq_status lq_policy_take_terms(struct lq_policy *policy, const char *path,
                                    const struct lq_policy_terms_file *file, struct lq_arena *arena)
{
    policy->paper_clocks = file->paper_clocks.items;
    policy->paper_clock_count = file->paper_clocks.count;
    enum lq_status status = take_terms(policy, path, &file->terms, arena);
    if (status == LQ_OK)
        status = take_marks(path, "days", &file->marks.days, arena, &policy->marks_of_days);
    if (status == LQ_OK)
        status = take_marks(path, "hours", &file->marks.hours, arena, &policy->marks_of_hours);
    return status;
}
