// Every service asked about itself at once: what lq status shows, and lq metrics measures. The bus
// has answered if anybody's answer, or its own refusal, came through it.
#pragma once

#include "lq/cli/cli.h"

enum { LQ_SURVEY_SERVICES = 48, LQ_SURVEY_MS = 3000 };

// One service, as far as it is known.
struct lq_surveyed {
    const char *name;
    uint64_t correlation;
    const Lq__Status *status; // NULL: it did not answer
    const char *why;          // then
};

// What is told lives in the arena.
struct lq_survey {
    struct lq_surveyed services[LQ_SURVEY_SERVICES];
    unsigned count, up;
    bool bus;
    enum lq_sign_on trouble; // if the bus is not there
};

void lq_survey(struct lq_arena *arena, struct lq_client *client, struct lq_survey *out);

// How many records of others it has not followed yet; and how many of one of them.
uint64_t lq_survey_lag(const struct lq_survey *survey, const Lq__Status *status);
uint64_t lq_survey_lag_of(const struct lq_survey *survey, const Lq__Position *follows);
