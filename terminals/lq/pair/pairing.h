// The conversation of lq key pair: with the device over the bus, as the service "pair", and with
// the person at this terminal.
#pragma once

#include "bus/worker/link.h"
#include "lq/pair/link.h"

struct lq_pairing {
    const char *badge, *name, *device; // whose it will be, and what it is called
    struct lq_key_pair one_time;       // the caller wipes it
    struct lq_link *link;              // of the service "pair"
    int signals;                       // a signalfd of what ends the process
    int64_t until_ms;                  // steady
    struct lq_arena *arena;

    // of the conversation
    bool asked;                       // a device has asked
    bool rival;                       // another one has, too
    uint8_t public_key[LQ_KEY_BYTES]; // of the first
};

enum lq_pairing_end {
    LQ_PAIRING_GOES_ON,
    LQ_PAIRING_CONFIRMED,
    LQ_PAIRING_REFUSED,
    LQ_PAIRING_INTERRUPTED,
    LQ_PAIRING_EXPIRED,
    LQ_PAIRING_REPLACED, // another process has taken the place of this one
};

// Waits until the link is registered, for some seconds. False: it is not; lq_link_state says why.
bool lq_pairing_register(struct lq_link *link);

// Answers the device and asks the person, until it is decided or over.
enum lq_pairing_end lq_pairing_run(struct lq_pairing *pairing);
