#include "rules/things.h"

#include <string.h>

#include "pb/pb.h"
#include "service/trail.h"
#include "service/voided.h"

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

// The first part has the slashes that are too many: an official number may hold some.
bool lq_thing_key(struct lq_arena *arena, const struct lq_thing *thing, const char *number,
                  struct lq_key *key)
{
    char *first = lq_arena_text(arena, number);
    const char *parts[LQ_THING_PARTS];
    unsigned count = 0;
    for (unsigned more = thing->parts; more > 1; more--) {
        char *slash = strrchr(first, '/');
        if (slash == NULL)
            return false;
        *slash = '\0';
        parts[count++] = slash + 1;
    }
    parts[count++] = first;
    *key = lq_key_none();
    while (count > 0) {
        const char *part = parts[--count];
        if (!lq_pb_key(part))
            return false;
        *key = lq_key_then_text(*key, part);
    }
    return true;
}

const char *lq_thing_part(struct lq_view *view, const struct lq_thing *thing, const char *number,
                          unsigned part)
{
    struct lq_key key;
    const bool is_key = lq_thing_key(lq_view_arena(view), thing, number, &key);
    LQ_ASSERT(is_key);
    struct lq_key_reader reader = {.key = &key};
    const char *text = lq_key_read_text(&reader);
    while (part-- > 0)
        text = lq_key_read_text(&reader);
    return lq_arena_text(lq_view_arena(view), text);
}

uint64_t lq_thing_place(struct lq_view *view, const struct lq_thing *thing, const char *number)
{
    enum { DIGITS_MOST = 10 };
    const char *text = lq_thing_part(view, thing, number, thing->parts - 1);
    uint64_t place = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || c - text >= DIGITS_MOST)
            return 0;
        place = place * 10 + (uint64_t)(*c - '0');
    }
    return place;
}

const void *lq_thing_find(struct lq_view *view, const struct lq_thing *thing, const char *number)
{
    struct lq_key key;
    if (!lq_thing_key(lq_view_arena(view), thing, number, &key))
        return NULL;
    return thing->find != NULL ? thing->find(view, thing, number)
                               : lq_find(view, thing->table, key);
}

struct lq_verdict lq_need_thing(struct lq_decision *d, const struct lq_thing *thing,
                                const char *number, const void **row)
{
    *row = lq_thing_find(d->view, thing, number);
    if (*row != NULL)
        return LQ_ACCEPT;
    char at[LQ_TIME_TEXT];
    const Rules__VoidedThing *voided = lq_voided_find(d->view, thing->table, number);
    if (voided != NULL)
        return lq_reject(d, LQ_COMMON(THING_VOID), "%-s %s was voided by %s at %s: %s", thing->kind,
                         number, voided->by, lq_format_local(voided->at_ms, at), voided->reason);
    return lq_reject(d, LQ_COMMON(THING_UNKNOWN), "there is no %-s %s", thing->kind, number);
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
    const bool is_key = lq_thing_key(lq_view_arena(tables), thing, number, &key);
    LQ_ASSERT(is_key);
    if (thing->find == NULL && after == NULL)
        lq_erase(tables, thing->table, key);
    else if (thing->find == NULL)
        lq_save(tables, thing->table, key, after);
    if (thing->find == NULL && after != NULL)
        lq_trail_moved(tables, thing->table, &key, before, after);
    if (thing->changed != NULL)
        thing->changed(tables, thing, number, before, after);
}
