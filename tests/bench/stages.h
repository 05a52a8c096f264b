// The stages of lq-bench: each measures one thing on a running system and tells it.
#pragma once

#include "site.h"

void stage_load(struct site *site, double seconds, unsigned clients);
void stage_fill(struct site *site, uint64_t records);
void stage_one(struct site *site, unsigned rounds);
void stage_cycle(struct site *site, unsigned cycles, bool keeps_watching);
void stage_cost(struct site *site, unsigned rounds);
void stage_restart(struct site *site, unsigned rounds);
void stage_park(struct site *site, unsigned terminals, double seconds);
void stage_years(struct site *site, unsigned rounds);

// The load of stage_load, for a stage that measures around it: load_run runs it.
struct load site_load(struct site *site, double seconds);
