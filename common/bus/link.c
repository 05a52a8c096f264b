// The bus pings; a link that hears nothing for a while registers again, because the bus may be
// another one by now. Nothing here ever waits or queues beyond the socket's own high-water mark:
// whatever is lost is asked again.
#include "bus/link.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/time.h"
#include "bus/bundle.h"
#include "bus/routes.h"
#include "bus/wire.h"

enum {
    LINK_HWM = 20000,
    SILENCE_MS = 1500, // without a ping: register again
    REGISTER_MS = 500, // not registered: so often
    HANDSHAKE_MS = 4000,
    HEARTBEAT_MS = 5000,
    HEARTBEAT_TIMEOUT_MS = 15000,
    HEARTBEAT_TTL_MS = 30000,
    RECONNECT_MS = 100,
    RECONNECT_MOST_MS = 1000,
};

struct lq_link {
    void *context;
    bool own_context;
    void *socket;
    char name[LQ_SERVICE_NAME];
    uint8_t instance[LQ_INSTANCE_SIZE];
    enum lq_link_state state;
    int64_t heard_ms;    // when the bus last said anything
    int64_t register_ms; // when to register next
    struct lq_frames frames;
    bool holding;             // frames are lent to the caller
    struct lq_span requests;  // the rest of the bundle in them
    struct lq_bundle answers; // not sent yet
    bool dropping;            // the last answers could not be sent
    uint64_t registrations;
};

static int send_frames(struct lq_link *link, enum lq_link_frame kind, const struct lq_span *parts,
                       unsigned count)
{
    const uint8_t letter = (uint8_t)kind;
    struct lq_span frames[3] = {lq_span(&letter, 1)};
    LQ_ASSERT(count <= 2);
    for (unsigned i = 0; i < count; i++)
        frames[1 + i] = parts[i];
    return lq_frames_send(link->socket, frames, 1 + count);
}

static void set_state(struct lq_link *link, enum lq_link_state state)
{
    static const char *const words[] = {"the bus is not reached", "registered with the bus",
                                        "another running instance has the name",
                                        "another instance has taken over"};
    if (link->state != state)
        lq_log_info("%s: %s", link->name, words[state]);
    link->state = state;
}

// Registers where it is time to: not registered, or nothing heard for a while.
static void keep_registered(struct lq_link *link, int64_t now_ms)
{
    const bool silent = now_ms - link->heard_ms >= SILENCE_MS;
    if (link->state == LQ_LINK_OUSTED || now_ms < link->register_ms ||
        (link->state == LQ_LINK_UP && !silent))
        return;
    if (silent)
        set_state(link, LQ_LINK_DOWN);
    const struct lq_span parts[] = {lq_span_text(link->name),
                                    lq_span(link->instance, sizeof link->instance)};
    (void)!send_frames(link, LQ_LINK_REGISTER, parts, 2); // tried again soon enough
    link->register_ms = now_ms + REGISTER_MS;
}

static void take_refusal(struct lq_link *link)
{
    const struct lq_span code = lq_frames_at(&link->frames, 1);
    switch (code.size == 1 ? code.data[0] : 0) {
    case LQ_LINK_UNKNOWN:
        if (link->state == LQ_LINK_UP) { // once; others of these were on their way
            set_state(link, LQ_LINK_DOWN);
            link->register_ms = 0;
            keep_registered(link, lq_steady_ms());
        }
        break;
    case LQ_LINK_REPLACED:
        set_state(link, LQ_LINK_OUSTED);
        break;
    case LQ_LINK_TAKEN:
        set_state(link, LQ_LINK_NAME_TAKEN);
        break;
    default:
        lq_log_error("%s: the bus does not take the registration: %.*s", link->name,
                     (int)lq_frames_at(&link->frames, 2).size,
                     (const char *)lq_frames_at(&link->frames, 2).data);
        set_state(link, LQ_LINK_DOWN);
    }
}

