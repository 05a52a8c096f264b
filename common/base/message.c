#include "base/message.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/assert.h"

enum { CONVERSION_TEXT = 32 };

// "%2$-5s": where it begins, what it says, and where the text goes on.
struct conversion {
    const char *begin, *end;
    unsigned position;          // 0: the next one
    char spec[CONVERSION_TEXT]; // without the position: "%-5s"
    char kind;                  // the last letter; '%' for "%%"
    int size;                   // how many l, or 'z'
    bool precision_given;       // "%.*s"
};

// The next conversion; false if there is none.
static bool next_conversion(const char *text, struct conversion *out)
{
    *out = (struct conversion){.begin = strchr(text, '%')};
    if (out->begin == NULL)
        return false;
    const char *at = out->begin + 1;
    const size_t digits = strspn(at, "0123456789");
    if (digits > 0 && at[digits] == '$') {
        for (; *at != '$'; at++)
            out->position = out->position * 10 + (unsigned)(*at - '0');
        at++;
    }
    size_t used = 0;
    out->spec[used++] = '%';
    for (; *at != '\0' && strchr("0123456789-+ #.*lz", *at) != NULL; at++) {
        out->size += *at == 'l';
        out->size = *at == 'z' ? 'z' : out->size;
        out->precision_given = out->precision_given || *at == '*';
        LQ_ASSERT(used < CONVERSION_TEXT - 2);
        out->spec[used++] = *at;
    }
    out->kind = *at;
    out->spec[used] = *at;
    out->end = at + (*at != '\0');
    return true;
}

char *lq_arena_room(void *self, size_t size)
{
    return lq_arena_alloc(self, size);
}

char *lq_buffer_room_take(void *self, size_t size)
{
    struct lq_buffer_room *room = self;
    if (size > room->size - room->used)
        return NULL;
    char *text = room->bytes + room->used;
    room->used += size;
    return text;
}

// ---------------------------------------------------------------- taking

static uint64_t take_integer(const struct conversion *c, va_list *arguments)
{
    if (c->size == 'z')
        return va_arg(*arguments, size_t);
    if (c->size == 2)
        return va_arg(*arguments, unsigned long long);
    return c->size == 1 ? va_arg(*arguments, unsigned long) : va_arg(*arguments, unsigned);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" // the compiler checked it where it was written
static int write_one(const struct conversion *c, int precision, const char *text, uint64_t number,
                     char *buffer, size_t size)
{
    if (c->kind == 's')
        return c->precision_given ? snprintf(buffer, size, c->spec, precision, text)
                                  : snprintf(buffer, size, c->spec, text);
    if (c->size == 'z' || c->size >= 1)
        return snprintf(buffer, size, c->spec, number);
    return snprintf(buffer, size, c->spec, (unsigned)number);
}
#pragma GCC diagnostic pop

static const char *take(const struct conversion *c, va_list *arguments, lq_room_fn *room,
                        void *self)
{
    const int precision = c->precision_given ? va_arg(*arguments, int) : 0;
    const bool is_text = c->kind == 's';
    LQ_ASSERT(is_text || (c->kind != '\0' && strchr("diuoxXc", c->kind) != NULL));
    const char *text = is_text ? va_arg(*arguments, const char *) : NULL;
    const uint64_t number = is_text ? 0 : take_integer(c, arguments);
    const int length = write_one(c, precision, text, number, NULL, 0);
    LQ_ASSERT(length >= 0);
    char *buffer = room(self, (size_t)length + 1);
    if (buffer != NULL)
        write_one(c, precision, text, number, buffer, (size_t)length + 1);
    return buffer;
}

bool lq_message_take(struct lq_message *out, lq_room_fn *room, void *self, const char *format,
                     va_list arguments)
{
    struct conversion c;
    va_list left;
    va_copy(left, arguments);
    *out = (struct lq_message){.parts = {format}, .count = 1};
    bool fits = true;
    for (const char *at = format; fits && next_conversion(at, &c); at = c.end) {
        if (c.kind == '%')
            continue;
        LQ_ASSERT(out->count < LQ_MESSAGE_PARTS);
        const char *text = take(&c, &left, room, self);
        fits = text != NULL;
        out->parts[out->count] = text;
        out->count += fits;
    }
    va_end(left);
    return fits;
}

bool lq_message_is_word(const char *format, unsigned argument)
{
    struct conversion c;
    unsigned next = 1;
    for (const char *at = format; next_conversion(at, &c); at = c.end) {
        const unsigned which = c.position > 0 ? c.position : next;
        if (c.kind != '%' && which == argument)
            return strcmp(c.spec, "%-s") == 0;
        next += c.kind != '%';
    }
    return false;
}

// ---------------------------------------------------------------- writing

size_t lq_message_whose(const char *word)
{
    static const char NAME[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    return *word == '@' ? 1 + strspn(word + 1, NAME) : 0;
}

// Writes into the buffer, or with NULL only counts.
static size_t write_argument(char *buffer, const char *text, bool is_word)
{
    size_t used = 0;
    for (const char *at = text; *at != '\0'; at++) {
        at += is_word ? lq_message_whose(at) : 0;
        if (*at == '\0')
            break;
        if (buffer != NULL)
            buffer[used] = *at;
        used++;
    }
    return used;
}

// The same.
static size_t write_text(char *buffer, const struct lq_message *message)
{
    struct conversion c;
    size_t used = 0;
    unsigned next = 1;
    const char *at = message->parts[0];
    for (; next_conversion(at, &c); at = c.end) {
        const size_t before = (size_t)(c.begin - at);
        const unsigned which = c.position > 0 ? c.position : next;
        const char *text = c.kind == '%'            ? "%"
                           : which < message->count ? message->parts[which]
                                                    : "";
        if (buffer != NULL)
            memcpy(buffer + used, at, before);
        used += before;
        used +=
            write_argument(buffer != NULL ? buffer + used : NULL, text, strcmp(c.spec, "%-s") == 0);
        next += c.kind != '%';
    }
    if (buffer != NULL)
        memcpy(buffer + used, at, strlen(at) + 1);
    return used + strlen(at);
}

const char *lq_message_text(lq_room_fn *room, void *self, const struct lq_message *message)
{
    char *buffer = room(self, write_text(NULL, message) + 1);
    if (buffer != NULL)
        write_text(buffer, message);
    return buffer;
}
