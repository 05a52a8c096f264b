// What stands for a value where it is told how a command is typed: "lq order ack ORDER [TEAM]".
#pragma once

#include "base/arena.h"

// The text in the reader's language: each word of capitals that stands for a value in its Chinese
// word ("不写 组 时，为登录人的组"). In English it is the text itself; else it lasts as the arena.
const char *lq_placeholders(struct lq_arena *arena, const char *text);
