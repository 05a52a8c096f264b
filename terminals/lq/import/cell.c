#include "lq/import/cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/assert.h"
#include "base/span.h"
#include "language/language.h"
#include "pb/utf8.h"

// ---------------------------------------------------------------- characters

struct unseen {
    uint32_t first, last;
    const char *name;
};

// What takes no place on paper or looks like nothing.
static const struct unseen UNSEEN[] = {
    {0x0000, 0x0008, LQ_TR_LATER("a control character")},
    {0x000b, 0x000c, LQ_TR_LATER("a control character")},
    {0x000e, 0x001f, LQ_TR_LATER("a control character")},
    {0x007f, 0x009f, LQ_TR_LATER("a control character")},
    {0x00ad, 0x00ad, LQ_TR_LATER("a soft hyphen")},
    {0x034f, 0x034f, LQ_TR_LATER("a grapheme joiner")},
    {0x061c, 0x061c, LQ_TR_LATER("a mark of direction")},
    {0x115f, 0x1160, LQ_TR_LATER("a Hangul filler")},
    {0x17b4, 0x17b5, LQ_TR_LATER("an inherent vowel")},
    {0x180b, 0x180f, LQ_TR_LATER("a Mongolian selector")},
    {0x200b, 0x200b, LQ_TR_LATER("a zero-width space")},
    {0x200c, 0x200d, LQ_TR_LATER("a zero-width joiner")},
    {0x200e, 0x200f, LQ_TR_LATER("a mark of direction")},
    {0x2028, 0x2029, LQ_TR_LATER("a separator of lines")},
    {0x202a, 0x202e, LQ_TR_LATER("a mark of direction")},
    {0x2060, 0x2064, LQ_TR_LATER("an invisible operator")},
    {0x2065, 0x206f, LQ_TR_LATER("a mark of direction")},
    {0x2800, 0x2800, LQ_TR_LATER("a blank Braille cell")},
    {0x3164, 0x3164, LQ_TR_LATER("a Hangul filler")},
    {0xfe00, 0xfe0f, LQ_TR_LATER("a selector of variants")},
    {0xfeff, 0xfeff, LQ_TR_LATER("a byte order mark")},
    {0xffa0, 0xffa0, LQ_TR_LATER("a Hangul filler")},
    {0xfff0, 0xfffb, LQ_TR_LATER("a mark that is no text")},
    {0xfffd, 0xfffd, LQ_TR_LATER("the sign of a character that was lost")},
    {0xe0000, 0xe0fff, LQ_TR_LATER("a tag or selector")},
};

static const char *name_of_unseen(uint32_t character)
{
    for (size_t i = 0; i < sizeof UNSEEN / sizeof *UNSEEN; i++)
        if (character >= UNSEEN[i].first && character <= UNSEEN[i].last)
            return UNSEEN[i].name;
    return NULL;
}

static bool is_space(uint32_t character)
{
    return character == ' ' || (character >= '\t' && character <= '\r') || character == 0xa0 ||
           character == 0x1680 || (character >= 0x2000 && character <= 0x200a) ||
           character == 0x202f || character == 0x205f || character == 0x3000;
}

// Hanzi and the printable part of ASCII are their own NFC and NFKC.
static bool is_plain(uint32_t character)
{
    return (character >= 0x20 && character < 0x7f) || (character >= 0x4e00 && character <= 0x9fff);
}

// The text's first character; gives its bytes. (Cells are UTF-8.)
static size_t first_of(const char *text, uint32_t *character)
{
    *character = 0;
    const size_t size = lq_utf8_next(lq_span_text(text), character);
    return size > 0 ? size : 1;
}

static const char *skip_spaces(const char *text)
{
    uint32_t character;
    for (size_t size; *text != '\0'; text += size) {
        size = (unsigned char)*text < 0x80 ? 1 : first_of(text, &character);
        if (size == 1)
            character = (unsigned char)*text;
        if (!is_space(character))
            break;
    }
    return text;
}

bool lq_cell_is_empty(const char *raw)
{
    return *skip_spaces(raw) == '\0';
}

// ---------------------------------------------------------------- what is refused

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// "1.39E+10", "1E+11": what a spreadsheet shows of a number that is too wide for its cell.
static bool is_rounded(const char *text)
{
    const char *c = text + (*text == '-' || *text == '+');
    if (!is_digit(*c))
        return false;
    while (is_digit(*c))
        c++;
    if (*c == '.')
        for (c++; is_digit(*c); c++)
            continue;
    if ((*c != 'E' && *c != 'e') || (c[1] != '+' && c[1] != '-') || !is_digit(c[2]))
        return false;
    for (c += 2; is_digit(*c); c++)
        continue;
    return *c == '\0';
}

static bool is_error(const char *text)
{
    static const char *const ERRORS[] = {"#REF!", "#N/A",   "#VALUE!", "#NAME?",
                                         "#NUM!", "#NULL!", "#DIV/0!", "#SPILL!"};
    for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++)
        if (strcmp(text, ERRORS[i]) == 0)
            return true;
    return strlen(text) >= 3 && strspn(text, "#") == strlen(text);
}

static const char *refuse_unseen(struct lq_arena *arena, const char *text)
{
    unsigned place = 0;
    uint32_t character;
    for (const char *at = text; *at != '\0'; at += first_of(at, &character)) {
        place++;
        first_of(at, &character);
        const char *name = name_of_unseen(character);
        if (name != NULL)
            return lq_arena_format(
                arena,
                lq_tr("its character %u is U+%04X, %s: it cannot be seen, and would "
                      "make another text of it; delete it"),
                place, character, lq_tr(name));
    }
    return NULL;
}

