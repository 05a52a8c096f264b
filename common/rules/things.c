#include "rules/things.h"

#include <string.h>

#include "pb/limits.h"

const struct lq_thing *lq_thing_named(const struct lq_service *service, const char *kind)
{
    for (const struct lq_thing *thing = service->things; thing != NULL && thing->kind != NULL;
         thing++)
        if (strcmp(thing->kind, kind) == 0)
            return thing;
    return NULL;
}

const ProtobufCMessageDescriptor *lq_thing_type(const struct lq_thing *thing)
{
    return thing->type != NULL ? thing->type : thing->table->row;
}

// The number's parts as a key; false if it has another number of parts, or one that does not fit.
static bool key_of(struct lq_arena *arena, const struct lq_thing *thing, const char *number,
                   struct lq_key *key)
{
    unsigned parts = 0;
    *key = lq_key_none();
    for (const char *at = number;; at++) {
        const size_t size = strcspn(at, "/");
        if (size == 0 || size > LQ_PB_IDENTIFIER_BYTES || parts > thing->parts)
            return false;
        *key = lq_key_then_text(*key, lq_arena_format(arena, "%.*s", (int)size, at));
        parts++;
        at += size;
        if (*at == '\0')
            return parts == (thing->parts == 0 ? 1 : thing->parts);
    }
}

const void *lq_thing_find(struct lq_view *view, const struct lq_thing *thing, const char *number)
{
    struct lq_key key;
    if (!key_of(lq_view_arena(view), thing, number, &key))
        return NULL;
    return thing->find != NULL ? thing->find(view, number) : lq_find(view, thing->table, key);
}

bool lq_thing_corrects(const struct lq_thing *thing, const char *field)
{
    const size_t size = strlen(field);
    for (const char *at = thing->fields; *at != '\0';) {
        const size_t one = strcspn(at, " ");
        if (one == size && memcmp(at, field, size) == 0)
            return true;
        at += one + (at[one] == ' ');
    }
    return false;
}

const char *lq_thing_kinds(struct lq_arena *arena, const struct lq_service *service)
{
    const char *kinds = "";
    for (const struct lq_thing *thing = service->things; thing->kind != NULL; thing++)
        kinds = lq_arena_format(arena, "%s%s%s", kinds, *kinds != '\0' ? ", " : "", thing->kind);
    return kinds;
}

void lq_thing_save(struct lq_view *tables, const struct lq_thing *thing, const char *number,
                   const void *before, const void *after)
{
    struct lq_key key;
    const bool is_key = key_of(lq_view_arena(tables), thing, number, &key);
    LQ_ASSERT(is_key);
    if (thing->find == NULL && after == NULL)
        lq_erase(tables, thing->table, key);
    else if (thing->find == NULL)
        lq_save(tables, thing->table, key, after);
    if (thing->changed != NULL)
        thing->changed(tables, number, before, after);
}
