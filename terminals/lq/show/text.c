// Width and safety of text on a terminal. Data come from other people: a remark that holds an
// escape sequence could rewrite what the desk sees, so nothing of it reaches the terminal raw.
#include "lq/show/text.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/assert.h"
#include "pb/utf8.h"

struct range {
    uint32_t first, last;
};

// Unicode 15, East Asian Width W and F, rounded to blocks.
static const struct range WIDE[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97f},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},
    {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static const struct range MARKS[] = {
    {0x0300, 0x036f}, {0x200b, 0x200f}, {0x20d0, 0x20ff},   {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

static bool in(const struct range *ranges, size_t count, uint32_t character)
{
    for (size_t i = 0; i < count; i++)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    return false;
}

int lq_char_width(uint32_t character)
{
    if (character >= 0x20 && character < 0x7f)
        return 1;
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
        const int width = wcwidth((wchar_t)character);
        if (width >= 0)
            return width;
    }
    if (in(MARKS, sizeof MARKS / sizeof *MARKS, character))
        return 0;
    return in(WIDE, sizeof WIDE / sizeof *WIDE, character) ? 2 : 1;
}

static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

static bool turns_direction(uint32_t character)
{
    return character == 0x200e || character == 0x200f || character == 0x061c ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069);
}

enum { LONGEST_PRINTABLE = 6 }; // "\\u202E"

// Writes one character's printable form; returns how many bytes.
static size_t put_printable(char *out, const char *from, size_t size, uint32_t character)
{
    if (size == 0)
        return (size_t)snprintf(out, LONGEST_PRINTABLE + 1, "\\x%02X", (unsigned char)*from);
    if (character == '\n' || character == '\t')
        return (size_t)snprintf(out, LONGEST_PRINTABLE + 1, " ");
    if (is_control(character))
        return (size_t)snprintf(out, LONGEST_PRINTABLE + 1, "\\x%02X", character);
    if (turns_direction(character))
        return (size_t)snprintf(out, LONGEST_PRINTABLE + 1, "\\u%04X", character);
    memcpy(out, from, size);
    return size;
}

char *lq_text_printable(const char *text)
{
    const size_t length = strlen(text);
    char *printable =
        malloc(4 * length + LONGEST_PRINTABLE + 1); // a byte becomes at most four, three become six
    LQ_ASSERT(printable != NULL);
    size_t used = 0;
    for (size_t at = 0, size; at<length; at += size> 0 ? size : 1) {
        uint32_t character = 0;
        size = lq_utf8_next(lq_span(text + at, length - at), &character);
        used += put_printable(printable + used, text + at, size, character);
    }
    printable[used] = '\0';
    return printable;
}

// Steps over one character of a printable text.
static size_t step(const char *text, size_t length, int *width)
{
    uint32_t character = 0;
    const size_t size = lq_utf8_next(lq_span(text, length), &character);
    *width = size > 0 ? lq_char_width(character) : 1;
    return size > 0 ? size : 1;
}

size_t lq_text_width(const char *text)
{
    size_t columns = 0;
    const size_t length = strlen(text);
    for (size_t at = 0; at < length;) {
        int width;
        at += step(text + at, length - at, &width);
        columns += (size_t)width;
    }
    return columns;
}

size_t lq_text_fit(const char *text, size_t columns)
{
    const size_t length = strlen(text);
    size_t at = 0, used = 0;
    while (at < length) {
        int width;
        const size_t size = step(text + at, length - at, &width);
        if (used + (size_t)width > columns)
            break;
        used += (size_t)width;
        at += size;
    }
    return at;
}

// ---------------------------------------------------------------- long lines

static bool is_one_of(const char *at, const char *const *marks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(at, marks[i], strlen(marks[i])) == 0)
            return true;
    return false;
}

enum { MARK_SIZE = 3 }; // of each mark, in bytes

static bool may_break_behind(const char *end)
{
    static const char *const BREAKS[] = {"，", "。", "；", "：", "、"};
    return end[-1] == ' ' || is_one_of(end - MARK_SIZE, BREAKS, sizeof BREAKS / sizeof *BREAKS);
}

size_t lq_text_closing(const char *text)
{
    static const char *const CLOSING[] = {"，", "。", "；", "：", "、", "！",
                                          "？", "）", "》", "〕", "”",  "…"};
    return is_one_of(text, CLOSING, sizeof CLOSING / sizeof *CLOSING) ? MARK_SIZE : 0;
}

// Chinese has no spaces: a line may end between two characters, but not within a number or a word
// of letters.
static bool may_break_between(const char *end)
{
    static const char *const OPENING[] = {"（", "《", "〔", "“"};
    const unsigned char before = (unsigned char)end[-1], next = (unsigned char)*end;
    return (before >= 0x80 || next >= 0x80) && (next & 0xc0) != 0x80 && lq_text_closing(end) == 0 &&
           !is_one_of(end - MARK_SIZE, OPENING, sizeof OPENING / sizeof *OPENING);
}

// As much of it as a line takes: to the last space or mark in its second half, or else between two
// Chinese characters.
static size_t line_size(const char *text, size_t width)
{
    const size_t most = lq_text_fit(text, width);
    for (size_t size = most; size > most / 2 && size > MARK_SIZE; size--)
        if (may_break_behind(text + size))
            return size;
    for (size_t size = most; size > most / 2 && size > MARK_SIZE; size--)
        if (may_break_between(text + size))
            return size;
    return most;
}

void lq_text_hanging(const char *text, size_t used, size_t indent, size_t width, FILE *stream)
{
    static const size_t LEAST = 8; // of a line, or it is not worth breaking
    const bool breaks = width >= indent + LEAST;
    for (size_t left = used; breaks && left + lq_text_width(text) > width; left = indent) {
        const size_t room = left + LEAST <= width ? width - left : 0;
        const size_t size = room > 0 ? line_size(text, room) : 0;
        const int shown = (int)size - (size > 0 && text[size - 1] == ' ');
        fprintf(stream, "%.*s\n%*s", shown, text, (int)indent, "");
        text += size;
    }
    fprintf(stream, "%s\n", text);
}

void lq_text_wrapped(const char *text, size_t width, FILE *stream)
{
    static const size_t INDENT = 4;
    lq_text_hanging(text, 0, INDENT, width, stream);
}
