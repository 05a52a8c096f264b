// The files of configs/ that are compiled in.
#pragma once

#include "base/span.h"
#include "base/status.h"
#include "config/yaml.h"

struct lq_default_file {
    const char *name; // "law.yaml"
    const uint8_t *data;
    size_t size;
};

// lianqin.yaml, law.yaml, calendar.yaml, policy.yaml, forms.yaml; ends with a NULL name.
extern const struct lq_default_file lq_default_files[];

// The bytes of one of them. An unknown name is a bug.
struct lq_span lq_default_file(const char *name);

// Reads one of them into *out (config/yaml.h). If it is malformed, that is a bug.
void lq_default_load(const char *name, const struct lq_yaml_field *fields, void *out,
                     struct lq_arena *arena);

// Writes those that are not in the directory yet, for an operator to edit. What is there is never
// touched. The directory must exist. LQ_E_IO or LQ_E_FULL.
LQ_MUST_CHECK enum lq_status lq_config_write_defaults(const char *directory);
