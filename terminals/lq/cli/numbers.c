// Official numbers as people type them: o263, ｏ０２６３ and 263 are O0263 where an order is asked
// for. What does not look like a short form stays as it is: a county may number as it likes.
#include <ctype.h>
#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "service/service.h"

// The forms in which the services give numbers, by the members of messages that refer to them, and
// the question whether there is one that is called just as it was typed.
struct form {
    const char *service, *member; // service NULL: in every service
    const char *prefix;
    int width;
    const char *owner, *query, *by, *noun;
};

static const struct form FORMS[] = {
    {"dispatch", "number", "O", 4, "dispatch", "show", "number", LQ_TR_LATER("order")},
    {NULL, "order", "O", 4, "dispatch", "show", "number", LQ_TR_LATER("order")},
    {"seizure", "number", "I", 4, "seizure", "show", "number", LQ_TR_LATER("item")},
    {"seizure", "item", "I", 4, "seizure", "show", "number", LQ_TR_LATER("item")},
    {"ledger", "number", "E", 4, "ledger", "show", "number", LQ_TR_LATER("premises")},
    {NULL, "target", "E", 4, "ledger", "show", "number", LQ_TR_LATER("premises")},
    {NULL, "premises", "E", 4, "ledger", "show", "number", LQ_TR_LATER("premises")},
    {"seizure", "site", "S", 3, "ledger", "show", "number", LQ_TR_LATER("site")},
    {"monitor", "number", "SP", 4, "monitor", "show", "number", LQ_TR_LATER("channel")},
    {"monitor", "channel", "SP", 4, "monitor", "show", "number", LQ_TR_LATER("channel")},
    {"monitor", "channels", "SP", 4, "monitor", "show", "number", LQ_TR_LATER("channel")},
    {NULL, "team", "T", 2, "shift", "people", "team", LQ_TR_LATER("team")},
    {NULL, "teams", "T", 2, "shift", "people", "team", LQ_TR_LATER("team")},
    {NULL, "badge", "P", 4, "shift", "people", "badge", LQ_TR_LATER("person")},
};

// Full-width letters, digits and signs (U+FF01 to U+FF5E) as ASCII.
static char *narrow(struct lq_cli *cli, const char *text)
{
    char *out = lq_arena_text(&cli->arena, text), *to = out;
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (at[0] == 0xef && (at[1] == 0xbc || at[1] == 0xbd) && at[2] >= 0x80) {
            const int character = (at[1] - 0xbc) * 64 + at[2] - 0x80; // from U+FF00 on
            if (character >= 0x01 && character <= 0x5e) {
                *to++ = (char)(character + 0x20);
                at += 2;
                continue;
            }
        }
        *to++ = (char)*at;
    }
    *to = '\0';
    return out;
}

// "263" or "o263" as O0263; what is no short form as it is.
static const char *lengthen(struct lq_cli *cli, const struct form *form, const char *text)
{
    const char *digits = text;
    if (strncasecmp(text, form->prefix, strlen(form->prefix)) == 0)
        digits += strlen(form->prefix);
    const size_t count = strspn(digits, "0123456789");
    if (digits[count] != '\0' || count == 0 || count > (size_t)form->width)
        return text;
    return lq_arena_format(&cli->arena, "%s%.*s%s", form->prefix, form->width - (int)count,
                           "0000000", digits);
}

// Whether there is one that is called so; gives the exit code of asking.
static int look_up(struct lq_cli *cli, const struct form *form, const char *text, bool *is_known)
{
    const struct lq_service *owner = lq_service_named(form->owner);
    const ProtobufCMessageDescriptor *type =
        protobuf_c_message_descriptor_get_field_by_name(owner->query_type, form->query)->descriptor;
    ProtobufCMessage *asked = lq_pb_new(&cli->arena, type), *answer;
    lq_pb_set_text(asked, protobuf_c_message_descriptor_get_field_by_name(type, form->by), text);
    const int code = lq_cli_query(cli, form->owner,
                                  lq_pb_wrap(&cli->arena, owner->query_type, form->query, asked),
                                  owner->answer_type, &answer);
    const ProtobufCMessage *told = code == LQ_EXIT_DONE ? lq_pb_variant_message(answer) : NULL;
    *is_known = told != NULL && lq_pb_count(told, &told->descriptor->fields[0]) > 0;
    return code;
}

// Where nobody can be asked, there is none.
static bool is_known(struct lq_cli *cli, const struct form *form, const char *text)
{
    bool known;
    return !cli->later && look_up(cli, form, text, &known) == LQ_EXIT_DONE && known;
}

static const struct form *form_of(const char *service, const char *member)
{
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++)
        if (strcmp(FORMS[i].member, member) == 0 &&
            (FORMS[i].service == NULL || strcmp(FORMS[i].service, service) == 0))
            return &FORMS[i];
    return NULL;
}

bool lq_number_is_unknown(struct lq_cli *cli, const char *service, const char *member,
                          const char *number, const char **noun)
{
    bool known;
    const struct form *form = form_of(service, member);
    *noun = form != NULL ? form->noun : NULL;
    return form != NULL && look_up(cli, form, number, &known) == LQ_EXIT_DONE && !known;
}

const char *lq_number_typed(struct lq_cli *cli, const char *service, const char *member,
                            const char *typed)
{
    const struct form *form = form_of(service, member);
    if (form == NULL)
        return typed;
    const char *text = narrow(cli, typed), *meant = lengthen(cli, form, text);
    return strcmp(text, meant) == 0 || is_known(cli, form, text) ? text : meant;
}
