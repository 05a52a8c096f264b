// What a text file is in. A mark at its beginning says so; without one, what is UTF-8 is UTF-8, and
// the rest is GB18030, which is what Chinese spreadsheets write. A file of UTF-8 with a foul row in
// it stays UTF-8, so that only that row is refused: there are more whole characters than odd bytes.
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "lq/import/source.h"
#include "pb/utf8.h"

static const char FOUL = '\xff'; // in place of what is no character

// How the bytes look as UTF-8.
struct looks {
    size_t two;       // characters of two bytes
    size_t two_hanzi; // of them, those that would be common Hanzi in GB18030 (level 1 of GB 2312)
    size_t more;      // characters of three bytes or four: Chinese
    size_t foul;      // bytes that belong to none
};

static struct looks look(struct lq_span bytes)
{
    struct looks looks = {0};
    for (size_t at = 0; at < bytes.size;) {
        if (bytes.data[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t character;
        const size_t size = lq_utf8_next(lq_span(bytes.data + at, bytes.size - at), &character);
        looks.foul += size == 0;
        looks.more += size > 2;
        looks.two += size == 2;
        looks.two_hanzi += size == 2 && bytes.data[at + 1] >= 0xa1 && bytes.data[at] <= 0xd7;
        at += size > 0 ? size : 1;
    }
    return looks;
}

// Two Hanzi of GB18030 can happen to be two Greek or Cyrillic letters of UTF-8. A county's ledger
// has no such letters without any Chinese beside them.
static bool is_gb18030(struct lq_span bytes)
{
    const struct looks looks = look(bytes);
    if (looks.more > 0 || looks.foul > 0)
        return looks.foul > looks.more;
    return looks.two > 0 && looks.two == looks.two_hanzi;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// `unit`: how many bytes are passed over where there is no character.
static enum lq_status convert(char **bytes, size_t *size, const char *from, size_t unit)
{
    iconv_t machine = iconv_open("UTF-8", from);
    if (machine == (iconv_t)-1)
        return lq_fault(LQ_E_INPUT, "this machine cannot read %s; save the file as \"CSV UTF-8\"",
                        from);
    const size_t room = *size * 2 + 16; // two bytes become three at most, four become four
    char *text = malloc(room), *in = *bytes, *out = text;
    LQ_ASSERT(text != NULL);
    size_t left = *size, free_bytes = room;
    while (left > 0 && iconv(machine, &in, &left, &out, &free_bytes) == (size_t)-1) {
        LQ_ASSERT(errno != E2BIG);
        const size_t passed = smaller(left, unit);
        *out++ = FOUL;
        free_bytes--;
        in += passed;
        left -= passed;
    }
    iconv_close(machine);
    free(*bytes);
    *bytes = text;
    *size = (size_t)(out - text);
    return LQ_OK;
}

static void drop_mark(char *bytes, size_t *size, size_t mark)
{
    *size -= mark;
    memmove(bytes, bytes + mark, *size);
}

enum lq_status lq_encoding_read(char **bytes, size_t *size, const char **name)
{
    const bool little = *size >= 2 && memcmp(*bytes, "\xff\xfe", 2) == 0;
    const bool big = *size >= 2 && memcmp(*bytes, "\xfe\xff", 2) == 0;
    if (little || big) {
        *name = "UTF-16";
        drop_mark(*bytes, size, 2);
        return convert(bytes, size, little ? "UTF-16LE" : "UTF-16BE", 2);
    }
    if (*size >= 3 && memcmp(*bytes, "\xef\xbb\xbf", 3) == 0)
        drop_mark(*bytes, size, 3);
    else if (is_gb18030(lq_span(*bytes, *size))) {
        *name = "GB18030";
        return convert(bytes, size, "GB18030", 1);
    }
    *name = "UTF-8";
    return LQ_OK;
}
