// One way of repeating for everybody: whether a caller waits or comes back later, the same slots
// send, repeat, back off and give up. Waiting is always in `pump`.
#include "client/client.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/clock.h"
#include "bus/wire.h"
#include "client/client_state.h"
#include "pb/pb.h"
#include "pb/wire.h"

enum {
    BACKOFF_MS = 100,
    BACKOFF_MOST_MS = 2000,
    DECODE_LIMIT = 128 * 1024 * 1024, // memory that one reply may unfold to
};

// ---------------------------------------------------------------- decoding into an arena

static void *arena_alloc(void *data, size_t size)
{
    struct lq_arena *arena = data;
    return arena->used + size > DECODE_LIMIT ? NULL : lq_arena_alloc(arena, size);
}

static void arena_free(void *data, void *memory)
{
    (void)data;
    (void)memory;
}

static ProtobufCAllocator allocator_of(struct lq_arena *arena)
{
    return (ProtobufCAllocator){arena_alloc, arena_free, arena};
}

static Lq__Reply *decode(struct lq_arena *arena, struct lq_span bytes)
{
    ProtobufCAllocator allocator = allocator_of(arena);
    lq_arena_reset(arena);
    return lq__reply__unpack(&allocator, bytes.size, bytes.data);
}

// ---------------------------------------------------------------- sending

static void send_slot(struct lq_client *client, struct lq_slot *slot, int64_t now_ms)
{
    const struct lq_span frame = lq_span(slot->request, slot->request_size);
    (void)!lq_frames_send(lq_dealer_socket(client->dealer), &frame,
                          1); // full: the next repeat may get through
    slot->send_ms = now_ms + slot->silence_ms;
}

static void make_ready(struct lq_client *client, struct lq_slot *slot)
{
    slot->state = LQ_SLOT_READY;
    slot->ready = ++client->last_ready;
}

// The deadline has passed. If the last word was "try again", that is the reply.
static void give_up(struct lq_client *client, struct lq_slot *slot)
{
    uint8_t buffer[LQ_REFUSAL_SIZE];
    slot->unanswered = true;
    if (slot->reply == NULL)
        lq_slot_keep_reply(
            slot,
            lq_refusal_encode(buffer, slot->correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                              "%s has not answered in time (%s: %-s)", slot->service,
                              client->endpoint, lq_dealer_words(lq_dealer_state(client->dealer))));
    make_ready(client, slot);
}

static void send_due(struct lq_client *client, int64_t now_ms)
{
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++) {
        struct lq_slot *slot = &client->slots[i];
        if (slot->state != LQ_SLOT_WAITING)
            continue;
        if (now_ms >= slot->deadline_ms)
            give_up(client, slot);
        else if (now_ms >= slot->send_ms)
            send_slot(client, slot, now_ms);
    }
}

// ---------------------------------------------------------------- receiving

// Repeats spread out, so that two hundred terminals do not come back in one instant.
static void back_off(struct lq_slot *slot, int64_t now_ms)
{
    slot->backoff_ms = slot->backoff_ms == 0 ? BACKOFF_MS : slot->backoff_ms * 2;
    if (slot->backoff_ms > BACKOFF_MOST_MS)
        slot->backoff_ms = BACKOFF_MOST_MS;
    slot->send_ms = now_ms + slot->backoff_ms / 2 + randombytes_uniform(slot->backoff_ms);
}

// Room is made by an administrator, which takes longer than anybody waits for a reply.
static bool is_soon_over(const Lq__Refusal *refusal)
{
    return refusal->retry && refusal->why != LQ__REFUSAL__WHY__JOURNAL_FULL;
}

static bool says_try_again(const Lq__Reply *reply)
{
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        return is_soon_over(reply->refusal);
    if (reply->kind_case != LQ__REPLY__KIND_OUTCOMES || reply->outcomes->n_outcomes == 0)
        return false;
    const Lq__CommandOutcome *last = reply->outcomes->outcomes[reply->outcomes->n_outcomes - 1];
    return last->kind_case == LQ__COMMAND_OUTCOME__KIND_REFUSAL && is_soon_over(last->refusal);
}

static void take_reply(struct lq_client *client, struct lq_span bytes, int64_t now_ms)
{
    const Lq__Reply *reply = decode(&client->scratch, bytes);
    struct lq_slot *slot = reply != NULL ? lq_slot_find(client->slots, reply->correlation) : NULL;
    if (slot == NULL || slot->state != LQ_SLOT_WAITING)
        return; // the second reply to a request that was repeated, or one that was forgotten
    ProtobufCAllocator allocator = allocator_of(&client->scratch);
    lq_positions_reply(&client->seen, slot->service, reply, &allocator);
    lq_slot_keep_reply(slot, bytes);
    if (says_try_again(reply) && !client->once)
        back_off(slot, now_ms);
    else
        make_ready(client, slot);
}

