// Which records made and changed a thing (记录), by what the tables have marked of it
// (service/trail.h). A service has the member of rules.proto in its Query and Answer, with this
// number, and this handler in its row.
#pragma once

#include "rules/things.h"

enum { LQ_BODY_TRAIL = 41 };

lq_query_fn lq_show_trail;
