// Enum values as the words that people type and read ("on_scene"), and cells of a table.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/degrees.h"
#include "config/yaml.h"
#include "language/language.h"
#include "lq/show/output.h"

enum { LQ_WORD_TEXT = 64, LQ_WORDS_TEXT = 512 };

// In which language values are shown from now on; English at first. Tables have the person's, JSON
// and CSV have stable English words unless others are asked for (--words).
void lq_words_show(enum lq_language language);
enum lq_language lq_words_shown(void);

// The value's word in English, its name in lower case; "" for the one that says nothing, the number
// if it has no name. And the word that is shown: in Chinese what the .proto says.
const char *lq_word(const ProtobufCEnumDescriptor *type, int value, char buffer[LQ_WORD_TEXT]);
const char *lq_word_shown(const ProtobufCEnumDescriptor *type, int value,
                          char buffer[LQ_WORD_TEXT]);
const char *lq_word_in(enum lq_language language, const ProtobufCEnumDescriptor *type, int value,
                       char buffer[LQ_WORD_TEXT]);

// "yes" or "no", in the same language.
const char *lq_word_flag(bool flag);

// Reads a word in either language and any case, "on-scene" like "on_scene".
bool lq_word_parse(const ProtobufCEnumDescriptor *type, const char *text, int *out);

// The same for texts that are mostly one of a few ("kind", "channel"): the word that is shown for
// one, and the one that a typed word stands for. Others stay as they are.
// First by the words of lianqin.yaml (struct lq_form_word), whose texts are borrowed.
void lq_kinds_use(const struct lq_yaml_list *own);
const char *lq_kind_chinese(const char *text); // the text itself where it has no word
const char *lq_kind_shown(const char *member, const char *text);
const char *lq_kind_typed(const char *member, const char *text);

// As which member a member of that message is shown and typed: a shift's "name" as a "kind".
const char *lq_kind_member(const ProtobufCMessageDescriptor *type, const char *member);

// Those that are usual for that member, one after the other; NULL behind the last.
const char *lq_kind_known(const ProtobufCMessageDescriptor *type, const char *member, size_t index);

// What a service is called in Chinese ("调度"; its name if the .proto does not say), and the one
// that was typed in either language; NULL: there is none.
struct lq_service;
const char *lq_service_title(const char *name);
// The same in the person's language, as a sentence has it.
const char *lq_service_shown(const char *name);
const struct lq_service *lq_service_typed(const char *typed);

// Roles, each a bit 1 << Role, in the language that is shown: "desk,lead".
enum { LQ_ROLES_SHOWN = 256 };
const char *lq_roles_shown(uint32_t roles, char buffer[LQ_ROLES_SHOWN]);

// All words that can be typed, in the language of the terminal, separated by commas.
const char *lq_words(const ProtobufCEnumDescriptor *type, char buffer[LQ_WORDS_TEXT]);

// Cells: an enum's word, an instant in the county's time, a day; nothing for 0.
void lq_output_word(struct lq_output *output, const ProtobufCEnumDescriptor *type, int value);
void lq_output_minute(struct lq_output *output, int64_t at_ms); // without its seconds
void lq_output_day(struct lq_output *output, int32_t day);

// The known word that is nearest to what was typed; NULL if none is near.
const char *lq_word_nearest(const char *typed, const char *const *known, size_t count);
