// Who was told what is not for everybody (rules/reading.h); every service has it whose Event has
// the member 51.
#pragma once

#include "service/tables.h"

struct lq_service;

// The number of the members `reading_recorded` of Event and `readings` of Query and Answer.
enum { LQ_BODY_READING = 51 };

extern const struct lq_table lq_readings; // when (ms), number of the record -> Reading
bool lq_has_readings(const struct lq_service *service);
