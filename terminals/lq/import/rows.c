// Reading rows. The id of a row derives from its content in canonical form, so that importing it
// again is a repeat of the same command, wherever the row stands in its file, however its columns
// are ordered and its cells spelled.
#include <stdio.h>
#include <stdlib.h>

#include "lq/import/import.h"
#include "lq/import/sheet.h"
#include "pb/pb.h"

static size_t column_count(const struct lq_ledger *ledger)
{
    size_t count = 0;
    while (count < LQ_LEDGER_COLUMNS_MAX && ledger->columns[count].heading != NULL)
        count++;
    return count;
}

static struct lq_import_row *add_row(struct lq_import *import, const struct lq_import_file *file,
                                     unsigned line)
{
    if (import->count == import->room) {
        import->room = import->room == 0 ? 4096 : import->room * 2;
        import->rows = realloc(import->rows, import->room * sizeof *import->rows);
        LQ_ASSERT(import->rows != NULL);
    }
    struct lq_import_row *row = &import->rows[import->count++];
    *row = (struct lq_import_row){.ledger = file->ledger, .file = file, .line = line};
    return row;
}

void lq_import_refuse(struct lq_import_row *row, const char *why)
{
    row->state = LQ_ROW_REFUSED;
    row->turned_away = true;
    row->why = why;
}

// File name and fields, and what else is set if that is new, each ended by a zero byte.
static struct lq_span content_of(struct lq_arena *arena, const struct lq_ledger *ledger,
                                 const char *const *fields)
{
    const char *set = ledger->preset.is_new ? ledger->preset.member : NULL;
    const size_t columns = column_count(ledger);
    size_t size = strlen(ledger->file) + 1 + (set != NULL ? strlen(set) + 1 : 0);
    for (size_t i = 0; i < columns; i++)
        size += strlen(fields[i]) + 1;
    char *content = lq_arena_alloc(arena, size), *at = stpcpy(content, ledger->file) + 1;
    for (size_t i = 0; i < columns; i++)
        at = stpcpy(at, fields[i]) + 1;
    if (set != NULL)
        strcpy(at, set);
    return lq_span(content, size);
}

const char *lq_import_marked(const struct lq_import_row *row, enum lq_ledger_mark mark)
{
    const int column = lq_ledger_marked(row->ledger, mark);
    const char *at = (const char *)row->content.data;
    for (int i = -1; i < column; i++)
        at += strlen(at) + 1;
    return at;
}

// What the service would refuse unread, for the row's reason; NULL if nothing is. A command that is
// too large to be sent at all must not end the import either.
static const char *what_is_unfit(struct lq_arena *arena, const struct lq_import_row *row,
                                 const ProtobufCMessage *command)
{
    if (row->on_behalf_of[0] != '\0' && !lq_pb_identifier(row->on_behalf_of))
        return lq_tr("whose act it was is no badge: at most 64 bytes without spaces are wanted");
    return lq_pb_check(&LQ_PB_REQUEST, arena, command->descriptor, row->body);
}

// Versions before canonical cells took the cells as they were, and set less than is set today.
// Where they would have made another command of the row, it is kept to be asked after.
static void note_earlier(struct lq_arena *arena, struct lq_import_row *row)
{
    struct lq_ledger_row reading = {
        .arena = arena, .fields = row->cells, .columns = row->ledger->columns};
    struct lq_ledger_act act = {0};
    struct lq_ledger before = *row->ledger;
    if (before.preset.is_new)
        before.preset.member = NULL;
    before.preset.is_new = false;
    const ProtobufCMessage *command = lq_ledger_command(&before, &reading, &act);
    if (reading.why != NULL)
        return; // they refused it
    struct lq_import_earlier *earlier = LQ_NEW(arena, struct lq_import_earlier);
    earlier->content = content_of(arena, &before, row->cells);
    earlier->body = lq_pb_encode(arena, command);
    earlier->on_behalf_of = act.on_behalf_of != NULL ? act.on_behalf_of : "";
    row->earlier = earlier;
}

static bool fill_row(struct lq_arena *arena, struct lq_import_row *row,
                     struct lq_ledger_row *reading)
{
    struct lq_ledger_act act = {0};
    const ProtobufCMessage *command = lq_ledger_command(row->ledger, reading, &act);
    if (reading->why != NULL) {
        lq_import_refuse(row, reading->why);
        return false;
    }
    row->body = lq_pb_encode(arena, command);
    row->on_behalf_of = act.on_behalf_of != NULL ? act.on_behalf_of : "";
    const char *unfit = what_is_unfit(arena, row, command);
    if (unfit != NULL) {
        lq_import_refuse(row, unfit);
        return false;
    }
    row->occurred_ms = act.occurred_ms;
    row->position_ms = act.occurred_ms;
    // A shift's time orders the rota, though it has not "happened" when it is planned.
    const int time = lq_ledger_marked(row->ledger, LQ_MARK_TIME);
    if (act.occurred_ms == 0 && time >= 0)
        row->position_ms = lq_ledger_instant(reading, time);
    return true;
}

