// The list of keys that open the bus: the file `authorized`, one line a key.
//
//     <public key> <badge> <role[,role]> [until <instant>] [revoked <instant>] [# remark]
//
// Instants are RFC 3339. A line that is empty, "#" alone or begins with "# " is a comment. (The
// space matters: a key may begin with '#'.) Badges are letters, digits and "._-"; one that begins
// with '@' is a service's and has the role service alone. A one-time key has the role newcomer
// alone, and no other key has it; it opens "until" then and not any more. The remark of a key that
// was paired is the name of its device. The reader is strict: one bad line and the list is not
// taken.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "bus/keyring/keys.h"

enum { LQ_BADGE_TEXT = 64, LQ_REMARK_TEXT = 64 };

struct lq_key_entry {
    char public_key[LQ_KEY_TEXT];
    char badge[LQ_BADGE_TEXT];
    uint32_t roles;   // bit 1 << Role
    int64_t until_ms; // of a one-time key: it opens before then; else 0
    bool revoked;
    int64_t revoked_ms;          // when, if it is
    char remark[LQ_REMARK_TEXT]; // "": none; a longer one is cut
    unsigned line;
};

// Does the key open the bus at this instant?
bool lq_key_entry_opens(const struct lq_key_entry *entry, int64_t now_ms);

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

// The edits. All are durable when they return, keep all other lines as they are, and wait for
// an edit in progress; a running bus notices by itself.
//
// Adds a key; creates the file if there is none. LQ_E_BUSY if the key is in the list, LQ_E_INPUT
// if badge or roles are not of the form above.
enum lq_status lq_keyring_add(const char *path, const char *public_key, const char *badge,
                              uint32_t roles) LQ_MUST_CHECK;

// Marks the keys of a badge as revoked, all or the ones with that remark (NULL: all), and returns
// how many that changed (0 if all were before). LQ_E_MISSING if there is none of those in the list.
enum lq_status lq_keyring_revoke(const char *path, const char *badge, const char *remark,
                                 int64_t at_ms, unsigned *changed) LQ_MUST_CHECK;

// May the text be a remark: one line, at most LQ_REMARK_TEXT - 1 bytes of UTF-8, without blanks at
// its ends?
bool lq_remark_valid(const char *text);

// ---------------------------------------------------------------- one-time keys

// Adds a one-time key, and removes every other one: there is one at a time. Errors as
// lq_keyring_add.
enum lq_status lq_keyring_add_newcomer(const char *path, const char *public_key, const char *badge,
                                       int64_t until_ms) LQ_MUST_CHECK;

// In one edit, a one-time key goes and the key that came by it stands in the list, with the badge
// of the former, these roles and this remark. LQ_E_MISSING if the one-time key does not open any
// more: somebody has revoked or removed it meanwhile, or its time is over.
enum lq_status lq_keyring_admit(const char *path, const char *one_time_key, const char *public_key,
                                uint32_t roles, const char *remark, int64_t now_ms) LQ_MUST_CHECK;

// Removes a one-time key; LQ_OK if it is gone already.
enum lq_status lq_keyring_drop_newcomer(const char *path, const char *one_time_key) LQ_MUST_CHECK;
