#include "lq/show/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "lq/show/text.h"

enum { INDENT = 4 }; // two characters, as on paper

struct shown {
    FILE *stream;
    size_t width;
    struct lq_arena arena;
    const char *line; // of the block that is read; never NULL
    bool in_header, in_seal;
    bool is_heading, is_paragraph; // how the block is set
};

// ---------------------------------------------------------------- lines

static void pad(const struct shown *s, size_t columns)
{
    fprintf(s->stream, "%*s", (int)columns, "");
}

static void write_wrapped(const struct shown *s, const char *text)
{
    const size_t set_in = s->is_paragraph ? INDENT : 0;
    for (bool first = true; first || *text != '\0'; first = false) {
        const size_t left = first ? set_in : 0;
        const size_t room = s->width - left - 2; // closing punctuation hangs into it
        size_t size = lq_text_fit(text, room);
        if (size == 0)
            size = strlen(text);              // a terminal of no width
        size += lq_text_closing(text + size); // it does not begin a line
        pad(s, left);
        fprintf(s->stream, "%.*s\n", (int)size, text);
        text += size;
    }
}

static void flush(struct shown *s)
{
    if (*s->line == '\0')
        return;
    char *text = lq_text_printable(s->line);
    const size_t width = lq_text_width(text);
    if ((s->in_header || s->is_heading) && width < s->width) {
        pad(s, (s->width - width) / 2);
        fprintf(s->stream, "%s\n", text);
    } else if (s->in_seal && width < s->width / 2) {
        pad(s, s->width - s->width / 4 - width / 2 - 1); // its lines stand under each other
        fprintf(s->stream, "%s\n", text);
    } else {
        write_wrapped(s, text);
    }
    free(text);
    s->line = "";
}

static void add(struct shown *s, const char *bytes, size_t size)
{
    s->line = lq_arena_format(&s->arena, "%s%.*s", s->line, (int)size, bytes);
}

// ---------------------------------------------------------------- tags

static bool begins(const char *tag, const char *with)
{
    return strncmp(tag, with, strlen(with)) == 0;
}

static bool is_one_of(const char *tag, const char *const *names)
{
    for (; *names != NULL; names++)
        if (begins(tag, *names) && strchr("> ", tag[strlen(*names)]) != NULL)
            return true;
    return false;
}

// A block ends where another begins.
static void take_block(struct shown *s, const char *tag)
{
    static const char *const APART[] = {"/header", "table", "/table", "div", NULL};
    flush(s);
    if (is_one_of(tag, APART))
        fputc('\n', s->stream);
    s->in_header = begins(tag, "header") || (s->in_header && !begins(tag, "/header"));
    s->in_seal = begins(tag, "div class=\"seal\"") || (s->in_seal && !begins(tag, "/div"));
    s->is_heading = begins(tag, "h2");
    s->is_paragraph = begins(tag, "p class=\"t\"");
}

static void take_tag(struct shown *s, const char *tag)
{
    static const char *const BLOCKS[] = {"header", "/header", "h1",  "h2",   "p",     "table",
                                         "/table", "tr",      "div", "/div", "/body", NULL};
    static const char *const CELLS[] = {"td", "th", NULL}, *const BREAK[] = {"br", NULL},
                             *const TO_SIGN[] = {"i", NULL};
    if (is_one_of(tag, BLOCKS))
        take_block(s, tag);
    else if (is_one_of(tag, CELLS) && *s->line != '\0')
        add(s, " │ ", strlen(" │ "));
    else if (is_one_of(tag, BREAK))
        add(s, " ", 1);
    else if (is_one_of(tag, TO_SIGN))
        add(s, "________", strlen("________"));
}

static size_t take_entity(struct shown *s, const char *text)
{
    static const struct {
        const char *name, *is;
    } ENTITIES[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    for (size_t i = 0; i < sizeof ENTITIES / sizeof *ENTITIES; i++)
        if (begins(text, ENTITIES[i].name)) {
            add(s, ENTITIES[i].is, 1);
            return strlen(ENTITIES[i].name);
        }
    add(s, "&", 1);
    return 1;
}

void lq_page_text(struct lq_span html, size_t width, FILE *stream)
{
    struct shown s = {.stream = stream, .width = width > 2 * INDENT ? width : 80, .line = ""};
    const char *text = lq_arena_format(&s.arena, "%.*s", (int)html.size, (const char *)html.data);
    const char *at = strstr(text, "<body>");
    for (at = at != NULL ? at : text; *at != '\0';) {
        const size_t size = strcspn(at, "<&\n");
        add(&s, at, size);
        at += size;
        if (*at == '<') {
            take_tag(&s, at + 1);
            at += strcspn(at, ">");
            at += *at == '>';
        } else if (*at == '&') {
            at += take_entity(&s, at);
        } else if (*at == '\n') {
            at++;
        }
    }
    flush(&s);
    lq_arena_free(&s.arena);
}
