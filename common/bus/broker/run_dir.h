// The run directory: what the bus keeps there, and its lock. Private to common/bus/broker.
#pragma once

#include "bus/broker/state.h"

// Makes the directory and link/ in it, then takes the lock. LQ_E_BUSY if another bus runs there,
// LQ_E_INPUT if others could open link/, LQ_E_IO.
enum lq_status lq_broker_open_run_dir(struct lq_broker *broker) LQ_MUST_CHECK;

// The path of a file in it. LQ_E_INPUT if that is too long.
enum lq_status lq_broker_path(const struct lq_broker *broker, const char *name,
                              char path[PATH_MAX]) LQ_MUST_CHECK;
