// As in settings.c, the compiled-in file is the defaults. Only the revision is required: a file
// with other values must not carry the name of ours.
#include "config/policy.h"

#include <stddef.h>

#include "base/degrees.h"
#include "config/defaults.h"
#include "config/forms.h"
#include "config/policy_terms.h"
#include "config/yaml.h"
#include "language/language.h"

struct policy_file {
    struct lq_policy policy;
    struct lq_policy_terms_file terms;
    struct lq_yaml_list minimum;   // struct lq_yaml_count
    struct lq_yaml_list no_let_go; // struct lq_line
};

#define FILE_AT(member) offsetof(struct policy_file, member)
#define AT(member) FILE_AT(policy.member)

#define DAY_MS INT64_C(86400000)

static const char *check_revision(const char *text)
{
    return *text == '\0' ? LQ_TR_LATER("a text that names this state of the file") : NULL;
}

#define LIMIT(member, highest)                                                                     \
    {                                                                                              \
#member, false, offsetof(struct lq_limits, member),                                        \
        {                                                                                          \
            .kind = LQ_YAML_INT, .least = 0, .most = (highest)                                     \
        }                                                                                          \
    }

enum {
    COUNT_MOST = 1000000,
    DAYS_MOST = 36525,
    TEAMS_MOST = 64,
    YUAN_MOST = 1000000000,
    CHANNELS_MOST = 500
}; // two events each, and two more: LQ_EVENTS_PER_COMMAND

static const struct lq_yaml_field limits[] = {
    LIMIT(vehicles, COUNT_MOST),
    LIMIT(machines, COUNT_MOST),
    LIMIT(teams, TEAMS_MOST),
    LIMIT(participants, COUNT_MOST),
    LIMIT(meeting_issues, COUNT_MOST),
    LIMIT(channels, CHANNELS_MOST),
    LIMIT(reward_yuan, YUAN_MOST),
    LIMIT(budget_yuan, YUAN_MOST),
    LIMIT(notice_days, DAYS_MOST),
    LIMIT(issue_days, DAYS_MOST),
    LIMIT(deadline_days, DAYS_MOST),
    LIMIT(shift_days, DAYS_MOST),
    {"earliest_day", false, offsetof(struct lq_limits, earliest_day), {.kind = LQ_YAML_DAY}},
    {0},
};

static const struct lq_yaml_field fund[] = {
    {"camera_yuan",
     false,
     offsetof(struct lq_fund_policy, camera_yuan),
     {.kind = LQ_YAML_INT, .least = 0, .most = YUAN_MOST}},
    {0},
};

#define NEEDED(member, highest)                                                                    \
    {                                                                                              \
#member, false, offsetof(struct lq_acceptance, member),                                    \
        {                                                                                          \
            .kind = LQ_YAML_INT, .least = 0, .most = (highest)                                     \
        }                                                                                          \
    }

static const struct lq_yaml_field acceptance[] = {
    NEEDED(signatures, 20),
    NEEDED(experts, 20),
    NEEDED(video_hours, 720),
    {0},
};

// All four or none: half of another county would be no county.
#define BOUND(side, furthest)                                                                      \
    {                                                                                              \
#side, true, offsetof(struct lq_county, side##_e7),                                        \
        {                                                                                          \
            .kind = LQ_YAML_DEGREES, .least = -(furthest) * (int64_t)LQ_DEGREE,                    \
            .most = (furthest) * (int64_t)LQ_DEGREE                                                \
        }                                                                                          \
    }

static const struct lq_yaml_field county[] = {
    BOUND(north, 90), BOUND(south, 90), BOUND(east, 180), BOUND(west, 180), {0},
};

static const char *check_line(const char *text)
{
    return *text == '\0' ? LQ_TR_LATER("a text that is not empty") : NULL;
}

// All of them or none, as with the bounds.
#define NAME(member)                                                                               \
    {                                                                                              \
#member, true, offsetof(struct lq_paper_names, member),                                    \
        {                                                                                          \
            .kind = LQ_YAML_TEXT, .check = check_line                                              \
        }                                                                                          \
    }

static const struct lq_yaml_field papers[] = {
    NAME(agency),
    NAME(abbreviation),
    NAME(government),
    NAME(superior),
    NAME(court),
    NAME(public_security),
    {0},
};

static const struct lq_yaml_field line[] = {
    {"zh", true, offsetof(struct lq_line, zh), {.kind = LQ_YAML_TEXT, .check = check_line}},
    {"en", true, offsetof(struct lq_line, en), {.kind = LQ_YAML_TEXT, .check = check_line}},
    {0},
};
static const struct lq_yaml_type line_type = {
    .kind = LQ_YAML_MAP, .fields = line, .size = sizeof(struct lq_line)};

