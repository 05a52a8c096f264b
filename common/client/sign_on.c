#include "client/sign_on.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "config/settings.h"
#include "pb/pb.h"
#include "runtime/system.h"

enum { SILENCE_MS = 1000, ENDPOINT_BYTES = 4096 };

enum lq_sign_on lq_sign_on_endpoint(struct lq_arena *arena, const char *data, const char **endpoint)
{
    const struct lq_system system = lq_system_at(arena, data);
    const char *path = lq_arena_format(arena, "%s/endpoint", system.run);
    char *text = NULL;
    size_t size;
    if (lq_file_read(path, ENDPOINT_BYTES, &text, &size, NULL) != LQ_OK)
        return access(data, F_OK) != 0 ? LQ_SIGN_ON_NO_SYSTEM : LQ_SIGN_ON_NOT_RUNNING;
    text[strcspn(text, "\r\n")] = '\0';
    *endpoint = lq_arena_text(arena, text);
    free(text);
    return LQ_SIGNED_ON;
}

static enum lq_status read_patience(struct lq_arena *arena, const struct lq_system *system,
                                    uint32_t *silence_ms, uint32_t *deadline_ms)
{
    struct lq_settings settings;
    const char *path = lq_arena_format(arena, "%s/lianqin.yaml", system->config);
    const enum lq_status status =
        lq_settings_load(access(path, F_OK) == 0 ? path : NULL, arena, &settings);
    if (status != LQ_OK)
        return status;
    *silence_ms = (uint32_t)settings.client.reply_ms;
    *deadline_ms = (uint32_t)settings.client.give_up_ms;
    return LQ_OK;
}

enum lq_status lq_sign_on_stay(struct lq_arena *arena, const char *data, struct lq_client *client)
{
    const struct lq_system system = lq_system_at(arena, data);
    uint32_t silence_ms, deadline_ms;
    const enum lq_status status = read_patience(arena, &system, &silence_ms, &deadline_ms);
    if (status == LQ_OK)
        lq_client_be_patient(client, silence_ms, deadline_ms);
    return status;
}

enum lq_status lq_sign_on_open(struct lq_arena *arena, const char *data, const char *endpoint,
                               const char *key, bool once, uint32_t deadline_ms,
                               struct lq_client **out)
{
    const struct lq_system system = lq_system_at(arena, data);
    char bus_public_key[LQ_KEY_TEXT];
    struct lq_client_config config = {.endpoint = endpoint,
                                      .bus_public_key = bus_public_key,
                                      .silence_ms = SILENCE_MS,
                                      .deadline_ms = deadline_ms,
                                      .once = once};
    enum lq_status status = lq_keys_load(key, &config.keys);
    if (status == LQ_OK && deadline_ms == 0)
        status = read_patience(arena, &system, &config.silence_ms, &config.deadline_ms);
    if (status == LQ_OK)
        status = lq_public_key_load(system.bus_public, bus_public_key);
    if (status == LQ_OK)
        status = lq_client_open(&config, out);
    lq_keys_wipe(&config.keys);
    return status;
}

enum lq_sign_on lq_sign_on_trouble(const struct lq_client *client)
{
    switch (lq_client_state(client)) {
    case LQ_DEALER_NOT_ADMITTED:
        return LQ_SIGN_ON_NOT_ADMITTED;
    case LQ_DEALER_NO_HANDSHAKE:
        return LQ_SIGN_ON_NO_HANDSHAKE;
    case LQ_DEALER_CONNECTED:
    case LQ_DEALER_NO_LISTENER:
    case LQ_DEALER_LOST:
        break;
    }
    return LQ_SIGN_ON_NO_ANSWER;
}

enum lq_sign_on lq_sign_on_probe(struct lq_arena *arena, struct lq_client *client,
                                 const struct lq_service *const *services, uint32_t deadline_ms,
                                 const char **why)
{
    const Lq__Query query = LQ__QUERY__INIT;
    const struct lq_span body = lq_pb_encode(arena, &query.base);
    const int64_t until = lq_steady_ms() + deadline_ms;
    unsigned answers = 0;
    uint64_t correlation;
    *why = "";
    for (; *services != NULL; services++)
        if (lq_client_submit(client, (*services)->name, LQ_ASK_QUERY, body, &correlation) != LQ_OK)
            break; // more services than the window is wide: the first are enough
    const Lq__Reply *reply;
    while (lq_client_next(client, -1, &reply)) {
        if (lq_steady_ms() < until) // later ones are the client's own, who gave up
            answers++;
        else if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
            *why = lq_arena_text(arena, reply->refusal->text);
    }
    return answers > 0 ? LQ_SIGNED_ON : lq_sign_on_trouble(client);
}
