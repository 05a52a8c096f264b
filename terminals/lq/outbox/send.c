// lq outbox send: in the order of entry. What is accepted leaves the outbox; what is rejected
// stays, with its reason, until a person has changed or dropped it.
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "lq/outbox/clock.h"
#include "lq/outbox/outbox.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/pb.h"

enum {
    AT_ONCE = 64,              // in one request, as docs/protocol.md says
    BYTES_AT_ONCE = 32 * 1024, // of those before the last
};

struct sending {
    struct lq_cli *cli;
    struct lq_output *output;
    int code;
};

static void add_row(struct sending *s, const struct lq_kept *kept, const char *result,
                    const char *what)
{
    lq_output_number(s->output, kept->number);
    lq_output_minute(s->output, kept->command->occurred_at_ms);
    lq_output_text(s->output, kept->file->service);
    lq_output_text(s->output, s->cli->format == LQ_FORMAT_TABLE ? lq_show_variant(kept->body)
                                                                : lq_pb_variant_name(kept->body));
    lq_output_text(s->output, lq_cli_word(s->cli, result));
    lq_output_text(s->output, what);
}

static void worsen(struct sending *s, int code)
{
    if (code > s->code)
        s->code = code;
}

// ---------------------------------------------------------------- what became of one

// It is marked on the disk before the next one is looked at.
static enum lq_status keep_rejected(struct sending *s, struct lq_kept *kept, const char *result,
                                    const char *code, const char *text, char **parts, size_t count)
{
    kept->file->code = lq_arena_text(&s->cli->arena, code);
    kept->file->text = lq_arena_text(&s->cli->arena, text);
    kept->file->sentence = parts;
    kept->file->n_sentence = count;
    add_row(s, kept, result, lq_kept_why(s->cli, kept));
    worsen(s, LQ_EXIT_REFUSED);
    return lq_outbox_write(s->cli, kept);
}

// Accepted is durable at the service: only then does it leave the outbox.
static enum lq_status take_outcome(struct sending *s, struct lq_kept *kept,
                                   ProtobufCBinaryData bytes)
{
    const char *why = NULL;
    const Lq__Outcome *outcome =
        (const void *)lq_pb_decode_within(&LQ_PB_REPLY, &s->cli->arena, &lq__outcome__descriptor,
                                          lq_span(bytes.data, bytes.len), &why);
    if (outcome == NULL || outcome->result_case == LQ__OUTCOME__RESULT__NOT_SET)
        return lq_fault(LQ_E_INPUT,
                        "the reply of %s cannot be read (is this lq older or newer "
                        "than the system?)",
                        kept->file->service);
    if (outcome->result_case == LQ__OUTCOME__RESULT_REJECTED)
        return keep_rejected(s, kept, LQ_TR_LATER("rejected"), outcome->rejected->code,
                             outcome->rejected->text, outcome->rejected->sentence,
                             outcome->rejected->n_sentence);
    add_row(s, kept, LQ_TR_LATER("accepted"), outcome->accepted->number);
    return lq_outbox_remove(kept);
}

static enum lq_status take_refusal(struct sending *s, struct lq_kept *kept,
                                   const Lq__Refusal *refusal)
{
    if (!refusal->retry) {
        const ProtobufCEnumValue *why =
            protobuf_c_enum_descriptor_get_value(&lq__refusal__why__descriptor, (int)refusal->why);
        return keep_rejected(s, kept, LQ_TR_LATER("refused"), why != NULL ? why->name : "REFUSED",
                             refusal->text, refusal->sentence, refusal->n_sentence);
    }
    add_row(s, kept, LQ_TR_LATER("not now"), lq_cli_refusal_text(refusal));
    worsen(s, LQ_EXIT_UNREACHABLE);
    return LQ_OK;
}

static enum lq_status take_outcomes(struct sending *s, struct lq_kept *kept, size_t count,
                                    const Lq__Outcomes *outcomes)
{
    enum lq_status status = LQ_OK;
    for (size_t i = 0; status == LQ_OK && i < count && i < outcomes->n_outcomes; i++) {
        const Lq__CommandOutcome *one = outcomes->outcomes[i];
        if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
            status = take_outcome(s, &kept[i], one->outcome);
        else if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL)
            status = take_refusal(s, &kept[i], one->refusal);
    }
    return status;
}

// ---------------------------------------------------------------- several in one request

// How many of them, from the first on, go to one service in one request.
static size_t take_together(const struct lq_kept *kept, size_t count)
{
    size_t together = 0, bytes = 0;
    while (together < count && together < AT_ONCE && bytes < BYTES_AT_ONCE &&
           strcmp(kept[together].file->service, kept[0].file->service) == 0)
        bytes += kept[together++].file->command.len;
    return together;
}

