// The order of rows and their ids. Rows go out in the order in which things happened, as far as one
// service is concerned: rules look at what came before. A row never goes before the row that it is
// about, so that one that is dated too early is refused for just that and not because its subject
// is unknown.
#include <stdlib.h>

#include "lq/import/import.h"

// ---------------------------------------------------------------- what rows are about

// A sorted index: content or number -> row. Made with qsort, asked with bsearch.
static int by_number(const void *a, const void *b)
{
    const struct lq_import_row *x = *(struct lq_import_row *const *)a;
    const struct lq_import_row *y = *(struct lq_import_row *const *)b;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    const int order =
        strcmp(lq_import_marked(x, LQ_MARK_NUMBER), lq_import_marked(y, LQ_MARK_NUMBER));
    // Of two rows with one number the first is the one that others are about.
    return order != 0 ? order : x->line < y->line ? -1 : x->line > y->line;
}

struct numbered {
    struct lq_import_row **rows;
    size_t count;
};

static struct numbered index_numbers(struct lq_import *import)
{
    struct numbered index = {.rows = calloc(import->count + 1, sizeof *index.rows)};
    LQ_ASSERT(index.rows != NULL);
    for (size_t i = 0; i < import->count; i++) {
        struct lq_import_row *row = &import->rows[i];
        if (lq_ledger_marked(row->ledger, LQ_MARK_NUMBER) >= 0 && row->content.size > 0)
            index.rows[index.count++] = row;
    }
    if (index.count > 0)
        qsort(index.rows, index.count, sizeof *index.rows, by_number);
    return index;
}

static int by_letters(const void *a, const void *b)
{
    const struct lq_import_row *x = *(struct lq_import_row *const *)a;
    const struct lq_import_row *y = *(struct lq_import_row *const *)b;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    const int order =
        strcasecmp(lq_import_marked(x, LQ_MARK_NUMBER), lq_import_marked(y, LQ_MARK_NUMBER));
    return order != 0 ? order : x->line < y->line ? -1 : x->line > y->line;
}

// E9001 and e9001 are one thing to whoever reads them, and two to a service.
static void refuse_small_letters(struct lq_import *import, const struct numbered *index)
{
    struct lq_import_row **rows = calloc(index->count + 1, sizeof *rows);
    LQ_ASSERT(rows != NULL);
    memcpy(rows, index->rows, index->count * sizeof *rows);
    qsort(rows, index->count, sizeof *rows, by_letters);
    const struct lq_import_row *first = NULL;
    for (size_t i = 0; i < index->count; i++) {
        const char *number = lq_import_marked(rows[i], LQ_MARK_NUMBER);
        if (first == NULL || first->ledger != rows[i]->ledger ||
            strcasecmp(lq_import_marked(first, LQ_MARK_NUMBER), number) != 0)
            first = rows[i];
        else if (strcmp(lq_import_marked(first, LQ_MARK_NUMBER), number) != 0 &&
                 rows[i]->state == LQ_ROW_WAITING)
            lq_import_refuse(
                rows[i],
                lq_arena_format(&import->cli->arena,
                                lq_tr("the number %s differs from %s (line %u) in nothing "
                                      "but capital letters; which is meant?"),
                                number, lq_import_marked(first, LQ_MARK_NUMBER), first->line));
    }
    free(rows);
}

static const struct lq_ledger *ledger_of_file(const char *file)
{
    const struct lq_ledger *ledger = lq_ledgers;
    while (ledger->file != NULL && strcmp(ledger->file, file) != 0)
        ledger++;
    LQ_ASSERT(ledger->file != NULL);
    return ledger;
}

static const struct lq_import_row *find_subject(const struct numbered *index,
                                                const struct lq_import_row *row)
{
    const struct lq_ledger *about = ledger_of_file(row->ledger->about_file);
    const char *number = lq_import_marked(row, LQ_MARK_ABOUT);
    size_t low = 0, high = index->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const struct lq_import_row *at = index->rows[middle];
        const int order = at->ledger != about
                              ? (at->ledger < about ? -1 : 1)
                              : strcmp(lq_import_marked(at, LQ_MARK_NUMBER), number);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == index->count || index->rows[low]->ledger != about ||
        strcmp(lq_import_marked(index->rows[low], LQ_MARK_NUMBER), number) != 0)
        return NULL;
    return index->rows[low];
}