// What was under way on a socket that was replaced is lost.
static void send_all_again(struct lq_client *client, int64_t now_ms)
{
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        client->slots[i].send_ms = now_ms;
}

static void receive(struct lq_client *client, int64_t now_ms)
{
    struct lq_frames frames;
    while (lq_frames_receive(lq_dealer_socket(client->dealer), &frames)) {
        if (frames.count == 1)
            take_reply(client, lq_frames_at(&frames, 0), now_ms);
        lq_frames_close(&frames);
    }
    if (lq_dealer_poll(client->dealer, now_ms))
        send_all_again(client, now_ms);
}

// ---------------------------------------------------------------- waiting

// When a slot is to send again or give up, or the socket is to be replaced.
static int64_t next_due(const struct lq_client *client)
{
    int64_t due = lq_dealer_due_ms(client->dealer);
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++) {
        const struct lq_slot *slot = &client->slots[i];
        if (slot->state != LQ_SLOT_WAITING)
            continue;
        const int64_t next = slot->send_ms < slot->deadline_ms ? slot->send_ms : slot->deadline_ms;
        if (next < due)
            due = next;
    }
    return due;
}

int64_t lq_client_due_ms(const struct lq_client *client)
{
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        if (client->slots[i].state == LQ_SLOT_READY)
            return 0;
    return next_due(client);
}

// Sends what is due, waits until something can have changed or `until_ms`, takes what came.
static void pump(struct lq_client *client, int64_t until_ms)
{
    const int64_t now = lq_steady_ms();
    send_due(client, now);
    int64_t due = lq_client_due_ms(client); // at once, if sending has given a request up
    if (due > until_ms)
        due = until_ms;
    const int64_t wait = due <= now ? 0 : due - now;
    lq_dealer_wait(client->dealer, wait > 60000 ? 60000 : (long)wait);
    receive(client, lq_steady_ms());
}

// Hands a slot's reply over: decoded into the client's arena, the slot free again.
static const Lq__Reply *hand_over(struct lq_client *client, struct lq_slot *slot)
{
    const Lq__Reply *reply = decode(&client->arena, lq_span(slot->reply, slot->reply_size));
    LQ_ASSERT(reply != NULL); // it was decoded when it came
    lq_slot_clear(slot);
    return reply;
}

bool lq_client_next(struct lq_client *client, int timeout_ms, const Lq__Reply **reply)
{
    const int64_t until = timeout_ms < 0 ? INT64_MAX : lq_steady_ms() + timeout_ms;
    struct lq_slot *slot = lq_slot_first_ready(client->slots);
    while (slot == NULL && (timeout_ms >= 0 || lq_client_outstanding(client) > 0)) {
        pump(client, until);
        slot = lq_slot_first_ready(client->slots);
        if (lq_steady_ms() >= until)
            break;
    }
    if (slot == NULL)
        return false;
    *reply = hand_over(client, slot);
    return true;
}

// ---------------------------------------------------------------- asking

static struct lq_span encode_request(struct lq_client *client, const char *service,
                                     enum lq_ask kind, struct lq_span body, struct lq_span after,
                                     uint64_t correlation)
{
    Lq__Position positions[LQ_STREAMS_KEPT], *seen[LQ_STREAMS_KEPT];
    Lq__Request request = LQ__REQUEST__INIT;
    lq_arena_reset(&client->scratch);
    const struct lq_span own = lq_arena_copy(&client->scratch, body);
    request.correlation = correlation;
    request.service = lq_arena_text(&client->scratch, service);
    request.n_seen = lq_positions_tell(&client->seen, service, positions, seen);
    request.seen = seen;
    request.kind_case = (Lq__Request__KindCase)kind;
    request.command.len = own.size; // the kinds share their place
    request.command.data = (uint8_t *)(uintptr_t)own.data;
    request.after.len = after.size;
    request.after.data = (uint8_t *)(uintptr_t)after.data;
    return lq_pb_encode(&client->scratch, &request.base);
}

static uint32_t wait_of_fetch(struct lq_span body)
{
    enum { WAIT_MS = 3 };
    uint32_t wait_ms = 0;
    struct lq_pb_wire wire = lq_pb_wire(body);
    struct lq_pb_field field;
    while (lq_pb_next_field(&wire, &field))
        if (field.tag.number == WAIT_MS && field.tag.type == PROTOBUF_C_WIRE_TYPE_VARINT)
            wait_ms = (uint32_t)field.value;
    return wait_ms;
}