static void make_row(struct lq_arena *arena, struct lq_import_row *row, const char *const *places)
{
    const size_t columns = column_count(row->ledger);
    struct lq_ledger_row reading = {.arena = arena,
                                    .fields = row->cells,
                                    .columns = row->ledger->columns,
                                    .places = places,
                                    .line = row->line};
    const char **canonical = LQ_NEW_ARRAY(arena, const char *, columns);
    bool is_other = false;
    for (size_t i = 0; i < columns; i++) {
        canonical[i] = lq_ledger_canonical(row->ledger, &reading, (int)i);
        is_other = is_other || strcmp(canonical[i], row->cells[i]) != 0;
    }
    if (reading.why != NULL) {
        lq_import_refuse(row, reading.why);
        return;
    }
    reading.fields = canonical;
    row->content = content_of(arena, row->ledger, canonical);
    is_other = is_other || row->ledger->preset.is_new;
    if (fill_row(arena, row, &reading) && is_other && strcmp(row->file->encoding, "UTF-8") == 0)
        note_earlier(arena, row);
}

// ---------------------------------------------------------------- files

static const char *const *copy_cells(struct lq_arena *arena, const char *const *cells, size_t count)
{
    const char **kept = LQ_NEW_ARRAY(arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        kept[i] = lq_arena_text(arena, cells[i]);
    return kept;
}

static void read_rows(struct lq_import *import, struct lq_import_file *file, struct lq_sheet *sheet)
{
    struct lq_arena *arena = &import->cli->arena;
    const size_t columns = column_count(file->ledger);
    const char **places = LQ_NEW_ARRAY(arena, const char *, columns);
    for (size_t i = 0; i < columns; i++)
        places[i] = lq_sheet_letters(sheet, i);
    struct lq_sheet_row found;
    for (enum lq_sheet_result result; (result = lq_sheet_next(sheet, &found)) != LQ_SHEET_END;) {
        struct lq_import_row *row = add_row(import, file, found.line);
        if (found.cells != NULL)
            row->cells = copy_cells(arena, found.cells, columns);
        if (result == LQ_SHEET_BAD_ROW)
            lq_import_refuse(row, lq_arena_text(arena, found.reason));
        else
            make_row(arena, row, places);
    }
}

static void note_remarks(struct lq_arena *arena, struct lq_import_file *file,
                         const struct lq_sheet *sheet)
{
    size_t count = 0;
    while (lq_sheet_remark(sheet, count) != NULL)
        count++;
    const char **remarks = LQ_NEW_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        remarks[i] = lq_sheet_remark(sheet, i);
    file->remarks = remarks;
}

static enum lq_status read_file(struct lq_import *import, struct lq_import_file *file)
{
    struct lq_arena *arena = &import->cli->arena;
    const struct lq_ledger *ledger = file->ledger;
    struct lq_sheet_heading headings[LQ_LEDGER_COLUMNS_MAX];
    for (size_t i = 0; i < column_count(ledger); i++)
        headings[i] = (struct lq_sheet_heading){ledger->columns[i].heading, ledger->columns[i].zh};
    const struct lq_sheet_heading names = {
        lq_arena_format(arena, "%.*s", (int)strcspn(ledger->file, "."), ledger->file), ledger->zh};
    struct lq_sheet *sheet;
    const enum lq_status status =
        lq_sheet_open(lq_arena_format(arena, "%s/%s", import->directory, file->name), names,
                      headings, column_count(ledger), arena, &sheet);
    if (status != LQ_OK)
        return status;
    file->encoding = lq_sheet_encoding(sheet);
    read_rows(import, file, sheet);
    note_remarks(arena, file, sheet);
    lq_sheet_close(sheet);
    return LQ_OK;
}

enum lq_status lq_import_read(struct lq_import *import)
{
    enum lq_status status = lq_import_find_files(import);
    for (const struct lq_ledger *ledger = lq_ledgers; ledger->file != NULL; ledger++)
        for (size_t i = 0; i < import->file_count && status == LQ_OK; i++)
            if (import->files[i].ledger == ledger)
                status = read_file(import, &import->files[i]);
    if (status == LQ_OK)
        lq_import_order(import);
    return status;
}

void lq_import_free(struct lq_import *import)
{
    free(import->files);
    free(import->rows);
    import->files = NULL;
    import->rows = NULL;
    import->file_count = import->count = import->room = 0;
}
