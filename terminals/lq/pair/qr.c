#include "lq/pair/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "base/assert.h"

// Modules around the code: the standard has four, two are what readers need (and qrencode draws),
// and with two the code of our link is one screen of 24 lines.
enum { QUIET = 2, BLOCK_BYTES = 3, COLOR_BYTES = 16 };

static const char ON_LIGHT[] = "\x1b[30;107m", PLAIN[] = "\x1b[0m";

// Rows and columns of the quiet zone are light.
static bool is_dark(const QRcode *code, int x, int y)
{
    return x >= 0 && y >= 0 && x < code->width && y < code->width &&
           (code->data[y * code->width + x] & 1) != 0;
}

// The half blocks draw the dark modules on a light ground, or the light ones on a dark one.
static const char *block(bool upper, bool lower)
{
    return upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
}

static char *draw_line(char *at, const QRcode *code, int y, bool colored)
{
    if (colored)
        at = stpcpy(at, ON_LIGHT);
    for (int x = -QUIET; x < code->width + QUIET; x++)
        at = stpcpy(at, block(is_dark(code, x, y) == colored, is_dark(code, x, y + 1) == colored));
    if (colored)
        at = stpcpy(at, PLAIN);
    return stpcpy(at, "\n");
}

enum lq_status lq_qr_draw(struct lq_arena *arena, const char *text, bool colored, const char **out)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
    if (code == NULL)
        return lq_fault(LQ_E_INPUT, "no QR code can hold this text of %zu bytes: %s", strlen(text),
                        strerror(errno));
    const size_t across = (size_t)code->width + (size_t)2 * QUIET;
    char *lines =
        lq_arena_alloc(arena, (across * BLOCK_BYTES + COLOR_BYTES) * (across / 2 + 1) + 1);
    char *at = lines;
    *at = '\0';
    for (int y = -QUIET; y < code->width + QUIET; y += 2)
        at = draw_line(at, code, y, colored);
    QRcode_free(code);
    *out = lines;
    return LQ_OK;
}
