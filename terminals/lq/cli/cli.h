// What every command of `lq` gets and uses: the options that all commands share, the connection,
// and how a refusal becomes an exit code. verb.h says what a command is.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "client/client.h"
#include "client/sign_on.h"
#include "lq/cli/verb.h"
#include "lq/show/output.h"

// Exit codes, the same for every command.
enum lq_exit {
    LQ_EXIT_DONE = 0,
    LQ_EXIT_REFUSED = 1,     // the rules say no; the reason is on standard error
    LQ_EXIT_USAGE = 2,       // the command line is wrong
    LQ_EXIT_UNREACHABLE = 3, // nobody answered
};

enum lq_left_out { LQ_NOTHING_LEFT_OUT, LQ_DAY_LEFT_OUT, LQ_YEAR_LEFT_OUT }; // of a time

struct lq_given_value {
    const struct lq_arg *arg;
    const char *text;
    int64_t number; // what the text says; where it is only text: 1, or 0 if it is empty
};

struct lq_cli {
    const char *data; // the system's directory: --data, LQ_DATA, else ./var
    const char *as;   // badge whose key signs on: --as, LQ_AS, for whom the terminal is, "clerk"
    const char *bus;  // --bus or LQ_BUS: an endpoint, where it is not in <data>/run/endpoint
    const char *key;  // --key FILE, where the key is not in <data>/keys
    const char *for_badge;        // --for BADGE: act on behalf of …
    const char *reason;           // --reason TEXT: … because; also for overrides
    int64_t at_ms;                // --at TIME: when it happened; 0: now
    enum lq_left_out at_left_out; // it was typed without a day or a year
    struct lq_id id;              // --id ID: of the command, as lq told it when nobody had answered
    bool has_id;
    bool later;             // --later: keep the command in the outbox
    struct lq_kept *edited; // in the outbox, which the command replaces; NULL: none
    bool amends;            // the arguments change a command that is kept: none is missed
    bool is_many; // the command sends several, and passes over what was done when it is run again
    enum lq_format format;
    bool quiet, bom;
    const char *book; // --xlsx FILE: the table goes there; the format is that of CSV then
    unsigned books;   // how many tables went there
    int (*write_book)(struct lq_cli *cli, const struct lq_output *output); // full.h
    char **typed;                       // the whole line, with the program; ends with NULL
    const struct lq_verb *const *verbs; // all of them, as lq_verbs has them
    const struct lq_verb *verb;         // the one that runs, and what it was given:
    struct lq_given_value *given;
    size_t given_count;
    const struct lq_arg **positions; // what each word that is no option stands for
    struct lq_arena arena;           // for the whole run; freed by main
    struct lq_snapshots *snapshots;  // NULL: none was looked at
    struct lq_client *client;        // connected by lq_cli_connect
    const Lq__Answer *told;          // what came with the last answer, until the next request
    const char *rejected;            // the code of the last rejection; NULL: there was none
};

// ---------------------------------------------------------------- the line

// Did somebody who was asked [y/N] type yes: "y", "Y" or "是"?
bool lq_cli_is_yes(const char *typed);

// Takes "--name VALUE" or "--name=VALUE" / "--name" out of argv wherever it stands; NULL / false if
// it is not there. A value that begins with "--" must be given with "=".
const char *lq_cli_option(int *argc, char **argv, const char *name);
bool lq_cli_flag(int *argc, char **argv, const char *name);
bool lq_cli_is_option(const char *text);

