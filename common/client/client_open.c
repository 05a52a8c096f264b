#include <sodium.h>
#include <stdlib.h>

#include "base/assert.h"
#include "client/client_state.h"

enum {
    RECONNECT_LEAST_MS = 200, // each client its own, so that they do not all come back at once
    RECONNECT_SPREAD_MS = 800,
    RECONNECT_MOST_MS = 5000,
    HWM = 1000,
    USUAL_SILENCE_MS = 2000,
    USUAL_DEADLINE_MS = 10000,
};

static enum lq_status connect_client(struct lq_client *client,
                                     const struct lq_client_config *config)
{
    const struct lq_dealer_config dealer = {
        .context = config->context,
        .endpoint = config->endpoint,
        .bus_public_key = config->bus_public_key,
        .keys = &config->keys,
        .message_limit = LQ_REPLY_LIMIT + LQ_CURVE_OVERHEAD,
        .hwm = HWM,
        .reconnect_ms = RECONNECT_LEAST_MS + (int)randombytes_uniform(RECONNECT_SPREAD_MS + 1),
        .reconnect_most_ms = RECONNECT_MOST_MS,
    };
    return lq_dealer_open(&dealer, &client->dealer);
}

void lq_client_be_patient(struct lq_client *client, uint32_t silence_ms, uint32_t deadline_ms)
{
    client->silence_ms = silence_ms > 0 ? silence_ms : USUAL_SILENCE_MS;
    client->deadline_ms = deadline_ms > 0 ? deadline_ms : USUAL_DEADLINE_MS;
    client->once = false;
}

enum lq_status lq_client_open(const struct lq_client_config *config, struct lq_client **out)
{
    if (strlen(config->endpoint) >= sizeof(((struct lq_client *)0)->endpoint))
        return lq_fault(LQ_E_INPUT, "endpoint too long: %s", config->endpoint);
    struct lq_client *client = calloc(1, sizeof *client);
    LQ_ASSERT(client != NULL && sodium_init() >= 0);
    strcpy(client->endpoint, config->endpoint);
    lq_client_be_patient(client, config->silence_ms, config->deadline_ms);
    client->once = config->once;
    const enum lq_status status = connect_client(client, config);
    if (status == LQ_OK)
        *out = client;
    else
        lq_client_close(client);
    return status;
}

void lq_client_close(struct lq_client *client)
{
    if (client == NULL)
        return;
    lq_dealer_close(client->dealer);
    for (int i = 0; i < LQ_CLIENT_WINDOW; i++)
        lq_slot_clear(&client->slots[i]);
    lq_arena_free(&client->arena);
    lq_arena_free(&client->scratch);
    free(client);
}
