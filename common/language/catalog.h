// The tables that make_catalog.py writes; sorted by the bytes of their first member.
#pragma once

#include <stddef.h>

#include "language/language.h"

struct lq_translation {
    const char *english, *chinese;
};

extern const struct lq_translation lq_translations[];
extern const size_t lq_translation_count;

// Words of the .proto files as they stand in a sentence: "released", "issue_order", "due_day".
extern const struct lq_translation lq_argument_words[];
extern const size_t lq_argument_word_count;

extern const struct lq_proto_word lq_proto_words[];
extern const size_t lq_proto_word_count;
