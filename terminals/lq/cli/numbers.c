// Official numbers as people type them: o263, ｏ０２６３ and 263 are O0263 where an order is asked
// for. What does not look like a short form stays as it is: a county may number as it likes.
#include <ctype.h>
#include <string.h>

#include "base/assert.h"
#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"

// The forms in which the services give numbers, by the members of messages that hold them.
static const struct {
    const char *service, *member; // service NULL: in every service
    const char *prefix;
    int width;
} FORMS[] = {
    {"dispatch", "number", "O", 4},  {"seizure", "number", "I", 4},
    {"seizure", "item", "I", 4},     {"seizure", "site", "S", 3},
    {"casefile", "suspect", "X", 3}, {"casefile", "case_number", "C", 3},
    {"ledger", "number", "E", 4},    {NULL, "order", "O", 4},
    {NULL, "target", "E", 4},        {NULL, "premises", "E", 4},
    {NULL, "team", "T", 2},          {NULL, "teams", "T", 2},
    {NULL, "badge", "P", 4},
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

const char *lq_number_typed(struct lq_cli *cli, const char *service, const char *member,
                            const char *typed)
{
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        if (strcmp(FORMS[i].member, member) != 0 ||
            (FORMS[i].service != NULL && strcmp(FORMS[i].service, service) != 0))
            continue;
        char *text = narrow(cli, typed);
        const char *prefix = FORMS[i].prefix, *digits = text;
        if (strncasecmp(text, prefix, strlen(prefix)) == 0)
            digits += strlen(prefix);
        const size_t count = strspn(digits, "0123456789");
        if (digits[count] != '\0' || count == 0 || count > (size_t)FORMS[i].width)
            return text;
        return lq_arena_format(&cli->arena, "%s%.*s%s", prefix, FORMS[i].width - (int)count,
                               "0000000", digits);
    }
    return typed;
}
