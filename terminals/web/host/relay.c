#include "web/host/relay.h"

#include "base/clock.h"
#include "web/host/host.h"

// ---------------------------------------------------------------- flow

// Neither side is read further while so much waits for the other.
static void hold(struct lws *side, bool *held, size_t waiting)
{
    const bool wanted = *held ? waiting >= RELAY_WAITING_MOST / 2 : waiting >= RELAY_WAITING_MOST;
    if (wanted == *held || side == NULL)
        return;
    *held = wanted;
    lws_rx_flow_control(side, !wanted);
}

// A connection that waits keeps no memory for what has gone.
static void give_back(struct lq_buffer *buffer)
{
    if (lq_buffer_size(buffer) == 0)
        lq_buffer_free(buffer);
}

// ---------------------------------------------------------------- beginning and ending

static void let_go_of_bus(struct relay *relay)
{
    if (relay->bus == NULL)
        return;
    lws_set_opaque_user_data(relay->bus, NULL);
    lws_set_timeout(relay->bus, 1, LWS_TO_KILL_ASYNC);
    relay->bus = NULL;
}

enum { CLOSE_TRY_AGAIN_LATER = 1013, CLOSE_REASON_MOST = 123 };

// From its timer: as Debian builds libwebsockets 4.1.6 for a loop of libuv, a connection that a
// callback ends while it writes is closed twice in a row, and the second time without CLOSE.
static void close_soon(struct relay *relay)
{
    lws_set_timer_usecs(relay->web, 1);
}

static void end(struct relay *relay, int code, const char *why)
{
    unsigned char text[CLOSE_REASON_MOST + 1];
    if (relay->is_ending)
        return;
    relay->is_ending = true;
    const int size = snprintf((char *)text, sizeof text, "%s", why);
    lws_close_reason(relay->web, (enum lws_close_status)code, text, (size_t)size);
    let_go_of_bus(relay);
    close_soon(relay);
}

// Where the bus cannot be reached, that is said as soon as the browser can be written to.
static void begin(struct relay *relay, struct lws *web)
{
    struct web_host *host = web_host_of(web);
    relay->web = web;
    relay->heard_ms = relay->moved_ms = lq_steady_ms();
    relay->at = &host->relays;
    relay->next = host->relays;
    if (relay->next != NULL)
        relay->next->at = &relay->next;
    host->relays = relay;
    zws_greet(&relay->to_bus);
    lws_adopt_desc_t bus = {
        .vh = lws_get_vhost(web), .type = LWS_ADOPT_SOCKET, .vh_prot_name = "bus", .opaque = relay};
    bus.fd.sockfd = bus_connect(&host->bus);
    if (bus.fd.sockfd >= 0)
        relay->bus = lws_adopt_descriptor_vhost_via_info(&bus);
    lws_callback_on_writable(relay->bus != NULL ? relay->bus : web);
}

static void forget(struct relay *relay)
{
    if (relay->at == NULL)
        return;
    let_go_of_bus(relay);
    *relay->at = relay->next;
    if (relay->next != NULL)
        relay->next->at = relay->at;
    lq_buffer_free(&relay->message);
    lq_buffer_free(&relay->to_bus);
    lq_buffer_free(&relay->to_web);
    *relay = (struct relay){0};
}

void relay_look_around(struct relay *relays)
{
    const int64_t now_ms = lq_steady_ms();
    for (struct relay *r = relays; r != NULL; r = r->next) {
        if (lq_buffer_size(&r->to_web) == 0)
            r->moved_ms = now_ms;
        if (lws_get_close_length(r->web) > 0)
            close_soon(r); // it has been told why: it is not waited for
        if (now_ms - r->heard_ms > RELAY_SILENCE_MS || now_ms - r->moved_ms > RELAY_SILENCE_MS)
            lws_set_timeout(r->web, 1, LWS_TO_KILL_ASYNC);
    }
}

void relay_end_all(struct relay *relays)
{
    for (struct relay *r = relays; r != NULL; r = r->next)
        lws_callback_on_writable(r->web);
}

// ---------------------------------------------------------------- the browser's side

