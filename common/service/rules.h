// Who may do what: one row for each command and query of a service.
#pragma once

#include <stdint.h>

#include "envelope.pb-c.h"

#define LQ_ROLE(name) (1u << LQ__ROLE__##name)

// Every person on the roster, whatever the role; and everybody, services included.
#define LQ_ANY_PERSON                                                                              \
    (LQ_ROLE(COMMANDER) | LQ_ROLE(DESK) | LQ_ROLE(LIAISON) | LQ_ROLE(CLERK) | LQ_ROLE(INSPECTOR) | \
     LQ_ROLE(ADMIN) | LQ_ROLE(LEAD) | LQ_ROLE(OFFICER))
#define LQ_ANYONE (LQ_ANY_PERSON | LQ_ROLE(SERVICE))

enum lq_rule_kind { LQ_RULE_END, LQ_RULE_COMMAND, LQ_RULE_QUERY };

struct lq_rule {
    enum lq_rule_kind kind;
    int variant;     // the member's number in the oneof `body`
    uint32_t who;    // roles that may do it in their own name
    uint32_t behalf; // roles that may do it in the name of one who is in `who`, with a reason
};

#define LQ_COMMAND_RULE(variant_, who_, behalf_)                                                   \
    {                                                                                              \
        .kind = LQ_RULE_COMMAND, .variant = (variant_), .who = (who_), .behalf = (behalf_)         \
    }
#define LQ_QUERY_RULE(variant_, who_)                                                              \
    {                                                                                              \
        .kind = LQ_RULE_QUERY, .variant = (variant_), .who = (who_)                                \
    }

const struct lq_rule *lq_rule_find(const struct lq_rule *rules, enum lq_rule_kind kind,
                                   int variant);
