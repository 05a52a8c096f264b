// Which numbers of a book are days and times, and the texts that its cells share.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "language/language.h"
#include "lq/import/xlsx.h"

// ---------------------------------------------------------------- formats

// The formats that books do not spell out (ECMA-376, 18.8.30; 27 to 36 and 50 to 58 are the Chinese
// ones).
static unsigned built_in(unsigned long id)
{
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
        id == 57 || id == 58)
        return LQ_XLSX_DATE;
    if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 ||
        id == 56)
        return LQ_XLSX_TIME;
    return id == 22 ? LQ_XLSX_DATE | LQ_XLSX_TIME : LQ_XLSX_NUMBER;
}

// Behind quotes, brackets and strokes stand literal texts, colours and the like.
static unsigned spelled_out(const char *code)
{
    unsigned shown = LQ_XLSX_NUMBER;
    bool quoted = false, bracketed = false;
    for (; *code != '\0' && (*code != ';' || quoted); code++) {
        if ((*code == '\\' || *code == '_' || *code == '*') && code[1] != '\0')
            code++;
        else if (*code == '"')
            quoted = !quoted;
        else if (*code == '[')
            bracketed = true;
        else if (*code == ']')
            bracketed = false;
        else if (!quoted && !bracketed && strncasecmp(code, "General", 7) == 0)
            code += 6;
        else if (!quoted && !bracketed && strchr("yYdD", *code) != NULL)
            shown |= LQ_XLSX_DATE;
        else if (!quoted && !bracketed && strchr("hHsS", *code) != NULL)
            shown |= LQ_XLSX_TIME;
    }
    return shown;
}

struct format {
    unsigned long id;
    unsigned shown;
};

struct styles {
    struct format *formats;
    size_t format_count, format_room, style_room;
    bool within_cells; // of <cellXfs>
};

static unsigned shown_by(const struct styles *styles, unsigned long id)
{
    for (size_t i = 0; i < styles->format_count; i++)
        if (styles->formats[i].id == id)
            return styles->formats[i].shown;
    return built_in(id);
}

static void on_style(struct lq_xlsx_part *part, const char *name, const char **attributes)
{
    struct styles *styles = part->to;
    struct lq_xlsx_book *book = part->book;
    const char *id = lq_xlsx_attribute(attributes, "numFmtId");
    const char *code = lq_xlsx_attribute(attributes, "formatCode");
    const unsigned long number = id != NULL ? strtoul(id, NULL, 10) : 0;
    if (strcmp(name, "cellXfs") == 0)
        styles->within_cells = true;
    if (book->style_count >= LQ_SHEET_FORMATS || styles->format_count >= 1024) {
        part->why = lq_tr("it has too many formats");
    } else if (strcmp(name, "numFmt") == 0 && id != NULL && code != NULL) {
        styles->formats = lq_xlsx_grown(styles->formats, styles->format_count, &styles->format_room,
                                        sizeof *styles->formats);
        styles->formats[styles->format_count++] = (struct format){number, spelled_out(code)};
    } else if (strcmp(name, "xf") == 0 && styles->within_cells) {
        book->shown = lq_xlsx_grown(book->shown, book->style_count, &styles->style_room, 1);
        book->shown[book->style_count++] = (uint8_t)shown_by(styles, number);
    }
}

static void on_style_end(struct lq_xlsx_part *part, const char *name)
{
    struct styles *styles = part->to;
    if (strcmp(name, "cellXfs") == 0)
        styles->within_cells = false;
}

enum lq_status lq_xlsx_read_styles(struct lq_xlsx_book *book)
{
    struct styles styles = {0};
    struct lq_xlsx_part part = {
        .book = book, .to = &styles, .start = on_style, .end = on_style_end};
    const enum lq_status status = lq_xlsx_read_part(&part, "xl/styles.xml", false);
    free(styles.formats);
    return status;
}

// ---------------------------------------------------------------- shared texts

