#include "bus/broker/status.h"

#include <unistd.h>

#include "base/assert.h"
#include "bus/broker/reply.h"
#include "pb/wire.h"

static void answer_status(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation)
{
    char name[] = "bus", version[] = LQ_VERSION;
    Lq__Position positions[LQ_SERVICES_LIMIT], *follows[LQ_SERVICES_LIMIT];
    Lq__Status status = LQ__STATUS__INIT;
    for (unsigned i = 0; i < lq_routes_service_count(broker->routes); i++) {
        struct lq_route_service *service = lq_routes_service_at(broker->routes, i);
        if (!service->registered)
            continue;
        follows[status.n_follows] = &positions[status.n_follows];
        lq__position__init(follows[status.n_follows]);
        follows[status.n_follows++]->stream = service->name;
    }
    status.service = name;
    status.follows = follows;
    status.started_at_ms = broker->started_wall_ms;
    status.version = version;
    status.pid = (uint32_t)getpid();
    uint8_t body[LQ_SERVICES_LIMIT * 48 + 256], bytes[sizeof body + 64];
    LQ_ASSERT(lq__status__get_packed_size(&status) <= sizeof body);
    Lq__Position as_of = LQ__POSITION__INIT;
    as_of.stream = name;
    Lq__Answer answer = LQ__ANSWER__INIT;
    answer.as_of = &as_of;
    answer.body.data = body;
    answer.body.len = lq__status__pack(&status, body);
    Lq__Reply reply = LQ__REPLY__INIT;
    reply.correlation = correlation;
    reply.kind_case = LQ__REPLY__KIND_ANSWER;
    reply.answer = &answer;
    lq_broker_send_reply(broker, peer, lq_span(bytes, lq__reply__pack(&reply, bytes)));
}

void lq_broker_answer_itself(struct lq_broker *broker, struct lq_peer peer,
                             const struct lq_request_head *head)
{
    bool empty = head->kind == LQ__REQUEST__KIND_QUERY;
    struct lq_pb_wire wire = lq_pb_wire(head->body);
    struct lq_pb_field field;
    while (lq_pb_next_field(&wire, &field))
        empty = empty && field.bytes.size == 0 &&
                field.tag.type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    if (empty && !wire.broken)
        answer_status(broker, peer, head->correlation);
    else
        lq_broker_refuse(broker, peer, head->correlation, LQ__REFUSAL__WHY__MALFORMED, false,
                         "the bus itself answers only a query with an empty body");
}
