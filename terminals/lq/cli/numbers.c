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
#include "rules.pb-c.h"
#include "service/service.h"

// The forms in which the services give numbers, by the members of messages that refer to them, and
// the question whether there is one that is called just as it was typed: of most that of things
// (rules.ShowThing), of the noun as its kind.
struct form {
    const char *service, *member; // service NULL: in every service
    const char *prefix;
    int width;
    const char *owner, *query, *by, *noun;
};

#define THING(_member, _prefix, _width, _owner, _kind)                                             \
    {                                                                                              \
        NULL, _member, _prefix, _width, _owner, "thing", "number", _kind                           \
    }

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
    THING("shift", "", 0, "shift", "shift"),
    THING("partner_shift", "", 0, "shift", "shift"),
    THING("absence", "A", 4, "shift", "absence"),
    THING("swap", "W", 4, "shift", "swap"),
    THING("call", "Q", 4, "dispatch", "call"),
    THING("power", "PW", 3, "seizure", "power"),
    THING("notice", "N", 4, "casefile", "notice"),
    THING("penalty", "A", 3, "casefile", "penalty"),
    THING("detention", "D", 3, "casefile", "detention"),
    THING("case_number", "C", 3, "casefile", "case"),
    THING("suspect", "X", 3, "casefile", "suspect"),
    THING("acceptance", "YS", 4, "ledger", "acceptance"),
    THING("limit_number", "XC", 4, "ledger", "limit"),
    THING("tip", "Q", 3, "tips", "tip"),
    THING("volunteer", "V", 4, "tips", "volunteer"),
    THING("meeting", "M", 1, "oversight", "meeting"),
    THING("interview", "YT", 4, "oversight", "interview"),
    THING("issue", "WT", 4, "oversight", "issue"),
    THING("plan", "FA", 3, "oversight", "plan"),
    THING("task", "D", 4, "oversight", "task"),
    THING("budget", "JF", 3, "fund", "budget"),
    THING("grant", "ZJ", 3, "fund", "grant"),
};

// What a shift's number ends in, as rotas name their shifts.
static const struct lq_phrase SHIFTS[] = {{"day", "白班"}, {"evening", "中班"}, {"night", "夜班"}};

// Letters, digits and signs from U+FF01 to U+FF5E, and U+3000, which is a blank.
char *lq_narrow(struct lq_arena *arena, const char *text)
{
    char *out = lq_arena_text(arena, text), *to = out;
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (strncmp((const char *)at, "\xe3\x80\x80", 3) == 0) {
            *to++ = ' ';
            at += 2;
            continue;
        }
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

// "2015-07-18-白班" as 2015-07-18-day.
static const char *shift_meant(struct lq_cli *cli, const char *text)
{
    for (size_t i = 0; i < sizeof SHIFTS / sizeof *SHIFTS; i++) {
        const char *at = strstr(text, SHIFTS[i].zh);
        if (at != NULL && at > text)
            return lq_arena_format(&cli->arena, "%.*s%s%s%s", (int)(at - text), text,
                                   at[-1] == '-' ? "" : "-", SHIFTS[i].en,
                                   at + strlen(SHIFTS[i].zh));
    }
    return text;
}

// "263", "o263" or "O00263" as O0263; what is no short form as it is.
static const char *lengthen(struct lq_cli *cli, const struct form *form, const char *text)
{
    const char *digits = text;
    if (form->width == 0)
        return shift_meant(cli, text);
    if (strncasecmp(text, form->prefix, strlen(form->prefix)) == 0)
        digits += strlen(form->prefix);
    size_t count = strspn(digits, "0123456789");
    for (; count > (size_t)form->width && *digits == '0'; count--)
        digits++;
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
    const bool is_thing = type == &rules__show_thing__descriptor;
    lq_pb_set_text(asked, protobuf_c_message_descriptor_get_field_by_name(type, form->by), text);
    if (is_thing)
        ((Rules__ShowThing *)(void *)asked)->kind = lq_unconst(form->noun);
    const int code = lq_cli_query(cli, form->owner,
                                  lq_pb_wrap(&cli->arena, owner->query_type, form->query, asked),
                                  owner->answer_type, &answer);
    const ProtobufCMessage *told = code == LQ_EXIT_DONE ? lq_pb_variant_message(answer) : NULL;
    *is_known =
        told != NULL && (is_thing ? ((const Rules__Thing *)(const void *)told)->thing.len > 0
                                  : lq_pb_count(told, &told->descriptor->fields[0]) > 0);
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
    const char *text = lq_narrow(&cli->arena, typed), *meant = lengthen(cli, form, text);
    return strcmp(text, meant) == 0 || is_known(cli, form, text) ? text : meant;
}
