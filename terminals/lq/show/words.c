// The words come from the descriptors, so that a value that is added to a .proto can be typed and
// is shown without a line here.
#include "lq/show/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/time.h"
#include "envelope.pb-c.h"
#include "language/language.h"
#include "service/service.h"

static bool says_nothing(const char *name)
{
    static const char END[] = "_UNSPECIFIED";
    const size_t size = strlen(name), end = sizeof END - 1;
    return size >= end && strcmp(name + size - end, END) == 0;
}

static void lower(const char *name, char buffer[LQ_WORD_TEXT])
{
    LQ_ASSERT(strlen(name) < LQ_WORD_TEXT);
    size_t i = 0;
    for (; name[i] != '\0'; i++)
        buffer[i] = (char)tolower((unsigned char)name[i]);
    buffer[i] = '\0';
}

static enum lq_language shown_in = LQ_ENGLISH;

void lq_words_show(enum lq_language language)
{
    shown_in = language;
}

enum lq_language lq_words_shown(void)
{
    return shown_in;
}

// The Chinese words of a value, "查封/封存"; "" if it has none.
static const char *chinese(const ProtobufCEnumDescriptor *type, const char *name)
{
    const struct lq_proto_word *word = lq_proto_word(type->name, name);
    return word != NULL ? word->zh : "";
}

static const char *word_in(enum lq_language language, const ProtobufCEnumDescriptor *type,
                           const ProtobufCEnumValue *value, char buffer[LQ_WORD_TEXT])
{
    const char *words = language == LQ_CHINESE ? chinese(type, value->name) : "";
    if (says_nothing(value->name))
        *buffer = '\0';
    else if (*words != '\0')
        snprintf(buffer, LQ_WORD_TEXT, "%.*s", (int)strcspn(words, "/"), words);
    else
        lower(value->name, buffer);
    return buffer;
}

const char *lq_word_in(enum lq_language language, const ProtobufCEnumDescriptor *type, int value,
                       char buffer[LQ_WORD_TEXT])
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(type, value);
    if (known != NULL)
        return word_in(language, type, known, buffer);
    snprintf(buffer, LQ_WORD_TEXT, "%d", value);
    return buffer;
}

const char *lq_word(const ProtobufCEnumDescriptor *type, int value, char buffer[LQ_WORD_TEXT])
{
    return lq_word_in(LQ_ENGLISH, type, value, buffer);
}

const char *lq_word_shown(const ProtobufCEnumDescriptor *type, int value, char buffer[LQ_WORD_TEXT])
{
    return lq_word_in(shown_in, type, value, buffer);
}

static bool same_word(const char *name, const char *text)
{
    for (; *name != '\0' && *text != '\0'; name++, text++) {
        const char typed = (char)(*text == '-' ? '_' : toupper((unsigned char)*text));
        if (typed != *name)
            return false;
    }
    return *name == *text;
}

const char *lq_word_flag(bool flag)
{
    static const char *const WORDS[][2] = {
        [LQ_ENGLISH] = {"no", "yes"}, [LQ_CHINESE] = {"否", "是"}};
    return WORDS[shown_in][flag];
}

const char *lq_roles_shown(uint32_t roles, char buffer[LQ_ROLES_SHOWN])
{
    char word[LQ_WORD_TEXT];
    size_t used = 0;
    *buffer = '\0';
    for (unsigned i = 0; i < lq__role__descriptor.n_values; i++) {
        const int role = lq__role__descriptor.values[i].value;
        if ((roles & 1u << role) != 0)
            used += (size_t)snprintf(buffer + used, LQ_ROLES_SHOWN - used, "%s%s",
                                     used == 0                ? ""
                                     : shown_in == LQ_CHINESE ? "、"
                                                              : ",",
                                     lq_word_shown(&lq__role__descriptor, role, word));
        LQ_ASSERT(used < LQ_ROLES_SHOWN);
    }
    return buffer;
}

const char *lq_service_title(const char *name)
{
    const struct lq_proto_word *word = lq_proto_word(name, "");
    return word != NULL && *word->zh != '\0' ? word->zh : name;
}

const char *lq_service_shown(const char *name)
{
    return lq_language() == LQ_CHINESE ? lq_service_title(name) : name;
}