static const struct lq_yaml_field fields[] = {
    {"revision", true, AT(revision), {.kind = LQ_YAML_TEXT, .check = check_revision}},
    {"future_tolerance_ms",
     false,
     AT(future_tolerance_ms),
     {.kind = LQ_YAML_INT, .least = 0, .most = 600000}},
    {"clock_leap_ms",
     false,
     AT(clock_leap_ms),
     {.kind = LQ_YAML_INT, .least = 0, .most = 86400000}},
    {"causal_wait_ms", false, AT(causal_wait_ms), {.kind = LQ_YAML_INT, .least = 0, .most = 60000}},
    {"batch_max", false, AT(batch_max), {.kind = LQ_YAML_INT, .least = 1, .most = 65536}},
    {"fetch_max", false, AT(fetch_max), {.kind = LQ_YAML_INT, .least = 1, .most = 65536}},
    {"fetch_wait_max_ms",
     false,
     AT(fetch_wait_max_ms),
     {.kind = LQ_YAML_INT, .least = 0, .most = 600000}},
    {"journal_refuse_percent",
     false,
     AT(journal_refuse_percent),
     {.kind = LQ_YAML_INT, .least = 1, .most = 99}},
    {"disk_refuse_free_mib",
     false,
     AT(disk_refuse_free_mib),
     {.kind = LQ_YAML_INT, .least = 0, .most = 1048576}},
    {"live_window_ms",
     false,
     FILE_AT(policy.live_window_ms),
     {.kind = LQ_YAML_INT, .least = 0, .most = 31 * DAY_MS}},
    {"paper_grace_ms",
     false,
     FILE_AT(policy.paper_grace_ms),
     {.kind = LQ_YAML_INT, .least = 0, .most = 31 * DAY_MS}},
    {"paper_clocks",
     false,
     FILE_AT(terms.paper_clocks),
     {.kind = LQ_YAML_LIST, .items = &lq_policy_clock_id}},
    {"marks", false, FILE_AT(terms.marks), {.kind = LQ_YAML_MAP, .fields = lq_policy_marks}},
    {"terms", false, FILE_AT(terms.terms), {.kind = LQ_YAML_LIST, .items = &lq_policy_term_type}},
    {"limits", false, AT(limits), {.kind = LQ_YAML_MAP, .fields = limits}},
    {"fund", false, AT(fund), {.kind = LQ_YAML_MAP, .fields = fund}},
    {"acceptance", false, AT(acceptance), {.kind = LQ_YAML_MAP, .fields = acceptance}},
    {"county", false, AT(county), {.kind = LQ_YAML_MAP, .fields = county}},
    {"papers", false, AT(papers), {.kind = LQ_YAML_MAP, .fields = papers}},
    {"no_let_go", false, FILE_AT(no_let_go), {.kind = LQ_YAML_LIST, .items = &line_type}},
    {"minimum", false, FILE_AT(minimum), {.kind = LQ_YAML_COUNTS, .least = 1, .most = COUNT_MOST}},
    {0},
};

static void take_minimum(struct lq_policy *policy, const struct lq_yaml_list *list,
                         struct lq_arena *arena)
{
    const struct lq_yaml_count *counts = list->items;
    struct lq_minimum *minimum = LQ_NEW_ARRAY(arena, struct lq_minimum, list->count);
    for (size_t i = 0; i < list->count; i++)
        minimum[i] = (struct lq_minimum){.of = counts[i].name, .count = counts[i].count};
    policy->minimum = minimum;
    policy->minimum_count = list->count;
}

enum lq_status lq_policy_load(const char *path, struct lq_arena *arena, struct lq_policy *out)
{
    struct policy_file file = {0};
    lq_default_load("policy.yaml", fields, &file, arena);
    enum lq_status status = path ? lq_yaml_load_file(path, fields, &file, arena) : LQ_OK;
    const struct lq_county *at = &file.policy.county;
    if (status == LQ_OK && (at->north_e7 <= at->south_e7 || at->east_e7 <= at->west_e7))
        return lq_fault(LQ_E_INPUT, "%s: county: north lies above south, and east above west",
                        path);
    if (status == LQ_OK)
        status = lq_policy_take_terms(&file.policy, path != NULL ? path : "policy.yaml",
                                      &file.terms, arena);
    take_minimum(&file.policy, &file.minimum, arena);
    file.policy.no_let_go = file.no_let_go.items;
    file.policy.no_let_go_count = file.no_let_go.count;
    struct lq_forms *forms = LQ_NEW(arena, struct lq_forms);
    if (status == LQ_OK)
        status = lq_forms_load(NULL, arena, forms);
    file.policy.forms = forms;
    *out = file.policy;
    return status;
}
