#include "lq/admin/bundle.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { BUNDLE_LIMIT = 8 * 1024, BUNDLE_TEXT = 2048 };

enum lq_status lq_bundle_write(const char *path, const struct lq_bundle *bundle)
{
    char text[BUNDLE_TEXT];
    const int size =
        snprintf(text, sizeof text,
                 "# Lianqin: sets up the terminal of %s (lq sign-on FILE). It holds a secret key: "
                 "bring it to\n"
                 "# that person's terminal, and delete it there and wherever it was on the way.\n"
                 "badge %s\n%s%s%saddress %s\nbus %s\npublic %s\nsecret %s\n",
                 bundle->badge, bundle->badge, *bundle->team != '\0' ? "team " : "", bundle->team,
                 *bundle->team != '\0' ? "\n" : "", bundle->address, bundle->bus_public_key,
                 bundle->keys.public_key, bundle->keys.secret_key);
    const enum lq_status status =
        size > 0 && (size_t)size < sizeof text
            ? lq_file_replace(path, lq_span(text, (size_t)size), 0600)
            : lq_fault(LQ_E_INPUT, "%s: badge, team and address are too long", path);
    sodium_memzero(text, sizeof text);
    return status;
}

// ---------------------------------------------------------------- reading

// The value of the line "<word> <value>"; NULL: there is none, or it is empty.
static const char *value_of(struct lq_arena *arena, const char *text, const char *word)
{
    const size_t size = strlen(word);
    for (const char *line = text; line != NULL && *line != '\0';) {
        const size_t length = strcspn(line, "\r\n");
        if (length > size + 1 && strncmp(line, word, size) == 0 && line[size] == ' ')
            return lq_arena_format(arena, "%.*s", (int)(length - size - 1), line + size + 1);
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return NULL;
}

static enum lq_status parse(struct lq_arena *arena, const char *path, const char *text,
                            struct lq_bundle *out)
{
    out->badge = value_of(arena, text, "badge");
    out->address = value_of(arena, text, "address");
    out->team = value_of(arena, text, "team");
    const char *bus = value_of(arena, text, "bus"), *pair = strstr(text, "\npublic ");
    if (out->badge == NULL || out->address == NULL || bus == NULL || pair == NULL)
        return lq_fault(LQ_E_INPUT,
                        "%s does not set up a terminal: it must have lines that begin with badge, "
                        "address, bus, public and secret (lq key issue BADGE --bundle makes one)",
                        path);
    if (out->team == NULL)
        out->team = "";
    if (strncmp(out->address, "tcp://", strlen("tcp://")) != 0)
        return lq_fault(LQ_E_INPUT, "%s: the address is tcp://HOST:PORT, not \"%s\"", path,
                        out->address);
    if (!lq_key_text_valid(bus))
        return lq_fault(LQ_E_INPUT, "%s: the bus's key has 40 characters, this is none: \"%s\"",
                        path, bus);
    strcpy(out->bus_public_key, bus);
    return lq_keys_parse(path, pair + 1, &out->keys);
}

enum lq_status lq_bundle_read(struct lq_arena *arena, const char *path, struct lq_bundle *out)
{
    char *text = NULL;
    size_t size = 0;
    *out = (struct lq_bundle){0};
    enum lq_status status = lq_file_read(path, BUNDLE_LIMIT, &text, &size, NULL);
    if (status != LQ_OK)
        return status;
    status = parse(arena, path, text, out);
    sodium_memzero(text, size);
    free(text);
    return status;
}