const struct lq_service *lq_service_typed(const char *typed)
{
    for (const struct lq_service *const *service = lq_services; *service != NULL; service++)
        if (strcmp((*service)->name, typed) == 0 ||
            strcmp(lq_service_title((*service)->name), typed) == 0)
            return *service;
    return NULL;
}

static bool is_one_of(const char *words, const char *text)
{
    const size_t size = strlen(text);
    while (*words != '\0') {
        const size_t length = strcspn(words, "/");
        if (size > 0 && length == size && memcmp(words, text, size) == 0)
            return true;
        words += length + (words[length] == '/');
    }
    return false;
}

bool lq_word_parse(const ProtobufCEnumDescriptor *type, const char *text, int *out)
{
    for (unsigned i = 0; i < type->n_values; i++)
        if (!says_nothing(type->values[i].name) &&
            (same_word(type->values[i].name, text) ||
             is_one_of(chinese(type, type->values[i].name), text))) {
            *out = type->values[i].value;
            return true;
        }
    return false;
}

const char *lq_words(const ProtobufCEnumDescriptor *type, char buffer[LQ_WORDS_TEXT])
{
    size_t used = 0;
    *buffer = '\0';
    for (unsigned i = 0; i < type->n_values; i++) {
        char word[LQ_WORD_TEXT];
        if (says_nothing(type->values[i].name))
            continue;
        word_in(lq_language(), type, &type->values[i], word);
        used += (size_t)snprintf(buffer + used, LQ_WORDS_TEXT - used, "%s%s",
                                 used > 0 ? lq_tr(", ") : "", word);
        LQ_ASSERT(used < LQ_WORDS_TEXT);
    }
    return buffer;
}

// ---------------------------------------------------------------- cells

// Values that a list must not hide among the others.
static enum lq_mark mark_of(const ProtobufCEnumDescriptor *type, int value)
{
    static const struct {
        const char *type, *value;
        enum lq_mark mark;
    } MARKS[] = {{"dispatch.Priority", "FLASH", LQ_STRONG}, {"seizure.State", "LAPSED", LQ_ALERT}};
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(type, value);
    for (size_t i = 0; known != NULL && i < sizeof MARKS / sizeof *MARKS; i++)
        if (strcmp(type->name, MARKS[i].type) == 0 && strcmp(known->name, MARKS[i].value) == 0)
            return MARKS[i].mark;
    return LQ_PLAIN;
}

void lq_output_word(struct lq_output *output, const ProtobufCEnumDescriptor *type, int value)
{
    char word[LQ_WORD_TEXT];
    lq_output_text(output, lq_word_shown(type, value, word));
    lq_output_mark(output, mark_of(type, value));
}

void lq_output_minute(struct lq_output *output, int64_t at_ms)
{
    char text[LQ_TIME_TEXT];
    if (at_ms == 0) {
        lq_output_none(output);
        return;
    }
    lq_format_local(at_ms, text);
    text[strlen("2015-03-06 13:14")] = '\0';
    lq_output_text(output, text);
}

void lq_output_day(struct lq_output *output, int32_t day)
{
    char text[LQ_TIME_TEXT];
    if (day == 0)
        lq_output_none(output);
    else
        lq_output_text(output, lq_format_day(day, text));
}

// ---------------------------------------------------------------- the nearest word

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

// Levenshtein's distance; words are short.
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 32 };
    const size_t size = strlen(b);
    size_t row[LONGEST + 1];
    if (size > LONGEST || strlen(a) > LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= size; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= size; j++) {
            const size_t above = row[j];
            row[j] = least(least(row[j], row[j - 1]) + 1, before + (a[i - 1] != b[j - 1]));
            before = above;
        }
    }
    return row[size];
}

const char *lq_word_nearest(const char *typed, const char *const *known, size_t count)
{
    const char *nearest = NULL;
    // So far apart is something else. Another Chinese character differs in three bytes.
    const bool is_ascii = (unsigned char)typed[0] < 0x80;
    size_t best = !is_ascii ? 4 : strlen(typed) <= 1 ? 1 : strlen(typed) <= 3 ? 2 : 3;
    for (size_t i = 0; i < count; i++) {
        const bool begins = strlen(typed) >= 2 && strncmp(known[i], typed, strlen(typed)) == 0;
        const size_t apart = begins ? 0 : distance(typed, known[i]);
        if (apart < best) {
            best = apart;
            nearest = known[i];
        }
    }
    return nearest;
}
