// An edit of the list of keys: under a lock, from what stands there, in one replacement of the
// file. Private to common/bus/keyring.
#pragma once

#include <sys/types.h>

#include "bus/keyring/line.h"

struct lq_keyring_edit {
    const char *path;
    int lock;
    char *text; // the list as it stands
    size_t size;
    mode_t mode;
    struct lq_keyring *keyring; // what it says
};

// Takes the lock and reads the list, which must be in order: an edit never hides a broken line.
// `create`: one that is missing is made. End it in any case.
enum lq_status lq_keyring_edit_begin(struct lq_keyring_edit *edit, const char *path,
                                     bool create) LQ_MUST_CHECK;
void lq_keyring_edit_end(struct lq_keyring_edit *edit);

// Puts this text in the list's place. LQ_E_FULL, LQ_E_IO.
enum lq_status lq_keyring_edit_write(struct lq_keyring_edit *edit,
                                     struct lq_span text) LQ_MUST_CHECK;

// LQ_E_INPUT if no line could be made of them, LQ_E_BUSY if the list has the key.
enum lq_status lq_keyring_check_new(const char *public_key, const char *badge,
                                    uint32_t roles) LQ_MUST_CHECK;
enum lq_status lq_keyring_check_unknown(const struct lq_keyring_edit *edit,
                                        const char *public_key) LQ_MUST_CHECK;