struct texts {
    struct lq_xlsx_text text;
    size_t room;
    bool in_text;         // of <t>
    unsigned in_phonetic; // how a word is spoken is no part of it
};

static void on_text_start(struct lq_xlsx_part *part, const char *name, const char **attributes)
{
    struct texts *texts = part->to;
    (void)attributes;
    texts->in_phonetic += strcmp(name, "rPh") == 0;
    texts->in_text = strcmp(name, "t") == 0 && texts->in_phonetic == 0;
}

static void on_text_end(struct lq_xlsx_part *part, const char *name)
{
    struct texts *texts = part->to;
    struct lq_xlsx_book *book = part->book;
    texts->in_text = false;
    texts->in_phonetic -= strcmp(name, "rPh") == 0;
    if (strcmp(name, "si") != 0)
        return;
    if (book->text_count == LQ_SHEET_TEXTS) {
        part->why = lq_tr("it has too many texts");
        return;
    }
    book->texts = lq_xlsx_grown(book->texts, book->text_count, &texts->room, sizeof *book->texts);
    book->texts[book->text_count++] = lq_xlsx_take(book->arena, &texts->text);
}

static void on_text_piece(struct lq_xlsx_part *part, const char *text, size_t size)
{
    struct texts *texts = part->to;
    if (texts->in_text)
        lq_xlsx_append(part->book->arena, &texts->text, text, size);
}

enum lq_status lq_xlsx_read_texts(struct lq_xlsx_book *book)
{
    struct texts texts = {0};
    struct lq_xlsx_part part = {.book = book,
                                .to = &texts,
                                .start = on_text_start,
                                .end = on_text_end,
                                .text = on_text_piece};
    return lq_xlsx_read_part(&part, "xl/sharedStrings.xml", false);
}

// ---------------------------------------------------------------- numbers

static const char *day_and_time(const struct lq_xlsx_book *book, double serial, unsigned shown,
                                const char **flaw)
{
    enum { DAY_ZERO = -25569, DAYS_TO_1904 = 1462, LAST = 2958465 };
    char day_text[LQ_TIME_TEXT];
    serial += book->from_1904 ? DAYS_TO_1904 : 0;
    if (serial < 1 || serial > LAST) {
        *flaw = (shown & LQ_XLSX_DATE) != 0 ? lq_tr("is shown as a day, but is none")
                                            : lq_tr("is a time without its day");
        return "";
    }
    const int64_t seconds = (int64_t)llround(serial * 86400);
    const int32_t day = (int32_t)(seconds / 86400) + DAY_ZERO;
    const int of_day = (int)(seconds % 86400);
    lq_format_day(day, day_text);
    if (of_day == 0 && (shown & LQ_XLSX_TIME) == 0)
        return lq_arena_text(book->arena, day_text);
    return lq_arena_format(book->arena, "%s %02d:%02d:%02d", day_text, of_day / 3600,
                           of_day / 60 % 60, of_day % 60);
}

const char *lq_xlsx_number(const struct lq_xlsx_book *book, const char *value, unsigned shown,
                           const char **flaw)
{
    enum { DIGITS = 15 };
    static const double TOO_MANY_DIGITS = 1e15, WHOLE = 0.5;
    char *end;
    const double number = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(number)) {
        *flaw = lq_tr("is no number");
        return "";
    }
    if (shown != LQ_XLSX_NUMBER)
        return day_and_time(book, number, shown, flaw);
    if (fabs(number) >= TOO_MANY_DIGITS) {
        *flaw = lq_tr(
            "has more digits than a spreadsheet keeps (15), and the last ones are lost; format "
            "the column as text and type it again");
        return "";
    }
    if (fabs(number) >= WHOLE || number == 0)
        return lq_arena_format(book->arena, "%.*g", DIGITS, number);
    char *text = lq_arena_format(book->arena, "%.*f", DIGITS, number);
    for (size_t size = strlen(text); text[size - 1] == '0'; size--)
        text[size - 1] = '\0';
    return text;
}
