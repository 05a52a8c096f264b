// The real clocks. Only the outermost layer reads them; it passes the time down.
#pragma once

#include <stdint.h>

int64_t lq_wall_ms(void);   // since 1970-01-01T00:00:00Z
int64_t lq_steady_ms(void); // monotonic; for timeouts
int64_t lq_boot_ms(void);   // the same, but it goes on while the machine sleeps
