// lq outbox: what was done where there was no signal (--later), and sending it.
#include "lq/outbox/outbox.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "lq/nouns/nouns.h"
#include "lq/show/words.h"
#include "pb/pb.h"
#include "service/tables.h"

enum {
    AT_ONCE = 64,              // in one request, as docs/protocol.md says
    BYTES_AT_ONCE = 32 * 1024, // of those before the last
};

// record_interview kind="official"
static const char *words_of(struct lq_cli *cli, const struct lq_kept *kept)
{
    const char *name = lq_pb_variant_name(kept->body);
    const ProtobufCMessage *what = lq_pb_variant_message(kept->body);
    const char *text = what != NULL ? lq_pb_text(&cli->arena, what) : "";
    const char *fields = strchr(text, '{');
    if (fields == NULL)
        return name;
    return lq_arena_format(&cli->arena, "%s %.*s", name, (int)strlen(fields) - 2, fields + 1);
}

// ---------------------------------------------------------------- list, drop

static int list(struct lq_cli *cli)
{
    static const struct lq_column columns[] = {
        {.key = "id", .title = "ID", .whole = true},
        {.key = "happened", .title = "HAPPENED", .whole = true},
        {.key = "service", .title = "SERVICE"},
        {.key = "command", .title = "COMMAND"},
    };
    struct lq_kept *kept;
    size_t count;
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    const enum lq_status status = lq_outbox_read(cli, &kept, &count);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    struct lq_output *output = lq_output_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        lq_output_text(output, kept[i].id);
        lq_output_minute(output, kept[i].occurred_at_ms);
        lq_output_text(output, kept[i].service);
        lq_output_text(output, words_of(cli, &kept[i]));
    }
    return lq_cli_print(cli, output);
}

static int drop(struct lq_cli *cli)
{
    struct lq_id id;
    const char *text = lq_given_text(cli, "ID");
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    if (!lq_id_parse(text, &id))
        return lq_cli_usage(cli, "\"%s\" is no id; lq outbox lists them", text);
    const enum lq_status status = lq_outbox_remove(cli, text);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}

// ---------------------------------------------------------------- send

struct sending {
    struct lq_cli *cli;
    struct lq_output *output;
    size_t left; // in the outbox
    int code;
};

static void add_row(struct sending *s, const struct lq_kept *kept, const char *result,
                    const char *what)
{
    lq_output_minute(s->output, kept->occurred_at_ms);
    lq_output_text(s->output, kept->service);
    lq_output_text(s->output, lq_pb_variant_name(kept->body));
    lq_output_text(s->output, result);
    lq_output_text(s->output, what);
}

static void worsen(struct sending *s, int code)
{
    if (code > s->code)
        s->code = code;
}

// Decided is durable at the service: only then does it leave the outbox.
static enum lq_status take_outcome(struct sending *s, const struct lq_kept *kept,
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
                        kept->service);
    if (outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED) {
        add_row(s, kept, "accepted", outcome->accepted->number);
    } else {
        add_row(s, kept, "rejected",
                lq_arena_format(&s->cli->arena, "%s (%s)", outcome->rejected->text,
                                outcome->rejected->code));
        worsen(s, LQ_EXIT_REFUSED);
    }
    s->left--;
    return lq_outbox_remove(s->cli, kept->id);
}

static void take_refusal(struct sending *s, const struct lq_kept *kept, const Lq__Refusal *refusal)
{
    add_row(s, kept, refusal->retry ? "not now" : "refused", refusal->text);
    worsen(s, refusal->retry ? LQ_EXIT_UNREACHABLE : LQ_EXIT_REFUSED);
}

static enum lq_status take_outcomes(struct sending *s, const struct lq_kept *kept, size_t count,
                                    const Lq__Outcomes *outcomes)
{
    enum lq_status status = LQ_OK;
    for (size_t i = 0; status == LQ_OK && i < count && i < outcomes->n_outcomes; i++) {
        const Lq__CommandOutcome *one = outcomes->outcomes[i];
        if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_OUTCOME)
            status = take_outcome(s, &kept[i], one->outcome);
        else if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL)
            take_refusal(s, &kept[i], one->refusal);
    }
    return status;
}