// Prints "lq: …" and the verb's usage on standard error; gives LQ_EXIT_USAGE. The last two say
// that something is missing, and that this word is one too many.
int lq_cli_usage(struct lq_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
int lq_cli_missing(struct lq_cli *cli);
void lq_cli_print_usage(struct lq_cli *cli);
int lq_cli_too_many(struct lq_cli *cli, const char *word);

// Prints "lq: …" on standard error, with nothing in it that would steer a terminal.
void lq_cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The same of something that failed: its "lq:" is red where there are colours.
void lq_cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Reads an instant ("2015-03-06T13:14:38+08:00", "2015-03-06 13:14[:38]" in the county's time,
// "03-06 13:14" this year, "13:14" today) or a day ("2015-03-06", "03-06", "today", "yesterday",
// "tomorrow", 今天, 昨天, 明天): whatever tables show can be typed.
bool lq_cli_instant(const char *text, int64_t *out_ms);
bool lq_cli_day(const char *text, int32_t *out_day);

// Is it a time without a day ("23:50"), or a day without a year ("03-06 13:14")? When that was, of
// something that has happened: an instant of today, or this year, that is still to come was
// yesterday's, or last year's. A few minutes ahead are the clock's, or a slip of the hand that the
// service will not take.
enum lq_left_out lq_cli_left_out(const char *text);
int64_t lq_cli_past(int64_t at_ms, int64_t now_ms, enum lq_left_out left_out);

// ---------------------------------------------------------------- talking to services

// Connects and signs on, once; then asks every service for its tip, so that what is asked next is
// answered from no earlier state. Prints why not and gives the exit code.
int lq_cli_connect(struct lq_cli *cli);

// Opens a connection of the caller's own as --as, making the key where this machine may: `once` and
// `deadline_ms` as in struct lq_client_config. Nothing is asked yet; the caller closes it.
int lq_cli_open(struct lq_cli *cli, bool once, uint32_t deadline_ms, struct lq_client **out);

// Is --as a badge, and nothing that would name another file? Prints why not; gives the exit code.
int lq_cli_check_badge(const struct lq_cli *cli);

// Where the bus listens: --bus, LQ_BUS or the file that the bus wrote.
int lq_cli_endpoint(struct lq_cli *cli, const char **endpoint);

// Says what stood in the way of signing on; `why` is the client's word on it. Gives the exit code.
int lq_cli_not_signed_on(struct lq_cli *cli, enum lq_sign_on what, const char *why);

// A word of a column's value: in the person's language in a table, in English for programs.
const char *lq_cli_word(const struct lq_cli *cli, const char *english);

// A service in such a table: in Chinese by both names, since records are called by the other one.
const char *lq_cli_service(struct lq_cli *cli, const char *name);

// Says what the last fault was, and gives the exit code; only its text in the person's language.
int lq_cli_fault(enum lq_status status);
const char *lq_cli_fault_text(void);

// Says why a request was refused, or why nothing was heard of a service; gives the exit code.
int lq_cli_refused(const Lq__Refusal *refusal);
struct lq_hearing;
int lq_cli_not_heard(const char *service, const struct lq_hearing *heard);

// What a service or the bus says, in the person's language: from its text and its `sentence`. They
// live until the end of the program.
const char *lq_cli_refusal_text(const Lq__Refusal *refusal);
const char *lq_cli_rejected_text(const Lq__Rejected *rejected);
const char *lq_cli_sentence(const char *text, char *const *parts, size_t count);

// Sends one command (a <service>.Command) with --for, --reason and --at, and prints what came of
// it: "accepted O0263" on standard output (an object with --json, the number alone with --quiet),
// or the rejection on standard error.
int lq_cli_command(struct lq_cli *cli, const char *service, const ProtobufCMessage *command);

// Sends a command as it stands, under its id, and prints what came of it. One that nobody answered
// can be repeated by lq again.
int lq_cli_send(struct lq_cli *cli, const char *service, const Lq__Command *command,
                struct lq_id id);

// Asks a question (a <service>.Query); *answer is the decoded <service>.Answer, in the cli's arena.
int lq_cli_query(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                 const ProtobufCMessageDescriptor *answer_type, ProtobufCMessage **answer);

// The same of what is shown beside it: the answer is not kept for when there is no signal.
int lq_cli_ask(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
               const ProtobufCMessageDescriptor *answer_type, ProtobufCMessage **answer);

// Prints an output in the format that was chosen; frees it; gives the exit code.
int lq_cli_print(struct lq_cli *cli, struct lq_output *output);

// Prints one message as key/value lines ("show"), what it repeats as tables below them; or as JSON.
// With an answer about a thing, says what may be done next.
int lq_cli_show(struct lq_cli *cli, const ProtobufCMessage *message);
