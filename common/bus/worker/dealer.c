// The events of the socket's monitor are kept, because without them an unknown key, a wrong server
// and a dead one look the same: silence.
#include "bus/worker/dealer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "bus/worker/frames.h"

enum {
    HANDSHAKE_MS = 4000,
    HEARTBEAT_MS = 5000,
    HEARTBEAT_TIMEOUT_MS = 15000,
    WATCHED = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
              ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
              ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
};

struct lq_dealer {
    struct lq_dealer_config config; // its texts are the ones below
    struct lq_key_pair keys;
    char bus_public_key[LQ_KEY_TEXT], endpoint[256];
    bool own_context;
    void *socket, *monitor;
    unsigned sockets;  // opened so far
    int64_t renew_ms;  // when to open another; INT64_MAX: never
    int renew_wait_ms; // doubles with each failure
    bool given_up;     // by ZeroMQ
    enum lq_dealer_state state;
};

// ---------------------------------------------------------------- the socket

static void set_options(void *socket, const struct lq_dealer_config *config)
{
    LQ_ASSERT(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &config->message_limit,
                             sizeof config->message_limit) == 0);
    lq_socket_set(socket, ZMQ_LINGER, 0);
    lq_socket_set(socket, ZMQ_SNDHWM, config->hwm);
    lq_socket_set(socket, ZMQ_RCVHWM, config->hwm);
    lq_socket_set(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    lq_socket_set(socket, ZMQ_HEARTBEAT_TTL, config->heartbeat_ttl_ms);
    lq_socket_set(socket, ZMQ_RECONNECT_IVL, config->reconnect_ms);
    lq_socket_set(socket, ZMQ_RECONNECT_IVL_MAX, config->reconnect_most_ms);
    if (strchr(config->endpoint, '[') != NULL) // else names would be looked up as IPv6 first
        lq_socket_set(socket, ZMQ_IPV6, 1);
    LQ_ASSERT(
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, config->bus_public_key, LQ_KEY_TEXT) == 0 &&
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, config->keys->public_key, LQ_KEY_TEXT) == 0 &&
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, config->keys->secret_key, LQ_KEY_TEXT) == 0);
}

static enum lq_status open_socket(struct lq_dealer *dealer)
{
    void *s = dealer->socket = zmq_socket(dealer->config.context, ZMQ_DEALER);
    LQ_ASSERT(s != NULL);
    set_options(s, &dealer->config);
    char address[64];
    snprintf(address, sizeof address, "inproc://lq-dealer-%p-%u", (void *)dealer,
             dealer->sockets++);
    LQ_ASSERT(zmq_socket_monitor(s, address, WATCHED) == 0);
    dealer->monitor = zmq_socket(dealer->config.context, ZMQ_PAIR);
    LQ_ASSERT(dealer->monitor != NULL);
    lq_socket_set(dealer->monitor, ZMQ_LINGER, 0);
    LQ_ASSERT(zmq_connect(dealer->monitor, address) == 0);
    if (zmq_connect(s, dealer->endpoint) != 0)
        return lq_fault(LQ_E_INPUT, "cannot connect to %s: %s", dealer->endpoint,
                        zmq_strerror(zmq_errno()));
    return LQ_OK;
}

static void close_socket(struct lq_dealer *dealer)
{
    if (dealer->monitor != NULL) {
        zmq_socket_monitor(dealer->socket, NULL, 0);
        zmq_close(dealer->monitor);
    }
    if (dealer->socket != NULL)
        zmq_close(dealer->socket);
    dealer->monitor = dealer->socket = NULL;
}

enum lq_status lq_dealer_open(const struct lq_dealer_config *config, struct lq_dealer **out)
{
    if (config->keys == NULL || config->bus_public_key == NULL ||
        !lq_key_text_valid(config->bus_public_key) ||
        !lq_key_text_valid(config->keys->public_key) ||
        !lq_key_text_valid(config->keys->secret_key))
        return lq_fault(LQ_E_INPUT, "the keys for %s are not keys", config->endpoint);
    if (strlen(config->endpoint) >= sizeof(((struct lq_dealer *)0)->endpoint))
        return lq_fault(LQ_E_INPUT, "endpoint too long: %s", config->endpoint);
    struct lq_dealer *dealer = calloc(1, sizeof *dealer);
    LQ_ASSERT(dealer != NULL);
    dealer->keys = *config->keys;
    strcpy(dealer->bus_public_key, config->bus_public_key);
    strcpy(dealer->endpoint, config->endpoint);
    dealer->config = *config;
    dealer->config.keys = &dealer->keys;
    dealer->config.bus_public_key = dealer->bus_public_key;
    dealer->config.endpoint = dealer->endpoint;
    dealer->own_context = config->context == NULL;
    if (dealer->own_context)
        dealer->config.context = zmq_ctx_new();
    LQ_ASSERT(dealer->config.context != NULL);
    dealer->renew_ms = INT64_MAX;
    dealer->renew_wait_ms = config->reconnect_ms;
    dealer->state = LQ_DEALER_NO_LISTENER;
    const enum lq_status status = open_socket(dealer);
    if (status == LQ_OK)
        *out = dealer;
    else
        lq_dealer_close(dealer);
    return status;
}

