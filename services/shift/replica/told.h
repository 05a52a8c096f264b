// Whom a mark of a term names (lq_service.clock_people): badges of the roster, each once.
#pragma once

#include "rules.pb-c.h"
#include "service/service.h"

enum { LQ_TOLD_MOST = 160 };

void lq_told_begin(struct lq_decision *d, Rules__ClockRang *rang); // nobody yet
bool lq_told_to(const Rules__ClockRang *rang, Rules__Addressee whom);
void lq_told_add(Rules__ClockRang *rang, const char *badge); // no more than LQ_TOLD_MOST
void lq_told_also_to(struct lq_decision *d, Rules__ClockRang *rang, Rules__Addressee whom);

// The desk chiefs of the group, or of all where it is NULL; gives how many there are.
unsigned lq_told_add_desk_chiefs(struct lq_decision *d, Rules__ClockRang *rang, const char *group);
