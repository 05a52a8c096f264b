// Prints the rule tables of all services as the matrix of docs/permissions.md: every role against
// every command and query. The test permissions_doc compares the two, test_permissions tries each
// cell on running services.
#include <stdio.h>

#include "bus/keyring/roles.h"
#include "rules/things.h"
#include "service/service.h"

enum { FIRST_ROLE = LQ__ROLE__COMMANDER, LAST_ROLE = LQ__ROLE__GATEWAY };

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

static void print_row(const char *name, uint32_t who, uint32_t behalf)
{
    printf("| %s |", name);
    for (unsigned role = FIRST_ROLE; role <= LAST_ROLE; role++) {
        const bool own = (who & 1u << role) != 0;
        const bool other = (behalf & 1u << role) != 0;
        printf(" %s%s |", own ? "●" : other ? "" : "·", other ? "◐" : "");
    }
    putchar('\n');
}

static void print_commands(const struct lq_service *service)
{
    const ProtobufCMessageDescriptor *type = service->command_type;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const struct lq_command_row *row = lq_command_row(service, type->fields[i].id);
        LQ_ASSERT(row != NULL);
        print_row(type->fields[i].name, row->who, row->behalf);
    }
}

static void print_queries(const struct lq_service *service)
{
    const ProtobufCMessageDescriptor *type = service->query_type;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const struct lq_query_row *row = lq_query_row(service, type->fields[i].id);
        LQ_ASSERT(row != NULL);
        print_row(type->fields[i].name, row->who, 0);
    }
}

static void print_things(const struct lq_service *service)
{
    if (service->things == NULL)
        return;
    putchar('\n');
    print_head("correct or void");
    for (const struct lq_thing *thing = service->things; thing->kind != NULL; thing++)
        print_row(thing->kind, thing->who, thing->behalf);
}

int main(void)
{
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        printf("%s## %s\n\n", s == lq_services ? "" : "\n", (*s)->name);
        print_head("command");
        print_commands(*s);
        putchar('\n');
        print_head("query");
        print_queries(*s);
        print_things(*s);
    }
    return ferror(stdout) != 0;
}
