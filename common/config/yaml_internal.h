// What the three parts of the YAML reader share: the guards, the walk and the scalars.
#pragma once

#include <yaml.h>

#include "config/yaml.h"

struct lq_yaml_reading {
    const char *name; // of the file, for faults
    struct lq_arena *arena;
};

// LQ_E_INPUT with the place and the text.
enum lq_status lq_yaml_refuse(const struct lq_yaml_reading *reading, yaml_mark_t at,
                              const char *format, ...) __attribute__((format(printf, 3, 4)));

// What libyaml itself found wrong, in the same form.
enum lq_status lq_yaml_refuse_syntax(const struct lq_yaml_reading *reading, struct lq_span text,
                                     const yaml_parser_t *parser);

// A parser for the text as UTF-8. The caller deletes it.
void lq_yaml_start(yaml_parser_t *parser, struct lq_span text);

// Size, depth, encoding, anchors, aliases, tags, documents: on events, before anything is built.
LQ_MUST_CHECK enum lq_status lq_yaml_guard(const struct lq_yaml_reading *reading,
                                           struct lq_span text);

// Reads one scalar by a type that is neither MAP, LIST nor WHERE.
LQ_MUST_CHECK enum lq_status lq_yaml_read_scalar(const struct lq_yaml_reading *reading,
                                                 const yaml_node_t *node,
                                                 const struct lq_yaml_type *type, void *out);

// The text as shown in a message: about forty bytes at most, without control characters.
const char *lq_yaml_shown(const struct lq_yaml_reading *reading, const char *text);
