// Builds a law from law.yaml and calendar.yaml. The tables describe what the files may contain;
// then come the checks that no table can express: overlapping times in force, days of another year,
// an unconfirmed clock that is enabled.
#include "config/law.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/time.h"
#include "config/defaults.h"
#include "config/policy_terms.h"
#include "config/yaml.h"
#include "language/language.h"
#include "law/law_internal.h"

// ---------------------------------------------------------------- what the files may contain

// An enum is read as an int (config/yaml.h).
_Static_assert(sizeof(enum lq_clock_unit) == sizeof(int), "an enum as wide as an int");

const char *const lq_clock_unit_words[] = {"second",      "minute", "hour", "calendar_day",
                                           "working_day", "month",  "year", NULL};
const char *const lq_clock_roll_words[] = {"none", "next_working_day", NULL};
static const char *const lapse_words[] = {"automatic", "duty_only", "right_lost", "none_stated",
                                          NULL};
static const char *const confidence_words[] = {"V", "V_star", "M", "U", NULL};

static const char *check_not_empty(const char *text)
{
    return *text == '\0' ? LQ_TR_LATER("a text that is not empty") : NULL;
}

static const char *check_id(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const size_t length = strspn(text, letters);
    return length >= 1 && length <= 15 && text[length] == '\0'
               ? NULL
               : LQ_TR_LATER("1 to 15 letters and digits");
}

enum { NO_UNIT = -1 };
struct clock_row {
    struct lq_clock clock;
    int arguable_unit; // NO_UNIT: none
    struct lq_yaml_list pauses;
    struct lq_yaml_where where;
};

static const struct clock_row blank_row = {
    .clock = {.in_force_from = INT32_MIN, .in_force_to = INT32_MAX},
    .arguable_unit = NO_UNIT,
};

#define CLOCK(member) offsetof(struct clock_row, clock.member)
#define TEXT .kind = LQ_YAML_TEXT, .check = check_not_empty
#define WORD(accepted) .kind = LQ_YAML_WORD, .words = (accepted)

static const struct lq_yaml_type event_type = {TEXT};

static const struct lq_yaml_field clock_fields[] = {
    {"id", true, CLOCK(id), {.kind = LQ_YAML_TEXT, .check = check_id}},
    {"title_zh", true, CLOCK(title_zh), {TEXT}},
    {"title_en", true, CLOCK(title_en), {TEXT}},
    {"number", true, CLOCK(number), {.kind = LQ_YAML_INT, .least = 1, .most = 1000}},
    {"unit", true, CLOCK(unit), {WORD(lq_clock_unit_words)}},
    {"arguable_unit",
     false,
     offsetof(struct clock_row, arguable_unit),
     {WORD(lq_clock_unit_words)}},
    {"start_event", true, CLOCK(start_event), {TEXT}},
    {"stop_event", true, CLOCK(stop_event), {TEXT}},
    {"pause_events",
     false,
     offsetof(struct clock_row, pauses),
     {.kind = LQ_YAML_LIST, .items = &event_type}},
    {"exclude_start_day", true, CLOCK(exclude_start_day), {.kind = LQ_YAML_BOOL}},
    {"roll", true, CLOCK(roll), {WORD(lq_clock_roll_words)}},
    {"lapse_effect", true, CLOCK(lapse_effect), {WORD(lapse_words)}},
    {"waiting", false, CLOCK(waiting), {.kind = LQ_YAML_BOOL}},
    {"instrument", true, CLOCK(instrument), {TEXT}},
    {"article", true, CLOCK(article), {TEXT}},
    {"in_force_from", false, CLOCK(in_force_from), {.kind = LQ_YAML_DAY}},
    {"in_force_to", false, CLOCK(in_force_to), {.kind = LQ_YAML_DAY}},
    {"confidence", true, CLOCK(confidence), {WORD(confidence_words)}},
    {"enabled", true, CLOCK(enabled), {.kind = LQ_YAML_BOOL}},
    {"(where)", false, offsetof(struct clock_row, where), {.kind = LQ_YAML_WHERE}},
    {0},
};

struct law_file {
    const char *revision;
    struct lq_yaml_list clocks; // struct clock_row
};

static const struct lq_yaml_type clock_type = {.kind = LQ_YAML_MAP,
                                               .fields = clock_fields,
                                               .size = sizeof(struct clock_row),
                                               .blank = &blank_row};

