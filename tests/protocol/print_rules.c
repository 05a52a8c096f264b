// Prints the rule tables of all services as the tables of docs/protocol.md. A table in a document
// that nobody generates is wrong within a month; the test protocol_doc compares the two.
#include <stdio.h>

#include "bus/keyring/roles.h"
#include "service/service.h"

enum { WHO_TEXT = 2 * LQ_ROLES_TEXT };

static const char *who(uint32_t roles, char buffer[WHO_TEXT])
{
    if (roles == 0)
        return "nobody";
    if ((roles & LQ_ANYONE) == LQ_ANYONE)
        return "everybody";
    if ((roles & LQ_ANYONE) == LQ_ANY_PERSON)
        return "every person";
    if (roles == LQ_ROLE(SERVICE))
        return "services only";
    // "desk,lead" -> "desk, lead"
    char list[LQ_ROLES_TEXT], *out = buffer;
    for (const char *text = lq_roles_format(roles, list); *text != '\0'; text++) {
        *out++ = *text;
        if (*text == ',')
            *out++ = ' ';
    }
    *out = '\0';
    return buffer;
}

static void print_head(const struct lq_service *service, const ProtobufCMessageDescriptor *type,
                       unsigned variant, uint32_t roles)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(type, variant);
    LQ_ASSERT(field != NULL);
    const ProtobufCMessageDescriptor *message = field->descriptor;
    char buffer[WHO_TEXT];
    printf("| %s | %u `%s` | `%s` | %s |", service->name, variant, field->name, message->name,
           who(roles, buffer));
}

static void print_commands(const struct lq_service *service)
{
    for (const struct lq_command_row *row = service->commands; row->variant != 0; row++) {
        char buffer[WHO_TEXT];
        print_head(service, service->command_type, row->variant, row->who);
        printf(" %s |\n", who(row->behalf, buffer));
    }
}

static void print_queries(const struct lq_service *service)
{
    for (const struct lq_query_row *row = service->queries; row->variant != 0; row++) {
        print_head(service, service->query_type, row->variant, row->who);
        putchar('\n');
    }
}

int main(void)
{
    puts("| service | command | message | who may | on behalf of such a person |");
    puts("|---|---|---|---|---|");
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        print_commands(*s);
    puts("\n| service | query | message | who may |");
    puts("|---|---|---|---|");
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        print_queries(*s);
    return ferror(stdout) != 0;
}