static enum lq_status submit(struct lq_client *client, const char *service, enum lq_ask kind,
                             struct lq_span body, struct lq_span after, uint64_t *correlation)
{
    if (!lq_service_name_valid(lq_span_text(service)))
        return lq_fault(LQ_E_INPUT, "\"%s\" is not a service's name", service);
    struct lq_slot *slot = lq_slot_unused(client->slots);
    if (slot == NULL)
        return lq_fault(LQ_E_BUSY, "%d requests are not answered yet", (int)LQ_CLIENT_WINDOW);
    const uint64_t number = client->last_correlation + 1;
    const struct lq_span bytes = encode_request(client, service, kind, body, after, number);
    if (bytes.size > LQ_REQUEST_LIMIT)
        return lq_fault(LQ_E_INPUT, "a request of %zu bytes is too large, at most %d", bytes.size,
                        (int)LQ_REQUEST_LIMIT);
    slot->request = malloc(bytes.size);
    LQ_ASSERT(slot->request != NULL);
    memcpy(slot->request, bytes.data, bytes.size);
    slot->request_size = bytes.size;
    const int64_t now = lq_steady_ms();
    const uint32_t wait_ms = kind == LQ_ASK_FETCH ? wait_of_fetch(body) : 0;
    slot->state = LQ_SLOT_WAITING;
    slot->correlation = client->last_correlation = number;
    strcpy(slot->service, service);
    slot->silence_ms = client->silence_ms + wait_ms;
    slot->deadline_ms = now + client->deadline_ms + wait_ms;
    send_slot(client, slot, now);
    *correlation = number;
    return LQ_OK;
}

enum lq_status lq_client_submit(struct lq_client *client, const char *service, enum lq_ask kind,
                                struct lq_span body, uint64_t *correlation)
{
    return submit(client, service, kind, body, lq_span(NULL, 0), correlation);
}

enum lq_status lq_client_submit_commands(struct lq_client *client, const char *service,
                                         struct lq_span commands, struct lq_span after,
                                         uint64_t *correlation)
{
    return submit(client, service, LQ_ASK_COMMANDS, commands, after, correlation);
}

static enum lq_status unreachable(const Lq__Reply *reply)
{
    return lq_fault(LQ_E_UNREACHABLE, "%s", reply->refusal->text);
}

enum lq_status lq_client_call(struct lq_client *client, const char *service, enum lq_ask kind,
                              struct lq_span body, const Lq__Reply **reply)
{
    uint64_t correlation = 0;
    const enum lq_status status = lq_client_submit(client, service, kind, body, &correlation);
    if (status != LQ_OK)
        return status;
    struct lq_slot *slot = lq_slot_find(client->slots, correlation);
    while (slot->state != LQ_SLOT_READY)
        pump(client, slot->deadline_ms);
    const bool unanswered = slot->unanswered;
    *reply = hand_over(client, slot);
    const bool refused = (*reply)->kind_case == LQ__REPLY__KIND_REFUSAL;
    return unanswered && refused ? unreachable(*reply) : LQ_OK;
}

enum lq_status lq_client_call_message(struct lq_client *client, const char *service,
                                      const ProtobufCMessage *message, const Lq__Reply **reply)
{
    const ProtobufCMessageDescriptor *what = message->descriptor;
    LQ_ASSERT(what == &lq__command__descriptor || what == &lq__query__descriptor ||
              what == &lq__fetch__descriptor);
    const enum lq_ask kind = what == &lq__command__descriptor ? LQ_ASK_COMMAND
                             : what == &lq__query__descriptor ? LQ_ASK_QUERY
                                                              : LQ_ASK_FETCH;
    struct lq_arena arena = {0};
    const enum lq_status status =
        lq_client_call(client, service, kind, lq_pb_encode(&arena, message), reply);
    lq_arena_free(&arena);
    return status;
}

unsigned lq_client_outstanding(const struct lq_client *client)
{
    unsigned count = 0;
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        count += client->slots[i].state != LQ_SLOT_FREE;
    return count;
}

// ---------------------------------------------------------------- helpers

enum lq_dealer_state lq_client_state(const struct lq_client *client)
{
    return lq_dealer_state(client->dealer);
}

void *lq_client_socket(struct lq_client *client)
{
    return lq_dealer_socket(client->dealer);
}

Lq__Command lq_client_command(struct lq_id *id, struct lq_span body)
{
    Lq__Command command = LQ__COMMAND__INIT;
    *id = lq_id_new(lq_wall_ms());
    command.id.data = id->bytes;
    command.id.len = sizeof id->bytes;
    command.body.len = body.size;
    command.body.data = (uint8_t *)(uintptr_t)body.data;
    return command;
}

uint64_t lq_client_position(const struct lq_client *client, const char *stream)
{
    const struct lq_seen *of = lq_positions_of(&client->seen, stream);
    return of != NULL ? of->seq : 0;
}

void lq_client_saw(struct lq_client *client, const char *stream, uint64_t seq)
{
    lq_positions_note(&client->seen, stream, seq, lq_span(NULL, 0));
}
