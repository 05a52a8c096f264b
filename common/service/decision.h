// What `decide`, `react`, `due` and queries hand back to the runtime. Services never include this;
// what hosts them does.
#pragma once

#include "service/service.h"

struct lq_emitted_event {
    int64_t occurred_ms;
    struct lq_span bytes;
};

struct lq_emitted {
    struct lq_emitted_event events[LQ_EVENTS_PER_COMMAND];
    unsigned count;
    const char *number;
};

enum { LQ_COMMANDS_PER_CAUSE = 64 };

struct lq_self_command {
    int64_t occurred_ms;
    struct lq_span bytes;
};

struct lq_orders {
    struct lq_self_command commands[LQ_COMMANDS_PER_CAUSE];
    unsigned count;
};

// What queries say with lq_next.
struct lq_next {
    Lq__NextStep **steps;
    size_t count, room;
};
