#include "bus/broker/reply.h"

#include <stdarg.h>

#include "bus/broker/keys.h"
#include "bus/broker/pipes.h"

int lq_broker_send_worker(struct lq_broker *broker, struct lq_peer peer, enum lq_frame_kind kind,
                          struct lq_span body)
{
    if (peer.kind == LQ_PEER_PIPE)
        return lq_broker_send_pipe(broker, peer.id, kind, body);
    const uint8_t byte = (uint8_t)kind; // flushed at the end of the loop's step
    return lq_listener_put(broker->listeners[LQ_PEER_WORKER], peer.id, &byte, body);
}

void lq_broker_send_reply(struct lq_broker *broker, struct lq_peer peer, struct lq_span reply)
{
    const int problem =
        peer.kind == LQ_PEER_CLIENT
            ? lq_listener_put(broker->listeners[LQ_PEER_CLIENT], peer.id, NULL, reply)
            : lq_broker_send_worker(broker, peer, LQ_FRAME_ANSWER, reply);
    if (problem != 0)
        broker->counters.dropped_replies++;
}

void lq_broker_refuse(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation,
                      Lq__Refusal__Why why, bool retry, const char *format, ...)
{
    uint8_t buffer[LQ_REFUSAL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    const struct lq_span refusal =
        lq_refusal_vencode(buffer, correlation, why, retry, format, arguments);
    va_end(arguments);
    if (why == LQ__REFUSAL__WHY__MALFORMED)
        broker->counters.malformed++;
    if (why == LQ__REFUSAL__WHY__UNAVAILABLE)
        broker->counters.unavailable++;
    if (why == LQ__REFUSAL__WHY__KEY_REVOKED)
        broker->counters.revoked++;
    lq_broker_send_reply(broker, peer, refusal);
}

const char *lq_broker_said(const struct lq_route_service *service, char text[LQ_SERVICE_SAID])
{
    snprintf(text, LQ_SERVICE_SAID, "%s@", service->name); // base/message.h, lq_message_whose
    return text;
}

void lq_broker_fail_request(struct lq_broker *broker, struct lq_waiting *waiting, const char *why)
{
    const struct lq_waiting was = *waiting;
    lq_routes_forget(broker->routes, waiting);
    lq_broker_refuse(broker, was.asker, was.correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                     "%-s %-s; try again", lq_broker_said(was.service, (char[LQ_SERVICE_SAID]){0}),
                     why);
}

void lq_broker_refuse_key(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation)
{
    lq_broker_refuse(broker, peer, correlation, LQ__REFUSAL__WHY__KEY_REVOKED, false,
                     "this key has been revoked");
}

void lq_broker_reply(struct lq_broker *broker, struct lq_peer peer, const char *key,
                     uint64_t correlation, struct lq_span reply)
{
    if (key[0] != '\0' && lq_broker_key(broker, key) == NULL)
        lq_broker_refuse_key(broker, peer, correlation);
    else if (reply.size == 0 || reply.size > LQ_REPLY_LIMIT)
        lq_broker_refuse(broker, peer, correlation, LQ__REFUSAL__WHY__UNAVAILABLE, false,
                         "the reply is larger than 1 MiB: ask for less at a time");
    else
        lq_broker_send_reply(broker, peer, reply);
}
