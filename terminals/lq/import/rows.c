// Reading and ordering. Rows go out in the order in which things happened, as far as one service is
// concerned: rules look at what came before. A row never goes before the row that it is about, so
// that one that is dated too early is refused for just that and not because its subject is unknown.
//
// The id of a row derives from its content, so that importing it again is a repeat of the same
// command, wherever the row stands in its file and however its columns are ordered.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lq/import/csv.h"
#include "lq/import/import.h"
#include "pb/pb.h"

static size_t column_count(const struct ledger *ledger)
{
    size_t count = 0;
    while (count < LEDGER_COLUMNS_MAX && ledger->columns[count].heading != NULL)
        count++;
    return count;
}

static struct import_row *add_row(struct import *import, const struct ledger *ledger, unsigned line)
{
    if (import->count == import->room) {
        import->room = import->room == 0 ? 4096 : import->room * 2;
        import->rows = realloc(import->rows, import->room * sizeof *import->rows);
        LQ_ASSERT(import->rows != NULL);
    }
    struct import_row *row = &import->rows[import->count++];
    *row = (struct import_row){.ledger = ledger, .line = line};
    return row;
}

static void refuse(struct import_row *row, const char *why)
{
    row->state = ROW_REFUSED;
    row->turned_away = true;
    row->why = why;
}

// File name and fields, each ended by a zero byte.
static struct lq_span content_of(struct lq_arena *arena, const struct ledger *ledger,
                                 const char *const *fields)
{
    const size_t columns = column_count(ledger);
    size_t size = strlen(ledger->file) + 1;
    for (size_t i = 0; i < columns; i++)
        size += strlen(fields[i]) + 1;
    char *content = lq_arena_alloc(arena, size), *at = stpcpy(content, ledger->file) + 1;
    for (size_t i = 0; i < columns; i++)
        at = stpcpy(at, fields[i]) + 1;
    return lq_span(content, size);
}

static const char *field_of(const struct import_row *row, int column)
{
    const char *at = (const char *)row->content.data;
    for (int i = -1; i < column; i++)
        at += strlen(at) + 1;
    return at;
}

static const char *marked_of(const struct import_row *row, enum field_mark mark)
{
    return field_of(row, import_marked_column(row->ledger, mark));
}

// What the service would refuse unread, for the row's reason; NULL if nothing is. A command that is
// too large to be sent at all must not end the import either.
static const char *what_is_unfit(struct lq_arena *arena, const struct import_row *row,
                                 const ProtobufCMessage *command)
{
    if (row->on_behalf_of[0] != '\0' && !lq_pb_identifier(row->on_behalf_of))
        return "whose act it was is no badge: at most 64 bytes without spaces are wanted";
    return lq_pb_check(&LQ_PB_REQUEST, arena, command->descriptor, row->body);
}

static void make_row(struct import *import, struct import_row *row, const char *const *fields)
{
    struct lq_arena *arena = &import->cli->arena;
    row->content = content_of(arena, row->ledger, fields);
    const char **kept = LQ_NEW_ARRAY(arena, const char *, column_count(row->ledger));
    for (size_t i = 0; i < column_count(row->ledger); i++)
        kept[i] = field_of(row, (int)i);
    struct ledger_row reading = {.arena = arena, .fields = kept, .columns = row->ledger->columns};
    struct ledger_act act = {0};
    const ProtobufCMessage *command = import_make_command(row->ledger, &reading, &act);
    if (reading.why != NULL) {
        refuse(row, reading.why);
        return;
    }
    row->body = lq_pb_encode(arena, command);
    row->on_behalf_of = act.on_behalf_of != NULL ? act.on_behalf_of : "";
    const char *unfit = what_is_unfit(arena, row, command);
    if (unfit != NULL) {
        refuse(row, unfit);
        return;
    }
    row->occurred_ms = act.occurred_ms;
    row->position_ms = act.occurred_ms;
    // A shift's time orders the rota, though it has not "happened" when it is planned.
    const int time = import_marked_column(row->ledger, MARK_TIME);
    if (act.occurred_ms == 0 && time >= 0)
        row->position_ms = import_field_instant(&reading, time);
}

static enum lq_status read_ledger(struct import *import, const struct ledger *ledger)
{
    struct lq_arena *arena = &import->cli->arena;
    const char *path = lq_arena_format(arena, "%s/%s", import->directory, ledger->file);
    if (access(path, F_OK) != 0)
        return LQ_OK; // a county need not keep every ledger
    struct lq_csv *csv;
    const char *headings[LEDGER_COLUMNS_MAX];
    for (size_t i = 0; i < column_count(ledger); i++)
        headings[i] = ledger->columns[i].heading;
    const enum lq_status status = lq_csv_open(path, headings, column_count(ledger), &csv);
    if (status != LQ_OK)
        return status;
    import->files++;
    struct lq_csv_row fields;
    for (enum lq_csv_result result; (result = lq_csv_next(csv, &fields)) != LQ_CSV_END;) {
        struct import_row *row = add_row(import, ledger, fields.line);
        if (result == LQ_CSV_BAD_ROW) {
            const char *reason =
                strstr(fields.reason, ": "); // the report names file and line itself
            refuse(row, lq_arena_text(arena, reason != NULL ? reason + 2 : fields.reason));
        } else {
            make_row(import, row, fields.fields);
        }
    }
    lq_csv_close(csv);
    return LQ_OK;
}

// ---------------------------------------------------------------- what rows are about

// A sorted index: content or number -> row. Made with qsort, asked with bsearch.
static int by_number(const void *a, const void *b)
{
    const struct import_row *x = *(struct import_row *const *)a;
    const struct import_row *y = *(struct import_row *const *)b;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    const int order = strcmp(marked_of(x, MARK_NUMBER), marked_of(y, MARK_NUMBER));
    // Of two rows with one number the first is the one that others are about.
    return order != 0 ? order : x->line < y->line ? -1 : x->line > y->line;
}

