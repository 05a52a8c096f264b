// A command's way through a batch: who may, seen before?, decide, record. Read decide_command
// from top to bottom; each step either goes on or prepares the reply.
//
// Command n + 1 of a batch sees the effects of n, because both read through the same open
// transaction; nobody else sees either before the commit.
#include <sodium.h>

#include "base/log.h"
#include "language/language.h"
#include "pb/pb.h"
#include "runtime/host_parts.h"
#include "service/need.h"

enum { COMMANDS_MOST = 64 }; // in one request

// A decoded command.
struct command {
    struct lq_id id;
    uint8_t request_hash[HASH_SIZE];
    const Lq__Command *envelope;
    const ProtobufCMessage *body;
    const struct lq_command_row *row;
    bool to_runtime;
};

enum lq_status lq_host_begin(struct lq_host *host)
{
    if (host->writing)
        return LQ_OK;
    const enum lq_status status = lq_store_begin_write(host->store);
    host->writing = status == LQ_OK;
    return status;
}

static void hash_request(const char *actor, struct lq_span command, uint8_t out[HASH_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)actor, strlen(actor) + 1);
    crypto_generichash_update(&state, command.data, command.size);
    crypto_generichash_final(&state, out, HASH_SIZE);
}

static struct lq_span bytes_of(ProtobufCBinaryData data)
{
    return lq_span(data.data, data.len);
}

// What would trip the services up and is no question of their rules.
static bool is_fit(struct lq_host *host, const struct asked *asked, const Lq__Command *envelope)
{
    if (envelope->on_behalf_of[0] != '\0' && !lq_pb_identifier(envelope->on_behalf_of)) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                         "Command.on_behalf_of is not a badge");
        return false;
    }
    if (envelope->occurred_at_ms < 0 || envelope->occurred_at_ms > LQ_TIME_LATEST_MS) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                         "Command.occurred_at_ms must be milliseconds since 1970, before the year "
                         "10000, or 0 for now");
        return false;
    }
    return true;
}

static bool unpack_runtime(struct lq_host *host, const struct asked *asked, struct command *out)
{
    out->body = &out->envelope->runtime->base;
    if (lq_pb_variant(out->body) != 0 && out->envelope->body.len == 0)
        return true;
    lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                     "Command.runtime must name a command, and stands without a body");
    return false;
}

// Decodes the envelope and the body; on trouble the refusal is prepared.
static bool unpack_command(struct lq_host *host, const struct asked *asked, struct command *out)
{
    const char *why = NULL;
    const struct lq_span bytes = asked->command;
    out->envelope = (const void *)lq_pb_decode(&host->arena, &lq__command__descriptor, bytes, &why);
    if (out->envelope == NULL) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED, "not a Command: %s", why);
        return false;
    }
    if (!lq_id_from_span(bytes_of(out->envelope->id), &out->id)) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                         "Command.id must be the 16 bytes of a UUIDv7 (RFC 9562)");
        return false;
    }
    if (!is_fit(host, asked, out->envelope))
        return false;
    hash_request(asked->caller.actor, bytes, out->request_hash);
    out->to_runtime = out->envelope->runtime != NULL;
    if (out->to_runtime)
        return unpack_runtime(host, asked, out);
    out->body = lq_pb_decode(&host->arena, host->service->command_type,
                             bytes_of(out->envelope->body), &why);
    if (out->body == NULL || lq_pb_variant(out->body) == 0) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED, "not a command of %-s: %-s",
                         lq_service_said(host, host->service->name),
                         out->body == NULL ? why : LQ_TR_LATER("it names none"));
        return false;
    }
    return true;
}

// What the tables let SERVICE command is what a service makes of what it follows and of its timers.
// It tells that to itself and nobody else may: other services ask and fetch.
static uint32_t roles_here(const struct lq_host *host, const struct lq_caller *caller)
{
    const bool is_own =
        caller->actor[0] == '@' && strcmp(caller->actor + 1, host->service->name) == 0;
    return is_own ? caller->roles : caller->roles & ~LQ_ROLE(SERVICE);
}

// `who`: the roles of people that may; none where only a service does it, or nobody knows of it.
static void refuse_role(struct lq_host *host, const struct asked *asked,
                        const struct command *command, uint32_t who)
{
    const char *actor = asked->caller.actor, *what = lq_pb_variant_name(command->body);
    const char *may = lq_roles_text(&host->arena, who);
    if (who == 0)
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__NOT_PERMITTED, "%s may not %-s", actor,
                         what);
    else if (lq_acts_for_other(asked, command->envelope))
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__NOT_PERMITTED,
                         "%s may not %-s on behalf of %s: %-s may", actor, what,
                         command->envelope->on_behalf_of, may);
    else if ((roles_here(host, &asked->caller) & command->row->behalf) != 0)
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__NOT_PERMITTED,
                         "%s may not %-s in his own name, only for somebody who may (with --for "
                         "and --reason): %-s",
                         actor, what, may);
    else
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__NOT_PERMITTED, "%s may not %-s: %-s may",
                         actor, what, may);
}

