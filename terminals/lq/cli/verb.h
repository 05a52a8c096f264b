// A verb of `lq` is a row of data: what is typed, which message it fills, what is shown of the
// answer. Help, usage, what an option may hold and the words about a wrong one all come from it.
// Code is written only where a verb asks or shows what no row can say: the hooks at the end of
// struct lq_verb. test_verbs holds every row against the messages.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "language/language.h"

struct lq_cli;
struct lq_output;

// ---------------------------------------------------------------- arguments

enum lq_use {
    LQ_MAY,   // may be given
    LQ_SHOWN, // the same, and the usage line says so
    LQ_ASKED, // the service wants it; the usage line says so
    LQ_MUST,  // without it nothing is sent
};

enum lq_kind {
    LQ_OF_MEMBER, // as the member's type says: text, number, flag, day, instant, degrees, an
                  // enum's word; a repeated one may be given repeatedly
    LQ_TEXT,      // the next four: for the verb's own code, where there is no member
    LQ_FLAG,
    LQ_NUMBER, // from 1 on: what is 0 was not given. (Of a member, 0 may be given, too.)
    LQ_DAY,
    LQ_MANY,        // a text that may be given repeatedly
    LQ_INSTANT,     // a day stands for its first instant
    LQ_INSTANT_END, // a day stands for the first instant after it
    LQ_DAYS_AHEAD,  // a number of days: the instant so far from now
    LQ_DEGREES,
    LQ_WORD,       // of an enum
    LQ_WORD_SET,   // the same, but not the word of its zero
    LQ_MANY_WORDS, // of an enum, repeatedly
    LQ_REST,       // all positions from here on
    LQ_LIMIT,      // how many rows of a list
    LQ_GLOBAL,     // an option of every command, mentioned here
    LQ_ELSEWHERE, // an option that other commands have: whoever gives it is told which, by its help
};

struct lq_arg {
    const char *option; // "--kind"; NULL: a position
    const char *takes;  // what stands for the value in usage and help: "KIND"; NULL: a flag
    const char *member; // of the message that is filled; NULL: the verb's own code reads it
    enum lq_use use;
    struct lq_phrase help; // NULL: none; of an option: it shares the next one's line
    enum lq_kind kind;
    const char *bare; // what an option says with no value behind it; NULL: it needs one
    // Finds the value where none was given ("": there is none); gives the exit code.
    int (*otherwise)(struct lq_cli *cli, const char **text);
};

// The rows: what an option takes ("KIND"; NULL: a flag), the member that it fills (or NULL), its
// use, its help in English and Chinese; then what else there is (.kind = LQ_DAY).
#define LQ_OPTION(_option, _takes, _member, _use, _en, _zh, ...)                                   \
    {                                                                                              \
        .option = (_option), .takes = (_takes), .member = (_member), .use = (_use),                \
        .help = {_en, _zh}, __VA_ARGS__                                                            \
    }
#define LQ_POSITION(_takes, _member, _use, ...)                                                    \
    {                                                                                              \
        .takes = (_takes), .member = (_member), .use = (_use), __VA_ARGS__                         \
    }
#define LQ_LIMIT_OPTION                                                                            \
    LQ_OPTION("--limit", "N", NULL, LQ_MAY, "at most so many (default: all)",                      \
              "最多几行（默认全部）", .kind = LQ_LIMIT)

// Of a list that is only of now: --on and --as-of, and the command that tells of then.
#define LQ_ONLY_OF_NOW(_command)                                                                   \
    LQ_OPTION("--on", "DATE", NULL, LQ_MAY, NULL, NULL, .kind = LQ_ELSEWHERE),                     \
        LQ_OPTION("--as-of", "TIME", NULL, LQ_MAY, "only of now; for then, " _command,             \
                  "只列当前；查当时用 " _command, .kind = LQ_ELSEWHERE)

// ---------------------------------------------------------------- verbs

typedef int lq_compare_fn(const void *a, const void *b);

enum lq_asks { LQ_NOTHING, LQ_COMMAND, LQ_QUERY };

struct lq_verb {
    const char *noun, *verb; // as typed; verb "" for a noun alone
    const char *word;        // the verb in Chinese, as it is shown and can be typed; NULL: the same
    struct lq_phrase summary;
    const struct lq_arg *args; // ends with {0}; NULL: it takes none

    // The message: a member of <service>.Command or <service>.Query.
    const char *service;
    enum lq_asks asks;
    const char *variant;

    struct {
        const char *member; // NULL: nothing is set before the arguments are
        int value;
    } preset;
    struct lq_phrase needs; // said where an option with LQ_MUST is missing; NULL: that it is
    const struct lq_column *columns; // of a list (ends with {0}); its rows are read page by page
    // In which order they are shown (as for qsort, of pointers to rows); NULL: as the service has
    // them. It is asked with the message that was sent.
    lq_compare_fn *(*order)(const ProtobufCMessage *asked);
    struct lq_phrase absent; // of one thing: "there is no case %s (…)"

