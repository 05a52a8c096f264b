// The cameras of premises, as monitor tells of them: since when each answers. Kept by the ledger,
// for its gate, and by the fund.
#pragma once

#include "ledger.pb-c.h"
#include "service/service.h"

extern const struct lq_table lq_cameras; // premises, channel -> CameraNote

extern const struct lq_replica ledger_monitor; // kept as camera_noted

// Each camera of the premises that is not retired has answered since then, and there is one. The
// text is fit for a key.
bool lq_cameras_live_since(struct lq_view *view, const char *premises, int64_t since_ms);
