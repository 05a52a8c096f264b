// CURVE key pairs. A key pair is an identity on the bus; the secret half never leaves the machine
// it was made on.
#pragma once

#include <stdbool.h>

#include "base/status.h"

enum { LQ_KEY_TEXT = 41 }; // 40 characters of Z85 and a NUL

struct lq_key_pair {
    char public_key[LQ_KEY_TEXT];
    char secret_key[LQ_KEY_TEXT];
};

// A new pair from the system's random source.
enum lq_status lq_keys_generate(struct lq_key_pair *keys) LQ_MUST_CHECK;

// Makes a new pair and its file, readable by its owner only. LQ_E_BUSY if there is a file: a key
// is never overwritten.
//     public <40 characters>
//     secret <40 characters>
enum lq_status lq_keys_create(const char *path, struct lq_key_pair *keys) LQ_MUST_CHECK;

// Writes such a file for a pair that was made elsewhere, in place of one that was there.
enum lq_status lq_keys_write(const char *path, const struct lq_key_pair *keys) LQ_MUST_CHECK;

// Reads the text of such a file, or what a file ends with; `path` is for the words of a fault.
enum lq_status lq_keys_parse(const char *path, const char *text,
                             struct lq_key_pair *keys) LQ_MUST_CHECK;

// LQ_E_INPUT if the file is not of this form, if its halves do not belong together, or if group or
// others may read or write it.
enum lq_status lq_keys_load(const char *path, struct lq_key_pair *keys) LQ_MUST_CHECK;

// A public key alone: one line of 40 characters. Writing replaces a file that was there.
enum lq_status lq_public_key_write(const char *path, const char *public_key) LQ_MUST_CHECK;
enum lq_status lq_public_key_load(const char *path, char public_key[LQ_KEY_TEXT]) LQ_MUST_CHECK;

// True if the text is a key: exactly 40 characters of Z85 that stand for 32 bytes.
bool lq_key_text_valid(const char *text);

// Overwrites the secret half in memory.
void lq_keys_wipe(struct lq_key_pair *keys);
