// The bus pings; a link that hears nothing for a while registers again, because the bus may have
// restarted. Nothing here waits, or queues beyond the socket's own high-water mark: what is lost is
// asked again.
#include "bus/worker/link.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/wire.h"
#include "bus/worker/batch_frame.h"
#include "bus/worker/transport.h"
#include "pb/wire.h"

enum {
    SILENCE_MS = 1500,  // without a ping: register again
    REGISTER_MS = 500,  // between tries while not registered
    RECONNECT_MS = 100, // between tries while nobody listens
};

struct lq_link {
    struct lq_transport *transport;
    char name[LQ_SERVICE_NAME];
    uint8_t instance[LQ_INSTANCE_SIZE];
    enum lq_link_state state;
    int64_t heard_ms;              // when the bus last said anything
    int64_t register_ms;           // when to register next
    struct lq_span requests;       // the rest of the batch frame that was received last
    struct lq_batch_frame answers; // not sent yet
    bool quiet;
    bool dropping; // the last answers could not be sent
    uint64_t registrations;
};

static void set_state(struct lq_link *link, enum lq_link_state state)
{
    static const char *const words[] = {"the bus is not reached", "registered with the bus",
                                        "another running instance has the name",
                                        "another instance has taken over"};
    if (link->state != state && !link->quiet)
        lq_log_info("%s: %s", link->name, words[state]);
    link->state = state;
}

// Registers if that is due: not connected, not registered, or nothing heard for a while.
static void keep_registered(struct lq_link *link, int64_t now_ms)
{
    if (link->state == LQ_LINK_OUSTED)
        return;
    if (!lq_transport_is_connected(link->transport) && link->state != LQ_LINK_DOWN) {
        set_state(link, LQ_LINK_DOWN);
        link->register_ms = now_ms;
    }
    const bool silent = now_ms - link->heard_ms >= SILENCE_MS;
    if (now_ms < link->register_ms || (link->state == LQ_LINK_UP && !silent))
        return;
    if (silent)
        set_state(link, LQ_LINK_DOWN);
    const bool connected = lq_transport_connect(link->transport);
    if (connected) {
        uint8_t body[LQ_INSTANCE_SIZE + LQ_SERVICE_NAME];
        const size_t size = strlen(link->name);
        memcpy(body, link->instance, LQ_INSTANCE_SIZE);
        memcpy(body + LQ_INSTANCE_SIZE, link->name, size);
        // If this fails it is tried again soon.
        (void)!lq_transport_send(link->transport, LQ_FRAME_REGISTER,
                                 lq_span(body, LQ_INSTANCE_SIZE + size));
    }
    link->register_ms = now_ms + (connected ? REGISTER_MS : RECONNECT_MS);
}

static void take_refusal(struct lq_link *link, struct lq_span refusal)
{
    switch (refusal.size > 0 ? refusal.data[0] : 0) {
    case LQ_REFUSED_UNKNOWN:
        if (link->state == LQ_LINK_UP) { // once; more of these may be in flight
            set_state(link, LQ_LINK_DOWN);
            link->register_ms = 0;
            keep_registered(link, lq_steady_ms());
        }
        break;
    case LQ_REFUSED_REPLACED:
        set_state(link, LQ_LINK_OUSTED);
        break;
    case LQ_REFUSED_TAKEN:
        set_state(link, LQ_LINK_NAME_TAKEN);
        break;
    default:
        lq_log_error("%s: the bus does not take the registration: %.*s", link->name,
                     refusal.size > 0 ? (int)refusal.size - 1 : 0,
                     (const char *)refusal.data + (refusal.size > 0));
        set_state(link, LQ_LINK_DOWN);
    }
}

// Written by the bus; one that cannot be read is dropped with its request.
static bool read_caller(struct lq_span caller, struct lq_link_message *message)
{
    enum { ROUTE = 1, ACTOR = 2, ROLES = 3 };
    struct lq_pb_wire wire = lq_pb_wire(caller);
    struct lq_pb_field field;
    while (lq_pb_next_field(&wire, &field)) {
        const bool is_bytes = field.tag.type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
        if (field.tag.number == ROUTE && is_bytes)
            message->route = field.bytes;
        if (field.tag.number == ACTOR && is_bytes) {
            if (field.bytes.size == 0 || field.bytes.size >= sizeof message->actor)
                return false;
            memcpy(message->actor, field.bytes.data, field.bytes.size);
        }
        if (field.tag.number == ROLES && field.tag.type == PROTOBUF_C_WIRE_TYPE_VARINT)
            message->roles = (uint32_t)field.value;
    }
    return !wire.broken && message->route.size > 0 && message->actor[0] != '\0';
}

// The next request of the batch frame that was received.
static bool take_request(struct lq_link *link, struct lq_link_message *message)
{
    struct lq_span caller, request;
    while (lq_batch_frame_take(&link->requests, &caller, &request)) {
        *message = (struct lq_link_message){.kind = LQ_MESSAGE_REQUEST, .bytes = request};
        if (read_caller(caller, message))
            return true;
    }
    link->requests = lq_span(NULL, 0);
    return false;
}