// The stamp is the bus's; one that cannot be read is no request.
static bool read_stamp(struct lq_span stamp, struct lq_link_message *message)
{
    struct lq_wire wire = {.rest = stamp};
    struct lq_wire_field field;
    while (lq_wire_next(&wire, &field)) {
        if (field.number == 1 && field.type == 2)
            message->route = field.bytes;
        if (field.number == 2 && field.type == 2) {
            if (field.bytes.size == 0 || field.bytes.size >= sizeof message->actor)
                return false;
            memcpy(message->actor, field.bytes.data, field.bytes.size);
        }
        if (field.number == 3 && field.type == 0)
            message->roles = (uint32_t)field.value;
    }
    return !wire.broken && message->route.size > 0 && message->actor[0] != '\0';
}

// The next request of the bundle that is held.
static bool take_request(struct lq_link *link, struct lq_link_message *message)
{
    struct lq_span stamp, request;
    while (lq_bundle_take(&link->requests, &stamp, &request)) {
        *message = (struct lq_link_message){.kind = LQ_LINK_IS_REQUEST, .bytes = request};
        if (read_stamp(stamp, message))
            return true;
    }
    link->requests = lq_span(NULL, 0);
    return false;
}

// True if the frames are for the caller; all others are between bus and link.
static bool take_frames(struct lq_link *link, struct lq_link_message *message)
{
    struct lq_frames *frames = &link->frames;
    const struct lq_span kind = lq_frames_at(frames, 0);
    *message = (struct lq_link_message){0};
    link->heard_ms = lq_steady_ms();
    switch (kind.size == 1 ? kind.data[0] : 0) {
    case LQ_LINK_PING:
        (void)!send_frames(link, LQ_LINK_PING, NULL, 0);
        return false;
    case LQ_LINK_REGISTER:
        link->registrations++;
        set_state(link, LQ_LINK_UP);
        return false;
    case LQ_LINK_REFUSED:
        if (frames->count == 3)
            take_refusal(link);
        return false;
    case LQ_LINK_REQUEST:
        if (frames->count != 2)
            return false;
        link->requests = lq_frames_at(frames, 1);
        return take_request(link, message);
    case LQ_LINK_ANSWER:
        if (frames->count != 2)
            return false;
        message->kind = LQ_LINK_IS_REPLY;
        message->bytes = lq_frames_at(frames, 1);
        return true;
    default:
        return false; // from a newer bus
    }
}

bool lq_link_next(struct lq_link *link, struct lq_link_message *message)
{
    if (link->holding && take_request(link, message))
        return true;
    if (link->holding)
        lq_frames_close(&link->frames);
    link->holding = false;
    while (lq_frames_receive(link->socket, &link->frames)) {
        link->holding = take_frames(link, message);
        if (link->holding)
            return true;
        lq_frames_close(&link->frames);
    }
    lq_link_flush(link);
    keep_registered(link, lq_steady_ms());
    return false;
}

void lq_link_flush(struct lq_link *link)
{
    if (link->answers.count == 0)
        return;
    const struct lq_span bundle = lq_bundle_bytes(&link->answers);
    const bool dropped = send_frames(link, LQ_LINK_ANSWER, &bundle, 1) != 0;
    if (dropped && !link->dropping)
        lq_log_warn("%s: replies are dropped, the bus does not take more", link->name);
    link->dropping = dropped;
    lq_bundle_empty(&link->answers);
}

void lq_link_answer(struct lq_link *link, struct lq_span route, struct lq_span reply)
{
    if (reply.size > LQ_REPLY_LIMIT) {
        lq_log_error("%s: a reply of %zu bytes is too large", link->name, reply.size);
        reply = lq_span("", 0); // the bus makes a refusal of it
    }
    if (reply.size >= LQ_BUNDLE_ENOUGH_BYTES) // so that no frame holds much more than a reply can
        lq_link_flush(link);
    lq_bundle_add(&link->answers, route, reply);
    if (lq_bundle_is_full(&link->answers))
        lq_link_flush(link);
}

bool lq_link_ask(struct lq_link *link, struct lq_span request)
{
    return link->state == LQ_LINK_UP && request.size <= LQ_REQUEST_LIMIT &&
           send_frames(link, LQ_LINK_REQUEST, &request, 1) == 0;
}

