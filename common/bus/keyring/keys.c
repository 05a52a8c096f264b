// The file is text, so that an administrator can see which key it is without a tool. It is created
// with its final mode, so that at no moment others can open it.
#include "bus/keyring/keys.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "base/file.h"

enum { KEY_BYTES = 32, FILE_LIMIT = 4096 };

bool lq_key_text_valid(const char *text)
{
    uint8_t bytes[KEY_BYTES];
    char again[LQ_KEY_TEXT];
    if (strlen(text) != LQ_KEY_TEXT - 1 || zmq_z85_decode(bytes, text) == NULL)
        return false;
    // some texts decode by overflow; a key must encode to the same text again
    const bool same = zmq_z85_encode(again, bytes, sizeof bytes) != NULL &&
                      sodium_memcmp(again, text, LQ_KEY_TEXT) == 0;
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(again, sizeof again);
    return same;
}

void lq_keys_wipe(struct lq_key_pair *keys)
{
    sodium_memzero(keys->secret_key, sizeof keys->secret_key);
}

// A public key never begins with '#': in the list of keys that would look like a comment.
enum lq_status lq_keys_generate(struct lq_key_pair *keys)
{
    do {
        if (zmq_curve_keypair(keys->public_key, keys->secret_key) != 0)
            return lq_fault(LQ_E_IO, "cannot make a key pair: %s", zmq_strerror(zmq_errno()));
    } while (keys->public_key[0] == '#');
    return LQ_OK;
}

typedef enum lq_status write_function(const char *path, struct lq_span bytes, mode_t mode);

static enum lq_status write_pair(write_function *write, const char *path,
                                 const struct lq_key_pair *keys)
{
    char text[128];
    const int length =
        snprintf(text, sizeof text, "public %s\nsecret %s\n", keys->public_key, keys->secret_key);
    const enum lq_status status = write(path, lq_span(text, (size_t)length), 0600);
    sodium_memzero(text, sizeof text);
    return status;
}

enum lq_status lq_keys_write(const char *path, const struct lq_key_pair *keys)
{
    return write_pair(lq_file_replace, path, keys);
}

enum lq_status lq_keys_create(const char *path, struct lq_key_pair *keys)
{
    enum lq_status status = lq_keys_generate(keys);
    if (status != LQ_OK)
        return status;
    status = write_pair(lq_file_create, path, keys);
    if (status != LQ_OK)
        lq_keys_wipe(keys);
    return status;
}

// Takes "<word> <key>\n" off the front of the text.
static bool take_line(const char **text, const char *word, char key[LQ_KEY_TEXT])
{
    const size_t length = strlen(word);
    const char *at = *text;
    if (strncmp(at, word, length) != 0)
        return false;
    at += length;
    if (strcspn(at, "\r\n") != LQ_KEY_TEXT - 1)
        return false;
    memcpy(key, at, LQ_KEY_TEXT - 1);
    key[LQ_KEY_TEXT - 1] = '\0';
    at += LQ_KEY_TEXT - 1;
    at += *at == '\r';
    at += *at == '\n';
    *text = at;
    return lq_key_text_valid(key);
}

enum lq_status lq_keys_parse(const char *path, const char *text, struct lq_key_pair *keys)
{
    char derived[LQ_KEY_TEXT];
    if (!take_line(&text, "public ", keys->public_key) ||
        !take_line(&text, "secret ", keys->secret_key) || *text != '\0')
        return lq_fault(LQ_E_INPUT,
                        "%s is not a key file: it must have two lines, \"public <key>\" and "
                        "\"secret <key>\"",
                        path);
    if (zmq_curve_public(derived, keys->secret_key) != 0 || strcmp(derived, keys->public_key) != 0)
        return lq_fault(LQ_E_INPUT, "%s: the public key does not belong to the secret key", path);
    return LQ_OK;
}

enum lq_status lq_keys_load(const char *path, struct lq_key_pair *keys)
{
    char *text = NULL;
    size_t size = 0;
    mode_t mode = 0;
    enum lq_status status = lq_file_read(path, FILE_LIMIT, &text, &size, &mode);
    if (status != LQ_OK)
        return status;
    if ((mode & 077) != 0)
        status = lq_fault(LQ_E_INPUT,
                          "%s holds a secret key but others may open it (mode %03o): chmod 600 %s",
                          path, (unsigned)(mode & 0777), path);
    else
        status = lq_keys_parse(path, text, keys);
    sodium_memzero(text, size);
    free(text);
    if (status != LQ_OK)
        sodium_memzero(keys, sizeof *keys);
    return status;
}

enum lq_status lq_public_key_write(const char *path, const char *public_key)
{
    char line[LQ_KEY_TEXT + 1];
    if (!lq_key_text_valid(public_key))
        return lq_fault(LQ_E_INPUT, "not a public key: \"%s\"", public_key);
    snprintf(line, sizeof line, "%s\n", public_key);
    return lq_file_replace(path, lq_span_text(line), 0644);
}

enum lq_status lq_public_key_load(const char *path, char public_key[LQ_KEY_TEXT])
{
    char *text = NULL;
    size_t size = 0;
    const enum lq_status status = lq_file_read(path, FILE_LIMIT, &text, &size, NULL);
    if (status != LQ_OK)
        return status;
    const char *at = text;
    const bool valid = take_line(&at, "", public_key) && *at == '\0';
    free(text);
    if (!valid)
        return lq_fault(LQ_E_INPUT,
                        "%s is not a public key: it must have one line of 40 characters", path);
    return LQ_OK;
}
