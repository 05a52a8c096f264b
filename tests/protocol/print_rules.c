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

static void print_service(const struct lq_service *service, enum lq_rule_kind kind)
{
    const ProtobufCMessageDescriptor *type =
        kind == LQ_RULE_COMMAND ? service->command_type : service->query_type;
    for (const struct lq_rule *rule = service->rules; rule->kind != LQ_RULE_END; rule++) {
        if (rule->kind != kind)
            continue;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(type, (unsigned)rule->variant);
        LQ_ASSERT(field != NULL);
        const ProtobufCMessageDescriptor *message = field->descriptor;
        char buffer[WHO_TEXT];
        printf("| %s | %d `%s` | `%s` | %s |", service->name, rule->variant, field->name,
               message->name, who(rule->who, buffer));
        if (kind == LQ_RULE_COMMAND)
            printf(" %s |", who(rule->behalf, buffer));
        putchar('\n');
    }
}

int main(void)
{
    puts("| service | command | message | who may | on behalf of such a person |");
    puts("|---|---|---|---|---|");
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        print_service(*s, LQ_RULE_COMMAND);
    puts("\n| service | query | message | who may |");
    puts("|---|---|---|---|");
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        print_service(*s, LQ_RULE_QUERY);
    return ferror(stdout) != 0;
}