static const struct lq_yaml_field law_fields[] = {
    {"revision", true, offsetof(struct law_file, revision), {TEXT}},
    {"clocks",
     true,
     offsetof(struct law_file, clocks),
     {.kind = LQ_YAML_LIST, .items = &clock_type}},
    {0},
};

struct year_row {
    int64_t year;
    struct lq_yaml_list holidays, working_weekends; // int32_t
    struct lq_yaml_where where;
};

struct calendar_file {
    const char *revision;
    struct lq_yaml_list years; // struct year_row
};

static const struct lq_yaml_type day_type = {.kind = LQ_YAML_DAY};

static const struct lq_yaml_field year_fields[] = {
    {"year",
     true,
     offsetof(struct year_row, year),
     {.kind = LQ_YAML_INT, .least = 1949, .most = 2999}},
    {"holidays",
     true,
     offsetof(struct year_row, holidays),
     {.kind = LQ_YAML_LIST, .items = &day_type}},
    {"working_weekends",
     true,
     offsetof(struct year_row, working_weekends),
     {.kind = LQ_YAML_LIST, .items = &day_type}},
    {"(where)", false, offsetof(struct year_row, where), {.kind = LQ_YAML_WHERE}},
    {0},
};

static const struct lq_yaml_type year_type = {
    .kind = LQ_YAML_MAP, .fields = year_fields, .size = sizeof(struct year_row)};

static const struct lq_yaml_field calendar_fields[] = {
    {"revision", true, offsetof(struct calendar_file, revision), {TEXT}},
    {"years",
     true,
     offsetof(struct calendar_file, years),
     {.kind = LQ_YAML_LIST, .items = &year_type}},
    {0},
};

// ---------------------------------------------------------------- what no table can express

static enum lq_status refuse_at(const char *name, struct lq_yaml_where where, const char *what,
                                const char *why)
{
    return lq_fault(LQ_E_INPUT, "%s:%zu:%zu: %s: %-s", name, where.line, where.column, what, why);
}

static const char *complaint_about(const struct lq_clock *clock)
{
    if (clock->confidence == LQ_CONFIDENCE_U && clock->enabled)
        return LQ_TR_LATER(
            "a clock of confidence U must not be enabled; have it confirmed and change that "
            "first");
    if (!lq_clock_in_days(clock) && clock->roll != LQ_ROLL_NONE)
        return LQ_TR_LATER("a term in hours cannot roll; accepted: roll: none");
    if (!lq_clock_in_days(clock) && clock->exclude_start_day)
        return LQ_TR_LATER("a term in hours has no start day; accepted: exclude_start_day: false");
    if (clock->in_force_from > clock->in_force_to)
        return LQ_TR_LATER("in_force_to lies before in_force_from");
    return NULL;
}

static enum lq_status check_clocks(const char *name, const struct clock_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct lq_clock *clock = &rows[i].clock;
        const char *complaint = complaint_about(clock);
        for (size_t j = 0; j < i && complaint == NULL; j++)
            if (strcmp(rows[j].clock.id, clock->id) == 0 &&
                rows[j].clock.in_force_from <= clock->in_force_to &&
                clock->in_force_from <= rows[j].clock.in_force_to)
                complaint = "an entry of this id above is in force on the same days";
        if (complaint != NULL)
            return refuse_at(name, rows[i].where, clock->id, complaint);
    }
    return LQ_OK;
}

static const char *complaint_about_day(const struct year_row *row, const int32_t *days, size_t at,
                                       bool weekend)
{
    int year, month, day_of_month;
    lq_day_to_date(days[at], &year, &month, &day_of_month);
    if (year != row->year)
        return LQ_TR_LATER("the day lies in another year");
    if (weekend && lq_weekday(days[at]) < 5)
        return LQ_TR_LATER("the day is no Saturday or Sunday; working_weekends holds only such");
    if (at > 0 && days[at - 1] >= days[at])
        return LQ_TR_LATER("days must rise and stand once");
    const int32_t *holidays = row->holidays.items;
    for (size_t i = 0; weekend && i < row->holidays.count; i++)
        if (holidays[i] == days[at])
            return LQ_TR_LATER("the day is also a holiday");
    return NULL;
}

static enum lq_status check_days(const char *name, const struct year_row *row,
                                 const struct lq_yaml_list *list, bool weekend)
{
    const int32_t *days = list->items;
    for (size_t i = 0; i < list->count; i++) {
        char text[LQ_TIME_TEXT];
        const char *complaint = complaint_about_day(row, days, i, weekend);
        if (complaint != NULL)
            return refuse_at(name, row->where, lq_format_day(days[i], text), complaint);
    }
    return LQ_OK;
}

