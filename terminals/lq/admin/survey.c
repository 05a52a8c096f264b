// Asks every service about itself.
#include "lq/admin/survey.h"

#include <string.h>

#include "base/assert.h"
#include "base/clock.h"
#include "language/language.h"
#include "pb/pb.h"
#include "service/service.h"

static struct lq_surveyed *find(struct lq_survey *survey, uint64_t correlation)
{
    for (unsigned i = 0; i < survey->count; i++)
        if (survey->services[i].correlation == correlation)
            return &survey->services[i];
    return NULL;
}

static void take(struct lq_arena *arena, struct lq_survey *survey, struct lq_surveyed *of,
                 const Lq__Reply *reply)
{
    const char *why = lq_tr("its answer cannot be read");
    if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
        why = lq_cli_refusal_text(reply->refusal);
    if (reply->kind_case == LQ__REPLY__KIND_ANSWER)
        of->status = (const void *)lq_pb_decode_within(
            &LQ_PB_REPLY, arena, &lq__status__descriptor,
            lq_span(reply->answer->body.data, reply->answer->body.len), &why);
    survey->up += of->status != NULL;
    of->why = lq_arena_text(arena, why);
}

void lq_survey(struct lq_arena *arena, struct lq_client *client, struct lq_survey *survey)
{
    *survey = (struct lq_survey){0};
    const Lq__Query query = LQ__QUERY__INIT;
    const struct lq_span body = lq_pb_encode(arena, &query.base);
    const int64_t until = lq_steady_ms() + LQ_SURVEY_MS;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        LQ_ASSERT(survey->count < LQ_SURVEY_SERVICES);
        struct lq_surveyed *of = &survey->services[survey->count++];
        of->name = (*s)->name;
        LQ_ASSERT(lq_client_submit(client, of->name, LQ_ASK_QUERY, body, &of->correlation) ==
                  LQ_OK);
    }
    const Lq__Reply *reply;
    while (lq_client_next(client, -1, &reply)) {
        struct lq_surveyed *of = find(survey, reply->correlation);
        if (of == NULL)
            continue;
        survey->bus = survey->bus || lq_steady_ms() < until; // later it is the client's own
        take(arena, survey, of, reply);
    }
    survey->trouble = lq_sign_on_trouble(client);
}

// ---------------------------------------------------------------- how far it follows

uint64_t lq_survey_lag_of(const struct lq_survey *survey, const Lq__Position *follows)
{
    for (unsigned i = 0; i < survey->count; i++) {
        const Lq__Status *other = survey->services[i].status;
        if (other != NULL && other->tip != NULL &&
            strcmp(survey->services[i].name, follows->stream) == 0 &&
            other->tip->seq > follows->seq)
            return other->tip->seq - follows->seq;
    }
    return 0;
}

uint64_t lq_survey_lag(const struct lq_survey *survey, const Lq__Status *status)
{
    uint64_t behind = 0;
    for (size_t i = 0; i < status->n_follows; i++)
        behind += lq_survey_lag_of(survey, status->follows[i]);
    return behind;
}
