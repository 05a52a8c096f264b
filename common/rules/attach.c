#include "rules/attach.h"

#include <string.h>

#include "base/sha256.h"
#include "pb/pb.h"
#include "service/need.h"
#include "service/rows.h"
#include "service/trail.h"
#include "service/voided.h"

static struct lq_key key_of(const char *kind, const char *number)
{
    return lq_key_then_text(lq_key_text(kind), number);
}

// ---------------------------------------------------------------- attaching

static struct lq_verdict need_thing(struct lq_decision *d, const char *kind, const char *number)
{
    const struct lq_thing *thing = lq_thing_named(d->service, kind);
    if (thing == NULL)
        return lq_reject(d, LQ_COMMON(THING_UNKNOWN), "%s records no %s, only: %-s",
                         d->service->name, kind, lq_thing_kinds(d->arena, d->service));
    if (thing->readers != 0 && (d->facts->roles & thing->readers) == 0)
        return lq_reject(d, LQ_COMMON(NOT_THEIRS), "%s may not see a %-s", d->facts->actor,
                         thing->kind);
    if (lq_thing_find(d->view, thing, number) != NULL)
        return LQ_ACCEPT;
    char at[LQ_TIME_TEXT];
    const Rules__VoidedThing *voided = lq_voided_find(d->view, thing->table, number);
    if (voided != NULL)
        return lq_reject(d, LQ_COMMON(THING_VOID), "%-s %s was voided by %s at %s: %s", kind,
                         number, voided->by, lq_format_local(voided->at_ms, at), voided->reason);
    return lq_reject(d, LQ_COMMON(THING_UNKNOWN), "there is no %-s %s", kind, number);
}

static struct lq_verdict need_file(struct lq_decision *d, const Rules__Attach *c)
{
    char at[LQ_TIME_TEXT];
    if (!lq_sha256_is_hex(c->sha256))
        return lq_reject(d, LQ_COMMON(FILE_UNFIT),
                         "sha256 must be the hash of the whole file: 64 hexadecimal digits in "
                         "lower case");
    if (c->bytes == 0 || c->bytes > LQ_FILE_BYTES_MOST)
        return lq_reject(d, LQ_COMMON(FILE_UNFIT), "a file has 1 to %d bytes, not %u",
                         LQ_FILE_BYTES_MOST, c->bytes);
    if (c->type == RULES__FILE_TYPE__FILE_TYPE_UNSPECIFIED)
        return lq_reject(d, LQ_COMMON(FILE_UNFIT), "which type is the file of?");
    if (c->taken_at_ms < 0 || c->taken_at_ms > d->facts->now_ms)
        return lq_reject(d, LQ_COMMON(FILE_UNFIT), "it cannot have been taken at %s, after now",
                         lq_format_local(c->taken_at_ms, at));
    return LQ_ACCEPT;
}

// Its number among the files of the thing, if it is none of them yet.
static struct lq_verdict need_new(struct lq_decision *d, const Rules__Attach *c, uint32_t *number)
{
    char at[LQ_TIME_TEXT];
    *number = 1;
    for (struct lq_scan s = lq_scan(d->view, &lq_files, key_of(c->kind, c->number));
         lq_scan_next(&s);) {
        const Rules__AttachedFile *file = s.row;
        *number = file->file + 1;
        if (strcmp(file->sha256, c->sha256) == 0)
            return lq_reject(d, LQ_COMMON(ATTACHED_ALREADY),
                             "this file belongs to %-s %s already, as its file %u, since %s",
                             c->kind, c->number, file->file, lq_format_local(file->at_ms, at));
    }
    return LQ_ACCEPT;
}

struct lq_verdict lq_attach(struct lq_decision *d, const void *command)
{
    const Rules__Attach *c = command;
    uint32_t number;
    LQ_TRY(need_thing(d, c->kind, c->number));
    LQ_TRY(need_file(d, c));
    LQ_TRY(need_new(d, c, &number));
    Rules__Attached *attached = lq_pb_project(d->arena, &rules__attached__descriptor, c);
    attached->file = number;
    if (c->by[0] == '\0')
        attached->by = lq_unconst(d->facts->principal);
    lq_emit(d, LQ_BODY_ATTACH, &attached->base);
    lq_number(d, c->number);
    return LQ_ACCEPT;
}

// The thing stays as it is, and tells of it.
void lq_attached(struct lq_view *tables, const struct lq_occurrence *what, const void *event)
{
    const Rules__Attached *attached = event;
    const struct lq_thing *thing = lq_thing_named(what->service, attached->kind);
    struct lq_key key;
    LQ_ASSERT(thing != NULL);
    const bool is_key = lq_thing_key(lq_view_arena(tables), thing, attached->number, &key);
    LQ_ASSERT(is_key);
    Rules__AttachedFile *row =
        lq_pb_project(lq_view_arena(tables), &rules__attached_file__descriptor, attached);
    row->at_ms = what->occurred_ms;
    lq_save(tables, &lq_files,
            lq_key_then_number(key_of(attached->kind, attached->number), attached->file),
            &row->base);
    lq_trail_mark(tables, thing->table, &key);
}

// ---------------------------------------------------------------- asking

Rules__AttachedFile **lq_files_of(struct lq_reading *r, const char *kind, const char *number,
                                  size_t *count)
{
    const unsigned most = 500;
    struct lq_rows rows = lq_rows(r->arena, most);
    struct lq_scan s = lq_scan(r->view, &lq_files, key_of(kind, number));
    while (lq_scan_next(&s))
        if (!lq_rows_add(&rows, s.row))
            break;
    *count = rows.count;
    return (Rules__AttachedFile **)(void *)rows.rows;
}
