// What was given to the options and positions of a verb.
#include <string.h>

#include "lq/cli/arguments.h"
#include "lq/cli/cli.h"

static const struct lq_given_value *find(const struct lq_cli *cli, const char *name)
{
    for (size_t i = 0; i < cli->given_count; i++) {
        const struct lq_arg *arg = cli->given[i].arg;
        if (strcmp(arg->option != NULL ? arg->option : arg->takes, name) == 0)
            return &cli->given[i];
    }
    return NULL;
}

bool lq_given(const struct lq_cli *cli, const char *name)
{
    return find(cli, name) != NULL;
}

const char *lq_given_text(const struct lq_cli *cli, const char *name)
{
    const struct lq_given_value *value = find(cli, name);
    return value != NULL ? value->text : NULL;
}

int64_t lq_given_number(const struct lq_cli *cli, const char *name)
{
    const struct lq_given_value *value = find(cli, name);
    return value != NULL ? value->number : 0;
}

const char *const *lq_given_all(struct lq_cli *cli, const char *name, size_t *count)
{
    const char **all = LQ_NEW_ARRAY(&cli->arena, const char *, cli->given_count + 1);
    const struct lq_given_value *first = find(cli, name);
    *count = 0;
    for (size_t i = 0; i < cli->given_count; i++)
        if (first != NULL && cli->given[i].arg == first->arg)
            all[(*count)++] = cli->given[i].text;
    return all;
}
