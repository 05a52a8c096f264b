#include "service/rules.h"

#include <stddef.h>

const struct lq_rule *lq_rule_find(const struct lq_rule *rules, enum lq_rule_kind kind, int variant)
{
    for (const struct lq_rule *rule = rules; rule->kind != LQ_RULE_END; rule++)
        if (rule->kind == kind && rule->variant == variant)
            return rule;
    return NULL;
}
