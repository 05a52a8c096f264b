// Served by the broker's own loop out of memory: if it could wait, so could every handshake, and
// if it could die on its own, the doors would stand without a guard.
#include "bus/zap.h"

#include <string.h>

#include "bus/frames.h"
#include "bus/roles.h"

// routing id, empty, version, request id, domain, address, identity, mechanism, credentials
enum { ID, EMPTY, VERSION, REQUEST, DOMAIN, ADDRESS, IDENTITY, MECHANISM, CREDENTIALS, FRAMES };

_Static_assert((int)FRAMES <= (int)LQ_FRAMES_KEPT, "a whole question is kept");

enum { KEY_BYTES = 32 };

void *lq_zap_open(void *context)
{
    void *socket = zmq_socket(context, ZMQ_ROUTER);
    if (socket == NULL || zmq_bind(socket, "inproc://zeromq.zap.01") != 0) {
        (void)lq_fault(LQ_E_IO, "cannot open the ZAP handler: %s", zmq_strerror(zmq_errno()));
        if (socket != NULL)
            zmq_close(socket);
        return NULL;
    }
    lq_socket_set(socket, ZMQ_LINGER, 0);
    return socket;
}

static bool is(struct lq_frames *frames, unsigned index, const char *text)
{
    return lq_span_equal(lq_frames_at(frames, index), lq_span_text(text));
}

// The entry whose key may pass this door, or NULL. `key` gets the key's text.
static const struct lq_key_entry *admit(struct lq_frames *question,
                                        const struct lq_keyring *keyring, char key[LQ_KEY_TEXT])
{
    if (!is(question, VERSION, "1.0") || !is(question, MECHANISM, "CURVE"))
        return NULL;
    const struct lq_span credentials = lq_frames_at(question, CREDENTIALS);
    if (credentials.size != KEY_BYTES ||
        zmq_z85_encode(key, credentials.data, credentials.size) == NULL)
        return NULL;
    const struct lq_key_entry *entry = lq_keyring_find(keyring, key);
    if (entry == NULL || entry->revoked)
        return NULL;
    if (is(question, DOMAIN, LQ_ZAP_FRONT))
        return entry;
    if (is(question, DOMAIN, LQ_ZAP_LINK) && (entry->roles & lq_role_bit("service")) != 0)
        return entry;
    return NULL;
}

static bool answer(void *socket, struct lq_frames *question, const struct lq_keyring *keyring,
                   char key[LQ_KEY_TEXT])
{
    const struct lq_key_entry *entry = admit(question, keyring, key);
    const struct lq_span parts[] = {
        lq_frames_at(question, ID),
        lq_span("", 0),
        lq_span_text("1.0"),
        lq_frames_at(question, REQUEST),
        lq_span_text(entry != NULL ? "200" : "400"),
        lq_span_text(entry != NULL ? "OK" : "this key does not open this door"),
        lq_span_text(entry != NULL ? entry->public_key : ""), // becomes the User-Id
        lq_span("", 0),
    };
    // the connection may have gone meanwhile: then there is nobody to answer
    (void)!lq_frames_send(socket, parts, sizeof parts / sizeof parts[0]);
    return entry != NULL;
}

unsigned lq_zap_serve(void *socket, const struct lq_keyring *keyring, unsigned limit,
                      char refused[LQ_KEY_TEXT])
{
    unsigned count = 0;
    struct lq_frames question;
    for (unsigned i = 0; i < limit && lq_frames_receive(socket, &question); i++) {
        char key[LQ_KEY_TEXT] = "";
        if (question.count != FRAMES || !answer(socket, &question, keyring, key)) {
            memcpy(refused, key, LQ_KEY_TEXT);
            count++;
        }
        lq_frames_close(&question);
    }
    return count;
}