// True if the message is for the caller; all others are between bus and link.
static bool take_message(struct lq_link *link, uint8_t kind, struct lq_span body,
                         struct lq_link_message *message)
{
    *message = (struct lq_link_message){0};
    link->heard_ms = lq_steady_ms();
    switch (kind) {
    case LQ_FRAME_PING:
        (void)!lq_transport_send(link->transport, LQ_FRAME_PING, lq_span(NULL, 0));
        return false;
    case LQ_FRAME_REGISTER:
        link->registrations++;
        set_state(link, LQ_LINK_UP);
        return false;
    case LQ_FRAME_REFUSED:
        take_refusal(link, body);
        return false;
    case LQ_FRAME_REQUEST:
        link->requests = body;
        return take_request(link, message);
    case LQ_FRAME_ANSWER:
        message->kind = LQ_MESSAGE_REPLY;
        message->bytes = body;
        return true;
    default:
        return false; // from a newer bus
    }
}

bool lq_link_next(struct lq_link *link, struct lq_link_message *message)
{
    uint8_t kind;
    struct lq_span body;
    if (take_request(link, message))
        return true;
    while (lq_transport_receive(link->transport, &kind, &body))
        if (take_message(link, kind, body, message))
            return true;
    lq_link_flush(link);
    keep_registered(link, lq_steady_ms());
    return false;
}

void lq_link_flush(struct lq_link *link)
{
    if (link->answers.count == 0)
        return;
    const struct lq_span batch = lq_batch_frame_bytes(&link->answers);
    const bool dropped = lq_transport_send(link->transport, LQ_FRAME_ANSWER, batch) != 0;
    if (dropped && !link->dropping)
        lq_log_warn("%s: replies are dropped, the bus does not take them", link->name);
    link->dropping = dropped;
    lq_batch_frame_empty(&link->answers);
}

void lq_link_answer(struct lq_link *link, struct lq_span route, struct lq_span reply)
{
    if (reply.size > LQ_REPLY_LIMIT) {
        lq_log_error("%s: a reply of %zu bytes is too large", link->name, reply.size);
        reply = lq_span("", 0); // the bus turns it into a refusal
    }
    if (reply.size >=
        LQ_BATCH_FRAME_ENOUGH_BYTES) // so that no frame holds much more than a reply can
        lq_link_flush(link);
    lq_batch_frame_add(&link->answers, route, reply);
    if (lq_batch_frame_is_full(&link->answers))
        lq_link_flush(link);
}

bool lq_link_ask(struct lq_link *link, struct lq_span request)
{
    return link->state == LQ_LINK_UP && request.size <= LQ_REQUEST_LIMIT &&
           lq_transport_send(link->transport, LQ_FRAME_REQUEST, request) == 0;
}

enum lq_link_state lq_link_state(const struct lq_link *link)
{
    return link->state;
}

uint64_t lq_link_registrations(const struct lq_link *link)
{
    return link->registrations;
}

zmq_pollitem_t lq_link_item(const struct lq_link *link)
{
    return lq_transport_item(link->transport);
}

int64_t lq_link_due_ms(const struct lq_link *link)
{
    if (link->requests.size > 0 || lq_transport_holds_message(link->transport))
        return 0; // taken from the socket already
    if (link->state == LQ_LINK_OUSTED)
        return INT64_MAX;
    const int64_t silent_ms = link->heard_ms + SILENCE_MS;
    return link->state != LQ_LINK_UP || silent_ms < link->register_ms ? link->register_ms
                                                                      : silent_ms;
}

void lq_link_wait(struct lq_link *link, int timeout_ms)
{
    lq_link_flush(link);
    const int64_t left = lq_link_due_ms(link) - lq_steady_ms();
    if (left < timeout_ms)
        timeout_ms = left < 0 ? 0 : (int)left;
    zmq_pollitem_t item = lq_transport_item(link->transport);
    (void)lq_poll(&item, 1, timeout_ms); // an interruption ends the wait, which is all it may do
}

enum lq_status lq_link_open(const struct lq_link_config *config, struct lq_link **out)
{
    if (!lq_service_name_valid(lq_span_text(config->name)))
        return lq_fault(LQ_E_INPUT, "\"%s\" is not a service's name", config->name);
    struct lq_transport *transport = NULL;
    const enum lq_status status = lq_transport_open(config, &transport);
    if (status != LQ_OK)
        return status;
    struct lq_link *link = calloc(1, sizeof *link);
    LQ_ASSERT(link != NULL && sodium_init() >= 0);
    link->transport = transport;
    strcpy(link->name, config->name);
    link->quiet = config->quiet;
    randombytes_buf(link->instance, sizeof link->instance);
    *out = link;
    return LQ_OK;
}

void lq_link_close(struct lq_link *link)
{
    if (link == NULL)
        return;
    lq_batch_frame_free(&link->answers);
    lq_transport_close(link->transport);
    free(link);
}