enum lq_link_state lq_link_state(const struct lq_link *link)
{
    return link->state;
}

uint64_t lq_link_registrations(const struct lq_link *link)
{
    return link->registrations;
}

void *lq_link_socket(struct lq_link *link)
{
    return link->socket;
}

int64_t lq_link_due_ms(const struct lq_link *link)
{
    if (link->requests.size > 0)
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
    zmq_pollitem_t item = {.socket = link->socket, .events = ZMQ_POLLIN};
    (void)zmq_poll(&item, 1, timeout_ms); // an interruption ends the wait, which is all it may do
}

static enum lq_status connect_link(struct lq_link *link, const struct lq_link_config *config)
{
    link->socket = zmq_socket(link->context, ZMQ_DEALER);
    LQ_ASSERT(link->socket != NULL);
    const int64_t limit = LQ_LINK_FRAME_LIMIT;
    LQ_ASSERT(zmq_setsockopt(link->socket, ZMQ_MAXMSGSIZE, &limit, sizeof limit) == 0);
    lq_socket_set(link->socket, ZMQ_LINGER, 0);
    lq_socket_set(link->socket, ZMQ_SNDHWM, LINK_HWM);
    lq_socket_set(link->socket, ZMQ_RCVHWM, LINK_HWM);
    lq_socket_set(link->socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    lq_socket_set(link->socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    lq_socket_set(link->socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    lq_socket_set(link->socket, ZMQ_HEARTBEAT_TTL, HEARTBEAT_TTL_MS);
    lq_socket_set(link->socket, ZMQ_RECONNECT_IVL, RECONNECT_MS);
    lq_socket_set(link->socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MOST_MS);
    if (config->keys != NULL) {
        void *s = link->socket;
        if (zmq_setsockopt(s, ZMQ_CURVE_SERVERKEY, config->bus_public_key, LQ_KEY_TEXT) != 0 ||
            zmq_setsockopt(s, ZMQ_CURVE_PUBLICKEY, config->keys->public_key, LQ_KEY_TEXT) != 0 ||
            zmq_setsockopt(s, ZMQ_CURVE_SECRETKEY, config->keys->secret_key, LQ_KEY_TEXT) != 0)
            return lq_fault(LQ_E_INPUT, "the keys of %s are not keys", link->name);
    }
    if (zmq_connect(link->socket, config->endpoint) != 0)
        return lq_fault(LQ_E_INPUT, "cannot connect to %s: %s", config->endpoint,
                        zmq_strerror(zmq_errno()));
    return LQ_OK;
}

enum lq_status lq_link_open(const struct lq_link_config *config, struct lq_link **out)
{
    if (!lq_service_name_valid(lq_span_text(config->name)))
        return lq_fault(LQ_E_INPUT, "\"%s\" is not a service's name", config->name);
    if (strncmp(config->endpoint, "ipc://", 6) != 0 &&
        (config->keys == NULL || config->bus_public_key == NULL))
        return lq_fault(LQ_E_INPUT, "a link to %s needs keys", config->endpoint);
    struct lq_link *link = calloc(1, sizeof *link);
    LQ_ASSERT(link != NULL && sodium_init() >= 0);
    strcpy(link->name, config->name);
    randombytes_buf(link->instance, sizeof link->instance);
    link->own_context = config->context == NULL;
    link->context = link->own_context ? zmq_ctx_new() : config->context;
    LQ_ASSERT(link->context != NULL);
    const enum lq_status status = connect_link(link, config);
    if (status == LQ_OK)
        *out = link;
    else
        lq_link_close(link);
    return status;
}

void lq_link_close(struct lq_link *link)
{
    if (link == NULL)
        return;
    if (link->holding)
        lq_frames_close(&link->frames);
    lq_bundle_free(&link->answers);
    zmq_close(link->socket);
    if (link->own_context)
        zmq_ctx_term(link->context);
    free(link);
}
