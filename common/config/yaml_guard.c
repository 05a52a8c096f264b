// Checks before libyaml's document loader runs. They read the event stream, which is produced
// incrementally: libyaml 0.2.5 has no depth limit and needs six seconds for 64 KB of '[', but this
// stops at the seventeenth. Duplicate and unknown keys are found by the walk (yaml.c).
#include "config/yaml_internal.h"

#include <stdarg.h>

#include "base/assert.h"
#include "language/language.h"

enum lq_status lq_yaml_refuse(const struct lq_yaml_reading *reading, yaml_mark_t at,
                              const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *what = lq_arena_vformat(reading->arena, lq_tr(format), arguments);
    va_end(arguments);
    return lq_fault(LQ_E_INPUT, "%s:%zu:%zu: %s", reading->name, at.line + 1, at.column + 1, what);
}

// For what libyaml's reader (not its scanner) refuses there is only a byte offset.
static yaml_mark_t mark_of_offset(struct lq_span text, size_t offset)
{
    yaml_mark_t mark = {0};
    for (size_t i = 0; i < offset && i < text.size; i++) {
        if (text.data[i] == '\n') {
            mark.line++;
            mark.column = 0;
        } else if ((text.data[i] & 0xC0) != 0x80) { // columns count characters
            mark.column++;
        }
    }
    return mark;
}

static const char *in_words(const char *problem)
{
    const char *translated = lq_tr_foreign(problem);
    return translated != NULL ? translated : problem;
}

enum lq_status lq_yaml_refuse_syntax(const struct lq_yaml_reading *reading, struct lq_span text,
                                     const yaml_parser_t *parser)
{
    LQ_ASSERT(parser->error != YAML_MEMORY_ERROR);
    const char *problem = parser->problem ? in_words(parser->problem) : lq_tr("this is not YAML");
    if (parser->error == YAML_READER_ERROR)
        return lq_yaml_refuse(reading, mark_of_offset(text, parser->problem_offset),
                              "%s; the file must be plain UTF-8 text", problem);
    if (parser->context != NULL)
        return lq_yaml_refuse(reading, parser->problem_mark, "%s (%s that begins in line %zu)",
                              problem, in_words(parser->context), parser->context_mark.line + 1);
    return lq_yaml_refuse(reading, parser->problem_mark, "%s", problem);
}

void lq_yaml_start(yaml_parser_t *parser, struct lq_span text)
{
    const int ready = yaml_parser_initialize(parser);
    LQ_ASSERT(ready == 1); // fails only for want of memory
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, text.data, text.size);
}

struct nesting {
    unsigned depth, documents;
};

static enum lq_status guard_properties(const struct lq_yaml_reading *reading, yaml_mark_t at,
                                       const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        return lq_yaml_refuse(reading, at, "an anchor (&) is not accepted; write the value out");
    if (tag != NULL)
        return lq_yaml_refuse(reading, at, "a tag (!) is not accepted; write the value alone");
    return LQ_OK;
}

static enum lq_status guard_opening(const struct lq_yaml_reading *reading, struct nesting *nesting,
                                    yaml_mark_t at, const yaml_char_t *anchor,
                                    const yaml_char_t *tag)
{
    if (++nesting->depth > LQ_YAML_DEPTH_MAX)
        return lq_yaml_refuse(reading, at, "nested deeper than %d levels", LQ_YAML_DEPTH_MAX);
    return guard_properties(reading, at, anchor, tag);
}

static enum lq_status guard_event(const struct lq_yaml_reading *reading, struct nesting *nesting,
                                  const yaml_event_t *event)
{
    const yaml_mark_t at = event->start_mark;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (++nesting->documents > 1)
            return lq_yaml_refuse(reading, at, "a second document; a file holds one");
        return LQ_OK;
    case YAML_ALIAS_EVENT:
        return lq_yaml_refuse(reading, at, "an alias (*) is not accepted; write the value out");
    case YAML_SCALAR_EVENT:
        return guard_properties(reading, at, event->data.scalar.anchor, event->data.scalar.tag);
    case YAML_SEQUENCE_START_EVENT:
        return guard_opening(reading, nesting, at, event->data.sequence_start.anchor,
                             event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return guard_opening(reading, nesting, at, event->data.mapping_start.anchor,
                             event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        nesting->depth--;
        return LQ_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return LQ_OK;
    }
    LQ_UNREACHABLE();
}

enum lq_status lq_yaml_guard(const struct lq_yaml_reading *reading, struct lq_span text)
{
    if (text.size > LQ_YAML_SIZE_MAX)
        return lq_yaml_refuse(reading, mark_of_offset(text, LQ_YAML_SIZE_MAX),
                              "the file is longer than %d bytes", LQ_YAML_SIZE_MAX);
    yaml_parser_t parser;
    lq_yaml_start(&parser, text);
    struct nesting nesting = {0};
    enum lq_status status = LQ_OK;
    for (bool ended = false; status == LQ_OK && !ended;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = lq_yaml_refuse_syntax(reading, text, &parser);
            break;
        }
        status = guard_event(reading, &nesting, &event);
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return status;
}
