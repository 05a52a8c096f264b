// The container of a book and its parts. Nothing that a book says of its own sizes is believed:
// what is unpacked is counted while it is unpacked.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "language/language.h"
#include "lq/import/xlsx.h"

enum { PIECE = 64 * 1024 };

enum lq_status lq_xlsx_unzip(struct lq_xlsx_book *book, struct lq_span bytes)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.data, bytes.size, 0, &error);
    if (source != NULL)
        book->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    enum lq_status status = LQ_OK;
    if (book->zip == NULL) {
        status = lq_fault(LQ_E_INPUT, "%s: is damaged: %s", book->path, zip_error_strerror(&error));
        zip_source_free(source);
    } else if (zip_get_num_entries(book->zip, 0) > LQ_SHEET_PARTS) {
        status = lq_fault(LQ_E_INPUT, "%s: has more than %d parts", book->path, LQ_SHEET_PARTS);
    }
    zip_error_fini(&error);
    return status;
}

void lq_xlsx_done(struct lq_xlsx_book *book)
{
    if (book->zip != NULL)
        zip_discard(book->zip);
    book->zip = NULL;
    free(book->texts);
    free(book->shown);
}

// ---------------------------------------------------------------- one part

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static void stop_if_wrong(struct lq_xlsx_part *part)
{
    if (part->why != NULL)
        XML_StopParser(part->parser, XML_FALSE);
}

static void on_start(void *to, const char *name, const char **attributes)
{
    struct lq_xlsx_part *part = to;
    if (part->why == NULL && part->start != NULL)
        part->start(part, local(name), attributes);
    stop_if_wrong(part);
}

static void on_end(void *to, const char *name)
{
    struct lq_xlsx_part *part = to;
    if (part->why == NULL && part->end != NULL)
        part->end(part, local(name));
    stop_if_wrong(part);
}

static void on_text(void *to, const char *text, int size)
{
    struct lq_xlsx_part *part = to;
    if (part->why == NULL && part->text != NULL)
        part->text(part, text, (size_t)size);
    stop_if_wrong(part);
}

// No spreadsheet writes one; entities that grow would need one.
static void on_doctype(void *to, const char *name, const char *system, const char *public, int own)
{
    struct lq_xlsx_part *part = to;
    (void)name, (void)system, (void)public, (void)own;
    part->why = lq_tr("it declares a document type");
    stop_if_wrong(part);
}

static void parse(struct lq_xlsx_part *part, zip_file_t *file)
{
    bool last = false;
    while (!last && part->why == NULL) {
        void *piece = XML_GetBuffer(part->parser, PIECE);
        LQ_ASSERT(piece != NULL);
        const zip_int64_t got = zip_fread(file, piece, PIECE);
        if (got < 0) {
            part->why = lq_tr("it cannot be unpacked");
            return;
        }
        last = got == 0;
        part->book->unpacked += (uint64_t)got;
        if (part->book->unpacked > LQ_SHEET_UNPACKED_BYTES)
            part->why = lq_tr("unpacked, the book is larger than 512 MiB");
        else if (XML_ParseBuffer(part->parser, (int)got, last) == XML_STATUS_ERROR &&
                 part->why == NULL)
            part->why = XML_ErrorString(XML_GetErrorCode(part->parser));
    }
}

enum lq_status lq_xlsx_read_part(struct lq_xlsx_part *part, const char *name, bool required)
{
    struct lq_xlsx_book *book = part->book;
    const zip_int64_t at = zip_name_locate(book->zip, name, ZIP_FL_NOCASE);
    if (at < 0 && !required)
        return LQ_OK;
    if (at < 0)
        return lq_fault(LQ_E_INPUT, "%s: is no book of Excel or WPS: it lacks %s", book->path,
                        name);
    zip_file_t *file = zip_fopen_index(book->zip, (zip_uint64_t)at, 0);
    if (file == NULL)
        return lq_fault(LQ_E_INPUT, "%s: %s cannot be unpacked: %s", book->path, name,
                        zip_strerror(book->zip));
    part->parser = XML_ParserCreate(NULL);
    LQ_ASSERT(part->parser != NULL);
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_start, on_end);
    XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
    parse(part, file);
    enum lq_status status = LQ_OK;
    if (part->why != NULL)
        status = lq_fault(LQ_E_INPUT, "%s: is damaged at line %lu of %s: %s", book->path,
                          (unsigned long)XML_GetCurrentLineNumber(part->parser), name, part->why);
    XML_ParserFree(part->parser);
    zip_fclose(file);
    return status;
}

const char *lq_xlsx_attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

void *lq_xlsx_grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    *room = *room * 2 + 256;
    array = realloc(array, *room * size);
    LQ_ASSERT(array != NULL);
    return array;
}

// ---------------------------------------------------------------- text