// The rule table's first word: may this key do this at all?
static bool permitted(struct lq_host *host, const struct asked *asked, struct command *command)
{
    command->row = command->to_runtime
                       ? lq_runtime_row(lq_pb_variant(command->body))
                       : lq_command_row(host->service, lq_pb_variant(command->body));
    const bool for_other = lq_acts_for_other(asked, command->envelope);
    const uint32_t allowed = command->row == NULL ? 0
                             : for_other          ? command->row->behalf
                                                  : command->row->who;
    if ((roles_here(host, &asked->caller) & allowed) != 0)
        return true;
    refuse_role(host, asked, command, allowed & LQ_ANY_PERSON);
    return false;
}

// A command that was decided before gets the stored outcome, byte for byte; other bytes or another
// sender under the same id get a refusal that tells nothing of it.
static bool answered_before(struct lq_host *host, const struct asked *asked,
                            const struct command *command)
{
    const uint64_t seq = lq_remembered(host, command->id);
    if (seq == 0)
        return false;
    const uint8_t *hash;
    struct lq_span bytes;
    const char *why = NULL;
    const enum lq_status status = lq_store_record(host->store, seq, &hash, &bytes);
    LQ_ASSERT(status == LQ_OK); // what is remembered is in the journal
    const Lq__Record *record = (const void *)lq_pb_decode_within(
        &LQ_PB_RECORD, &host->arena, &lq__record__descriptor, bytes, &why);
    LQ_ASSERT(record != NULL);
    const bool is_same =
        lq_span_equal(bytes_of(record->request_hash), lq_span(command->request_hash, HASH_SIZE));
    if (!is_same) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__ID_REUSED,
                         "this command id was used for something else; make a new one");
        return true;
    }
    lq_reply_outcome(host, asked, bytes_of(record->outcome), hash, true);
    host->counts.repeated++;
    return true;
}

static bool predecessor_decided(struct lq_host *host, const struct asked *asked)
{
    struct lq_id after;
    if (asked->request->after.len == 0)
        return true;
    if (!lq_id_from_span(bytes_of(asked->request->after), &after)) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED,
                         "Request.after must be empty or the 16 bytes of a UUIDv7");
        return false;
    }
    if (lq_remembered(host, after) != 0)
        return true;
    lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__PREDECESSOR_UNDECIDED,
                     "the command that this one comes after is not decided yet; send that first");
    return false;
}

static struct lq_verdict decide(struct lq_host *host, const struct lq_command_row *row,
                                const struct lq_facts *facts, const ProtobufCMessage *body)
{
    host->emitted.count = 0;
    host->emitted.number = NULL;
    struct lq_decision decision = {.service = host->service,
                                   .facts = facts,
                                   .view = &host->view,
                                   .arena = &host->arena,
                                   .emitted = &host->emitted};
    const struct lq_verdict verdict = row->decide(&decision, lq_pb_variant_message(body));
    LQ_ASSERT(verdict.code != 0 || decision.clock_count == 0); // each term goes with a fact
    if (verdict.code == 0)
        host->counts.accepted++;
    else
        host->counts.rejected++;
    return verdict;
}

static enum lq_status decide_command(struct lq_host *host, const struct asked *asked)
{
    struct command command;
    host->counts.commands++;
    if (!unpack_command(host, asked, &command) || !permitted(host, asked, &command))
        return LQ_OK;
    enum lq_status status = lq_host_begin(host);
    if (status != LQ_OK)
        return status;
    if (answered_before(host, asked, &command) || !predecessor_decided(host, asked) ||
        !lq_has_room(host, asked) ||
        (!command.to_runtime && (lq_clock_refused(host, asked) || lq_parting_refused(host, asked))))
        return LQ_OK;

    const struct lq_facts facts = lq_facts_of(host, asked, command.envelope);
    struct decided decided = {.id = command.id, .facts = &facts};
    struct lq_found found;
    for (unsigned i = 0; i < LQ_FOUND_ROWS; i++)
        found.rows[i].table = NULL;
    found.next = 0;
    host->view.found = &found; // what it was decided by is what is changed
    memcpy(decided.request_hash, command.request_hash, HASH_SIZE);
    decided.verdict = lq_facts_check(host, command.row, &facts, command.envelope->occurred_at_ms);
    if (decided.verdict.code != 0)
        host->counts.rejected++;
    else if (!command.to_runtime)
        decided.verdict = decide(host, command.row, &facts, command.body);
    else if (!lq_runtime_decide(host, asked, &facts, command.envelope->runtime, &decided))
        return LQ_OK;