static void correct_time(struct lq_cli *cli, const struct lq_kept *kept)
{
    char was[LQ_TIME_TEXT], is[LQ_TIME_TEXT];
    lq_format_local(kept->command->occurred_at_ms, was);
    if (!lq_clock_correct(cli, kept->file, kept->command))
        return;
    const long long off_s = lq_clock_seconds(kept->file->offset_ms);
    lq_format_local(kept->command->occurred_at_ms, is);
    if (off_s == 0)
        lq_cli_say("number %u: this clock is right now and was not when it was kept, so it is sent "
                   "as of %s, not %s",
                   kept->number, is, was);
    else if (off_s < 0)
        lq_cli_say("number %u: this clock is %lld s ahead of the bus's, so it is sent as of %s, "
                   "not %s",
                   kept->number, -off_s, is, was);
    else
        lq_cli_say("number %u: this clock is %lld s behind the bus's, so it is sent as of %s, "
                   "not %s",
                   kept->number, off_s, is, was);
}

// Before it goes out: from here on the service may know it.
static enum lq_status note_try(struct lq_cli *cli, struct lq_kept *kept)
{
    if (kept->file->tried)
        return LQ_OK;
    correct_time(cli, kept);
    kept->file->tried = true;
    return lq_outbox_write(cli, kept);
}

static enum lq_status call(struct sending *s, const struct lq_kept *kept, size_t count,
                           const Lq__Reply **reply)
{
    ProtobufCBinaryData bytes[AT_ONCE];
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.n_commands = count;
    commands.commands = bytes;
    for (size_t i = 0; i < count; i++)
        bytes[i] = kept[i].file->command;
    return lq_client_call(s->cli->client, kept[0].file->service, LQ_ASK_COMMANDS,
                          lq_pb_encode(&s->cli->arena, &commands.base), reply);
}

static enum lq_status send_together(struct sending *s, struct lq_kept *kept, size_t count)
{
    const Lq__Reply *reply;
    enum lq_status status = LQ_OK;
    for (size_t i = 0; status == LQ_OK && i < count; i++)
        status = note_try(s->cli, &kept[i]);
    if (status == LQ_OK)
        status = call(s, kept, count, &reply);
    if (status != LQ_OK)
        return status;
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOMES)
        return take_outcomes(s, kept, count, reply->outcomes);
    if (reply->kind_case != LQ__REPLY__KIND_REFUSAL)
        return lq_fault(LQ_E_INPUT, "the reply of %s cannot be read", kept[0].file->service);
    for (size_t i = 0; status == LQ_OK && i < count; i++)
        status = take_refusal(s, &kept[i], reply->refusal);
    return status;
}

// In the order of entry, whatever service they are for; what cannot be sent now stops the rest.
static enum lq_status send_all(struct sending *s, struct lq_kept *kept, size_t count)
{
    enum lq_status status = LQ_OK;
    for (size_t i = 0, n; status == LQ_OK && i < count && s->code != LQ_EXIT_UNREACHABLE; i += n) {
        n = take_together(kept + i, count - i);
        status = send_together(s, kept + i, n);
    }
    return status;
}

// ---------------------------------------------------------------- which ones

// Without a number: those that are not rejected. With one: that, and if it is rejected, as a new
// command, for its id stands for the rejection.
static int choose(struct lq_cli *cli, struct lq_kept **kept, size_t *count)
{
    if (lq_given(cli, "NUMBER")) {
        *kept = LQ_NEW(&cli->arena, struct lq_kept);
        const int code = lq_outbox_find(cli, *kept);
        *count = code == LQ_EXIT_DONE;
        if (*count > 0 && lq_kept_is_rejected(*kept))
            lq_kept_renew(cli, *kept);
        return code;
    }
    size_t found;
    const enum lq_status status = lq_outbox_read(cli, kept, &found);
    *count = 0;
    if (status != LQ_OK)
        return lq_cli_fault(status);
    for (size_t i = 0; i < found; i++)
        if (!lq_kept_is_rejected(&(*kept)[i]))
            (*kept)[(*count)++] = (*kept)[i];
    return LQ_EXIT_DONE;
}

static int send_chosen(struct lq_cli *cli)
{
    static const struct lq_column columns[] = {
        LQ_COLUMN("NO", "序号", NULL, .key = "number", .right = true),
        LQ_COLUMN("HAPPENED", "发生", NULL, .key = "happened", .whole = true),
        LQ_COLUMN("SERVICE", "服务", NULL, .key = "service", .whole = true),
        LQ_COLUMN("COMMAND", "命令", NULL, .key = "command", .whole = true),
        LQ_COLUMN("RESULT", "结果", NULL, .key = "result", .whole = true),
        LQ_COLUMN("NUMBER, OR WHY", "编号或原因", NULL, .key = "what", .whole = true),
    };
    struct sending s = {.cli = cli};
    struct lq_kept *kept;
    size_t count;
    int code = choose(cli, &kept, &count);
    if (code == LQ_EXIT_DONE && count > 0)
        code = lq_cli_connect(cli);
    if (code != LQ_EXIT_DONE)
        return code;
    s.output = lq_output_new(columns, sizeof columns / sizeof *columns);
    const enum lq_status status = send_all(&s, kept, count);
    worsen(&s, lq_cli_print(cli, s.output));
    if (status != LQ_OK)
        worsen(&s, lq_cli_fault(status));
    const size_t left = lq_outbox_count(cli);
    if (left > 0)
        lq_cli_say("%zu still in the outbox (lq outbox lists them, with what was rejected and why)",
                   left);
    return s.code;
}

int lq_outbox_send(struct lq_cli *cli)
{
    return lq_outbox_alone(cli, send_chosen);
}