// A piece of a message. What is too long is refused before it is kept.
static void take(struct relay *relay, const void *piece, size_t size)
{
    struct lws *web = relay->web;
    const size_t so_far = lq_buffer_size(&relay->message) + size;
    relay->heard_ms = lq_steady_ms();
    if (relay->bus == NULL)
        return; // it is being told so
    if (!lws_frame_is_binary(web))
        return end(relay, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "only binary messages");
    if (so_far > ZWS_MESSAGE_MOST || lws_remaining_packet_payload(web) > ZWS_MESSAGE_MOST - so_far)
        return end(relay, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "message too long");
    const bool is_whole = lws_is_final_fragment(web);
    struct lq_span message = lq_span(piece, size);
    if (!is_whole || lq_buffer_size(&relay->message) > 0) {
        lq_buffer_add(&relay->message, piece, size);
        message = lq_buffer_span(&relay->message);
    }
    if (!is_whole)
        return;
    if (!zws_frame(message, &relay->to_bus))
        return end(relay, LWS_CLOSE_STATUS_PROTOCOL_ERR, "no FLAG");
    lq_buffer_free(&relay->message);
    hold(web, &relay->web_held, lq_buffer_size(&relay->to_bus));
    lws_callback_on_writable(relay->bus);
}

static int write_piece(struct relay *relay, const struct zws_piece *piece, uint8_t *bytes)
{
    const int how = (piece->first ? LWS_WRITE_BINARY : LWS_WRITE_CONTINUATION) |
                    (piece->last ? 0 : LWS_WRITE_NO_FIN);
    relay->moved_ms = lq_steady_ms();
    return lws_write(relay->web, bytes, piece->size, (enum lws_write_protocol)how) < 0 ? -1 : 0;
}

// As long as the browser takes it. A bus that has gone is told of once all that it said is told.
static int tell(struct relay *relay)
{
    static uint8_t room[LWS_PRE + RELAY_WRITE_MOST];
    struct zws_piece piece;
    while (!relay->is_ending) {
        const enum zws_read read =
            zws_read(&relay->reader, &relay->to_web, room + LWS_PRE, RELAY_WRITE_MOST, &piece);
        if (read == ZWS_BROKEN)
            end(relay, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION, "what answers is no bus");
        else if (read == ZWS_WAITS && web_host_of(relay->web)->is_ending)
            end(relay, LWS_CLOSE_STATUS_GOINGAWAY, "started again soon");
        else if (read == ZWS_WAITS && relay->bus == NULL && relay->reader.greeted)
            end(relay, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION, "the bus hung up");
        else if (read == ZWS_WAITS && relay->bus == NULL)
            end(relay, CLOSE_TRY_AGAIN_LATER, "the bus is not reached");
        if (read == ZWS_BROKEN || read == ZWS_WAITS)
            break;
        if (write_piece(relay, &piece, room + LWS_PRE) != 0)
            return -1;
        if (lws_send_pipe_choked(relay->web))
            break;
    }
    hold(relay->bus, &relay->bus_held, lq_buffer_size(&relay->to_web));
    if (lq_buffer_size(&relay->to_web) > 0 && lws_send_pipe_choked(relay->web))
        lws_callback_on_writable(relay->web);
    give_back(&relay->to_web);
    return 0;
}

int relay_web_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size)
{
    struct relay *relay = user;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        begin(relay, wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        take(relay, in, size);
        return 0;
    case LWS_CALLBACK_TIMER:
        return -1;
    case LWS_CALLBACK_RECEIVE_PONG:
        relay->heard_ms = lq_steady_ms();
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return tell(relay);
    case LWS_CALLBACK_CLOSED:
        forget(relay);
        return 0;
    default:
        return 0;
    }
}

// ---------------------------------------------------------------- the bus's side

static int tell_bus(struct relay *relay)
{
    struct lq_buffer *waiting = &relay->to_bus;
    const size_t all = lq_buffer_size(waiting);
    const size_t size = all > RELAY_WRITE_MOST ? RELAY_WRITE_MOST : all;
    if (size == 0)
        return 0;
    if (lws_write(relay->bus, waiting->bytes + waiting->begin, size, LWS_WRITE_RAW) < 0)
        return -1;
    waiting->begin += size;
    if (all > size)
        lws_callback_on_writable(relay->bus);
    hold(relay->web, &relay->web_held, lq_buffer_size(&relay->to_bus));
    give_back(&relay->to_bus);
    return 0;
}

int relay_bus_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t size)
{
    struct relay *relay = lws_get_opaque_user_data(wsi);
    (void)user;
    if (relay == NULL)
        return reason == LWS_CALLBACK_RAW_RX || reason == LWS_CALLBACK_RAW_WRITEABLE ? -1 : 0;
    switch (reason) {
    case LWS_CALLBACK_RAW_RX:
        lq_buffer_add(&relay->to_web, in, size);
        hold(wsi, &relay->bus_held, lq_buffer_size(&relay->to_web));
        lws_callback_on_writable(relay->web);
        return 0;
    case LWS_CALLBACK_RAW_WRITEABLE:
        return tell_bus(relay);
    case LWS_CALLBACK_RAW_CLOSE:
        relay->bus = NULL;
        lws_callback_on_writable(relay->web);
        return 0;
    default:
        return 0;
    }
}
