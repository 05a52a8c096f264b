// The rule of lq due --rule: as it is typed, and whether there is such a one. Which there are is
// what the services count by: the law.yaml and policy.yaml of the installation, not of this
// program.
#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/nouns/due.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "rules/clocks.h"

char *lq_due_rule_typed(struct lq_cli *cli, const char *typed)
{
    char *rule = lq_narrow(&cli->arena, typed);
    for (char *at = rule; *at != '\0' && !(*at >= '0' && *at <= '9'); at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return rule;
}

static const struct lq_service *service_with_clocks(void)
{
    const struct lq_service *const *s = lq_services;
    while (!lq_has_clocks(*s))
        s++;
    return *s;
}

static const char *joined(struct lq_cli *cli, const Rules__ClocksAnswer *told)
{
    const char *text = "";
    for (size_t i = 0; i < told->n_rules; i++)
        text =
            lq_arena_format(&cli->arena, "%s%s%s", text, i > 0 ? lq_tr(", ") : "", told->rules[i]);
    return text;
}

// Asks for the terms of no kind of thing: there are none, and then which rules there are is told
// where the one that was asked for is none of them.
int lq_due_rule_check(struct lq_cli *cli, const char *rule)
{
    const struct lq_service *service = service_with_clocks();
    Rules__AskClocks asked = RULES__ASK_CLOCKS__INIT;
    ProtobufCMessage *answer;
    asked.kind = lq_unconst("-");
    asked.rule = lq_unconst(rule);
    const int code = lq_cli_query(
        cli, service->name, lq_pb_wrap(&cli->arena, service->query_type, "clocks", &asked.base),
        service->answer_type, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Rules__ClocksAnswer *told = (const void *)lq_pb_variant_message(answer);
    if (told->n_rules == 0)
        return LQ_EXIT_DONE;
    lq_cli_fail("there is no rule \"%s\"; there are: %s", rule, joined(cli, told));
    return LQ_EXIT_REFUSED;
}
