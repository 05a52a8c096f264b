// As in settings.c, the compiled-in file is the defaults. Only the revision is required: a file
// with other values must not carry the name of ours.
#include "config/policy.h"

#include <stddef.h>

#include "config/defaults.h"
#include "config/yaml.h"

#define AT(member) offsetof(struct lq_policy, member)

static const char *check_revision(const char *text)
{
    return *text == '\0' ? "a text that names this state of the file" : NULL;
}

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
    {0},
};

enum lq_status lq_policy_load(const char *path, struct lq_arena *arena, struct lq_policy *out)
{
    *out = (struct lq_policy){0};
    lq_default_load("policy.yaml", fields, out, arena);
    return path ? lq_yaml_load_file(path, fields, out, arena) : LQ_OK;
}
