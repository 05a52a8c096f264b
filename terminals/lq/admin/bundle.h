// One file that sets a person's terminal up: whose it is, where the bus is, and the keys. Text, so
// that whoever carries it sees what it is:
//
//     # Lianqin …                  (remarks)
//     badge P1023
//     team T01                     (absent: in none)
//     address tcp://10.0.0.1:7400
//     bus <40 characters>
//     public <40 characters>
//     secret <40 characters>
#pragma once

#include "bus/keyring/keys.h"
#include "lq/cli/cli.h"

struct lq_bundle {
    const char *badge, *team, *address; // team "" for none
    char bus_public_key[LQ_KEY_TEXT];
    struct lq_key_pair keys; // the caller wipes them
};

// Writes it, readable by its owner only, in place of one that was there.
LQ_MUST_CHECK enum lq_status lq_bundle_write(const char *path, const struct lq_bundle *bundle);

// Reads it; the texts live in the arena. LQ_E_INPUT says what is wrong.
LQ_MUST_CHECK enum lq_status lq_bundle_read(struct lq_arena *arena, const char *path,
                                            struct lq_bundle *out);
