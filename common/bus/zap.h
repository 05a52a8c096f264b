// The gatekeeper (ZeroMQ RFC 27): says for each new connection whether its key opens this door.
#pragma once

#include <stdint.h>

#include "base/status.h"
#include "bus/keyring.h"

#define LQ_ZAP_FRONT "front" // any key in the list that is not revoked
#define LQ_ZAP_LINK "link"   // those of services only

// A ROUTER bound to the address where the sockets of this context ask. It must exist before any
// socket is bound, and be served for as long as one is. NULL with a fault recorded if it cannot be.
void *lq_zap_open(void *context);

// Answers the questions that are waiting, at most `limit`; returns how many keys were refused, and
// in `refused` the last of them ("" if it was none at all).
unsigned lq_zap_serve(void *socket, const struct lq_keyring *keyring, unsigned limit,
                      char refused[LQ_KEY_TEXT]);
