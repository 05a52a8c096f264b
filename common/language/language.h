// What a person reads is Chinese first, English beside it. The source is written in English;
// po/zh_CN.po translates whole sentences, and the words of fields and of enum values stand once, as
// the comments of proto/*.proto. Logs stay English.
#pragma once

#include <stdbool.h>

#include "base/message.h"

enum lq_language { LQ_ENGLISH, LQ_CHINESE };

// The language of this process from now on; English at first.
void lq_language_use(enum lq_language language);
enum lq_language lq_language(void);

// "zh", "en", or a locale ("zh_CN.UTF-8"); false at anything else.
bool lq_language_parse(const char *name, enum lq_language *out);

// As the environment has it: LC_ALL, else LC_MESSAGES, else LANG; English where it names neither.
enum lq_language lq_language_of_environment(void);

// The sentence or format in the process's language; what is not in the catalog stays as it is.
const char *lq_tr(const char *english) __attribute__((format_arg(1)));

// The same in a language that is named.
const char *lq_tr_in(enum lq_language wanted, const char *english);

// The same for what the operating system, LMDB or libyaml say ("No such file or directory"); NULL
// where it is none of it, or is not translated.
const char *lq_tr_foreign(const char *english);

// The same for a word of the .proto files, too ("on_scene"): an enum value or a field.
const char *lq_tr_word(enum lq_language wanted, const char *english);

// Marks a text that is translated later, where it is shown.
#define LQ_TR_LATER(text) (text)

// A text in both languages, where it stands in a table of the source.
struct lq_phrase {
    const char *en, *zh;
};
const char *lq_phrase(const struct lq_phrase *phrase);

// A sentence of another process, as its parts came over the wire. Arguments that its format marks
// as words of ours ("case %s was %-s": "released", "the owner") are translated, too, and what the
// system or a library says of a failure; what somebody has typed or entered never is.
const char *lq_tr_parts(lq_room_fn *room, void *self, char *const *parts, size_t count);

// What the .proto says of a field or of an enum value: `type` is the full name ("seizure.Item").
// Of several Chinese words ("查封/封存") the first is shown and all are understood.
struct lq_proto_word {
    const char *name;       // "seizure.Item.number"
    const char *zh, *notes; // notes: in English, "" if there are none
};
const struct lq_proto_word *lq_proto_word(const char *type, const char *member); // NULL: none
