// Prints the rule tables of all services as the matrix of docs/permissions.md: every role against
// every command and query. The test permissions_doc compares the two, test_permissions tries each
// cell on running services.
#include <stdio.h>

#include "bus/keyring/roles.h"
#include "service/service.h"

enum { FIRST_ROLE = LQ__ROLE__COMMANDER, LAST_ROLE = LQ__ROLE__SERVICE };

static void print_head(const char *what)
{
    printf("| %s |", what);
    for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++)
        printf(" %s |", lq_role_name(role));
    printf("\n|---|");
    for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++)
        printf(":-:|");
    putchar('\n');
}

static void print_rows(const struct lq_service *service, enum lq_rule_kind kind)
{
    const ProtobufCMessageDescriptor *type =
        kind == LQ_RULE_COMMAND ? service->command_type : service->query_type;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const struct lq_rule *rule = lq_rule_find(service->rules, kind, (int)type->fields[i].id);
        LQ_ASSERT(rule != NULL);
        printf("| %s |", type->fields[i].name);
        for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++) {
            const bool own = (rule->who & 1u << role) != 0;
            const bool behalf = (rule->behalf & 1u << role) != 0;
            printf(" %s%s |", own ? "●" : behalf ? "" : "·", behalf ? "◐" : "");
        }
        putchar('\n');
    }
}

int main(void)
{
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        printf("%s## %s\n\n", s == lq_services ? "" : "\n", (*s)->name);
        print_head("command");
        print_rows(*s, LQ_RULE_COMMAND);
        putchar('\n');
        print_head("query");
        print_rows(*s, LQ_RULE_QUERY);
    }
    return ferror(stdout) != 0;
}
