#include "pb/wire.h"

bool lq_pb_next_field(struct lq_pb_wire *wire, struct lq_pb_field *field)
{
    *field = (struct lq_pb_field){0};
    if (wire->at == wire->end)
        return false;
    if (lq_pb_take_tag(wire, &field->tag) && lq_pb_take_value(wire, field))
        return true;
    wire->broken = true;
    wire->at = wire->end;
    return false;
}
