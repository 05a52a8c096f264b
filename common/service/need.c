#include "service/need.h"

#include <string.h>

#include "language/language.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "service/roles.h"
#include "service/voided.h"

bool lq_is_theirs(struct lq_decision *d, uint32_t who, uint32_t behalf)
{
    const struct lq_facts *f = d->facts;
    if (f->on_behalf_of[0] == '\0')
        return (f->roles & who) != 0;
    return (f->roles & behalf) != 0 &&
           (d->service->roles_of == NULL ||
            (d->service->roles_of(d->view, f->on_behalf_of, f->occurred_ms) & who) != 0);
}

static const char *roles_text(struct lq_arena *arena, uint32_t roles, const char *last_or)
{
    const char *text = "";
    if ((roles & LQ_ANY_PERSON) == LQ_ANY_PERSON)
        return LQ_TR_LATER("anyone of the force");
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
        const int role = lq__role__descriptor.values[i].value;
        if ((roles & 1u << role) == 0)
            continue;
        const char *between = roles >> role == 1 ? last_or : ", ";
        text = lq_arena_format(arena, "%s%s%s", text, *text != '\0' ? between : "",
                               lq_word_of(arena, &lq__role__descriptor, role));
    }
    return text;
}

const char *lq_roles_text(struct lq_arena *arena, uint32_t roles)
{
    return roles_text(arena, roles, " or ");
}

const char *lq_roles_listed(struct lq_arena *arena, uint32_t roles)
{
    return roles_text(arena, roles, ", ");
}

struct lq_verdict lq_need_key(struct lq_decision *d, int code, const char *what, const char *text)
{
    if (text[0] == '\0')
        return lq_reject(d, code, "%-s is missing", what);
    if (strlen(text) > LQ_PB_IDENTIFIER_BYTES)
        return lq_reject(d, code, "%-s is longer than %d bytes", what, LQ_PB_IDENTIFIER_BYTES);
    return LQ_ACCEPT;
}

struct lq_verdict lq_need_identifier(struct lq_decision *d, int code, const char *what,
                                     const char *text)
{
    if (lq_pb_identifier(text))
        return LQ_ACCEPT;
    return lq_reject(d, code, "%-s must be given, in 1 to %d bytes without spaces", what,
                     LQ_PB_IDENTIFIER_BYTES);
}

struct lq_verdict lq_need_fields(struct lq_decision *d, int code, const void *command,
                                 const char *fields)
{
    const ProtobufCMessage *message = command;
    const char *missing = "";
    for (const char *name = fields; *name != '\0';) {
        const size_t size = strcspn(name, " ");
        const char *one = lq_arena_format(d->arena, "%.*s", (int)size, name);
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(message->descriptor, one);
        LQ_ASSERT(field != NULL);
        if (lq_pb_count(message, field) == 0 ||
            lq_pb_is_zero(field, lq_pb_value(message, field, 0)))
            missing = lq_arena_format(d->arena, "%s%s%s@%s", missing, *missing != '\0' ? ", " : "",
                                      one, message->descriptor->name);
        name += size + (name[size] == ' ');
    }
    return *missing == '\0' ? LQ_ACCEPT : lq_reject(d, code, "what is missing: %-s", missing);
}

// The type of the table's rows as a noun: "meeting".
static const char *noun(struct lq_decision *d, const struct lq_table *table)
{
    char *text = lq_arena_text(d->arena, table->row->short_name);
    for (char *at = text; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    return text;
}

struct lq_verdict lq_need_row(struct lq_decision *d, int code, const struct lq_table *table,
                              const char *number)
{
    if (lq_pb_key(number) && lq_exists(d->view, table, lq_key_text(number)))
        return LQ_ACCEPT;
    const Rules__VoidedThing *voided = lq_voided_find(d->view, table, number);
    if (voided != NULL)
        return lq_reject(d, code, "%-s %s was voided by %s: %s", noun(d, table), number, voided->by,
                         voided->reason);
    return lq_reject(d, code, "there is no %-s %s", noun(d, table), number);
}

struct lq_verdict lq_need_unvoided(struct lq_decision *d, int code, const struct lq_table *table,
                                   const char *number)
{
    if (lq_voided_find(d->view, table, number) == NULL)
        return LQ_ACCEPT;
    return lq_reject(d, code,
                     "%-s %s was voided, and its number stays used: enter it anew under another",
                     noun(d, table), number);
}

struct lq_verdict lq_need_new(struct lq_decision *d, int code, const struct lq_table *table,
                              const char *number)
{
    if (number[0] != '\0' && !lq_pb_key(number))
        return lq_reject(d, code, "a number has at most %d bytes, and %s has more",
                         LQ_PB_IDENTIFIER_BYTES, number);
    if (number[0] == '\0')
        return LQ_ACCEPT;
    LQ_TRY(lq_need_unvoided(d, code, table, number));
    if (!lq_exists(d->view, table, lq_key_text(number)))
        return LQ_ACCEPT;
    return lq_reject(d, code, "%-s %s is recorded already", noun(d, table), number);
}

struct lq_verdict lq_need_premises(struct lq_decision *d, int code, const char *number,
                                   const void *known)
{
    return known != NULL ? LQ_ACCEPT
                         : lq_reject(d, code, "the ledger knows no premises %s", number);
}