// Ledgers stand in order of dependence, so a subject's own place is known by then.
static void place_rows(struct lq_import *import)
{
    const struct numbered index = index_numbers(import);
    if (index.count > 0)
        refuse_small_letters(import, &index);
    for (size_t i = 0; i < import->count; i++) {
        struct lq_import_row *row = &import->rows[i];
        if (row->content.size == 0 || row->ledger->about_file == NULL)
            continue;
        const struct lq_import_row *subject = find_subject(&index, row);
        if (subject == NULL)
            continue;
        if (row->position_ms < subject->position_ms)
            row->position_ms = subject->position_ms;
        // What bears no time of its own happened with what it is about.
        if (row->occurred_ms == 0 && lq_ledger_marked(row->ledger, LQ_MARK_TIME) < 0)
            row->occurred_ms = subject->occurred_ms;
    }
    free(index.rows);
}

// ---------------------------------------------------------------- ids

// What a row's repeats are counted by: its content, or that of versions of before.
struct counted {
    struct lq_import_row *row;
    struct lq_span content;
};

static int by_content(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    const size_t size = x->content.size < y->content.size ? x->content.size : y->content.size;
    const int order = size == 0 ? 0 : memcmp(x->content.data, y->content.data, size);
    if (order != 0)
        return order;
    if (x->content.size != y->content.size)
        return x->content.size < y->content.size ? -1 : 1;
    return x->row->line < y->row->line ? -1 : x->row->line > y->row->line;
}

static struct lq_span earlier_content(const struct lq_import_row *row)
{
    return row->earlier != NULL ? row->earlier->content : row->content;
}

// Two rows of the same content are two statements; the second gets an id of its own, and the
// service says what it thinks of being told twice.
static void count_repeats(struct lq_import *import, bool earlier)
{
    struct counted *counted = calloc(import->count + 1, sizeof *counted);
    LQ_ASSERT(counted != NULL);
    for (size_t i = 0; i < import->count; i++) {
        struct lq_import_row *row = &import->rows[i];
        counted[i] = (struct counted){row, earlier ? earlier_content(row) : row->content};
    }
    qsort(counted, import->count, sizeof *counted, by_content);
    unsigned repeat = 0;
    for (size_t i = 0; i < import->count; i++) {
        const bool same = i > 0 && counted[i].content.size > 0 &&
                          lq_span_equal(counted[i].content, counted[i - 1].content);
        repeat = same ? repeat + 1 : 0;
        *(earlier ? &counted[i].row->earlier_repeat : &counted[i].row->repeat) = repeat;
    }
    free(counted);
}

static void count_all_repeats(struct lq_import *import)
{
    bool any = false;
    count_repeats(import, false);
    for (size_t i = 0; i < import->count; i++) {
        import->rows[i].earlier_repeat = import->rows[i].repeat;
        any = any || import->rows[i].earlier != NULL;
    }
    if (any)
        count_repeats(import, true);
}

static struct lq_id make_id(const struct lq_import_row *row, struct lq_span content,
                            unsigned repeat, unsigned attempt)
{
    uint8_t numbers[8];
    for (int i = 0; i < 4; i++) {
        numbers[i] = (uint8_t)(repeat >> (8 * i));
        numbers[4 + i] = (uint8_t)(attempt >> (8 * i));
    }
    struct lq_arena arena = {0};
    uint8_t *what = lq_arena_alloc(&arena, content.size + sizeof numbers);
    memcpy(what, content.data, content.size);
    memcpy(what + content.size, numbers, sizeof numbers);
    const struct lq_id id =
        lq_id_derive(row->position_ms, lq_span(what, content.size + sizeof numbers));
    lq_arena_free(&arena);
    return id;
}

void lq_import_make_id(struct lq_import_row *row)
{
    row->id = make_id(row, row->content, row->repeat, row->attempt);
}

struct lq_id lq_import_earlier_id(const struct lq_import_row *row, unsigned attempt)
{
    return make_id(row, earlier_content(row), row->earlier_repeat, attempt);
}

// ---------------------------------------------------------------- order

// The place of the row's service among those that rows go to.
static int phase_of(const struct lq_import_row *row)
{
    int phase = 0;
    const char *service = lq_ledgers[0].service;
    for (const struct lq_ledger *l = lq_ledgers; l != row->ledger; l++)
        if (strcmp(l[1].service, service) != 0) {
            service = l[1].service;
            phase++;
        }
    return phase;
}

static int by_sending(const void *a, const void *b)
{
    const struct lq_import_row *x = a, *y = b;
    const int phase = phase_of(x) - phase_of(y);
    if (phase != 0)
        return phase;
    if (x->position_ms != y->position_ms)
        return x->position_ms < y->position_ms ? -1 : 1;
    if (x->ledger != y->ledger)
        return x->ledger < y->ledger ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

void lq_import_order(struct lq_import *import)
{
    if (import->count == 0)
        return;
    place_rows(import);
    count_all_repeats(import);
    for (size_t i = 0; i < import->count; i++)
        if (import->rows[i].state == LQ_ROW_WAITING)
            lq_import_make_id(&import->rows[i]);
    qsort(import->rows, import->count, sizeof *import->rows, by_sending);
}
