// A real host of each service, given bytes as they come from the bus: requests of any bytes, and
// requests in order whose command, commands, query or fetch is any bytes. Each is answered once and
// refused within the limits before the service sees it; nothing that is refused leaves a trace.
// Several commands in one request come out as if each had come alone: sent again so, they must.
//
// Input: two bytes for the service, then steps: a byte that says which, a byte for the roles, a
// piece. The piece of several commands is taken apart further: see ask_together.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "bus/worker/frames.h"
#include "fuzz.h"
#include "pb/pb.h"
#include "support/bed.h"

enum {
    STEPS_MAX = 32,
    STEP_MS = 700 * 1000, // whatever waits has waited long enough
    TOGETHER = 3,         // the step that asks for several commands
    TOGETHER_MOST = 64,   // as docs/protocol.md says
};

// Of the step: a person, or the service itself, who alone may give itself its own commands.
static const char *asker;

static const int64_t START_MS = 1425600000000; // 2015-03-06T08:00:00+08:00

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return setenv("CMOCKA_TEST_ABORT", "1", 1); // the bed's assertions end the process
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static struct lq_span span_of(ProtobufCBinaryData data)
{
    return lq_span(data.data, data.len);
}

// Of the command that was made at that time in that place of its list.
static struct lq_id id_of(int64_t at_ms, unsigned place)
{
    return lq_id_derive(at_ms, lq_span(&place, sizeof place));
}

static struct lq_span command_of(struct lq_bed *bed, unsigned place, struct lq_span body)
{
    const struct lq_id id = id_of(bed->now_ms, place);
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = binary(lq_span(id.bytes, LQ_ID_SIZE));
    command.body = binary(body);
    return lq_pb_encode(&bed->arena, &command.base);
}

// ---------------------------------------------------------------- several commands in one request

// A new one, any bytes, the one before it once more, or another one under the id of that.
static struct lq_span next_command(struct lq_bed *bed, struct fuzz_input *input, unsigned place,
                                   struct lq_span before)
{
    switch (fuzz_byte(input) % 4) {
    case 0:
        return command_of(bed, place, fuzz_piece(input));
    case 1:
        return fuzz_piece(input);
    case 2:
        return before;
    default:
        return command_of(bed, place > 0 ? place - 1 : 0, fuzz_piece(input));
    }
}

static struct lq_span commands_of(struct lq_bed *bed, struct fuzz_input *input)
{
    ProtobufCBinaryData list[TOGETHER_MOST + 2]; // more than are taken
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.commands = list;
    struct lq_span last = {0};
    while (input->left > 0 && commands.n_commands < sizeof list / sizeof list[0]) {
        last = next_command(bed, input, (unsigned)commands.n_commands, last);
        list[commands.n_commands++] = binary(last);
    }
    return lq_pb_encode(&bed->arena, &commands.base);
}

// A byte that says what they come after and whether they are made here, then either any bytes or
// for each command a byte that says which, and a piece.
static const Lq__Request *ask_together(struct lq_bed *bed, uint32_t roles, struct lq_span bytes)
{
    struct fuzz_input input = {bytes.data, bytes.size};
    const uint8_t how = fuzz_byte(&input);
    // one of the step before, or one that never was
    const struct lq_id id = id_of(bed->now_ms - STEP_MS, how >> 3);
    Lq__Request *request = LQ_NEW(&bed->arena, Lq__Request);
    lq__request__init(request);
    if (how % 4 == 1)
        request->after = binary(lq_arena_copy(&bed->arena, lq_span(id.bytes, LQ_ID_SIZE)));
    if (how % 4 == 2)
        request->after = binary(fuzz_piece(&input));
    request->kind_case = LQ__REQUEST__KIND_COMMANDS;
    request->commands = binary((how & 4) != 0 ? fuzz_rest(&input) : commands_of(bed, &input));
    lq_bed_take(bed, asker, roles, request);
    return request;
}

// The commands of a request; NULL if it has none that could be decided.
static const Lq__Commands *commands_in(struct lq_bed *bed, const Lq__Request *request)
{
    const char *why = NULL;
    if (request == NULL || request->kind_case != LQ__REQUEST__KIND_COMMANDS)
        return NULL;
    const Lq__Commands *commands = (const void *)lq_pb_decode(
        &bed->arena, &lq__commands__descriptor, span_of(request->commands), &why);
    const bool fit =
        commands != NULL && commands->n_commands > 0 && commands->n_commands <= TOGETHER_MOST;
    return fit ? commands : NULL;
}

