// The link that brings a one-time key to a browser, and the number by which people see that both
// ends speak of the same key.
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "bus/keyring/keys.h"

enum { LQ_KEY_BYTES = 32, LQ_PAIR_NUMBER = 16 };

// "https://NAME:PORT/pair#" and, in base64 for addresses without padding: the secret half of the
// one-time key, the bus's public key, and the first 4 bytes of the SHA-256 of both, by which a
// damaged link is known from a spent one. What stands behind '#' a browser sends nowhere.
const char *lq_pair_link(struct lq_arena *arena, const char *page,
                         const struct lq_key_pair *one_time, const char *bus_public_key);

// Three groups of four digits ("4821 0937 5526"): the first 8 bytes of the SHA-256 of "lianqin
// pair", the public half of the one-time key and the device's own public key, as a number, most
// significant byte first, of which the last twelve digits count. Returns the buffer.
const char *lq_pair_number(const char *one_time_public_key, const uint8_t public_key[LQ_KEY_BYTES],
                           char buffer[LQ_PAIR_NUMBER]);
