// Three keys for targets that need a list of them.
#pragma once

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "bus/keyring_line.h"
#include "fuzz.h"

// The key of 32 bytes of 1 is a desk's, of 2 a service's, of 3 a desk's that is revoked.
static inline struct lq_keyring *keyring_of_three(void)
{
    char list[512], key[3][LQ_KEY_TEXT];
    uint8_t bytes[32];
    for (int i = 0; i < 3; i++) {
        memset(bytes, i + 1, sizeof bytes);
        FUZZ_REQUIRE(zmq_z85_encode(key[i], bytes, sizeof bytes) != NULL);
    }
    snprintf(list, sizeof list,
             "%s P1 desk\n%s @host service\n%s P3 desk revoked 2015-03-06T08:00:00+08:00\n", key[0],
             key[1], key[2]);
    struct lq_keyring *keyring = NULL;
    FUZZ_REQUIRE(lq_keyring_parse("authorized", lq_span_text(list), &keyring) == LQ_OK);
    return keyring;
}
