// The table of parts, turned: a row a figure or one of its kinds, a column a part, and the total of
// the figure behind them. Where there are more parts than fit into the width, they stand on pages,
// each with its own head; nothing is cut away.
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "lq/show/paragraph.h"
#include "lq/show/show.h"
#include "lq/show/text.h"
#include "lq/show/words.h"
#include "lq/stats/stats.h"

enum { GAP = 2, WIDTH = 80, NUMBER_TEXT = 24 };

struct row {
    Stats__Figure figure;
    const char *kind; // NULL: of all
    const char *title;
    int64_t total;
};

struct turned {
    struct lq_cli *cli;
    const Stats__FiguresAnswer *answer;
    Stats__By by;
    const char **parts;
    size_t part_count, row_count;
    struct row *rows;
    size_t head; // the width of the titles
};

// ---------------------------------------------------------------- cells

static bool is_of(const struct row *row, Stats__Figure figure, const char *kind)
{
    return row->figure == figure && (row->kind == NULL || strcmp(row->kind, kind) == 0);
}

static int64_t cell(const struct turned *t, const struct row *row, const char *part)
{
    int64_t sum = 0;
    for (size_t i = 0; i < t->answer->n_parts; i++) {
        const Stats__Part *one = t->answer->parts[i];
        if (is_of(row, one->figure, one->kind) && strcmp(one->part, part) == 0)
            sum += one->total;
    }
    return sum;
}

static int64_t sum_of_parts(const struct turned *t, const struct row *row)
{
    int64_t sum = 0;
    for (size_t i = 0; i < t->answer->n_parts; i++)
        if (is_of(row, t->answer->parts[i]->figure, t->answer->parts[i]->kind))
            sum += t->answer->parts[i]->total;
    return sum;
}

static bool has_parts(const struct turned *t, const struct row *row)
{
    for (size_t i = 0; i < t->answer->n_parts; i++)
        if (is_of(row, t->answer->parts[i]->figure, t->answer->parts[i]->kind))
            return true;
    return false;
}

// ---------------------------------------------------------------- rows

static void add_row(struct turned *t, Stats__Figure figure, const char *kind, int64_t total)
{
    struct row *row = &t->rows[t->row_count];
    *row = (struct row){.figure = figure, .kind = kind, .total = total};
    row->title = kind == NULL ? lq_stats_title(t->cli, figure) : lq_stats_kind_title(t->cli, kind);
    if (!has_parts(t, row))
        return; // a figure that is not counted so, or nothing of it
    const size_t width = lq_text_width(row->title);
    t->head = width > t->head ? width : t->head;
    t->row_count++;
}

static void list_rows(struct turned *t)
{
    t->rows =
        LQ_NEW_ARRAY(&t->cli->arena, struct row, t->answer->n_counts + STATS__FIGURE__GRANTS + 1);
    t->head = lq_text_width(lq_tr("FIGURE"));
    for (int i = STATS__FIGURE__OPERATIONS; lq_stats_keys[i] != NULL; i++) {
        const Stats__Figure figure = (Stats__Figure)i;
        add_row(t, figure, NULL, lq_stats_sum(t->answer, figure));
        for (size_t k = 0; k < t->answer->n_counts; k++) {
            const Stats__Count *count = t->answer->counts[k];
            if (count->figure == figure && lq_stats_figure(figure)->kinds &&
                t->by != STATS__BY__KIND)
                add_row(t, figure, count->kind, count->total);
        }
    }
}

// ---------------------------------------------------------------- pages

static size_t digits(int64_t number)
{
    char text[NUMBER_TEXT];
    return (size_t)snprintf(text, sizeof text, "%lld", (long long)number);
}

static size_t column_width(const struct turned *t, const char *part)
{
    size_t width = lq_text_width(lq_stats_part_title(t->cli, t->by, part));
    for (size_t i = 0; i < t->row_count; i++) {
        const size_t number = digits(cell(t, &t->rows[i], part));
        width = number > width ? number : width;
    }
    return width;
}

static size_t total_width(const struct turned *t)
{
    size_t width = lq_text_width(lq_tr("TOTAL"));
    for (size_t i = 0; i < t->row_count; i++)
        width = digits(t->rows[i].total) > width ? digits(t->rows[i].total) : width;
    return width;
}

// The first part that does not stand on the page which begins with `first`; one always does. The
// totals stand on every page.
static size_t page_end(const struct turned *t, size_t first, size_t width)
{
    size_t used = t->head + GAP + total_width(t), at = first;
    do
        used += GAP + column_width(t, t->parts[at++]);
    while (at < t->part_count && used + GAP + column_width(t, t->parts[at]) <= width);
    return at;
}