static enum lq_status check_year(const char *name, const struct year_row *rows, size_t index)
{
    const struct year_row *row = &rows[index];
    for (size_t i = 0; i < index; i++)
        if (rows[i].year == row->year)
            return refuse_at(name, row->where, "year", "stands here a second time");
    const enum lq_status status = check_days(name, row, &row->holidays, false);
    return status != LQ_OK ? status : check_days(name, row, &row->working_weekends, true);
}

// ---------------------------------------------------------------- from files to a law

static enum lq_status take_clocks(struct lq_law *law, const char *name, const struct law_file *file)
{
    const struct clock_row *rows = file->clocks.items;
    const enum lq_status status = check_clocks(name, rows, file->clocks.count);
    if (status != LQ_OK)
        return status;
    struct lq_clock *clocks = LQ_NEW_ARRAY(&law->arena, struct lq_clock, file->clocks.count);
    for (size_t i = 0; i < file->clocks.count; i++) {
        clocks[i] = rows[i].clock;
        clocks[i].arguable = rows[i].arguable_unit != NO_UNIT;
        if (clocks[i].arguable)
            clocks[i].arguable_unit = (enum lq_clock_unit)rows[i].arguable_unit;
        clocks[i].pause_events = rows[i].pauses.items;
        clocks[i].pause_count = rows[i].pauses.count;
    }
    law->clocks = clocks;
    law->clock_count = file->clocks.count;
    return LQ_OK;
}

static enum lq_status take_years(struct lq_law *law, const char *name,
                                 const struct calendar_file *file)
{
    const struct year_row *rows = file->years.items;
    struct lq_calendar_year *years =
        LQ_NEW_ARRAY(&law->arena, struct lq_calendar_year, file->years.count);
    for (size_t i = 0; i < file->years.count; i++) {
        const enum lq_status status = check_year(name, rows, i);
        if (status != LQ_OK)
            return status;
        years[i] = (struct lq_calendar_year){
            .year = rows[i].year,
            .holidays = rows[i].holidays.items,
            .holiday_count = rows[i].holidays.count,
            .working_weekends = rows[i].working_weekends.items,
            .working_weekend_count = rows[i].working_weekends.count,
        };
    }
    law->years = years;
    law->year_count = file->years.count;
    return LQ_OK;
}

// From the directory, or where that is NULL from what is compiled in.
static enum lq_status load_file(const char *directory, const char *name,
                                const struct lq_yaml_field *fields, void *out, const char **path,
                                struct lq_arena *arena)
{
    *path = name;
    if (directory == NULL)
        return lq_yaml_load(lq_default_file(name), name, fields, out, arena);
    *path = lq_arena_format(arena, "%s/%s", directory, name);
    return lq_yaml_load_file(*path, fields, out, arena);
}

static enum lq_status fill(struct lq_law *law, const char *directory)
{
    struct law_file law_file = {0};
    struct calendar_file calendar_file = {0};
    const char *path;
    enum lq_status status =
        load_file(directory, "law.yaml", law_fields, &law_file, &path, &law->arena);
    if (status == LQ_OK)
        status = take_clocks(law, path, &law_file);
    if (status == LQ_OK)
        status = load_file(directory, "calendar.yaml", calendar_fields, &calendar_file, &path,
                           &law->arena);
    if (status == LQ_OK)
        status = take_years(law, path, &calendar_file);
    if (status == LQ_OK)
        law->revision =
            lq_arena_format(&law->arena, "%s+%s", law_file.revision, calendar_file.revision);
    return status;
}

void lq_law_free(struct lq_law *law)
{
    if (law == NULL)
        return;
    lq_arena_free(&law->arena);
    free(law);
}

static enum lq_status make(const char *directory, struct lq_law **out)
{
    struct lq_law *law = calloc(1, sizeof *law);
    LQ_ASSERT(law != NULL);
    const enum lq_status status = fill(law, directory);
    if (status != LQ_OK) {
        lq_law_free(law);
        return status;
    }
    *out = law;
    return LQ_OK;
}

enum lq_status lq_law_load(const char *directory, struct lq_law **out)
{
    LQ_ASSERT(directory != NULL);
    return make(directory, out);
}

struct lq_law *lq_law_from_builtin(void)
{
    struct lq_law *law = NULL;
    if (make(NULL, &law) != LQ_OK)
        lq_panic(__FILE__, __LINE__, "the compiled-in law: %s", lq_fault_text());
    return law;
}
