// Commands and questions, and what their replies mean to somebody at a terminal.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/time.h"
#include "client/ask.h"
#include "lq/cli/cli.h"
#include "lq/cli/missing.h"
#include "lq/nouns/record.h"
#include "lq/outbox/clock.h"
#include "lq/outbox/outbox.h"
#include "lq/outbox/snapshot.h"
#include "lq/outbox/state.h"
#include "lq/show/next.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/json.h"
#include "pb/pb.h"
#include "terminal.pb-c.h"

// ---------------------------------------------------------------- what went wrong

const char *lq_cli_sentence(const char *text, char *const *parts, size_t count)
{
    static struct lq_arena said; // the last ones are needed until the end, and they are few
    return count > 0 ? lq_tr_parts(lq_arena_room, &said, parts, count) : lq_tr(text);
}

const char *lq_cli_refusal_text(const Lq__Refusal *refusal)
{
    return lq_cli_sentence(refusal->text, refusal->sentence, refusal->n_sentence);
}

const char *lq_cli_rejected_text(const Lq__Rejected *rejected)
{
    return lq_cli_sentence(rejected->text, rejected->sentence, rejected->n_sentence);
}

int lq_cli_refused(const Lq__Refusal *refusal)
{
    lq_cli_fail("%s", lq_cli_refusal_text(refusal));
    const bool absent = refusal->why == LQ__REFUSAL__WHY__UNAVAILABLE ||
                        refusal->why == LQ__REFUSAL__WHY__NO_SUCH_SERVICE;
    return absent ? LQ_EXIT_UNREACHABLE : LQ_EXIT_REFUSED;
}

const char *lq_cli_word(const struct lq_cli *cli, const char *english)
{
    return cli->format == LQ_FORMAT_TABLE ? lq_tr(english) : english;
}

const char *lq_cli_service(struct lq_cli *cli, const char *name)
{
    const char *title = lq_service_named(name) != NULL ? lq_service_title(name) : lq_tr(name);
    return cli->format != LQ_FORMAT_TABLE || strcmp(title, name) == 0 || lq_language() != LQ_CHINESE
               ? name
               : lq_arena_format(&cli->arena, "%s %s", title, name);
}

const char *lq_cli_fault_text(void)
{
    char **parts;
    size_t count;
    lq_sentence(lq_fault_message(), &parts, &count);
    return lq_cli_sentence(lq_fault_text(), parts, count);
}

int lq_cli_fault(enum lq_status status)
{
    lq_cli_fail("%s", lq_cli_fault_text());
    return status == LQ_E_UNREACHABLE ? LQ_EXIT_UNREACHABLE : LQ_EXIT_REFUSED;
}

static int not_understood(const char *service, const char *why)
{
    lq_cli_say("the reply of %s cannot be read (is this lq older or newer than the system?): %s",
               lq_service_shown(service), why != NULL ? why : lq_tr("it is of another kind"));
    return LQ_EXIT_REFUSED;
}

int lq_cli_not_heard(const char *service, const struct lq_hearing *heard)
{
    if (heard->what == LQ_HEARD_REFUSAL)
        return lq_cli_refused(heard->refusal);
    return heard->what == LQ_HEARD_NOT_READ ? not_understood(service, heard->why)
                                            : lq_cli_fault(heard->status);
}

// ---------------------------------------------------------------- commands

static void print_accepted(const struct lq_cli *cli, const Lq__Accepted *accepted, bool before)
{
    if (cli->quiet) {
        if (*accepted->number != '\0')
            printf("%s\n", accepted->number);
        return;
    }
    printf("%s%s%s%s\n", lq_tr("accepted"), *accepted->number != '\0' ? " " : "", accepted->number,
           before ? lq_tr(" (when it was sent before)") : "");
}

// What the command was about: its last record.
static void print_about(struct lq_cli *cli, const Lq__Accepted *accepted)
{
    if (!cli->quiet && !cli->is_many && accepted->position != NULL)
        lq_record_about(cli, accepted->position->stream, accepted->position->seq);
}

static int print_outcome(struct lq_cli *cli, const Lq__Outcome *outcome, bool before)
{
    const bool accepted = outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED;
    if (cli->format == LQ_FORMAT_JSON)
        lq_show_json(&outcome->base, stdout);
    else if (accepted) {
        print_accepted(cli, outcome->accepted, before);
        print_about(cli, outcome->accepted);
    }
    if (!accepted) {
        cli->rejected = lq_arena_text(&cli->arena, outcome->rejected->code);
        lq_cli_fail("%s (%s)", lq_cli_rejected_told(cli, outcome->rejected), cli->rejected);
    }
    return accepted ? LQ_EXIT_DONE : LQ_EXIT_REFUSED;
}

static void say_how_to_repeat(const struct lq_cli *cli, struct lq_id id, bool is_noted)
{
    char text[LQ_ID_TEXT];
    if (cli->is_many)
        lq_cli_say("it may have been carried out all the same: run this again, and what was done "
                   "is passed over");
    else if (is_noted)
        lq_cli_say("it may have been carried out all the same: lq again repeats it, and it is "
                   "carried out once (as does typing it again just so, but with --id %s)",
                   lq_id_format(id, text));
    else
        lq_cli_say("it may have been carried out all the same: type it again just so, but with "
                   "--id %s, and it is carried out once",
                   lq_id_format(id, text));
}

