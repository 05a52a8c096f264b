// The services of this machine. Who may open the socket is the system's own user, see
// docs/decisions/0010: nothing else is asked of them.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/assert.h"
#include "bus/broker/state.h"

enum { PER_TURN = 512 };

enum lq_status lq_broker_open_pipes(struct lq_broker *broker)
{
    char endpoint[LQ_LINK_ENDPOINT_TEXT];
    const enum lq_status status = lq_link_endpoint(broker->run_dir, endpoint);
    return status != LQ_OK ? status
                           : lq_pipe_listen(endpoint + strlen("unix://"), &broker->listener);
}

void lq_broker_close_pipes(struct lq_broker *broker)
{
    for (unsigned i = 0; i < LQ_PIPES_LIMIT; i++)
        lq_pipe_close(broker->pipes[i].pipe);
    if (broker->listener >= 0)
        close(broker->listener);
}

static struct lq_broker_pipe *free_place(struct lq_broker *broker)
{
    for (unsigned i = 0; i < LQ_PIPES_LIMIT; i++)
        if (broker->pipes[i].pipe == NULL)
            return &broker->pipes[i];
    return NULL;
}

void lq_broker_accept_pipes(struct lq_broker *broker)
{
    for (struct lq_pipe *pipe; (pipe = lq_pipe_accept(broker->listener)) != NULL;) {
        struct lq_broker_pipe *place = free_place(broker);
        if (place == NULL) {
            lq_log_error("more than %d connections of services", (int)LQ_PIPES_LIMIT);
            lq_pipe_close(pipe);
        } else {
            *place = (struct lq_broker_pipe){.pipe = pipe, .id = broker->next_pipe_id++};
        }
    }
}

void lq_broker_serve_pipe(struct lq_broker *broker, struct lq_broker_pipe *place)
{
    const struct lq_peer peer = {.by = LQ_BY_PIPE, .id = place->id};
    uint8_t kind;
    struct lq_span body;
    for (unsigned i = 0; i < PER_TURN && lq_pipe_receive(place->pipe, &kind, &body); i++)
        lq_broker_hear_service(broker, peer, "", kind, body);
    if (!lq_pipe_gone(place->pipe))
        return;
    lq_pipe_close(place->pipe);
    place->pipe = NULL;
    lq_broker_ping_services(broker); // notices which one it was
}

int lq_broker_send_pipe(struct lq_broker *broker, uint64_t id, enum lq_link_frame kind,
                        struct lq_span body)
{
    for (unsigned i = 0; i < LQ_PIPES_LIMIT; i++)
        if (broker->pipes[i].pipe != NULL && broker->pipes[i].id == id)
            return lq_pipe_send(broker->pipes[i].pipe, (uint8_t)kind, body);
    return EHOSTUNREACH;
}
