#include "bus/broker/forward.h"

#include <errno.h>
#include <stdio.h>

#include "base/assert.h"
#include "bus/broker/reply.h"
#include "bus/broker/services.h"
#include "bus/broker/status.h"

// ---------------------------------------------------------------- requests

static void refuse_unknown(struct lq_broker *broker, struct lq_peer peer,
                           const struct lq_request_head *head)
{
    char list[256] = "bus";
    size_t used = strlen(list);
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++) {
        const char *name = lq_routes_service_at(broker->routes, i)->name;
        if (used + 2 + strlen(name) < sizeof list)
            used += (size_t)sprintf(list + used, ", %s", name);
    }
    lq_broker_refuse(broker, peer, head->correlation, LQ__REFUSAL__WHY__NO_SUCH_SERVICE, false,
                     "there is no service \"%.*s\"; there are: %s", (int)head->service.size,
                     (const char *)head->service.data, list);
}

void lq_broker_send_requests(struct lq_broker *broker, struct lq_route_service *service)
{
    unsigned count = service->requests.count;
    if (count == 0)
        return;
    const struct lq_span batch = lq_batch_frame_bytes(&service->requests);
    const int problem = lq_broker_send_worker(broker, service->peer, LQ_FRAME_REQUEST, batch);
    lq_batch_frame_empty(&service->requests);
    if (problem == 0)
        broker->counters.forwarded += count;
    else if (problem == EHOSTUNREACH)
        lq_broker_service_down(broker, service, "its connection is closed");
    else
        for (; count > 0 && service->last != NULL; count--)
            lq_broker_fail_request(broker, service->last, "is busy");
}

static void add_request(struct lq_broker *broker, const struct lq_waiting *waiting,
                        const struct lq_caller *caller, struct lq_span request)
{
    char actor[LQ_BADGE_TEXT];
    snprintf(actor, sizeof actor, "%s", caller->actor);
    uint8_t route[LQ_ROUTE_SIZE], bytes[LQ_BADGE_TEXT + LQ_ROUTE_SIZE + 32];
    lq_routes_route(broker->routes, waiting, route);
    Lq__Stamp stamp = LQ__STAMP__INIT;
    stamp.route.data = route;
    stamp.route.len = sizeof route;
    stamp.actor = actor;
    stamp.roles = caller->roles;
    LQ_ASSERT(lq__stamp__get_packed_size(&stamp) <= sizeof bytes);
    struct lq_route_service *service = waiting->service;
    lq_batch_frame_add(&service->requests, lq_span(bytes, lq__stamp__pack(&stamp, bytes)), request);
    if (lq_batch_frame_is_full(&service->requests))
        lq_broker_send_requests(broker, service);
}

static void hand_over(struct lq_broker *broker, struct lq_route_service *service,
                      const struct lq_asker *asker, uint64_t correlation, struct lq_span request)
{
    struct lq_waiting *waiting = lq_routes_wait(broker->routes, service, asker->peer, asker->key,
                                                correlation, broker->now_ms);
    if (waiting == NULL) {
        lq_broker_refuse(broker, asker->peer, correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                         "too many requests are waiting for an answer; try again");
        return;
    }
    add_request(broker, waiting, &asker->caller, request);
}

// The list gives a one-time key this role and no other.
static const uint32_t NEWCOMER = 1u << LQ__ROLE__NEWCOMER;

static bool newcomer_may(const struct lq_request_head *head)
{
    return head->kind == LQ__REQUEST__KIND_QUERY &&
           lq_span_equal(head->service, lq_span_text("pair"));
}

void lq_broker_forward(struct lq_broker *broker, const struct lq_asker *asker,
                       struct lq_span request)
{
    struct lq_request_head head;
    const char *wrong = lq_request_scan(request, &head);
    if (wrong != NULL) {
        lq_broker_refuse(broker, asker->peer, head.correlation, LQ__REFUSAL__WHY__MALFORMED, false,
                         "%-s", wrong);
        return;
    }
    if (asker->caller.roles == NEWCOMER && !newcomer_may(&head)) {
        lq_broker_refuse(broker, asker->peer, head.correlation, LQ__REFUSAL__WHY__NOT_PERMITTED,
                         false,
                         "a one-time key may ask \"pair\" to register a device, and nothing else");
        return;
    }
    if (lq_span_equal(head.service, lq_span_text("bus"))) {
        lq_broker_answer_itself(broker, asker, &head);
        return;
    }
    struct lq_route_service *service = lq_routes_service(broker->routes, head.service, false);
    if (service == NULL)
        refuse_unknown(broker, asker->peer, &head);
    else if (!lq_broker_service_up(broker, service))
        lq_broker_refuse(broker, asker->peer, head.correlation, LQ__REFUSAL__WHY__UNAVAILABLE, true,
                         "%-s is not running; try again",
                         lq_broker_said(service, (char[LQ_SERVICE_SAID]){0}));
    else
        hand_over(broker, service, asker, head.correlation, request);
}

// ---------------------------------------------------------------- answers

static void answer_one(struct lq_broker *broker, const struct lq_route_service *service,
                       struct lq_span route, struct lq_span reply)
{
    struct lq_waiting *waiting = lq_routes_find(broker->routes, service, route);
    if (waiting == NULL) {
        broker->counters.late_answers++;
        return;
    }
    const struct lq_waiting was = *waiting;
    lq_routes_forget(broker->routes, waiting);
    broker->counters.answered++;
    lq_broker_reply(broker, was.asker, was.key, was.correlation, reply);
}

void lq_broker_answer(struct lq_broker *broker, const struct lq_route_service *service,
                      struct lq_span batch)
{
    struct lq_span route, reply;
    while (lq_batch_frame_take(&batch, &route, &reply))
        answer_one(broker, service, route, reply);
    if (batch.size > 0)
        broker->counters.dropped_frames++;
}

// ---------------------------------------------------------------- by the clock

void lq_broker_expire_requests(struct lq_broker *broker)
{
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++) {
        const struct lq_route_service *service = lq_routes_service_at(broker->routes, i);
        while (service->first != NULL &&
               broker->now_ms - service->first->since_ms > broker->expire_ms)
            lq_broker_fail_request(broker, service->first, "has not answered");
    }
}
