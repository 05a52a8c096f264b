// The client's connection. What the socket's monitor tells is kept, because to the caller an
// unknown key, a wrong server and a dead one look alike: silence.
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "client/client_state.h"

enum {
    HANDSHAKE_MS = 4000,
    HEARTBEAT_MS = 5000,
    HEARTBEAT_TIMEOUT_MS = 15000,
    RECONNECT_LEAST_MS = 200, // each client its own, so that they do not all come back at once
    RECONNECT_SPREAD_MS = 800,
    RECONNECT_MOST_MS = 5000,
    SEND_HWM = 1000,
    USUAL_SILENCE_MS = 2000,
    USUAL_DEADLINE_MS = 10000,
};

static enum lq_status connect_client(struct lq_client *client,
                                     const struct lq_client_config *config)
{
    void *s = client->socket = zmq_socket(client->context, ZMQ_DEALER);
    LQ_ASSERT(s != NULL);
    const int64_t limit = LQ_REPLY_LIMIT + LQ_CURVE_OVERHEAD;
    LQ_ASSERT(zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &limit, sizeof limit) == 0);
    lq_socket_set(s, ZMQ_LINGER, 0);
    lq_socket_set(s, ZMQ_SNDHWM, SEND_HWM);
    lq_socket_set(s, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    lq_socket_set(s, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    lq_socket_set(s, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    lq_socket_set(s, ZMQ_RECONNECT_IVL,
                  RECONNECT_LEAST_MS + (int)randombytes_uniform(RECONNECT_SPREAD_MS + 1));
    lq_socket_set(s, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MOST_MS);
    if (zmq_setsockopt(s, ZMQ_CURVE_SERVERKEY, config->bus_public_key, LQ_KEY_TEXT) != 0 ||
        zmq_setsockopt(s, ZMQ_CURVE_PUBLICKEY, config->keys.public_key, LQ_KEY_TEXT) != 0 ||
        zmq_setsockopt(s, ZMQ_CURVE_SECRETKEY, config->keys.secret_key, LQ_KEY_TEXT) != 0)
        return lq_fault(LQ_E_INPUT, "the keys for %s are not keys", config->endpoint);
    char address[64];
    snprintf(address, sizeof address, "inproc://lq-client-%p", (void *)client);
    LQ_ASSERT(zmq_socket_monitor(s, address,
                                 ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                                     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL) == 0);
    client->monitor = zmq_socket(client->context, ZMQ_PAIR);
    LQ_ASSERT(client->monitor != NULL);
    lq_socket_set(client->monitor, ZMQ_LINGER, 0);
    LQ_ASSERT(zmq_connect(client->monitor, address) == 0);
    if (zmq_connect(s, config->endpoint) != 0)
        return lq_fault(LQ_E_INPUT, "cannot connect to %s: %s", config->endpoint,
                        zmq_strerror(zmq_errno()));
    return LQ_OK;
}

enum lq_status lq_client_open(const struct lq_client_config *config, struct lq_client **out)
{
    if (strlen(config->endpoint) >= sizeof(((struct lq_client *)0)->endpoint))
        return lq_fault(LQ_E_INPUT, "endpoint too long: %s", config->endpoint);
    if (!lq_key_text_valid(config->bus_public_key) || !lq_key_text_valid(config->keys.public_key) ||
        !lq_key_text_valid(config->keys.secret_key))
        return lq_fault(LQ_E_INPUT, "the keys for %s are not keys", config->endpoint);
    struct lq_client *client = calloc(1, sizeof *client);
    LQ_ASSERT(client != NULL && sodium_init() >= 0);
    strcpy(client->endpoint, config->endpoint);
    client->trouble = "nobody listens there";
    client->silence_ms = config->silence_ms > 0 ? config->silence_ms : USUAL_SILENCE_MS;
    client->deadline_ms = config->deadline_ms > 0 ? config->deadline_ms : USUAL_DEADLINE_MS;
    client->once = config->once;
    client->own_context = config->context == NULL;
    client->context = client->own_context ? zmq_ctx_new() : config->context;
    LQ_ASSERT(client->context != NULL);
    const enum lq_status status = connect_client(client, config);
    if (status == LQ_OK)
        *out = client;
    else
        lq_client_close(client);
    return status;
}

void lq_client_close(struct lq_client *client)
{
    if (client == NULL)
        return;
    if (client->monitor != NULL) {
        zmq_socket_monitor(client->socket, NULL, 0);
        zmq_close(client->monitor);
    }
    zmq_close(client->socket);
    if (client->own_context)
        zmq_ctx_term(client->context);
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        lq_slot_clear(&client->slots[i]);
    lq_arena_free(&client->arena);
    lq_arena_free(&client->scratch);
    free(client);
}