// ---------------------------------------------------------------- text

// NFC or NFKC; NULL if it is no text.
static char *normalize(struct lq_arena *arena, const char *text, size_t size, bool fold)
{
    utf8proc_uint8_t *out = NULL;
    const utf8proc_option_t options =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | (fold ? UTF8PROC_COMPAT : 0);
    const utf8proc_ssize_t length =
        utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)size, &out, options);
    if (length < 0)
        return NULL;
    char *copy = lq_arena_alloc(arena, (size_t)length + 1);
    memcpy(copy, out, (size_t)length);
    free(out);
    return copy;
}

// The text without spaces at its ends, with *size bytes; whether all of it is plain.
static const char *trim(const char *raw, size_t *size, bool *plain)
{
    const char *start = skip_spaces(raw), *end = start;
    uint32_t character;
    *plain = true;
    for (const char *at = start; *at != '\0';) {
        size_t length = 1;
        if ((unsigned char)*at < 0x80)
            character = (unsigned char)*at;
        else
            length = first_of(at, &character);
        at += length;
        if (!is_space(character))
            end = at;
        *plain = *plain && is_plain(character);
    }
    *size = (size_t)(end - start);
    return start;
}

static const char *unguarded(const char *text)
{
    static const char *const GUARDED[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    if (*text == '\'')
        for (size_t i = 0; i < sizeof GUARDED / sizeof *GUARDED; i++)
            if (strncmp(text + 1, GUARDED[i], strlen(GUARDED[i])) == 0)
                return text + 1;
    return text;
}

const char *lq_cell_text(struct lq_arena *arena, const char *raw, bool fold, const char **why)
{
    size_t size;
    bool plain;
    const char *start = trim(raw, &size, &plain), *text = start;
    if (!plain) {
        text = normalize(arena, start, size, fold);
        const char *unseen = refuse_unseen(arena, raw);
        if (unseen != NULL || text == NULL) {
            *why = unseen != NULL ? unseen : lq_tr("it is not valid UTF-8");
            return raw;
        }
    } else if (start[size] != '\0') {
        char *copy = lq_arena_alloc(arena, size + 1);
        memcpy(copy, start, size);
        text = copy;
    }
    text = unguarded(text);
    if (is_rounded(text))
        *why = lq_tr(
            "a spreadsheet has rounded this number, and its digits are lost; format the column "
            "as text and type it again");
    else if (is_error(text))
        *why = lq_tr("this is an error of the spreadsheet, and no value");
    return text;
}

const char *lq_cell_word(struct lq_arena *arena, const char *raw)
{
    const char *why = NULL, *text = lq_cell_text(arena, raw, true, &why);
    char *word = lq_arena_text(arena, text);
    for (char *c = word; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return word;
}

// ---------------------------------------------------------------- numbers and lists

// "1,234,567": one to three digits, then groups of three.
static bool is_grouped(const char *text, size_t length)
{
    const char *comma = memchr(text, ',', length);
    if (comma == NULL || comma == text || comma - text > 3)
        return false;
    for (size_t i = 0; i < length; i++) {
        const bool wants_comma = (length - i) % 4 == 0;
        if (wants_comma ? text[i] != ',' : !is_digit(text[i]))
            return false;
    }
    return true;
}

const char *lq_cell_count(struct lq_arena *arena, const char *text)
{
    size_t length = strcspn(text, ".");
    if (text[length] == '.' && (length == 0 || strspn(text + length + 1, "0") == 0 ||
                                text[length + 1 + strspn(text + length + 1, "0")] != '\0'))
        return text;
    const bool grouped = is_grouped(text, length);
    if (length == 0 || (!grouped && strspn(text, "0123456789") != length))
        return text;
    char *count = lq_arena_alloc(arena, length + 1), *at = count;
    for (size_t i = 0; i < length; i++)
        if (text[i] != ',' && (text[i] != '0' || at > count || i + 1 == length))
            *at++ = text[i];
    return count;
}

const char *lq_cell_degrees(struct lq_arena *arena, const char *text)
{
    char *degrees = lq_arena_text(arena, text);
    size_t length = strlen(degrees);
    const size_t sign = strlen("°");
    if (length > sign && strcmp(degrees + length - sign, "°") == 0)
        length -= sign;
    while (length > 0 && degrees[length - 1] == ' ')
        length--;
    if (memchr(degrees, '.', length) != NULL) {
        while (length > 1 && degrees[length - 1] == '0')
            length--;
        length -= length > 1 && degrees[length - 1] == '.';
    }
    degrees[length] = '\0';
    return degrees;
}

// Offices part words by spaces, commas or 、.
const char *lq_cell_list(struct lq_arena *arena, const char *text)
{
    static const char COMMA[] = "、";
    char *words = lq_arena_alloc(arena, strlen(text) + 1), *at = words;
    bool parted = false;
    while (*text != '\0') {
        const bool stroke = strncmp(text, COMMA, sizeof COMMA - 1) == 0;
        if (stroke || strchr(" ,;\n\t", *text) != NULL) {
            text += stroke ? sizeof COMMA - 1 : 1;
            parted = true;
            continue;
        }
        if (parted && at > words)
            *at++ = ' ';
        parted = false;
        *at++ = *text++;
    }
    return words;
}