void lq_dealer_close(struct lq_dealer *dealer)
{
    if (dealer == NULL)
        return;
    close_socket(dealer);
    if (dealer->own_context)
        zmq_ctx_term(dealer->config.context);
    sodium_memzero(&dealer->keys, sizeof dealer->keys);
    free(dealer);
}

void *lq_dealer_socket(const struct lq_dealer *dealer)
{
    return dealer->socket;
}

// ---------------------------------------------------------------- the connection

static void take_event(struct lq_dealer *dealer, uint16_t event)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        dealer->state = LQ_DEALER_CONNECTED;
        dealer->given_up = false;
        dealer->renew_wait_ms = dealer->config.reconnect_ms;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        dealer->state = LQ_DEALER_NOT_ADMITTED;
        dealer->given_up = true;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: // also after the handshake, for a bad frame
        dealer->given_up = true;
        __attribute__((fallthrough));
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        dealer->state = LQ_DEALER_NO_HANDSHAKE;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        if (dealer->state == LQ_DEALER_CONNECTED)
            dealer->state = LQ_DEALER_LOST;
        break;
    }
}

static void read_monitor(struct lq_dealer *dealer)
{
    struct lq_frames event;
    while (lq_frames_receive(dealer->monitor, &event)) {
        uint16_t what = 0;
        const struct lq_span body = lq_frames_at(&event, 0);
        if (body.size >= sizeof what)
            memcpy(&what, body.data, sizeof what);
        take_event(dealer, what);
        lq_frames_close(&event);
    }
}

bool lq_dealer_poll(struct lq_dealer *dealer, int64_t now_ms)
{
    read_monitor(dealer);
    if (!dealer->given_up)
        dealer->renew_ms = INT64_MAX;
    else if (dealer->renew_ms == INT64_MAX)
        dealer->renew_ms = now_ms + dealer->renew_wait_ms;
    if (now_ms < dealer->renew_ms)
        return false;
    const int longer = dealer->renew_wait_ms * 2;
    dealer->renew_wait_ms =
        longer < dealer->config.reconnect_most_ms ? longer : dealer->config.reconnect_most_ms;
    dealer->given_up = false;
    dealer->renew_ms = INT64_MAX;
    close_socket(dealer);
    LQ_ASSERT(open_socket(dealer) == LQ_OK); // the endpoint was accepted before
    return true;
}

int64_t lq_dealer_due_ms(const struct lq_dealer *dealer)
{
    return dealer->renew_ms;
}

void lq_dealer_wait(const struct lq_dealer *dealer, long timeout_ms)
{
    zmq_pollitem_t items[] = {{.socket = dealer->socket, .events = ZMQ_POLLIN},
                              {.socket = dealer->monitor, .events = ZMQ_POLLIN}};
    (void)zmq_poll(items, 2, timeout_ms); // an interruption ends the wait, which is all it may do
}

enum lq_dealer_state lq_dealer_state(const struct lq_dealer *dealer)
{
    return dealer->state;
}

const char *lq_dealer_words(enum lq_dealer_state state)
{
    static const char *const WORDS[] = {
        [LQ_DEALER_CONNECTED] = "connected",
        [LQ_DEALER_NO_LISTENER] = "nobody listens there",
        [LQ_DEALER_LOST] = "the connection was lost",
        [LQ_DEALER_NO_HANDSHAKE] = ("something listens there but the handshake fails: is the bus's "
                                    "public key the right one?"),
        [LQ_DEALER_NOT_ADMITTED] = "the bus does not admit this key: it is unknown or revoked",
    };
    return WORDS[state];
}
