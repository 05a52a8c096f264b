// What can be typed next: for the shell, which asks with every Tab (lq complete WORD...; no verb
// that people see). It comes from the tables of verbs, from the .proto files and from the bus.
#pragma once

#include "lq/cli/cli.h"

// What fits where the last of the words stands, which may be empty: a line each, with what it is
// behind a tab; ":files" or ":folders" where the shell knows better. Says nothing about anything
// that is wrong. Gives the exit code.
int lq_complete(struct lq_cli *cli, int argc, char **argv);

// One thing that could be typed; only what begins as the typed word does is kept.
void lq_candidate(const char *word, const char *what);

// The same for what has a word in either language: the person's, and the other one too where it is
// begun.
void lq_candidate_either(const char *english, const char *chinese);

// The numbers that there are of what the member refers to, as the bus tells within LQ_LIVE_MS, or
// as was seen last where it does not answer: open orders, premises, items, cases, people …
enum { LQ_LIVE_MS = 300 };
void lq_candidates_live(struct lq_cli *cli, const char *service, const char *member);
