// The terms of policy.yaml and what rings when: what the file may contain. Only this folder
// includes it.
#pragma once

#include "config/policy.h"
#include "config/yaml.h"

struct lq_policy_terms_file {
    struct lq_yaml_list terms, paper_clocks;
    struct {
        struct lq_yaml_list days, hours;
    } marks;
};

// Words of the files, for terms of the law and of the county alike: enum lq_clock_unit,
// lq_clock_roll.
extern const char *const lq_clock_unit_words[], *const lq_clock_roll_words[];

extern const struct lq_yaml_type lq_policy_clock_id, lq_policy_term_type;
extern const struct lq_yaml_field lq_policy_marks[];

// Takes the terms over into the policy; LQ_E_INPUT names the place.
enum lq_status lq_policy_take_terms(struct lq_policy *policy, const char *path,
                                    const struct lq_policy_terms_file *file,
                                    struct lq_arena *arena);
