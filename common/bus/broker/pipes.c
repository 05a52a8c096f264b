// Access is controlled by the file system, see docs/decisions/0010: no key is asked for here.
#include "bus/broker/pipes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum lq_status lq_broker_open_pipes(struct lq_broker *broker)
{
    char endpoint[LQ_PIPE_ENDPOINT_TEXT];
    const enum lq_status status = lq_pipe_endpoint(broker->run_dir, endpoint);
    return status != LQ_OK ? status
                           : lq_pipe_listen(endpoint + strlen("unix://"), &broker->pipe_listener);
}

void lq_broker_close_pipes(struct lq_broker *broker)
{
    for (unsigned i = 0; i < LQ_PIPES_LIMIT; i++)
        lq_pipe_close(broker->pipes[i].pipe);
    if (broker->pipe_listener >= 0)
        close(broker->pipe_listener);
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
    for (struct lq_pipe *pipe; (pipe = lq_pipe_accept(broker->pipe_listener)) != NULL;) {
        struct lq_broker_pipe *place = free_place(broker);
        if (place == NULL) {
            lq_log_error("more than %d connections of services", (int)LQ_PIPES_LIMIT);
            lq_pipe_close(pipe);
        } else {
            *place = (struct lq_broker_pipe){.pipe = pipe, .id = broker->next_pipe_id++};
        }
    }
}

int lq_broker_send_pipe(struct lq_broker *broker, uint64_t id, enum lq_frame_kind kind,
                        struct lq_span body)
{
    for (unsigned i = 0; i < LQ_PIPES_LIMIT; i++)
        if (broker->pipes[i].pipe != NULL && broker->pipes[i].id == id)
            return lq_pipe_send(broker->pipes[i].pipe, (uint8_t)kind, body);
    return EHOSTUNREACH;
}
