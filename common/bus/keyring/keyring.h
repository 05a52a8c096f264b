// The list of keys that open the bus: the file `authorized`, one line a key.
//
//     <public key> <badge> <role[,role]> [revoked <RFC 3339 instant>] [# remark]
//
// A line that is empty, "#" alone or begins with "# " is a comment. (The space matters: a key may
// begin with '#'.) Badges are letters, digits and "._-"; one that begins with '@' is a service's
// and has the role service alone. The reader is strict: one bad line and the list is not taken.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "bus/keyring/keys.h"

enum { LQ_BADGE_TEXT = 64 };

struct lq_key_entry {
    char public_key[LQ_KEY_TEXT];
    char badge[LQ_BADGE_TEXT];
    uint32_t roles; // bit 1 << Role
    bool revoked;
    int64_t revoked_ms; // when, if it is
    unsigned line;
};

struct lq_keyring;

// Reads the list. LQ_E_INPUT names file and line of what is wrong. The caller frees *keyring.
enum lq_status lq_keyring_load(const char *path, struct lq_keyring **keyring) LQ_MUST_CHECK;
void lq_keyring_free(struct lq_keyring *keyring); // NULL is fine

// The entry of a public key (40 characters, need not end with a NUL), revoked or not; NULL if it
// is not in the list. Borrowed from the keyring.
const struct lq_key_entry *lq_keyring_find(const struct lq_keyring *keyring,
                                           const char *public_key);

size_t lq_keyring_count(const struct lq_keyring *keyring);
const struct lq_key_entry *lq_keyring_at(const struct lq_keyring *keyring, size_t index);

// The two edits. Both are durable when they return, keep all other lines as they are, and wait for
// an edit in progress; a running bus notices by itself.
//
// Adds a key; creates the file if there is none. LQ_E_BUSY if the key is in the list, LQ_E_INPUT
// if badge or roles are not of the form above.
enum lq_status lq_keyring_add(const char *path, const char *public_key, const char *badge,
                              uint32_t roles) LQ_MUST_CHECK;

// Marks all keys of a badge as revoked and returns how many that changed (0 if all were before).
// LQ_E_MISSING if no key of that badge is in the list.
enum lq_status lq_keyring_revoke(const char *path, const char *badge, int64_t at_ms,
                                 unsigned *changed) LQ_MUST_CHECK;
