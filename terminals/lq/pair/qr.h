// A text as a QR code (ISO/IEC 18004) of half blocks, two modules a character, with the quiet zone
// that readers need.
#pragma once

#include "base/arena.h"
#include "base/status.h"

// The lines of the code, each ending with a newline. `colored`: dark on light whatever the
// terminal's colours are; else the light modules are drawn, as for a dark terminal. LQ_E_INPUT if
// the text is too long for a code.
LQ_MUST_CHECK enum lq_status lq_qr_draw(struct lq_arena *arena, const char *text, bool colored,
                                        const char **out);