// Before it goes out, so that it can be repeated though this program is ended while it waits. Where
// it cannot be noted, it is sent all the same.
static bool note_unanswered(struct lq_cli *cli, const char *service, const Lq__Command *command)
{
    const struct lq_span bytes = lq_pb_encode(&cli->arena, &command->base);
    Terminal__Kept kept = TERMINAL__KEPT__INIT;
    kept.service = lq_arena_text(&cli->arena, service);
    kept.command = (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
    kept.tried = true;
    return !cli->is_many && lq_state_write(cli, LQ_UNANSWERED, &kept.base) == LQ_OK;
}

int lq_cli_send(struct lq_cli *cli, const char *service, const Lq__Command *command,
                struct lq_id id)
{
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_UNREACHABLE)
        lq_cli_say("it was not sent; with --later it is kept until lq outbox send");
    if (code != LQ_EXIT_DONE)
        return code;
    const bool is_noted = note_unanswered(cli, service, command);
    const struct lq_hearing heard = lq_client_decide(cli->client, &cli->arena, service, command);
    const bool unanswered = heard.what == LQ_HEARD_NOTHING && heard.status == LQ_E_UNREACHABLE;
    if (is_noted && !unanswered)
        lq_state_forget(cli, LQ_UNANSWERED);
    if (heard.what == LQ_HEARD)
        return print_outcome(cli, heard.outcome, cli->has_id && heard.repeated);
    code = lq_cli_not_heard(service, &heard);
    if (unanswered)
        say_how_to_repeat(cli, id, is_noted);
    return code;
}

// What has happened is past: 23:50 that is typed at 00:10 was yesterday.
static void place_in_past(struct lq_cli *cli)
{
    bool known;
    char when[LQ_TIME_TEXT];
    const int64_t now = lq_wall_ms() + lq_clock_offset(cli, &known);
    const int64_t past = lq_cli_past(cli->at_ms, now, cli->at_left_out);
    const bool is_of_year = cli->at_left_out == LQ_YEAR_LEFT_OUT;
    if (past == cli->at_ms)
        return;
    cli->at_left_out = LQ_NOTHING_LEFT_OUT;
    cli->at_ms = past;
    lq_format_local(past, when);
    if (!cli->quiet && is_of_year)
        lq_cli_say("--at is still to come this year, so it is taken as last year's: %s", when);
    else if (!cli->quiet)
        lq_cli_say("--at is still to come today, so it is taken as yesterday's: %s", when);
}

int lq_cli_command(struct lq_cli *cli, const char *service, const ProtobufCMessage *command)
{
    struct lq_id id;
    Lq__Command message = lq_client_command(&id, lq_pb_encode(&cli->arena, command));
    if (cli->has_id)
        id = cli->id;
    if (cli->for_badge != NULL)
        message.on_behalf_of = lq_arena_text(&cli->arena, cli->for_badge);
    if (cli->reason != NULL)
        message.reason = lq_arena_text(&cli->arena, cli->reason);
    place_in_past(cli);
    message.occurred_at_ms = cli->at_ms;
    if (!cli->later)
        return lq_cli_send(cli, service, &message, id);
    return lq_outbox_keep(cli, service, &message);
}

// ---------------------------------------------------------------- questions

int lq_cli_ask(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
               const ProtobufCMessageDescriptor *answer_type, ProtobufCMessage **answer)
{
    const int code = lq_cli_connect(cli);
    if (code != LQ_EXIT_DONE)
        return code;
    const struct lq_hearing heard =
        lq_client_ask(cli->client, &cli->arena, service, query, answer_type);
    *answer = heard.answer;
    cli->told = heard.told;
    return heard.what == LQ_HEARD ? LQ_EXIT_DONE : lq_cli_not_heard(service, &heard);
}

int lq_cli_query(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                 const ProtobufCMessageDescriptor *answer_type, ProtobufCMessage **answer)
{
    const int code = lq_cli_ask(cli, service, query, answer_type, answer);
    if (code == LQ_EXIT_DONE)
        lq_snapshot_note(cli, service, query, *answer);
    if (code == LQ_EXIT_UNREACHABLE && lq_snapshot_answer(cli, service, query, answer_type, answer))
        return LQ_EXIT_DONE; // lq_snapshot_finish tells that it was not
    return code;
}

// ---------------------------------------------------------------- printing

int lq_cli_print(struct lq_cli *cli, struct lq_output *output)
{
    if (cli->book != NULL) {
        const int code = cli->books++ == 0
                             ? cli->write_book(cli, output)
                             : lq_cli_usage(cli, "this has several tables, and a book takes one");
        lq_output_free(output);
        return code;
    }
    const struct lq_output_style style = lq_output_style(cli->format, cli->bom, stdout);
    const enum lq_status status = lq_output_print(output, style, stdout);
    lq_output_free(output);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}

int lq_cli_show(struct lq_cli *cli, const ProtobufCMessage *message)
{
    if (cli->format == LQ_FORMAT_JSON) {
        json_t *object = lq_pb_json(message);
        lq_next_json(cli, object);
        lq_print_json(object, false, stdout);
        return LQ_EXIT_DONE;
    }
    const int code = lq_show(cli, message);
    if (code == LQ_EXIT_DONE && cli->format == LQ_FORMAT_TABLE)
        lq_next_show(cli);
    return code;
}
