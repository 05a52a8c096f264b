// Lines end with CR LF and have at most 75 bytes; one that is longer goes on behind a space in the
// next (RFC 5545, 3.1). Commas, semicolons, backslashes and line ends within texts are escaped
// (3.3.11). Instants are told in UTC (3.3.5).
#include "lq/nouns/ics.h"

#include <string.h>

#include "base/time.h"

enum { LINE_BYTES = 75 };

static void put(struct lq_ics *ics, const char *bytes, size_t size)
{
    if (ics->size + size > ics->room) {
        ics->room = 2 * (ics->size + size) + 512;
        char *text = lq_arena_alloc(ics->arena, ics->room);
        if (ics->size > 0)
            memcpy(text, ics->text, ics->size);
        ics->text = text;
    }
    memcpy(ics->text + ics->size, bytes, size);
    ics->size += size;
}

// As many bytes as fit, but none within a character.
static size_t whole_characters(const char *text, size_t most)
{
    size_t size = strlen(text);
    if (size <= most)
        return size;
    for (size = most; size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80; size--)
        ;
    return size;
}

static void put_line(struct lq_ics *ics, const char *line)
{
    size_t room = LINE_BYTES;
    for (;;) {
        const size_t size = whole_characters(line, room);
        put(ics, line, size);
        put(ics, "\r\n", 2);
        line += size;
        if (*line == '\0')
            return;
        put(ics, " ", 1);
        room = LINE_BYTES - 1;
    }
}

static void put_text(struct lq_ics *ics, const char *name, const char *text)
{
    char *line = lq_arena_alloc(ics->arena, strlen(name) + 2 * strlen(text) + 2), *at = line;
    at += strlen(strcpy(at, name));
    *at++ = ':';
    for (; *text != '\0'; text++) {
        const bool ends = *text == '\n';
        if (ends || *text == ',' || *text == ';' || *text == '\\')
            *at++ = '\\';
        if (ends)
            *at++ = 'n';
        else if (*text != '\r')
            *at++ = *text;
    }
    *at = '\0';
    put_line(ics, line);
}

static void put_instant(struct lq_ics *ics, const char *name, int64_t at_ms)
{
    int year, month, day;
    const int64_t seconds = at_ms / 1000;
    const int32_t days = (int32_t)(seconds / 86400);
    const int second = (int)(seconds % 86400);
    lq_day_to_date(days, &year, &month, &day);
    put_line(ics, lq_arena_format(ics->arena, "%s:%04d%02d%02dT%02d%02d%02dZ", name, year, month,
                                  day, second / 3600, second / 60 % 60, second % 60));
}

struct lq_ics lq_ics_begin(struct lq_arena *arena, const char *name)
{
    struct lq_ics ics = {.arena = arena};
    put_line(&ics, "BEGIN:VCALENDAR");
    put_line(&ics, "VERSION:2.0");
    put_line(&ics, "PRODID:-//Lianqin//lq//EN");
    put_line(&ics, "CALSCALE:GREGORIAN");
    put_text(&ics, "X-WR-CALNAME", name);
    return ics;
}

void lq_ics_add(struct lq_ics *ics, const struct lq_ics_event *event)
{
    put_line(ics, "BEGIN:VEVENT");
    put_text(ics, "UID", event->uid);
    put_instant(ics, "DTSTAMP", event->made_ms);
    put_instant(ics, "DTSTART", event->from_ms);
    put_instant(ics, "DTEND", event->to_ms);
    put_text(ics, "SUMMARY", event->summary);
    if (event->description[0] != '\0')
        put_text(ics, "DESCRIPTION", event->description);
    put_line(ics, "END:VEVENT");
}

struct lq_span lq_ics_end(struct lq_ics *ics)
{
    put_line(ics, "END:VCALENDAR");
    return lq_span(ics->text, ics->size);
}
