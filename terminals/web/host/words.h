// The county's own words (lianqin.yaml, words) for the page.
#pragma once

#include "base/arena.h"
#include "config/settings.h"

// `words`: of struct lq_form_word. A JSON object (RFC 8259) that lives in the arena:
// {"fan_motor":"风机电机"}. Of a word that stands twice, the first holds, as in lq.
const char *web_words(struct lq_arena *arena, const struct lq_yaml_list *words);
