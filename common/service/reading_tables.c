#include "service/reading_tables.h"

#include "rules.pb-c.h"
#include "service/service.h"

const struct lq_table lq_readings = {"readings", &rules__reading__descriptor};

bool lq_has_readings(const struct lq_service *service)
{
    return lq_event_row(service, LQ_BODY_READING) != NULL;
}