static bool says_try_again(const Lq__CommandOutcome *one)
{
    return one->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL && one->refusal->retry;
}

static uint64_t position_of(struct lq_bed *bed, struct lq_span bytes)
{
    const char *why = NULL;
    const Lq__Outcome *outcome = (const void *)lq_pb_decode_within(
        &LQ_PB_REPLY, &bed->arena, &lq__outcome__descriptor, bytes, &why);
    FUZZ_REQUIRE(outcome != NULL && outcome->result_case != LQ__OUTCOME__RESULT__NOT_SET);
    return outcome->result_case == LQ__OUTCOME__RESULT_ACCEPTED ? outcome->accepted->position->seq
                                                                : outcome->rejected->position->seq;
}

static void require_in_place(const Lq__CommandOutcome *one, bool at_the_end, bool more_were_sent)
{
    FUZZ_REQUIRE(one->kind_case != LQ__COMMAND_OUTCOME__KIND__NOT_SET);
    FUZZ_REQUIRE(at_the_end || !says_try_again(one));
    FUZZ_REQUIRE(!at_the_end || !more_were_sent || says_try_again(one));
}

// One for each command; fewer only if the last one says "try again", and only the last may. What
// is decided now is decided in this order; if nothing is, nothing is written.
static void require_in_order(struct lq_bed *bed, const Lq__Outcomes *outcomes, size_t commands,
                             uint64_t tip)
{
    FUZZ_REQUIRE(outcomes->n_outcomes > 0 && outcomes->n_outcomes <= commands);
    uint64_t last = tip;
    for (size_t i = 0; i < outcomes->n_outcomes; i++) {
        const Lq__CommandOutcome *one = outcomes->outcomes[i];
        require_in_place(one, i + 1 == outcomes->n_outcomes, i + 1 < commands);
        if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL) {
            FUZZ_REQUIRE(one->refusal->text[0] != '\0' && !one->repeated_outcome);
            continue;
        }
        const uint64_t position = position_of(bed, span_of(one->outcome));
        FUZZ_REQUIRE(one->repeated_outcome ? position <= last : position > last);
        if (!one->repeated_outcome)
            last = position;
    }
    FUZZ_REQUIRE(last == tip ? lq_bed_tip(bed) == tip : lq_bed_tip(bed) >= last);
}

// The same command alone: the stored outcome, or refused for the same reason.
static void require_same_alone(struct lq_bed *bed, uint32_t roles, struct lq_span command,
                               const Lq__CommandOutcome *one)
{
    const uint64_t correlation = lq_bed_send_bytes(bed, asker, roles, command);
    lq_bed_turn(bed);
    const struct lq_bed_reply *found = lq_bed_find(bed, correlation);
    FUZZ_REQUIRE(found != NULL);
    const Lq__Reply *alone = found->reply;
    if (one->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL) {
        FUZZ_REQUIRE(alone->kind_case == LQ__REPLY__KIND_REFUSAL);
        FUZZ_REQUIRE(alone->refusal->why == one->refusal->why);
    } else {
        FUZZ_REQUIRE(alone->kind_case == LQ__REPLY__KIND_OUTCOME && alone->repeated_outcome);
        FUZZ_REQUIRE(lq_span_equal(span_of(alone->outcome), span_of(one->outcome)));
    }
}

static void require_each_as_if_alone(struct lq_bed *bed, uint32_t roles, const Lq__Request *request,
                                     const Lq__Outcomes *outcomes)
{
    const Lq__Commands *commands = commands_in(bed, request);
    const uint64_t tip = lq_bed_tip(bed);
    for (size_t i = 0; i < outcomes->n_outcomes; i++) {
        const Lq__CommandOutcome *one = outcomes->outcomes[i];
        const bool refused = one->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL;
        // alone it comes after nothing
        if (!says_try_again(one) && (!refused || request->after.len == 0))
            require_same_alone(bed, roles, span_of(commands->commands[i]), one);
    }
    FUZZ_REQUIRE(lq_bed_tip(bed) == tip);
}

// ---------------------------------------------------------------- steps

// What is asked in a step.
struct asked {
    bool any;
    const Lq__Request *request; // NULL: bytes that are none
};

