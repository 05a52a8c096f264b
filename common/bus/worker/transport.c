#include "bus/worker/transport.h"

#include <errno.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/time.h"
#include "bus/worker/dealer.h"
#include "bus/worker/pipe.h"

enum {
    HWM = 20000,
    HEARTBEAT_TTL_MS = 30000,
    RECONNECT_MS = 100,
    RECONNECT_MOST_MS = 1000,
};

static const char scheme[] = "unix://";

struct lq_line {
    char path[LQ_PIPE_PATH]; // "": by tcp
    struct lq_pipe *pipe;    // NULL: not connected

    struct lq_dealer *dealer; // by tcp, or NULL
    struct lq_frames frames;  // lent to the caller
};

// ---------------------------------------------------------------- opening

static enum lq_status open_dealer(struct lq_line *line, const struct lq_link_config *config)
{
    const struct lq_dealer_config dealer = {
        .context = config->context,
        .endpoint = config->endpoint,
        .bus_public_key = config->bus_public_key,
        .keys = config->keys,
        .message_limit = LQ_LINK_FRAME_LIMIT,
        .hwm = HWM,
        .heartbeat_ttl_ms = HEARTBEAT_TTL_MS,
        .reconnect_ms = RECONNECT_MS,
        .reconnect_most_ms = RECONNECT_MOST_MS,
    };
    return lq_dealer_open(&dealer, &line->dealer);
}

enum lq_status lq_line_open(const struct lq_link_config *config, struct lq_line **out)
{
    struct lq_line *line = calloc(1, sizeof *line);
    LQ_ASSERT(line != NULL);
    enum lq_status status = LQ_OK;
    if (strncmp(config->endpoint, scheme, strlen(scheme)) != 0) {
        status = open_dealer(line, config);
    } else {
        const char *path = config->endpoint + strlen(scheme);
        const size_t size = strlen(path);
        if (size > 0 && size < sizeof line->path)
            strcpy(line->path, path);
        else
            status = lq_fault(LQ_E_INPUT, "\"%s\" is not the path of a socket", path);
    }
    if (status == LQ_OK)
        *out = line;
    else
        lq_line_close(line);
    return status;
}

void lq_line_close(struct lq_line *line)
{
    if (line == NULL)
        return;
    lq_pipe_close(line->pipe);
    lq_frames_close(&line->frames);
    lq_dealer_close(line->dealer);
    free(line);
}

bool lq_line_is_connected(const struct lq_line *line)
{
    return line->dealer != NULL || line->pipe != NULL;
}

bool lq_line_connect(struct lq_line *line)
{
    if (!lq_line_is_connected(line))
        line->pipe = lq_pipe_connect(line->path);
    return lq_line_is_connected(line);
}

zmq_pollitem_t lq_line_item(const struct lq_line *line)
{
    if (line->dealer != NULL)
        return (zmq_pollitem_t){.socket = lq_dealer_socket(line->dealer), .events = ZMQ_POLLIN};
    return line->pipe != NULL ? lq_pipe_item(line->pipe) : (zmq_pollitem_t){.fd = -1};
}

// ---------------------------------------------------------------- messages

static bool receive_frames(struct lq_line *line, uint8_t *kind, struct lq_span *body)
{
    lq_frames_close(&line->frames);
    if (!lq_frames_receive(lq_dealer_socket(line->dealer), &line->frames)) {
        (void)lq_dealer_tend(line->dealer, lq_steady_ms()); // the link registers again by itself
        return false;
    }
    const struct lq_span first = lq_frames_at(&line->frames, 0);
    const bool is_message = line->frames.count == 2 && first.size == 1;
    *kind = is_message ? first.data[0] : 0;
    *body = is_message ? lq_frames_at(&line->frames, 1) : lq_span(NULL, 0);
    return true;
}

bool lq_line_receive(struct lq_line *line, uint8_t *kind, struct lq_span *body)
{
    if (line->dealer != NULL)
        return receive_frames(line, kind, body);
    if (line->pipe == NULL)
        return false;
    if (lq_pipe_receive(line->pipe, kind, body))
        return true;
    if (lq_pipe_gone(line->pipe)) {
        lq_pipe_close(line->pipe);
        line->pipe = NULL;
    }
    return false;
}

bool lq_line_holds_message(const struct lq_line *line)
{
    return line->pipe != NULL && lq_pipe_holds_message(line->pipe);
}

int lq_line_send(struct lq_line *line, enum lq_link_frame kind, struct lq_span body)
{
    const uint8_t byte = (uint8_t)kind;
    const struct lq_span frames[] = {lq_span(&byte, 1), body};
    if (line->dealer != NULL)
        return lq_frames_send(lq_dealer_socket(line->dealer), frames, 2);
    return line->pipe != NULL ? lq_pipe_send(line->pipe, byte, body) : EHOSTUNREACH;
}
