#include "bus/worker/transport.h"

#include <errno.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/clock.h"
#include "bus/worker/dealer.h"
#include "bus/worker/pipe.h"

enum {
    HWM = 20000,
    HEARTBEAT_TTL_MS = 30000,
    RECONNECT_MS = 100,
    RECONNECT_MOST_MS = 1000,
};

static const char scheme[] = "unix://";

struct lq_transport {
    char path[LQ_PIPE_PATH]; // "": by tcp
    struct lq_pipe *pipe;    // NULL: not connected

    struct lq_dealer *dealer; // by tcp, or NULL
    struct lq_frames frames;  // lent to the caller
};

// ---------------------------------------------------------------- opening

static enum lq_status open_dealer(struct lq_transport *transport,
                                  const struct lq_link_config *config)
{
    const struct lq_dealer_config dealer = {
        .context = config->context,
        .endpoint = config->endpoint,
        .bus_public_key = config->bus_public_key,
        .keys = config->keys,
        .message_limit = LQ_FRAME_LIMIT,
        .hwm = HWM,
        .heartbeat_ttl_ms = HEARTBEAT_TTL_MS,
        .reconnect_ms = RECONNECT_MS,
        .reconnect_most_ms = RECONNECT_MOST_MS,
    };
    return lq_dealer_open(&dealer, &transport->dealer);
}

enum lq_status lq_transport_open(const struct lq_link_config *config, struct lq_transport **out)
{
    struct lq_transport *transport = calloc(1, sizeof *transport);
    LQ_ASSERT(transport != NULL);
    enum lq_status status = LQ_OK;
    if (strncmp(config->endpoint, scheme, strlen(scheme)) != 0) {
        status = open_dealer(transport, config);
    } else {
        const char *path = config->endpoint + strlen(scheme);
        const size_t size = strlen(path);
        if (size > 0 && size < sizeof transport->path)
            strcpy(transport->path, path);
        else
            status = lq_fault(LQ_E_INPUT, "\"%s\" is not the path of a socket", path);
    }
    if (status == LQ_OK)
        *out = transport;
    else
        lq_transport_close(transport);
    return status;
}

void lq_transport_close(struct lq_transport *transport)
{
    if (transport == NULL)
        return;
    lq_pipe_close(transport->pipe);
    lq_frames_close(&transport->frames);
    lq_dealer_close(transport->dealer);
    free(transport);
}

bool lq_transport_is_connected(const struct lq_transport *transport)
{
    return transport->dealer != NULL || transport->pipe != NULL;
}

bool lq_transport_connect(struct lq_transport *transport)
{
    if (!lq_transport_is_connected(transport))
        transport->pipe = lq_pipe_connect(transport->path);
    return lq_transport_is_connected(transport);
}

zmq_pollitem_t lq_transport_item(const struct lq_transport *transport)
{
    if (transport->dealer != NULL)
        return (zmq_pollitem_t){.socket = lq_dealer_socket(transport->dealer),
                                .events = ZMQ_POLLIN};
    return transport->pipe != NULL ? lq_pipe_item(transport->pipe) : (zmq_pollitem_t){.fd = -1};
}

// ---------------------------------------------------------------- messages

static bool receive_frames(struct lq_transport *transport, uint8_t *kind, struct lq_span *body)
{
    lq_frames_close(&transport->frames);
    if (!lq_frames_receive(lq_dealer_socket(transport->dealer), &transport->frames)) {
        (void)lq_dealer_poll(transport->dealer,
                             lq_steady_ms()); // the link registers again by itself
        return false;
    }
    const struct lq_span first = lq_frames_at(&transport->frames, 0);
    const bool is_message = transport->frames.count == 2 && first.size == 1;
    *kind = is_message ? first.data[0] : 0;
    *body = is_message ? lq_frames_at(&transport->frames, 1) : lq_span(NULL, 0);
    return true;
}

bool lq_transport_receive(struct lq_transport *transport, uint8_t *kind, struct lq_span *body)
{
    if (transport->dealer != NULL)
        return receive_frames(transport, kind, body);
    if (transport->pipe == NULL)
        return false;
    if (lq_pipe_receive(transport->pipe, kind, body))
        return true;
    if (lq_pipe_gone(transport->pipe)) {
        lq_pipe_close(transport->pipe);
        transport->pipe = NULL;
    }
    return false;
}

bool lq_transport_holds_message(const struct lq_transport *transport)
{
    return transport->pipe != NULL && lq_pipe_holds_message(transport->pipe);
}

int lq_transport_send(struct lq_transport *transport, enum lq_frame_kind kind, struct lq_span body)
{
    const uint8_t byte = (uint8_t)kind;
    const struct lq_span frames[] = {lq_span(&byte, 1), body};
    if (transport->dealer != NULL)
        return lq_frames_send(lq_dealer_socket(transport->dealer), frames, 2);
    return transport->pipe != NULL ? lq_pipe_send(transport->pipe, byte, body) : EHOSTUNREACH;
}