void lq_xlsx_append(struct lq_arena *arena, struct lq_xlsx_text *to, const char *text, size_t size)
{
    if (to->size + size + 1 > to->room) {
        to->room = (to->size + size + 1) * 2;
        char *larger = lq_arena_alloc(arena, to->room);
        if (to->size > 0)
            memcpy(larger, to->bytes, to->size);
        to->bytes = larger;
    }
    memcpy(to->bytes + to->size, text, size);
    to->size += size;
    to->bytes[to->size] = '\0';
}

// "_x000D_": what XML cannot hold, or a line break as some write it. Only ASCII is written so.
static bool is_escape(const char *text, char *out)
{
    if (strncmp(text, "_x00", 4) != 0 || strspn(text + 4, "0123456789abcdefABCDEF") < 2 ||
        text[6] != '_')
        return false;
    const char digits[] = {text[4], text[5], '\0'};
    const unsigned long code = strtoul(digits, NULL, 16);
    *out = (char)code;
    return code > 0 && code < 0x80;
}

const char *lq_xlsx_take(struct lq_arena *arena, struct lq_xlsx_text *text)
{
    char *taken = lq_arena_alloc(arena, text->size + 1), *at = taken;
    for (const char *from = text->bytes; from != NULL && *from != '\0';) {
        char escaped;
        const bool is = is_escape(from, &escaped);
        *at++ = is ? escaped : *from;
        from += is ? 7 : 1;
    }
    text->size = 0;
    if (text->bytes != NULL)
        text->bytes[0] = '\0';
    return taken;
}

// ---------------------------------------------------------------- which sheet

struct sheets {
    struct lq_sheet_heading names;
    const char *first, *first_id; // that is visible
    const char *named, *named_id;
    const char *id, *target; // that is wanted; found among the relations
    const char *others;      // names of the sheets, for a remark
    unsigned count;
};

static void note_sheet(struct lq_xlsx_part *part, const char **attributes)
{
    struct sheets *sheets = part->to;
    struct lq_arena *arena = part->book->arena;
    const char *name = lq_xlsx_attribute(attributes, "name");
    const char *id = NULL, *state = lq_xlsx_attribute(attributes, "state");
    for (const char **at = attributes; at[0] != NULL; at += 2)
        if (strchr(at[0], ':') != NULL && strcmp(local(at[0]), "id") == 0)
            id = at[1]; // r:id
    if (name == NULL || id == NULL) {
        part->why = lq_tr("a sheet has no name");
        return;
    }
    sheets->count++;
    if (sheets->named_id == NULL && lq_source_is_named(arena, sheets->names, name)) {
        sheets->named_id = lq_arena_text(arena, id);
        sheets->named = lq_arena_text(arena, name);
    }
    if (sheets->first_id == NULL && (state == NULL || strcmp(state, "visible") == 0)) {
        sheets->first_id = lq_arena_text(arena, id);
        sheets->first = lq_arena_text(arena, name);
    }
}

static void on_workbook(struct lq_xlsx_part *part, const char *name, const char **attributes)
{
    const char *value;
    if (strcmp(name, "sheet") == 0)
        note_sheet(part, attributes);
    else if (strcmp(name, "workbookPr") == 0 &&
             (value = lq_xlsx_attribute(attributes, "date1904")) != NULL)
        part->book->from_1904 = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
}

static void on_relation(struct lq_xlsx_part *part, const char *name, const char **attributes)
{
    struct sheets *sheets = part->to;
    const char *id = lq_xlsx_attribute(attributes, "Id");
    const char *target = lq_xlsx_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") == 0 && id != NULL && target != NULL &&
        strcmp(id, sheets->id) == 0)
        sheets->target = *target == '/' ? lq_arena_text(part->book->arena, target + 1)
                                        : lq_arena_format(part->book->arena, "xl/%s", target);
}

enum lq_status lq_xlsx_find_sheet(struct lq_xlsx_book *book, struct lq_sheet_heading names,
                                  const char **part)
{
    struct sheets sheets = {.names = names};
    struct lq_xlsx_part workbook = {.book = book, .to = &sheets, .start = on_workbook};
    struct lq_xlsx_part relations = {.book = book, .to = &sheets, .start = on_relation};
    enum lq_status status = lq_xlsx_read_part(&workbook, "xl/workbook.xml", true);
    if (status != LQ_OK)
        return status;
    sheets.id = sheets.named_id != NULL ? sheets.named_id : sheets.first_id;
    if (sheets.id == NULL)
        return lq_fault(LQ_E_INPUT, "%s: has no sheet that can be seen", book->path);
    if (sheets.count > 1)
        book->say(book->to,
                  lq_arena_format(book->arena,
                                  lq_tr("of %u sheets only \"%s\" was read; each ledger is a "
                                        "file of its own"),
                                  sheets.count,
                                  sheets.named_id != NULL ? sheets.named : sheets.first));
    status = lq_xlsx_read_part(&relations, "xl/_rels/workbook.xml.rels", true);
    if (status == LQ_OK && sheets.target == NULL)
        status = lq_fault(LQ_E_INPUT, "%s: is damaged: its sheet cannot be found", book->path);
    *part = sheets.target;
    return status;
}
