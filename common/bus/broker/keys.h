// The list of keys in force: read at the start and again whenever the file changes. Private to
// common/bus/broker.
#pragma once

#include "bus/broker/state.h"

// Reads the list and watches its file. LQ_E_MISSING, LQ_E_INPUT, LQ_E_IO.
enum lq_status lq_broker_open_keys(struct lq_broker *broker, const char *path) LQ_MUST_CHECK;
void lq_broker_close_keys(struct lq_broker *broker);

// Reads the list again if the system reports a change. Costs one system call, so it is called
// before every message.
void lq_broker_refresh_keys(struct lq_broker *broker);

// Reads the list again if the file is not the one last read: by the clock, for file systems where
// inotify sees nothing.
void lq_broker_check_keys(struct lq_broker *broker);

// The entry of a key; NULL if it is unknown, revoked, or a one-time key whose time is over.
const struct lq_key_entry *lq_broker_key(const struct lq_broker *broker, const char *key);

bool lq_broker_is_service_key(const struct lq_broker *broker, const char *key); // and not revoked