    struct lq_span outcome;
    status = lq_record_decided(host, &decided, &outcome);
    host->view.found = NULL;
    if (status != LQ_OK)
        return status;
    lq_reply_outcome(host, asked, outcome, host->tip_hash, false);
    return decided.runtime != NULL ? lq_parting_follow(host, decided.runtime->stream_parted)
                                   : LQ_OK;
}

static bool stops(const Lq__Outcomes *outcomes)
{
    const Lq__CommandOutcome *last = outcomes->outcomes[outcomes->n_outcomes - 1];
    return last->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL && last->refusal->retry;
}

static enum lq_status decide_commands(struct lq_host *host, const struct asked *asked)
{
    const char *why = NULL;
    const Lq__Commands *commands = (const void *)lq_pb_decode(
        &host->arena, &lq__commands__descriptor, bytes_of(asked->request->commands), &why);
    if (commands == NULL || commands->n_commands == 0 || commands->n_commands > COMMANDS_MOST) {
        lq_reply_refusal(host, asked, LQ__REFUSAL__WHY__MALFORMED, "not Commands: %-s",
                         commands == NULL ? why : LQ_TR_LATER("there must be 1 to 64 of them"));
        return LQ_OK;
    }
    Lq__Outcomes outcomes = LQ__OUTCOMES__INIT;
    outcomes.outcomes = LQ_NEW_ARRAY(&host->arena, Lq__CommandOutcome *, commands->n_commands);
    struct asked one = *asked;
    one.gathering = &outcomes;
    enum lq_status status = LQ_OK;
    for (size_t i = 0; i < commands->n_commands; i++) {
        one.command = bytes_of(commands->commands[i]);
        status = decide_command(host, &one);
        if (status != LQ_OK || stops(&outcomes))
            break;
    }
    if (status == LQ_OK)
        lq_reply_outcomes(host, asked, &outcomes);
    return status;
}

enum lq_status lq_batch_request(struct lq_host *host, const struct asked *asked)
{
    if (asked->request->kind_case == LQ__REQUEST__KIND_COMMANDS)
        return decide_commands(host, asked);
    struct asked one = *asked;
    one.command = bytes_of(asked->request->command);
    return decide_command(host, &one);
}

enum lq_status lq_batch_self(struct lq_host *host, struct lq_id id,
                             const struct lq_self_command *command)
{
    if (lq_remembered(host, id) != 0)
        return LQ_OK;
    const char *why = NULL;
    const ProtobufCMessage *body = lq_pb_decode_within(
        &LQ_PB_RECORD, &host->arena, host->service->command_type, command->bytes, &why);
    LQ_ASSERT(body != NULL); // it was made by this very service
    const struct lq_command_row *row = lq_command_row(host->service, lq_pb_variant(body));
    LQ_ASSERT(row != NULL);
    const struct lq_facts facts = lq_facts_own(host, command->occurred_ms);
    struct decided decided = {.id = id, .facts = &facts};
    decided.verdict = decide(host, row, &facts, body);
    hash_request(facts.actor, command->bytes, decided.request_hash);
    if (decided.verdict.code != 0)
        lq_log_warn("rejected its own %s: %s", lq_pb_variant_name(body),
                    lq_message_text(lq_arena_room, &host->arena, decided.verdict.why));
    struct lq_span outcome;
    return lq_record_decided(host, &decided, &outcome);
}

enum lq_status lq_batch_note(struct lq_host *host, struct lq_id id, int64_t occurred_ms,
                             const struct lq_replica *replica, const ProtobufCMessage *note)
{
    if (lq_remembered(host, id) != 0)
        return LQ_OK;
    const ProtobufCMessageDescriptor *type = host->service->event_type;
    const ProtobufCFieldDescriptor *member =
        protobuf_c_message_descriptor_get_field_by_name(type, replica->event);
    LQ_ASSERT(member != NULL);
    const struct lq_span bytes =
        lq_pb_encode(&host->arena, lq_pb_variant_of(&host->arena, type, member->id, note));
    const struct lq_facts facts = lq_facts_own(host, occurred_ms);
    struct decided decided = {.id = id, .facts = &facts, .verdict = LQ_ACCEPT};
    hash_request(facts.actor, bytes, decided.request_hash);
    host->emitted.number = NULL;
    host->emitted.count = 1;
    host->emitted.events[0] =
        (struct lq_emitted_event){.occurred_ms = facts.occurred_ms, .bytes = bytes};
    host->counts.accepted++;
    struct lq_span outcome;
    return lq_record_decided(host, &decided, &outcome);
}