// How many of them, from the first on, go to one service in one request.
static size_t take_together(const struct lq_kept *kept, size_t count)
{
    size_t together = 0, bytes = 0;
    while (together < count && together < AT_ONCE && bytes < BYTES_AT_ONCE &&
           strcmp(kept[together].service, kept[0].service) == 0)
        bytes += kept[together++].command.size;
    return together;
}

static enum lq_status send_together(struct sending *s, const struct lq_kept *kept, size_t count)
{
    ProtobufCBinaryData bytes[AT_ONCE];
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.n_commands = count;
    commands.commands = bytes;
    for (size_t i = 0; i < count; i++)
        bytes[i] = (ProtobufCBinaryData){.len = kept[i].command.size,
                                         .data = lq_unconst(kept[i].command.data)};
    const Lq__Reply *reply;
    const enum lq_status status =
        lq_client_call(s->cli->client, kept[0].service, LQ_ASK_COMMANDS,
                       lq_pb_encode(&s->cli->arena, &commands.base), &reply);
    if (status != LQ_OK)
        return status;
    if (reply->kind_case == LQ__REPLY__KIND_OUTCOMES)
        return take_outcomes(s, kept, count, reply->outcomes);
    if (reply->kind_case != LQ__REPLY__KIND_REFUSAL)
        return lq_fault(LQ_E_INPUT, "the reply of %s cannot be read", kept[0].service);
    for (size_t i = 0; i < count; i++)
        take_refusal(s, &kept[i], reply->refusal);
    return LQ_OK;
}

// In the order of the acts, whatever service they are for; what cannot be sent now stops the rest.
static enum lq_status send_all(struct sending *s, const struct lq_kept *kept, size_t count)
{
    enum lq_status status = LQ_OK;
    for (size_t i = 0, n; status == LQ_OK && i < count && s->code != LQ_EXIT_UNREACHABLE; i += n) {
        n = take_together(kept + i, count - i);
        status = send_together(s, kept + i, n);
    }
    return status;
}

static int send(struct lq_cli *cli)
{
    static const struct lq_column columns[] = {
        {.key = "happened", .title = "HAPPENED", .whole = true},
        {.key = "service", .title = "SERVICE", .whole = true},
        {.key = "command", .title = "COMMAND", .whole = true},
        {.key = "result", .title = "RESULT", .whole = true},
        {.key = "number", .title = "NUMBER, OR WHY"},
    };
    struct sending s = {.cli = cli};
    struct lq_kept *kept;
    if (lq_cli_check_badge(cli) != LQ_EXIT_DONE)
        return LQ_EXIT_USAGE;
    enum lq_status status = lq_outbox_read(cli, &kept, &s.left);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (s.left > 0 && (s.code = lq_cli_connect(cli)) != LQ_EXIT_DONE)
        return s.code;
    s.output = lq_output_new(columns, sizeof columns / sizeof *columns);
    status = send_all(&s, kept, s.left);
    worsen(&s, lq_cli_print(cli, s.output));
    if (status != LQ_OK)
        worsen(&s, lq_cli_fault(status));
    if (s.left > 0)
        lq_cli_say("%zu still in the outbox (lq outbox lists them)", s.left);
    return s.code;
}

static const struct lq_arg DROP[] = {LQ_POSITION("ID", NULL, LQ_MUST), {0}};

const struct lq_verb lq_outbox_verbs[] = {
    LQ_VERB("outbox", "", "what was kept with --later and is not sent yet",
            "用 --later 存下而未发的", NULL, .run = list),
    LQ_VERB(
        "outbox", "send", "send it, in the order in which it was entered", "按录入先后发送", NULL,
        .notes =
            {"Each is carried out once, however often it is sent, and leaves the outbox when the "
             "service\nhas decided it. What is refused (a key that may not, say) stays until lq "
             "outbox drop.\n",
             "每条无论发几次只执行一次，服务裁定后离开发件箱。被拒收的（如密钥无权）留到\n"
             "lq outbox drop。\n"},
        .run = send),
    LQ_VERB("outbox", "drop", "take one out of the outbox without sending it", "取出一条而不发送",
            DROP, .run = drop),
    {0},
};
