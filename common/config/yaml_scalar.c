// One value. Each kind has one spelling, so that a file means what it seems to mean: no octal, no
// yes/no, no quoted numbers, no empty value that would silently be a text.
#include "config/yaml_internal.h"

#include <errno.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/degrees.h"
#include "base/time.h"
#include "language/language.h"

const char *lq_yaml_shown(const struct lq_yaml_reading *reading, const char *text)
{
    enum { SHOWN = 40 };
    const size_t whole = strlen(text);
    size_t length = whole;
    if (length > SHOWN)
        for (length = SHOWN; length > 0 && ((uint8_t)text[length] & 0xC0) == 0x80; length--)
            ; // not in the middle of a character
    char *shown =
        lq_arena_format(reading->arena, "'%.*s%s'", (int)length, text, length < whole ? "…" : "");
    for (char *c = shown; *c != '\0'; c++)
        if ((uint8_t)*c < ' ' || *c == 0x7F)
            *c = '?';
    return shown;
}

static enum lq_status read_text(const struct lq_yaml_reading *reading, const yaml_node_t *node,
                                const struct lq_yaml_type *type, const char *text, const char **out)
{
    if (strlen(text) != node->data.scalar.length)
        return lq_yaml_refuse(reading, node->start_mark, "the text holds a NUL character");
    const char *wanted = type->check ? type->check(text) : NULL;
    if (wanted != NULL)
        return lq_yaml_refuse(reading, node->start_mark, "%s will not do; accepted: %s",
                              lq_yaml_shown(reading, text), lq_tr(wanted));
    *out = lq_arena_text(reading->arena, text);
    return LQ_OK;
}

static bool is_decimal(const char *text)
{
    const char *digits = *text == '-' ? text + 1 : text;
    if (*digits == '\0' || (*digits == '0' && digits[1] != '\0'))
        return false;
    return digits[strspn(digits, "0123456789")] == '\0';
}

static enum lq_status read_int(const struct lq_yaml_reading *reading, const yaml_node_t *node,
                               const struct lq_yaml_type *type, const char *text, int64_t *out)
{
    errno = 0;
    const bool decimal = is_decimal(text) && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    const long long value = decimal ? strtoll(text, NULL, 10) : 0;
    if (!decimal || errno != 0 || value < type->least || value > type->most)
        return lq_yaml_refuse(reading, node->start_mark,
                              "%s will not do; accepted: a whole number from %lld to %lld, "
                              "not in quotes",
                              lq_yaml_shown(reading, text), (long long)type->least,
                              (long long)type->most);
    *out = value;
    return LQ_OK;
}

static enum lq_status read_bool(const struct lq_yaml_reading *reading, const yaml_node_t *node,
                                const char *text, bool *out)
{
    *out = strcmp(text, "true") == 0;
    if (!*out && strcmp(text, "false") != 0)
        return lq_yaml_refuse(reading, node->start_mark, "%s will not do; accepted: true or false",
                              lq_yaml_shown(reading, text));
    return LQ_OK;
}

static enum lq_status read_day(const struct lq_yaml_reading *reading, const yaml_node_t *node,
                               const char *text, int32_t *out)
{
    if (!lq_parse_day(text, out))
        return lq_yaml_refuse(reading, node->start_mark,
                              "%s is not a day; accepted: a date such as 2015-07-16",
                              lq_yaml_shown(reading, text));
    return LQ_OK;
}

static enum lq_status read_degrees(const struct lq_yaml_reading *reading, const yaml_node_t *node,
                                   const struct lq_yaml_type *type, const char *text, int32_t *out)
{
    char least[LQ_DEGREES_TEXT], most[LQ_DEGREES_TEXT];
    int32_t e7;
    if (!lq_degrees_parse(text, &e7) || e7 < type->least || e7 > type->most)
        return lq_yaml_refuse(reading, node->start_mark,
                              "%s will not do; accepted: degrees from %s to %s",
                              lq_yaml_shown(reading, text), lq_degrees((int32_t)type->least, least),
                              lq_degrees((int32_t)type->most, most));
    *out = e7;
    return LQ_OK;
}

static enum lq_status read_word(const struct lq_yaml_reading *reading, const yaml_node_t *node,
                                const struct lq_yaml_type *type, const char *text, void *out)
{
    const char *accepted = "";
    for (int i = 0; type->words[i] != NULL; i++) {
        if (strcmp(text, type->words[i]) == 0) {
            memcpy(out, &i, sizeof i); // an enum, whose C type the compiler chooses
            return LQ_OK;
        }
        accepted =
            lq_arena_format(reading->arena, "%s%s%s", accepted, i > 0 ? ", " : "", type->words[i]);
    }
    return lq_yaml_refuse(reading, node->start_mark, "%s is not known here; accepted: %s",
                          lq_yaml_shown(reading, text), accepted);
}

enum lq_status lq_yaml_read_scalar(const struct lq_yaml_reading *reading, const yaml_node_t *node,
                                   const struct lq_yaml_type *type, void *out)
{
    if (node->type != YAML_SCALAR_NODE)
        return lq_yaml_refuse(reading, node->start_mark, "a single value is expected here");
    const char *text = (const char *)node->data.scalar.value;
    if (*text == '\0' && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return lq_yaml_refuse(reading, node->start_mark,
                              "the value is missing; leave the key out, or write \"\" for an "
                              "empty text");
    switch (type->kind) {
    case LQ_YAML_TEXT:
        return read_text(reading, node, type, text, out);
    case LQ_YAML_INT:
        return read_int(reading, node, type, text, out);
    case LQ_YAML_BOOL:
        return read_bool(reading, node, text, out);
    case LQ_YAML_DAY:
        return read_day(reading, node, text, out);
    case LQ_YAML_DEGREES:
        return read_degrees(reading, node, type, text, out);
    case LQ_YAML_WORD:
        return read_word(reading, node, type, text, out);
    case LQ_YAML_MAP:
    case LQ_YAML_LIST:
    case LQ_YAML_COUNTS:
    case LQ_YAML_WHERE:
        break;
    }
    LQ_UNREACHABLE();
}
