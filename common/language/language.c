#include "language/language.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/catalog.h"

enum { LQ_WORD_MOST = 96 }; // bytes of an English word, whose it is included

static enum lq_language language = LQ_ENGLISH;

void lq_language_use(enum lq_language wanted)
{
    language = wanted;
}

enum lq_language lq_language(void)
{
    return language;
}

bool lq_language_parse(const char *name, enum lq_language *out)
{
    static const char *const NAMES[] = {[LQ_ENGLISH] = "en", [LQ_CHINESE] = "zh"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const char end = strncmp(name, NAMES[i], 2) == 0 ? name[2] : 'x';
        if (end == '\0' || end == '_' || end == '-' || end == '.') {
            *out = (enum lq_language)i;
            return true;
        }
    }
    return false;
}

enum lq_language lq_language_of_environment(void)
{
    static const char *const NAMES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    enum lq_language found = LQ_ENGLISH;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *value = getenv(NAMES[i]);
        if (value != NULL && *value != '\0') {
            lq_language_parse(value, &found);
            break;
        }
    }
    return found;
}

// ---------------------------------------------------------------- sentences

static int compare_translation(const void *key, const void *row)
{
    return strcmp(key, ((const struct lq_translation *)row)->english);
}

static const char *find(const char *english, const struct lq_translation *in, size_t count)
{
    const struct lq_translation *found =
        bsearch(english, in, count, sizeof *in, compare_translation);
    return found != NULL ? found->chinese : NULL;
}

static const char *in_chinese(const char *english)
{
    return find(english, lq_translations, lq_translation_count);
}

// An enum value, a field or a noun of ours as it stands in a sentence: "on_scene", "due_day". What
// the .proto says goes first: "accepted" by a ledger's step is not what lq says of a command.
static const char *word_in_chinese(const char *english)
{
    const char *word = find(english, lq_argument_words, lq_argument_word_count);
    return word != NULL ? word : in_chinese(english);
}

const char *lq_tr_word(enum lq_language wanted, const char *english)
{
    const char *chinese = wanted == LQ_CHINESE ? word_in_chinese(english) : NULL;
    return chinese != NULL ? chinese : english;
}

const char *lq_tr_in(enum lq_language wanted, const char *english)
{
    const char *chinese = wanted == LQ_CHINESE ? in_chinese(english) : NULL;
    return chinese != NULL ? chinese : english;
}

const char *lq_tr(const char *english)
{
    return lq_tr_in(language, english);
}

const char *lq_phrase(const struct lq_phrase *phrase)
{
    return language == LQ_CHINESE && phrase->zh != NULL ? phrase->zh : phrase->en;
}

static bool is_known_type(const char *type)
{
    const size_t size = strlen(type);
    for (size_t i = 0; i < lq_proto_word_count; i++)
        if (strncmp(lq_proto_words[i].name, type, size) == 0 && lq_proto_words[i].name[size] == '.')
            return true;
    return false;
}

// The word of one type of several that have it: of an enum, "accepted@shift.Request", or of a
// message, "paper@rules.Act"; or what a service is called, which may be the name of a thing of its own
// as well: "shift@".
static const char *word_of_type(const char *english, const char *type)
{
    char value[LQ_WORD_MOST], field[LQ_WORD_MOST];
    size_t size = 0;
    for (; english + size < type && size + 1 < sizeof value; size++) {
        field[size] = english[size];
        value[size] = (char)toupper((unsigned char)english[size]);
    }
    field[size] = value[size] = '\0';
    const bool is_service = type[1] == '\0';
    const struct lq_proto_word *word =
        is_service ? lq_proto_word(field, "") : lq_proto_word(type + 1, value);
    if (word == NULL && !is_service)
        word = lq_proto_word(type + 1, field);
    if (word != NULL && *word->zh != '\0')
        return word->zh;
    return !is_service && is_known_type(type + 1) ? word_in_chinese(field) : NULL; // as others call it
}