static struct asked take_any_bytes(struct lq_bed *bed, uint32_t roles, struct lq_span bytes)
{
    const char *why = NULL;
    lq_bed_take_bytes(bed, asker, roles, bytes);
    const void *request = lq_pb_decode(&bed->arena, &lq__request__descriptor, bytes, &why);
    return (struct asked){.any = true, .request = request};
}

// Asks in one of seven ways, or nothing.
static struct asked ask(struct lq_bed *bed, unsigned kind, uint32_t roles, struct lq_span bytes)
{
    Lq__Request request = LQ__REQUEST__INIT;
    Lq__Query query = LQ__QUERY__INIT;
    const struct asked asked = {.any = true};
    switch (kind) {
    case 0:
        return take_any_bytes(bed, roles, bytes);
    case 1:
        lq_bed_send_bytes(bed, asker, roles, bytes);
        return asked;
    case 2:
        lq_bed_send_bytes(bed, asker, roles, command_of(bed, 0, bytes));
        return asked;
    case TOGETHER:
        return (struct asked){.any = true, .request = ask_together(bed, roles, bytes)};
    case 4:
        request.kind_case = LQ__REQUEST__KIND_QUERY;
        request.query = binary(bytes);
        break;
    case 5:
        query.body = binary(bytes);
        request.kind_case = LQ__REQUEST__KIND_QUERY;
        request.query = binary(lq_pb_encode(&bed->arena, &query.base));
        break;
    case 6:
        request.kind_case = LQ__REQUEST__KIND_FETCH;
        request.fetch = binary(bytes);
        break;
    default:
        lq_host_hear(bed->host, bytes); // an answer to what it never asked
        return (struct asked){0};
    }
    lq_bed_take(bed, asker, roles, &request);
    return asked;
}

static void require_sound(struct lq_bed *bed, uint32_t roles, const Lq__Request *request,
                          const struct lq_bed_reply *found, uint64_t tip)
{
    const Lq__Reply *reply = found->reply;
    const Lq__Commands *commands = commands_in(bed, request);
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        FUZZ_REQUIRE(reply->refusal->text[0] != '\0' && lq_bed_tip(bed) == tip);
    if (reply->kind_case != LQ__REPLY__KIND_OUTCOMES)
        return;
    FUZZ_REQUIRE(commands != NULL && found->bytes.size <= LQ_REPLY_LIMIT);
    require_in_order(bed, reply->outcomes, commands->n_commands, tip);
    require_each_as_if_alone(bed, roles, request, reply->outcomes);
}

static void take_step(struct lq_bed *bed, struct fuzz_input *input)
{
    const unsigned kind = fuzz_byte(input) % 8;
    const unsigned who = fuzz_byte(input) % 4;
    const uint32_t roles = who == 0 ? LQ_ROLE(LEAD) : LQ_ANYONE;
    asker = who == 3 ? lq_arena_format(&bed->arena, "@%s", bed->service->name) : "P1";
    const unsigned replies = bed->reply_count;
    const uint64_t tip = lq_bed_tip(bed);
    const struct asked asked = ask(bed, kind, roles, fuzz_piece(input));
    lq_bed_turn(bed);
    FUZZ_REQUIRE(bed->reply_count <= replies + (asked.any ? 1 : 0));
    bed->now_ms += STEP_MS;
    lq_bed_settle(bed);
    FUZZ_REQUIRE(bed->reply_count == replies + (asked.any ? 1 : 0));
    if (!asked.any)
        return;
    const struct lq_bed_reply *reply = bed->replies;
    for (const struct lq_bed_reply *r = bed->replies; r != NULL; r = r->next)
        reply = r;
    FUZZ_REQUIRE(reply != NULL);
    if (kind == TOGETHER) // it has seen nothing, so it is refused for what it is and nothing else
        FUZZ_REQUIRE((reply->reply->kind_case == LQ__REPLY__KIND_OUTCOMES) ==
                     (commands_in(bed, asked.request) != NULL));
    require_sound(bed, roles, asked.request, reply, tip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct lq_bed bed = {0};
    lq_bed_open(&bed, fuzz_service(fuzz_u16(&input)), START_MS);
    lq_bed_settle(&bed);
    for (unsigned step = 0; step < STEPS_MAX && input.left > 0; step++)
        take_step(&bed, &input);
    lq_bed_close(&bed);
    return 0;
}
