// The walk over a guarded document, by the caller's table.
//
// Not libcyaml, which also loads by a schema: 1.3.1, the packaged version, has no ranges, default
// values or custom checks, and reports the place of an error only as a back-trace in a log
// callback, without what would be accepted. libyaml's document has the place of every node.
#include "config/yaml_internal.h"

#include "base/assert.h"
#include "base/file.h"

struct walk {
    struct lq_yaml_reading reading;
    yaml_document_t *document;
};

static enum lq_status read_value(const struct walk *walk, const yaml_node_t *node,
                                 const struct lq_yaml_type *type, void *out);

static const struct lq_yaml_field *find_field(const struct lq_yaml_field *fields, const char *key,
                                              unsigned *index)
{
    for (*index = 0; fields[*index].key != NULL; (*index)++) {
        const struct lq_yaml_field *field = &fields[*index];
        if (field->type.kind != LQ_YAML_WHERE && strcmp(field->key, key) == 0)
            return field;
    }
    return NULL;
}

static enum lq_status refuse_key(const struct walk *walk, yaml_mark_t at, const char *key,
                                 const struct lq_yaml_field *fields)
{
    const char *accepted = "";
    for (const struct lq_yaml_field *field = fields; field->key != NULL; field++)
        if (field->type.kind != LQ_YAML_WHERE)
            accepted = lq_arena_format(walk->reading.arena, "%s%s%s", accepted,
                                       *accepted != '\0' ? ", " : "", field->key);
    return lq_yaml_refuse(&walk->reading, at, "unknown key %s; accepted here: %s",
                          lq_yaml_shown(&walk->reading, key), accepted);
}

static enum lq_status read_pair(const struct walk *walk, const yaml_node_pair_t *pair,
                                const struct lq_yaml_field *fields, uint64_t *seen, void *out)
{
    const yaml_node_t *key = yaml_document_get_node(walk->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(walk->document, pair->value);
    if (key->type != YAML_SCALAR_NODE)
        return lq_yaml_refuse(&walk->reading, key->start_mark, "a key must be a single word");
    const char *text = (const char *)key->data.scalar.value;
    unsigned index;
    const struct lq_yaml_field *field = find_field(fields, text, &index);
    if (field == NULL || strlen(text) != key->data.scalar.length)
        return refuse_key(walk, key->start_mark, text, fields);
    LQ_ASSERT(index < LQ_YAML_FIELDS_MAX);
    if (*seen & UINT64_C(1) << index)
        return lq_yaml_refuse(&walk->reading, key->start_mark,
                              "key '%s' stands here a second time; remove one", text);
    *seen |= UINT64_C(1) << index;
    return read_value(walk, value, &field->type, (char *)out + field->offset);
}

// What does not come from a pair of the mapping: its own place, and the refusal of absent keys.
static enum lq_status finish_map(const struct lq_yaml_reading *reading, yaml_mark_t at,
                                 const struct lq_yaml_field *fields, uint64_t seen, void *out)
{
    for (unsigned i = 0; fields[i].key != NULL; i++) {
        if (fields[i].type.kind == LQ_YAML_WHERE)
            *(struct lq_yaml_where *)(void *)((char *)out + fields[i].offset) =
                (struct lq_yaml_where){.line = at.line + 1, .column = at.column + 1};
        else if (fields[i].required && !(seen & UINT64_C(1) << i))
            return lq_yaml_refuse(reading, at, "key '%s' is missing here", fields[i].key);
    }
    return LQ_OK;
}

static enum lq_status read_map(const struct walk *walk, const yaml_node_t *node,
                               const struct lq_yaml_field *fields, void *out)
{
    if (node->type != YAML_MAPPING_NODE)
        return lq_yaml_refuse(&walk->reading, node->start_mark,
                              "a mapping (key: value) is expected here");
    uint64_t seen = 0;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const enum lq_status status = read_pair(walk, pair, fields, &seen, out);
        if (status != LQ_OK)
            return status;
    }
    return finish_map(&walk->reading, node->start_mark, fields, seen, out);
}

static size_t size_of_item(const struct lq_yaml_type *type)
{
    switch (type->kind) {
    case LQ_YAML_TEXT:
        return sizeof(const char *);
    case LQ_YAML_INT:
        return sizeof(int64_t);
    case LQ_YAML_BOOL:
        return sizeof(bool);
    case LQ_YAML_DAY:
    case LQ_YAML_DEGREES:
        return sizeof(int32_t);
    case LQ_YAML_WORD:
        return sizeof(int);
    case LQ_YAML_MAP:
        LQ_ASSERT(type->size > 0);
        return type->size;
    case LQ_YAML_LIST:
    case LQ_YAML_COUNTS:
        return sizeof(struct lq_yaml_list);
    case LQ_YAML_WHERE:
        break;
    }
    LQ_UNREACHABLE();
}

