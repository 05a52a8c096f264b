#include "lq/show/change.h"

#include "lq/cli/things.h"

// The message of which its fields are; NULL: this version knows no such kind.
static const ProtobufCMessageDescriptor *type_of(const char *kind)
{
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++) {
        const struct lq_thing *thing = lq_thing_named(*s, kind);
        if (thing != NULL)
            return lq_thing_type(thing);
    }
    return NULL;
}

const char *lq_show_changes(struct lq_cli *cli, const Rules__Corrected *corrected)
{
    const ProtobufCMessageDescriptor *type = type_of(corrected->kind);
    const char *text =
        lq_arena_format(&cli->arena, "%s %s", lq_thing_word(corrected->kind), corrected->number);
    for (size_t i = 0; i < corrected->n_changes; i++) {
        const Rules__Change *one = corrected->changes[i];
        const char *field = type != NULL ? lq_field_word(cli, type, one->field) : one->field;
        const char *sign = i == 0 ? lq_tr(": ") : lq_tr(", ");
        if (one->n_withheld > 0) {
            text =
                lq_arena_format(&cli->arena, "%s%s%s %s", text, sign, field, lq_tr("(withheld)"));
            continue;
        }
        const char *was = type != NULL ? lq_value_shown(cli, type, one->field, one->was) : one->was;
        const char *now = type != NULL ? lq_value_shown(cli, type, one->field, one->now) : one->now;
        text = lq_arena_format(&cli->arena, "%s%s%s %s → %s", text, sign, field, was, now);
    }
    return text;
}
