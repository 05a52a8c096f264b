#include "web/host/words.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "config/forms.h"

static void add(struct lq_buffer *out, const char *text)
{
    lq_buffer_add(out, text, strlen(text));
}

static void add_string(struct lq_buffer *out, const char *text)
{
    add(out, "\"");
    for (; *text != '\0'; text++) {
        char escaped[8];
        const unsigned char c = (unsigned char)*text;
        if (c < ' ' || c == '"' || c == '\\')
            lq_buffer_add(out, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", c));
        else
            lq_buffer_add(out, text, 1);
    }
    add(out, "\"");
}

static bool is_first(const struct lq_form_word *words, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(words[i].of, words[at].of) == 0)
            return false;
    return true;
}

const char *web_words(struct lq_arena *arena, const struct lq_yaml_list *words)
{
    const struct lq_form_word *all = words->items;
    struct lq_buffer out = {0};
    add(&out, "{");
    for (size_t i = 0; i < words->count; i++) {
        if (!is_first(all, i))
            continue;
        add(&out, i > 0 ? "," : "");
        add_string(&out, all[i].of);
        add(&out, ":");
        add_string(&out, all[i].is);
    }
    add(&out, "}");
    lq_buffer_add(&out, "", 1); // the NUL
    const char *text = lq_arena_text(arena, (const char *)out.bytes + out.begin);
    lq_buffer_free(&out);
    return text;
}
