#include "bus/broker/status.h"

#include <stdio.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/log.h"
#include "bus/broker/reply.h"
#include "pb/wire.h"

enum { STATUS_SIZE = LQ_SERVICES_LIMIT * 48 + 256 }; // bytes, of the longest body

static void send_answer(struct lq_broker *broker, struct lq_peer peer, uint64_t correlation,
                        struct lq_span body)
{
    uint8_t bytes[STATUS_SIZE + LQ_ANSWER_AROUND];
    lq_broker_send_reply(broker, peer, lq_answer_encode(bytes, sizeof bytes, correlation, body));
}

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
    uint8_t body[STATUS_SIZE];
    LQ_ASSERT(lq__status__get_packed_size(&status) <= sizeof body);
    send_answer(broker, peer, correlation, lq_span(body, lq__status__pack(&status, body)));
}

static void answer_self(struct lq_broker *broker, const struct lq_asker *asker,
                        uint64_t correlation)
{
    char badge[LQ_BADGE_TEXT];
    snprintf(badge, sizeof badge, "%s", asker->caller.actor);
    Lq__Role roles[32];
    Lq__Self self = LQ__SELF__INIT;
    const int64_t wall_ms = lq_wall_ms();
    self.clock_leap_ms = lq_leap_look(&broker->leap, wall_ms, lq_boot_ms());
    self.now_ms = wall_ms - self.clock_leap_ms;
    self.badge = badge;
    self.roles = roles;
    for (int role = 0; role < 32; role++)
        if ((asker->caller.roles & 1u << role) != 0)
            roles[self.n_roles++] = (Lq__Role)role;
    Lq__BusAnswer answer = LQ__BUS_ANSWER__INIT;
    answer.body_case = LQ__BUS_ANSWER__BODY_SELF;
    answer.self = &self;
    uint8_t body[LQ_BADGE_TEXT + 128];
    LQ_ASSERT(lq__bus_answer__get_packed_size(&answer) <= sizeof body);
    send_answer(broker, asker->peer, correlation,
                lq_span(body, lq__bus_answer__pack(&answer, body)));
}

static void confirm_clock(struct lq_broker *broker, const struct lq_asker *asker,
                          uint64_t correlation)
{
    if ((asker->caller.roles & 1u << LQ__ROLE__ADMIN) == 0) {
        lq_broker_refuse(broker, asker->peer, correlation, LQ__REFUSAL__WHY__NOT_PERMITTED, false,
                         "%s may not confirm the clock: an administrator may", asker->caller.actor);
        return;
    }
    if (lq_leap_look(&broker->leap, lq_wall_ms(), lq_boot_ms()) != 0)
        lq_log_warn("%s says that the clock is right", asker->caller.actor);
    lq_leap_trust(&broker->leap, lq_wall_ms(), lq_boot_ms());
    answer_self(broker, asker, correlation);
}

// ---------------------------------------------------------------- what is asked

enum asked { ASKS_NOTHING_KNOWN, ASKS_STATUS, ASKS_SELF, CONFIRMS_CLOCK };

// The message has no other field than those of one number, which are bytes; the last of them. They
// are empty, and the number is 0, if there is none.
static bool only_one(struct lq_span message, struct lq_span *bytes, uint32_t *number)
{
    struct lq_pb_wire wire = lq_pb_wire(message);
    struct lq_pb_field field;
    *bytes = lq_span(NULL, 0);
    *number = 0;
    while (lq_pb_next_field(&wire, &field)) {
        if ((*number != 0 && field.tag.number != *number) ||
            field.tag.type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
            return false;
        *bytes = field.bytes;
        *number = field.tag.number;
    }
    return !wire.broken;
}

static enum asked read_query(const struct lq_request_head *head)
{
    struct lq_span query, question;
    uint32_t number;
    if (head->kind != LQ__REQUEST__KIND_QUERY || !only_one(head->body, &query, &number) ||
        number > 1)
        return ASKS_NOTHING_KNOWN;
    if (query.size == 0)
        return ASKS_STATUS;
    if (!only_one(query, &question, &number) || question.size != 0)
        return ASKS_NOTHING_KNOWN;
    return number == LQ__BUS_QUERY__BODY_SELF            ? ASKS_SELF
           : number == LQ__BUS_QUERY__BODY_CONFIRM_CLOCK ? CONFIRMS_CLOCK
                                                         : ASKS_NOTHING_KNOWN;
}

void lq_broker_answer_itself(struct lq_broker *broker, const struct lq_asker *asker,
                             const struct lq_request_head *head)
{
    switch (read_query(head)) {
    case ASKS_STATUS:
        answer_status(broker, asker->peer, head->correlation);
        return;
    case ASKS_SELF:
        answer_self(broker, asker, head->correlation);
        return;
    case CONFIRMS_CLOCK:
        confirm_clock(broker, asker, head->correlation);
        return;
    case ASKS_NOTHING_KNOWN:
        break;
    }
    lq_broker_refuse(broker, asker->peer, head->correlation, LQ__REFUSAL__WHY__MALFORMED, false,
                     "the bus itself answers only a query: an empty one with its status, a "
                     "BusQuery with what it says");
}