    const char *usage;      // where it does not follow from the arguments
    bool more;              // "...": the usage line leaves some out
    unsigned help_column;   // of the options' texts; 0: the usual
    struct lq_phrase notes; // below the options: lines that end with \n

    // Hooks. `run` does everything once the arguments were read (lq_given_*). `complete` is shown
    // the filled message before it is sent, `show` prints the answer's member.
    // `line` takes the place of both: it gets the words as they were typed, without the verb.
    int (*run)(struct lq_cli *cli);
    int (*line)(struct lq_cli *cli, int argc, char **argv);
    void (*complete)(struct lq_cli *cli, ProtobufCMessage *message);
    int (*show)(struct lq_cli *cli, const ProtobufCMessage *answer);
    // What people are shown behind the answer about one thing.
    int (*after)(struct lq_cli *cli, const ProtobufCMessage *asked, const ProtobufCMessage *answer);

    // For completion: tells (lq_candidate, complete/complete.h) what may stand for an argument that
    // fills no member. The words are the positions before it. False: nothing of it is known.
    bool (*suggest)(struct lq_cli *cli, const struct lq_arg *arg, char **words);

    // Without the bus, what was answered last is shown (outbox/snapshot.h). `remember` is shown the
    // <service>.Answer, of a list its first page, to keep more of it than this question's answer.
    bool offline;
    void (*remember)(struct lq_cli *cli, const ProtobufCMessage *answer);
};

// The rows: noun, verb, summary in English and Chinese, arguments (or NULL); then the message, and
// what else there is.
#define LQ_VERB(_noun, _verb, _en, _zh, _args, ...)                                                \
    {                                                                                              \
        .noun = (_noun), .verb = (_verb), .summary = {_en, _zh}, .args = (_args), __VA_ARGS__      \
    }
#define LQ_SENDS(_service, _variant)                                                               \
    .service = (_service), .asks = LQ_COMMAND, .variant = (_variant)
#define LQ_ASKS_FOR(_service, _variant)                                                            \
    .service = (_service), .asks = LQ_QUERY, .variant = (_variant)

// ---------------------------------------------------------------- running one

// Reads the arguments as cli->verb says, and does what it says. argv[0] is the first one after the
// verb. Gives the exit code.
int lq_verb_run(struct lq_cli *cli, int argc, char **argv);

// Sends the verb's command with this message as its body; for hooks. Gives the exit code.
int lq_verb_send(struct lq_cli *cli, ProtobufCMessage *message);

// The type of the service's Command or Query member that the verb fills; NULL: none.
const ProtobufCMessageDescriptor *lq_verb_message(const struct lq_verb *verb);

// What was given to an option ("--first") or a position ("BADGE"). No text is NULL, no number 0.
const char *lq_given_text(const struct lq_cli *cli, const char *name);
int64_t lq_given_number(const struct lq_cli *cli, const char *name);
bool lq_given(const struct lq_cli *cli, const char *name);
const char *const *lq_given_all(struct lq_cli *cli, const char *name, size_t *count);

// Puts what was given into a message of the verb's type; what was not given stays.
void lq_given_fill(struct lq_cli *cli, ProtobufCMessage *message);

// ---------------------------------------------------------------- telling of them

// The command line of a verb: "ORDER [TEAM] --why TEXT". In the cli's arena.
const char *lq_verb_usage(struct lq_cli *cli, const struct lq_verb *verb);

// lq help [NOUN [VERB]], and what is said about a noun or verb that is none. Give the exit code.
int lq_help(struct lq_cli *cli, int argc, char **argv);
int lq_unknown_noun(struct lq_cli *cli, const char *typed);
int lq_unknown_verb(struct lq_cli *cli, const struct lq_verb *table, const char *typed);

// The tables, and the verbs of commands and questions that no row names: those have what the .proto
// says (cli/derive.c). In the cli's arena.
const struct lq_verb *const *lq_verbs_whole(struct lq_cli *cli,
                                            const struct lq_verb *const *tables);

// The table of a noun; the verb of a table, or its noun alone. NULL: there is none.
const struct lq_verb *lq_verbs_of(const struct lq_cli *cli, const char *noun);
const struct lq_verb *lq_verb_named(const struct lq_verb *table, const char *verb);

// ---------------------------------------------------------------- options of every command

extern const struct lq_arg lq_global_options[]; // ends with {0}

// Takes them out of the line, wherever they stand. False: what is wrong was told.
bool lq_take_global(struct lq_cli *cli, int *argc, char **argv);