// What stands between the words of a list: "approve (head), publish or collect".
static const struct lq_phrase BETWEEN[] = {{", ", "、"}, {" or ", "或"}, {" (", "（"}, {")", "）"}};

static size_t between(const char *at, const char **chinese)
{
    for (size_t i = 0; i < sizeof BETWEEN / sizeof *BETWEEN; i++)
        if (strncmp(at, BETWEEN[i].en, strlen(BETWEEN[i].en)) == 0) {
            *chinese = BETWEEN[i].zh;
            return strlen(BETWEEN[i].en);
        }
    return 0;
}

// Of several Chinese words the first. NULL: there is none. An option is typed in every language,
// and what begins with a capital is a code ("CR8b").
static const char *first_word(const char *english, size_t *size)
{
    *size = strlen(english);
    if (strncmp(english, "--", 2) == 0)
        return english;
    const char *type = strchr(english, '@');
    const char *chinese = type != NULL ? word_of_type(english, type) : word_in_chinese(english);
    if (chinese == NULL && isupper((unsigned char)*english))
        return english;
    *size = chinese == NULL ? 0 : type != NULL ? strcspn(chinese, "/") : strlen(chinese);
    return chinese;
}

// Each word of a list, or the one; the whole text where one has no translation.
static const char *translate_list(lq_room_fn *room, void *self, const char *list)
{
    const size_t room_for = strlen(list) * 4 + 64; // three bytes a character, and what parts them
    char word[LQ_WORD_MOST], *text = room(self, room_for);
    size_t used = 0;
    for (const char *at = list; text != NULL && *at != '\0';) {
        const char *chinese = "", *end = at;
        size_t separator = 0, size = 0;
        while (*end != '\0' && (separator = between(end, &chinese)) == 0)
            end++;
        if ((size_t)(end - at) >= sizeof word)
            return list;
        snprintf(word, sizeof word, "%.*s", (int)(end - at), at);
        const char *translated = *word == '\0' ? "" : first_word(word, &size);
        if (translated == NULL || used + size + strlen(chinese) >= room_for)
            return list;
        used += (size_t)snprintf(text + used, room_for - used, "%.*s%s", (int)size, translated,
                                 separator > 0 ? chinese : "");
        at = end + separator;
    }
    return text != NULL ? text : list;
}

static const char *translate_word(lq_room_fn *room, void *self, const char *text)
{
    const char *chinese = word_in_chinese(text);
    return chinese != NULL ? chinese : translate_list(room, self, text);
}

static const char *translate_argument(lq_room_fn *room, void *self, char *const *parts, size_t i)
{
    if (lq_message_is_word(parts[0], (unsigned)i))
        return translate_word(room, self, parts[i]);
    const char *foreign = lq_tr_foreign(parts[i]);
    return foreign != NULL ? foreign : parts[i];
}

const char *lq_tr_parts(lq_room_fn *room, void *self, char *const *parts, size_t count)
{
    struct lq_message message = {.parts = {lq_tr(parts[0])}, .count = 1};
    for (size_t i = 1; i < count && i < LQ_MESSAGE_PARTS; i++)
        message.parts[message.count++] =
            language == LQ_CHINESE ? translate_argument(room, self, parts, i) : parts[i];
    return lq_message_text(room, self, &message);
}

// ---------------------------------------------------------------- words of the .proto files

struct wanted_word {
    const char *type, *member;
};

static int compare_word(const void *key, const void *row)
{
    const struct wanted_word *wanted = key;
    const char *name = ((const struct lq_proto_word *)row)->name;
    const size_t size = strlen(wanted->type);
    const int type = strncmp(wanted->type, name, size);
    if (type != 0)
        return type;
    return name[size] == '.' ? strcmp(wanted->member, name + size + 1) : '.' - name[size];
}

const struct lq_proto_word *lq_proto_word(const char *type, const char *member)
{
    const struct wanted_word wanted = {type, member};
    return bsearch(&wanted, lq_proto_words, lq_proto_word_count, sizeof *lq_proto_words,
                   compare_word);
}