struct numbered {
    struct import_row **rows;
    size_t count;
};

static struct numbered index_numbers(struct import *import)
{
    struct numbered index = {.rows = calloc(import->count + 1, sizeof *index.rows)};
    LQ_ASSERT(index.rows != NULL);
    for (size_t i = 0; i < import->count; i++) {
        struct import_row *row = &import->rows[i];
        if (import_marked_column(row->ledger, MARK_NUMBER) >= 0 && row->content.size > 0)
            index.rows[index.count++] = row;
    }
    qsort(index.rows, index.count, sizeof *index.rows, by_number);
    return index;
}

static const struct ledger *ledger_of_file(const char *file)
{
    const struct ledger *ledger = import_ledgers;
    while (ledger->file != NULL && strcmp(ledger->file, file) != 0)
        ledger++;
    LQ_ASSERT(ledger->file != NULL);
    return ledger;
}

static const struct import_row *find_subject(const struct numbered *index,
                                             const struct import_row *row)
{
    const struct ledger *about = ledger_of_file(row->ledger->about_file);
    const char *number = marked_of(row, MARK_ABOUT);
    size_t low = 0, high = index->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const struct import_row *at = index->rows[middle];
        const int order = at->ledger != about ? (at->ledger < about ? -1 : 1)
                                              : strcmp(marked_of(at, MARK_NUMBER), number);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->count || index->rows[low]->ledger != about ||
        strcmp(marked_of(index->rows[low], MARK_NUMBER), number) != 0)
        return NULL;
    return index->rows[low];
}

// Ledgers stand in order of dependence, so a subject's own place is known by then.
static void place_rows(struct import *import)
{
    const struct numbered index = index_numbers(import);
    for (size_t i = 0; i < import->count; i++) {
        struct import_row *row = &import->rows[i];
        if (row->content.size == 0 || row->ledger->about_file == NULL)
            continue;
        const struct import_row *subject = find_subject(&index, row);
        if (subject == NULL)
            continue;
        if (row->position_ms < subject->position_ms)
            row->position_ms = subject->position_ms;
        // What bears no time of its own happened with what it is about.
        if (row->occurred_ms == 0 && import_marked_column(row->ledger, MARK_TIME) < 0)
            row->occurred_ms = subject->occurred_ms;
    }
    free(index.rows);
}

// ---------------------------------------------------------------- ids and order

static int by_content(const void *a, const void *b)
{
    const struct import_row *x = *(struct import_row *const *)a;
    const struct import_row *y = *(struct import_row *const *)b;
    const size_t size = x->content.size < y->content.size ? x->content.size : y->content.size;
    const int order = size == 0 ? 0 : memcmp(x->content.data, y->content.data, size);
    if (order != 0)
        return order;
    if (x->content.size != y->content.size)
        return x->content.size < y->content.size ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

// Two rows of the same content are two statements; the second gets an id of its own, and the
// service says what it thinks of being told twice.
static void count_repeats(struct import *import)
{
    struct import_row **rows = calloc(import->count + 1, sizeof *rows);
    LQ_ASSERT(rows != NULL);
    for (size_t i = 0; i < import->count; i++)
        rows[i] = &import->rows[i];
    qsort(rows, import->count, sizeof *rows, by_content);
    for (size_t i = 1; i < import->count; i++)
        if (rows[i]->content.size > 0 && lq_span_equal(rows[i]->content, rows[i - 1]->content))
            rows[i]->repeat = rows[i - 1]->repeat + 1;
    free(rows);
}

void import_make_id(struct import_row *row)
{
    uint8_t numbers[8];
    for (int i = 0; i < 4; i++) {
        numbers[i] = (uint8_t)(row->repeat >> (8 * i));
        numbers[4 + i] = (uint8_t)(row->attempt >> (8 * i));
    }
    struct lq_arena arena = {0};
    uint8_t *what = lq_arena_alloc(&arena, row->content.size + sizeof numbers);
    memcpy(what, row->content.data, row->content.size);
    memcpy(what + row->content.size, numbers, sizeof numbers);
    row->id = lq_id_derive(row->position_ms, lq_span(what, row->content.size + sizeof numbers));
    lq_arena_free(&arena);
}

// The place of the row's service among those that rows go to.
static int phase_of(const struct import_row *row)
{
    int phase = 0;
    const char *service = import_ledgers[0].service;
    for (const struct ledger *l = import_ledgers; l != row->ledger; l++)
        if (strcmp(l[1].service, service) != 0) {
            service = l[1].service;
            phase++;
        }
    return phase;
}

static int by_sending(const void *a, const void *b)
{
    const struct import_row *x = a, *y = b;
    const int phase = phase_of(x) - phase_of(y);
    if (phase != 0)
        return phase;
    if (x->position_ms != y->position_ms)
        return x->position_ms < y->position_ms ? -1 : 1;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

enum lq_status import_read(struct import *import)
{
    for (const struct ledger *ledger = import_ledgers; ledger->file != NULL; ledger++) {
        const enum lq_status status = read_ledger(import, ledger);
        if (status != LQ_OK)
            return status;
    }
    if (import->files == 0)
        return lq_fault(LQ_E_INPUT, "%s holds none of the ledgers (people.csv, operations.csv, …)",
                        import->directory);
    place_rows(import);
    count_repeats(import);
    for (size_t i = 0; i < import->count; i++)
        if (import->rows[i].state == ROW_WAITING)
            import_make_id(&import->rows[i]);
    if (import->count > 0)
        qsort(import->rows, import->count, sizeof *import->rows, by_sending);
    return LQ_OK;
}