static int print_page(const struct turned *t, size_t first, size_t end)
{
    const size_t count = end - first + 2;
    struct lq_column *columns = LQ_NEW_ARRAY(&t->cli->arena, struct lq_column, count);
    const char *figure = lq_tr("FIGURE"), *total = lq_tr("TOTAL");
    columns[0] = (struct lq_column){.title = figure, .zh = figure, .whole = true};
    for (size_t i = first; i < end; i++) {
        const char *title = lq_stats_part_title(t->cli, t->by, t->parts[i]);
        columns[i - first + 1] = (struct lq_column){.title = title, .zh = title, .right = true};
    }
    columns[count - 1] = (struct lq_column){.title = total, .zh = total, .right = true};
    struct lq_output *output = lq_output_new(columns, count);
    for (size_t i = 0; i < t->row_count; i++) {
        lq_output_text(output, t->rows[i].title);
        for (size_t part = first; part < end; part++)
            lq_output_number(output, cell(t, &t->rows[i], t->parts[part]));
        lq_output_number(output, t->rows[i].total);
    }
    return lq_cli_print(t->cli, output);
}

static size_t width_of_page(void)
{
    const size_t told = lq_output_style(LQ_FORMAT_TABLE, false, stdout).width;
    return told > 0 ? told : WIDTH;
}

static int print_pages(const struct turned *t)
{
    for (size_t first = 0, end; first < t->part_count; first = end) {
        end = page_end(t, first, width_of_page());
        if (first > 0)
            putchar('\n');
        if (end - first < t->part_count)
            printf(lq_tr("%s: %zu to %zu of %zu\n"), lq_stats_by_title(t->by), first + 1, end,
                   t->part_count);
        const int code = print_page(t, first, end);
        if (code != LQ_EXIT_DONE)
            return code;
    }
    return LQ_EXIT_DONE;
}

// ---------------------------------------------------------------- notes

static bool is_period(Stats__By by)
{
    return by == STATS__BY__CIVIL_DAY || by == STATS__BY__WEEK || by == STATS__BY__MONTH;
}

// What has no part of this kind.
static const char *rest(const struct turned *t, const struct row *row, long long amount)
{
    struct lq_arena *arena = &t->cli->arena;
    if (t->by == STATS__BY__TOWNSHIP)
        return lq_arena_format(arena,
                               lq_tr("%s: %lld are of no township, and are in the total alone"),
                               row->title, amount);
    if (t->by == STATS__BY__DUTY_SHIFT)
        return lq_arena_format(
            arena, lq_tr("%s: %lld at times when the rota has no shift; in the total alone"),
            row->title, amount);
    return lq_arena_format(arena, lq_tr("%s: %lld are of no team, and are in the total alone"),
                           row->title, amount);
}

// Why the columns do not add up to the total; NULL: they do.
static const char *note_on(const struct turned *t, const struct row *row)
{
    struct lq_arena *arena = &t->cli->arena;
    const int64_t sum = sum_of_parts(t, row);
    if (is_period(t->by))
        return row->figure == STATS__FIGURE__LEDGER
                   ? lq_arena_format(
                         arena,
                         lq_tr("%s: a state, as of the end of each column; they do not add up"),
                         row->title)
                   : NULL;
    if (sum > row->total)
        return lq_arena_format(
            arena,
            lq_tr("%s: the columns overlap, since an operation of several teams counts for each of "
                  "them; together they are %lld, without overlap %lld"),
            row->title, (long long)sum, (long long)row->total);
    return sum < row->total ? rest(t, row, (long long)(row->total - sum)) : NULL;
}

// The figures of which there is something, and no part of this kind: "meetings 2, grants 3".
static const char *not_shown(const struct turned *t)
{
    struct lq_arena *arena = &t->cli->arena;
    const char *text = "";
    for (int i = STATS__FIGURE__OPERATIONS; lq_stats_keys[i] != NULL; i++) {
        const struct row row = {.figure = (Stats__Figure)i};
        const int64_t total = lq_stats_sum(t->answer, row.figure);
        if (total != 0 && !has_parts(t, &row))
            text = lq_arena_format(arena, "%s%s%s %lld", text, *text != '\0' ? lq_tr(", ") : "",
                                   lq_stats_title(t->cli, row.figure), (long long)total);
    }
    return text;
}

static void print_notes(const struct turned *t)
{
    putchar('\n');
    for (size_t i = 0; i < t->row_count; i++) {
        const char *note = t->rows[i].kind == NULL ? note_on(t, &t->rows[i]) : NULL;
        if (note != NULL)
            lq_paragraph("%s", note);
    }
    const char *others = not_shown(t);
    if (*others != '\0')
        lq_paragraph(lq_tr("Not counted by %s: %s"), lq_stats_by_word(t->by), others);
}

int lq_stats_print_turned(struct lq_cli *cli, const Stats__FiguresAnswer *answer, Stats__By by)
{
    struct turned t = {.cli = cli, .answer = answer, .by = by};
    t.part_count = lq_stats_part_names(cli, answer, &t.parts);
    list_rows(&t);
    if (t.part_count == 0) {
        puts(lq_tr("(none)"));
        return LQ_EXIT_DONE;
    }
    const int code = print_pages(&t);
    if (code == LQ_EXIT_DONE && !cli->quiet)
        print_notes(&t);
    return code;
}
