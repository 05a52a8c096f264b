// What the files of cli/ share about arguments.
#pragma once

#include "base/arena.h"
#include "lq/cli/verb.h"

#define LQ_EACH_ARG(arg, of)                                                                       \
    for (const struct lq_arg *arg = (of)->args;                                                    \
         arg != NULL && (arg->option != NULL || arg->takes != NULL); arg++)

// Reads the line into cli->given. Gives the exit code; what is wrong was told.
int lq_take_arguments(struct lq_cli *cli, int argc, char **argv);

// With what stands in full width (７, Ａ, ：) as it is typed elsewhere; in the arena.
char *lq_narrow(struct lq_arena *arena, const char *text);

// The number that a person means who types this where a service's message refers to something by
// that member. One that is called just as it was typed goes before a short form; so somebody may
// have to be asked.
const char *lq_number_typed(struct lq_cli *cli, const char *service, const char *member,
                            const char *typed);

// Reads a whole number of at most 32 bits.
bool lq_arg_number(const char *typed, int64_t *out);

// Does what the member refers to have a number of ours, and is there none of this number? *noun is
// what it is ("order", to be translated), NULL if that member refers to nothing.
bool lq_number_is_unknown(struct lq_cli *cli, const char *service, const char *member,
                          const char *number, const char **noun);

// May the option be given repeatedly?
bool lq_arg_repeats(const struct lq_verb *verb, const struct lq_arg *arg);