static enum lq_status read_list(const struct walk *walk, const yaml_node_t *node,
                                const struct lq_yaml_type *type, struct lq_yaml_list *out)
{
    if (node->type != YAML_SEQUENCE_NODE)
        return lq_yaml_refuse(&walk->reading, node->start_mark,
                              "a list ([a, b], or lines that begin with '- ') is expected here");
    const yaml_node_item_t *first = node->data.sequence.items.start;
    const size_t count = (size_t)(node->data.sequence.items.top - first);
    const size_t size = size_of_item(type);
    char *items = count > 0 ? lq_arena_alloc(walk->reading.arena, count * size) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (type->blank != NULL)
            memcpy(items + i * size, type->blank, size);
        const enum lq_status status = read_value(
            walk, yaml_document_get_node(walk->document, first[i]), type, items + i * size);
        if (status != LQ_OK)
            return status;
    }
    *out = (struct lq_yaml_list){.items = items, .count = count};
    return LQ_OK;
}

static bool is_counted(const struct lq_yaml_count *counts, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(counts[i].name, name) == 0)
            return true;
    return false;
}

static enum lq_status read_counts(const struct walk *walk, const yaml_node_t *node,
                                  const struct lq_yaml_type *type, struct lq_yaml_list *out)
{
    static const struct lq_yaml_type name_type = {.kind = LQ_YAML_TEXT};
    const struct lq_yaml_type number_type = {
        .kind = LQ_YAML_INT, .least = type->least, .most = type->most};
    if (node->type != YAML_MAPPING_NODE)
        return lq_yaml_refuse(&walk->reading, node->start_mark,
                              "a mapping (name: number) is expected here");
    const yaml_node_pair_t *first = node->data.mapping.pairs.start;
    const size_t count = (size_t)(node->data.mapping.pairs.top - first);
    struct lq_yaml_count *counts = LQ_NEW_ARRAY(walk->reading.arena, struct lq_yaml_count, count);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *key = yaml_document_get_node(walk->document, first[i].key);
        enum lq_status status = read_value(walk, key, &name_type, &counts[i].name);
        if (status == LQ_OK && is_counted(counts, i, counts[i].name))
            return lq_yaml_refuse(&walk->reading, key->start_mark,
                                  "key '%s' stands here a second time; remove one", counts[i].name);
        if (status == LQ_OK)
            status = read_value(walk, yaml_document_get_node(walk->document, first[i].value),
                                &number_type, &counts[i].count);
        if (status != LQ_OK)
            return status;
    }
    *out = (struct lq_yaml_list){.items = counts, .count = count};
    return LQ_OK;
}

static enum lq_status read_value(const struct walk *walk, const yaml_node_t *node,
                                 const struct lq_yaml_type *type, void *out)
{
    if (type->kind == LQ_YAML_COUNTS)
        return read_counts(walk, node, type, out);
    if (type->kind == LQ_YAML_MAP)
        return read_map(walk, node, type->fields, out);
    if (type->kind == LQ_YAML_LIST)
        return read_list(walk, node, type->items, out);
    return lq_yaml_read_scalar(&walk->reading, node, type, out);
}

enum lq_status lq_yaml_load(struct lq_span text, const char *name,
                            const struct lq_yaml_field *fields, void *out, struct lq_arena *arena)
{
    // Windows editors put a byte order mark first; libyaml skips it only where it may guess.
    if (text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        text = lq_span(text.data + 3, text.size - 3);
    yaml_document_t document;
    const struct walk walk = {.reading = {.name = name, .arena = arena}, .document = &document};
    enum lq_status status = lq_yaml_guard(&walk.reading, text);
    if (status != LQ_OK)
        return status;
    yaml_parser_t parser;
    lq_yaml_start(&parser, text);
    if (yaml_parser_load(&parser, &document)) {
        const yaml_node_t *root = yaml_document_get_root_node(&document);
        // A file of nothing but comments has no root; it is a mapping without keys.
        status = root ? read_map(&walk, root, fields, out)
                      : finish_map(&walk.reading, (yaml_mark_t){0}, fields, 0, out);
        yaml_document_delete(&document);
    } else {
        status = lq_yaml_refuse_syntax(&walk.reading, text, &parser);
    }
    yaml_parser_delete(&parser);
    return status;
}

enum lq_status lq_yaml_load_file(const char *path, const struct lq_yaml_field *fields, void *out,
                                 struct lq_arena *arena)
{
    struct lq_span text;
    const enum lq_status status = lq_file_load(path, LQ_YAML_SIZE_MAX, arena, &text);
    if (status != LQ_OK)
        return status;
    return lq_yaml_load(text, path, fields, out, arena);
}
