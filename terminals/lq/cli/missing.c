// A rejection names fields of a message ("paper@rules.Act"); whoever typed the command wants to
// know the options by which they are said.
#include "lq/cli/missing.h"

#include <string.h>

#include "base/message.h"
#include "lq/cli/arguments.h"
#include "lq/cli/placeholder.h"
#include "lq/cli/step_verbs.h"

// NULL: none of the verb says it.
static const char *option_of(struct lq_cli *cli, const char *field)
{
    if (cli->verb == NULL)
        return NULL;
    LQ_EACH_ARG(arg, cli->verb)
    if (arg->member != NULL && strcmp(arg->member, field) == 0)
        return arg->option != NULL ? arg->option : lq_placeholders(&cli->arena, arg->takes);
    const char *option = lq_step_option(field);
    LQ_EACH_ARG(arg, cli->verb)
    if (option != NULL && arg->option != NULL && strcmp(arg->option, option) == 0)
        return option;
    return NULL;
}

// "paper@rules.Act, note@rules.Act" with the option behind each: "paper@rules.Act (--paper), …".
static char *with_options(struct lq_cli *cli, const char *words)
{
    const char *text = "";
    for (const char *at = words; *at != '\0';) {
        const size_t size = strcspn(at, "@");
        const char *field = lq_arena_format(&cli->arena, "%.*s", (int)size, at);
        const size_t whose = lq_message_whose(at + size);
        const char *option = whose > 0 ? option_of(cli, field) : NULL;
        const size_t rest = size + whose + strspn(at + size + whose, ", ");
        text = option == NULL
                   ? lq_arena_format(&cli->arena, "%s%.*s", text, (int)rest, at)
                   : lq_arena_format(&cli->arena, "%s%.*s (%s)%.*s", text, (int)(size + whose), at,
                                     option, (int)(rest - size - whose), at + size + whose);
        at += rest;
    }
    return lq_unconst(text);
}

const char *lq_cli_rejected_told(struct lq_cli *cli, const Lq__Rejected *rejected)
{
    char *parts[LQ_MESSAGE_PARTS];
    const size_t count =
        rejected->n_sentence < LQ_MESSAGE_PARTS ? rejected->n_sentence : LQ_MESSAGE_PARTS;
    for (size_t i = 0; i < count; i++) {
        parts[i] = rejected->sentence[i];
        if (i > 0 && lq_message_is_word(parts[0], (unsigned)i) && strchr(parts[i], '@') != NULL)
            parts[i] = with_options(cli, parts[i]);
    }
    return lq_cli_sentence(rejected->text, parts, count);
}
